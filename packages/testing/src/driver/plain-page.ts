/** A page without a live view: the target of a redirect or a form. */
import type { Window } from "happy-dom";
import { readText } from "../errors/describe.ts";
import type { Visitor } from "../request/visitor.ts";
import { findAll, findOne, type TextFilter } from "./find.ts";

export class PlainPage {
  /** HTTP status of the answer. */
  readonly status: number;
  readonly headers: Headers;
  /** The page's window, of happy-dom. */
  readonly window: Window;
  /** The page's user outside of it, with the same cookies. */
  readonly request: Visitor;
  readonly #body: string;

  constructor(window: Window, response: Response, body: string, visitor: Visitor) {
    this.window = window;
    this.status = response.status;
    this.headers = response.headers;
    this.request = visitor;
    this.#body = body;
  }

  /** The answer's body, as it came. */
  html(): string {
    return this.#body;
  }

  /**
   * Text as a reader sees it, of the page or of the one element that fits: whitespace joined, ends trimmed.
   */
  text(selector?: string): string {
    const { body } = this.window.document;
    return readText(selector === undefined ? body : findOne([body], selector));
  }

  /** Tells if there is such an element, or several. */
  hasElement(selector: string, text?: TextFilter): boolean {
    return findAll([this.window.document.body], selector, text).length > 0;
  }

  title(): string {
    return this.window.document.title;
  }

  /** Path and query, of the last request if one redirected to another. */
  url(): string {
    const { pathname, search } = this.window.location;
    return pathname + search;
  }
}
