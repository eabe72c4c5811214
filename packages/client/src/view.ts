/** One view in the page: joins it, shows what the server sends, sends events and keeps track of their answers. */
import {
  ATTR_STATE,
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
  LEAVE,
  NAVIGATE,
  type Navigation,
  OWN_GONE,
  PATCH,
  type ReadTemplate,
  type ServerFrame,
} from "@overwire/server/wire";
import type { BoundView, Push } from "./behaviour/host.ts";
import type { Recover, Recovery } from "./behaviour/recovery.ts";
import { addLoading, removeLoading } from "./dom/element-state.ts";
import { lock, unlock } from "./dom/locks.ts";
import { resetFields, snapshotFields } from "./patch/fields.ts";
import { createPatcher, type Patcher, type Policy } from "./patch/patcher.ts";
import type { ShowStream } from "./patch/patching.ts";

/** What a view needs of the client it belongs to. */
export interface ViewContext {
  readonly win: Window & typeof globalThis;
  readonly prefix: string;
  readonly policy: Policy;
  /** What the server has sent on this connection. */
  readonly templates: Map<number, ReadTemplate>;
  /** Shows a change of a stream, once that is loaded. */
  readonly showStream: () => ShowStream | undefined;
  /** How long a lost connection does not show, in milliseconds. */
  readonly grace: number;
  params(): { readonly [key: string]: Json };
  send(frame: ClientFrame): void;
  /** Whether frames can be sent now. */
  readonly connected: boolean;
  /** The page is being left: nothing is to look like trouble. */
  readonly leaving: boolean;
  /** Runs a change of the page that must not look like something a person did; then, maybe later, what follows it. */
  patching(change: () => void, done: () => void): void;
  /** What is shown is complete: hooks, nested views, the title, pushed events, the way elsewhere. */
  shown(view: View, extras: Extras, joined: boolean): void;
  /** Runs the commands that are bound to a state of the connection. */
  announce(view: View, connected: boolean): void;
  /** Tells hooks that what they have of the server is out of date, or no more. */
  offline(view: View, offline: boolean): void;
  /**
   * The view has ended.
   * @param hopeless it could not be joined time and again
   * @returns whether that has been taken care of; otherwise it is joined again
   */
  ended(view: View, code: EndCode, to: Navigation | undefined, hopeless: boolean): boolean;
  pageLoading(start: boolean, detail: object): void;
  /** Tells the page of events that a view pushed before it went elsewhere. */
  dispatch(events: Extras["e"]): void;
  /** Finds the forms of a view that is joined again. */
  recover(...args: Parameters<Recover>): Recovery | undefined;
}

/** A live navigation by which a view comes. */
export interface Arrival {
  readonly url: string;
  readonly flash?: string | undefined;
}

export interface View extends BoundView {
  readonly number: number;
  readonly joined: boolean;
  /** Nothing has been asked of the server yet on this connection. */
  readonly waits: boolean;
  /** Joined, and no event waits for its answer. */
  readonly idle: boolean;
  join(): void;
  receive(frame: ServerFrame): void;
  /** Goes to another URL of the same view. Rejects where it is not the view's. @returns where the server sent the page instead */
  patch(url: string, flash?: string): Promise<unknown>;
  /** The socket closed. @param final the view is to be mounted anew */
  disconnected(final: boolean): void;
  /** The view is over. */
  leave(): void;
}

/** Delays before joining again a view that keeps crashing, in milliseconds. */
const RETRIES = [50, 1000, 2000, 5000, 10_000];
/** A nested view that was never joined is given up after so many times. */
const ATTEMPTS = 3;
/** A view that lived this long, in milliseconds, did not crash at once. */
const STABLE = 5000;

interface Pending {
  readonly frame: ClientFrame;
  /** Right before the answer is shown. */
  before(): void;
  /** After that; `error` where there is no good answer. */
  after(extras: Extras, error?: Error): void;
}

/** @param joinedAt when the view was joined that goes on as this one, if there was one: forms go on too */
export function createView(
  el: Element,
  number: number,
  context: ViewContext,
  arrival?: Arrival,
  joinedAt = 0,
): View {
  const { win } = context;
  const pending = new Map<number, Pending>();
  let recovery: Recovery | undefined;
  const patcher: Patcher = createPatcher(
    el,
    {
      ...context.policy,
      coming(to) {
        recovery?.meet(to);
        context.policy.coming(to);
      },
    },
    context.templates,
    context.showStream,
  );
  /** Events of a page that was not joined yet. */
  const early: (() => void)[] = [];
  let state: "new" | "joining" | "joined" | "ended" = "new";
  let ref = 0;
  /** The last patch that was shown. */
  let seen = 0;
  /** The last event by which forms were recovered; below 0 where the view crashed at that. */
  let told = 0;
  let crashes = 0;
  let retry: number | undefined;
  let trouble: number | undefined;
  let shown = false;

  const classes = (...names: string[]) => {
    el.classList.remove(CLASS_LOADING, CLASS_CONNECTED, CLASS_ERROR, CLASS_CLIENT_ERROR, CLASS_SERVER_ERROR);
    el.classList.add(...names);
  };

  /** Something is wrong, which shows if it stays so. */
  const worry = (className: string) => {
    if (joinedAt) context.offline(view, true);
    if (trouble !== undefined || shown) return;
    const show = () => {
      trouble = undefined;
      if (context.leaving) return;
      shown = true;
      classes(CLASS_LOADING, CLASS_ERROR, className);
      el.setAttribute(ATTR_STATE, "reconnecting");
      context.announce(view, false);
    };
    if (context.grace) trouble = win.setTimeout(show, context.grace);
    else show();
  };

  const calm = () => {
    win.clearTimeout(trouble);
    trouble = undefined;
    shown = false;
    classes(CLASS_CONNECTED);
    el.removeAttribute(ATTR_STATE);
    context.offline(view, false);
    context.announce(view, true);
  };

  const forget = (message: string) => {
    const all = [...pending.values()];
    pending.clear();
    for (const each of all) {
      each.before();
      each.after({}, new Error(`Overwire: ${message}`));
    }
    if (all.length) show(() => {});
  };

  /** Sends something that is answered. */
  const ask = (own: number, each: Pending) => {
    pending.set(own, each);
    context.send(each.frame);
  };

  const send = (
    message: Push,
    resolve: (reply: unknown) => void,
    reject: (error: Error) => void,
    own = ++ref,
  ) => {
    const { type, event, source, component, loading = [], pageLoading, undo } = message;
    const form = type === "change" ? (source as HTMLInputElement).form : undefined;
    const sources = new Set<Element>(form ? [source, form, ...loading] : [source, ...loading]);
    const locked = new Set<Element>(
      type === "submit" ? [...((source as HTMLFormElement).elements ?? []), ...loading] : sources,
    );
    for (const each of sources) addLoading(each, own, `phx-${type}-loading`);
    for (const each of locked) lock(each, own);
    const submitted = type === "submit" ? snapshotFields(source) : undefined;
    const detail = { kind: "element", target: source };
    if (pageLoading) context.pageLoading(true, detail);
    const rest = component === undefined ? [] : [component];
    ask(own, {
      frame: ("form" in message
        ? [FORM, number, own, event, message.form, message.meta, ...rest]
        : [EVENT, number, own, event, message.payload, ...rest]) as unknown as ClientFrame,
      before() {
        for (const each of locked) unlock(each, own);
        for (const each of sources) removeLoading(each, own);
        undo?.();
      },
      after({ r: reply, x: refused }, error) {
        if (pageLoading) context.pageLoading(false, detail);
        if (refused && refused.code !== "rolled_back") win.console.error(`Overwire: ${refused.message}`);
        if (error || refused) return reject(error ?? new Error(refused?.message));
        if (submitted) resetFields(submitted);
        resolve(reply ?? null);
      },
    });
  };

  const push: View["push"] = (message) =>
    new Promise((resolve, reject) => {
      if (state === "joined") send(message, resolve, reject);
      else if (!joinedAt && state !== "ended") early.push(() => send(message, resolve, reject));
      else reject(new Error("Overwire: the view is not connected"));
    });

  const ended = (frame: ServerFrame & { readonly 0: typeof END }) => {
    const [, , code, message, to] = frame;
    told = pending.has(told) ? -1 : 0;
    if (state === "joined" && Date.now() - joinedAt > STABLE) crashes = 0;
    state = "ended";
    seen = 0;
    forget(message);
    crashes++;
    if (context.ended(view, code, to, !joinedAt && crashes >= ATTEMPTS)) return;
    win.console.error(`Overwire: ${message}`);
    worry(CLASS_SERVER_ERROR);
    const delay = RETRIES[Math.min(crashes, RETRIES.length) - 1] as number;
    retry = win.setTimeout(() => context.connected && join(), delay * (0.75 + Math.random() / 2));
  };

  const join = () => {
    win.clearTimeout(retry);
    state = "joining";
    if (!joinedAt) classes(CLASS_LOADING);
    const { origin, pathname, search } = win.location;
    const token = el.getAttribute(ATTR_TOKEN) ?? "";
    const coming = joinedAt ? undefined : arrival;
    context.send([
      JOIN,
      number,
      {
        token,
        url: coming ? coming.url : origin + pathname + search,
        params: context.params(),
        ...(coming && { navigate: true }),
        ...(coming?.flash && { flash: coming.flash }),
        ...(seen && { seen }),
      },
    ]);
  };

  /** Where page and server disagree a fresh tree puts that right. */
  const show = (change: () => void, done?: () => void) => {
    let failed: boolean;
    context.patching(
      () => {
        try {
          change();
          patcher.refresh();
        } catch (error) {
          failed = true;
          win.console.error(error);
        }
      },
      () => {
        if (failed) ended([END, number, "crashed", "a patch did not fit the page"]);
        else done?.();
      },
    );
  };

  /** Items that a limit took away may have held live components. */
  const tellGone = () => {
    const gone = patcher.takeGone();
    if (gone.length)
      ask(++ref, { frame: [EVENT, number, ref, OWN_GONE, { c: gone, s: seen }], before() {}, after() {} });
  };

  const receive = (frame: ServerFrame) => {
    if (frame[0] === END) {
      context.dispatch(frame[5]);
      ended(frame);
    } else if (frame[0] === JOIN) {
      const [, , patch, tree, extras] = frame;
      const { q: [newest, ...open] = [] } = extras;
      const resumed = newest !== undefined;
      // What the server knows of and has no answer to come has been answered while nobody heard.
      const answered = [...pending].filter(([own]) => !resumed || (own <= newest && !open.includes(own)));
      recovery = joinedAt && !resumed && told >= 0 ? context.recover(patcher.owns, () => ++ref) : undefined;
      if (extras.k) el.setAttribute(ATTR_TOKEN, extras.k);
      show(
        () => {
          for (const [, each] of answered) each.before();
          patcher.load(tree, extras.s);
        },
        () => {
          state = "joined";
          joinedAt = Date.now();
          seen = patch;
          tellGone();
          for (const [own, each] of answered) {
            pending.delete(own);
            each.after({}, resumed ? undefined : new Error("Overwire: the connection was lost"));
          }
          if (resumed) for (const [own, { frame }] of pending) if (own > newest) context.send(frame);
          context.shown(view, extras, true);
          calm();
          recovery?.tell(show);
          told = ref;
          for (const run of early.splice(0)) run();
        },
      );
    } else if (frame[0] === PATCH && state === "joined") {
      const [, , patch, ref, diff, extras = {}] = frame;
      const answered = pending.get(ref);
      show(
        () => {
          answered?.before();
          if (diff || extras.c || extras.s) patcher.merge(diff, extras.s, extras.c);
        },
        () => {
          seen = patch;
          tellGone();
          const waits = pending.delete(ref);
          context.shown(view, extras, false);
          if (waits) answered?.after(extras);
        },
      );
    }
  };

  const view: View = {
    el,
    number,
    push,
    join,
    get joined() {
      return state === "joined";
    },
    get waits() {
      return state === "new";
    },
    get idle() {
      return state === "joined" && pending.size === 0;
    },
    componentOf: (el) => patcher.componentOf(el),
    receive,
    patch: (url, flash) =>
      new Promise((resolve, reject) => {
        if (state !== "joined") return reject(new Error("Overwire: the view is not connected"));
        ask(++ref, {
          frame: flash ? [NAVIGATE, number, ref, url, flash] : [NAVIGATE, number, ref, url],
          before() {},
          after: ({ x, n }, error) => (error || x ? reject(error ?? new Error(x?.code)) : resolve(n)),
        });
      }),
    disconnected(final) {
      win.clearTimeout(retry);
      state = "new";
      if (final) seen = 0;
      if (!context.leaving) worry(CLASS_CLIENT_ERROR);
    },
    leave() {
      if (!view.waits) context.send([LEAVE, number]);
      state = "ended";
      win.clearTimeout(retry);
      win.clearTimeout(trouble);
      classes();
      el.removeAttribute(ATTR_STATE);
      forget("the view is gone");
      patcher.destroy();
    },
  };
  return view;
}
