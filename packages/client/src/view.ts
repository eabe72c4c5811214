/** One view in the page: joins it, shows what the server sends, sends events and keeps track of their answers. */
import {
  ATTR_TOKEN,
  CLASS_CLIENT_ERROR,
  CLASS_CONNECTED,
  CLASS_ERROR,
  CLASS_LOADING,
  CLASS_SERVER_ERROR,
  type ClientFrame,
  END,
  type EndCode,
  EVENT,
  type Extras,
  FORM,
  JOIN,
  type Json,
  PATCH,
  type ServerFrame,
} from "@overwire/server/wire";
import type { BoundView, Push } from "./behaviour/bindings.ts";
import { addLoading, removeLoading } from "./dom/element-state.ts";
import { setTitle } from "./dom/title.ts";
import { resetFields, snapshotFields } from "./patch/fields.ts";
import { createPatcher, type Policy } from "./patch/patcher.ts";

/** What a view needs of the client it belongs to. */
export interface ViewContext {
  readonly win: Window & typeof globalThis;
  readonly policy: Policy;
  readonly params: { readonly [key: string]: Json };
  send(frame: ClientFrame): void;
  /** Whether frames can be sent now. */
  readonly connected: boolean;
  /** Runs a change of the page that must not look like something a person did. */
  patching(change: () => void): void;
  /** The page must be loaded again to go on. */
  reload(): void;
}

export interface View extends BoundView {
  /** Joined, and no event waits for its answer. */
  readonly idle: boolean;
  join(): void;
  receive(frame: ServerFrame): void;
  /** The socket closed. */
  disconnected(): void;
}

/** Delays before joining again a view that keeps crashing, in milliseconds. */
const RETRIES = [50, 1000, 2000, 5000, 10_000];
/** A view that lived this long, in milliseconds, did not crash at once. */
const STABLE = 5000;

export function createView(el: Element, number: number, context: ViewContext): View {
  const { win } = context;
  const patcher = createPatcher(el, context.policy);
  /** What to do when an event is answered: well, or not. */
  const pending = new Map<number, (well: boolean) => void>();
  /** Events of a page that was not joined yet. */
  let early: Push[] = [];
  let state: "new" | "joining" | "joined" | "ended" = "new";
  let ref = 0;
  let crashes = 0;
  let joinedAt = 0;
  let retry: number | undefined;

  const show = (...classes: string[]) => {
    el.classList.remove(CLASS_LOADING, CLASS_CONNECTED, CLASS_ERROR, CLASS_CLIENT_ERROR, CLASS_SERVER_ERROR);
    el.classList.add(...classes);
  };

  const forget = () => {
    for (const done of pending.values()) done(false);
    pending.clear();
  };

  const push: View["push"] = (message) => {
    if (state !== "joined") {
      if (joinedAt === 0 && state !== "ended") early.push(message);
      return;
    }
    const { type, event, source } = message;
    const own = ++ref;
    const isForm = "form" in message;
    // A field's change is also its form's.
    const sources = new Set([
      source,
      type === "change" ? ((source as HTMLInputElement).form ?? source) : source,
    ]);
    for (const each of sources) addLoading(each, own, `phx-${type}-loading`);
    const submitted = type === "submit" ? snapshotFields(source) : undefined;
    pending.set(own, (well) => {
      for (const each of sources) removeLoading(each, own);
      if (well && submitted) resetFields(submitted);
    });
    context.send(
      isForm
        ? [FORM, number, own, event, message.form, message.meta]
        : [EVENT, number, own, event, message.payload],
    );
  };

  const answered = (ref: number, refused: Extras["x"]) => {
    if (refused) win.console.error(`Overwire: ${refused.message}`);
    pending.get(ref)?.(!refused);
    pending.delete(ref);
  };

  const extra = ({ t: title, e: events = [] }: Extras) => {
    if (title !== undefined) setTitle(win.document, title);
    for (const [name, detail] of events) win.dispatchEvent(new win.CustomEvent(`phx:${name}`, { detail }));
  };

  const ended = (code: EndCode, message: string) => {
    state = "ended";
    forget();
    win.console.error(`Overwire: ${message}`);
    show(CLASS_LOADING, CLASS_ERROR, CLASS_SERVER_ERROR);
    if (code === "stale" || code === "refused") return context.reload();
    if (Date.now() - joinedAt > STABLE) crashes = 0;
    const delay = RETRIES[Math.min(crashes++, RETRIES.length - 1)] as number;
    retry = win.setTimeout(() => context.connected && join(), delay * (0.75 + Math.random() / 2));
  };

  const join = () => {
    win.clearTimeout(retry);
    state = "joining";
    show(CLASS_LOADING);
    const { origin, pathname, search } = win.location;
    const token = el.getAttribute(ATTR_TOKEN) ?? "";
    context.send([JOIN, number, { token, url: origin + pathname + search, params: context.params }]);
  };

  return {
    el,
    push,
    join,
    get idle() {
      return state === "joined" && pending.size === 0;
    },
    receive(frame) {
      try {
        if (frame[0] === END) return ended(frame[2], frame[3]);
        if (frame[0] === JOIN) {
          context.patching(() => patcher.load(frame[3], frame[4].s));
          state = "joined";
          joinedAt = Date.now();
          show(CLASS_CONNECTED);
          extra(frame[4]);
          const waiting = early;
          early = [];
          waiting.forEach(push);
        } else if (frame[0] === PATCH && state === "joined") {
          const [, , , ref, diff, extras = {}] = frame;
          if (diff) context.patching(() => patcher.merge(diff, extras.s));
          if (ref) answered(ref, extras.x);
          extra(extras);
        }
      } catch (error) {
        // The page and the server disagree: a fresh tree puts that right.
        win.console.error(error);
        ended("crashed", "a patch did not fit the page, it is joined again.");
      }
    },
    disconnected() {
      if (state === "ended") win.clearTimeout(retry);
      state = "joining";
      forget();
      show(CLASS_LOADING, CLASS_ERROR, CLASS_CLIENT_ERROR);
    },
  };
}
