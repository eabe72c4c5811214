/** One view of a page under test: its current position, its process, and the actions in it. */

import type { LiveView } from "@overwire/server";
import { ATTR_LINK, ATTR_PORTAL, ATTR_TOKEN } from "@overwire/server/wire";
import type { Element, Window } from "happy-dom";
import type { Load } from "../browser/browser.ts";
import { type Opener, openInBrowser } from "../browser/open-browser.ts";
import { withWrittenStyles } from "../browser/styles.ts";
import type { Page } from "./page.ts";
import type { PageScope, Values } from "./page-scope.ts";
import type { UploadGate } from "./upload-gate.ts";

/** Functions of the page for its views. */
export interface ViewScopeParts {
  readonly page: Page;
  /** Begins the names of all bindings. */
  readonly prefix: string;
  /** Loads another page in place of this one. */
  load(load: Load): Promise<unknown>;
  /** The app's answer to a path, undefined if it has none. */
  read(url: URL): Promise<string | undefined>;
}

export class ViewScope implements PageScope {
  readonly page: Page;
  readonly prefix: string;
  readonly #parts: ViewScopeParts;
  /** Id of a nested view. */
  readonly #id: string | undefined;
  /** The last container that was there. */
  #container: Element | undefined;
  #name = "the view";

  /** @param id of the container of a nested view; without it the page's own */
  constructor(parts: ViewScopeParts, id?: string) {
    this.page = parts.page;
    this.prefix = parts.prefix;
    this.#parts = parts;
    this.#id = id;
    this.noteName();
  }

  get window(): Window {
    return this.page.window;
  }

  get uploadGate(): UploadGate {
    return this.page.uploadGate;
  }

  /** The element that contains the view. @throws Error if a nested view is gone */
  get container(): Element {
    const found = this.#find();
    if (found) this.#container = found;
    else if (this.#id !== undefined)
      throw new Error(`The nested view ${JSON.stringify(this.#id)} is not in the page any more.`);
    return this.#container as Element;
  }

  #find(): Element | undefined {
    const id = this.#id;
    if (id === undefined) return this.page.container;
    const all = [...this.window.document.querySelectorAll(`[${ATTR_TOKEN}]`)] as Element[];
    return all.find((el) => el.id === id);
  }

  roots(): [Element, ...Element[]] {
    const { container } = this;
    if (this.#id !== undefined) return [container];
    const portals = [...this.window.document.querySelectorAll(`[${ATTR_PORTAL}]`)] as Element[];
    return [container, ...portals.filter((portal) => !container.contains(portal))];
  }

  /** Containers of the views that are nested right in this one. */
  nested(): Element[] {
    return this.roots().flatMap((root) => this.page.containers(root));
  }

  get #number(): number | undefined {
    const { frameLog } = this.page;
    return this.#id === undefined ? frameLog.main : frameLog.viewOf(this.container.getAttribute(ATTR_TOKEN));
  }

  /** Numbers under which the client knows the view, or knew those before it in its place. */
  numbers(): readonly number[] {
    return this.#id === undefined ? this.page.frameLog.mains : [this.#number ?? 0];
  }

  /** @throws Error if the view is not joined */
  get process(): NonNullable<ReturnType<Page["process"]>> {
    const viewProcess = this.page.process(this.#number);
    if (!viewProcess) throw new Error("The view is not joined: it was closed, disconnected, or it crashed.");
    return viewProcess;
  }

  get view(): LiveView {
    return this.process.view;
  }

  /** Name of the view in messages; it is kept as long as no other takes its place. */
  noteName(): string {
    const viewProcess = this.page.process(this.#number);
    if (viewProcess) this.#name = viewProcess.reports.viewName;
    return this.#name;
  }

  async act(what: string, action: () => void, values?: Values): Promise<string> {
    this.noteName();
    const { container } = this;
    await this.page.act(what, action, values);
    return this.#shown(container);
  }

  async rest(): Promise<string> {
    const { container } = this;
    await this.page.arrived();
    return this.#shown(container);
  }

  /** HTML after an action, which may have taken a nested view away: then its last HTML. */
  #shown(before: Element): string {
    const container = this.#find() ?? before;
    if (container.isConnected) this.noteName();
    return withWrittenStyles(container.innerHTML);
  }

  push(what: string, source: Element, event: string, value: unknown, selector?: string): Promise<string> {
    const at = source.closest(`[${ATTR_TOKEN}]`) ?? this.container;
    const target = selector && /^\d+$/.test(selector) ? Number(selector) : selector;
    const commands = JSON.stringify([["push", { event, value, ...(target && { target }) }]]);
    return this.act(what, () => {
      // The focus moves nowhere, and nothing but this element hears of it.
      const aid = this.#aid(at, { [`${this.prefix}focus`]: commands });
      aid.dispatchEvent(new this.window.FocusEvent("focusin", { bubbles: true }));
      aid.remove();
    });
  }

  /** Clicks a link that is there only for it. */
  follow(kind: "patch" | "navigate", path: string): Promise<string> {
    return this.act(`${kind} to ${path}`, () => {
      const link = this.#aid(this.container, { href: path, [ATTR_LINK]: kind });
      (link as unknown as HTMLElement).click();
      link.remove();
    });
  }

  #aid(parent: Element, attributes: Record<string, string>): Element {
    const aid = this.window.document.createElement("a");
    for (const [name, value] of Object.entries(attributes)) aid.setAttribute(name, value);
    parent.append(aid);
    return aid;
  }

  /** Goes back or forward in the page's history. */
  async travel(way: "back" | "forward"): Promise<string> {
    const { history } = this.page;
    const by = way === "back" ? -1 : 1;
    if (!history.reaches(by)) throw new Error(`There is no page to go ${way} to.`);
    return this.act(`going ${way}`, () => history.go(by));
  }

  load(load: Load): Promise<unknown> {
    return this.#parts.load(load);
  }

  open(element: Element | undefined, opener: Opener | undefined): Promise<void> {
    return openInBrowser(this.window, element, this.#parts.read, opener);
  }
}
