/** A form of a page under test, filled in as strictly as a user would have to. */
import type { Element, HTMLFormElement } from "happy-dom";
import { loadOf } from "../browser/browser.ts";
import { reaching } from "../browser/reaching.ts";
import { showHtml } from "../errors/describe.ts";
import { type FormValues, fillForm, findSubmitter } from "../forms/fields.ts";
import { type Filled, filling } from "../forms/loose-fill.ts";
import { assertSent } from "../forms/submission.ts";
import type { PageScope } from "../page/page-scope.ts";
import { findOne } from "./find.ts";
import { assertInDialog, onlyClosesDialog } from "./pressing.ts";

/**
 * A form with values that were checked against its fields. All actions reject if the page does not hold
 * exactly one such form, or if a user could not enter a value.
 * @typeParam Driver of the page that a sent form leads to
 */
export class LiveForm<Driver = unknown> {
  readonly #scope: PageScope;
  readonly #selector: string;
  readonly #values: FormValues;

  constructor(scope: PageScope, selector: string, values: FormValues) {
    this.#scope = scope;
    this.#selector = selector;
    this.#values = values;
  }

  /**
   * Fills it in and tells the view, as if the last field had been changed.
   * @param values more of them, which win and are not checked
   */
  async change(values: FormValues = {}): Promise<string> {
    const form = this.#form(`${this.#scope.prefix}change`);
    const action = ({ last }: Filled) => {
      const field = last ?? (form.elements[0] as Element | undefined) ?? form;
      reaching(field, "input", () => this.#dispatch(field, "input"))();
    };
    return this.#act("change", form, values, action);
  }

  /**
   * Fills it in and submits it: to its view, or with `method="dialog"` to the dialog that it is in, which closes.
   * @param button selector of the button that submits it
   * @param values more of them, which win and are not checked
   */
  async submit(button?: string, values: FormValues = {}): Promise<string> {
    const form = this.#form();
    const closes = onlyClosesDialog(form, this.#scope.prefix);
    if (!closes) this.#assertHas(form, `${this.#scope.prefix}submit`);
    const submitter = button === undefined ? undefined : findSubmitter(form, button);
    const name = `form ${JSON.stringify(this.#selector)}`;
    const action = () => {
      if (closes) assertInDialog(form, name);
      const pressed = assertSent(form, name, submitter);
      const clicked = submitter ?? (closes ? pressed : undefined);
      if (clicked) clicked.click();
      else this.#dispatch(form, "submit");
    };
    return this.#act("submit", form, values, reaching(form, "submit", action));
  }

  /**
   * Lets the browser send a form that its view has marked with `phx-trigger-action`, with the values of this
   * one, and with the attributes of the submitting button.
   * @returns the driver of the page that answers, or a `PlainPage` if it holds no live view
   */
  async followTriggerAction<Next = Driver>(): Promise<Next> {
    return this.#send(`${this.#scope.prefix}trigger-action`, "a");
  }

  /**
   * Lets the browser send a form to its `action`, as one that no view is bound to.
   * @param button selector of the button that submits it
   * @returns as {@link followTriggerAction}
   */
  async submitNative<Next = Driver>(button?: string): Promise<Next> {
    return this.#send("action", "an", button);
  }

  async #send<Next>(attribute: string, article: string, button?: string): Promise<Next> {
    const form = this.#form();
    if (!form.hasAttribute(attribute))
      throw new Error(
        `${JSON.stringify(this.#selector)} does not have ${article} ${attribute} attribute:\n\n${showHtml(form.outerHTML)}\n`,
      );
    fillForm(form, this.#values);
    const submitter = button === undefined ? undefined : findSubmitter(form, button);
    // A browser does not check a form that a script submits, as `phx-trigger-action` does.
    if (attribute === "action") assertSent(form, `form ${JSON.stringify(this.#selector)}`, submitter);
    return (await this.#scope.load(loadOf(form, submitter))) as Next;
  }

  #act(
    what: string,
    form: HTMLFormElement,
    values: FormValues,
    action: (filled: Filled) => void,
  ): Promise<string> {
    const { fill, run } = filling(form, values, action, this.#values);
    return this.#scope.act(`${what} of ${JSON.stringify(this.#selector)}`, run, fill);
  }

  #dispatch(node: Element, type: "input" | "submit"): void {
    const { Event } = this.#scope.window;
    node.dispatchEvent(new Event(type, { bubbles: true, cancelable: true }));
  }

  #form(attribute?: string): HTMLFormElement {
    const node = findOne(this.#scope.roots(), this.#selector);
    if (node.localName !== "form") {
      throw new Error(
        `a form element was given but the selected node is not a form, got ${JSON.stringify(node.localName)}:\n\n${showHtml(node.outerHTML)}\n`,
      );
    }
    if (attribute !== undefined) this.#assertHas(node, attribute);
    return node as HTMLFormElement;
  }

  #assertHas(form: Element, attribute: string): void {
    if (!form.hasAttribute(attribute))
      throw new Error(
        `element selected by ${JSON.stringify(this.#selector)} does not have ${attribute} attribute:\n\n${showHtml(form.outerHTML)}\n`,
      );
  }
}
