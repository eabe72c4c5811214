/** A first-in, first-out queue of messages, each with its place in the mailbox; both ends take the same time at any length. */

/** Taken messages after which the arrays are cut. */
const CUT = 1024;

export class MessageQueue<T> {
  #messages: (T | undefined)[] = [];
  #places: number[] = [];
  #head = 0;

  get length(): number {
    return this.#messages.length - this.#head;
  }

  get first(): T | undefined {
    return this.#messages[this.#head];
  }

  /** Place of the first message; Infinity if there is none. */
  get place(): number {
    return this.#places[this.#head] ?? Number.POSITIVE_INFINITY;
  }

  push(message: T, place: number): void {
    this.#messages.push(message);
    this.#places.push(place);
  }

  shift(): T | undefined {
    const message = this.first;
    if (!message) return undefined;
    this.#messages[this.#head++] = undefined;
    if (this.#head === this.#messages.length) this.clear();
    else if (this.#head >= CUT && this.#head * 2 >= this.#messages.length) {
      this.#messages = this.#messages.slice(this.#head);
      this.#places = this.#places.slice(this.#head);
      this.#head = 0;
    }
    return message;
  }

  clear(): void {
    this.#messages = [];
    this.#places = [];
    this.#head = 0;
  }
}
