/** Messages of one channel under test, for the assertions on it: each is found once. */
import { type ChannelFrame, type ChannelReply, PHX, PHX_REPLY } from "@overwire/client/wire";

export type Kind = "push" | "broadcast" | "reply";

/** A message that an assertion may name. */
export interface Logged {
  /** Of a reply that of the event that it answers. */
  readonly name: string;
  readonly payload: unknown;
}

export class ChannelLog {
  readonly #all: Record<Kind, Logged[]> = { push: [], broadcast: [], reply: [] };
  /** Names of the events that are not answered, by their refs. */
  readonly #events = new Map<string, string>();

  fromClient({ ref, event }: ChannelFrame): void {
    if (ref !== null && !event.startsWith(PHX)) this.#events.set(ref, event);
  }

  fromServer({ ref, event, payload }: ChannelFrame): void {
    if (event === PHX_REPLY) {
      const name = this.#events.get(ref as string);
      // The answer to a join is `room.reply`.
      if (name !== undefined) this.#all.reply.push({ name, payload: (payload as ChannelReply).response });
    } else if (!event.startsWith(PHX)) this.#all.push.push({ name: event, payload });
  }

  broadcast(name: string, payload: unknown): void {
    this.#all.broadcast.push({ name, payload });
  }

  /** Those that no assertion has found. */
  rest(kind: Kind): readonly Logged[] {
    return this.#all[kind];
  }

  /** An assertion has found it. */
  found(kind: Kind, message: Logged): void {
    this.#all[kind] = this.#all[kind].filter((each) => each !== message);
  }
}
