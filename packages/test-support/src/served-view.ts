/** Apps and views on a server of their own, as long as the tests of a group run, and pages of Chromium for them. */
import type { Socket } from "node:net";
import { type AppOptions, createApp, type LiveView, type OverwireApp } from "@overwire/server";
import { type Served, serve } from "@overwire/server/node";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll } from "vitest";
import { featured, idle } from "./chromium.ts";

type View = new () => LiveView;

/** Both are there from `beforeAll` on. */
export interface ServedApp {
  /** Address of a path. */
  url(path?: string): string;
  /** Breaks all connections. */
  cut(): void;
}

export interface ServedViews extends ServedApp {
  /** For further routes. */
  readonly app: OverwireApp;
  /** Opens a page and waits until its view is joined and its features are loaded. */
  open(path?: string, options?: BrowserContextOptions): Promise<Page>;
}

export interface ServedView<V extends LiveView> {
  /** For further routes. */
  readonly app: OverwireApp;
  readonly url: string;
  /** One page for all tests. */
  readonly page: Page;
  /** The view that was mounted last. */
  readonly view: V;
  /** Loads the view in the page, or in another one, and waits until it is joined. */
  load(page?: Page): Promise<void>;
  /** Waits until the page shows a number in its `output`. */
  shows(n: number, page?: Page): Promise<unknown>;
  /** Sends the view a number and waits until the page shows it. */
  show(n: number, page?: Page): Promise<void>;
}

/** Serves an app before the tests of the group around it, and ends it after them. */
export function serveApp(app: OverwireApp): ServedApp {
  let served: Served;
  const sockets = new Set<Socket>();
  beforeAll(async () => {
    served = await serve(app, { port: 0, log: false }).ready;
    served.server.on("connection", (socket) => {
      sockets.add(socket);
      socket.on("close", () => sockets.delete(socket));
    });
  });
  afterAll(() => served.close());
  return {
    cut() {
      for (const socket of sockets) socket.destroy();
    },
    url: (path = "") => served.url + path,
  };
}

/** Serves views, each at its path. */
export function serveViews(
  browser: () => Browser,
  views: Readonly<Record<string, View>>,
  options: AppOptions = {},
): ServedViews {
  const app = createApp({ secret: "x".repeat(32), report: () => {}, ...options });
  for (const [path, View] of Object.entries(views)) app.live(path, View);
  const served = serveApp(app);
  return Object.assign(served, {
    app,
    async open(path?: string, options?: BrowserContextOptions) {
      const page = await browser().newPage(options);
      await page.goto(served.url(path));
      await idle(page);
      await featured(page);
      return page;
    },
  });
}

/** Serves a view at `/`, with one page for the tests of the group. */
export function serveView<V extends LiveView>(browser: () => Browser, View: new () => V): ServedView<V> {
  let own: Page;
  let view: V;
  const Latest = new Proxy(View, {
    construct(Target) {
      view = new Target();
      return view;
    },
  });
  const { app, url } = serveViews(browser, { "/": Latest });
  beforeAll(async () => {
    own = await browser().newPage();
  });
  afterAll(() => own.close());
  const shows = (n: number, page = own) =>
    page.waitForFunction((n) => document.querySelector("output")?.textContent === `${n}`, n);
  return {
    app,
    get url() {
      return url();
    },
    get page() {
      return own;
    },
    get view() {
      return view;
    },
    async load(page = own) {
      await page.goto(url());
      await page.locator(".phx-connected").first().waitFor();
    },
    shows,
    async show(n, page) {
      view.send(n);
      await shows(n, page);
    },
  };
}
