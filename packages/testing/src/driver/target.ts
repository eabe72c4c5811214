/** Live components and views that events can be pushed to, by a selector. */
import { showHtml } from "../errors/describe.ts";
import type { PageScope } from "../page/page-scope.ts";
import { findAll } from "./find.ts";

export class LiveTarget {
  readonly #scope: PageScope;
  readonly #selector: string;

  constructor(scope: PageScope, selector: string) {
    this.#scope = scope;
    this.#selector = selector;
  }

  /**
   * Pushes an event to each component around an element of the selector, or to the view if there is none.
   * @param payload any JSON
   * @throws Error if there is no such element
   */
  async event(name: string, payload: unknown = {}): Promise<string> {
    const [container] = this.#scope.roots();
    const selector = this.#selector;
    if (!findAll(this.#scope.roots(), selector).length)
      throw new Error(
        `expected target ${JSON.stringify(selector)} to be in the view, but got none within:\n\n${showHtml(container.innerHTML)}\n`,
      );
    const what = `event ${JSON.stringify(name)} to ${JSON.stringify(selector)}`;
    return this.#scope.push(what, container, name, payload, selector);
  }

  /** HTML of the selector's elements. */
  html(): string {
    const all = findAll(this.#scope.roots(), this.#selector);
    return all.map(({ outerHTML }) => outerHTML).join("");
  }
}
