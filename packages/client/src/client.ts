/** The client of one page: its socket, its views, and what a person does to them. The only place that puts them together. */
import {
  ATTR_SOCKET,
  ATTR_STICKY,
  ATTR_TOKEN,
  type Extras,
  HEARTBEAT,
  type Json,
  type Navigation,
  SOCKET_PATH,
} from "@overwire/server/wire";
import { bind } from "./behaviour/bindings.ts";
import { isTriggered } from "./behaviour/forms.ts";
import type { HookSocket } from "./behaviour/hook-types.ts";
import { createHooks, type StartHook } from "./behaviour/hooks.ts";
import type { Host } from "./behaviour/host.ts";
import type { Js } from "./behaviour/js.ts";
import type { Navigating, Navigator } from "./behaviour/navigation.ts";
import { createPush, readBinding } from "./behaviour/push.ts";
import { createTiming } from "./behaviour/timing.ts";
import { keepFocus } from "./dom/focus.ts";
import { setTitle } from "./dom/title.ts";
import { reload, reloaded } from "./net/reload.ts";
import { createSocket, type Socket } from "./net/socket.ts";
import { createTraffic, type Traffic } from "./net/traffic.ts";
import type { LiveSocketOptions } from "./options.ts";
import { put } from "./patch/order.ts";
import { createPolicy } from "./patch/policy.ts";
import { portalOwner } from "./patch/portals.ts";
import { type Arrival, createView, type View, type ViewContext } from "./view.ts";

/** What is loaded when a page needs it. */
export type Features = typeof import("./features.ts");

/** What of the features has begun to work. */
interface Started {
  readonly commands: Host["commands"];
  readonly navigating: Navigating;
  readonly startHook: StartHook;
  readonly js: Js;
}

/** Connects the live views of a page to the server and keeps them connected. */
export class Client {
  readonly #socket: Socket;
  readonly #views = new Map<number, View>();
  readonly #byContainer = new WeakMap<Element, View>();
  readonly #traffic: Traffic;
  /** Runs something as soon as the features are there: at once, if they are. */
  readonly #then: (run: (started: Started) => void) => void;
  #patching = false;

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
    const first = document.querySelector(`[${ATTR_TOKEN}]`);
    const path = options.url ?? first?.getAttribute(ATTR_SOCKET) ?? SOCKET_PATH;
    let numbers = 0;
    let leaving = false;
    /** The view of the page itself. */
    let main: View | undefined;
    /** The navigation that waits for its view. */
    let arriving: { readonly view: View; settle(error?: Error): void } | undefined;

    const traffic = createTraffic(win, (frame) => {
      if (frame[0] !== HEARTBEAT) this.#views.get(frame[1])?.receive(frame);
    });
    this.#traffic = traffic;
    const socket = createSocket({
      win,
      WebSocket: options.WebSocket ?? win.WebSocket,
      url: new win.URL(path, win.location.href).href.replace(/^http/, "ws"),
      onOpen: () => {
        // Another server may have other numbers for them.
        context.templates.clear();
        // A nested view follows when the one around it has been joined.
        for (const view of this.#views.values()) if (!around(view.el) || isSticky(view)) view.join();
      },
      onClose: () => {
        arriving?.settle(new Error("Overwire: the connection is lost"));
        for (const view of this.#views.values()) view.disconnected();
      },
      onFrame: traffic.receive,
    });
    this.#socket = socket;

    const viewAt = (container: Element) => this.#byContainer.get(container);
    const viewOf = (el: Element | null): View | undefined => {
      for (let at = el; at; ) {
        const owner = portalOwner(at);
        const container = at.closest(`[${ATTR_TOKEN}]`);
        if (container && !(owner && container.contains(at) && portalOwner(container) !== owner)) {
          return viewAt(container);
        }
        at = owner ?? null;
      }
      return undefined;
    };
    const around = (container: Element) => container.parentElement && viewOf(container.parentElement);
    const isSticky = (view: View) => view.el.hasAttribute(ATTR_STICKY);

    const pageLoading = (start: boolean, detail: object) => {
      win.dispatchEvent(new win.CustomEvent(`phx:page-loading-${start ? "start" : "stop"}`, { detail }));
    };

    const runAll = (view: View, name: string) => {
      for (const el of document.querySelectorAll(`[${prefix}${name}]`)) {
        if (viewOf(el) === view)
          commands.run(el.getAttribute(prefix + name) as string, { source: el, type: "hook" });
      }
    };

    const context: ViewContext = {
      win,
      prefix,
      grace: reconnectingAfter,
      templates: new Map(),
      policy: createPolicy(prefix, {
        ...(dom.onBeforeElUpdated && { onBeforeElUpdated: dom.onBeforeElUpdated }),
        beforeUpdate: (el) => hooks.beforeUpdate(el),
        removing: (el) => transitionOut(el),
        renewed: (container) => {
          drop(container);
          open(container);
        },
      }),
      params: () => (typeof params === "function" ? params() : params),
      send: (frame) => traffic.send(frame, socket.send),
      get connected() {
        return socket.connected;
      },
      get leaving() {
        return leaving;
      },
      patching: (change) => {
        const run = () => {
          this.#patching = true;
          try {
            keepFocus(document, change);
          } finally {
            this.#patching = false;
          }
        };
        if (dom.onDocumentPatch) dom.onDocumentPatch(run);
        else run();
      },
      shown: (view, { t: title, e: events = [], n }: Extras, joined) => {
        const arrived = joined && arriving?.view === view;
        if (arrived) arriving?.settle();
        hooks.settle();
        if (title !== undefined || arrived) setTitle(document, title ?? "");
        for (const [name, detail] of events) hooks.dispatch(name, detail as Json);
        if (n) go(view, n);
        const form = [...document.forms].find((form) => isTriggered(form, prefix) && viewOf(form) === view);
        if (form) submit(form);
      },
      announce: (view, connected) => {
        runAll(view, connected ? "connected" : "disconnected");
        if (connected) {
          reloaded(win);
          hooks.reconnected(view);
          for (const nested of this.#views.values()) {
            if (nested.waits && around(nested.el) === view) nested.join();
          }
        } else hooks.disconnected(view);
      },
      ended: (view, code, to) => {
        if (arriving?.view === view) {
          this.#views.delete(view.number);
          arriving.settle(new Error(code));
          if (to) this.#then(({ navigating }) => navigating.follow(to));
        } else if (to) go(view, to);
        else if (view === main) {
          leaving = true;
          reload(win);
        }
      },
      pageLoading,
      recover: (view, { el, binding, fields, target }) => {
        const meta = target === undefined ? {} : { _target: target };
        if (viewOf(el) === view)
          commands.run(binding, { source: el, type: "change", form: { fields, meta }, payload: {} });
      },
    };

    /** Where a view sends the page; a nested one's live patch is about the view of the page. */
    const go = (view: View, navigation: Navigation) => {
      this.#then(({ navigating }) => {
        const [kind, to, replace] = navigation;
        if (kind === "patch" && view !== main) navigating.go("patch", to, !!replace);
        else navigating.follow(navigation);
      });
    };

    const submit = (form: HTMLFormElement) => {
      leaving = true;
      socket.disconnect();
      win.HTMLFormElement.prototype.submit.call(form);
    };

    const add = (container: Element, arrival?: Arrival) => {
      const view = createView(container, ++numbers, context, arrival);
      this.#views.set(view.number, view);
      this.#byContainer.set(container, view);
      return view;
    };

    /** A container came into the page. */
    const open = (container: Element) => {
      if (viewAt(container)) return;
      const view = add(container);
      const outer = around(container);
      if (!outer) main ??= view;
      if (socket.connected && (!outer || outer.joined)) view.join();
    };

    const drop = (container: Element) => {
      const view = viewAt(container);
      if (!view) return;
      this.#byContainer.delete(container);
      this.#views.delete(view.number);
      view.leave();
    };

    /** Commands of an element that goes; what they begin ends before it is gone. */
    const transitionOut = (el: Element): Promise<unknown> | undefined => {
      const waits: Promise<unknown>[] = [];
      removals.push(waits);
      try {
        commands.run(el.getAttribute(`${prefix}remove`) ?? "[]", { source: el, type: "hook" });
      } finally {
        removals.pop();
      }
      return waits.length ? Promise.all(waits) : undefined;
    };
    const removals: Promise<unknown>[][] = [];

    /** Puts a view that was navigated to in the place of the page's own; what sticks moves over. */
    const replace = (next: View) => {
      const old = main as View;
      const stickies = [...old.el.querySelectorAll(`[${ATTR_STICKY}][id]`)];
      old.el.after(next.el);
      for (const sticky of stickies) {
        const place = [...next.el.querySelectorAll(`[${ATTR_STICKY}]`)].find(({ id }) => id === sticky.id);
        if (!place || !viewAt(sticky)) continue;
        put(place.parentNode as Element, sticky, place);
        place.remove();
      }
      this.#byContainer.delete(old.el);
      this.#views.delete(old.number);
      main = next;
      old.leave(false);
      old.el.remove();
    };

    const navigate = (url: string, flash: string | undefined) =>
      new Promise<void>((resolve, reject) => {
        if (!main) return reject(new Error("Overwire: there is no view"));
        const container = main.el.cloneNode(false) as Element;
        container.removeAttribute("class");
        const view = add(container, { url, flash });
        const own = {
          view,
          settle(error?: Error) {
            if (arriving === own) arriving = undefined;
            if (!error) {
              replace(view);
              resolve();
              return;
            }
            drop(container);
            reject(error);
          },
        };
        arriving = own;
        view.join();
      });

    const isPatching = () => this.#patching;
    const host: Host = {
      win,
      prefix,
      metadata,
      timing: createTiming(win, prefix, immediate),
      views: { [Symbol.iterator]: () => this.#views.values() },
      get commands() {
        return commands;
      },
      get patching() {
        return isPatching();
      },
      extraValues: options.extraValues ?? (() => undefined),
      viewOf,
      navigate: (kind, href, { replace } = {}) =>
        this.#then(({ navigating }) => navigating.go(kind, href, replace)),
      hold(until) {
        removals.at(-1)?.push(until);
        traffic.hold(until);
      },
    };
    let started: Started | undefined;
    let loading: Promise<void> | undefined;

    const start = (features: Features) => {
      const commands = features.createCommands(host);
      const js = features.createJs(commands, host);
      const hookHost = { liveSocket: this as HookSocket, js: () => js };
      context.collectForms = features.collectForms;
      features.bindFar(host);
      started = {
        js,
        commands,
        navigating: features.createNavigation(navigator),
        startHook: (hook, el, name, signal, attempt) =>
          features.startHook(hook, features.createHookContext(host, hookHost, attempt, el, name, signal)),
      };
      features.watchViewport(host);
    };
    this.#then = (run) => {
      if (started) return run(started);
      if (typeof load !== "function") return;
      loading ??= load().then(
        (features) => {
          start(features);
          hooks.settle();
        },
        // A page that is offline asks again when it needs them again.
        () => {
          loading = undefined;
        },
      );
      void loading.then(() => started && run(started));
    };

    const push = createPush(host);
    /** Where a person did something that waits for the features. */
    let deferred: Element | undefined;
    const commands: Host["commands"] = {
      run: (binding, context) => {
        if (started) return started.commands.run(binding, context);
        const list = readBinding(binding);
        const isPlain = list.every(([op, args]) => op === "push" && !(args && "optimistic" in args));
        if (isPlain) for (const [, args = {}] of list) push(args, context);
        else if (deferred !== context.source) {
          // A second click before the first one has run is none.
          deferred = context.event && context.source;
          this.#then(({ commands }) => {
            deferred = undefined;
            commands.run(list, context);
          });
        }
      },
    };
    const navigator: Navigator = {
      win,
      get ready() {
        return main?.joined ?? false;
      },
      patch: (url) => main?.patch(url) ?? Promise.reject(new Error("Overwire: there is no view")),
      navigate,
      cancel: () => arriving?.settle(new Error("Overwire: the page goes elsewhere")),
      pageLoading,
      leave: () => {
        leaving = true;
      },
    };
    if (typeof load !== "function") start(load);
    // Only navigation makes entries that have to be gone back to.
    else win.addEventListener("popstate", ({ state }) => !started && state && win.location.reload());
    const hooks = createHooks(host, {
      hooks: authored,
      get start() {
        return started?.startHook;
      },
      onMore: () => this.#then(() => {}),
      isLive: (view) => (view as View).joined,
      onView: open,
      onViewGone: drop,
    });
    win.addEventListener("pagehide", () => {
      leaving = true;
    });
    win.addEventListener("pageshow", () => {
      leaving = false;
    });
    hooks.settle();
    bind(host);
  }

  /** Opens the socket and joins the page's views; goes on until {@link disconnect}. */
  connect(): void {
    this.#socket.connect();
  }

  /** Closes the socket for good. The views end. */
  disconnect(): void {
    this.#socket.disconnect();
  }

  /** Whether the socket is open. */
  get connected(): boolean {
    return this.#socket.connected;
  }

  /** Whether all views are joined and no event waits for its answer. */
  get idle(): boolean {
    return this.#socket.connected && [...this.#views.values()].every((view) => view.idle);
  }

  /** What the server's `JS` does, for scripts of the page: each call is made as soon as it can be. */
  js(): Js {
    return new Proxy({} as Js, {
      get:
        (_, name: keyof Js) =>
        (...args: never[]) =>
          this.#then(({ js }) => (js[name] as (...args: never[]) => void)(...args)),
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

  /** Delays all that travels, in each direction, until it is switched off: as it is for people far away. */
  enableLatencySim(ms: number): void {
    this.#traffic.delay(ms);
  }

  disableLatencySim(): void {
    this.#traffic.delay(0);
  }

  /** Prints what travels, until it is switched off. */
  enableDebug(): void {
    this.#traffic.print(true);
  }

  disableDebug(): void {
    this.#traffic.print(false);
  }
}
