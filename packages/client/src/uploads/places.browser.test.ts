/**
 * Positions of file inputs: in a live component, a portal, a nested view, a form that waits or that the
 * browser submits.
 */
import { readFile } from "node:fs/promises";
import {
  createApp,
  html,
  LiveComponent,
  LiveView,
  liveFileInput,
  Portal,
  type Upload,
  type UploadEntry,
} from "@overwire/server";
import { describeBrowser } from "@overwire/test-support/chromium";
import { bytes, file, hash, uploadsInBrowser } from "@overwire/test-support/uploads-browser";
import { expect, test } from "vitest";

const shown = (entries: readonly UploadEntry[], name: string) =>
  entries.map((entry) => html`<li class=${name}>${entry.clientName} ${entry.progress}%</li>`);
const read = (upload: Upload) =>
  upload.consume(async ({ path }, { clientName }) => `${clientName} ${hash(await readFile(path))}`);

class Box extends LiveComponent<{ id: string }> {
  saved: string[] = [];
  files = this.allowUpload({ accept: "any", maxEntries: 2 });
  check = this.event(() => {});
  save = this.event(async () => {
    this.saved.push(...(await read(this.files)));
  });
  render() {
    const { id } = this.props;
    return html`<section><form id=${`form-${id}`} phx-change=${this.check} phx-submit=${this.save}>
      ${liveFileInput(this.files, { class: id })} <button>save</button></form>
      <ul>${shown(this.files.entries, id)}</ul><ol>${this.saved.map((text) => html`<li class=${id}>${text}</li>`)}</ol></section>`;
  }
}

/** Two components of a class, which call their uploads the same. */
class Boxes extends LiveView {
  isOpen = true;
  close = this.event(() => {
    this.isOpen = false;
  });
  render() {
    return html`<${Box} id="left" />${this.isOpen && html`<${Box} id="right" />`}
      <button id="close" phx-click=${this.close}>close</button>`;
  }
}

class Moved extends LiveView {
  saved: string[] = [];
  files = this.allowUpload({ accept: "any" });
  check = this.event(() => {});
  save = this.event(async () => {
    this.saved = await read(this.files);
  });
  render() {
    return html`<main><p>here</p>
      <${Portal} id="dialog" target="body"><form id="form" phx-change=${this.check} phx-submit=${this.save} phx-drop-target=${this.files.ref}>
        ${liveFileInput(this.files)} <button id="save">save</button></form><//>
      <ul>${shown(this.files.entries, "moved")}</ul><ol>${this.saved.map((text) => html`<li>${text}</li>`)}</ol></main>`;
  }
}

/** Promises that nested views await while they are mounted. */
let mounting: Promise<void> | undefined;
/** Ends of nested views that are to be mounted anew. */
let ends: (() => void)[] = [];

describeBrowser("an upload's input in Chromium", (browser) => {
  const app = createApp({ secret: "x".repeat(32), report: () => {} });

  class Auto extends LiveView {
    saved: string[] = [];
    files = this.allowUpload({
      accept: "any",
      autoUpload: true,
      writer: () => page.slowWriter(),
      progress: async ({ done }): Promise<void> => {
        if (done) this.saved = await read(this.files);
      },
    });
    check = this.event(() => {});
    get where() {
      return "page";
    }
    render() {
      const { where } = this;
      return html`<form id=${`form-${where}`} phx-change=${this.check}>${liveFileInput(this.files, { class: where })}</form>
        <ul>${shown(this.files.entries, where)}</ul><ol>${this.saved.map((text) => html`<li class=${where}>${text}</li>`)}</ol>`;
    }
  }
  class Inner extends Auto {
    override mount() {
      ends.push(() =>
        this.send(() => {
          throw new Error("the nested view ends");
        }),
      );
      return mounting;
    }
    override handleInfo(message: unknown) {
      (message as () => void)();
    }
    override get where() {
      return "inner";
    }
  }
  class Outer extends Auto {
    override render() {
      return html`<main>${super.render()}<${Inner} id="inner" /></main>`;
    }
  }
  class Typed extends LiveView {
    seen: unknown[] = [];
    files = this.allowUpload({ accept: "any" });
    saved: string[] = [];
    check = this.event((payload) => {
      this.seen.push(payload);
    });
    save = this.event(async () => {
      this.saved = await read(this.files);
    });
    render() {
      return html`<form id="form" phx-change=${this.check} phx-submit=${this.save} phx-debounce="100000">
          <input name="text" phx-debounce="100000">${liveFileInput(this.files, { "phx-debounce": "100000" })}<button id="save">save</button></form>
        <p id="seen">${this.seen.length}</p>
        <ul>${shown(this.files.entries, "typed")}</ul><ol>${this.saved.map((text) => html`<li>${text}</li>`)}</ol>`;
    }
  }
  class Handed extends LiveView {
    names = "";
    files = this.allowUpload({ accept: "any", maxEntries: 2 });
    check = this.event(() => {});
    save = this.event(async () => {
      this.names = (await read(this.files)).join();
    });
    render() {
      return html`<form id="form" action="/plain" method="post" phx-change=${this.check} phx-submit=${this.save} phx-trigger-action=${this.names !== ""}>
        <input type="hidden" name="names" value=${this.names}>${liveFileInput(this.files)}<button id="save">save</button></form>
        <ul>${shown(this.files.entries, "handed")}</ul>`;
    }
  }
  app.live("/boxes", Boxes);
  app.live("/moved", Moved);
  app.live("/outer", Outer);
  app.live("/typed", Typed);
  app.live("/handed", Handed);
  app.post("/plain", async (c) => c.text(`got ${(await c.req.parseBody()).names}`));
  const page = uploadsInBrowser(browser, app);
  const { eventually, texts } = page;
  const choose = (selector: string, ...files: ReturnType<typeof file>[]) =>
    page.page.locator(selector).setInputFiles(files);

  test("in two live components that call their uploads the same each has its own files", async () => {
    await page.open("/boxes");
    await choose("input.left", file("l.txt"));
    await choose("input.right", file("r.txt"), file("s.txt"));
    await eventually("ul li").toEqual(["l.txt 0%", "r.txt 0%", "s.txt 0%"]);
    await page.page.click("#form-right button");
    await eventually("ol li.right").toEqual([`r.txt ${hash("r.txt")}`, `s.txt ${hash("s.txt")}`]);
    expect(await texts("ul li")).toEqual(["l.txt 0%"]);
    await page.page.click("#form-left button");
    await eventually("ol li.left").toEqual([`l.txt ${hash("l.txt")}`]);
    expect(page.trouble).toEqual([]);
  });

  test("that goes with its component leaves nothing behind, and the others go on", async () => {
    await page.open("/boxes");
    await choose("input.left", file("l.txt"));
    await choose("input.right", file("r.txt"));
    await page.page.click("#close");
    await eventually("ul li").toEqual(["l.txt 0%"]);
    await page.page.click("#form-left button");
    await eventually("ol li.left").toEqual([`l.txt ${hash("l.txt")}`]);
    expect(page.trouble).toEqual([]);
  });

  test("may stand in a portal: files are chosen and dropped there, and its form is submitted", async () => {
    await page.open("/moved");
    expect(await page.page.locator("body > #dialog input[type=file]").count()).toBe(1);
    await choose("#dialog input", file("a.txt"));
    await eventually("ul li").toEqual(["a.txt 0%"]);
    await page.page.click("#save");
    await eventually("ol li").toEqual([`a.txt ${hash("a.txt")}`]);
    await page.page.evaluate(() => {
      const data = new DataTransfer();
      data.items.add(new File(["dropped"], "b.txt"));
      const init = { bubbles: true, cancelable: true, dataTransfer: data };
      document.querySelector("#form")?.dispatchEvent(new DragEvent("drop", init));
    });
    await eventually("ul li").toEqual(["b.txt 0%"]);
    await page.page.click("#save");
    await eventually("ol li").toEqual([`b.txt ${hash("dropped")}`]);
    expect(page.trouble).toEqual([]);
  });

  test("may stand in a nested view, beside one of the page's own", async () => {
    await page.open("/outer");
    await choose("input.page", file("a.txt"));
    await choose("input.inner", file("b.txt"));
    await eventually("ol li.page").toEqual([`a.txt ${hash("a.txt")}`]);
    await eventually("ol li.inner").toEqual([`b.txt ${hash("b.txt")}`]);
  });

  test("of the page does not get the files of a nested view's input, which comes back later over a new connection", async () => {
    ends = [];
    await page.open("/outer");
    const [mine, theirs] = [bytes(700_000), bytes(700_000, 17)];
    page.hold();
    await choose("input.page", file("mine.bin", mine));
    await choose("input.inner", file("theirs.bin", theirs));
    await eventually("ul li").toEqual(["mine.bin 0%", "theirs.bin 0%"]);
    // The nested view has to be mounted anew, which takes its time.
    let mount = () => {};
    mounting = new Promise((resolve) => (mount = resolve));
    page.cut();
    for (const end of ends) end();
    page.release();
    await eventually("ol li.page").toEqual([`mine.bin ${hash(mine)}`]);
    mounting = undefined;
    mount();
    await eventually("ol li.inner").toEqual([`theirs.bin ${hash(theirs)}`]);
  });

  test("is not slowed by the debounce of its form: the view knows the files at once, and a submit has them", async () => {
    await page.open("/typed");
    await choose("input[type=file]", file("a.txt"));
    await eventually("ul li").toEqual(["a.txt 0%"]);
    expect(await texts("#seen")).toEqual(["0"]);
    await page.page.click("#save");
    await eventually("ol li").toEqual([`a.txt ${hash("a.txt")}`]);
    expect(page.trouble).toEqual([]);
  });

  test("may stand in a form that the browser submits in the end: its files are with the view by then", async () => {
    await page.open("/handed");
    await choose("input[type=file]", file("a.txt"), file("b.txt"));
    await eventually("ul li").toEqual(["a.txt 0%", "b.txt 0%"]);
    await page.page.click("#save");
    await page.page.waitForURL("**/plain");
    expect(await texts("body")).toEqual([`got a.txt ${hash("a.txt")},b.txt ${hash("b.txt")}`]);
  });
});
