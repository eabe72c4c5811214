/** Streams in templates: lists of which the server keeps no item. Each item is rendered once, when it is put in. */
import { TemplateError } from "./errors.ts";
import { escapeHtml } from "./escape.ts";
import type { StreamEach } from "./nodes.ts";
import { currentRenderContext, type RenderContext, renderStream } from "./render-context.ts";
import type { StreamQueue } from "./stream-queue.ts";

export { StreamEach } from "./nodes.ts";
export { type Insertion, type QueuedChange, type QueuedItem, StreamQueue } from "./stream-queue.ts";

/** Advice on showing a stream. */
export const streamAdvice = "Show it with ${stream.each((id, item) => html`<li id=${id}>…</li>`)}.";

/** An author's handle of a stream. It has no readable content. */
export abstract class StreamHandle {}

// Not declared, so that the types refuse it as well.
Object.defineProperty(StreamHandle.prototype, Symbol.iterator, {
  value() {
    throw new TypeError(
      `A stream has no items to go through: the server does not keep them. ${streamAdvice}`,
    );
  },
});

let entered = 0;
/**
 * Stream of the current item and its renderer: a nested view in the item is painted meanwhile, and has its
 * own.
 */
let around: StreamQueue | undefined;
let within: RenderContext | undefined;

/** Streams that renderings have come to so far. */
export const streamsEntered = (): number => entered;

/** The rendering arrives at a stream. @throws Error if its position does not allow one */
export function enterStream(queue: StreamQueue): void {
  if (around && within === currentRenderContext()) {
    throw new TemplateError(
      `${titleOf(queue).replace(/^./, (first) => first.toUpperCase())} stands in an item of ${titleOf(around)}. Items are rendered once, so nothing that changes in there would be shown: put it into a live component that stands in the item.`,
    );
  }
  entered++;
  renderStream(queue);
}

/** Renders an item. */
export function renderItem<T>(
  { queue, render }: StreamEach,
  id: string,
  item: unknown,
  use: (value: unknown) => T,
): T {
  const [outer, other] = [around, within];
  around = queue;
  within = currentRenderContext();
  try {
    return use(render(id, item));
  } finally {
    around = outer;
    within = other;
  }
}

const START = /^<[^>"]*(?:"[^"]*"[^>"]*)*>/;

/** The start tag with which HTML begins, if all of it is there. */
export const startTag = (html: string): string | undefined => START.exec(html)?.[0];

/**
 * Checks that an item is the one element that its client is going to look for.
 * @param start of the item's only root, undefined if there is none
 */
export function checkItem(queue: StreamQueue, id: string, start: string | undefined): void {
  if (!id || start?.includes(` id="${escapeHtml(id)}"`)) return;
  const what = start === undefined ? "several parts, or a text" : start;
  throw new TemplateError(
    `An item of ${titleOf(queue)} must be one element with the id that it is given, here ${JSON.stringify(id)}, but it is ${what}. Write each((id, item) => html\`<li id=\${id}>…</li>\`).`,
  );
}

const titleOf = ({ name }: StreamQueue) => (name ? `the stream ${name}` : "a stream");
