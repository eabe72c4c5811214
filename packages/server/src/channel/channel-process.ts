/** One channel: runs its messages one at a time, and sends what they push. Knows no socket, only a client. */
import { type ChannelFrame, hadUnsafePayload, PHX_CLOSE, PHX_ERROR, writePush } from "@overwire/client/wire";
import { ActorPresences } from "../presence/actor-presences.ts";
import type { Presences } from "../presence/presences.ts";
import { PresentClient } from "../presence/tracked.ts";
import type { PubSub } from "../pubsub/pubsub.ts";
import { payloadOf } from "../runtime/client-events.ts";
import { Disposables } from "../runtime/disposables.ts";
import { disposeAll } from "../runtime/dispose-all.ts";
import { inContext } from "../runtime/kept-context.ts";
import { Mailbox, type Message } from "../runtime/mailbox.ts";
import type { Limits, Report } from "../runtime/services.ts";
import { SlowWatch } from "../runtime/slow-watch.ts";
import { traced } from "../runtime/tracing.ts";
import { chain, isPromiseLike, promiseOf } from "../view/chain.ts";
import { BackgroundRun, InvalidPayloadError, nameEvents } from "../view/events/event.ts";
import type { Guard } from "../view/guard.ts";
import { enterLink, withLink } from "../view/message-chain.ts";
import type { Params } from "../view/navigation/params.ts";
import type { EndReason, Session } from "../view/view-host.ts";
import type { Broadcasts } from "./broadcasts.ts";
import type { Channel } from "./channel.ts";
import { type Asker, ChannelEvents, unsafeName } from "./channel-events.ts";
import { passChannel } from "./channel-guard.ts";
import { type ChannelHost, constructChannel, type Intercept } from "./channel-host.ts";
import { ChannelOutbox, type Receiver, type Sender } from "./channel-outbox.ts";
import { ChannelPresences } from "./channel-presences.ts";
import { type ChannelReports, channelReportsOf } from "./channel-reports.ts";
import type { ChannelRoute } from "./channel-routes.ts";
import { answerOf, JOIN_CRASHED } from "./replies.ts";

/** Services that the channels of an app share. */
export interface ChannelServices {
  readonly pubsub: PubSub;
  readonly presences: Presences;
  readonly limits: Limits;
  readonly report: (report: Report) => void;
  readonly broadcasts: Broadcasts;
}

/** The socket, as a channel of it sees it. */
export interface ChannelClient extends Asker, Receiver {
  readonly assigns: object;
  readonly params: Params;
  readonly session: Session;
  /** The channel is about to end by an error. */
  crashed(runner: ChannelProcess, event: string, error: unknown): void;
  /** The channel has ended by itself. */
  ended(runner: ChannelProcess): void;
}

export class ChannelProcess implements ChannelHost, Sender {
  readonly topic: string;
  readonly subtopic: string;
  readonly guard: Guard | undefined;
  readonly joinRef: string | null;
  /** The author's object; undefined until its join has begun. */
  channel: Channel | undefined;
  readonly #Class: new () => Channel;
  readonly #services: ChannelServices;
  readonly #client: ChannelClient;
  readonly #reports: ChannelReports;
  readonly #mailbox: Mailbox;
  readonly #events: ChannelEvents;
  readonly #outbox: ChannelOutbox;
  readonly #run = inContext(() => this.#runMessages());
  /**
   * Ends the channel and all that belongs to it; tells its client nothing.
   * @param lost the connection is lost: for a while the client counts as present
   */
  readonly end = inContext((reason: EndReason, lost?: boolean) => this.#end(reason, lost));
  #presences: ChannelPresences | undefined;
  #disposables: Disposables | undefined;
  #slowWatch: SlowWatch | undefined;
  #phase: "joining" | "joined" | "ended" = "joining";
  /** It is to end with the running handler. */
  #closes = false;

  constructor(
    { topic, joinRef }: Pick<ChannelFrame, "topic" | "joinRef">,
    { Class, subtopic, guard }: ChannelRoute,
    services: ChannelServices,
    client: ChannelClient,
  ) {
    const { limits } = services;
    this.topic = topic;
    this.joinRef = joinRef;
    this.subtopic = subtopic;
    this.guard = guard;
    this.#Class = Class;
    this.#services = services;
    this.#client = client;
    this.#reports = channelReportsOf(Class, services.report);
    this.#mailbox = new Mailbox(limits.queuedMessages);
    this.#mailbox.client = client;
    this.#events = new ChannelEvents(this, client, this.#reports, this.#mailbox, limits.queuedEvents);
    this.#outbox = new ChannelOutbox(this, client, services.broadcasts, limits.bufferedBytes);
  }

  get assigns(): object {
    return this.#client.assigns;
  }

  get params(): Params {
    return this.#client.params;
  }

  get session(): Session {
    return this.#client.session;
  }

  get ended(): boolean {
    return this.#phase === "ended";
  }

  /** Of its class. */
  get name(): string {
    return this.#Class.name;
  }

  get idle(): boolean {
    return this.ended || this.#mailbox.idle;
  }

  get busy(): boolean {
    return this.#mailbox.busy;
  }

  whenIdle(): Promise<void> {
    return this.#mailbox.whenIdle();
  }

  // Joining.

  /** Runs the author's `join`. A promise only if it is asynchronous. Never throws. */
  start(frame: ChannelFrame): void | Promise<void> {
    const { ref, payload } = frame;
    if (this.ended) return;
    const failed = (error: unknown) => this.#refuse(ref, payload, error);
    try {
      this.#outbox.listen();
      const reply = traced(this.#reports, "join", () => this.#ask(() => this.#join(frame)));
      if (!isPromiseLike(reply)) return this.#joined(ref, reply);
      this.#watch("join");
      return promiseOf(reply)
        .then((reply) => this.#joined(ref, reply))
        .catch(failed);
    } catch (error) {
      failed(error);
    }
  }

  #ask = (join: () => unknown) => (this.guard ? chain(passChannel(this.guard, this), join) : join());

  #join(frame: ChannelFrame): unknown {
    if (this.ended) return undefined;
    const channel = constructChannel(this.#Class, this);
    this.channel = channel;
    nameEvents(channel);
    if (hadUnsafePayload(frame)) throw unsafeName("join");
    const join = (payload: unknown) => channel.join(payload as never);
    const schema = channel.joinSchema?.["~standard"];
    if (!schema) return join(frame.payload);
    return chain(schema.validate(frame.payload), (result) => {
      if (result.issues) throw new InvalidPayloadError("join", result.issues);
      return join(result.value);
    });
  }

  #joined(ref: string | null, reply: unknown): void {
    if (this.ended) return;
    this.#slowWatch?.done();
    const message = this.#events.reply(ref, reply, "The reply of join");
    this.#phase = "joined";
    this.#client.send(message);
    try {
      this.#presences?.joined();
      this.#outbox.open();
    } catch (error) {
      // The join has been answered, and is not answered twice.
      return this.#crash("join", error);
    }
    if (this.ended) return;
    if (this.#closes) return this.#close();
    this.#mailbox.release();
    this.#run();
  }

  /** The join has thrown: nothing that it sent was seen by anyone. */
  #refuse(ref: string | null, payload: unknown, error: unknown): void {
    const answer = answerOf(error);
    if (this.ended) return answer ? undefined : this.#reports.lateError("join", error);
    if (answer) this.#events.report("join", answer, error, payload);
    else {
      this.#reports.crash("join", `the client could not join ${JSON.stringify(this.topic)}`, error, () => [
        payload,
      ]);
      this.#client.crashed(this, "join", error);
    }
    this.#release();
    this.#outbox.end();
    this.#events.answer(ref, "error", answer ? answer.response : JOIN_CRASHED, "join");
    this.#client.ended(this);
  }

  overflow(message: string): void {
    this.#crash("join", new Error(message));
  }

  // A message: an event of the client, or something that the channel has to do.

  /** The client's event. @param bytes of its message */
  event(frame: ChannelFrame, bytes: number): void {
    const message = this.ended ? undefined : this.#events.accept(frame, bytes);
    if (!message) return;
    this.#put(message);
    this.#events.delivered(message, frame, bytes);
  }

  /** The client leaves, after the events that it has pushed before. */
  leave(ref: string | null): void {
    if (this.#phase === "joining") this.#left(ref);
    else if (!this.ended) this.#put({ label: "leave", ref: 1, run: () => this.#left(ref), link: 0 });
  }

  #left(ref: string | null): void {
    this.end("left");
    this.#events.answer(ref, "ok", undefined, "leave");
    this.#tell(PHX_CLOSE);
    this.#client.ended(this);
  }

  post(label: string, run: () => unknown): void {
    if (!this.ended) this.#put({ label, ref: 0, run, link: this.#mailbox.link });
  }

  #put(message: Message): void {
    const error = this.#mailbox.put(message);
    if (error) this.#fail(message, error);
    else this.#run();
  }

  /** Runs the messages whose turn it is, until one takes time or the event loop needs a turn. */
  #runMessages(): void {
    const mailbox = this.#mailbox;
    for (let message = mailbox.take(); message; message = mailbox.take()) {
      const outer = enterLink((message.link ?? 0) + 1);
      try {
        const over = this.#process(message);
        if (over) return this.#await(message, over);
        mailbox.release();
      } finally {
        enterLink(outer);
      }
    }
    if (mailbox.overdue) mailbox.yield(() => this.#run());
  }

  /** The whole life of a message. A promise if it takes time: once its result is there, it goes on with that. */
  #process(message: Message, run = message.run): void | Promise<void> {
    try {
      const result = traced(this.#reports, message.label, run);
      if (isPromiseLike(result)) {
        const goOn = (value: unknown) => this.#process(message, () => value);
        return promiseOf(result).then(goOn, (error) => this.#fail(message, error));
      }
      if (result instanceof BackgroundRun && message.ref !== 0)
        this.#events.answerLater(result, (end) => this.#process(message, end));
      else this.#events.ran(message, result);
      if (this.#closes) this.#close();
    } catch (error) {
      this.#fail(message, error);
    }
  }

  #await(message: Message, over: Promise<void>): void {
    this.#mailbox.waitFor(message);
    this.#watch(message.label);
    over.then(() => {
      this.#slowWatch?.done();
      this.#mailbox.release();
      this.#run();
    });
  }

  #watch(label: string): void {
    this.#slowWatch ??= new SlowWatch(this.#services.limits.handlerTime, this.#reports);
    this.#slowWatch.begin(label);
  }

  #fail(message: Message, error: unknown): void {
    if (!this.#events.threw(message, error)) this.#crash(message.label, error, payloadOf(message));
  }

  #crash(event: string, error: unknown, payload?: unknown): void {
    const message = `channel ${JSON.stringify(this.topic)} ends, its client joins it again`;
    this.#reports.crash(event, message, error, () => [payload]);
    this.#client.crashed(this, event, error);
    this.end("crashed");
    this.#tell(PHX_ERROR, { reason: "channel_crash" });
    this.#client.ended(this);
  }

  #tell(event: string, payload: object = {}): void {
    this.#client.send(writePush(this.joinRef, this.topic, event, payload, this.joinRef));
  }

  /** The client reads again. */
  drained(): void {
    this.#run();
  }

  // For the author's code.

  push(name: string, payload: unknown): void {
    this.#outbox.push(name, payload);
  }

  broadcast(name: string, payload: unknown, toAll: boolean): void {
    withLink(this.#mailbox.link, () => this.#outbox.broadcast(name, payload, toAll));
  }

  intercept(name: string, run: Intercept): () => void {
    return this.#outbox.intercept(name, run);
  }

  onDispose(stop: () => void): () => void {
    return (this.#disposables ??= new Disposables()).add(stop);
  }

  subscribe(topic: string, receive: (message: unknown) => void, subscriber: object): () => void {
    return this.#services.pubsub.subscribe(topic, receive, subscriber);
  }

  publish(topic: string, message: unknown, except?: object): void {
    withLink(this.#mailbox.link, () => this.#services.pubsub.publish(topic, message, except));
  }

  get presences(): ChannelPresences {
    if (!this.#presences) {
      const client = new PresentClient(this.#services.presences);
      const actor = new ActorPresences(client, (stop) => this.onDispose(stop));
      this.#presences = new ChannelPresences(actor, client, this.topic, this.#outbox, this.#reports.noJson);
      if (this.#phase === "joined") this.#presences.joined();
    }
    return this.#presences;
  }

  dispatchInfo(_message: unknown, own: () => unknown): unknown {
    return own();
  }

  reportLateError(event: string, error: unknown): void {
    this.#reports.lateError(event, error);
  }

  close(refused?: Error): void {
    if (refused && this.#phase === "joining") this.#refuse(this.joinRef, undefined, refused);
    else if (this.#mailbox.busy && !refused) this.#closes = true;
    else this.#close();
  }

  // The end.

  #close(): void {
    if (this.ended) return;
    this.end("closed");
    this.#tell(PHX_CLOSE);
    this.#client.ended(this);
  }

  /** The same client joins the topic anew. */
  replace(): void {
    this.end("replaced");
    this.#tell(PHX_CLOSE);
  }

  #end(reason: EndReason, lost = false): void {
    if (this.ended) return;
    if (lost) this.#presences?.lost();
    this.#release();
    const { channel } = this;
    // Its pushes reach a client that is still there.
    const terminate = () => traced(this.#reports, "terminate", () => channel?.terminate?.(reason));
    disposeAll([terminate], (error) => this.#reports.crash("terminate", "terminate() threw", error));
    this.#outbox.end();
  }

  #release(): void {
    this.#phase = "ended";
    this.#outbox.deafen();
    this.#mailbox.clear();
    this.#slowWatch?.end();
    this.#events.end();
    // Also if nothing is there yet: what a handler begins that is still under way keeps nothing alive.
    (this.#disposables ??= new Disposables()).end((error) =>
      this.#reports.crash("end", "a part of the channel did not end", error),
    );
  }
}
