/** Forms that are submitted before their files are there: they wait, upload, and then go on. */
import { loadingClasses } from "../dom/element-state.ts";
import { endWaiting, setSubmitter, showWaiting } from "../dom/loading-state.ts";
import { invoke, read } from "../dom/native.ts";
import { entriesOf, isAuto, isOver, type Picked, type Tracking } from "./file-tracker.ts";
import type { UploadsHost } from "./types.ts";

/** Marks forms that wait. Those of events are numbers from 1. */
const REF = -1;
const CLASS = "phx-submit-loading";

export interface Submits {
  /** Goes on with forms whose files are there. */
  settle(): void;
  /** Gives up the submit that waits for an input's files, if one does: its form can be used again. */
  cancel(picked: Picked): void;
}

/** @param begin uploads the files that can be */
export function createSubmits(
  host: UploadsHost,
  tracking: Tracking,
  begin: (picked: Picked) => void,
): Submits {
  const { win, prefix } = host;
  const waiting = new Map<HTMLFormElement, HTMLElement | null>();

  const pickedOf = (form: HTMLFormElement) =>
    [...read(form, "elements")].flatMap((el) => tracking.of(el) ?? []);
  const hasOpen = (picked: Picked) => {
    const at = entriesOf(picked);
    return picked.files.some((file) => !isOver(file) && file.refused !== at);
  };
  /** A file that had failed before the submit has been told of, and does not hold an automatic upload's form back. */
  const hasFailed = (picked: Picked) =>
    picked.files.some((file) => file.stage === "failed" && !(isAuto(picked) && file.hadFailed));

  const release = (form: HTMLFormElement) => {
    waiting.delete(form);
    endWaiting(form, REF);
  };

  const check = (form: HTMLFormElement) => {
    const all = pickedOf(form);
    if (!read(form, "isConnected") || all.some(hasFailed)) return release(form);
    for (const picked of all) begin(picked);
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
        for (const picked of all) {
          picked.stuck = false;
          picked.mounts = [];
          for (const file of picked.files) {
            file.refused = undefined;
            file.hadFailed = file.stage === "failed";
          }
        }
        if (!all.some((picked) => hasOpen(picked) || hasFailed(picked))) return;
      }
      event.preventDefault();
      event.stopImmediatePropagation();
      if (isWaiting) return;
      setSubmitter(form, submitter);
      showWaiting(form, REF, CLASS);
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
