/** A socket of channels under test: the real client, connected to the app in memory. */
import {
  ChannelError,
  type JoinArguments,
  type Socket,
  type UntypedChannel,
} from "@overwire/client/channels";
import type { OverwireApp } from "@overwire/server";
import { show } from "../errors/match.ts";
import { noteOpened } from "../page/open-pages.ts";
import { type Activity, nextTurn, Patience } from "../page/wait.ts";
import { ChannelDriver, type ChannelScope } from "./channel-driver.ts";
import type { ChannelCrash, ChannelLine } from "./channel-line.ts";
import { ChannelLog } from "./channel-log.ts";

/** Time, in milliseconds, that the app's handlers may take until it is settled. */
const PATIENCE = 5000;

/** End of a socket by the server. */
export interface SocketEnd {
  readonly code: number;
  readonly reason: string;
}

/** Parts of a socket under test; `connect()` puts them together. */
export interface SocketParts {
  readonly app: OverwireApp;
  readonly socket: Socket;
  readonly line: ChannelLine;
  readonly activity: Activity;
  /** Logs of its channels, by their topics. */
  readonly logs: Map<string, ChannelLog>;
  /** Crashes of its channels that no action has raised yet. */
  readonly crashes: ChannelCrash[];
}

/** Drives one socket of channels. */
export class SocketDriver {
  readonly #parts: SocketParts;
  readonly #scope: ChannelScope;
  /** Ends what the socket has subscribed to. */
  readonly #stops: (() => void)[] = [];
  #end: SocketEnd | undefined;
  #isClosed = false;

  /** Made by `connect()`. @param isShared it stays open after the test that runs */
  constructor(parts: SocketParts, isShared: boolean) {
    this.#parts = parts;
    this.#stops.push(
      noteOpened(this, isShared),
      parts.socket.onClose((end) => {
        this.#end = end;
      }),
    );
    this.#scope = {
      instance: (topic) => parts.line.opened?.channel(topic),
      assertOpen: (what) => this.#assertOpen(what),
      assertLives: (what) => this.#assertLives(what),
      await: (condition, limit) => this.#await(condition, limit),
      settled: (what) => this.#settled(what),
    };
  }

  /** The client's socket: the same as in a page. */
  get socket(): Socket {
    return this.#parts.socket;
  }

  get connected(): boolean {
    return this.#parts.socket.connected;
  }

  /**
   * Joins a channel, and hears the broadcasts on its topic, those that the channel intercepts too.
   * @param payload of the join
   * @typeParam C the channel's class
   * @throws ChannelError if the join is refused, with the refusal as its `reply`; Error if it crashes
   */
  async subscribeAndJoin<C = UntypedChannel>(
    topic: string,
    ...payload: JoinArguments<C>
  ): Promise<ChannelDriver<C>> {
    const { app, socket, logs } = this.#parts;
    const what = `subscribeAndJoin(${show(topic)})`;
    this.#assertOpen(what);
    const log = new ChannelLog();
    logs.set(topic, log);
    const stop = app.onBroadcast(topic, (name, content) => {
      log.broadcast(name, content);
      this.#parts.activity.notify();
    });
    this.#stops.push(stop);
    const channel = socket.channel<C>(topic, ...payload);
    try {
      const reply = await channel.join();
      this.#assertLives(what);
      return new ChannelDriver(channel, reply, this.#scope, log);
    } catch (error) {
      stop();
      await channel.leave();
      this.#assertLives(what);
      throw this.#explained(topic, error);
    }
  }

  /** A topic that no channel has is a mistake in the test, or in the app. */
  #explained(topic: string, error: unknown): unknown {
    if (!(error instanceof ChannelError) || error.code !== "unmatched_topic") return error;
    const patterns = this.#parts.line.opened?.patterns.map(show).join(", ");
    const message = `No channel matches the topic ${show(topic)}. ${patterns ? `There are: ${patterns}.` : "The socket has no channels."}`;
    return new ChannelError(error.code, message, error.reply);
  }

  /**
   * Waits for the server to end the socket, as `app.disconnect` does. The client connects again by itself.
   * @returns code and reason
   */
  async assertDisconnected({ timeout = 1000 }: { readonly timeout?: number } = {}): Promise<SocketEnd> {
    await this.#await(() => this.#end !== undefined, timeout);
    const end = this.#end;
    this.#end = undefined;
    if (end) return end;
    throw new Error("expected the server to disconnect the socket, but it did not");
  }

  /**
   * Closes the socket; its channels end.
   * @throws Error of a channel that has crashed, which no action has raised yet
   */
  async disconnect(): Promise<void> {
    await this.#settled("disconnect()");
    await this.close();
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    // A handler that runs is seen to fail.
    await nextTurn();
    for (const stop of this.#stops) stop();
    this.#parts.socket.disconnect();
    await nextTurn();
    this.#assertLives("the end of the test");
  }

  #assertOpen(what: string): void {
    if (this.#isClosed) throw new Error(`The socket is disconnected, so there can be no ${what}.`);
    this.#assertLives(what);
  }

  #assertLives(what: string): void {
    const crash = this.#parts.crashes.shift();
    if (!crash) return;
    const { name, event, error } = crash;
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`${name} crashed in ${event}, at ${what}: ${reason}`, { cause: error });
  }

  async #await(condition: () => boolean, limit: number): Promise<void> {
    const late = new Error("late");
    await this.#parts.activity
      .until(condition, limit, () => late)
      .catch((error: unknown) => {
        if (error !== late) throw error;
      });
  }

  async #settled(what: string): Promise<void> {
    const { app, activity } = this.#parts;
    const patience = new Patience(PATIENCE);
    do {
      let isIdle = false;
      void app.whenIdle().then(() => {
        isIdle = true;
        activity.notify();
      });
      const late = () =>
        new Error(`Waited ${PATIENCE} ms for the handlers of the app to end, in vain, at ${what}.`);
      await activity.until(() => isIdle, patience, late);
      // Their messages arrive.
      await nextTurn();
    } while (!app.idle);
  }
}
