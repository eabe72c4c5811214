/** Forms that are submitted before their files are there: they wait, upload, and then go on. */
import { loadingClasses } from "../dom/element-state.ts";
import { endLoading, setSubmitter, showLoading } from "../dom/loading-state.ts";
import { invoke, read } from "../dom/native.ts";
import { entriesOf, type FileSelection, isAuto, isOver } from "./file-selection.ts";
import type { FileTracker } from "./file-tracker.ts";
import type { UploadsHost } from "./types.ts";

/** Marks forms that wait. Those of events are numbers from 1. */
const REF = -1;
const CLASS = "phx-submit-loading";

export interface PendingSubmits {
  /** Goes on with forms whose files are there. */
  settle(): void;
  /** Gives up the submit that waits for an input's files, if one does: its form can be used again. */
  cancel(selection: FileSelection): void;
}

/** @param begin uploads the files that can be */
export function createPendingSubmits(
  host: UploadsHost,
  tracking: FileTracker,
  begin: (selection: FileSelection) => void,
): PendingSubmits {
  const { win, prefix } = host;
  const waiting = new Map<HTMLFormElement, HTMLElement | null>();

  const pickedOf = (form: HTMLFormElement) =>
    [...read(form, "elements")].flatMap((el) => tracking.of(el) ?? []);
  const hasOpen = (selection: FileSelection) => {
    const at = entriesOf(selection);
    return selection.files.some((file) => !isOver(file) && file.refused !== at);
  };
  /** A file that had failed before the submit has been told of, and does not hold an automatic upload's form back. */
  const hasFailed = (selection: FileSelection) =>
    selection.files.some((file) => file.stage === "failed" && !(isAuto(selection) && file.hadFailed));

  const release = (form: HTMLFormElement) => {
    waiting.delete(form);
    endLoading(form, REF);
  };

  const check = (form: HTMLFormElement) => {
    const all = pickedOf(form);
    if (!read(form, "isConnected") || all.some(hasFailed)) return release(form);
    for (const selection of all) begin(selection);
    if (all.some(hasOpen)) return;
    const submitter = waiting.get(form);
    release(form);
    // The button may be gone, or another form's.
    invoke(form, "requestSubmit", (submitter as HTMLButtonElement | null)?.form === form ? submitter : null);
  };

  win.addEventListener(
    "submit",
    (event) => {
      const form = event.target as HTMLFormElement;
      const { submitter } = event;
      if (!invoke(form, "hasAttribute", `${prefix}submit`) || !host.viewOf(form)) return;
      const isWaiting = loadingClasses(form).includes(CLASS);
      const all = pickedOf(form);
      if (!isWaiting) {
        for (const selection of all) {
          selection.stuck = false;
          selection.mounts = [];
          for (const file of selection.files) {
            file.refused = undefined;
            file.hadFailed = file.stage === "failed";
          }
        }
        if (!all.some((selection) => hasOpen(selection) || hasFailed(selection))) return;
      }
      event.preventDefault();
      event.stopImmediatePropagation();
      if (isWaiting) return;
      setSubmitter(form, submitter);
      showLoading(form, REF, CLASS);
      waiting.set(form, submitter);
      check(form);
    },
    true,
  );

  return {
    settle() {
      for (const form of [...waiting.keys()]) check(form);
    },
    cancel({ input: { form } }) {
      if (form && waiting.has(form)) release(form);
    },
  };
}
