/** One view in the page: joins it, shows the server's patches, sends events and keeps track of their answers. */
import type { BoundView } from "../bindings/host.ts";
import type { Recover, Recovery } from "../bindings/recovery.ts";
import { lock, unlock } from "../dom/locks.ts";
import { invoke } from "../dom/native.ts";
import { lostError } from "../net/lost.ts";
import type { Policy, ShowStream } from "../patch/patch-context.ts";
import { createPatcher, type Patcher } from "../patch/patcher.ts";
import {
  ACK,
  ATTR_TOKEN,
  CLASS_CLIENT_ERROR,
  CLASS_SERVER_ERROR,
  END,
  EVENT,
  JOIN,
  LEAVE,
  NAVIGATE,
  OWN,
  OWN_GONE,
  PATCH,
} from "../wire/constants.ts";
import type { ClientFrame, EndCode, Extras, Json, Navigation, ServerFrame } from "../wire/frames.ts";
import type { ReadTemplate } from "../wire/template-steps.ts";
import { createStatus, type StatusContext } from "./connection-status.ts";
import { createRetry } from "./join-retry.ts";
import {
  createRequest,
  MOST_PENDING,
  type PendingRequest,
  type PendingRequests,
  type RequestContext,
  type RequestFeatures,
} from "./pending-requests.ts";
import type { ReplaceChange } from "./waiting-changes.ts";

/** Features that views use once they are loaded. */
interface ViewFeatures extends RequestFeatures {
  readonly replaceChange: ReplaceChange;
  /** Finds the forms of a view that is joined again. */
  readonly recover: Recover;
  /** Tells hooks that their state of the server is out of date, or gone. */
  readonly hookManager: { tell(view: View, isOffline: boolean): void };
}

/** The client's services for a view. */
export interface ViewDelegate extends StatusContext, RequestContext {
  readonly prefix: string;
  readonly policy: Policy;
  /** Templates that the server has sent on this connection. */
  readonly templates: Map<number, ReadTemplate>;
  /** Shows a change of a stream, once that is loaded. */
  readonly showStream: () => ShowStream | undefined;
  readonly started: ViewFeatures | undefined;
  /** The number of the next join of the page. */
  attempt(): number;
  /** The address that a join is for. */
  url(): string;
  params(): { readonly [key: string]: Json };
  send(frame: ClientFrame): void;
  /** Set if frames can be sent now. */
  readonly connected: boolean;
  /** Runs a change of the page that must not look like the user's; then, maybe later, its follow-up. */
  patching(change: () => void, done: () => void): void;
  /** Shows changes that all views have left out: events of one may have locked elements of the others. */
  refresh(): void;
  /** Completes a change: hooks, nested views, the title, pushed events, redirects. */
  shown(view: View, extras: Extras, joined: boolean): void;
  /** Runs the commands that are bound to a state of the connection. */
  announce(view: View, connected: boolean): void;
  /**
   * The view has ended.
   * @param hopeless it could not be joined time and again
   * @returns true if that has been taken care of; otherwise it is joined again
   */
  ended(view: View, code: EndCode, to: Navigation | undefined, hopeless: boolean): boolean;
  /** Tells the page of events that a view pushed before it went elsewhere. */
  dispatch(events: Extras["e"]): void;
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
  /** The view was joined, and may be resumed when the connection is back. */
  readonly lost: boolean;
  /** Joined, and no event waits for its answer. */
  readonly idle: boolean;
  join(): void;
  receive(frame: ServerFrame): void;
  /** Shows changes that were left out in elements that are locked no more. */
  refresh(): void;
  /**
   * Goes to another URL of the same view. Rejects if it is not the view's. @returns the server's redirect
   * instead
   */
  patch(url: string, flash?: string): Promise<unknown>;
  /** Tells the server which patch was shown last, if it does not know. */
  ack(): void;
  /**
   * The socket closed.
   * @param final the view is to be mounted anew
   * @param refused because of a message
   */
  disconnected(final: boolean, refused: boolean): void;
  /** The view is over. */
  leave(): void;
}

/** Patches with events or replies, which the server keeps until they are acknowledged, without an acknowledgement. */
const UNACKED = 64;

/** @param joinedAt when the view was joined that goes on as this one, if there was one: forms go on too */
export function createView(
  el: Element,
  number: number,
  context: ViewDelegate,
  arrival?: Arrival,
  joinedAt = 0,
): View {
  const { win } = context;
  const pending: PendingRequests = new Map();
  let recovery: Recovery | undefined;
  const patcher: Patcher = createPatcher(
    el,
    {
      ...context.policy,
      coming(to, after) {
        recovery?.meet(to);
        context.policy.coming(to, after);
      },
    },
    context.templates,
    context.showStream,
  );
  let state: "new" | "joining" | "joined" | "ended" = "new";
  let ref = 0;
  /** The newest ref that an earlier connection may have brought to the server. */
  let sent = 0;
  /** The last patch that was shown, 0 while a first join is not answered; undefined if there is nothing to resume. */
  let seen: number | undefined;
  let acked: number | undefined;
  let unacked = 0;
  /** The last event by which forms were recovered, if any; below 0 if the view or the connection ended because of it. */
  let told = 0;

  const status = createStatus(el, context, (connected) => {
    if (connected) context.started?.hookManager.tell(view, false);
    context.announce(view, connected);
  });
  const retry = createRetry(win, () => context.connected && join());

  const worry = (reason: string) => {
    if (joinedAt) context.started?.hookManager.tell(view, true);
    status.worry(reason);
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

  /** Sends a request, or keeps it until the view is joined. */
  const ask = (own: number, request: PendingRequest) => {
    pending.set(own, request);
    if (state === "joined") context.send(request.frame);
  };

  const push: View["push"] = (message) =>
    new Promise((resolve, reject) => {
      // Uploads begin anew by themselves.
      if (state === "ended" || (view.lost && message.event.startsWith(OWN)))
        return reject(new Error("Overwire: the view is not connected"));
      if (state !== "joined") context.started?.replaceChange(pending, sent, message);
      if (state !== "joined" && pending.size >= MOST_PENDING)
        return reject(new Error("Overwire: too many events wait for the connection"));
      ask(++ref, createRequest(context, number, ref, message, resolve, reject));
    });

  const ack = () => {
    if (state !== "joined" || seen === acked) return;
    unacked = 0;
    acked = seen;
    context.send([ACK, number, seen as number]);
  };

  const ended = (frame: ServerFrame & { readonly 0: typeof END }) => {
    const [, , code, message, to] = frame;
    told = pending.has(told) ? -1 : 0;
    retry.failed(state === "joined" ? performance.now() - joinedAt : 0);
    state = "ended";
    seen = undefined;
    forget(message);
    if (context.ended(view, code, to, !joinedAt && !/^too/.test(code) && retry.hopeless)) return;
    win.console.error(`Overwire: ${message}`);
    worry(CLASS_SERVER_ERROR);
    retry.later(code);
  };

  const join = () => {
    retry.stop();
    state = "joining";
    if (!joinedAt) status.load();
    const token = invoke(el, "getAttribute", ATTR_TOKEN) ?? "";
    const coming = joinedAt ? undefined : arrival;
    context.send([
      JOIN,
      number,
      {
        token,
        url: coming ? coming.url : context.url(),
        params: context.params(),
        attempt: context.attempt(),
        ...(coming && { navigate: true }),
        ...(coming?.flash && { flash: coming.flash }),
        ...(seen !== undefined && { seen }),
      },
    ]);
    // The answer may be lost although the view has been mounted.
    if (!coming) seen ??= 0;
  };

  /** If page and server disagree, a fresh tree puts that right. */
  const show = (change: () => void, done?: () => void) => {
    let failed: boolean;
    context.patching(
      () => {
        try {
          change();
          context.refresh();
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
    const s = seen as number;
    if (gone.length)
      ask(++ref, { frame: [EVENT, number, ref, OWN_GONE, { c: gone, s }], before() {}, after() {} });
  };

  const receive = (frame: ServerFrame) => {
    if (frame[0] === END) {
      context.dispatch(frame[5]);
      ended(frame);
    } else if (frame[0] === JOIN) {
      const [, , patch, tree, extras] = frame;
      const { q } = extras;
      const [newest = 0, ...open] = q ?? [];
      // A view that was mounted anew answers none of them, so all of them end. Before a first join none was sent.
      const answered = [...pending].filter(([own]) => (q ? own <= newest && !open.includes(own) : joinedAt));
      recovery =
        joinedAt && !q && told >= 0 ? context.started?.recover(patcher.owns, () => ++ref) : undefined;
      if (extras.k) invoke(el, "setAttribute", ATTR_TOKEN, extras.k);
      show(
        () => {
          for (const [, each] of answered) each.before();
          patcher.load(tree);
        },
        () => {
          state = "joined";
          joinedAt = performance.now() || 1;
          seen = patch;
          acked = undefined;
          for (const [own] of answered) pending.delete(own);
          for (const [own, { frame }] of pending) if (own > newest) context.send(frame);
          tellGone();
          for (const [, each] of answered) each.after({}, q ? undefined : lostError());
          context.shown(view, extras, true);
          status.calm();
          recovery?.tell(show);
          told = recovery ? ref : 0;
        },
      );
    } else if (frame[0] === PATCH && state === "joined") {
      const [, , patch, ref, diff, extras = {}] = frame;
      const answered = pending.get(ref);
      const handled = pending.get(extras.f as number);
      show(
        () => {
          answered?.before();
          handled?.hold?.(unlock);
          if (diff || extras.c) patcher.merge(diff, extras.c);
        },
        () => {
          handled?.hold?.(lock);
          seen = patch;
          if ((extras.e || "r" in extras) && ++unacked >= UNACKED) ack();
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
    get lost() {
      return joinedAt > 0 && seen !== undefined && state !== "joined";
    },
    get idle() {
      return state === "joined" && pending.size === 0;
    },
    componentOf: (el) => patcher.componentOf(el),
    receive,
    refresh: patcher.refresh,
    patch: (url, flash) =>
      new Promise((resolve, reject) => {
        if (state !== "joined") return reject(lostError());
        ask(++ref, {
          frame: flash ? [NAVIGATE, number, ref, url, flash] : [NAVIGATE, number, ref, url],
          before() {},
          after: ({ x, n }, error) => (error || x ? reject(error ?? new Error(x?.code)) : resolve(n)),
        });
      }),
    ack,
    disconnected(final, refused) {
      retry.stop();
      if (state === "joined") sent = ref;
      state = "new";
      if (refused && pending.has(told)) told = -1;
      if (final) {
        seen = undefined;
        forget("the connection was closed");
      }
      if (!context.isLeaving()) worry(CLASS_CLIENT_ERROR);
    },
    leave() {
      if (!view.waits) context.send([LEAVE, number]);
      state = "ended";
      retry.stop();
      status.end();
      forget("the view is gone");
      patcher.destroy();
    },
  };
  return view;
}
