/** One tab's socket: reads its messages, knows its views by number, writes their frames. */
import {
  ACK,
  CLOSE_DISCONNECTED,
  CLOSE_LOST,
  CLOSE_MALFORMED,
  CLOSE_MOVED,
  CLOSE_SLOW,
  CLOSE_TOO_MANY,
  END,
  type EndCode,
  EVENT,
  FORM,
  HEARTBEAT,
  JOIN,
  type JoinRequest,
  LEAVE,
  NAVIGATE,
  type Navigation,
  type PushedEvent,
  readChunk,
  readClientFrame,
  SESSION,
  type ServerFrame,
} from "@overwire/client/wire";
import type { OwnerMatcher } from "../http/disconnects.ts";
import { ConnectionChildren, isRenewable } from "../runtime/child-registry.ts";
import { disposeAll } from "../runtime/dispose-all.ts";
import { EventBudget } from "../runtime/event-budget.ts";
import { redactEndMessage } from "../runtime/redact-errors.ts";
import type { ReceiveChunk, Report, Sink } from "../runtime/services.ts";
import type { SessionChange, SessionClient } from "../runtime/session-change.ts";
import type { ViewProcess } from "../runtime/view-process.ts";
import type { ViewClass } from "../view/live-view.ts";
import type { EndReason } from "../view/view-host.ts";
import { endRefused } from "./ask-again.ts";
import { ClientPeer } from "./client-peer.ts";
import type { ConnectionHost } from "./connection-host.ts";
import type { JoinResult } from "./join.ts";
import { JoinQueue, PendingJoin } from "./join-queue.ts";
import { deliverEvent, type EventFrame, JoinedView } from "./joined-view.ts";
import type { OpenConnection, OpenConnections } from "./open-connections.ts";
import { PageSession } from "./page-session.ts";
import { PendingEnds } from "./pending-ends.ts";
import type { ResumableConnection, ResumableViews } from "./resumable-views.ts";
import type { ClientSocket, Peer, Upgrade } from "./transport.ts";

const CLOSE_GOING_AWAY = 1001;
const CLOSE_TOO_LARGE = 1009;
const BEAT = JSON.stringify([HEARTBEAT] satisfies ServerFrame);

export class Connection implements ClientSocket, Sink, OpenConnection, ResumableConnection {
  readonly templates = new Set<number>();
  heard = false;
  readonly runners = () => Array.from(this.#views.values(), ({ viewProcess }) => viewProcess);
  readonly children: ConnectionChildren;
  readonly #host: ConnectionHost;
  readonly #client: ClientPeer;
  readonly #page: PageSession;
  readonly #all: OpenConnections;
  readonly #views = new Map<number, JoinedView>();
  readonly #resumableViews: ResumableViews;
  /** Files that are being uploaded. */
  readonly #channels = new Map<number, ReceiveChunk>();
  #lastChannel = 0;
  readonly eventBudget: EventBudget;
  readonly #joins: JoinQueue;
  readonly #ended = new PendingEnds();
  #isFinishing = false;

  constructor(app: ConnectionHost, upgrade: Upgrade, peer: Peer, all: OpenConnections, lost: ResumableViews) {
    this.#host = app;
    this.#client = new ClientPeer(app, peer, (lost) => this.#close("closed", lost));
    this.#page = new PageSession(app, upgrade, this.runners, () => this.#endSession());
    this.#all = all;
    this.#resumableViews = lost;
    this.children = new ConnectionChildren(app.limits.viewsPerConnection);
    this.#joins = new JoinQueue(app.limits.pendingJoins);
    this.eventBudget = new EventBudget(app.limits.queuedBytes, this);
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
      this.#client.broken("message", error);
    }
  }

  #read(text: string): void {
    // A transport that counts bytes has closed before; this is for those that do not.
    const { messageSize } = this.#host.limits;
    if (text.length > messageSize / 3 && Buffer.byteLength(text) > messageSize)
      return this.#client.lose(CLOSE_TOO_LARGE, `a message may have ${messageSize} bytes`);
    const frame = readClientFrame(text);
    if (typeof frame === "string") return this.#client.refuse(CLOSE_MALFORMED, frame);
    switch (frame[0]) {
      case EVENT:
      case FORM:
      case NAVIGATE: {
        const entry = this.#views.get(frame[1]);
        this.#page.active();
        if (entry?.viewProcess) deliverEvent(entry.viewProcess, frame, text.length);
        else if (entry) this.#queue(entry, frame, text.length);
        else this.#unknown(frame[1]);
        return;
      }
      case ACK:
        this.#views.get(frame[1])?.viewProcess?.renderer.seen(frame[2]);
        return;
      case HEARTBEAT:
        // A client that sends and never reads gets no answers that would be kept for it.
        if (!this.full) this.#client.sendText(BEAT);
        return;
      case SESSION:
        this.#host.sessionFetched(frame[1]);
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
      else this.#client.refuse(CLOSE_MALFORMED, "a binary message must be a part of a file");
    } catch (error) {
      this.#client.broken("binary message", error);
    }
  }

  mayPatch(url: URL, View: ViewClass): Promise<boolean> {
    return this.#host.mayPatch(url, View, this.#page.upgrade);
  }

  changeSession(...change: Parameters<SessionClient["changeSession"]>): Promise<SessionChange> {
    return this.#page.changeSession(...change);
  }

  sessionChanged(change: SessionChange): void {
    this.#page.sessionChanged(change);
  }

  openChannel(receive: ReceiveChunk): number {
    this.#channels.set(++this.#lastChannel, receive);
    return this.#lastChannel;
  }

  closeChannel(channel: number): void {
    this.#channels.delete(channel);
  }

  process(view: number): ViewProcess | undefined {
    return this.#views.get(view)?.viewProcess;
  }

  closed(lost = false): void {
    this.#close("closed", lost);
  }

  release(id: string): ViewProcess | undefined {
    for (const [view, { viewProcess }] of this.#views) {
      if (viewProcess?.id !== id) continue;
      viewProcess.detach();
      this.#end(view, "taken", "A later join of this client has the view.");
      return viewProcess;
    }
    return undefined;
  }

  drained(): void {
    try {
      if (this.full) return;
      for (const { viewProcess } of [...this.#views.values()]) viewProcess?.drained();
    } catch (error) {
      this.#client.broken("drained", error);
    }
  }

  silent(): void {
    this.#client.close(CLOSE_LOST, "nothing was heard of the client");
    this.#close("closed", true);
  }

  persists(): void {
    this.#client.refuse(CLOSE_TOO_MANY, "the client goes on sending events although too many wait");
  }

  overflow(message: string): void {
    this.#client.lose(CLOSE_SLOW, "the client does not read what it gets", message);
  }

  disconnect(matches: OwnerMatcher): void {
    if (!this.#page.isMeant(matches)) return;
    this.#page.tellEnd();
    this.#endSession();
  }

  recheck(matches: OwnerMatcher): void {
    for (const [view, entry] of this.#views) {
      if (!entry.viewProcess) entry.recheck = true;
      else if (matches(entry.viewProcess.owner)) this.#askAgain(view, entry.viewProcess);
    }
  }

  async #askAgain(view: number, viewProcess: ViewProcess): Promise<void> {
    const refused = await this.#host.askAgain(viewProcess, this.#page.upgrade);
    if (viewProcess.ended) return;
    // Guards may have changed the context, and the session may be a new one.
    if (!refused) return viewProcess.post("recheck", () => {});
    if (refused.to || !viewProcess.isChild) this.#page.tellEnd();
    if (this.process(view) === viewProcess) this.#end(view, refused.code, refused.message, refused.to);
    endRefused(viewProcess, refused, this.#host.report);
  }

  #endSession(): void {
    this.#close("disconnected");
    this.#client.close(CLOSE_DISCONNECTED, "the session has ended");
  }

  async finish(): Promise<void> {
    this.#isFinishing = true;
    await Promise.all(this.runners().map((each) => each?.whenIdle()));
  }

  shutdown(moves = false): void {
    this.#close("shutdown");
    this.#client.close(moves ? CLOSE_MOVED : CLOSE_GOING_AWAY, "the server stops");
  }

  /** A view that has ended, or was taken by another connection: the client need not wait for an answer. */
  #unknown(view: number): void {
    if (!this.#ended.has(view) && !this.full) this.#end(view, "closed", "There is no view of this number.");
  }

  #queue(entry: JoinedView, frame: EventFrame, bytes: number): void {
    const most = entry.queue(frame, bytes, this.#host.limits);
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
    if (this.full)
      return this.#client.refuse(CLOSE_TOO_MANY, "the client joins views and does not read what it gets");
    if (this.#joins.isFlooded)
      return this.#client.refuse(CLOSE_TOO_MANY, "the client gives up joins and goes on joining");
    if (this.#views.size >= viewsPerConnection) return this.#tooMany(view);
    if (request.navigate) this.#page.active();
    const join = new PendingJoin(() => this.#begin(view, entry, request, join));
    const entry = new JoinedView(join, request.attempt, this.eventBudget);
    this.#views.set(view, entry);
    this.#ended.delete(view);
    this.#joins.add(join);
  }

  #tooMany(view: number): void {
    const { viewsPerConnection } = this.#host.limits;
    if (this.#joins.refuse(viewsPerConnection))
      return this.#client.refuse(
        CLOSE_TOO_MANY,
        `the client goes on joining more than ${viewsPerConnection} views`,
      );
    const message = `A connection may have ${viewsPerConnection} views (limits.viewsPerConnection).`;
    this.#host.report({ kind: "refused", event: "join", message });
    this.#end(view, "too_many", message);
  }

  #begin(view: number, entry: JoinedView, request: JoinRequest, join: PendingJoin): void | Promise<void> {
    try {
      const joined = this.#host.join(request, this.#page.upgrade, this.children, join);
      if (!(joined instanceof Promise)) return this.#attachJoined(view, entry, joined);
      return joined
        .then((joined) => this.#attachJoined(view, entry, joined))
        .catch((error) => this.#failed(view, entry, error));
    } catch (error) {
      this.#failed(view, entry, error);
    }
  }

  #attachJoined(view: number, entry: JoinedView, joined: JoinResult): void {
    const left = this.#views.get(view) !== entry;
    if (!("viewProcess" in joined))
      return left ? undefined : this.#end(view, joined.code, joined.message, joined.to, joined.events);
    const { viewProcess } = joined;
    const current = this.#resumableViews.joined(viewProcess.id);
    if (current) {
      // Another join was faster.
      if (current !== viewProcess) viewProcess.end("closed");
      if (!left) this.#end(view, "closed", "The view has been joined already.");
      return;
    }
    if (left) return viewProcess.end(this.#client.isClosed ? "closed" : "left");
    if (viewProcess.ended) return this.#end(view, "crashed", "The view ended before it was joined.");
    if (viewProcess.owner && this.#host.isDisconnected(viewProcess.owner, joined.resumed)) {
      // The request or the join that made it was under way.
      viewProcess.end("disconnected");
      this.#endSession();
      return;
    }
    entry.viewProcess = viewProcess;
    entry.join = undefined;
    if (entry.recheck) this.#askAgain(view, viewProcess);
    this.#page.owner = viewProcess.owner;
    this.#resumableViews.track(viewProcess, this, entry.attempt);
    if (joined.remount) this.#resumableViews.trackRemount(viewProcess, joined.remount);
    viewProcess.onEnd = (reason) => {
      this.#resumableViews.viewEnded(viewProcess, this, reason);
      if (reason !== "crashed" && !isRenewable(viewProcess)) this.children.forget(viewProcess);
      if (this.#views.get(view) !== entry) return;
      this.#views.delete(view);
      this.#ended.add(view);
    };
    try {
      viewProcess.attach(view, this, { ...joined.extras, ...this.#client.joinExtras }, joined.resumed);
    } catch (error) {
      this.#failed(view, entry, error);
      return;
    }
    for (const [frame, bytes] of entry.take()) {
      // The message before may have ended the connection.
      if (this.#views.get(view) === entry) deliverEvent(viewProcess, frame, bytes);
    }
  }

  /** A fault of the framework, or of code that an app has put into it; the other views go on. */
  #failed(view: number, entry: JoinedView, error: unknown): void {
    this.#host.report({ kind: "crash", event: "join", message: "a view could not be joined", error });
    if (this.#views.get(view) === entry) this.#end(view, "crashed", "The view could not be joined.");
    entry.viewProcess?.end("crashed");
  }

  #end(view: number, code: EndCode, message: string, to?: Navigation, events?: readonly PushedEvent[]): void {
    this.#remove(view);
    this.#ended.add(view);
    if (!to) this.send([END, view, code, redactEndMessage(code, message)]);
    else this.send(events ? [END, view, code, message, to, events] : [END, view, code, message, to]);
  }

  #leave(view: number, reason: EndReason): void {
    const entry = this.#remove(view);
    if (entry?.viewProcess) entry.viewProcess.end(reason);
    else if (entry?.join) this.#joins.abandon(entry.join, reason);
  }

  #remove(view: number): JoinedView | undefined {
    const entry = this.#views.get(view);
    this.#views.delete(view);
    entry?.take();
    return entry;
  }

  #close(reason: EndReason, lost = false): void {
    if (this.#client.isClosed) return;
    this.#client.end();
    this.#all.delete(this);
    this.#page.close();
    this.#channels.clear();
    const end = ([view, { viewProcess }]: [number, JoinedView]) => {
      if (!lost || !viewProcess) return this.#leave(view, reason);
      if (!this.#host.limits.resumeTime) {
        viewProcess.detach();
        return this.#leave(view, reason);
      }
      this.#views.delete(view);
      this.#resumableViews.suspend(viewProcess);
    };
    const ends = [...this.#views].map((entry) => () => end(entry));
    disposeAll(ends, (error) =>
      this.#host.report({ kind: "crash", event: "close", message: "a view could not be closed", error }),
    );
  }
}
