/** Numbers of views whose END frame is on its way. A second one would end the view that the client joins in its place. */

/** Number of ended views that are remembered, the newest ones. */
const MOST = 1000;

export class PendingEnds {
  #all: Set<number> | undefined;

  has(view: number): boolean {
    return this.#all?.has(view) ?? false;
  }

  add(view: number): void {
    const all = (this.#all ??= new Set());
    all.add(view);
    for (const oldest of all) {
      if (all.size <= MOST) return;
      all.delete(oldest);
    }
  }

  /** The client joins under the number: it has read the frame. */
  delete(view: number): void {
    this.#all?.delete(view);
  }
}
