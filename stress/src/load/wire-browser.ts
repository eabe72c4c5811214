/**
 * A shopper's browser without a document: pages in terms of the protocol, whose HTML is read when a shopper looks for something
 * in it. Hundreds of them take little of the time that belongs to the nodes.
 */
import { FLASH_COOKIE } from "@overwire/server/wire";
import { type CheerioAPI, load } from "cheerio/slim";
import { Visitor } from "../clients/visitor.ts";
import { type Browser, loadPage, PATIENCE, waitFor } from "./browser.ts";
import type { Stopwatch } from "./stopwatch.ts";
import { WirePage } from "./wire-page.ts";

/** Milliseconds after which a field that is typed into is sent. */
const DEBOUNCE = 150;

type Entries = [name: string, value: string][];

interface Push {
  readonly event?: string;
  readonly target?: number;
  readonly value?: Readonly<Record<string, string>>;
}

export class WireBrowser implements Browser {
  readonly visitor: Visitor;
  readonly #events: Stopwatch;
  readonly #navigations: Stopwatch;
  #page: WirePage | undefined;
  #document: { readonly html: string; readonly $: CheerioAPI } | undefined;
  /** Entries of forms that differ from the page's, by name. */
  readonly #entered = new Map<string, string>();
  /** Entries of forms of which a view that was mounted anew has not been told, by the forms' ids: they stay as they are until then. */
  readonly #held = new Map<string, Entries>();
  #typing: NodeJS.Timeout | undefined;
  #changed = () => {};
  #loading: Promise<void> | undefined;
  loads = 0;
  left: string | undefined;

  constructor(origin: string, events: Stopwatch, navigations: Stopwatch) {
    this.visitor = new Visitor(origin);
    this.#events = events;
    this.#navigations = navigations;
  }

  async open(path: string): Promise<void> {
    await this.leave();
    this.left = undefined;
    this.loads++;
    const { url, html } = await loadPage(this.visitor, path);
    const $ = read(html);
    const tokens = $("[data-ow-view]")
      .map((_, view) => $(view).attr("data-ow-view"))
      .get();
    const page = new WirePage({
      visitor: this.visitor,
      events: this.#events,
      navigations: this.#navigations,
      url,
      tokens,
      onRemount: (before) => this.#recover(before),
      onChange: () => this.#changed(),
      onLoad: (to, flash) => this.#load(to, flash),
    });
    this.#page = page;
    await waitFor(
      this,
      "connection",
      () => page.isReady,
      PATIENCE,
      (left) => this.#untilChange(left),
    );
  }

  #load(to: string, flash?: string): void {
    const { origin, pathname, search, href } = new URL(to, this.#page?.url);
    if (flash) this.visitor.take(`${FLASH_COOKIE}=${flash}`);
    if (origin !== this.visitor.origin) this.left = href;
    else {
      this.#loading = this.open(pathname + search);
      this.#loading.catch(() => {});
    }
    this.#changed();
  }

  get path(): string {
    return this.#page ? new URL(this.#page.url).pathname : "";
  }

  get #$(): CheerioAPI {
    const html = this.#page?.html ?? "";
    if (this.#document?.html !== html) this.#document = { html, $: read(html) };
    return this.#document.$;
  }

  #find(selector: string) {
    const found = this.#$(selector).first();
    if (found.length === 0) throw new Error(`${this.path} has no ${selector}`);
    return found;
  }

  has(selector: string): boolean {
    return this.#$(selector).length > 0;
  }

  text(selector: string): string {
    return this.#$(selector).first().text().trim();
  }

  attributes(selector: string, name: string): string[] {
    const $ = this.#$;
    return $(selector)
      .map((_, element) => $(element).attr(name))
      .get();
  }

  click(selector: string): void {
    const element = this.#find(selector);
    const form = element.closest("form");
    const href = element.attr("href");
    if (href !== undefined) this.#follow(href, element.attr("data-ow-link"));
    else if (form.length > 0 && element.is("button:not([type=button], [phx-click])")) this.#submit(form);
    else this.#push(element);
  }

  #follow(href: string, kind: string | undefined): void {
    this.#entered.clear();
    this.#held.clear();
    const page = this.#page;
    if (kind === "navigate") page?.navigate(href);
    else if (kind === "patch") page?.ask((view, ref) => ["n", view, ref, new URL(href, page.url).href]);
    else this.#load(href);
  }

  #push(element: ReturnType<CheerioAPI>): void {
    const values = valuesOf(element.attr());
    for (const { event = "", target, value } of pushes(element.attr("phx-click")))
      this.#page?.ask((view, ref) => ["e", view, ref, event, { ...value, ...values }, target ?? 0]);
  }

  type(selector: string, text: string): void {
    const name = this.#enter(selector, text);
    clearTimeout(this.#typing);
    this.#typing = setTimeout(() => this.#change(name), DEBOUNCE);
  }

  choose(selector: string): void {
    this.#change(this.#enter(selector, this.#find(selector).attr("value") ?? ""));
  }

  #enter(selector: string, value: string): string {
    const name = this.#find(selector).attr("name") ?? "";
    this.#entered.set(name, value);
    return name;
  }

  #change(name: string): void {
    const form = this.#$(`[name="${name}"]`).first().closest("form");
    this.#sendForm(form.attr("phx-change"), this.#fields(form), { _target: name });
  }

  /** Tells a view that was mounted anew of the entries of its forms, as the client does. */
  #recover(before: string): void {
    const $ = read(before);
    for (const element of $("form[id][phx-change]")) {
      const { id = "" } = element.attribs;
      const entries = this.#held.get(id) ?? this.#entries($(element));
      const binding = this.#$(`form[id="${id}"]`).attr("phx-change");
      if (!binding) continue;
      this.#held.set(id, entries);
      this.#sendForm(binding, new URLSearchParams(entries).toString(), {}, () => this.#held.delete(id));
    }
  }

  submit(selector: string): void {
    this.#submit(this.#find(selector));
  }

  #submit(form: ReturnType<CheerioAPI>): void {
    this.#sendForm(form.attr("phx-submit"), this.#fields(form), {});
  }

  #sendForm(
    binding: string | undefined,
    fields: string,
    meta: Readonly<Record<string, string>>,
    answered?: () => void,
  ): void {
    for (const { event = "", target } of pushes(binding))
      this.#page?.ask((view, ref) => ["f", view, ref, event, fields, meta, target ?? 0], answered);
  }

  /** Fields as a browser sends them. */
  #fields(form: ReturnType<CheerioAPI>): string {
    return new URLSearchParams(this.#entries(form)).toString();
  }

  #entries(form: ReturnType<CheerioAPI>): Entries {
    const shown =
      this.#held.get(form.attr("id") ?? "") ??
      form.serializeArray().map(({ name, value }): [string, string] => [name, value]);
    const entered = [...this.#entered].filter(([name]) => form.find(`[name="${name}"]`).length > 0);
    return [...shown.filter(([name]) => !this.#entered.has(name)), ...entered];
  }

  until(what: string, holds: () => boolean, patience = PATIENCE): Promise<void> {
    return waitFor(this, what, holds, patience, async (left) => {
      await this.#untilChange(left);
      await this.#loading;
    });
  }

  /** Until something has changed, or the time is over. */
  #untilChange(left: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, left);
      this.#changed = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  async leave(): Promise<void> {
    clearTimeout(this.#typing);
    this.#loading = undefined;
    this.#entered.clear();
    this.#held.clear();
    this.#page?.close();
    this.#page = undefined;
  }
}

const read = (html: string) => load(html, { xml: { xmlMode: false } });

/** Pushes of a binding: of its commands, or of the event that it names. */
function pushes(binding = ""): readonly Push[] {
  if (!binding.startsWith("[")) return binding ? [{ event: binding }] : [];
  return (JSON.parse(binding) as readonly (readonly [op: string, args: Push])[])
    .filter(([op]) => op === "push")
    .map(([, args]) => args);
}

/** Values of an element's `phx-value-*`. */
function valuesOf(attributes: Readonly<Record<string, string>> = {}): Record<string, string> {
  const prefix = "phx-value-";
  return Object.fromEntries(
    Object.entries(attributes)
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, value]) => [name.slice(prefix.length), value]),
  );
}
