/** Development's check of what a slot shows: if a browser would leave it where the slot stands. */
import { ATTR_TOKEN } from "@overwire/client/wire";
import type { CallSite } from "./call-site.ts";
import { misplaced, type OpenElement } from "./content-model.ts";
import { textless } from "./elements.ts";
import { TemplateError } from "./errors.ts";

/** An element of a template, with those of the template around it, outermost first. */
export interface CheckedElement {
  readonly key: string;
  readonly open: readonly OpenElement[];
  /** A browser makes a shadow root of it. */
  readonly isShadow: boolean;
}

/** Facts of a template that are checked. */
export interface CheckedTemplate {
  readonly source: string;
  readonly site: CallSite | undefined;
  readonly elements: readonly CheckedElement[];
  /** A text stands in none of its elements. */
  readonly hasText: boolean;
}

/** Facts of a slot. */
interface SlotFacts {
  /** Elements of its template around it, outermost first. */
  readonly open?: readonly OpenElement[] | undefined;
  readonly source?: string | undefined;
  readonly at?: number | undefined;
  /** Place of its template in the author's code. */
  readonly site?: CallSite | undefined;
}

const START = /^\s*<([a-z][^\s/>]*)/i;
const CONTAINER = new RegExp(`^<div [^>]*${ATTR_TOKEN}=`);
const SHADOW = /<template\s[^>]*shadowrootmode/i;
const shadow =
  "A shadow root that is declared in HTML exists in a first paint only, a patch cannot make it. Write a custom element that attaches its shadow root itself.";

export class SlotPosition {
  readonly #open: readonly OpenElement[];
  readonly #slot: SlotFacts | undefined;
  /** Call site of the slot, or of the one around the built-in component whose slot it is. */
  readonly #site: CallSite | undefined;
  readonly #isView: boolean;
  readonly #inside = new WeakMap<SlotFacts, SlotPosition>();
  readonly #right = new WeakSet<CheckedTemplate>();

  /** @param isView a client follows what changes */
  constructor(open: readonly OpenElement[], isView: boolean, slot?: SlotFacts, site?: CallSite) {
    this.#open = open;
    this.#isView = isView;
    this.#slot = slot;
    this.#site = slot?.site ?? site;
  }

  /** The place of a slot in what stands here. */
  within(slot: SlotFacts): SlotPosition {
    let inside = this.#inside.get(slot);
    if (!inside) {
      inside = new SlotPosition([...this.#open, ...(slot.open ?? [])], this.#isView, slot, this.#site);
      this.#inside.set(slot, inside);
    }
    return inside;
  }

  /** @throws TemplateError for a template that cannot stand here */
  checkTemplate(template: CheckedTemplate): void {
    if (this.#right.has(template)) return;
    for (const { key, open, isShadow } of template.elements) {
      const wrong = isShadow && this.#isView ? shadow : misplaced(key, [...this.#open, ...open]);
      if (wrong) this.#fail(wrong, template, template.source.toLowerCase().indexOf(`<${key}`));
    }
    if (template.hasText) this.#checkText(template);
    this.#right.add(template);
  }

  /** @throws TemplateError for text that cannot stand here, as a value of any type */
  checkValue(value: unknown): void {
    if (typeof value === "number" || typeof value === "bigint") this.#checkText();
    else if (typeof value === "string" && /[^ \t\n\r\f]/.test(value)) this.#checkText();
  }

  /** @throws TemplateError for trusted HTML, or the container of a nested view, that cannot stand here */
  checkHtml(html: string): void {
    const isView = CONTAINER.test(html);
    if (isView) this.checkAlive("A nested view");
    if (this.#isView && !isView && SHADOW.test(html)) this.#fail(shadow);
    const key = START.exec(html)?.[1]?.toLowerCase();
    const wrong = key && misplaced(key, this.#open);
    if (wrong && isView)
      this.#fail(`A view stands in a <div>. ${wrong} Put it into an element that can hold a <div>.`);
    if (wrong) this.#fail(wrong);
    if (!key && !html.startsWith("<")) this.checkValue(html);
  }

  /** @throws TemplateError for a part of the page in what is none, as is what stands in a `<template>` */
  checkAlive(what: string): void {
    const inert = this.#open.find(({ key, foreign }) => !foreign && /^(template|noscript)$/.test(key));
    if (inert) this.#fail(`${what} cannot stand in <${inert.key}>: nothing in it is a part of the page.`);
  }

  #checkText(template?: CheckedTemplate): void {
    const parent = this.#open.at(-1);
    if (!parent || parent.foreign || !(textless.has(parent.key) || /^(select|optgroup)$/.test(parent.key)))
      return;
    const inside = /^(select|optgroup)$/.test(parent.key) ? "an <option>" : "a cell";
    this.#fail(
      `Text cannot stand in <${parent.key}> directly: a browser moves it out or hides it. Put it into ${inside}.`,
      template,
    );
  }

  #fail(problem: string, template?: CheckedTemplate, at = 0): never {
    if (!this.#slot) throw new TemplateError(problem, template?.source, Math.max(at, 0), template?.site);
    throw new TemplateError(
      `${problem} It is what this slot shows.`,
      this.#slot.source,
      this.#slot.at,
      this.#site,
    );
  }
}

/** A view's content stands in the element of its client. */
export const viewPosition = new SlotPosition([{ key: "div", foreign: false }], true);

/** A page, or HTML for an unknown place. */
export const anyPosition = new SlotPosition([], false);
