/** Dependencies of a view process: sink, pubsub, limits, error reporting. */
import { MESSAGE_SIZE, type ServerFrame } from "@overwire/client/wire";
import type { Presences } from "../presence/presences.ts";
import type { PubSub } from "../pubsub/pubsub.ts";
import type { ViewClass } from "../view/live-view.ts";
import type { EventBudget } from "./event-budget.ts";
import type { SessionClient } from "./session-change.ts";

/** Takes a part of a file: `bytes` stand at `offset`. */
export type ReceiveChunk = (offset: number, bytes: Uint8Array) => void;

/** One client's end of a view: the connection in production, memory in tests. */
export interface Sink extends Partial<SessionClient> {
  /** Numbers of the templates whose statics this client has. */
  readonly templates: Set<number>;
  /** The client is slow and its buffer full: render nothing for it until {@link ViewProcess.drained} is called. */
  readonly full: boolean;
  /** The client's events that are not answered yet. */
  readonly eventBudget?: EventBudget | undefined;
  send(frame: ServerFrame): void;
  /** Asks the app's middleware, as this client, if a live patch may lead to a URL of a view. */
  mayPatch?(url: URL, View: ViewClass): Promise<boolean>;
  /** Opens a way for the parts of one file. @returns its number, which the client sends with them */
  openChannel(receive: ReceiveChunk): number;
  closeChannel(channel: number): void;
  /** More is kept for the client than it may leave unread: closes its socket. It may come back for its views. */
  overflow(message: string): void;
  /** Reports something that this client sent and that was refused; too much of it ends the client. Default: `report`. */
  refused?(report: Report): void;
}

/** In a report on its way to the author: data from which its texts may quote. */
export const GIVEN = Symbol("overwire.given");

/** Read only if the report is told. */
export type Given = () => readonly unknown[];

/** A message for the operator of the app, without passwords, tokens and cookies. */
export interface Report {
  /** `crash`: the author's code threw. `refused`: input from outside was refused. `warning`: a likely mistake. */
  readonly kind: "crash" | "refused" | "warning";
  readonly message: string;
  /** Name of the view's class. */
  readonly view?: string | undefined;
  /** The event or callback that was running. */
  readonly event?: string | undefined;
  readonly error?: unknown;
  /** @internal */
  readonly [GIVEN]?: Given | undefined;
}

/** Limits of the memory and time that clients can use. */
export interface Limits {
  /** Largest message a client may send, in bytes. Default 128 KiB. */
  readonly messageSize: number;
  /** Views a client may have joined on one connection. Default 100. */
  readonly viewsPerConnection: number;
  /** Channels that a client may have joined on one socket. Default 100. */
  readonly channelsPerSocket: number;
  /** Joins of one connection that may run at once, while their views are mounted; further ones wait. Default 16. */
  readonly pendingJoins: number;
  /** Events of one view that may wait for their turn; more are refused. Default 256. */
  readonly queuedEvents: number;
  /** Bytes of events of one connection that may wait or run, over all of its views; more are refused. Default 1 MiB. */
  readonly queuedBytes: number;
  /**
   * Messages of one view, its client's events not counted, that may wait for their turn: of `send`, of topics, of timers.
   * With more it crashes. Default 100,000.
   */
  readonly queuedMessages: number;
  /** Time that a handler may run before it is reported, in milliseconds. Default 30,000; 0 never. */
  readonly handlerTime: number;
  /** Painted views that wait for their socket; beyond it the oldest ends. Default 1,000. */
  readonly waitingViews: number;
  /** Time that a painted view waits for its socket, in milliseconds. Default 10,000. */
  readonly waitingTime: number;
  /**
   * Time that a view waits for its client when the connection is lost, in milliseconds. Default 30,000; 0
   * ends it at once.
   */
  readonly resumeTime: number;
  /**
   * Events for the page (`pushEvent`) of one view that are kept for a client which is away or does not read, and until it
   * has acknowledged them. Default 1,000; of as many bytes as `bufferedBytes`.
   */
  readonly pushedEvents: number;
  /** Bytes that may wait in a slow client's buffer before nothing more is rendered for it. Default 1 MiB. */
  readonly bufferedBytes: number;
  /**
   * Time that a connection may stay silent, in milliseconds. Default 130,000; a client sends a heartbeat every 30,000, in
   * a hidden tab every 60,000.
   */
  readonly silence: number;
  /** Time for which a page's token is valid, in seconds. Default 14 days. */
  readonly tokenAge: number;
}

export const defaultLimits: Limits = {
  messageSize: MESSAGE_SIZE,
  viewsPerConnection: 100,
  channelsPerSocket: 100,
  pendingJoins: 16,
  queuedEvents: 256,
  queuedBytes: 1024 * 1024,
  queuedMessages: 100_000,
  handlerTime: 30_000,
  waitingViews: 1000,
  waitingTime: 10_000,
  resumeTime: 30_000,
  pushedEvents: 1000,
  bufferedBytes: 1024 * 1024,
  silence: 130_000,
  tokenAge: 14 * 24 * 60 * 60,
};

/** Services that the view processes of an app share. */
export interface Services {
  readonly pubsub: PubSub;
  readonly presences: Presences;
  readonly limits: Limits;
  readonly report: (report: Report) => void;
}
