/** The history of one page: the entries to which a user can go back and forward without leaving the page. */
import type { Window } from "happy-dom";

export class PageHistory {
  readonly #window: Window;
  #at = 0;
  #last = 0;

  constructor(window: Window) {
    this.#window = window;
  }

  /** A script has added an entry, or taken the place of one. */
  changed(replace: boolean): void {
    if (!replace) this.#last = ++this.#at;
  }

  reaches(by: 1 | -1): boolean {
    return this.#at + by >= 0 && this.#at + by <= this.#last;
  }

  /** happy-dom tells the page at once. */
  go(by: 1 | -1): void {
    this.#at += by;
    this.#window.history.go(by);
  }
}
