/** The user's chosen files, by their inputs, and the progress of each. */
import type { BoundView } from "../bindings/host.ts";
import { lockedAround } from "../dom/locks.ts";
import { findAll, invoke, isElement, read } from "../dom/native.ts";
import { stickyOpsOf } from "../dom/sticky-ops.ts";
import { ATTR_AUTO, ATTR_DONE, ATTR_ENTRIES, ATTR_FAILED, ATTR_UPLOAD } from "../wire/constants.ts";
import type { Json } from "../wire/frames.ts";
import type { UploadsHost } from "./types.ts";

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
const REQUIRED = "required";

export const isAuto = ({ input }: FileSelection): boolean => input.hasAttribute(ATTR_AUTO);
export const entriesOf = ({ input }: FileSelection): string => input.getAttribute(ATTR_ENTRIES) ?? "";
export const isOver = ({ stage }: TrackedFile): boolean => stage === "done" || stage === "failed";
export const isUpload = (el: EventTarget | null): el is HTMLInputElement =>
  isElement(el) && invoke(el, "matches", `input[${ATTR_UPLOAD}]`);

const listed = (input: Element, name: string) => new Set(invoke(input, "getAttribute", name)?.split(","));

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

export interface FileTracker {
  readonly all: Iterable<FileSelection>;
  of(input: Element): FileSelection | undefined;
  /** Adds files of an input that takes several; for one that takes a single one they replace the former one. */
  add(input: HTMLInputElement, chosen: Chosen, view: BoundView): FileSelection;
  /** The view is mounted anew, and knows of nothing. */
  renew(selection: FileSelection): void;
  /** Compares files with the page's state of them: forgets those that the server does not have any more. */
  settle(): void;
  /** Set if an input has left the page. */
  readonly hasStrays: boolean;
  /** Lets go of inputs that have left the page. Others of the same uploads take over, now or when they come. */
  prune(): void;
}

export function createFileTracker({ win, viewOf }: UploadsHost): FileTracker {
  const all = new Map<Element, FileSelection>();
  /** Files of inputs that are not in the page just now. */
  const away = new Set<FileSelection>();
  let refs = 0;

  const forget = (selection: FileSelection, isGone: (file: TrackedFile) => boolean) => {
    const gone = selection.files.filter(isGone);
    if (!gone.length) return;
    selection.files = selection.files.filter((file) => !gone.includes(file));
    for (const { stop } of gone) stop?.();
    const { input } = selection;
    if (selection.files.length) return;
    const shown = [...(input.files ?? [])];
    // It is empty, and the same file may be chosen again.
    if (gone.some(({ source }) => shown.includes(source as File))) input.value = "";
  };

  /** An input that has files is not empty, even if the browser takes it for that. */
  const release = new WeakMap<Element, () => void>();
  const require = ({ input, files }: FileSelection) => {
    if (!files.length) {
      release.get(input)?.();
      release.delete(input);
    } else if (!release.has(input)) {
      let required = false;
      const lift = (el: Element) => {
        required = invoke(el, "hasAttribute", REQUIRED);
        invoke(el, "removeAttribute", REQUIRED);
      };
      const kept = stickyOpsOf(input);
      const key = `${ATTR_UPLOAD} ${REQUIRED}`;
      kept.set(key, lift);
      lift(input);
      release.set(input, () => {
        kept.delete(key);
        input.toggleAttribute(REQUIRED, required);
      });
    }
  };

  const renew = (selection: FileSelection) => {
    const { input, files } = selection;
    selection.upload = input.getAttribute(ATTR_UPLOAD) ?? "";
    selection.epoch++;
    selection.stuck = false;
    for (const file of files) {
      file.stop?.();
      file.stop = file.again = file.refused = undefined;
      file.stage = "new";
    }
  };

  const compare = (selection: FileSelection) => {
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
  };

  const isStray = ({ input }: FileSelection) => !input.isConnected || !isUpload(input);

  /** Nothing is sent of files that the user cannot see or take away. */
  const pause = (selection: FileSelection) => {
    selection.epoch++;
    for (const file of selection.files) {
      file.stop?.();
      file.stop = file.again = undefined;
      if (file.stage === "announcing") file.stage = "new";
      if (file.stage === "uploading") file.stage = "registered";
    }
  };

  /** Gives files of missing inputs the inputs of the same upload; of a view that is mounted anew those of the same name. */
  const adopt = () => {
    for (const selection of away) {
      const { input, upload, view, isAnew } = selection;
      const next = findAll<HTMLInputElement>(win.document, `input[${ATTR_UPLOAD}]`).find(
        (el) =>
          (isAnew ? el.name === input.name : el.getAttribute(ATTR_UPLOAD) === upload) &&
          viewOf(el) === view &&
          !all.has(el),
      );
      if (!next && !isAnew && read(view.el, "isConnected")) continue;
      away.delete(selection);
      if (!next) forget(selection, () => true);
      else {
        if (!next.multiple && input.files) next.files = input.files;
        selection.input = next;
        all.set(next, selection);
      }
    }
  };

  return {
    all: { [Symbol.iterator]: () => all.values() },
    of: (input) => all.get(input),
    renew(selection) {
      renew(selection);
      selection.isAnew = true;
      if (!selection.files.length) return;
      const now = performance.now();
      selection.mounts = [...selection.mounts.filter((at) => now - at < LATELY), now];
      if (selection.mounts.length <= MOUNTS) return;
      win.console.error(
        "Overwire: the view ends again and again, so its files are given up",
        selection.input,
      );
      forget(selection, () => true);
    },
    add(input, chosen, view) {
      const selection: FileSelection = all.get(input) ?? {
        input,
        upload: input.getAttribute(ATTR_UPLOAD) ?? "",
        files: [],
        epoch: 0,
        stuck: false,
        mounts: [],
        view,
        isAnew: false,
      };
      all.set(input, selection);
      selection.stuck = false;
      selection.mounts = [];
      const fresh = chosen
        .filter(({ source }) => !selection.files.some((file) => file.source === source))
        .map(({ source, relativePath }): TrackedFile => {
          const {
            name = "blob",
            webkitRelativePath = "",
            meta,
          } = source as Partial<File> & { meta?(): Json };
          return {
            ref: String(++refs),
            file: "name" in source ? (source as File) : new win.File([source], name, { type: source.type }),
            source,
            relativePath: relativePath ?? webkitRelativePath,
            meta: meta?.call(source),
            stage: "new",
            refused: undefined,
            stop: undefined,
            again: undefined,
          };
        });
      if (fresh.length && !input.multiple) forget(selection, () => true);
      selection.files.push(...fresh);
      if (input.multiple) input.value = "";
      require(selection);
      return selection;
    },
    settle() {
      adopt();
      for (const selection of all.values()) {
        if (!isStray(selection) && !lockedAround(selection.input)) compare(selection);
        require(selection);
      }
    },
    get hasStrays() {
      return [...all.values()].some(isStray);
    },
    prune() {
      for (const selection of [...all.values()].filter(isStray)) {
        all.delete(selection.input);
        pause(selection);
        if (selection.files.length) away.add(selection);
      }
      adopt();
    },
  };
}
