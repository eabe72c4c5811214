/** Classes in templates: live components and nested views. The renderer of the view provides their output. */
import { renderAs } from "./call-site.ts";
import { TemplateError, TemplateValueError } from "./errors.ts";
import type { Mistake, MistakeSink } from "./mistakes.ts";
import { isTest } from "./mode.ts";
import { type Child, Template } from "./nodes.ts";
import type { SlotPosition } from "./slot-position.ts";
import type { StreamQueue } from "./stream-queue.ts";
import { nameValue } from "./wrong-list.ts";

/**
 * A live component at its position in a template: one object as long as the component is there. It keeps a
 * tree of its own, so the trees around it hold it like a value that never changes.
 */
export class ComponentSlot {
  /** The number that its events are sent to. */
  readonly number: number;
  /** Positions in kept trees: one, none if it is to be removed. */
  placements = 0;
  /** In which elements it stands, in development. */
  position: SlotPosition | undefined;

  constructor(number: number) {
    this.number = number;
  }
}

/** Stands behind the templates of one view while they are rendered. */
export interface RenderContext {
  /** Gives the value for a class that a template names. @throws TemplateValueError for what cannot stand there */
  renderClass(Class: ClassLike, props: Record<string, unknown>): Child | ComponentSlot;
  /** Two items of one list have the same key; told where there are no {@link mistakes}. */
  warnEqualKeys(problem: string): void;
  /** A stream is part of the rendering. @throws Error if it is part of it twice */
  renderStream(queue: StreamQueue): void;
  /** Is told of likely mistakes, in development. */
  readonly mistakes?: MistakeSink | undefined;
}

/** Any class, before it is known which kind it is. */
export type ClassLike = (abstract new () => unknown) & { readonly name: string; readonly prototype: object };

let current: RenderContext | undefined;

/** Sets the context of renderings from now on. @returns the former one, to be set again afterwards */
export function setRenderContext(placer: RenderContext | undefined): RenderContext | undefined {
  const before = current;
  current = placer;
  return before;
}

/** The renderer of the current view. */
export const currentRenderContext = (): RenderContext | undefined => current;

/** Renders with a placer. */
export function withRenderContext<T>(placer: RenderContext, run: () => T): T {
  const before = setRenderContext(placer);
  try {
    return run();
  } finally {
    setRenderContext(before);
  }
}

/** @throws TemplateValueError if no view is being rendered */
export function renderClass(Class: ClassLike, props: Record<string, unknown>): unknown {
  if (current) return current.renderClass(Class, props);
  throw new TemplateValueError(
    `${Class.name || "This"} is a class, a live component or a view, and can only stand in what a view renders: not in a layout, nor in renderToHtml.`,
  );
}

/** Registers a stream. @throws TemplateError if no view is being rendered */
export function renderStream(queue: StreamQueue): void {
  if (!current) throw new TemplateError("A stream can only stand in what a view renders, not in a layout.");
  current.renderStream(queue);
}

/** Outside of any view, as in a layout, the console is told once. */
const printed = new Set<string>();

/** Tells of a likely mistake in what is rendered. */
export function reportMistake(mistake: Mistake): void {
  if (current) return current.mistakes?.add(mistake);
  if (isTest()) return;
  const { message } = new TemplateError(mistake.problem, mistake.source, mistake.at, mistake.site);
  if (printed.has(message)) return;
  printed.add(message);
  console.warn(`Overwire: ${message}`);
}

let nonce: string | undefined;

/** Replaces a component in HTML until its own rendering. It is unguessable, so no text is mistaken for it. */
export const placeholder = ({ number }: ComponentSlot): string =>
  `<!--${(nonce ??= crypto.randomUUID())}:${number}-->`;

/** Inserts components at their positions. */
export const fillPlaceholders = (html: string, htmlOf: (number: number) => string): string =>
  nonce === undefined
    ? html
    : html.replace(new RegExp(`<!--${nonce}:(\\d+)-->`, "g"), (_, number) => htmlOf(Number(number)));

/**
 * Calls `render` of a view or a live component, whose tag may have been rendered long ago.
 * @throws TypeError if there is none, or it returns no template
 */
export function callRender(name: string, owner: { render?: unknown }): Template {
  const { render } = owner;
  if (typeof render !== "function") {
    const found = render === undefined ? "has no render()" : `.render is ${nameValue(render)}`;
    throw new TypeError(
      `${name}${found.startsWith(".") ? "" : " "}${found}. Write render() { return html\`…\`; } in the class.`,
    );
  }
  return checkRendered(
    `${name}.render()`,
    renderAs(name, () => render.call(owner)),
  );
}

/** @throws TypeError for what is no template */
export function checkRendered(called: string, rendered: unknown): Template {
  if (rendered instanceof Template) return rendered;
  throw new TypeError(`${called} must return html\`…\`, but returned ${describe(rendered)}.`);
}

function describe(value: unknown): string {
  if (value instanceof Promise) return "a promise: rendering is synchronous, load in mount";
  if (value === undefined) return "nothing: is a return missing?";
  if (typeof value === "function" && value.name === "html")
    return "html itself: write the template between backticks after it";
  if (Array.isArray(value)) return "an array: put it into a template, html`${items}`";
  if (typeof value === "string") return "a string: is html missing before its backtick?";
  return value === null ? "null" : `${typeof value === "object" ? "an" : "a"} ${typeof value}`;
}
