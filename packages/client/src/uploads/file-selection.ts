/** An input with the files that were chosen in it: the stages of each, and the page's state of them. */
import type { BoundView } from "../bindings/host.ts";
import { invoke, isElement } from "../dom/native.ts";
import { ATTR_AUTO, ATTR_DONE, ATTR_ENTRIES, ATTR_FAILED, ATTR_UPLOAD } from "../wire/constants.ts";
import type { Json } from "../wire/frames.ts";

/**
 * `new`: the server has not heard of it. `announcing`: it has not answered yet. `registered`: it has the
 * entry. `uploading`: it has been asked to take the file, or takes it. `done`, `failed`: nothing more is sent.
 */
export type Stage = "new" | "announcing" | "registered" | "uploading" | "done" | "failed";

export interface TrackedFile {
  /** Tells it apart from all others of the page. */
  readonly ref: string;
  readonly file: File;
  /** The chosen file, or bytes without a name. */
  readonly source: Blob;
  readonly relativePath: string;
  /** Metadata of the file's own. */
  readonly meta: Json | undefined;
  stage: Stage;
  /** The entries of the input when the server did not want to take this one. */
  refused: string | undefined;
  /** It had failed when its form was submitted. */
  hadFailed?: boolean;
  /** Ends the upload. */
  stop: (() => void) | undefined;
  /** Tells the server again how far it is, of a file that is sent elsewhere and does not depend on the line. */
  again: (() => void) | undefined;
}

/** An input, and the files that have been chosen in it. */
export interface FileSelection {
  input: HTMLInputElement;
  /** The ref of the upload that the files are for. */
  upload: string;
  files: TrackedFile[];
  /** Answers to requests of another number are out of date. */
  epoch: number;
  /**
   * The server did not answer: nothing is asked until the view is joined again, or the user does something.
   */
  stuck: boolean;
  /** When the view was mounted anew lately, in milliseconds. */
  mounts: readonly number[];
  readonly view: BoundView;
  /** The view was mounted anew, and may have another input for the same. */
  isAnew: boolean;
}

/** Files, some of which do not know their own path in a directory. */
export type Chosen = readonly { readonly source: Blob; readonly relativePath?: string }[];

/** A view that is mounted anew more often than that, in milliseconds, has files that it does not bear. */
const MOUNTS = 3;
const LATELY = 60_000;

export const createSelection = (input: HTMLInputElement, view: BoundView): FileSelection => ({
  input,
  upload: input.getAttribute(ATTR_UPLOAD) ?? "",
  files: [],
  epoch: 0,
  stuck: false,
  mounts: [],
  view,
  isAnew: false,
});

export function trackFile(
  win: Window & typeof globalThis,
  ref: number,
  { source, relativePath }: Chosen[number],
): TrackedFile {
  const { name = "blob", webkitRelativePath = "", meta } = source as Partial<File> & { meta?(): Json };
  return {
    ref: String(ref),
    file: "name" in source ? (source as File) : new win.File([source], name, { type: source.type }),
    source,
    relativePath: relativePath ?? webkitRelativePath,
    meta: meta?.call(source),
    stage: "new",
    refused: undefined,
    stop: undefined,
    again: undefined,
  };
}

export const isAuto = ({ input }: FileSelection): boolean => input.hasAttribute(ATTR_AUTO);
export const entriesOf = ({ input }: FileSelection): string => input.getAttribute(ATTR_ENTRIES) ?? "";
export const isOver = ({ stage }: TrackedFile): boolean => stage === "done" || stage === "failed";
export const isUpload = (el: EventTarget | null): el is HTMLInputElement =>
  isElement(el) && invoke(el, "matches", `input[${ATTR_UPLOAD}]`);

/** Announcement of a file to the server. */
export function describe({ ref, file, relativePath, meta }: TrackedFile): Json {
  return {
    ref,
    name: file.name,
    size: file.size,
    type: file.type,
    relativePath,
    lastModified: file.lastModified,
    ...(meta !== undefined && { meta }),
  };
}

export const isStray = ({ input }: FileSelection): boolean => !input.isConnected || !isUpload(input);

/** Gives up files of an input. */
export function forget(selection: FileSelection, isGone: (file: TrackedFile) => boolean): void {
  const gone = selection.files.filter(isGone);
  if (!gone.length) return;
  selection.files = selection.files.filter((file) => !gone.includes(file));
  for (const { stop } of gone) stop?.();
  const { input } = selection;
  if (selection.files.length) return;
  const shown = [...(input.files ?? [])];
  // It is empty, and the same file may be chosen again.
  if (gone.some(({ source }) => shown.includes(source as File))) input.value = "";
}

/** Has all files told to the server again. */
function renew(selection: FileSelection): void {
  const { input, files } = selection;
  selection.upload = input.getAttribute(ATTR_UPLOAD) ?? "";
  selection.epoch++;
  selection.stuck = false;
  for (const file of files) {
    file.stop?.();
    file.stop = file.again = file.refused = undefined;
    file.stage = "new";
  }
}

/** The view is mounted anew, and knows of nothing. @returns false if that is so again and again */
export function remount(selection: FileSelection): boolean {
  renew(selection);
  selection.isAnew = true;
  if (!selection.files.length) return true;
  const now = performance.now();
  selection.mounts = [...selection.mounts.filter((at) => now - at < LATELY), now];
  return selection.mounts.length <= MOUNTS;
}

/** The view of chosen files goes on, over a new line. */
export function resume(selection: FileSelection): void {
  selection.epoch++;
  selection.stuck = false;
  for (const file of selection.files) {
    file.again?.();
    if (file.stage === "announcing") file.stage = "new";
    else if (file.stage === "uploading" && !file.again) {
      file.stop?.();
      file.stop = undefined;
      file.stage = "registered";
    }
  }
}

/** Nothing is sent of files that the user cannot see or take away. */
export function pause(selection: FileSelection): void {
  selection.epoch++;
  for (const file of selection.files) {
    file.stop?.();
    file.stop = file.again = undefined;
    if (file.stage === "announcing") file.stage = "new";
    if (file.stage === "uploading") file.stage = "registered";
  }
}

const listed = (input: Element, name: string) => new Set(invoke(input, "getAttribute", name)?.split(","));

/** Compares files with the page's state of them: forgets those that the server does not have any more. */
export function compare(selection: FileSelection): void {
  const { input, isAnew } = selection;
  selection.isAnew = false;
  if (input.getAttribute(ATTR_UPLOAD) !== selection.upload) {
    if (!isAnew) forget(selection, () => true);
    renew(selection);
  }
  const [entries, done, failed] = [ATTR_ENTRIES, ATTR_DONE, ATTR_FAILED].map((name) => listed(input, name));
  forget(selection, ({ stage, ref }) => stage !== "new" && stage !== "announcing" && !entries?.has(ref));
  for (const file of selection.files) {
    if (file.stage !== "registered" && file.stage !== "uploading") continue;
    const stage = done?.has(file.ref) ? "done" : failed?.has(file.ref) ? "failed" : undefined;
    if (!stage) continue;
    // An external upload that is complete is not to hear that it was cancelled.
    if (stage === "failed" || !file.again) file.stop?.();
    file.stop = file.again = undefined;
    file.stage = stage;
  }
}
