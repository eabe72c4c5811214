/** File inputs in every position of a page under test, and files when the page changes around them. */
import { readFile } from "node:fs/promises";
import { html, LiveComponent, LiveView, liveFileInput, Portal, type Upload } from "@overwire/server";
import { afterEach, expect, test } from "vitest";
import { type LiveDriver, live } from "../index.ts";

const file = (name: string, size = 100) => ({ name, content: "x".repeat(size) });
const options = { accept: "any", chunkSize: 20, maxEntries: 2 } as const;

/** A form with an upload, and what has come of it. */
const form = (files: Upload, id: string, check: object, save: object, stored: readonly string[]) =>
  html`<form id=${id} phx-change=${check} phx-submit=${save}>${liveFileInput(files, { class: id })}
    ${files.entries.map(({ clientName, progress }) => html`<li class=${id}>${clientName} ${progress}%</li>`)}
    <p class=${id}>${stored.join()}</p><button>save</button></form>`;
const read = (files: Upload) =>
  files.consume(async ({ path }, { clientName }) => `${clientName} ${(await readFile(path)).length}`);

class Box extends LiveComponent<{ id: string }> {
  stored: string[] = [];
  files = this.allowUpload(options);
  check = this.event(() => {});
  save = this.event(async () => {
    this.stored = await read(this.files);
  });
  render() {
    return html`<section>${form(this.files, this.props.id, this.check, this.save, this.stored)}</section>`;
  }
}

class Inner extends LiveView {
  stored: string[] = [];
  files = this.allowUpload(options);
  check = this.event(() => {});
  save = this.event(async () => {
    this.stored = await read(this.files);
  });
  render() {
    return form(this.files, "nested", this.check, this.save, this.stored);
  }
}

class Page extends Inner {
  isOpen = true;
  toggle = this.event(() => {
    this.isOpen = !this.isOpen;
  });
  override render() {
    const own = form(this.files, "moved", this.check, this.save, this.stored);
    return html`<main><${Box} id="left" /><${Box} id="right" /><${Inner} id="inner" />
      <${Portal} id="portal" target="body">${this.isOpen ? own : html`<i>closed</i>`}<//>
      <button id="toggle" phx-click=${this.toggle}>toggle</button></main>`;
  }
}

let view: LiveDriver<Page>;
afterEach(() => view?.close());
const shown = (driver: Pick<LiveDriver, "text" | "hasElement">, id: string) => [
  driver.hasElement(`li.${id}`) ? driver.text(`li.${id}`) : "",
  driver.text(`p.${id}`),
];

test.each(["left", "right", "moved"])("in live components and in a portal: %s", async (id) => {
  view = await live(Page);
  const input = view.fileInput(`input.${id}`, [file("a.txt")]);
  await input.upload("a.txt", 40);
  expect(shown(view, id)).toEqual(["a.txt 40%", ""]);
  await view.element(`#${id}`).submit();
  expect(shown(view, id)).toEqual(["", "a.txt 100"]);
  for (const other of ["left", "right", "moved"])
    if (other !== id) expect(shown(view, other)).toEqual(["", ""]);
});

test("in a nested view", async () => {
  view = await live(Page);
  const inner = view.child("inner");
  await inner.fileInput("input.nested", [file("a.txt"), file("b.txt")]).upload("b.txt", 20);
  expect(inner.hasElement("li.nested", "b.txt 20%")).toBe(true);
  await inner.element("#nested").submit();
  expect(shown(inner, "nested")).toEqual(["", "a.txt 100,b.txt 100"]);
});

test("that leaves the page and comes back: its files resume", async () => {
  view = await live(Page);
  const input = view.fileInput("input.moved", [file("a.txt")]);
  await input.upload("a.txt", 40);
  await view.element("#toggle").click();
  expect(view.hasElement("input.moved")).toBe(false);
  await view.element("#toggle").click();
  expect(shown(view, "moved")).toEqual(["a.txt 40%", ""]);
  await view.element("#moved").submit();
  expect(shown(view, "moved")).toEqual(["", "a.txt 100"]);
});
