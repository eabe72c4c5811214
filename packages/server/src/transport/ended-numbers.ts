/** Numbers of views whose END frame is on its way. A second one would end the view that the client joins in its place. */

/** How many are remembered, the newest ones. */
const MOST = 1000;

export class EndedNumbers {
  readonly #all = new Set<number>();

  has(view: number): boolean {
    return this.#all.has(view);
  }

  add(view: number): void {
    this.#all.add(view);
    for (const oldest of this.#all) {
      if (this.#all.size <= MOST) return;
      this.#all.delete(oldest);
    }
  }

  /** The client joins under the number: it has read the frame. */
  delete(view: number): void {
    this.#all.delete(view);
  }
}
