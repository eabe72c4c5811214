/**
 * The client of one page: its socket, its views, and the user's actions on them. The only place that puts
 * them together.
 */
import { bind } from "./bindings/bindings.ts";
import type { Host } from "./bindings/host.ts";
import { isTriggered } from "./bindings/phx-value.ts";
import type { Js } from "./commands/js.ts";
import { findAll, invoke } from "./dom/native.ts";
import { applyStyles } from "./dom/style.ts";
import { setTitle } from "./dom/title.ts";
import {
  createFeatureLoader,
  type FeatureLoader,
  type Features,
  type StartedFeatures,
  type WhenLoaded,
} from "./features/loader.ts";
import type { HookSocket } from "./hooks/hook-types.ts";
import { observePage } from "./hooks/page-observer.ts";
import { readAddress } from "./navigation/address.ts";
import type { SwapHost } from "./navigation/view-swap.ts";
import { createFrameQueue } from "./net/frame-queue.ts";
import type { LatencySimulation } from "./net/latency-sim.ts";
import { lostError } from "./net/lost.ts";
import { reload, reloaded } from "./net/reload.ts";
import { createSocket, type Socket } from "./net/socket.ts";
import type { LiveSocketOptions } from "./options.ts";
import { createPageChanges } from "./page/page-changes.ts";
import { createPageViews } from "./page/page-views.ts";
import { createPolicy } from "./patch/policy.ts";
import type { UploadsHost } from "./uploads/uploads.ts";
import { type Arrival, createView, type View, type ViewContext } from "./view/view.ts";
import { learnTemplates } from "./wire/client-tree.ts";
import {
  ATTR_SOCKET,
  ATTR_STICKY,
  ATTR_TOKEN,
  CHUNK,
  HEARTBEAT,
  JOIN,
  SOCKET_PATH,
} from "./wire/constants.ts";
import type { Extras, Navigation } from "./wire/frames.ts";

/** Connects the live views of a page to the server and keeps them connected. */
export class Client {
  readonly #socket: Socket;
  readonly #views = new Map<number, View>();
  readonly #starting: FeatureLoader;
  readonly #then: WhenLoaded;
  readonly #win: Window & typeof globalThis;
  readonly #travel: (use: (travel: LatencySimulation) => void) => void;

  /** @param load the features, or a way to load them */
  constructor(options: LiveSocketOptions, load: Features | (() => Promise<Features>)) {
    const {
      window: win = window,
      bindingPrefix: prefix = "phx-",
      params = {},
      metadata = {},
      hooks: authored = {},
      immediate = false,
      reconnectingAfter = immediate ? 0 : 2000,
      dom = {},
    } = options;
    const { document } = win;
    this.#win = win;
    applyStyles(document);
    const first = invoke(document, "querySelector", `[${ATTR_TOKEN}]`);
    const path = options.url ?? (first && invoke(first, "getAttribute", ATTR_SOCKET)) ?? SOCKET_PATH;
    let numbers = 0;
    let attempts = 0;
    const { at: viewAt, of: viewOf, around, ...containers } = createPageViews<View>();
    const commands: Host["commands"] = { run: (...args) => starting.run(...args) };
    /** The form that the last change of the page asks to be submitted. */
    let triggered: HTMLFormElement | undefined;
    /** The navigation that waits for its view. */
    const arriving = () => starting.started?.arrivals.current;

    const rare: StartedFeatures["rare"] = (use) => this.#then(({ rare }) => rare(use));

    let initial: object | undefined = { kind: "initial", to: win.location.href };
    const traffic = createFrameQueue((frame) => {
      if (frame[0] === CHUNK) starting.started?.uploads.acked(frame);
      else if (frame[0] !== HEARTBEAT) {
        // The server sends statics once on a connection, also in frames of views that have been left meanwhile.
        learnTemplates(context.templates, (frame[frame[0] === JOIN ? 4 : 5] as Extras | undefined)?.s);
        this.#views.get(frame[1])?.receive(frame);
      }
    });
    const socket = createSocket({
      win,
      WebSocket: options.WebSocket ?? win.WebSocket,
      url: new win.URL(path, win.location.href).href.replace(/^http/, "ws"),
      onOpen: () => {
        // Another server may have other numbers for them.
        context.templates.clear();
        // A nested view follows when the one around it has been joined.
        for (const view of this.#views.values()) if (!around(view.el)) view.join();
      },
      onBeat: () => {
        for (const view of this.#views.values()) view.ack();
      },
      onClose: (final, refused) => {
        traffic.end();
        arriving()?.settle(lostError());
        starting.started?.uploads.lost();
        for (const view of this.#views.values()) view.disconnected(final, refused);
      },
      onFrame: traffic.receive,
      // On a later connection it is sent twice, which does no harm.
      onLarge: (...large) => rare(({ inPlaceOf }) => context.send(inPlaceOf(...large))),
    });
    this.#socket = socket;
    const changes = createPageChanges(document, traffic, dom.onDocumentPatch?.bind(dom));

    const pageLoading = (start: boolean, detail: object) => {
      win.dispatchEvent(new win.CustomEvent(`phx:page-loading-${start ? "start" : "stop"}`, { detail }));
    };

    const runAll = (view: View, name: string) => {
      for (const el of findAll(document, `[${prefix}${name}]`)) {
        if (viewOf(el) === view)
          commands.run(invoke(el, "getAttribute", prefix + name) as string, { source: el, type: "hook" });
      }
    };

    const context: ViewContext & { leaving: boolean } = {
      win,
      prefix,
      grace: reconnectingAfter,
      templates: new Map(),
      policy: createPolicy(prefix, {
        ...(dom.onBeforeElUpdated && { onBeforeElUpdated: dom.onBeforeElUpdated }),
        beforeUpdate: (el) => starting.started?.lives.beforeUpdate(el),
        removing: (el) => starting.started?.removing(el),
        telling: () => starting.started?.telling,
        keepChoice: () => starting.started?.keepChoice,
        keepRadios: () => starting.started?.keepRadios,
        renewed: (container) => {
          const view = viewAt(container);
          // Another page's token for a view that has moved there, or waits to be joined again.
          if (view && (view.joined || view.waits) && invoke(container, "hasAttribute", ATTR_STICKY)) return;
          // The views in it are mounted anew with it.
          const joinedAt = around(container)?.joined ? 0 : 1;
          drop(container);
          open(container, joinedAt);
        },
      }),
      showStream: () => starting.showStream(),
      waiting: () => starting.started?.waiting,
      replaceChange: (...args) => starting.started?.replaceChange(...args),
      attempt: () => ++attempts,
      url: () => starting.started?.navigating.shown ?? (win.location.href.split("#")[0] as string),
      recover: (...args) => starting.started?.recover(...args),
      params: () => (typeof params === "function" ? params() : params),
      send: (frame) => traffic.send(frame, socket.send),
      get connected() {
        return socket.connected;
      },
      leaving: false,
      patching: changes.run,
      refresh: () => {
        for (const view of this.#views.values()) view.refresh();
      },
      shown: (view, { t: title, e: events, n, q }: Extras, joined) => {
        const arrived = joined && arriving()?.view === view && arriving();
        if (arrived) arrived.settle();
        hooks.settle();
        const { uploads } = starting.started ?? {};
        if (joined) uploads?.joined(view, !!q);
        uploads?.settle();
        if (title !== undefined || arrived) setTitle(document, title);
        hooks.dispatch(events);
        if (n) go(view, n);
        if (triggered && isTriggered(triggered, prefix)) submit(triggered);
        triggered = undefined;
      },
      announce: (view, connected) => {
        runAll(view, connected ? "connected" : "disconnected");
        if (connected) {
          if (view === pageViews.main) {
            reloaded(win);
            if (initial) pageLoading(false, initial);
            initial = undefined;
            starting.started?.navigating.resume();
          }
          for (const nested of this.#views.values()) {
            if (nested.waits && around(nested.el) === view) nested.join();
          }
        }
      },
      offline: (view, offline) => starting.started?.lives.tell(view, offline),
      ended: (view, code, to, hopeless) => {
        if (arriving()?.view === view) {
          arriving()?.settle(new Error(code));
          if (to) this.#then(({ navigating }) => navigating.follow(to));
        } else if (to) go(view, to);
        else if (code === "stale" || code === "refused" || (hopeless && view !== pageViews.main)) {
          if (view !== pageViews.main) drop(view.el);
          else {
            context.leaving = true;
            reload(win);
          }
        } else return false;
        return true;
      },
      pageLoading,
      refused: (...args) => rare(({ tellRefused }) => tellRefused(win, ...args)),
      dispatch: (events) => hooks.dispatch(events),
    };

    /** Redirect of a view; a nested one's live patch is about the view of the page. */
    const go = (view: View, navigation: Navigation) => {
      this.#then(({ navigating }) => {
        navigating.follow(navigation, view !== pageViews.main);
      });
    };

    const submit = (form: HTMLFormElement) => {
      context.leaving = true;
      socket.disconnect();
      starting.started?.applySubmitter(form);
      invoke(form, "submit");
    };

    const add = (container: Element, arrival?: Arrival, joinedAt?: number) => {
      const view = createView(container, ++numbers, context, arrival, joinedAt);
      this.#views.set(view.number, view);
      containers.set(container, view);
      return view;
    };

    /** A container came into the page. */
    const open = (container: Element, joinedAt?: number) => {
      if (viewAt(container)) return;
      const view = add(container, undefined, joinedAt);
      const outer = around(container);
      if (!outer) pageViews.main ??= view;
      if (socket.connected && (!outer || outer.joined)) view.join();
    };

    const forget = ({ el, number }: View) => {
      containers.delete(el);
      this.#views.delete(number);
    };

    const drop = (container: Element) => {
      const view = viewAt(container);
      if (!view) return;
      forget(view);
      view.leave();
    };

    const pageViews: SwapHost = {
      main: undefined,
      add,
      drop,
      at: viewAt,
      forget,
      pageLoading,
      leave: () => {
        context.leaving = true;
      },
    };

    const host: Host & UploadsHost = {
      win,
      prefix,
      metadata,
      timing: {
        run: (...args) => (args[1] === "change" ? this.#then(() => host.timing.run(...args)) : args[2]()),
        blur: (el) => starting.busy && this.#then(() => host.timing.blur(el)),
        filled: (el) => this.#then(() => host.timing.filled(el)),
        submit: (form) => this.#then(() => host.timing.submit(form)),
      },
      runForm: (...args) =>
        this.#then(() => host.runForm(...args), args[0] === "submit" ? args[1] : undefined),
      immediate,
      views: { [Symbol.iterator]: () => this.#views.values() },
      commands,
      get patching() {
        return changes.active;
      },
      extraValues: options.extraValues ?? (() => undefined),
      foundNothing: options.foundNothing,
      viewOf,
      link() {},
      away: () => () => {},
      navigate: (kind, href, options) => this.#then(({ navigating }) => navigating.go(kind, href, options)),
      hold: traffic.hold,
      socket,
      uploaders: options.uploaders ?? {},
      gate: options.uploadGate,
    };
    const starting = createFeatureLoader(load, host, authored, this as HookSocket, pageViews, () => {
      hooks.settle();
      starting.started?.uploads.settle();
    });
    this.#starting = starting;
    this.#then = starting.then;
    this.#travel = (use) => rare(({ simulateLatency }) => use(simulateLatency(traffic, win)));
    if (Object.keys(win.sessionStorage).some((key) => /^overwire:/.test(key))) this.#travel(() => {});
    // Only navigation makes entries that have to be gone back to.
    win.addEventListener("popstate", ({ state }) => !starting.started && state && win.location.reload());
    const hooks = observePage(host, {
      get lives() {
        return starting.started?.lives;
      },
      onMore: () => this.#then(() => {}),
      isLive: (view) => (view as View).joined,
      onView: open,
      onViewGone: drop,
      onTriggered: (form) => void (triggered = form),
    });
    win.addEventListener("pagehide", () => {
      context.leaving = true;
    });
    win.addEventListener("pageshow", () => {
      context.leaving = false;
    });
    hooks.settle();
    bind(host);
    if (pageViews.main) pageLoading(true, initial);
  }

  /** Opens the socket and joins the page's views; goes on until {@link disconnect}. */
  connect(): void {
    this.#socket.connect();
  }

  /** Closes the socket for good. The views end. */
  disconnect(): void {
    this.#socket.disconnect();
  }

  /** Set if the socket is open. */
  get connected(): boolean {
    return this.#socket.connected;
  }

  /** Set if all views are joined, no event waits for its answer, nothing is being uploaded, and nothing waits for what is loaded later. */
  get idle(): boolean {
    return (
      this.#socket.connected && !this.#starting.busy && [...this.#views.values()].every((view) => view.idle)
    );
  }

  /** The server's `JS`, for scripts of the page: each call is made as soon as it can be. */
  js(): Js {
    return new Proxy({} as Js, {
      get:
        (_, name: keyof Js) =>
        (...args: never[]) => {
          // The caller learns at once that an address is no page of the app.
          if (/^(navigate|patch)$/.test(name)) readAddress(this.#win, String(args[0]));
          this.#then(({ js }) => (js[name] as (...args: never[]) => void)(...args));
        },
    });
  }

  /** Runs commands as they stand in a binding. */
  execJS(el: Element, commands: string | readonly unknown[]): void {
    this.js().exec(el, commands);
  }

  /** Goes to another view of the app. @throws Error for a URL of another origin */
  navigate(href: string, options: { readonly replace?: boolean } = {}): void {
    this.js().navigate(href, options);
  }

  /** Goes to another URL of the same view. @throws Error for a URL of another origin */
  patch(href: string, options: { readonly replace?: boolean } = {}): void {
    this.js().patch(href, options);
  }

  /** Delays all frames, in each direction, until it is switched off: as for users far away. */
  enableLatencySim(ms: number): void {
    this.#travel((travel) => travel.delay(ms));
  }

  disableLatencySim(): void {
    this.enableLatencySim(0);
  }

  /** Prints all frames, until it is switched off. */
  enableDebug(): void {
    this.#travel((travel) => travel.print(true));
  }

  disableDebug(): void {
    this.#travel((travel) => travel.print(false));
  }
}
