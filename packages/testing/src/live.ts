/** Opening a page for a test: the real request, the real client, the real view; only the network is memory. */
import { isDeepStrictEqual } from "node:util";
import { LiveSocket, type LiveSocketOptions, type Uploaders } from "@overwire/client";
import { createApp, type LiveView, type OverwireApp, type Params, type Session } from "@overwire/server";
import { ATTR_TOKEN, ATTR_UPLOAD } from "@overwire/server/wire";
import type { Element, File, Window } from "happy-dom";
import { type Load, openPage, watchLeaving } from "./browser/browser.ts";
import { changesOf } from "./browser/browser-changes.ts";
import { PageHistory } from "./browser/history.ts";
import { LiveDriver } from "./driver/driver.ts";
import { PlainPage } from "./driver/plain-page.ts";
import { showHtml } from "./errors/describe.ts";
import type { Answer } from "./page/answer.ts";
import { BrowserSession } from "./page/browser-session.ts";
import { FrameLog } from "./page/frame-log.ts";
import { watchHooks } from "./page/hook-faults.ts";
import { createWire } from "./page/memory-socket.ts";
import { type Flash, NavigationLog } from "./page/navigation-log.ts";
import { isAroundTests } from "./page/open-pages.ts";
import { Page } from "./page/page.ts";
import { type OnError, PageLint } from "./page/page-lint.ts";
import { UploadGate } from "./page/upload-gate.ts";
import { Activity } from "./page/wait.ts";
import { RequestError } from "./request/request-errors.ts";
import { Visitor } from "./request/visitor.ts";

/** The client's options that a test may choose. */
export type ClientOptions = Omit<
  LiveSocketOptions,
  | "window"
  | "WebSocket"
  | "url"
  | "immediate"
  | "extraValues"
  | "foundNothing"
  | "hooks"
  | "uploaders"
  | "uploadGate"
>;

/** Options of every page. */
export interface CommonOptions {
  /** The client hooks under test. */
  readonly hooks?: LiveSocketOptions["hooks"] | undefined;
  /**
   * The uploaders under test, by the names that `external` gives. For other names nothing is sent: a file is as far as the
   * test lets it go.
   */
  readonly uploaders?: Uploaders | undefined;
  /** Options of the page's LiveSocket, such as `params`. */
  readonly socket?: ClientOptions | undefined;
  /** Reaction to mistakes in the page: ids that are there twice are raised, forms without an id warned of. */
  readonly onError?: OnError | undefined;
}

/** Options of {@link live} for a view. */
export interface LiveOptions extends CommonOptions {
  /** Params of route and query, as the view is to find them. */
  readonly params?: Params | undefined;
  readonly session?: Session | undefined;
  /** Path and query of the page. Default `/`. */
  readonly url?: string | undefined;
}

/** Options of {@link live} for a page of an app. */
export interface PageOptions extends CommonOptions {
  /** The session that the user has at first, in the app's own cookie. */
  readonly session?: Session | undefined;
  /** Headers of all requests and of the socket's handshake. */
  readonly headers?: Record<string, string> | undefined;
}

/** Redirect of a page that was to be opened. */
export interface OpenedRedirect {
  readonly to: string;
  /** `navigate`: over the socket, once it was joined. `redirect`: by the answer to its request, or by loading a page. */
  readonly kind: "navigate" | "redirect";
  /** Status of the answer; undefined if the view redirected once it was joined. */
  readonly status: number | undefined;
  readonly flash: Flash;
}

/** Characters of a session as JSON that fit into a cookie, encrypted. */
const COOKIE_ROOM = 2000;

/** A page that was to be opened led elsewhere. */
export class RedirectError extends Error {
  readonly redirect: OpenedRedirect;

  get code(): "redirected" {
    return "redirected";
  }

  constructor(message: string, redirect: OpenedRedirect) {
    super(message);
    this.name = "RedirectError";
    this.redirect = redirect;
  }
}

/**
 * Opens a page and joins its views. The same client runs as in a browser, against the same view as in
 * production.
 * @param View a view's class, mounted on its own
 * @returns the driver of the page; `close()` it to end the view before the test does
 * @throws Error if the page does not answer with a live view, or the view throws while it mounts
 * @throws RedirectError if the page redirects
 * @example
 * const view = await live(Counter);
 * expect(await view.element("button", "+").click()).toContain("Count: 1");
 */
export function live<V extends LiveView>(View: { new (): V }, options?: LiveOptions): Promise<LiveDriver<V>>;
/** @param visitor goes on to a page, with the same cookies; `view.request` is the visitor again */
export function live<V extends LiveView = LiveView>(
  visitor: Visitor,
  path: string,
  options?: CommonOptions,
): Promise<LiveDriver<V>>;
/** @param path path and query of a page of the app */
export function live<V extends LiveView = LiveView>(
  app: OverwireApp,
  path: string,
  options?: PageOptions,
): Promise<LiveDriver<V>>;
export async function live(
  first: OverwireApp | Visitor | { new (): LiveView },
  second?: string | LiveOptions,
  third: PageOptions = {},
): Promise<LiveDriver> {
  if (typeof first !== "function") return start(first, second, third, []);
  const options = (second as LiveOptions | undefined) ?? {};
  const { params, session = {}, url = "/" } = options;
  const crashes: unknown[] = [];
  const isCookie = fitsCookie(session);
  const app = createApp({
    secret: "x".repeat(32),
    ...(!isCookie && { session: () => session }),
    // Errors reach the test as errors of its actions; they need not be printed too.
    report: ({ kind, error }) => void (kind === "crash" && crashes.push(error)),
  });
  app.onError((error) => {
    throw error;
  });
  app.live("*", first, params && { params });
  const isEmpty = Object.keys(session).length === 0;
  return start(app, url, { ...options, session: isCookie && !isEmpty ? session : undefined }, crashes);
}

/** Tells if a session comes out of a cookie as it went in: a view on its own may be given other objects too. */
function fitsCookie(session: Session): boolean {
  try {
    const text = JSON.stringify(session);
    return text.length <= COOKIE_ROOM && isDeepStrictEqual(JSON.parse(text), session);
  } catch {
    return false;
  }
}

async function start(
  from: OverwireApp | Visitor,
  path: unknown,
  options: PageOptions,
  crashes: unknown[],
): Promise<LiveDriver> {
  if (typeof path !== "string")
    throw new TypeError(
      `live(app, path) expects the path of a page, such as "/", but got ${String(path)}. A view is opened by its class: live(Counter).`,
    );
  const visitor = from instanceof Visitor ? from : new Visitor(new BrowserSession(from, options));
  const browserSession = Visitor.browserOf(visitor);
  const url = browserSession.url(path);
  const answer = await browserSession.request({ method: "GET", url });
  const { response, body, location } = answer;
  if (location) {
    const { to, status } = location;
    throw new RedirectError(`GET ${path} answered ${status} and redirects to ${to}.`, {
      kind: "redirect",
      ...location,
    });
  }
  if (!response.ok) throw failureOf(`GET ${path}`, answer);
  const driver = await open(visitor, answer, options, crashes);
  if (driver instanceof LiveDriver) return driver;
  throw new Error(`GET ${path} answered with a page that holds no live view:\n\n${showHtml(body)}\n`);
}

/** An answer that is no page, as an error with its cause. */
function failureOf(what: string, { response, body, error }: Answer): Error {
  const said = `${what} answered ${response.status}:`;
  if (error === undefined) return new RequestError(`${said}\n\n${showHtml(body)}\n`, response.status);
  return new RequestError(`${said} ${error.message}`, response.status, { cause: error });
}

/** The HTML of another page; undefined if there is none. */
async function readPage(browserSession: BrowserSession, url: URL): Promise<string | undefined> {
  const { response, body } = await browserSession.request({ method: "GET", url });
  return response.ok ? body : undefined;
}

/** The page that a load leads to. @throws RequestError if it answers with an error */
async function loadPage(browserSession: BrowserSession, load: Load): Promise<Answer> {
  const answer = await browserSession.follow(load);
  if (answer.error) throw failureOf(`${load.method} ${load.url.pathname + load.url.search}`, answer);
  return answer;
}

const isLive = ({ document }: Window): boolean => document.querySelector(`[${ATTR_TOKEN}]`) !== null;

/** Waits until the view of a page is joined. @throws RedirectError if it goes to another page then */
async function awaitJoin(page: Page, navigationLog: NavigationLog, url: URL): Promise<void> {
  try {
    await page.opened();
  } catch (error) {
    await page.close();
    throw error;
  }
  const { leaving } = navigationLog;
  if (!leaving) return;
  await page.close();
  const { to, flash, kind } = leaving;
  const redirect = { to, kind: kind as "redirect", status: undefined, flash };
  throw new RedirectError(`${url.pathname} redirects to ${to} once it is joined.`, redirect);
}

/** Shows the answer of an app, and runs the client if it holds a live view. */
async function open(
  visitor: Visitor,
  answer: Answer,
  options: PageOptions,
  crashes: unknown[],
  isShared = isAroundTests(),
): Promise<LiveDriver | PlainPage> {
  const { url, response, body } = answer;
  const browserSession = Visitor.browserOf(visitor);
  const { bindingPrefix: prefix = "phx-" } = options.socket ?? {};
  const activity = new Activity();
  const navigationLog = new NavigationLog(url.origin);
  const events = {
    onLoad: (load: Load) => {
      navigationLog.loading(load);
      activity.notify();
    },
    onHistory: (to: URL, replace: boolean) => {
      navigationLog.history(to, replace);
      history.changed(replace);
    },
  };
  const window = openPage(url.href, body, events);
  browserSession.shareCookies(window.document, url);
  Object.assign(window, { fetch: browserSession.fetcher(url, () => activity.notify()) });
  const history = new PageHistory(window);
  if (!isLive(window)) return new PlainPage(window, response, body, visitor);

  const uploadGate = new UploadGate(activity);
  uploadGate.hasInput = body.includes(ATTR_UPLOAD);
  const frameLog = new FrameLog(navigationLog, uploadGate);
  const env = browserSession.app.withErrors((error) => crashes.push(error), browserSession.env);
  const wire = createWire(browserSession.app, () => browserSession.fromPage(url), env, frameLog, activity);
  const lint = new PageLint(options.onError ?? {}, prefix);
  let values: object | undefined;
  const socket = new LiveSocket({
    ...options.socket,
    ...(options.hooks && { hooks: options.hooks }),
    window: window as unknown as globalThis.Window & typeof globalThis,
    WebSocket: wire.WebSocket,
    immediate: true,
    uploaders: uploadGate.uploaders(options.uploaders),
    uploadGate: (file, sent) => uploadGate.gate(file as unknown as File, sent),
    extraValues: () => values,
    foundNothing: (command, to, source) => {
      const error = lint.command(command, to, source as unknown as Element);
      if (error) faults.push(error);
    },
  });
  uploadGate.submit(window);
  const faults = watchHooks(window, options.hooks !== undefined, lint);
  socket.connect();
  watchLeaving(window, events);
  // Changes that came while a transition ran are shown when it has ended, of which no message tells.
  changesOf(window.document).onChange = () => activity.notify();
  const parts = {
    window,
    socket,
    wire,
    activity,
    frameLog,
    navigationLog,
    history,
    lint,
    uploadGate,
    crashes,
    faults,
    withValues: (next: object | undefined) => void (values = next),
  };
  const page = new Page(parts, isShared);
  const load = async (load: Load) => {
    navigationLog.follow();
    await page.close();
    return open(visitor, await loadPage(browserSession, load), options, crashes, isShared);
  };
  await awaitJoin(page, navigationLog, url);
  return new LiveDriver({ page, prefix, visitor, load, read: (url) => readPage(browserSession, url) });
}
