/** A file that is uploaded over lines that break: its bytes are the same in the end. */
import { createHash, randomFillSync } from "node:crypto";
import { readFile } from "node:fs/promises";
import { html, liveFileInput } from "@overwire/server";
import type { HTMLFormElement, HTMLInputElement } from "happy-dom";
import { checkEvents, same } from "../invariants.ts";
import { WatchedView } from "../ledger.ts";
import type { Scenario } from "../scenario.ts";

const SIZE = 200_000;
const PART = 6000;

const hash = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");

export const uploads: Scenario = {
  name: "uploads",
  play(ledger) {
    const bytes = randomFillSync(Buffer.alloc(SIZE));
    const saved: string[] = [];
    class Uploads extends WatchedView {
      readonly ledger = ledger;
      file = this.allowUpload({ accept: "any", autoUpload: true, chunkSize: PART });
      notes = 0;
      note = this.event((payload) => {
        this.notes++;
        return this.ran((payload as { n: number }).n);
      });
      save = this.event(() =>
        this.file.consume(async ({ path }) => void saved.push(hash(await readFile(path)))).then(() => {}),
      );
      render() {
        return html`<div id="root" data-serial=${this.serial} phx-hook="Line">
          <form id="form" phx-submit=${this.save}>${liveFileInput(this.file)}<button>Save</button></form>
          <p>${this.file.entries.map(({ progress }) => html`${progress}%`)}</p></div>`;
      }
    }
    let isChosen = false;
    return {
      views: { "/": Uploads },
      act(page, _n, random) {
        if (isChosen || random.chance(0.3)) ledger.ask(page, "root", "note");
        else {
          const input = page.find("input") as HTMLInputElement;
          const files = new page.window.FileList();
          files.push(new page.window.File([bytes], "file.bin"));
          input.files = files;
          for (const type of ["input", "change"])
            input.dispatchEvent(new page.window.Event(type, { bubbles: true }));
          isChosen = true;
        }
      },
      finish(page) {
        (page.find("#form") as HTMLFormElement).requestSubmit();
      },
      check: (_page, tally) => [
        ...same("the files", saved, isChosen ? [hash(bytes)] : []),
        ...checkEvents(ledger, tally),
      ],
    };
  },
};
