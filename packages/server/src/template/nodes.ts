/**
 * Nodes of templates, and the values of their slots. One file, because each of these may hold all the others.
 */
import type { CallSite } from "./call-site.ts";
import { TemplateError } from "./errors.ts";
import type { StreamQueue } from "./stream-queue.ts";

/** Values of a child slot. `null`, `undefined` and booleans show nothing. */
export type Child =
  | Template
  | Each
  | Memo
  | StreamEach
  | Raw
  | string
  | number
  | bigint
  | boolean
  | null
  | undefined
  | readonly Child[];

/**
 * A function from props to HTML: `<${Card} title="x">…<//>`. What stands between its tags is `props.children`. A tag may
 * also name a class: a live component (`<${Cart} id="cart" />`) or a nested view, in what a view renders.
 */
export type Component<Props = Record<string, unknown>> = (props: Props) => Child;

/** Identifies an item among the others of its list. */
export type Key = string | number | bigint;

/** Strings that never change, and the values between them. Everything else waits until it is rendered. */
export class Template {
  readonly strings: TemplateStringsArray;
  readonly values: readonly unknown[];
  /** Its place in the author's code, in development. */
  declare site?: CallSite | undefined;
  /** Name of the component or view that made it, in development. */
  declare component?: string | undefined;
  constructor(strings: TemplateStringsArray, values: readonly unknown[]) {
    this.strings = strings;
    this.values = values;
  }
}

/** A keyed list that is evaluated when it is rendered. */
export class Each {
  readonly items: Iterable<unknown>;
  readonly key: (item: unknown, index: number) => Key;
  readonly render: (item: unknown, index: number) => Child;
  constructor(items: Iterable<unknown>, key: Each["key"], render: Each["render"]) {
    this.items = items;
    this.key = key;
    this.render = render;
  }
}

/** A stream at its position in a template. An item is rendered once, when it is inserted. */
export class StreamEach {
  readonly queue: StreamQueue;
  readonly render: (id: string, item: unknown) => Child;
  constructor(queue: StreamQueue, render: StreamEach["render"]) {
    this.queue = queue;
    this.render = render;
  }
}

/** A child that is rendered only when what it depends on changes. */
export class Memo {
  readonly deps: readonly unknown[];
  readonly render: () => Child;
  constructor(deps: readonly unknown[], render: () => Child) {
    this.deps = deps;
    this.render = render;
  }
}

/** HTML that is trusted. */
export class Raw {
  readonly html: string;
  constructor(html: string) {
    this.html = html;
  }
}

/**
 * Throws if a template is joined with text: `[object Object]` would be in the page.
 * @throws TemplateError always
 */
function refuseText(this: unknown): never {
  throw new TemplateError(
    "A template cannot become text. Show it itself, ${template}; a list with each(items, (item) => item.id, (item) => html`…`), or as the array that it is, without join.",
    undefined,
    undefined,
    this instanceof Template ? this.site : undefined,
  );
}

for (const { prototype } of [Template, Each, StreamEach, Memo, Raw])
  Object.defineProperty(prototype, "toString", { value: refuseText, configurable: true, writable: true });

/** Tells if an object has a text of its own: URL, Date, and authors' classes, but not `[object Object]`. */
export const hasText = (value: object): boolean =>
  typeof value === "object" &&
  typeof value.toString === "function" &&
  value.toString !== Object.prototype.toString &&
  value.toString !== refuseText &&
  !Array.isArray(value);
