/** Lists that only the page keeps: the server sends their items, and forgets them. */
import type { Child } from "../../template/html.ts";
import { isProduction } from "../../template/mode.ts";
import {
  type QueuedItem,
  StreamEach,
  StreamHandle,
  StreamQueue,
  streamAdvice,
} from "../../template/stream-render.ts";
import { fieldName, type Named } from "../events/event.ts";

/** Identification of a stream's items. */
export interface StreamOptions<T> {
  /** The id of an item's element, which no other element of the page has. Default `<name of the field>-<item.id>`. */
  readonly domId?: ((item: T) => string) | undefined;
}

/** Position of the items, and their largest number. */
export interface InsertOptions {
  /** Position among the stream's items. Default -1; all below 0 is the end. */
  readonly at?: number | undefined;
  /** Number of items that stay at most: the first ones, of a negative number the last ones. Default all. */
  readonly limit?: number | undefined;
  /** Items that are not in the stream are left out. Default false. */
  readonly updateOnly?: boolean | undefined;
}

/**
 * A list whose items only the page keeps. Changes are shown by the next rendering, one after the other; an item is rendered
 * once, with the view's state of that moment. An item inserted twice before that shows its last version; an item inserted
 * and deleted does not show.
 * @typeParam T an item
 */
export interface Stream<T> {
  /**
   * Inserts an item. An item that is in the list already is updated in its position: to move it, delete it first.
   * @throws TypeError for an item without an id
   */
  insert(item: T, options?: InsertOptions): void;
  /** Inserts items as one block, which keeps its order wherever it goes. @throws TypeError for an item without an id */
  insertMany(items: Iterable<T>, options?: InsertOptions): void;
  /** Removes an item, if it is in the list. @throws TypeError for an item without an id */
  delete(item: T): void;
  /** Removes the item whose element has this id, if there is one. */
  deleteById(domId: string): void;
  /** Replaces all items. Those that were in the list before keep their elements. */
  reset(items?: Iterable<T>, options?: Omit<InsertOptions, "updateOnly">): void;
  /**
   * The items, for their one position in the rendering.
   * @param render shows an item: one element with the id that it is given, or a live component
   * @example html`<ul id="posts">${this.posts.each((id, post) => html`<li id=${id}>${post.text}</li>`)}</ul>`
   */
  each(render: (domId: string, item: T) => Child): StreamEach;
}

/**
 * Makes a stream, empty.
 * @throws TypeError for a `domId` that is no function
 */
export const createStream = <T>(options?: StreamOptions<T>): Stream<T> => new LiveStream<T>(options);

class LiveStream<T> extends StreamHandle implements Stream<T>, Named {
  readonly #queue = new StreamQueue();
  readonly #domId: ((item: T) => unknown) | undefined;

  constructor(options: StreamOptions<T> = {}) {
    super();
    if (typeof options === "string" || Symbol.iterator in Object(options))
      throw new TypeError(
        "this.stream() takes options only: it goes by the name of its field, and is filled in mount, this.posts.insertMany(items).",
      );
    const { domId } = options;
    if (domId !== undefined && typeof domId !== "function")
      throw new TypeError(
        `domId of a stream must be a function that takes an item and returns its id, but is ${describe(domId)}.`,
      );
    this.#domId = domId;
  }

  insert(item: T, options?: InsertOptions): void {
    this.insertMany([item], options);
  }

  insertMany(items: Iterable<T>, { at = -1, limit = 0, updateOnly = false }: InsertOptions = {}): void {
    const insertion = { at: whole("at", at), limit: whole("limit", limit), updateOnly };
    this.#queue.insert(this.#entries(items), insertion);
  }

  delete(item: T): void {
    this.#queue.delete(this.#idOf(item));
  }

  deleteById(domId: string): void {
    this.#queue.delete(checkId(domId, "deleteById"));
  }

  reset(items: Iterable<T> = [], { at = -1, limit = 0 }: InsertOptions = {}): void {
    const insertion = { at: whole("at", at), limit: whole("limit", limit), updateOnly: false };
    const entries = this.#entries(items);
    this.#queue.reset();
    this.#queue.insert(entries, insertion);
  }

  each(render: (domId: string, item: T) => Child): StreamEach {
    if (typeof render !== "function")
      throw new TypeError(
        `${this.#queue.name || "A stream"}.each takes a function that renders an item, but it is ${describe(render)}. ${streamAdvice}`,
      );
    return new StreamEach(this.#queue, render as StreamEach["render"]);
  }

  [fieldName](name: string): void {
    this.#queue.name ||= name;
  }

  /** Inserts nothing if one of them has no id. */
  #entries(items: Iterable<T>): QueuedItem[] {
    const entries = Array.from(items, (item): QueuedItem => [this.#idOf(item), item]);
    if (entries.length > 1 && !isProduction()) this.#queue.repeated ??= repeatedOf(entries);
    return entries;
  }

  #idOf(item: T): string {
    const { name } = this.#queue;
    if (this.#domId) return checkId(this.#domId(item), `domId of the stream ${name}`);
    const id = (item as { readonly id?: unknown } | null | undefined)?.id;
    if ((typeof id !== "string" && typeof id !== "number" && typeof id !== "bigint") || id === "")
      throw new TypeError(
        `An item of the stream ${name} needs an id, text or a number, but it has ${describe(id)}. Give it one, or say which it is: this.stream({ domId: (item) => … }).`,
      );
    if (!name)
      throw new Error(
        "A stream has no name yet, by which its items get their ids. Keep it in a field and fill it in mount, or give it a domId.",
      );
    return `${name}-${id}`;
  }
}

/** The first id that comes a second time. */
function repeatedOf(entries: readonly QueuedItem[]): string | undefined {
  const ids = new Set<string>();
  return entries.find(([id]) => ids.size === ids.add(id).size)?.[0];
}

function checkId(id: unknown, where: string): string {
  if (typeof id === "string" && id) return id;
  throw new TypeError(`${where}: an element's id must be a text that is not empty, but is ${describe(id)}.`);
}

function whole(option: string, value: unknown): number {
  if (Number.isSafeInteger(value)) return value as number;
  throw new TypeError(`${option} of a stream must be a whole number, but is ${describe(value)}.`);
}

function describe(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "function") return "a function";
  return typeof value === "object" && value !== null ? "an object" : String(value);
}
