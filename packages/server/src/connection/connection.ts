/** One tab's socket: reads its messages, knows its views by number, writes what they send. */
import type { Meaning } from "../http/disconnects.ts";
import { Nest } from "../runtime/child-registry.ts";
import { endAll } from "../runtime/dispose-all.ts";
import { Backlog } from "../runtime/event-budget.ts";
import { endForClient } from "../runtime/redact-errors.ts";
import type { ReceiveChunk, Report, Sink } from "../runtime/services.ts";
import type { Owner } from "../runtime/view-owner.ts";
import type { ViewProcess } from "../runtime/view-process.ts";
import type { ViewClass } from "../view/live-view.ts";
import type { EndReason } from "../view/view-host.ts";
import { readChunk } from "../wire/chunk.ts";
import {
  ACK,
  CLOSE_DISCONNECTED,
  CLOSE_LOST,
  CLOSE_MALFORMED,
  CLOSE_SLOW,
  CLOSE_TOO_MANY,
  END,
  EVENT,
  FORM,
  HEARTBEAT,
  JOIN,
  LEAVE,
  NAVIGATE,
} from "../wire/constants.ts";
import {
  type EndCode,
  type JoinRequest,
  type Navigation,
  type PushedEvent,
  readClientFrame,
  type ServerFrame,
} from "../wire/frames.ts";
import { ClientEnd } from "./client-peer.ts";
import type { Host } from "./connection-host.ts";
import type { Joined } from "./join.ts";
import { Joins, PendingJoin } from "./join-queue.ts";
import { deliver, type EventFrame, Seat } from "./joined-view.ts";
import type { Connections, Watched } from "./open-connections.ts";
import { EndedNumbers } from "./pending-ends.ts";
import type { Holder, LostViews } from "./resumable-views.ts";
import type { ClientSocket, Peer, Upgrade } from "./transport.ts";

const CLOSE_GOING_AWAY = 1001;
const CLOSE_TOO_LARGE = 1009;
const CLOSE_FAILED = 1011;
const BEAT = JSON.stringify([HEARTBEAT] satisfies ServerFrame);

export class Connection implements ClientSocket, Sink, Watched, Holder {
  readonly templates = new Set<number>();
  heard = false;
  readonly nest: Nest;
  readonly #host: Host;
  readonly #client: ClientEnd;
  readonly #upgrade: Upgrade;
  readonly #all: Connections;
  readonly #seats = new Map<number, Seat>();
  readonly #lost: LostViews;
  /** Files that are being uploaded. */
  readonly #channels = new Map<number, ReceiveChunk>();
  #lastChannel = 0;
  readonly backlog: Backlog;
  readonly #joins: Joins;
  readonly #ended = new EndedNumbers();
  /** Of the view that was joined last. */
  #owner: Owner | undefined;
  #isFinishing = false;

  constructor(host: Host, upgrade: Upgrade, peer: Peer, all: Connections, lost: LostViews) {
    this.#host = host;
    this.#client = new ClientEnd(host, peer, (lost) => this.#close("closed", lost));
    this.#upgrade = upgrade;
    this.#all = all;
    this.#lost = lost;
    this.nest = new Nest(host.limits.viewsPerConnection);
    this.#joins = new Joins(host.limits.pendingJoins);
    this.backlog = new Backlog(host.limits.queuedBytes, this);
    all.add(this);
  }

  get full(): boolean {
    return this.#client.full;
  }

  send(frame: ServerFrame): void {
    this.#client.send(frame);
  }

  refused(report: Report): void {
    this.#client.refused(report);
  }

  message(text: string): void {
    if (this.#client.isClosed || this.#isFinishing) return;
    this.heard = true;
    try {
      this.#read(text);
    } catch (error) {
      this.#broken("message", error);
    }
  }

  #read(text: string): void {
    // A transport that counts bytes has closed before; this is for those that do not.
    const { messageSize } = this.#host.limits;
    if (text.length > messageSize / 3 && Buffer.byteLength(text) > messageSize) {
      this.#client.lose(CLOSE_TOO_LARGE, `a message may have ${messageSize} bytes`);
      return;
    }
    const frame = readClientFrame(text);
    if (typeof frame === "string") {
      this.#refuse(CLOSE_MALFORMED, frame);
      return;
    }
    switch (frame[0]) {
      case EVENT:
      case FORM:
      case NAVIGATE: {
        const seat = this.#seats.get(frame[1]);
        if (seat?.process) deliver(seat.process, frame, text.length);
        else if (seat) this.#queue(seat, frame, text.length);
        else this.#unknown(frame[1]);
        return;
      }
      case ACK:
        this.#seats.get(frame[1])?.process?.screen.seen(frame[2]);
        return;
      case HEARTBEAT:
        // Who sends and never reads gets no answers to keep for it.
        if (!this.full) this.#client.sendText(BEAT);
        return;
      case JOIN:
        this.#join(frame[1], frame[2]);
        return;
      case LEAVE:
        this.#leave(frame[1], "left");
    }
  }

  binary(message: Uint8Array): void {
    if (this.#client.isClosed) return;
    this.heard = true;
    try {
      const chunk = readChunk(message);
      // A closed socket may still deliver messages.
      if (chunk) this.#channels.get(chunk.channel)?.(chunk.offset, chunk.bytes);
      else this.#refuse(CLOSE_MALFORMED, "a binary message must be a part of a file");
    } catch (error) {
      this.#broken("binary message", error);
    }
  }

  mayPatch(url: URL, View: ViewClass): Promise<boolean> {
    return this.#host.mayPatch(url, View, this.#upgrade);
  }

  openChannel(receive: ReceiveChunk): number {
    this.#channels.set(++this.#lastChannel, receive);
    return this.#lastChannel;
  }

  closeChannel(channel: number): void {
    this.#channels.delete(channel);
  }

  process(view: number): ViewProcess | undefined {
    return this.#seats.get(view)?.process;
  }

  closed(lost = false): void {
    this.#close("closed", lost);
  }

  release(id: string): ViewProcess | undefined {
    for (const [view, { process }] of this.#seats) {
      if (process?.id !== id) continue;
      process.detach();
      this.#end(view, "taken", "A later join of this client has the view.");
      return process;
    }
    return undefined;
  }

  drained(): void {
    try {
      if (this.full) return;
      for (const { process } of [...this.#seats.values()]) process?.drained();
    } catch (error) {
      this.#broken("drained", error);
    }
  }

  silent(): void {
    this.#client.hangUp(CLOSE_LOST, "nothing was heard of the client");
    this.#close("closed", true);
  }

  persists(): void {
    this.#refuse(CLOSE_TOO_MANY, "the client goes on sending events although too many wait");
  }

  overflow(message: string): void {
    this.#client.lose(CLOSE_SLOW, "the client does not read what it gets", message);
  }

  disconnect(means: Meaning): void {
    const visitor = this.#host.visitor(this.#upgrade) ?? "";
    const isMeant =
      means({ visitor, name: this.#owner?.name }) ||
      [...this.#seats.values()].some(({ process }) => means(process?.owner));
    if (isMeant) this.#endSession();
  }

  #endSession(): void {
    this.#close("closed");
    this.#client.hangUp(CLOSE_DISCONNECTED, "the session has ended");
  }

  async finish(): Promise<void> {
    this.#isFinishing = true;
    await Promise.all([...this.#seats.values()].map(({ process }) => process?.whenIdle()));
  }

  shutdown(): void {
    this.#close("shutdown");
    this.#client.hangUp(CLOSE_GOING_AWAY, "the server stops");
  }

  /** A view that has ended, or was taken by another connection: the client need not wait for an answer. */
  #unknown(view: number): void {
    if (!this.#ended.has(view) && !this.full) this.#end(view, "closed", "There is no view of this number.");
  }

  #queue(seat: Seat, frame: EventFrame, bytes: number): void {
    const most = seat.queue(frame, bytes, this.#host.limits);
    if (most === undefined) return;
    const message = `more than ${most} wait for a view to be joined`;
    this.#host.report({ kind: "refused", message, event: frame[3] });
    this.#leave(frame[1], "left");
    this.#end(frame[1], "too_many", message);
  }

  #join(view: number, request: JoinRequest): void {
    // A client joins under a number again only if it has given up the view that had it.
    this.#leave(view, "left");
    const { viewsPerConnection } = this.#host.limits;
    if (this.full) {
      this.#refuse(CLOSE_TOO_MANY, "the client joins views and does not read what it gets");
      return;
    }
    if (this.#joins.isFlooded) {
      this.#refuse(CLOSE_TOO_MANY, "the client gives up joins and goes on joining");
      return;
    }
    if (this.#seats.size >= viewsPerConnection) {
      this.#tooMany(view);
      return;
    }
    const join = new PendingJoin(() => this.#begin(view, seat, request, join));
    const seat = new Seat(join, request.attempt, this.backlog);
    this.#seats.set(view, seat);
    this.#ended.delete(view);
    this.#joins.add(join);
  }

  #tooMany(view: number): void {
    const { viewsPerConnection } = this.#host.limits;
    if (this.#joins.refuse(viewsPerConnection)) {
      this.#refuse(CLOSE_TOO_MANY, `the client goes on joining more than ${viewsPerConnection} views`);
      return;
    }
    const message = `A connection may have ${viewsPerConnection} views (limits.viewsPerConnection).`;
    this.#host.report({ kind: "refused", event: "join", message });
    this.#end(view, "too_many", message);
  }

  #begin(view: number, seat: Seat, request: JoinRequest, join: PendingJoin): void | Promise<void> {
    try {
      const joined = this.#host.join(request, this.#upgrade, this.nest, join);
      if (!(joined instanceof Promise)) return this.#seat(view, seat, joined);
      return joined
        .then((joined) => this.#seat(view, seat, joined))
        .catch((error) => this.#failed(view, seat, error));
    } catch (error) {
      this.#failed(view, seat, error);
    }
  }

  #seat(view: number, seat: Seat, joined: Joined): void {
    const left = this.#seats.get(view) !== seat;
    if (!("process" in joined)) {
      if (!left) this.#end(view, joined.code, joined.message, joined.to, joined.events);
      return;
    }
    const { process } = joined;
    const held = this.#lost.held(process.id);
    if (held) {
      // Another join was faster.
      if (held !== process) process.end("closed");
      if (!left) this.#end(view, "closed", "The view has been joined already.");
      return;
    }
    if (left) {
      process.end(this.#client.isClosed ? "closed" : "left");
      return;
    }
    if (process.ended) {
      this.#end(view, "crashed", "The view ended before it was joined.");
      return;
    }
    if (!joined.resumed && process.owner && this.#host.isDisconnected(process.owner)) {
      // The request or the join that made it was under way.
      process.end("closed");
      this.#endSession();
      return;
    }
    seat.process = process;
    seat.join = undefined;
    this.#owner = process.owner;
    this.#lost.hold(process, this, seat.attempt);
    if (joined.remount) this.#lost.remounted(process, joined.remount);
    process.onEnd = (reason) => {
      this.#lost.forget(process, this);
      if (reason !== "crashed" && !process.renewable) this.nest.forget(process);
      if (this.#seats.get(view) !== seat) return;
      this.#seats.delete(view);
      this.#ended.add(view);
    };
    try {
      process.attach(view, this, { ...joined.extras, ...this.#client.told }, joined.resumed);
    } catch (error) {
      this.#failed(view, seat, error);
      return;
    }
    for (const [frame, bytes] of seat.take()) {
      // The message before may have ended the connection.
      if (this.#seats.get(view) === seat) deliver(process, frame, bytes);
    }
  }

  /** A fault of the framework's, or of what an app has put into it; the other views go on. */
  #failed(view: number, seat: Seat, error: unknown): void {
    this.#host.report({ kind: "crash", event: "join", message: "a view could not be joined", error });
    if (this.#seats.get(view) === seat) this.#end(view, "crashed", "The view could not be joined.");
    seat.process?.end("crashed");
  }

  #end(view: number, code: EndCode, message: string, to?: Navigation, events?: readonly PushedEvent[]): void {
    this.#remove(view);
    this.#ended.add(view);
    if (!to) this.send([END, view, code, endForClient(code, message)]);
    else this.send(events ? [END, view, code, message, to, events] : [END, view, code, message, to]);
  }

  #leave(view: number, reason: EndReason): void {
    const seat = this.#remove(view);
    if (seat?.process) seat.process.end(reason);
    else if (seat?.join) this.#joins.abandon(seat.join, reason);
  }

  #remove(view: number): Seat | undefined {
    const seat = this.#seats.get(view);
    this.#seats.delete(view);
    seat?.take();
    return seat;
  }

  #refuse(code: number, message: string, event?: string): void {
    this.#host.report({ kind: "refused", message: `the connection is closed: ${message}`, event });
    this.#client.drop(code, message);
  }

  /** A fault of the framework's: other connections go on. */
  #broken(event: string, error: unknown): void {
    const message = "the connection is closed, because handling what it brought failed";
    this.#host.report({ kind: "crash", event, message, error });
    this.#client.drop(CLOSE_FAILED, "the server failed");
  }

  #close(reason: EndReason, lost = false): void {
    if (this.#client.isClosed) return;
    this.#client.end();
    this.#all.delete(this);
    this.#channels.clear();
    const end = ([view, { process }]: [number, Seat]) => {
      if (!lost || !process || !this.#host.limits.resumeTime) return this.#leave(view, reason);
      this.#seats.delete(view);
      this.#lost.park(process);
    };
    const ends = [...this.#seats].map((seat) => () => end(seat));
    endAll(ends, (error) =>
      this.#host.report({ kind: "crash", event: "close", message: "a view could not be closed", error }),
    );
  }
}
