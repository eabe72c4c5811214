/** Messages for the user that are shown once: `putFlash("info", "Saved.")`. */

/** Messages by kind; `info` and `error` are the usual ones. */
export interface Flash {
  readonly info?: string | undefined;
  readonly error?: string | undefined;
  readonly [kind: string]: string | undefined;
}

/**
 * Messages of a view, and those among them that the current callback has put: only these go along with a
 * redirect.
 */
export class FlashBox {
  all: Flash;
  #put: Record<string, string> | undefined;

  constructor(all: Flash = {}) {
    this.all = all;
  }

  put(kind: string, message: string): void {
    this.all = { ...this.all, [kind]: message };
    this.#put = { ...this.#put, [kind]: message };
  }

  clear(kind?: string): void {
    if (kind === undefined) {
      this.all = {};
      this.#put = undefined;
    } else {
      const { [kind]: _gone, ...rest } = this.all;
      this.all = rest;
      if (this.#put) delete this.#put[kind];
    }
  }

  /** A callback is over. */
  settle(): void {
    this.#put = undefined;
  }

  /** Messages of this callback, to go along with a redirect. */
  get travelling(): Flash | undefined {
    return this.#put;
  }

  /** The page stays, at another URL: only messages of this callback are still shown. */
  keepNew(): void {
    this.all = this.#put ?? {};
  }
}
