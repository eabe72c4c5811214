/** A live view under test: the real client in happy-dom, joined to the real view. */

import type { LiveView } from "@overwire/server";
import type { Window } from "happy-dom";
import type { Opener } from "../browser/open-browser.ts";
import { withWrittenStyles } from "../browser/styles.ts";
import { readText } from "../errors/describe.ts";
import type { FormValues } from "../forms/fields.ts";
import type { TestFile } from "../page/files.ts";
import type { Flash, Redirect } from "../page/navigation-log.ts";
import { ViewScope, type ViewScopeParts } from "../page/view-scope.ts";
import type { Visitor } from "../request/visitor.ts";
import { Assertions, type AssertOptions } from "./assertions.ts";
import { LiveElement } from "./element.ts";
import { LiveFileInput } from "./file-input.ts";
import { findAll, findOne, type TextFilter } from "./find.ts";
import { LiveForm } from "./form.ts";
import type { PlainPage } from "./plain-page.ts";
import { LiveTarget } from "./target.ts";

/** Options of losing the connection. */
export interface DisconnectOptions {
  /**
   * False: the views end, as when the server stops or the client does not come back in time, and are mounted
   * anew. Default true.
   */
  readonly resume?: boolean | undefined;
}

/** Parts of a driver. */
export interface DriverParts extends ViewScopeParts {
  readonly visitor: Visitor;
}

/**
 * Drives one live view. Every action waits for its own answer and the patch it brings, and returns the view's HTML.
 *
 * The driver of a page goes on with the page: after a live navigation it drives the view that is there now. That of a
 * nested view, from {@link child}, stays with the element of its id.
 * @typeParam V the view's class
 */
export class LiveDriver<V extends LiveView<string> = LiveView<string>> {
  readonly #parts: DriverParts;
  readonly #viewScope: ViewScope;
  readonly #assertions: Assertions;

  /** Made by `live()`. @param id of the container of a nested view */
  constructor(parts: DriverParts, id?: string) {
    const viewScope = new ViewScope(parts, id);
    this.#parts = parts;
    this.#viewScope = viewScope;
    this.#assertions = new Assertions(parts.page, {
      name: () => viewScope.noteName(),
      views: () => viewScope.numbers(),
    });
  }

  /**
   * The page's user outside of it, who sends requests with the same cookies: the visitor that `live()` was given, if it was.
   * @example expect((await view.request.get("/account")).status).toBe(200);
   */
  get request(): Visitor {
    return this.#parts.visitor;
  }

  /** The page's window, of happy-dom. */
  get window(): Window {
    return this.#viewScope.window;
  }

  /** The element that contains the view, as the page has it now; Testing Library's queries work on it. */
  get container(): HTMLElement {
    return this.#viewScope.container as unknown as HTMLElement;
  }

  /** The view's object on the server, as it is now: after a live navigation that of the next view. */
  get instance(): V {
    return this.#viewScope.view as unknown as V;
  }

  /** The view's HTML. */
  html(): string {
    return withWrittenStyles(this.#viewScope.container.innerHTML);
  }

  /**
   * Text of the view, or of the one element that fits: whitespace joined, ends trimmed. Nothing is put between elements that
   * stand next to each other.
   */
  text(selector?: string): string {
    return readText(
      selector === undefined ? this.#viewScope.container : findOne(this.#viewScope.roots(), selector),
    );
  }

  /** The page's title. */
  title(): string {
    return this.#viewScope.window.document.title;
  }

  /** The page's address: path and query. */
  url(): string {
    const { pathname, search } = this.#viewScope.window.location;
    return pathname + search;
  }

  /** Messages that the view shows: all by their kinds, or the one of a kind. */
  flash(): Flash;
  flash(kind: string): string | undefined;
  flash(kind?: string): Flash | string | undefined {
    const flash = this.#viewScope.process.host.flash as Flash;
    return kind === undefined ? { ...flash } : flash[kind];
  }

  /** An element, looked up when something is done with it. @param text that it contains, whitespace aside, or a pattern */
  element(selector: string, text?: TextFilter): LiveElement {
    return new LiveElement(this.#viewScope, selector, text);
  }

  /** A form to be filled in: values for fields it does not have, or that they do not offer, are refused. */
  form(selector: string, values: FormValues = {}): LiveForm<LiveDriver> {
    return new LiveForm<LiveDriver>(this.#viewScope, selector, values);
  }

  /**
   * The file input of an upload, with files to be chosen in it.
   * @example await view.fileInput("input[type=file]", [{ name: "cat.png", content: bytes }]).upload("cat.png");
   */
  fileInput(selector: string, files: readonly TestFile[]): LiveFileInput {
    return new LiveFileInput(this.#viewScope, selector, files);
  }

  /** Tells if there is such an element, or several. */
  hasElement(selector: string, text?: TextFilter): boolean {
    return findAll(this.#viewScope.roots(), selector, text).length > 0;
  }

  /** The components and views that elements belong to, to push events to them: `view.target("#cart").event("add")`. */
  target(selector: string): LiveTarget {
    return new LiveTarget(this.#viewScope, selector);
  }

  /** Pushes an event to the view itself, as a page's script could. @param payload any JSON */
  async event(name: string, payload: unknown = {}): Promise<string> {
    return this.#viewScope.push(`event ${JSON.stringify(name)}`, this.#viewScope.container, name, payload);
  }

  /**
   * The driver of a nested view.
   * @param id of its container
   * @throws Error if there is none right in this view
   */
  child<Child extends LiveView<string> = LiveView<string>>(id: string): LiveDriver<Child> {
    const nested = this.#viewScope.nested();
    if (nested.some((el) => el.id === id)) return new LiveDriver<Child>(this.#parts, id);
    const others = nested.map((el) => JSON.stringify(el.id)).join(", ") || "none";
    throw new Error(
      `${this.#viewScope.noteName()} has no nested view ${JSON.stringify(id)}. It has: ${others}`,
    );
  }

  /** Drivers of the views that are nested right in this one, in the page's order. */
  children(): LiveDriver[] {
    return this.#viewScope.nested().map(({ id }) => new LiveDriver(this.#parts, id));
  }

  /** Goes to another URL of the same view, as a user who follows a patch link. */
  async patchTo(path: string): Promise<string> {
    return this.#viewScope.follow("patch", path);
  }

  /** Goes to another view of the live session, as a user who follows a link to it. */
  async navigateTo(path: string): Promise<string> {
    return this.#viewScope.follow("navigate", path);
  }

  /** Goes back in the history of this page. @throws Error at its first entry */
  async back(): Promise<string> {
    return this.#viewScope.travel("back");
  }

  /** Goes forward in the history of this page. @throws Error at its last entry */
  async forward(): Promise<string> {
    return this.#viewScope.travel("forward");
  }

  /**
   * Waits until a live patch has happened that no assertion named before.
   * @returns its path
   * @throws Error if there was none, or another one
   */
  async assertPatch(to?: string, options?: AssertOptions): Promise<string> {
    return this.#assertions.patch(to, options);
  }

  /** @throws Error if a live patch has happened that no assertion named before */
  async refutePatch(to?: string): Promise<void> {
    return this.#assertions.refuteStep("patch", to);
  }

  /**
   * Waits until the page has been redirected away from its view, by the view, a command or a link.
   * @returns target and kind of the redirect
   * @throws Error if there was none, or another one
   */
  async assertRedirect(to?: string, options?: AssertOptions): Promise<Redirect> {
    return this.#assertions.redirect(to, options);
  }

  /** @throws Error if the page has been redirected and no assertion named it before */
  async refuteRedirect(to?: string): Promise<void> {
    return this.#assertions.refuteStep("redirect", to);
  }

  /**
   * Goes on to the page that this one was redirected to. A live navigation is done by the client itself, then
   * this is the same driver; otherwise the page is requested, with its cookies, and this one is closed.
   * @typeParam Next `PlainPage` if the next page holds no live view
   * @throws Error if the page was not redirected, or to another URL
   */
  async followRedirect<Next extends LiveDriver | PlainPage = LiveDriver>(to?: string): Promise<Next> {
    const step = await this.#assertions.following(to);
    const { leaving } = this.#parts.page.navigationLog;
    if (!leaving) {
      this.#parts.page.navigationLog.follow();
      await this.#viewScope.rest();
      return this as LiveDriver as Next;
    }
    const url = new URL(step.to, this.#viewScope.window.location.href);
    return (await this.#parts.load(leaving.load ?? { method: "GET", url })) as Next;
  }

  /**
   * Waits until the view has pushed an event to the page that no assertion named before.
   * @param payload its required part; it may have more. Matchers as `expect.any(Number)` can stand in it
   * @returns its payload
   */
  async assertPushEvent<Payload = unknown>(
    name: string,
    payload?: unknown,
    options?: AssertOptions,
  ): Promise<Payload> {
    return (await this.#assertions.pushEvent(name, payload, options)) as Payload;
  }

  /** @throws Error if the view has pushed such an event and no assertion named it before */
  async refutePushEvent(name: string, payload?: unknown): Promise<void> {
    return this.#assertions.refutePushEvent(name, payload);
  }

  /**
   * Waits until a handler has given a reply that no assertion named before.
   * @param reply its required part
   * @returns the reply
   */
  async assertReply<Reply = unknown>(reply?: unknown, options?: AssertOptions): Promise<Reply> {
    return (await this.#assertions.reply(reply, options)) as Reply;
  }

  /**
   * Waits until nothing is under way any more and the page shows it: messages of all its views, their loading
   * and work in the background, files that are being uploaded and that the test does not hold back.
   * @throws Error that names work still under way after five seconds, or the time that was given
   */
  async settled({ timeout }: AssertOptions = {}): Promise<string> {
    await this.#parts.page.settled(timeout);
    this.#viewScope.noteName();
    return this.html();
  }

  /** Cuts the connection, as a lost network does. The page stays, and its views wait for {@link reconnect}. */
  async disconnect({ resume = true }: DisconnectOptions = {}): Promise<void> {
    await this.#parts.page.disconnect(resume);
  }

  /** Restores the connection and waits until all views are joined again: those that waited, or others in their place. */
  async reconnect(): Promise<string> {
    await this.#parts.page.reconnect();
    return this.html();
  }

  /**
   * Shows the page as it is now in a browser, from a file: without scripts, with the app's stylesheets.
   * @param opener shows the file in some other way
   * @returns this driver
   */
  async openBrowser(opener?: Opener): Promise<this> {
    await this.#viewScope.open(undefined, opener);
    return this;
  }

  /** Closes the page; its views end. */
  async close(): Promise<void> {
    await this.#parts.page.close();
  }
}
