/** One element of a page under test, and the user's actions on it. */

import type { Element, HTMLFormElement, HTMLInputElement } from "happy-dom";
import { closedByEscape } from "../browser/browser-dialogs.ts";
import type { Opener } from "../browser/open-browser.ts";
import { reaching } from "../browser/reaching.ts";
import { withWrittenStyles } from "../browser/styles.ts";
import { showHtml } from "../errors/describe.ts";
import { enablingHint, hintOf, withHint } from "../errors/hints.ts";
import { type FormValues, fillField } from "../forms/fields.ts";
import { isDisabledControl } from "../forms/form-data.ts";
import { filling } from "../forms/loose-fill.ts";
import { assertSent } from "../forms/submission.ts";
import type { PageScope, Values } from "../page/page-scope.ts";
import { findOne, nameElement, type TextFilter } from "./find.ts";
import { assertInDialog, onlyClosesDialog, pressBesideOf, pressOf } from "./pressing.ts";

/** A key, as `KeyboardEvent.key` names it, or with modifiers: `{ key: "s", ctrlKey: true }`. */
export type Key = string | { readonly key: string; readonly [modifier: string]: unknown };

/**
 * An element that is looked up anew for each action, so it may appear, go and change meanwhile. All actions
 * reject if the page does not hold exactly one such element, if it is disabled, or if the action has no
 * binding.
 */
export class LiveElement {
  readonly #scope: PageScope;
  readonly #selector: string;
  readonly #filter: TextFilter | undefined;

  constructor(scope: PageScope, selector: string, filter?: TextFilter) {
    this.#scope = scope;
    this.#selector = selector;
    this.#filter = filter;
  }

  /** The element itself, of happy-dom, as the page has it now. */
  get node(): Element {
    return findOne(this.#scope.roots(), this.#selector, this.#filter);
  }

  /** Its outer HTML. */
  html(): string {
    return withWrittenStyles(this.node.outerHTML);
  }

  /**
   * Clicks it. Commands run, links are followed: one that navigates leads the driver to the next view, one
   * that loads a page is told by `assertRedirect` and followed by `followRedirect`. Buttons submit, and close
   * the dialog of their form. A `<dialog>` that is open modally and has no `phx-click` is clicked on its
   * backdrop.
   * @param value goes with the event, over the element's own values
   */
  async click(value?: object): Promise<string> {
    const node = this.#usable("click");
    const press = pressOf(node, this.#scope);
    if (!press && node.localName === "a")
      throw new Error(
        `clicked link selected by ${this.#name} does not have ${this.#attribute("click")} or href attributes:\n\n${showHtml(node.outerHTML)}\n`,
      );
    return this.#act("click on", press ?? this.#unbound(node, "click"), value);
  }

  /**
   * Clicks beside it, for its `phx-click-away`: on the backdrop of a dialog that is open modally, otherwise on the page.
   * @param value goes with the event
   */
  async clickAway(value?: object): Promise<string> {
    const node = this.node;
    const press = pressBesideOf(node, this.#scope) ?? this.#unbound(node, "click-away");
    return this.#act("click beside", press, value);
  }

  /** Presses a key down in it. Escape asks a dialog that is open modally to close, in it and its content. */
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
   * Pushes an event as the element's client hook would, or its `phx-viewport-*` binding. Its reply:
   * `view.assertReply`.
   * @param payload all that is sent; the element's own values do not go along
   */
  async hook(event: string, payload: unknown = {}): Promise<string> {
    const node = this.#usable("push a hook event from");
    const hook = this.#attribute("hook");
    if (node.hasAttribute(hook)) {
      if (!node.id)
        throw new Error(
          `element selected by ${this.#name} for ${hook} does not have an ID:\n\n${showHtml(node.outerHTML)}\n`,
        );
    } else if (!["top", "bottom"].some((edge) => node.hasAttribute(this.#attribute(`viewport-${edge}`))))
      this.#bound(node, "hook");
    const target = node.getAttribute(this.#attribute("target")) ?? undefined;
    return this.#scope.push(
      `hook event ${JSON.stringify(event)} of ${this.#name}`,
      node,
      event,
      payload,
      target,
    );
  }

  /**
   * Changes it: a form, or one field with a `phx-change` of its own. Values are put into the fields of their names; what
   * no field takes goes along as it is. `view.form(…)` is the stricter way.
   */
  async change(values: FormValues | string = {}): Promise<string> {
    const node = this.#usable("change");
    this.#bound(node, "change");
    if (node.localName === "form") {
      const form = node as HTMLFormElement;
      const { fill, run } = filling(form, values as FormValues, ({ last }) => {
        const target = last ?? (form.elements[0] as Element | undefined) ?? node;
        reaching(target, "input", () => this.#dispatch(target, "input"))();
      });
      return this.#act("change of", run, fill);
    }
    if (!/^(input|select|textarea)$/.test(node.localName))
      throw new Error(
        `${this.#attribute("change")} is only allowed in forms and fields, got ${JSON.stringify(node.localName)}`,
      );
    const { name } = node as HTMLInputElement;
    const { [name]: value, ...others } = typeof values === "string" ? { [name]: values } : values;
    const fill = () => {
      if (value !== undefined) fillField(node, value);
      return Object.keys(others).length ? others : undefined;
    };
    const action = reaching(node, "input", () => this.#dispatch(node, "input"));
    return this.#act("change of", action, fill);
  }

  /** Submits a form; values as for {@link change}. */
  async submit(values: FormValues = {}): Promise<string> {
    const node = this.#usable("submit");
    if (node.localName !== "form") {
      const message = `${this.#attribute("submit")} is only allowed in forms, got ${JSON.stringify(node.localName)}`;
      throw new Error(withHint(message, hintOf(node, "submit", this.#scope.prefix)));
    }
    const form = node as HTMLFormElement;
    const closes = onlyClosesDialog(form, this.#scope.prefix);
    if (!closes) this.#bound(node, "submit");
    const action = reaching(node, "submit", () => {
      if (closes) assertInDialog(form, `form ${this.#name}`);
      const pressed = assertSent(form, `form ${this.#name}`);
      if (closes && pressed) pressed.click();
      else this.#dispatch(node, "submit");
    });
    const { fill, run } = filling(form, values, action);
    return this.#act("submit of", run, fill);
  }

  /** Shows it in a browser, as `view.openBrowser` does the page. @returns this element */
  async openBrowser(opener?: Opener): Promise<this> {
    await this.#scope.open(this.node, opener);
    return this;
  }

  #key(type: "keydown" | "keyup", key: Key, value?: object): Promise<string> {
    const node = this.#usable(type);
    const details = typeof key === "string" ? { key } : key;
    const isEscape = type === "keydown" && details.key === "Escape";
    const closed = isEscape ? closedByEscape(this.#scope.window) : undefined;
    if (!closed?.contains(node)) this.#bound(node, type, `window-${type}`);
    const event = new this.#scope.window.KeyboardEvent(type, { bubbles: true, cancelable: true, ...details });
    return this.#act(`${type} in`, () => node.dispatchEvent(event), value);
  }

  #focus(type: "focus" | "blur", bubbling: "focusin" | "focusout", value?: object): Promise<string> {
    const node = this.#usable(type);
    this.#bound(node, type, `window-${type}`);
    const { window } = this.#scope;
    return this.#act(
      `${type} of`,
      () => {
        if (!node.hasAttribute(this.#attribute(type))) {
          window.dispatchEvent(new window.FocusEvent(type));
          return;
        }
        const input = node as HTMLInputElement;
        const had = window.document.activeElement === node;
        input[type]();
        // An element that cannot take or lose the focus gets the events alone.
        if (had === (window.document.activeElement === node)) {
          node.dispatchEvent(new window.FocusEvent(type));
          node.dispatchEvent(new window.FocusEvent(bubbling, { bubbles: true }));
        }
      },
      value,
    );
  }

  #dispatch(node: Element, type: "input" | "submit"): void {
    const { Event } = this.#scope.window;
    node.dispatchEvent(new Event(type, { bubbles: true, cancelable: true }));
  }

  #act(what: string, action: () => void, value?: Values): Promise<string> {
    return this.#scope.act(`${what} ${this.#name}`, action, value);
  }

  get #name(): string {
    return nameElement(this.#selector, this.#filter);
  }

  #attribute(binding: string): string {
    return this.#scope.prefix + binding;
  }

  #usable(action: string): Element {
    const node = this.node;
    if (isDisabledControl(node))
      throw new Error(
        withHint(`cannot ${action} element ${this.#name} because it is disabled`, enablingHint(node)),
      );
    return node;
  }

  #bound(node: Element, ...bindings: string[]): void {
    if (!bindings.some((name) => node.hasAttribute(this.#attribute(name)))) this.#unbound(node, ...bindings);
  }

  #unbound(node: Element, ...bindings: string[]): never {
    const attributes = bindings.map((name) => this.#attribute(name));
    const plural = attributes.length > 1 ? "attributes" : "attribute";
    const message = `element selected by ${this.#name} does not have ${attributes.join(" or ")} ${plural}:\n\n${showHtml(node.outerHTML)}\n`;
    throw new Error(withHint(message, hintOf(node, bindings[0] ?? "", this.#scope.prefix)));
  }
}
