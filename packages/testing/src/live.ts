/** Opening a page for a test: the real request, the real client, the real view; only the network is memory. */
import { LiveSocket } from "@overwire/client";
import { createApp, type LiveView, type OverwireApp, type Params, type Session } from "@overwire/server";
import { ATTR_TOKEN } from "@overwire/server/wire";
import type { Element } from "happy-dom";
import { Activity } from "./activity.ts";
import { openPage } from "./browser.ts";
import { showHtml } from "./describe.ts";
import { LiveDriver } from "./driver.ts";
import { createWire } from "./memory-socket.ts";

/** How {@link live} mounts a view. */
export interface LiveOptions {
  /** Params of route and query, as the view is to find them. */
  readonly params?: Params | undefined;
  readonly session?: Session | undefined;
  /** Path and query of the page. Default `/`. */
  readonly url?: string | undefined;
}

/** How {@link live} asks an app for a page. */
export interface PageOptions {
  /** The session, in place of the app's own. */
  readonly session?: Session | undefined;
  /** Headers of the request and of the socket's handshake. */
  readonly headers?: Record<string, string> | undefined;
}

const ORIGIN = "http://localhost";

/**
 * Opens a page and joins its view. The same client runs as in a browser, against the same view as in production.
 * @param View a view's class, mounted on its own
 * @returns the driver of the page; `close()` it to end the view before the test does
 * @throws Error where the page does not answer with a live view, or the view throws while it mounts
 * @example
 * const view = await live(Counter);
 * expect(await view.element("button", "+").click()).toContain("Count: 1");
 */
export function live<V extends LiveView>(View: { new (): V }, options?: LiveOptions): Promise<LiveDriver<V>>;
/** @param path path and query of a page of the app */
export function live<V extends LiveView = LiveView>(
  app: OverwireApp,
  path: string,
  options?: PageOptions,
): Promise<LiveDriver<V>>;
export function live(
  first: OverwireApp | { new (): LiveView },
  second?: string | LiveOptions,
  third: PageOptions = {},
): Promise<LiveDriver<LiveView>> {
  if (typeof first !== "function") return open(first, (second as string | undefined) ?? "/", third);
  const { params, session = {}, url = "/" } = (second as LiveOptions | undefined) ?? {};
  // What goes wrong reaches the test as an error of its action; it need not be printed too.
  const app = createApp({ secret: "x".repeat(32), session: () => session, report: () => {} });
  app.onError((error) => {
    throw error;
  });
  app.live("*", first, params && { params });
  return open(app, url, {});
}

async function open(app: OverwireApp, path: string, options: PageOptions): Promise<LiveDriver<LiveView>> {
  const url = new URL(path, ORIGIN);
  const headers = new Headers({ host: url.host, ...options.headers });
  const env = options.session && app.withSession(options.session);
  const response = await app.request(path, { headers }, env);
  const page = await response.text();
  const location = response.headers.get("location");
  if (location) throw new Error(`GET ${path} answered ${response.status} and redirects to ${location}.`);
  if (!response.ok) throw new Error(`GET ${path} answered ${response.status}:\n\n${showHtml(page)}\n`);

  const cookies = response.headers.getSetCookie().map((cookie) => cookie.split(";")[0] as string);
  if (options.headers?.cookie) cookies.unshift(options.headers.cookie);
  const handshake = new Headers(headers);
  handshake.set("origin", url.origin);
  if (cookies.length) handshake.set("cookie", cookies.join("; "));

  const window = openPage(url.href, page);
  const container = window.document.querySelector(`[${ATTR_TOKEN}]`) as Element | null;
  if (!container)
    throw new Error(`GET ${path} answered with a page that holds no live view:\n\n${showHtml(page)}\n`);

  const activity = new Activity();
  const wire = createWire(app, handshake, env, activity);
  let values: object | undefined;
  const socket = new LiveSocket({
    window: window as unknown as globalThis.Window & typeof globalThis,
    WebSocket: wire.WebSocket,
    immediate: true,
    extraValues: () => values,
  });
  socket.connect();
  const driver = new LiveDriver({
    window,
    container,
    socket,
    wire,
    activity,
    withValues: (next) => {
      values = next;
    },
  });
  await driver.settled();
  return driver;
}
