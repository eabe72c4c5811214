/** Requests of a view that await their answers: their loading state, locks and promises. */
import type { Push } from "../bindings/host.ts";
import { addLoading, removeLoading } from "../dom/element-state.ts";
import type { LoadingState } from "../dom/loading-state.ts";
import { lock, unlock } from "../dom/locks.ts";
import { EVENT, FORM } from "../wire/constants.ts";
import type { ClientFrame, EventRefusal, Extras } from "../wire/frames.ts";

export interface PendingRequest {
  readonly frame: ClientFrame;
  /** The event that was pushed, if it is one. */
  readonly push?: Push;
  /**
   * Locks its elements, or unlocks them for changes that its handler shows before the answer. Not if commands
   * of the page, which last until the answer, have shown it already.
   */
  hold?(set: typeof lock): void;
  /** Right before the answer is shown. */
  before(): void;
  /** After the answer is shown; `error` if there is no good answer. */
  after(extras: Extras, error?: Error): void;
}

/** By ref, in the order in which they were made. */
export type PendingRequests = Map<number, PendingRequest>;

/** Requests that a view without a connection keeps, at most. */
export const MOST_PENDING = 64;

export interface RequestFeatures {
  /** Shows more than classes. */
  readonly waiting: LoadingState;
}

export interface RequestContext {
  readonly win: Window & typeof globalThis;
  pageLoading(start: boolean, detail: object): void;
  readonly started: RequestFeatures | undefined;
  /** Tells the page that an element's event was refused. */
  refused(source: Element, event: string, refusal: EventRefusal): void;
}

/** Marks and locks the elements of an event. */
export function createRequest(
  { win, pageLoading: tell, refused: tellRefused, started }: RequestContext,
  view: number,
  ref: number,
  push: Push,
  resolve: (reply: unknown) => void,
  reject: (error: Error) => void,
): PendingRequest {
  const { type, event, source, component, loading = [], locks, pageLoading, undo } = push;
  const sources = new Set([source, ...loading]);
  const { showLoading, endLoading } = started?.waiting ?? {
    showLoading: addLoading,
    endLoading: removeLoading,
  };
  /** Unique among all events of the page. */
  const key = view * 1e9 + ref;
  const hold = (set: typeof lock) => {
    for (const each of locks ?? sources) set(each, ref, view);
  };
  for (const each of sources) showLoading(each, key, `phx-${type}-loading`);
  hold(lock);
  const detail = { kind: "element", target: source };
  if (pageLoading) tell(true, detail);
  const rest: readonly [component?: number] = component === undefined ? [] : [component];
  return {
    frame:
      "form" in push
        ? [FORM, view, ref, event, push.form, push.meta, ...rest]
        : [EVENT, view, ref, event, push.payload, ...rest],
    push,
    ...(!undo && { hold }),
    before() {
      hold(unlock);
      for (const each of sources) endLoading(each, key);
      undo?.();
    },
    after({ r: reply, x: refused }, error) {
      if (pageLoading) tell(false, detail);
      if (refused && refused.code !== "rolled_back") {
        win.console.error(`Overwire: ${refused.message}`);
        tellRefused(source, event, refused);
      }
      if (error || refused) return reject(error ?? new Error(refused?.message));
      push.done?.();
      resolve(reply ?? null);
    },
  };
}
