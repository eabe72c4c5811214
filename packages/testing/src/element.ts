/** One element of a page under test, and what a person can do to it. */
import type { Element, HTMLFormElement, HTMLInputElement } from "happy-dom";
import { showHtml } from "./describe.ts";
import { type FormValues, fillField, fillForm } from "./fields.ts";
import { findOne, type TextFilter } from "./find.ts";

/** What elements need of the page they are in. */
export interface Page {
  /** The window of the page. */
  readonly window: import("happy-dom").Window;
  /** The element that contains the view. */
  readonly container: Element;
  /**
   * Runs an action and waits for what it causes: its answer and the patch that comes with it.
   * @returns the view's HTML after it
   */
  act(what: string, action: () => void, extra?: object): Promise<string>;
}

/** A key, as `KeyboardEvent.key` names it, or with modifiers: `{ key: "s", ctrlKey: true }`. */
export type Key = string | { readonly key: string; readonly [modifier: string]: unknown };

/**
 * An element that is looked up anew for each action, so it may appear, go and change meanwhile. All actions reject where
 * the page does not hold exactly one such element, where it is disabled, or where nothing is bound to the action.
 */
export class LiveElement {
  readonly #page: Page;
  readonly #selector: string;
  readonly #filter: TextFilter | undefined;

  constructor(page: Page, selector: string, filter?: TextFilter) {
    this.#page = page;
    this.#selector = selector;
    this.#filter = filter;
  }

  /** The element itself, as the page has it now. */
  get node(): Element {
    return findOne(this.#page.container, this.#selector, this.#filter);
  }

  /** Its outer HTML. */
  html(): string {
    return this.node.outerHTML;
  }

  /** Clicks it. @param value goes with the event, over what the element itself sends */
  async click(value?: object): Promise<string> {
    const node = this.#usable("click");
    const submits =
      /^(submit|image)$/.test((node as HTMLInputElement).type) &&
      (node as HTMLInputElement).form?.hasAttribute("phx-submit");
    if (!submits) this.#bound(node, "phx-click");
    return this.#act("click on", () => (node as HTMLInputElement).click(), value);
  }

  /** Presses a key down in it. */
  async keydown(key: Key, value?: object): Promise<string> {
    return this.#key("keydown", key, value);
  }

  /** Lets a key go in it. */
  async keyup(key: Key, value?: object): Promise<string> {
    return this.#key("keyup", key, value);
  }

  /** Moves the focus to it. */
  async focus(value?: object): Promise<string> {
    return this.#focus("focus", "focusin", value);
  }

  /** Takes the focus from it. */
  async blur(value?: object): Promise<string> {
    return this.#focus("blur", "focusout", value);
  }

  /**
   * Changes it: a form, or one field with a `phx-change` of its own. Values are put into the fields of their names; what
   * no field takes goes along as it is. `view.form(…)` is the stricter way.
   */
  async change(values: FormValues | string = {}): Promise<string> {
    const node = this.#usable("change");
    this.#bound(node, "phx-change");
    if (node.localName === "form") {
      const [extra, field] = this.#fillLoosely(node as HTMLFormElement, values as FormValues);
      const target = field ?? ((node as HTMLFormElement).elements[0] as Element | undefined) ?? node;
      return this.#act("change of", () => this.#dispatch(target, "input"), extra);
    }
    if (!/^(input|select|textarea)$/.test(node.localName))
      throw this.#error(
        `phx-change is only allowed in forms and fields, got ${JSON.stringify(node.localName)}`,
      );
    const { name } = node as HTMLInputElement;
    const { [name]: value, ...others } = typeof values === "string" ? { [name]: values } : values;
    if (value !== undefined) fillField(node, value);
    const extra = Object.keys(others).length ? others : undefined;
    return this.#act("change of", () => this.#dispatch(node, "input"), extra);
  }

  /** Submits a form; values as for {@link change}. */
  async submit(values: FormValues = {}): Promise<string> {
    const node = this.#usable("submit");
    if (node.localName !== "form")
      throw this.#error(`phx-submit is only allowed in forms, got ${JSON.stringify(node.localName)}`);
    this.#bound(node, "phx-submit");
    const [extra] = this.#fillLoosely(node as HTMLFormElement, values);
    return this.#act("submit of", () => this.#dispatch(node, "submit"), extra);
  }

  #fillLoosely(
    form: HTMLFormElement,
    values: FormValues,
  ): [extra: FormValues | undefined, last: Element | undefined] {
    const extra: Record<string, FormValues[string]> = {};
    let last: Element | undefined;
    for (const [name, value] of Object.entries(values)) {
      try {
        last = fillForm(form, { [name]: value });
      } catch {
        extra[name] = value;
      }
    }
    return [Object.keys(extra).length ? extra : undefined, last];
  }

  #key(type: "keydown" | "keyup", key: Key, value?: object): Promise<string> {
    const node = this.#usable(type);
    this.#bound(node, `phx-${type}`, `phx-window-${type}`);
    const details = typeof key === "string" ? { key } : key;
    const event = new this.#page.window.KeyboardEvent(type, { bubbles: true, cancelable: true, ...details });
    return this.#act(`${type} in`, () => node.dispatchEvent(event), value);
  }

  #focus(type: "focus" | "blur", bubbling: "focusin" | "focusout", value?: object): Promise<string> {
    const node = this.#usable(type);
    this.#bound(node, `phx-${type}`, `phx-window-${type}`);
    return this.#act(
      `${type} of`,
      () => {
        const input = node as HTMLInputElement;
        const had = this.#page.window.document.activeElement === node;
        input[type]();
        // What cannot take or lose the focus gets the events alone, as the reference's driver does it.
        if (had === (this.#page.window.document.activeElement === node)) {
          node.dispatchEvent(new this.#page.window.FocusEvent(type));
          node.dispatchEvent(new this.#page.window.FocusEvent(bubbling, { bubbles: true }));
        }
      },
      value,
    );
  }

  #dispatch(node: Element, type: "input" | "submit"): void {
    const { Event } = this.#page.window;
    node.dispatchEvent(new Event(type, { bubbles: true, cancelable: true }));
  }

  #act(what: string, action: () => void, value?: object): Promise<string> {
    return this.#page.act(`${what} ${this.#name}`, action, value);
  }

  get #name(): string {
    const filter = this.#filter instanceof RegExp ? String(this.#filter) : JSON.stringify(this.#filter);
    return JSON.stringify(this.#selector) + (this.#filter === undefined ? "" : ` with text ${filter}`);
  }

  #usable(action: string): Element {
    const node = this.node;
    if (node.matches("[disabled], fieldset[disabled] *"))
      throw this.#error(`cannot ${action} element ${this.#name} because it is disabled`);
    return node;
  }

  #bound(node: Element, ...attributes: string[]): void {
    if (attributes.some((name) => node.hasAttribute(name))) return;
    const plural = attributes.length > 1 ? "attributes" : "attribute";
    throw this.#error(
      `element selected by ${this.#name} does not have ${attributes.join(" or ")} ${plural}:\n\n${showHtml(node.outerHTML)}\n`,
    );
  }

  #error(message: string): Error {
    return new Error(message);
  }
}

/** A form with values that were checked against its fields. */
export class LiveForm {
  readonly #page: Page;
  readonly #selector: string;
  readonly #values: FormValues;

  constructor(page: Page, selector: string, values: FormValues) {
    this.#page = page;
    this.#selector = selector;
    this.#values = values;
  }

  /** Fills it in and tells the view, as if the last field had been changed. */
  async change(): Promise<string> {
    const form = this.#form("phx-change");
    const field = fillForm(form, this.#values) ?? (form.elements[0] as Element | undefined) ?? form;
    return this.#page.act(`change of ${JSON.stringify(this.#selector)}`, () => {
      field.dispatchEvent(new this.#page.window.Event("input", { bubbles: true, cancelable: true }));
    });
  }

  /** Fills it in and submits it. @param button selector of the button that submits, within the form */
  async submit(button?: string): Promise<string> {
    const form = this.#form("phx-submit");
    fillForm(form, this.#values);
    return this.#page.act(`submit of ${JSON.stringify(this.#selector)}`, () => {
      if (button) (findOne(form, button) as HTMLInputElement).click();
      else form.dispatchEvent(new this.#page.window.Event("submit", { bubbles: true, cancelable: true }));
    });
  }

  #form(attribute: string): HTMLFormElement {
    const node = findOne(this.#page.container, this.#selector);
    const name = JSON.stringify(this.#selector);
    if (node.localName !== "form") {
      throw new Error(
        `a form element was given but the selected node is not a form, got ${JSON.stringify(node.localName)}:\n\n${showHtml(node.outerHTML)}\n`,
      );
    }
    if (!node.hasAttribute(attribute))
      throw new Error(
        `element selected by ${name} does not have ${attribute} attribute:\n\n${showHtml(node.outerHTML)}\n`,
      );
    return node as HTMLFormElement;
  }
}
