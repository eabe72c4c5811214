/** Changes of the page by patches: one after the other, in a transition of the page's if it has one. */
import { keepFocus, watchSelection } from "../dom/focus.ts";
import type { FrameQueue } from "../net/frame-queue.ts";

export interface PageChanges {
  /** A change is being made: focus moves that the user did not make. */
  readonly active: boolean;
  /** Makes a change, and runs its continuation, maybe later. */
  run(change: () => void, done: () => void): void;
}

/** @param wrap starts a change when the page is ready for it */
export function createPageChanges(
  document: Document,
  traffic: FrameQueue,
  wrap: ((start: () => void) => void) | undefined,
): PageChanges {
  let active = false;
  watchSelection(document);
  return {
    get active() {
      return active;
    },
    run(change, done) {
      const run = () => {
        active = true;
        try {
          keepFocus(document, change);
        } finally {
          active = false;
        }
        done();
      };
      if (!wrap) return run();
      const { line } = traffic;
      const started = new Promise<void>((resolve) => {
        // A connection that is lost meanwhile brings the change again.
        wrap(() => resolve(line === traffic.line ? run() : undefined));
      });
      traffic.hold(started);
    },
  };
}
