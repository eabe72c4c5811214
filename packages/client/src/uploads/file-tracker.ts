/** The user's chosen files, by their inputs, and the progress of each. */
import {
  ATTR_AUTO,
  ATTR_DONE,
  ATTR_ENTRIES,
  ATTR_FAILED,
  ATTR_UPLOAD,
  type Json,
} from "@overwire/server/wire";
import type { BoundView } from "../bindings/host.ts";
import { lockedAround } from "../dom/locks.ts";
import { findAll, invoke, isElement, read } from "../dom/native.ts";
import { keptOf } from "../dom/sticky-ops.ts";
import type { UploadsHost } from "./types.ts";

/**
 * `new`: the server is to be told of it. `told`: it has not answered yet. `known`: it has the entry. `going`: it has been
 * asked to take the file, or takes it. `done`, `failed`: nothing more is sent.
 */
export type Stage = "new" | "told" | "known" | "going" | "done" | "failed";

export interface Tracked {
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
export interface Picked {
  input: HTMLInputElement;
  /** The ref of the upload that the files are for. */
  upload: string;
  files: Tracked[];
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

export const isAuto = ({ input }: Picked): boolean => input.hasAttribute(ATTR_AUTO);
export const entriesOf = ({ input }: Picked): string => input.getAttribute(ATTR_ENTRIES) ?? "";
export const isOver = ({ stage }: Tracked): boolean => stage === "done" || stage === "failed";
export const isUpload = (el: EventTarget | null): el is HTMLInputElement =>
  isElement(el) && invoke(el, "matches", `input[${ATTR_UPLOAD}]`);

const listed = (input: Element, name: string) => new Set(invoke(input, "getAttribute", name)?.split(","));

/** Announcement of a file to the server. */
export function describe({ ref, file, relativePath, meta }: Tracked): Json {
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

export interface Tracking {
  readonly all: Iterable<Picked>;
  of(input: Element): Picked | undefined;
  /** Adds files of an input that takes several; for one that takes a single one they replace the former one. */
  add(input: HTMLInputElement, chosen: Chosen, view: BoundView): Picked;
  /** The view is mounted anew, and knows of nothing. */
  renew(picked: Picked): void;
  /** Compares files with the page's state of them: forgets those that the server does not have any more. */
  settle(): void;
  /** Set if an input has left the page. */
  readonly hasStrays: boolean;
  /** Lets go of inputs that have left the page. Others of the same uploads take over, now or when they come. */
  prune(): void;
}

export function createTracking({ win, viewOf }: UploadsHost): Tracking {
  const all = new Map<Element, Picked>();
  /** Files of inputs that are not in the page just now. */
  const away = new Set<Picked>();
  let refs = 0;

  const forget = (picked: Picked, isGone: (file: Tracked) => boolean) => {
    const gone = picked.files.filter(isGone);
    if (!gone.length) return;
    picked.files = picked.files.filter((file) => !gone.includes(file));
    for (const { stop } of gone) stop?.();
    const { input } = picked;
    if (picked.files.length) return;
    const shown = [...(input.files ?? [])];
    // It is empty, and the same file may be chosen again.
    if (gone.some(({ source }) => shown.includes(source as File))) input.value = "";
  };

  /** An input that has files is not empty, even if the browser takes it for that. */
  const release = new WeakMap<Element, () => void>();
  const require = ({ input, files }: Picked) => {
    if (!files.length) {
      release.get(input)?.();
      release.delete(input);
    } else if (!release.has(input)) {
      let required = false;
      const lift = (el: Element) => {
        required = invoke(el, "hasAttribute", REQUIRED);
        invoke(el, "removeAttribute", REQUIRED);
      };
      const kept = keptOf(input);
      const key = `${ATTR_UPLOAD} ${REQUIRED}`;
      kept.set(key, lift);
      lift(input);
      release.set(input, () => {
        kept.delete(key);
        input.toggleAttribute(REQUIRED, required);
      });
    }
  };

  const renew = (picked: Picked) => {
    const { input, files } = picked;
    picked.upload = input.getAttribute(ATTR_UPLOAD) ?? "";
    picked.epoch++;
    picked.stuck = false;
    for (const file of files) {
      file.stop?.();
      file.stop = file.again = file.refused = undefined;
      file.stage = "new";
    }
  };

  const compare = (picked: Picked) => {
    const { input, isAnew } = picked;
    picked.isAnew = false;
    if (input.getAttribute(ATTR_UPLOAD) !== picked.upload) {
      if (!isAnew) forget(picked, () => true);
      renew(picked);
    }
    const [entries, done, failed] = [ATTR_ENTRIES, ATTR_DONE, ATTR_FAILED].map((name) => listed(input, name));
    forget(picked, ({ stage, ref }) => stage !== "new" && stage !== "told" && !entries?.has(ref));
    for (const file of picked.files) {
      if (file.stage !== "known" && file.stage !== "going") continue;
      const stage = done?.has(file.ref) ? "done" : failed?.has(file.ref) ? "failed" : undefined;
      if (!stage) continue;
      // An external upload that is complete is not to hear that it was cancelled.
      if (stage === "failed" || !file.again) file.stop?.();
      file.stop = file.again = undefined;
      file.stage = stage;
    }
  };

  const isStray = ({ input }: Picked) => !input.isConnected || !isUpload(input);

  /** Nothing is sent of files that the user cannot see or take away. */
  const pause = (picked: Picked) => {
    picked.epoch++;
    for (const file of picked.files) {
      file.stop?.();
      file.stop = file.again = undefined;
      if (file.stage === "told") file.stage = "new";
      if (file.stage === "going") file.stage = "known";
    }
  };

  /** Gives files of missing inputs the inputs of the same upload; of a view that is mounted anew those of the same name. */
  const adopt = () => {
    for (const picked of away) {
      const { input, upload, view, isAnew } = picked;
      const next = findAll<HTMLInputElement>(win.document, `input[${ATTR_UPLOAD}]`).find(
        (el) =>
          (isAnew ? el.name === input.name : el.getAttribute(ATTR_UPLOAD) === upload) &&
          viewOf(el) === view &&
          !all.has(el),
      );
      if (!next && !isAnew && read(view.el, "isConnected")) continue;
      away.delete(picked);
      if (!next) forget(picked, () => true);
      else {
        if (!next.multiple && input.files) next.files = input.files;
        picked.input = next;
        all.set(next, picked);
      }
    }
  };

  return {
    all: { [Symbol.iterator]: () => all.values() },
    of: (input) => all.get(input),
    renew(picked) {
      renew(picked);
      picked.isAnew = true;
      if (!picked.files.length) return;
      const now = performance.now();
      picked.mounts = [...picked.mounts.filter((at) => now - at < LATELY), now];
      if (picked.mounts.length <= MOUNTS) return;
      win.console.error("Overwire: the view ends again and again, so its files are given up", picked.input);
      forget(picked, () => true);
    },
    add(input, chosen, view) {
      const picked: Picked = all.get(input) ?? {
        input,
        upload: input.getAttribute(ATTR_UPLOAD) ?? "",
        files: [],
        epoch: 0,
        stuck: false,
        mounts: [],
        view,
        isAnew: false,
      };
      all.set(input, picked);
      picked.stuck = false;
      picked.mounts = [];
      const fresh = chosen
        .filter(({ source }) => !picked.files.some((file) => file.source === source))
        .map(({ source, relativePath }): Tracked => {
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
      if (fresh.length && !input.multiple) forget(picked, () => true);
      picked.files.push(...fresh);
      if (input.multiple) input.value = "";
      require(picked);
      return picked;
    },
    settle() {
      adopt();
      for (const picked of all.values()) {
        if (!isStray(picked) && !lockedAround(picked.input)) compare(picked);
        require(picked);
      }
    },
    get hasStrays() {
      return [...all.values()].some(isStray);
    },
    prune() {
      for (const picked of [...all.values()].filter(isStray)) {
        all.delete(picked.input);
        pause(picked);
        if (picked.files.length) away.add(picked);
      }
      adopt();
    },
  };
}
