/** What stands behind `this` of a view: the process that runs it, as an interface. */
import type { Params } from "./params.ts";

/** What an app keeps of a person between requests. Augment it with your own fields. */
// biome-ignore lint/suspicious/noEmptyInterface: apps augment it
export interface Session {}

/** What an app hands to its views. Augment it with your own fields. */
// biome-ignore lint/suspicious/noEmptyInterface: apps augment it
export interface ViewContext {}

/** Why a view ends: its person left, the socket closed, its code threw, nobody claimed it, the server stops. */
export type EndReason = "left" | "closed" | "crashed" | "unclaimed" | "shutdown";

/** The process, as far as its view sees it. */
export interface ViewHost {
  readonly params: Params;
  readonly url: URL;
  readonly session: Session;
  readonly context: ViewContext;
  /** Runs something in the view's turn; the view is rendered after it. */
  post(label: string, run: () => unknown): void;
  /** Ends with the view whatever `stop` ends; returns what ends it sooner. */
  owns(stop: () => void): () => void;
  subscribe(topic: string, receive: (message: unknown) => void): () => void;
  publish(topic: string, message: unknown): void;
  pushEvent(name: string, payload: unknown): void;
  flush(): void;
}

let entering: ViewHost | undefined;

/** Constructs a view that finds its host from its first field on. */
export function construct<V>(View: new () => V, host: ViewHost): V {
  const outer = entering;
  entering = host;
  try {
    return new View();
  } finally {
    entering = outer;
  }
}

/** The host of the view that is being constructed. */
export const enteredHost = (): ViewHost | undefined => entering;
