/** Files that are dragged into the page: shows where they may be dropped, and gives them to the input there. */
import { findAll, invoke, isElement, read } from "../dom/native.ts";
import { stickyOpsOf } from "../dom/sticky-ops.ts";
import { ATTR_UPLOAD } from "../wire/constants.ts";
import type { Chosen } from "./file-selection.ts";
import type { UploadsHost } from "./types.ts";

const ACTIVE = "phx-drop-target-active";
/** Files of one directory that are taken. */
const MOST = 5000;

/** Takes files for an input. */
type Add = (input: HTMLInputElement, chosen: Chosen) => void;

/** Gives dropped files to an input. */
async function drop(
  win: Window & typeof globalThis,
  input: HTMLInputElement,
  { items }: DataTransfer,
  add: Add,
): Promise<void> {
  // None of it can be asked for later.
  const dropped = [...items].map((item) => ({ file: item.getAsFile(), entry: item.webkitGetAsEntry?.() }));
  const chosen: Chosen[number][] = [];
  for (const { file, entry } of dropped) {
    if (!entry?.isDirectory) chosen.push(...(file ? [{ source: file }] : []));
    else if (input.hasAttribute("webkitdirectory"))
      await readDirectory(entry as FileSystemDirectoryEntry, chosen);
  }
  if (!chosen.length) return;
  if (input.multiple) add(input, chosen);
  else {
    const shown = new win.DataTransfer();
    for (const { source } of chosen) shown.items.add(source as File);
    input.files = shown.files;
  }
  input.dispatchEvent(new win.Event("input", { bubbles: true }));
}

export function bindDrops(host: UploadsHost, add: Add): void {
  const { win, prefix } = host;
  const { document } = win;
  const attribute = `${prefix}drop-target`;
  /** Elements under the pointer: one tells that it came before another tells that it went. */
  const entered = new Set<Node>();
  let active: Element | undefined;

  const zoneOf = (target: EventTarget | null | undefined) => {
    const el = target && (isElement(target) ? target : read(target as Node, "parentElement"));
    return (el && invoke(el, "closest", `[${attribute}]`)) ?? undefined;
  };

  const show = () => {
    for (const el of entered) if (!read(el, "isConnected")) entered.delete(el);
    const zone = zoneOf([...entered].at(-1));
    if (zone === active) return;
    if (active) {
      stickyOpsOf(active).delete(ACTIVE);
      read(active, "classList").remove(ACTIVE);
      if (!read(active, "classList").length) invoke(active, "removeAttribute", "class");
    }
    active = zone;
    if (!zone) return;
    const mark = (el: Element) => read(el, "classList").add(ACTIVE);
    stickyOpsOf(zone).set(ACTIVE, mark);
    mark(zone);
  };

  const on = (type: string, listener: (event: DragEvent, data: DataTransfer) => void) => {
    win.addEventListener(type, (event) => {
      const { dataTransfer } = event as DragEvent;
      if (dataTransfer?.types.includes("Files")) listener(event as DragEvent, dataTransfer);
    });
  };

  on("dragenter", ({ target }) => {
    entered.delete(target as Node);
    entered.add(target as Node);
    show();
  });
  on("dragleave", ({ target }) => {
    entered.delete(target as Node);
    show();
  });
  on("dragover", (event) => {
    // A browser would open them.
    if (zoneOf(event.target)) event.preventDefault();
  });
  on("drop", (event, data) => {
    entered.clear();
    show();
    const zone = zoneOf(event.target);
    if (!zone) return;
    event.preventDefault();
    const ref = invoke(zone, "getAttribute", attribute);
    const input = findAll<HTMLInputElement>(document, `input[${ATTR_UPLOAD}]`).find(
      (input) => input.getAttribute(ATTR_UPLOAD) === ref,
    );
    if (input && !input.matches(":disabled")) void drop(win, input, data, add);
  });
}

/** Adds all files that are in a directory, however deep. */
async function readDirectory(directory: FileSystemDirectoryEntry, chosen: Chosen[number][]): Promise<void> {
  const reader = directory.createReader();
  for (;;) {
    // Not all of them come at once.
    const entries = await new Promise<FileSystemEntry[]>((...then) => reader.readEntries(...then));
    if (!entries.length) return;
    for (const entry of entries) {
      if (chosen.length >= MOST) return;
      if (entry.isDirectory) await readDirectory(entry as FileSystemDirectoryEntry, chosen);
      else {
        const file = entry as FileSystemFileEntry;
        const source = await new Promise<File>((...then) => file.file(...then));
        chosen.push({ source, relativePath: entry.fullPath.slice(1) });
      }
    }
  }
}
