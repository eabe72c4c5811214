/** The last answers with something in them: a client whose line was dead may not have got them. */
import type { Extras } from "../wire/messages.ts";

/** As many as a client may reasonably wait for at a time. What they hold is held by nobody else. */
const MOST = 16;

interface Answer {
  /** Number of the message that brought it. */
  readonly sent: number;
  readonly extras: Extras;
}

export class Answers {
  #kept: Map<number, Answer> | undefined;

  /** Refs of the events that they answer. */
  get refs(): readonly number[] {
    return [...(this.#kept?.keys() ?? [])];
  }

  /** @param sent number of the message that brings it */
  keep(ref: number, sent: number, { r, x }: Extras): void {
    if (!ref || (r === undefined && !x)) return;
    const kept = (this.#kept ??= new Map<number, Answer>());
    kept.set(ref, { sent, extras: { ...(r !== undefined && { r }), ...(x && { x }) } });
    const [oldest] = kept.keys();
    if (kept.size > MOST) kept.delete(oldest as number);
  }

  /** The client has got all messages up to this one. */
  seen(sent: number): void {
    for (const [ref, answer] of this.#kept ?? []) if (answer.sent <= sent) this.#kept?.delete(ref);
  }

  /** Those that are to be sent again. */
  take(): readonly (readonly [ref: number, extras: Extras])[] {
    const all = [...(this.#kept ?? [])].map(([ref, { extras }]) => [ref, extras] as const);
    this.#kept = undefined;
    return all;
  }
}
