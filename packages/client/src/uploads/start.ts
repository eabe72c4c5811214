/** Takes care of a page's file inputs: files that are chosen in them, dropped for them, and given to them by hooks. */

import { lockedAround } from "../dom/locks.ts";
import { findAll } from "../dom/native.ts";
import { ATTR_UPLOAD } from "../wire/constants.ts";
import { createChunkSender } from "./chunk-sender.ts";
import { bindDrops } from "./drop.ts";
import { type Chosen, type FileSelection, isAuto, isUpload, resume } from "./file-selection.ts";
import { createFileTracker } from "./file-tracker.ts";
import { createPendingSubmits } from "./pending-submits.ts";
import { createPreflight } from "./preflight.ts";
import { createPreviews } from "./previews.ts";
import type { Uploads, UploadsHost } from "./types.ts";

/** Takes the files that are chosen in inputs, or given to them. */
function watchInputs(
  win: Window & typeof globalThis,
  take: (input: HTMLInputElement) => void,
  add: (input: HTMLInputElement, chosen: Chosen) => void,
  start: (input: EventTarget | null) => void,
): void {
  // Before the form tells of its change: the server is to know the files by then.
  for (const type of ["input", "change"])
    win.addEventListener(type, ({ target }) => isUpload(target) && take(target), true);
  win.addEventListener("track-uploads", (event) => {
    const { target, detail } = event as CustomEvent<{ readonly files: Iterable<Blob> }>;
    if (!isUpload(target)) return;
    add(
      target,
      [...detail.files].map((source) => ({ source })),
    );
    target.dispatchEvent(new win.Event("input", { bubbles: true }));
  });
  // Tests upload files that no form has submitted.
  win.addEventListener("ow:start-upload", ({ target }) => start(target));
}

export function startUploads(host: UploadsHost): Uploads {
  const { win } = host;
  const tracking = createFileTracker(host);
  const sender = createChunkSender(host);
  const exchange = createPreflight(host, {
    sender,
    changed: () => settle(),
    failed: (selection) => submits.cancel(selection),
  });
  const preview = createPreviews(win, tracking);

  const add = (input: HTMLInputElement, chosen: Chosen) => {
    const view = host.viewOf(input);
    if (!chosen.length || !view) return;
    exchange.announce(tracking.add(input, chosen, view));
    preview();
  };
  const take = (input: HTMLInputElement) => {
    add(
      input,
      [...(input.files ?? [])].map((source) => ({ source })),
    );
  };

  /** @param all also those that are not uploaded on their own */
  const go = (selection: FileSelection, all: boolean) => {
    // The page's state of the files may be out of date.
    if (selection.stuck || lockedAround(selection.input)) return;
    exchange.announce(selection);
    if (all || isAuto(selection)) exchange.begin(selection);
  };
  const submits = createPendingSubmits(host, tracking, (selection) => go(selection, true));

  const prune = () => {
    tracking.prune();
    settle();
  };
  const settle = () => {
    tracking.settle();
    preview();
    // An input that has left may only have given its place to another: that is known in a moment.
    if (tracking.hasStrays) return win.queueMicrotask(prune);
    for (const selection of tracking.all) go(selection, false);
    submits.settle();
  };

  watchInputs(win, take, add, (input) => {
    for (const selection of tracking.all) if (selection.input === input) go(selection, true);
  });
  bindDrops(host, add);
  // Files that were chosen before there was a listener.
  for (const input of findAll<HTMLInputElement>(win.document, `input[${ATTR_UPLOAD}]`)) take(input);

  return {
    settle,
    acked: sender.acked,
    lost: sender.lost,
    joined(view, resumed) {
      for (const selection of tracking.all) {
        if (selection.view === view) (resumed ? resume : tracking.renew)(selection);
      }
      // Forms that are recovered are left alone until then.
      win.queueMicrotask(settle);
    },
    get busy() {
      return exchange.busy || sender.busy;
    },
  };
}
