/** Slots: what is made of a value before it is compared, and the HTML of what came of it. */
import {
  type AttributeValue,
  attributeHtml,
  attributeValue,
  type ConstantAttribute,
  isConstant,
  mixedHtml,
  partHtml,
  readAttribute,
} from "./attributes.ts";
import { type Children, callComponent, type Prop } from "./call-component.ts";
import type { CallSite } from "./call-site.ts";
import type { OpenElement } from "./content-model.ts";
import { TemplateError, TemplateValueError } from "./errors.ts";
import { escapeHtml } from "./escape.ts";
import type { Look } from "./habits.ts";
import { Each, hasText, Memo, Raw, StreamEach, Template } from "./nodes.ts";
import { asText, withInertNoscript } from "./noscript.ts";
import type { Piece } from "./parse.ts";
import { ComponentSlot } from "./render-context.ts";
import { type AttributeEntry, entriesHtml } from "./spread.ts";
import { StreamHandle, streamAdvice } from "./stream-render.ts";
import type { UrlRisk } from "./urls.ts";
import { WrongList } from "./wrong-list.ts";

/** Facts that slots of every kind have. */
interface SlotFacts {
  /** Number of the value it takes, of the first one if it takes several. */
  readonly value: number;
  /** Element of its attribute or content, in lower case. */
  readonly element: string;
  /** It stands in an element whose content is no part of the page: what it shows is one text of HTML. */
  readonly inert?: "template" | "noscript" | undefined;
  /** Elements of its template around it, outermost first, in development. */
  readonly open?: readonly OpenElement[] | undefined;
  /** The template's source and the place in it, for errors. */
  readonly source?: string | undefined;
  readonly at?: number | undefined;
  /** Place of the template in the author's code, in development. */
  readonly site?: CallSite | undefined;
  /** Looks at values for likely mistakes, in development. */
  readonly look?: Look | undefined;
}

/** A child, or a text in an element that holds only text. */
interface ContentSlot {
  readonly kind: "child" | "text";
}

/** All of an attribute's value: gives ` name="…"`, ` name` or nothing. */
interface AttributeSlot {
  readonly kind: "attribute";
  readonly name: string;
  readonly risk: UrlRisk;
}

/** A part of what stands between an attribute's quotes. */
interface PartSlot {
  readonly kind: "part";
  readonly name: string;
}

/** A URL of which every part matters: gives the whole attribute. */
interface MixedSlot {
  readonly kind: "mixed";
  readonly name: string;
  readonly risk: UrlRisk;
  /** Its texts and numbers of values. */
  readonly pieces: readonly Piece[];
}

/** All attributes up to a tag's last spread. */
interface SpreadSlot {
  readonly kind: "spread";
  readonly entries: readonly AttributeEntry[];
  /** Attributes that stand after it, in lower case. */
  readonly written: readonly string[];
}

interface CallSlot {
  readonly kind: "component";
  readonly props: readonly Prop[];
  readonly children: Children | undefined;
}

/** The kind of a slot, and what only this kind has. */
export type SlotKind = ContentSlot | AttributeSlot | PartSlot | MixedSlot | SpreadSlot | CallSlot;

/** A position of a value in a template. */
export type Slot = SlotFacts & SlotKind;

/** Objects of one shape are read faster: every slot has the fields of all kinds, in this order. */
const ALL_FIELDS = {
  kind: "child",
  value: 0,
  name: "",
  element: "",
  risk: "none",
  pieces: undefined,
  entries: undefined,
  written: undefined,
  props: undefined,
  children: undefined,
  inert: undefined,
  open: undefined,
  source: undefined,
  at: undefined,
  site: undefined,
  look: undefined,
} as const;

export const createSlot = (kind: SlotKind, facts: SlotFacts): Slot => ({ ...ALL_FIELDS, ...facts, ...kind });

/** Values that can be compared with `===`, and those that have to be looked into: templates, lists, memos. */
export type ResolvedValue =
  | AttributeValue
  | Template
  | Each
  | Memo
  | StreamEach
  | ComponentSlot
  | readonly unknown[];

/**
 * Makes of an author's value what the diff compares and keeps. No object that the author could change comes out, except
 * arrays of children, which the diff looks into.
 * @throws TemplateError for a value that cannot stand there
 */
export function resolveSlot(slot: Slot, values: readonly unknown[]): ResolvedValue | ConstantAttribute {
  const value = values[slot.value];
  if (typeof value === "string" && (slot.kind === "child" || slot.kind === "attribute")) return value;
  try {
    switch (slot.kind) {
      case "child":
        return readChild(value);
      case "attribute":
        return isConstant(value) ? value : readAttribute(slot.name, value);
      case "part":
        return readAttribute(slot.name, value);
      case "text":
        return readText(value, slot.element);
      case "mixed":
        return mixedHtml(slot.name, slot.risk, slot.pieces, values);
      case "spread":
        if (slot.look) lookAtSpreads(slot.entries, slot.look, values);
        return entriesHtml(slot.entries, slot.written, slot.element, values);
      case "component":
        return readChild(callComponent(value, slot.props, slot.children, values));
    }
  } catch (error) {
    if (error instanceof TemplateValueError)
      throw new TemplateError(error.message, slot.source, error.at ?? slot.at, slot.site);
    throw error;
  }
}

function lookAtSpreads(entries: readonly AttributeEntry[], look: Look, values: readonly unknown[]): void {
  for (const entry of entries) if (entry.name === undefined) look(values[entry.value]);
}

/** HTML of a resolved value that is not looked into any further. */
export function slotHtml(slot: Slot, value: unknown): string {
  if (slot.kind === "attribute" && isConstant(value)) return slotHtml(slot, readAttribute(slot.name, value));
  if (slot.look) slot.look(value);
  switch (slot.kind) {
    case "attribute":
      return attributeHtml(slot.name, value as AttributeValue, slot.risk);
    case "part":
      return partHtml(value as AttributeValue);
    case "mixed":
    case "spread":
      return value as string;
    default:
      if (typeof value === "string") return escapeHtml(value);
      if (value instanceof Raw) return value.html;
      return typeof value === "number" || typeof value === "bigint" ? String(value) : "";
  }
}

/** HTML of what is kept of a slot, for a client: it parses as a browser does without scripts. */
export function wireHtml(slot: Slot, kept: unknown): string {
  if (!(kept instanceof Raw)) return slotHtml(slot, kept);
  if (slot.inert === "noscript") return asText(kept.html);
  return slot.inert || slot.kind === "child" || slot.kind === "component"
    ? withInertNoscript(kept.html)
    : slotHtml(slot, kept);
}

/** A child outside of any template's own slots: an item, or the output of a memo. */
export const childSlot: Slot = createSlot({ kind: "child" }, { value: 0, element: "" });

/** Checks an author's value for a child outside of any slot: an item, or the output of a memo. */
export const resolveChild = (value: unknown): unknown =>
  value instanceof Template ? value : resolveSlot(childSlot, [value]);

function readChild(value: unknown): ResolvedValue {
  if (typeof value === "object" ? value === null || isChild(value) : !isCallable(value))
    return value as ResolvedValue;
  if (typeof value === "object" && hasText(value as object)) return String(value);
  if (value instanceof WrongList) throw new TemplateValueError(value.problem);
  throw new TemplateValueError(`${describe(value)} cannot be shown. ${advice(value)}`);
}

const isCallable = (value: unknown) => typeof value === "function" || typeof value === "symbol";

const isChild = (value: object) =>
  value instanceof Template ||
  value instanceof Each ||
  value instanceof Raw ||
  value instanceof Memo ||
  value instanceof StreamEach ||
  value instanceof ComponentSlot ||
  Array.isArray(value);

function readText(value: unknown, element: string): AttributeValue {
  const read = readChild(value);
  if (typeof read !== "object" || read === null) return read;
  throw new TemplateValueError(`Only text can stand in <${element}>. Give it a string.`);
}

function describe(value: unknown): string {
  if (typeof value === "symbol") return "A symbol";
  if (typeof value === "function") return value.name ? `The function ${value.name}` : "A function";
  if (value instanceof Promise) return "A promise";
  if (value instanceof StreamHandle) return "A stream itself";
  const keys = Object.keys(value as object);
  return keys.length ? `An object with ${keys.slice(0, 5).join(", ")}` : "An object";
}

function advice(value: unknown): string {
  if (typeof value === "function" && attributeValue in value)
    return "An event is the value of a binding: phx-click=${…}.";
  if (typeof value === "function" && value.name === "html")
    return "Write html`…`, with the template after it.";
  if (typeof value === "function") return "Call it, or write it as a component's tag: <${Component} />.";
  if (value instanceof Promise) return "Await it in mount or in a handler, and show what it gave.";
  if (value instanceof StreamHandle) return streamAdvice;
  const isIterable = typeof value === "object" && value !== null && Symbol.iterator in value;
  return isIterable
    ? "Write each(…), or [...value]."
    : "Write what of it is to be seen, or JSON.stringify(value).";
}
