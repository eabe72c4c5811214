import { settled, uploadsPage } from "@overwire/test-support/uploads-page";
import { expect, test } from "vitest";
import { createPolicy } from "../patch/policy.ts";

const zone = (attributes = "") =>
  `<section phx-drop-target="u"><p><b>here</b></p><form phx-change="check"><input type="file" data-ow-upload="u" ${attributes}></form></section><i></i>`;

/** A browser's interface of a directory. Its entries come one at a time. */
function directory(path: string, content: { readonly [name: string]: File | object }): object {
  const entries = Object.entries(content).map(([name, inside]) =>
    "size" in inside
      ? {
          isDirectory: false,
          fullPath: `${path}/${name}`,
          file: (then: (file: object) => void) => then(inside),
        }
      : directory(`${path}/${name}`, inside as { readonly [name: string]: File }),
  );
  const left = [...entries, undefined];
  return {
    isDirectory: true,
    createReader: () => ({
      readEntries: (then: (entries: object[]) => void) =>
        then([left.shift()].filter((one) => one !== undefined)),
    }),
  };
}

function dragging(content: string, types: readonly string[] = ["Files"]) {
  const own = uploadsPage(content);
  const { win, $ } = own;
  return {
    ...own,
    /** @returns true if the browser would go on with it */
    drag(type: string, selector: string, ...files: (File | object)[]): boolean {
      const items = files.map((file) => ({
        getAsFile: () => ("size" in file ? file : own.file("a directory, as a file")),
        webkitGetAsEntry: () => ("size" in file ? { isDirectory: false } : file),
      }));
      const event = new win.Event(type, { bubbles: true, cancelable: true });
      return $(selector).dispatchEvent(Object.assign(event, { dataTransfer: { types, items } }));
    },
    isActive: () => $("section").classList.contains("phx-drop-target-active"),
  };
}

test("files that are dropped are the input's, and its form tells of the change", async () => {
  const { win, drag, file, last, $ } = dragging(zone());
  const inputs: unknown[] = [];
  win.addEventListener("input", ({ target }) => inputs.push(target));
  expect(drag("dragover", "b")).toBe(false);
  expect(drag("drop", "b", file("a.txt"))).toBe(false);
  await settled();
  expect(last()).toMatchObject(["ow:files", { upload: "u", entries: [{ name: "a.txt" }] }]);
  expect(inputs).toEqual([$("input")]);
  expect($("input").files).toHaveLength(1);
});

test("an input that takes several files adds them to those that it has", async () => {
  const { drag, choose, file, last, pushed, $ } = dragging(zone("multiple"));
  choose("input", file("a.txt"));
  drag("drop", "b", file("b.txt"), file("c.txt"));
  await settled();
  expect(last()[1]).toMatchObject({ entries: [{ ref: "2" }, { ref: "3" }] });
  expect(pushed).toHaveLength(2);
  expect($("input").files).toHaveLength(0);
});

test("an input that is disabled takes nothing, and the browser does not open the files either", async () => {
  const { drag, file, pushed } = dragging(zone("disabled"));
  expect(drag("drop", "b", file("a.txt"))).toBe(false);
  await settled();
  expect(pushed).toEqual([]);
});

test("a drop elsewhere, or of no file, is the browser's", async () => {
  const { drag, file, pushed } = dragging(zone());
  expect(drag("dragover", "i")).toBe(true);
  expect(drag("drop", "i", file("a.txt"))).toBe(true);
  const text = dragging(zone(), ["text/plain"]);
  expect(text.drag("drop", "b")).toBe(true);
  await settled();
  expect([...pushed, ...text.pushed]).toEqual([]);
});

test("the target shows it while files are over it, whatever of it they are over", () => {
  const { drag, isActive, $ } = dragging(zone());
  const over = [
    ["dragenter", "section"],
    ["dragenter", "p"],
    ["dragleave", "section"],
    ["dragenter", "b"],
    ["dragleave", "p"],
    ["dragenter", "p"],
    ["dragleave", "b"],
  ] as const;
  for (const [type, selector] of over) {
    drag(type, selector);
    expect(isActive()).toBe(true);
  }
  drag("dragleave", "p");
  expect($("section").hasAttribute("class")).toBe(false);
});

test("it does not for a text, nor once the files are dropped", async () => {
  const text = dragging(zone(), ["text/plain"]);
  text.drag("dragenter", "section");
  expect(text.isActive()).toBe(false);
  const { drag, isActive, file } = dragging(zone());
  drag("dragenter", "section");
  drag("dragenter", "b");
  drag("drop", "b", file("a.txt"));
  expect(isActive()).toBe(false);
});

test("an element that goes while files are over it does not leave the target active", () => {
  const { drag, isActive, $ } = dragging(zone());
  drag("dragenter", "section");
  drag("dragenter", "b");
  drag("dragleave", "section");
  $("b").remove();
  drag("dragenter", "i");
  expect(isActive()).toBe(false);
});

test("patches do not take the mark of the target away", () => {
  const { win, drag, isActive, $ } = dragging(zone());
  drag("dragenter", "section");
  const to = $("section").cloneNode(true) as Element;
  to.removeAttribute("class");
  createPolicy("phx-").before($("section"), to, new WeakMap());
  expect(to.className).toBe("phx-drop-target-active");
  drag("dragleave", "section");
  const next = win.document.createElement("section");
  createPolicy("phx-").before($("section"), next, new WeakMap());
  expect([isActive(), next.className]).toEqual([false, ""]);
});

test("directories are for inputs of directories, with all that is in them", async () => {
  const { drag, file, last, pushed } = dragging(zone("multiple webkitdirectory"));
  const photos = { "1.png": file("1.png"), old: { "0.png": file("0.png") }, empty: {} };
  drag("drop", "b", directory("/photos", photos), file("a.txt"));
  await settled();
  expect(pushed).toHaveLength(1);
  expect(last()[1]).toMatchObject({
    entries: [
      { name: "1.png", relativePath: "photos/1.png" },
      { name: "0.png", relativePath: "photos/old/0.png" },
      { name: "a.txt", relativePath: "" },
    ],
  });
  const plain = dragging(zone("multiple"));
  plain.drag("drop", "b", directory("/photos", photos), file("a.txt"));
  await settled();
  expect(plain.last()[1]).toMatchObject({ entries: [{ name: "a.txt" }] });
});
