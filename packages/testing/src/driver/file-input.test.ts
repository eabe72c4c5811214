/** Choosing files and uploading them: the real client, the real view, and as much of a file as the test lets go. */
import { readFile } from "node:fs/promises";
import {
  html,
  LiveView,
  liveFileInput,
  liveImgPreview,
  type Upload,
  type UploadEntry,
} from "@overwire/server";
import { afterEach, describe, expect, test } from "vitest";
import { type LiveDriver, live, UploadError } from "../index.ts";

const file = (name: string, size = 100) => ({ name, content: "x".repeat(size) });
const entryLine = (entry: UploadEntry) =>
  html`<li id=${`entry-${entry.clientName}`}>${entry.clientName} ${entry.progress}% ${entry.errors.map(({ code }) => code)}
    <button type="button" phx-click="cancel" phx-value-ref=${entry.ref}>cancel</button></li>`;

abstract class Album extends LiveView {
  abstract files: Upload;
  stored: string[] = [];
  checked = 0;
  check = this.event(() => {
    this.checked++;
  });
  cancel = this.event(({ ref }) => this.files.cancel(String(ref)));
  save = this.event(async () => {
    const read = async ({ path }: { readonly path: string }, { clientName }: UploadEntry) =>
      `${clientName}: ${await readFile(path, "utf8")}`;
    this.stored.push(...(await this.files.consume(read)));
  });
  render() {
    return html`<form id="form" phx-change=${this.check} phx-submit=${this.save} phx-drop-target=${this.files.ref}>
      ${liveFileInput(this.files, { class: "files" })}
      <input name="title"><button id="save">save</button>
      <ul>${this.files.entries.map(entryLine)}</ul>
      <p id="errors">${this.files.errors.map(({ code }) => code)}</p>
      <p id="stored">${this.stored.join(" ")}</p>
    </form>`;
  }
}

class Photos extends Album {
  files = this.allowUpload({ accept: "any", maxEntries: 3, chunkSize: 20 });
}
class Photo extends Album {
  files = this.allowUpload({ accept: [".png"], maxFileSize: 200, chunkSize: 20 });
}
class Auto extends Album {
  files = this.allowUpload({ accept: "any", maxEntries: 2, autoUpload: true, chunkSize: 20 });
}

let view: LiveDriver<Album>;
const open = async (View: new () => Album) => {
  view = await live(View);
  return view;
};
const choose = (...files: Parameters<LiveDriver["fileInput"]>[1][number][]) =>
  view.fileInput(".files", files);
const entries = () =>
  [...view.container.querySelectorAll("li")].map((li) => li.firstChild?.textContent?.trim());
const codes = async (work: Promise<unknown>) => {
  const error = await work.then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(error).toBeInstanceOf(UploadError);
  return (error as UploadError).codes;
};

afterEach(() => view?.close());

describe("choosing", () => {
  test("tells the view of the files, then of the form's change; nothing is uploaded", async () => {
    await open(Photos);
    expect(await choose(file("a.txt"), file("b.txt")).choose()).toContain("a.txt 0%");
    expect(entries()).toEqual(["a.txt 0%", "b.txt 0%"]);
    expect(view.instance.checked).toBeGreaterThan(0);
    await view.settled();
    expect(entries()).toEqual(["a.txt 0%", "b.txt 0%"]);
  });

  test("uploads nothing on its own with autoUpload either", async () => {
    await open(Auto);
    const input = choose(file("a.txt"), file("b.txt"));
    await input.choose();
    await view.settled();
    expect(entries()).toEqual(["a.txt 0%", "b.txt 0%"]);
    expect(await input.upload("a.txt")).toContain("a.txt 100%");
    expect(entries()).toEqual(["a.txt 100%", "b.txt 0%"]);
  });

  test("says of a file what a browser would", async () => {
    await open(Photos);
    const bytes = new Uint8Array([1, 2, 3]);
    await choose(
      { name: "a.png", content: bytes, lastModified: 5, relativePath: "holiday/a.png" },
      { name: "b.pdf", content: bytes.buffer, type: "" },
      { name: "c", content: new Blob([bytes], { type: "image/webp" }), size: 7 },
    ).choose();
    const seen = view.instance.files.entries.map((entry) => [
      entry.clientType,
      entry.clientSize,
      entry.clientRelativePath,
    ]);
    expect(seen).toEqual([
      ["image/png", 3, "holiday/a.png"],
      ["", 3, ""],
      ["image/webp", 7, ""],
    ]);
    expect(view.instance.files.entries[0]?.clientLastModified).toBe(5);
  });

  test("shows previews", async () => {
    class Preview extends Photos {
      override render() {
        return html`${super.render()}${this.files.entries.map((entry) => liveImgPreview(entry, { width: 75 }))}`;
      }
    }
    await open(Preview);
    await choose(file("a.png")).choose();
    const src = view.element("img[src^='blob:']").node.getAttribute("src") as string;
    expect(await (await fetch(src)).text()).toBe("x".repeat(100));
    await view.element("button", "cancel").click();
    await expect(fetch(src)).rejects.toThrow();
  });

  test("replaces the file of an input that takes one", async () => {
    await open(Photo);
    await choose(file("a.png")).choose();
    await choose(file("b.png")).choose();
    expect(entries()).toEqual(["b.png 0%"]);
  });

  test("dropping brings as many files as are dropped", async () => {
    await open(Photo);
    const input = choose(file("a.png"), file("b.png"));
    await input.drop();
    expect(entries()).toEqual(["a.png 0%", "b.png 0%"]);
    expect(view.text("#errors")).toBe("too_many_files");
    expect(await codes(input.upload("a.png"))).toEqual(["too_many_files"]);
    const one = choose(file("c.png"));
    await one.drop("form");
    expect(entries()).toEqual(["c.png 0%"]);
    expect(view.text("#errors")).toBe("");
    expect(await one.upload("c.png")).toContain("c.png 100%");
  });

  test("goes if only files can be chosen", async () => {
    await open(Photos);
    await expect(view.fileInput(".none", []).choose()).rejects.toThrow(
      'expected selector ".none" to return a single element, but got none within',
    );
    await expect(view.fileInput("input", []).choose()).rejects.toThrow("but got 2");
    await expect(view.fileInput("[name=title]", []).choose()).rejects.toThrow(
      'element selected by "[name=title]" is not a file input:\n\n    <input name="title">',
    );
    view.element(".files").node.setAttribute("disabled", "");
    await expect(choose(file("a.txt")).choose()).rejects.toThrow(
      'cannot choose files in ".files" because it is disabled',
    );
    view.element(".files").node.removeAttribute("disabled");
    view.element(".files").node.removeAttribute("data-ow-upload");
    await expect(choose(file("a.txt")).choose()).rejects.toThrow(
      'file input selected by ".files" is of no upload, use liveFileInput(upload)',
    );
  });

  test("takes no more files than the input does", async () => {
    await open(Photo);
    await expect(choose(file("a.png"), file("b.png")).choose()).rejects.toThrow(
      'file input ".files" takes one file, got 2: "a.png", "b.png"',
    );
    await expect(view.form("form", { files: "a.png" }).change()).rejects.toThrow(
      'cannot provide value to "files" because files are chosen with fileInput',
    );
  });
});

describe("uploading", () => {
  test("goes on by so many percent, the files being chosen first", async () => {
    await open(Photos);
    const input = choose(file("a.txt"), file("b.txt"));
    expect(await input.upload("a.txt", 20)).toContain("a.txt 20%");
    expect(await input.upload("a.txt", 25)).toContain("a.txt 45%");
    await view.settled();
    expect(entries()).toEqual(["a.txt 45%", "b.txt 0%"]);
    await input.upload("b.txt", 1);
    await input.upload("a.txt");
    expect(entries()).toEqual(["a.txt 100%", "b.txt 1%"]);
  });

  test("arrives byte for byte", async () => {
    await open(Photos);
    const content = Array.from({ length: 100 }, (_, at) => String.fromCharCode(32 + (at % 90))).join("");
    const input = choose({ name: "a.txt", content });
    for (const percent of [3, 30, 33, 34]) await input.upload("a.txt", percent);
    await view.form("form").submit();
    expect(view.instance.stored).toEqual([`a.txt: ${content}`]);
  });

  test("a file of many chunks, and an empty one", async () => {
    await open(Photos);
    const input = choose(file("a.txt", 5000), file("b.txt", 0));
    expect(await input.upload("a.txt")).toContain("a.txt 100%");
    expect(await input.upload("b.txt")).toContain("b.txt 100%");
  });

  test("a submit uploads what was chosen, and waits for it", async () => {
    await open(Photos);
    const input = choose(file("a.txt", 50), file("b.txt", 30));
    await input.upload("a.txt", 40);
    expect(await view.form("form").submit()).toContain("a.txt: xxxxx");
    expect(view.instance.stored).toEqual([`a.txt: ${"x".repeat(50)}`, `b.txt: ${"x".repeat(30)}`]);
    expect(entries()).toEqual([]);
  });

  test("so does one by its button, of an upload that began by itself", async () => {
    await open(Auto);
    await choose(file("a.txt")).upload("a.txt", 10);
    await view.element("#save").click();
    expect(view.instance.stored).toHaveLength(1);
  });

  test("a file that is too large is not taken, and says so", async () => {
    await open(Photo);
    const input = choose(file("a.png", 201));
    expect(await input.choose()).toContain("too_large");
    expect(await codes(input.upload("a.png"))).toEqual(["too_large"]);
    await view.element("button", "cancel").click();
    expect(await choose(file("b.png")).upload("b.png")).toContain("b.png 100%");
  });

  test("nor is what is not accepted; the error says which input", async () => {
    await open(Photo);
    await expect(choose(file("a.gif")).upload("a.gif")).rejects.toThrow(
      '"a.gif" could not be uploaded with ".files": not_accepted',
    );
  });

  test("of too many files the first ones go", async () => {
    await open(Auto);
    const input = choose(file("a.txt"), file("b.txt"), file("c.txt"));
    await input.choose();
    expect(view.text("#errors")).toBe("too_many_files");
    expect(await input.upload("a.txt")).toContain("a.txt 100%");
    expect(await codes(input.upload("c.txt"))).toEqual(["too_many_files"]);
    expect(entries()).toEqual(["a.txt 100%", "b.txt 0%", "c.txt 0%"]);
  });

  test("errors of a file of an automatic upload are asked for", async () => {
    class Small extends Album {
      files = this.allowUpload({ accept: "any", maxFileSize: 10, autoUpload: true });
    }
    await open(Small);
    expect(await codes(choose(file("a.txt")).upload("a.txt"))).toEqual(["too_large"]);
  });

  test("a writer that fails fails the upload", async () => {
    class Full extends Album {
      files = this.allowUpload({
        accept: "any",
        writer: () => ({
          meta: { path: "" },
          write() {
            throw new Error("disk full");
          },
          close() {},
        }),
      });
    }
    await open(Full);
    expect(await codes(choose(file("a.txt")).upload("a.txt"))).toEqual(["writer_failure"]);
    expect(entries()).toEqual(["a.txt 0% writer_failure"]);
  });

  test.each([true, false])(
    "a submit that waits for a file which then fails is given up, autoUpload: %s",
    async (autoUpload) => {
      class Full extends Album {
        files = this.allowUpload({
          accept: "any",
          autoUpload,
          writer: () => ({
            meta: { path: "" },
            write() {
              throw new Error("disk full");
            },
            close() {},
          }),
        });
        saves = 0;
        override save = this.event(async () => {
          this.saves++;
        });
      }
      await open(Full);
      await choose(file("a.txt")).choose();
      await view.form("#form").submit();
      expect([entries(), (view.instance as Full).saves]).toEqual([["a.txt 0% writer_failure"], 0]);
      expect(view.element("#form").node.className).not.toContain("phx-submit-loading");
      // Its error has been shown: with autoUpload it holds nothing back any more.
      await view.form("#form").submit();
      expect((view.instance as Full).saves).toBe(autoUpload ? 1 : 0);
    },
  );

  test("one that is cancelled on the way is gone", async () => {
    await open(Photos);
    const input = choose(file("a.txt"), file("b.txt"));
    await input.upload("a.txt", 50);
    await view.element("#entry-a\\.txt button").click();
    expect(entries()).toEqual(["b.txt 0%"]);
    await view.form("form").submit();
    expect(view.instance.stored).toHaveLength(1);
  });

  test("one that is consumed as soon as it is complete is gone, and that is no failure", async () => {
    class Eager extends Album {
      files = this.allowUpload({
        accept: "any",
        autoUpload: true,
        progress: async (entry) => {
          if (entry.done) this.stored.push(await this.files.consumeEntry(entry.ref, () => "consumed"));
        },
      });
    }
    await open(Eager);
    expect(await choose(file("a.txt")).upload("a.txt")).toContain("consumed");
    expect(entries()).toEqual([]);
  });

  test("progress may send the page elsewhere", async () => {
    class Leaving extends Album {
      files = this.allowUpload({
        accept: "any",
        progress: (entry) => {
          if (entry.done) this.redirect("/done");
        },
      });
    }
    await open(Leaving);
    await choose(file("a.txt")).upload("a.txt");
    expect(await view.assertRedirect("/done")).toMatchObject({ kind: "redirect" });
  });

  test("rejects with what its view throws", async () => {
    class Failing extends Album {
      files = this.allowUpload({
        accept: "any",
        progress: () => {
          throw new Error("no such bucket");
        },
      });
    }
    await open(Failing);
    await expect(choose(file("a.txt")).upload("a.txt", 10)).rejects.toThrow("no such bucket");
  });

  test("of a file that is not among those, or of nothing of it, is refused", async () => {
    await open(Photos);
    await expect(choose(file("a.txt")).upload("b.txt")).rejects.toThrow(
      'no file "b.txt" is to be chosen, there is: "a.txt"',
    );
    await expect(choose(file("a.txt")).upload("a.txt", 0)).rejects.toThrow("a percentage above 0, got 0");
  });

  test("a lost connection interrupts it, and it resumes", async () => {
    await open(Photos);
    const input = choose(file("a.txt", 300));
    await input.upload("a.txt", 50);
    await view.disconnect();
    await view.reconnect();
    expect(entries()).toEqual(["a.txt 50%"]);
    expect(await input.upload("a.txt", 10)).toContain("a.txt 60%");
    await view.form("form").submit();
    expect(view.instance.stored).toEqual([`a.txt: ${"x".repeat(300)}`]);
  });

  test("a file that a test did not choose with the driver is not held back, and settled waits for it", async () => {
    await open(Auto);
    const files = [new view.window.File(["x".repeat(500)], "a.txt")];
    const event = new view.window.CustomEvent("track-uploads", { bubbles: true, detail: { files } });
    view.element(".files").node.dispatchEvent(event);
    expect(await view.settled()).toContain("a.txt 100%");
  });

  test("replies of the client's own questions are none of the test's", async () => {
    await open(Photos);
    await choose(file("a.txt")).upload("a.txt");
    await expect(view.assertReply(undefined, { timeout: 0 })).rejects.toThrow("but it did not");
  });
});
