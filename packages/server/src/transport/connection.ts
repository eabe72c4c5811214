/** One tab's socket: reads its messages, knows its views by number, writes what they send. */
import type { Joined } from "../http/join.ts";
import type { Holder, LostViews } from "../http/lost-views.ts";
import { Nest } from "../http/nursery.ts";
import type { ClientSocket, Peer, Upgrade } from "../http/socket.ts";
import type { Limits, ReceiveChunk, Report, Sink } from "../process/services.ts";
import type { ViewProcess } from "../process/view-process.ts";
import type { EndReason } from "../view/host.ts";
import { readChunk } from "../wire/chunk.ts";
import {
  CLOSE_MALFORMED,
  CLOSE_TOO_MANY,
  END,
  EVENT,
  FORM,
  HEARTBEAT,
  JOIN,
  LEAVE,
  NAVIGATE,
} from "../wire/keys.ts";
import {
  type ClientFrame,
  type EndCode,
  type JoinRequest,
  type Navigation,
  readClientFrame,
  type ServerFrame,
} from "../wire/messages.ts";
import type { Connections, Watched } from "./connections.ts";
import { decodeForm, unreadableForm } from "./form.ts";

/** What a connection needs of the app. */
export interface Host {
  readonly limits: Limits;
  readonly report: (report: Report) => void;
  join(request: JoinRequest, upgrade: Upgrade, nest: Nest): Joined | Promise<Joined>;
}

/** What has to be answered under its ref. */
type EventFrame = Extract<ClientFrame, readonly [typeof EVENT | typeof FORM | typeof NAVIGATE, ...unknown[]]>;

/** A number that the client gave a view. */
interface Seat {
  /** Undefined while it is being joined. */
  process: ViewProcess | undefined;
  /** Events that came before the join was done. */
  waiting: EventFrame[] | undefined;
}

const CLOSE_GOING_AWAY = 1001;
const CLOSE_TOO_LARGE = 1009;
const BEAT = JSON.stringify([HEARTBEAT] satisfies ServerFrame);

/**
 * A message for a view that is not there is ignored: its END frame is on its way already, and a second one would end the
 * view that the client joins in its place.
 */
export class Connection implements ClientSocket, Sink, Watched, Holder {
  readonly templates = new Set<number>();
  heard = false;
  readonly nest: Nest;
  readonly #host: Host;
  readonly #upgrade: Upgrade;
  readonly #peer: Peer;
  readonly #all: Connections;
  readonly #seats = new Map<number, Seat>();
  readonly #lost: LostViews;
  /** Files that are being uploaded. */
  readonly #channels = new Map<number, ReceiveChunk>();
  #lastChannel = 0;
  readonly #bufferedBytes: number;
  #closed = false;

  constructor(host: Host, upgrade: Upgrade, peer: Peer, all: Connections, lost: LostViews) {
    this.#host = host;
    this.#upgrade = upgrade;
    this.#peer = peer;
    this.#all = all;
    this.#lost = lost;
    this.#bufferedBytes = host.limits.bufferedBytes;
    this.nest = new Nest(host.limits.viewsPerConnection);
    all.add(this);
  }

  get full(): boolean {
    return this.#peer.bufferedAmount > this.#bufferedBytes;
  }

  send(frame: ServerFrame): void {
    if (!this.#closed) this.#peer.send(JSON.stringify(frame));
  }

  message(text: string): void {
    if (this.#closed) return;
    this.heard = true;
    // A transport that counts bytes has closed before; this is for those that do not.
    if (text.length > this.#host.limits.messageSize) {
      this.#refuse(CLOSE_TOO_LARGE, `a message may have ${this.#host.limits.messageSize} bytes`);
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
        if (seat?.process) this.#event(seat.process, frame);
        else if (seat) this.#queue(seat, frame);
        return;
      }
      case HEARTBEAT:
        // Who sends and never reads gets no answers to keep for it.
        if (!this.full) this.#peer.send(BEAT);
        return;
      case JOIN:
        this.#join(frame[1], frame[2]);
        return;
      case LEAVE:
        this.#leave(frame[1], "left");
    }
  }

  binary(message: Uint8Array): void {
    if (this.#closed) return;
    this.heard = true;
    const chunk = readChunk(message);
    // One that is closed may have more on the way.
    if (chunk) this.#channels.get(chunk.channel)?.(chunk.offset, chunk.bytes);
    else this.#refuse(CLOSE_MALFORMED, "a binary message must be a part of a file");
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
      this.#seats.delete(view);
      process.detach();
      return process;
    }
    return undefined;
  }

  drained(): void {
    if (this.full) return;
    for (const { process } of [...this.#seats.values()]) process?.drained();
  }

  silent(): void {
    this.#peer.close(CLOSE_GOING_AWAY, "nothing was heard of the client");
    this.#close("closed", true);
  }

  shutdown(): void {
    this.#close("shutdown");
    this.#peer.close(CLOSE_GOING_AWAY, "the server stops");
  }

  #event(process: ViewProcess, frame: EventFrame): void {
    if (frame[0] === NAVIGATE) {
      process.inbox.patch(frame[2], frame[3]);
      return;
    }
    if (frame[0] === EVENT) {
      process.inbox.event(frame[2], frame[3], frame[4], frame[5]);
      return;
    }
    let payload: unknown;
    try {
      payload = decodeForm(frame[4], frame[5]);
    } catch (error) {
      process.inbox.refuse(frame[2], frame[3], unreadableForm(frame[3], error));
      return;
    }
    process.inbox.event(frame[2], frame[3], payload, frame[6]);
  }

  #queue(seat: Seat, frame: EventFrame): void {
    const { queuedEvents } = this.#host.limits;
    if ((seat.waiting ??= []).push(frame) <= queuedEvents) return;
    const message = `more than ${queuedEvents} events wait for a view to be joined`;
    this.#host.report({ kind: "refused", message, event: frame[3] });
    this.#end(frame[1], "too_many", message);
  }

  #join(view: number, request: JoinRequest): void {
    // A client joins under a number again only if it has given up the view that had it.
    this.#leave(view, "left");
    const { viewsPerConnection } = this.#host.limits;
    if (this.#seats.size >= viewsPerConnection) {
      this.#refuse(CLOSE_TOO_MANY, `a connection may have ${viewsPerConnection} views`);
      return;
    }
    if (this.full) {
      this.#refuse(CLOSE_TOO_MANY, "the client joins views and does not read what it gets");
      return;
    }
    const seat: Seat = { process: undefined, waiting: undefined };
    this.#seats.set(view, seat);
    let joined: Joined | Promise<Joined>;
    try {
      joined = this.#host.join(request, this.#upgrade, this.nest);
    } catch (error) {
      this.#failed(view, seat, error);
      return;
    }
    if (joined instanceof Promise) {
      joined
        .then((joined) => this.#seat(view, seat, joined))
        .catch((error) => this.#failed(view, seat, error));
    } else this.#seat(view, seat, joined);
  }

  #seat(view: number, seat: Seat, joined: Joined): void {
    const left = this.#seats.get(view) !== seat;
    if (!("process" in joined)) {
      if (!left) this.#end(view, joined.code, joined.message, joined.to);
      return;
    }
    const { process } = joined;
    if (left) {
      process.end(this.#closed ? "closed" : "left");
      return;
    }
    if (process.ended) {
      this.#end(view, "crashed", "The view ended before it was joined.");
      return;
    }
    seat.process = process;
    this.#lost.hold(process, this);
    process.onEnd = (reason) => {
      this.#lost.forget(process, this);
      if (reason !== "crashed" && !process.renewable) this.nest.forget(process);
      if (this.#seats.get(view) === seat) this.#seats.delete(view);
    };
    try {
      process.attach(view, this, joined.extras, joined.resumed);
    } catch (error) {
      this.#failed(view, seat, error);
      return;
    }
    const { waiting } = seat;
    seat.waiting = undefined;
    for (const frame of waiting ?? []) if (!process.ended) this.#event(process, frame);
  }

  /** A fault of the framework's, or of what an app has put into it; the other views go on. */
  #failed(view: number, seat: Seat, error: unknown): void {
    this.#host.report({ kind: "crash", event: "join", message: "a view could not be joined", error });
    if (this.#seats.get(view) === seat) this.#end(view, "crashed", "The view could not be joined.");
    seat.process?.end("crashed");
  }

  #end(view: number, code: EndCode, message: string, to?: Navigation): void {
    this.#seats.delete(view);
    this.send(to ? [END, view, code, message, to] : [END, view, code, message]);
  }

  #leave(view: number, reason: EndReason): void {
    const seat = this.#seats.get(view);
    this.#seats.delete(view);
    seat?.process?.end(reason);
  }

  #refuse(code: number, message: string, event?: string): void {
    this.#host.report({ kind: "refused", message: `the connection is closed: ${message}`, event });
    // A close frame has room for 123 bytes.
    this.#peer.close(code, message.slice(0, 120));
    this.#close("closed");
  }

  #close(reason: EndReason, lost = false): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#all.delete(this);
    this.#channels.clear();
    for (const [view, { process }] of [...this.#seats]) {
      if (!lost || !process || !this.#host.limits.resumeTime) this.#leave(view, reason);
      else {
        this.#seats.delete(view);
        this.#lost.park(process);
      }
    }
  }
}
