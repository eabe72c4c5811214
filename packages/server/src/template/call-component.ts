/** Calling components: their props and children. */
import { callAs, currentCallSite, currentComponent, tracksCallSites } from "./call-site.ts";
import { TemplateValueError } from "./errors.ts";
import { unescapeHtml } from "./escape.ts";
import { type Component, Template } from "./nodes.ts";
import type { Piece } from "./parse.ts";
import { type ClassLike, renderClass } from "./render-context.ts";

interface WrittenProp {
  readonly name: string;
  /** Texts and numbers of values. */
  readonly pieces: true | readonly Piece[];
}

/** All props of an object, `...${props}`. */
interface SpreadProps {
  readonly name: undefined;
  /** Number of its value. */
  readonly value: number;
}

/** A prop of a component, or several of them. */
export type Prop = WrittenProp | SpreadProps;

/** The content between a component's tags, as a template of its own. */
export interface Children {
  readonly strings: TemplateStringsArray;
  /** Indexes of the outer template's values that it takes. */
  readonly values: readonly number[];
}

/**
 * Renders a function component; a class is placed by the renderer of the view.
 * @throws TemplateValueError if the value is no component
 */
export function callComponent(
  component: unknown,
  props: readonly Prop[],
  children: Children | undefined,
  values: readonly unknown[],
): unknown {
  if (typeof component !== "function") {
    throw new TemplateValueError(
      `A component is a function that returns html, but this is ${describe(component)}.${advice(component)}`,
    );
  }
  const given: Record<string, unknown> = {};
  for (const prop of props) {
    if (prop.name === undefined) spread(given, values[prop.value]);
    else set(given, prop.name, prop.pieces === true || propValue(prop.pieces, values));
  }
  if (children) given.children = childrenOf(children, values);
  if (isClass(component)) return renderClass(component, given);
  const call = component as Component;
  return tracksCallSites ? callAs(call.name, () => call(given)) : call(given);
}

function childrenOf({ strings, values: picks }: Children, values: readonly unknown[]): Template {
  const template = new Template(
    strings,
    picks.map((index) => values[index]),
  );
  if (tracksCallSites) {
    template.site = currentCallSite();
    template.component = currentComponent();
  }
  return template;
}

const describe = (value: unknown) => {
  if (value instanceof Template) return "a template";
  return typeof value === "object" && value ? "an object" : String(value);
};

function advice(value: unknown): string {
  if (value instanceof Template) return " Show it as it is: ${template}.";
  if (value === undefined || value === null)
    return " Is it exported under this name? Of files that import each other one comes too late.";
  return "";
}

/** Tells classes from functions without reading their source. */
const isClass = (value: object): value is ClassLike =>
  Object.getOwnPropertyDescriptor(value, "prototype")?.writable === false;

function propValue(pieces: readonly Piece[], values: readonly unknown[]): unknown {
  const [first] = pieces;
  if (pieces.length === 1 && typeof first === "number") return values[first];
  return pieces
    .map((piece) => (typeof piece === "string" ? unescapeHtml(piece) : textOf(values[piece])))
    .join("");
}

const textOf = (value: unknown) =>
  value === null || value === undefined || typeof value === "boolean" ? "" : String(value);

function spread(props: Record<string, unknown>, value: unknown): void {
  if (value === null || value === undefined || value === false) return;
  if (typeof value !== "object")
    throw new TemplateValueError("Only an object of props can stand after the three dots.");
  for (const [name, each] of Object.entries(value)) set(props, name, each);
}

/** User input may have a key that is no prop but would change the kind of this object. */
function set(props: Record<string, unknown>, name: string, value: unknown): void {
  if (name === "__proto__") return;
  props[name] = value;
}
