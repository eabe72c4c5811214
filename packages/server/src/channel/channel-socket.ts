/** One client's socket of channels: reads its messages, knows its channels by topic, and bounds what it may cost. */
import {
  type ChannelFrame,
  CLOSE_LOST,
  CLOSE_MALFORMED,
  CLOSE_RESTART,
  CLOSE_SLOW,
  CLOSE_TOO_MANY,
  PHOENIX,
  PHX_HEARTBEAT,
  PHX_JOIN,
  PHX_LEAVE,
  readClientMessage,
  writeReply,
} from "@overwire/client/wire";
import { ClientPeer } from "../connection/client-peer.ts";
import { JoinQueue, PendingJoin } from "../connection/join-queue.ts";
import type { OpenConnection, OpenConnections } from "../connection/open-connections.ts";
import type { AppSocket, ChannelPeer, SharedMessage } from "../connection/transport.ts";
import type { OwnerMatcher } from "../http/disconnects.ts";
import { disposeAll } from "../runtime/dispose-all.ts";
import { EventBudget } from "../runtime/event-budget.ts";
import type { Report } from "../runtime/services.ts";
import type { OpenSession, SessionClock } from "../runtime/session-clock.ts";
import type { ViewOwner } from "../runtime/view-owner.ts";
import type { Params } from "../view/navigation/params.ts";
import type { EndReason, Session } from "../view/view-host.ts";
import type { Channel } from "./channel.ts";
import { recheckChannel } from "./channel-guard.ts";
import { type ChannelClient, ChannelProcess, type ChannelServices } from "./channel-process.ts";
import type { ChannelTable } from "./channel-routes.ts";
import { TOO_MANY_CHANNELS, UNMATCHED } from "./replies.ts";

const CLOSE_GOING_AWAY = 1001;
const CLOSE_TOO_LARGE = 1009;

/** Facts about a client, from its handshake. */
export interface Admission {
  readonly assigns: object;
  readonly params: Params;
  readonly session: Session;
  /** With the name that `identify` gives it. */
  readonly owner: ViewOwner;
  /** The name that `id` gives it. */
  readonly id: string | undefined;
}

/** A channel that has ended by an error. */
export interface ChannelCrash {
  /** Of its class. */
  readonly name: string;
  readonly event: string;
  readonly error: unknown;
}

/** The app, as a socket of channels sees it. */
export interface ChannelSocketHost extends ChannelServices {
  readonly connections: OpenConnections;
  /** Tells if the owner has been disconnected since the handshake. */
  isDisconnected(owner: ViewOwner): boolean;
  readonly sessionClock: SessionClock;
  /** Ends what else belongs to the session of a visitor, on all nodes. */
  disconnectVisitor(visitor: string): void;
}

export class ChannelSocket implements AppSocket, OpenConnection, ChannelClient {
  heard = false;
  /** Hears why a channel has crashed, in tests. */
  onCrash: (crash: ChannelCrash) => void = () => {};
  readonly eventBudget: EventBudget;
  readonly #host: ChannelSocketHost;
  readonly #table: ChannelTable;
  readonly #admission: Admission;
  readonly #client: ClientPeer;
  readonly #peer: ChannelPeer;
  readonly #channels = new Map<string, { readonly runner: ChannelProcess; readonly join: PendingJoin }>();
  readonly #joins: JoinQueue;
  /** Bytes that were sent since the buffer was full. */
  #excess = 0;
  #isFinishing = false;
  /** Set if the client has a session. */
  #open: OpenSession | undefined;

  constructor(host: ChannelSocketHost, table: ChannelTable, admission: Admission, peer: ChannelPeer) {
    const { limits } = host;
    this.#host = host;
    this.#table = table;
    this.#admission = admission;
    this.#peer = peer;
    this.#client = new ClientPeer(host, peer, (lost) => this.#close("closed", lost));
    this.#joins = new JoinQueue(limits.pendingJoins);
    this.eventBudget = new EventBudget(limits.queuedBytes, this);
    host.connections.add(this);
    const { owner, id } = admission;
    this.#open = owner.times && host.sessionClock.enter(owner.visitor, owner.times);
    // While the handshake was under way.
    if (host.isDisconnected(owner) || (id !== undefined && host.isDisconnected({ ...owner, name: id })))
      this.#disconnect();
  }

  get assigns(): object {
    return this.#admission.assigns;
  }

  get params(): Params {
    return this.#admission.params;
  }

  get session(): Session {
    return this.#admission.session;
  }

  /** The author's object for a topic, for tests. */
  channel(topic: string): Channel | undefined {
    return this.#channels.get(topic)?.runner.channel;
  }

  /** Patterns of the topics that can be joined, for tests. */
  get patterns(): string[] {
    return this.#table.patterns;
  }

  runners(): ChannelProcess[] {
    return Array.from(this.#channels.values(), ({ runner }) => runner);
  }

  crashed(runner: ChannelProcess, event: string, error: unknown): void {
    this.onCrash({ name: runner.name, event, error });
  }

  // Messages of the client.

  message(text: string): void {
    // A transport that counts bytes has closed before; this is for those that do not.
    const { messageSize } = this.#host.limits;
    const isTooLarge = text.length > messageSize / 3 && Buffer.byteLength(text) > messageSize;
    this.#receive(text, isTooLarge ? messageSize + 1 : text.length);
  }

  binary(message: Uint8Array): void {
    this.#receive(message, message.length);
  }

  #receive(message: string | Uint8Array, bytes: number): void {
    if (this.#client.isClosed || this.#isFinishing) return;
    this.heard = true;
    try {
      const { messageSize } = this.#host.limits;
      if (bytes > messageSize) {
        this.#client.lose(CLOSE_TOO_LARGE, `a message may have ${messageSize} bytes`);
        return;
      }
      const frame = readClientMessage(message);
      if (typeof frame === "string") this.#client.refuse(CLOSE_MALFORMED, frame);
      else this.#handle(frame, bytes);
    } catch (error) {
      this.#client.broken("message", error);
    }
  }

  #handle(frame: ChannelFrame, bytes: number): void {
    const { topic, event, joinRef } = frame;
    if (topic === PHOENIX) return this.#ownTopic(frame);
    if (this.#open) this.#host.sessionClock.active(this.#open);
    if (event === PHX_JOIN) return this.#join(frame);
    const runner = this.#channels.get(topic)?.runner;
    // Messages for a channel that the client has joined anew since are not for the new one.
    const isStale = joinRef !== null && joinRef !== runner?.joinRef;
    if (event === PHX_LEAVE) {
      if (runner && !isStale) runner.leave(frame.ref);
      else this.#answer(frame, "ok", {});
    } else if (!runner) this.#unmatched(frame);
    else if (!isStale) runner.event(frame, bytes);
  }

  #ownTopic(frame: ChannelFrame): void {
    if (frame.event === PHX_HEARTBEAT) this.#answer(frame, "ok", {});
    else this.#unmatched(frame);
  }

  /** A channel that has ended while messages were on their way to it is no mistake; a topic without a channel is one. */
  #unmatched(frame: ChannelFrame): void {
    if (!this.#table.match(frame.topic)) {
      const message = `no channel fits the topic ${JSON.stringify(frame.topic)}. Declare it: socket.channel("room:*", RoomChannel)`;
      this.refused({ kind: "refused", event: frame.event, message });
    }
    this.#answer(frame, "error", UNMATCHED);
  }

  /** A client that sends and never reads gets no answers that would be kept for it. */
  #answer({ joinRef, ref, topic }: ChannelFrame, status: "ok" | "error", response: object): void {
    if (ref !== null && !this.full) this.send(writeReply(joinRef, ref, topic, status, response));
  }

  #join(frame: ChannelFrame): void {
    const { topic } = frame;
    const { channelsPerSocket } = this.#host.limits;
    if (this.full)
      return this.#client.refuse(CLOSE_TOO_MANY, "the client joins channels and does not read what it gets");
    if (this.#joins.isFlooded)
      return this.#client.refuse(CLOSE_TOO_MANY, "the client gives up joins and goes on joining");
    const route = this.#table.match(topic);
    if (!route) return this.#unmatched(frame);
    const former = this.#channels.get(topic);
    if (former) {
      this.#remove(topic);
      former.runner.replace();
      this.#joins.abandon(former.join, "replaced");
    } else if (this.#channels.size >= channelsPerSocket) return this.#tooMany(frame);
    if (this.#client.isClosed) return;
    const runner = new ChannelProcess(frame, route, this.#host, this);
    const join = new PendingJoin(() => runner.start(frame));
    this.#channels.set(topic, { runner, join });
    this.#joins.add(join);
  }

  #tooMany(frame: ChannelFrame): void {
    const { channelsPerSocket } = this.#host.limits;
    if (this.#joins.refuse(channelsPerSocket))
      return this.#client.refuse(
        CLOSE_TOO_MANY,
        `the client goes on joining more than ${channelsPerSocket} channels`,
      );
    const message = `a socket may have ${channelsPerSocket} channels (limits.channelsPerSocket)`;
    this.refused({ kind: "refused", event: "join", message });
    this.#answer(frame, "error", TOO_MANY_CHANNELS);
  }

  // For its channels.

  get full(): boolean {
    return this.#client.full;
  }

  send(message: string | Uint8Array): void {
    if (this.#mayKeep(message.length)) this.#send(message);
  }

  sendBroadcast(shared: SharedMessage): void {
    if (!this.#mayKeep(shared.message.length)) return;
    if (this.#peer.sendShared) this.#peer.sendShared(shared);
    else this.#send(shared.message);
  }

  #send(message: string | Uint8Array): void {
    if (typeof message === "string") this.#peer.send(message);
    else this.#peer.sendBinary(message);
  }

  /** One message may be larger than the buffer; what follows while the client does not read is bounded. */
  #mayKeep(bytes: number): boolean {
    if (this.#client.isClosed) return false;
    if (!this.full) return true;
    this.#excess += bytes;
    if (this.#excess <= this.#host.limits.bufferedBytes) return true;
    this.#client.lose(CLOSE_SLOW, "the client does not read what it gets");
    return false;
  }

  refused(report: Report): void {
    this.#client.refused(report);
  }

  flood(message: string): void {
    this.#client.refuse(CLOSE_TOO_MANY, message);
  }

  persists(): void {
    this.#client.refuse(CLOSE_TOO_MANY, "the client goes on sending events although too many wait");
  }

  ended(runner: ChannelProcess): void {
    const entry = this.#channels.get(runner.topic);
    if (entry?.runner !== runner) return;
    this.#remove(runner.topic);
    this.#joins.abandon(entry.join, "left");
  }

  #remove(topic: string): void {
    this.#channels.delete(topic);
  }

  // The socket's life.

  drained(): void {
    if (this.full) return;
    this.#excess = 0;
    try {
      for (const { runner } of [...this.#channels.values()]) runner.drained();
    } catch (error) {
      this.#client.broken("drained", error);
    }
  }

  closed(lost = false): void {
    this.#close("closed", lost);
  }

  silent(): void {
    this.#client.close(CLOSE_LOST, "nothing was heard of the client");
    this.#close("closed", true);
  }

  disconnect(means: OwnerMatcher): void {
    const { owner, id, session } = this.#admission;
    const isNamed = id !== undefined && means({ visitor: "", name: id });
    if (!isNamed && !means(owner)) return;
    this.#disconnect();
    // The views of the same session end too, wherever they are.
    if (isNamed && owner.visitor && Object.keys(session).length > 0)
      this.#host.disconnectVisitor(owner.visitor);
  }

  recheck(means: OwnerMatcher): void {
    const { owner, id } = this.#admission;
    if (!means(owner) && !(id !== undefined && means({ visitor: "", name: id }))) return;
    for (const runner of this.runners()) void recheckChannel(runner, this.#host.report);
  }

  #disconnect(): void {
    this.#close("disconnected");
    this.#client.close(CLOSE_GOING_AWAY, "the session has ended");
  }

  async finish(): Promise<void> {
    this.#isFinishing = true;
    await Promise.all(this.runners().map((runner) => runner.whenIdle()));
  }

  shutdown(): void {
    this.#close("shutdown");
    this.#client.close(CLOSE_RESTART, "the server stops");
  }

  #close(reason: EndReason, lost = false): void {
    if (this.#client.isClosed) return;
    // First of all, so that messages of `terminate` are not kept for a client that has gone.
    this.#client.end();
    this.#host.connections.delete(this);
    if (this.#open) this.#host.sessionClock.leave(this.#open);
    this.#open = undefined;
    const ends = [...this.#channels.values()].map(({ runner, join }) => () => {
      runner.end(reason, lost);
      this.#joins.abandon(join, reason);
    });
    this.#channels.clear();
    disposeAll(ends, (error) =>
      this.#host.report({ kind: "crash", event: "close", message: "a channel could not be closed", error }),
    );
  }
}
