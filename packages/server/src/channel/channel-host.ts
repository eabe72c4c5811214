/** The runner behind `this` of a channel, as far as the channel sees it. */
import { type ActorHost, enterActor } from "../view/actor.ts";
import type { Params } from "../view/navigation/params.ts";
import type { Session } from "../view/view-host.ts";

/** Changes a broadcast for one subscriber; undefined drops it. */
export type Intercept = (payload: never) => unknown;

export interface ChannelHost extends ActorHost {
  readonly topic: string;
  readonly subtopic: string;
  readonly assigns: object;
  readonly params: Params;
  readonly session: Session;
  readonly ended: boolean;
  push(name: string, payload: unknown): void;
  /** @param toAll the channel itself included */
  broadcast(name: string, payload: unknown, toAll: boolean): void;
  /** @returns a function that ends it */
  intercept(name: string, run: Intercept): () => void;
  close(): void;
  /** Reports an error of a handler whose channel has ended. */
  reportLateError(event: string, error: unknown): void;
}

let entering: ChannelHost | undefined;

/** Constructs a channel that finds its host from its first field on. */
export function constructChannel<C>(Class: new () => C, host: ChannelHost): C {
  const outer = entering;
  entering = host;
  try {
    return enterActor(host, () => new Class());
  } finally {
    entering = outer;
  }
}

/** The host of the channel that is being constructed. */
export const currentChannelHost = (): ChannelHost | undefined => entering;
