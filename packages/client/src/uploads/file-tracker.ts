/** The user's chosen files, by their inputs. */
import type { BoundView } from "../bindings/host.ts";
import { lockedAround } from "../dom/locks.ts";
import { findAll, read } from "../dom/native.ts";
import { ATTR_UPLOAD } from "../wire/constants.ts";
import {
  type Chosen,
  compare,
  createSelection,
  type FileSelection,
  forget,
  isStray,
  pause,
  remount,
  trackFile,
} from "./file-selection.ts";
import { settleRequired } from "./requirement.ts";
import type { UploadsHost } from "./types.ts";

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
      if (remount(selection)) return;
      win.console.error(
        "Overwire: the view ends again and again, so its files are given up",
        selection.input,
      );
      forget(selection, () => true);
    },
    add(input, chosen, view) {
      const selection = all.get(input) ?? createSelection(input, view);
      all.set(input, selection);
      selection.stuck = false;
      selection.mounts = [];
      const fresh = chosen
        .filter(({ source }) => !selection.files.some((file) => file.source === source))
        .map((one) => trackFile(win, ++refs, one));
      if (fresh.length && !input.multiple) forget(selection, () => true);
      selection.files.push(...fresh);
      if (input.multiple) input.value = "";
      settleRequired(selection);
      return selection;
    },
    settle() {
      adopt();
      for (const selection of all.values()) {
        if (!isStray(selection) && !lockedAround(selection.input)) compare(selection);
        settleRequired(selection);
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
