/** The client of one page: makes its parts, and connects them. The only place that puts them together. */
import { bind } from "./bindings/bindings.ts";
import type { Js } from "./commands/js.ts";
import { applyStyles } from "./dom/style.ts";
import { createEarlyJs } from "./features/early.ts";
import { createFeatureLoader, type Features } from "./features/loader.ts";
import { observePage } from "./hooks/page-observer.ts";
import type { LatencySimulation } from "./net/latency-sim.ts";
import { hasStored } from "./net/storage.ts";
import { createBindingsHost } from "./page/bindings-host.ts";
import { createConnection } from "./page/connection.ts";
import type { LiveSocketOptions } from "./page/options.ts";
import { createPageChanges } from "./page/page-changes.ts";
import { createPageLifecycle } from "./page/page-lifecycle.ts";
import type { PageParts } from "./page/page-parts.ts";
import { createPageViews } from "./page/page-views.ts";
import { createViewDelegate } from "./page/view-delegate.ts";

/** Connects the live views of a page to the server and keeps them connected. */
export class Client {
  readonly #page: PageParts;

  /** @param load the features, or a way to load them */
  constructor(options: LiveSocketOptions, load: Features | (() => Promise<Features>)) {
    const { window: win = window, bindingPrefix: prefix = "phx-", dom, hooks = {} } = options;
    applyStyles(win.document);
    const lifecycle = createPageLifecycle(win);
    const loader = createFeatureLoader(load);
    const views = createPageViews();
    const connection = createConnection(win, options, views, loader);
    const changes = createPageChanges(win.document, connection.traffic, dom?.onDocumentPatch?.bind(dom));
    const page = { ...connection, win, prefix, options, lifecycle, loader, views, changes };
    const host = createBindingsHost(page);
    const observer = observePage(win, prefix, views.viewOf, {
      hookManager: () => loader.started?.hookManager,
      onMore: () => loader.whenLoaded(() => {}),
      onView: views.openView,
      onViewGone: views.dropView,
    });

    // All parts are there; from here on they may call each other.
    this.#page = page;
    views.delegate = createViewDelegate(page, host, observer);
    const start = (features: Features) => features.startFeatures(host, hooks, this, views, lifecycle);
    loader.begin(start, () => {
      observer.settle();
      loader.started?.uploads.settle();
    });
    if (hasStored(win)) this.#travel(() => {});
    // Only navigation makes entries that have to be gone back to.
    win.addEventListener("popstate", ({ state }) => !loader.started && state && win.location.reload());
    observer.settle();
    bind(host);
    if (views.main) lifecycle.begin();
  }

  /** Opens the socket and joins the page's views; goes on until {@link disconnect}. */
  connect(): void {
    this.#page.socket.connect();
  }

  /** Closes the socket for good. The views end. */
  disconnect(): void {
    this.#page.socket.disconnect();
  }

  /** Set if the socket is open. */
  get connected(): boolean {
    return this.#page.socket.connected;
  }

  /** Set if all views are joined, no event waits for its answer, nothing is uploaded, and no feature is waited for. */
  get idle(): boolean {
    const { socket, loader, views } = this.#page;
    return socket.connected && !loader.busy && [...views.byNumber.values()].every((view) => view.idle);
  }

  /** The server's `JS`, for scripts of the page: each call is made as soon as it can be. */
  js(): Js {
    return createEarlyJs(this.#page.win, this.#page.loader.whenLoaded);
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

  #travel(use: (travel: LatencySimulation) => void): void {
    const { loader, traffic, win } = this.#page;
    loader.rare(({ resume }) => use(resume(traffic, win)));
  }
}
