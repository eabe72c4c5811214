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
import { createHooks } from "./behaviour/hooks.ts";
import type { Host } from "./behaviour/host.ts";
import type { Js } from "./behaviour/js.ts";
import type { Navigator } from "./behaviour/navigation.ts";
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
import { createStarting, type Features, type Then } from "./starting.ts";
import { type Arrival, createView, type View, type ViewContext } from "./view.ts";

/** Connects the live views of a page to the server and keeps them connected. */
export class Client {
  readonly #socket: Socket;
  readonly #views = new Map<number, View>();
  readonly #traffic: Traffic;
  readonly #then: Then;

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
    const byContainer = new WeakMap<Element, View>();
    const commands: Host["commands"] = { run: (...args) => starting.run(...args) };
    /** The view of the page itself. */
    let main: View | undefined;
    /** The navigation that waits for its view. */
    let arriving: { readonly view: View; settle(error?: Error): void } | undefined;

    let initial: object | undefined = { kind: "initial", to: win.location.href };
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
        for (const view of this.#views.values()) if (!around(view.el)) view.join();
      },
      onClose: () => {
        arriving?.settle(new Error("lost"));
        for (const view of this.#views.values()) view.disconnected();
      },
      onFrame: traffic.receive,
    });
    this.#socket = socket;

    const viewAt = (container: Element) => byContainer.get(container);
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

    const pageLoading = (start: boolean, detail: object) => {
      win.dispatchEvent(new win.CustomEvent(`phx:page-loading-${start ? "start" : "stop"}`, { detail }));
    };

    const runAll = (view: View, name: string) => {
      for (const el of document.querySelectorAll(`[${prefix}${name}]`)) {
        if (viewOf(el) === view)
          commands.run(el.getAttribute(prefix + name) as string, { source: el, type: "hook" });
      }
    };

    const context: ViewContext & { leaving: boolean } = {
      win,
      prefix,
      grace: reconnectingAfter,
      templates: new Map(),
      policy: createPolicy(prefix, {
        ...(dom.onBeforeElUpdated && { onBeforeElUpdated: dom.onBeforeElUpdated }),
        beforeUpdate: (el) => hooks.beforeUpdate(el),
        removing: (el) => starting.started?.removing(el),
        renewed: (container) => {
          // Another page's token for a view that has moved there.
          if (viewAt(container)?.joined && container.hasAttribute(ATTR_STICKY)) return;
          // With all that is in the page, where that is mounted anew.
          const joinedAt = around(container)?.joined ? 0 : 1;
          drop(container);
          open(container, joinedAt);
        },
      }),
      recover: (...args) => starting.started?.recover(...args),
      params: () => (typeof params === "function" ? params() : params),
      send: (frame) => traffic.send(frame, socket.send),
      get connected() {
        return socket.connected;
      },
      leaving: false,
      patching: (change, done) => {
        const run = () => {
          host.patching = true;
          try {
            keepFocus(document, change);
          } finally {
            host.patching = false;
          }
          done();
        };
        if (!dom.onDocumentPatch) return run();
        const started = new Promise<void>((resolve) => {
          dom.onDocumentPatch?.(() => resolve(run()));
        });
        traffic.hold(started);
      },
      shown: (view, { t: title, e: events = [], n }: Extras, joined) => {
        const arrived = joined && arriving?.view === view;
        if (arrived) arriving?.settle();
        hooks.settle();
        if (title !== undefined || arrived) setTitle(document, title);
        for (const [name, detail] of events) hooks.dispatch(name, detail as Json);
        if (n) go(view, n);
        const form = [...document.forms].find((form) => isTriggered(form, prefix) && viewOf(form) === view);
        if (form) submit(form);
      },
      announce: (view, connected) => {
        runAll(view, connected ? "connected" : "disconnected");
        if (connected) {
          if (view === main) {
            reloaded(win);
            if (initial) pageLoading(false, initial);
            initial = undefined;
          }
          for (const nested of this.#views.values()) {
            if (nested.waits && around(nested.el) === view) nested.join();
          }
        }
      },
      offline: (view, offline) => hooks[offline ? "disconnected" : "reconnected"](view),
      ended: (view, code, to, hopeless) => {
        if (arriving?.view === view) {
          arriving.settle(new Error(code));
          if (to) this.#then(({ navigating }) => navigating.follow(to));
        } else if (to) go(view, to);
        else if (code === "stale" || code === "refused" || (hopeless && view !== main)) {
          if (view !== main) drop(view.el);
          else {
            context.leaving = true;
            reload(win);
          }
        } else return false;
        return true;
      },
      pageLoading,
    };

    /** Where a view sends the page; a nested one's live patch is about the view of the page. */
    const go = (view: View, navigation: Navigation) => {
      this.#then(({ navigating }) => {
        navigating.follow(navigation, view !== main);
      });
    };

    const submit = (form: HTMLFormElement) => {
      context.leaving = true;
      socket.disconnect();
      win.HTMLFormElement.prototype.submit.call(form);
    };

    const add = (container: Element, arrival?: Arrival, joinedAt?: number) => {
      const view = createView(container, ++numbers, context, arrival, joinedAt);
      this.#views.set(view.number, view);
      byContainer.set(container, view);
      return view;
    };

    /** A container came into the page. */
    const open = (container: Element, joinedAt?: number) => {
      if (viewAt(container)) return;
      const view = add(container, undefined, joinedAt);
      const outer = around(container);
      if (!outer) main ??= view;
      if (socket.connected && (!outer || outer.joined)) view.join();
    };

    const drop = (container: Element) => {
      const view = viewAt(container);
      if (!view) return;
      byContainer.delete(container);
      this.#views.delete(view.number);
      view.leave();
    };

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
      byContainer.delete(old.el);
      this.#views.delete(old.number);
      main = next;
      old.leave();
      old.el.remove();
    };

    const navigate = (url: string, flash: string | undefined) =>
      new Promise<void>((resolve, reject) => {
        if (!main) return reject(new Error("Overwire: there is no view"));
        const container = main.el.cloneNode(false) as Element;
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

    const host: Host & { patching: boolean } = {
      win,
      prefix,
      metadata,
      timing: createTiming(win, prefix, immediate),
      views: { [Symbol.iterator]: () => this.#views.values() },
      commands,
      patching: false,
      extraValues: options.extraValues ?? (() => undefined),
      viewOf,
      navigate: (kind, href, { replace } = {}) =>
        this.#then(({ navigating }) => navigating.go(kind, href, replace)),
      hold: traffic.hold,
    };
    const navigator: Navigator = {
      win,
      get ready() {
        return main?.joined ?? false;
      },
      patch: (url) => main?.patch(url) ?? Promise.reject(new Error("Overwire: there is no view")),
      navigate,
      cancel: () => arriving?.settle(new Error("elsewhere")),
      pageLoading,
      leave: () => {
        context.leaving = true;
      },
      removing: () => {
        for (const el of main?.el.querySelectorAll(`[${prefix}remove]`) ?? [])
          if (!el.closest(`[${ATTR_STICKY}]`)) starting.started?.removing(el);
      },
    };
    const starting = createStarting(load, host, this as HookSocket, navigator, () => hooks.settle());
    this.#then = starting.then;
    // Only navigation makes entries that have to be gone back to.
    win.addEventListener("popstate", ({ state }) => !starting.started && state && win.location.reload());
    const hooks = createHooks(host, {
      hooks: authored,
      get start() {
        return starting.started?.startHook;
      },
      onMore: () => this.#then(() => {}),
      isLive: (view) => (view as View).joined,
      onView: open,
      onViewGone: drop,
    });
    win.addEventListener("pagehide", () => {
      context.leaving = true;
    });
    win.addEventListener("pageshow", () => {
      context.leaving = false;
    });
    hooks.settle();
    bind(host);
    if (main) pageLoading(true, initial);
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
