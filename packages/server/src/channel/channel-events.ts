/** Requests of a client to its channel: accepts events within bounds, and answers each once. */
import { type ChannelFrame, hadUnsafePayload, weightOf, writeReply } from "@overwire/client/wire";
import { payloadOf } from "../runtime/client-events.ts";
import type { EventBudget } from "../runtime/event-budget.ts";
import { UnknownEventError } from "../runtime/event-refusals.ts";
import type { Mailbox, Message } from "../runtime/mailbox.ts";
import { GIVEN, type Report } from "../runtime/services.ts";
import {
  type BackgroundRun,
  callEvent,
  findEvent,
  InvalidPayloadError,
  readPayload,
} from "../view/events/event.ts";
import type { Channel } from "./channel.ts";
import type { ChannelReports } from "./channel-reports.ts";
import { type Answer, answerOf, TOO_MANY_EVENTS } from "./replies.ts";

/** The client, as far as it asks and is answered. */
export interface Asker {
  /** It does not read: its events are not handled meanwhile. */
  readonly full: boolean;
  readonly eventBudget: EventBudget;
  send(message: string | Uint8Array): void;
  /** Reports something that this client sent and that was refused; too much of it ends the client. */
  refused(report: Report): void;
  /** It goes on sending without reading that it is refused: closes the socket. */
  flood(message: string): void;
}

/** A client's event, in the mailbox. */
interface EventMessage extends Message {
  /** Of the client's message; null if it wants no answer. */
  readonly wireRef: string | null;
  /** The payload. */
  readonly given: unknown;
  weight: number;
  isAnswered: boolean;
}

const isEvent = (message: Message): message is EventMessage => "wireRef" in message;

/** Place in which answers go. */
interface Place {
  readonly topic: string;
  readonly joinRef: string | null;
  readonly channel: Channel | undefined;
}

/** A payload with such a name is refused, as for views. */
export function unsafeName(event: string): InvalidPayloadError {
  const message = 'A payload has the name "__proto__", which is refused everywhere.';
  return new InvalidPayloadError(event, [{ message }], message);
}

export class ChannelEvents {
  readonly #place: Place;
  readonly #client: Asker;
  readonly #reports: ChannelReports;
  readonly #mailbox: Mailbox;
  readonly #most: number;
  /** Weight of the events that are not answered yet. */
  #weight = 0;
  /** Number of events that run beside the mailbox. */
  #inBackground = 0;
  #hasEnded = false;

  /** @param most events that may wait */
  constructor(place: Place, client: Asker, reports: ChannelReports, mailbox: Mailbox, most: number) {
    this.#place = place;
    this.#client = client;
    this.#reports = reports;
    this.#mailbox = mailbox;
    this.#most = most;
  }

  /**
   * @param bytes of the client's message
   * @returns undefined if it is refused
   */
  accept(frame: ChannelFrame, bytes: number): EventMessage | undefined {
    const { event: label, ref: wireRef, payload } = frame;
    const { eventBudget: budget, full } = this.#client;
    if (this.#mailbox.events + this.#inBackground >= this.#most) {
      this.#tooMany(label, wireRef, `${this.#most} events`);
      return undefined;
    }
    // An event that is answered at once weighs nothing.
    const waits = !this.#mailbox.idle || full;
    if (!budget.hasRoom(waits ? bytes + weightOf(payload) : 0)) {
      this.#tooMany(label, wireRef, `${budget.most} bytes of events`);
      budget.refuse();
      return undefined;
    }
    const isUnsafe = hadUnsafePayload(frame);
    const run = () => {
      if (isUnsafe) throw unsafeName(label);
      return this.#dispatch(label, payload);
    };
    return { label, ref: 1, link: 0, run, wireRef, given: payload, weight: 0, isAnswered: false };
  }

  /** The event is in the mailbox, and has run if its turn came at once: counts it unless it has been answered, as most are. */
  delivered(message: EventMessage, { payload }: ChannelFrame, bytes: number): void {
    if (message.isAnswered || this.#hasEnded) return;
    message.weight = bytes + weightOf(payload);
    this.#weight += message.weight;
    this.#client.eventBudget.add(message.weight);
  }

  #tooMany(event: string, ref: string | null, most: string): void {
    const message = `more than ${most} wait for their turn`;
    this.#client.refused({ kind: "refused", view: this.#reports.viewName, event, message });
    if (this.#client.full) this.#client.flood(message);
    else this.answer(ref, "error", TOO_MANY_EVENTS, event);
  }

  #dispatch(name: string, payload: unknown): unknown {
    const channel = this.#place.channel as Channel;
    const event = findEvent(channel, name);
    if (event) return callEvent(event, payload, false);
    if (channel.handleEvent) return channel.handleEvent(name, readPayload(name, payload));
    throw new UnknownEventError(name, channel);
  }

  /** A message has run. @throws TypeError for a result that cannot be sent */
  ran(message: Message, result: unknown): void {
    if (!isEvent(message) || !this.#settle(message) || message.wireRef === null || this.#hasEnded) return;
    this.#client.send(this.reply(message.wireRef, result, `The reply of ${JSON.stringify(message.label)}`));
  }

  /** A message has thrown. @returns false if that is a fault of the author's code */
  threw(message: Message, error: unknown): boolean {
    if (isEvent(message)) this.#settle(message);
    const answer = answerOf(error);
    if (this.#hasEnded) {
      if (!answer) this.#reports.lateError(message.label, error);
      return true;
    }
    if (!answer || message.ref === 0) return false;
    this.report(message.label, answer, error, payloadOf(message));
    if (isEvent(message)) this.answer(message.wireRef, "error", answer.response, message.label);
    return true;
  }

  report(event: string, { report }: Answer, error: unknown, payload: unknown): void {
    const given = () => [payload];
    if (report?.kind === "crash") this.#reports.crash(event, report.message, error, given);
    else if (report) this.#client.refused({ ...report, view: this.#reports.viewName, event, [GIVEN]: given });
  }

  /** An event goes on beside the mailbox. @param settled gets its end, of one or the other kind */
  answerLater({ promise }: BackgroundRun, settled: (end: () => unknown) => void): void {
    this.#inBackground++;
    const done = (end: () => unknown) => {
      this.#inBackground--;
      settled(end);
    };
    promise.then(
      (result) => done(() => result),
      (error) =>
        done(() => {
          throw error;
        }),
    );
  }

  #settle(message: EventMessage): boolean {
    if (message.isAnswered) return false;
    message.isAnswered = true;
    if (this.#hasEnded) return true;
    this.#weight -= message.weight;
    this.#client.eventBudget.add(-message.weight);
    return true;
  }

  /** @throws TypeError for a response that cannot be sent */
  reply(
    ref: string | null,
    response: unknown,
    what: string,
    status: "ok" | "error" = "ok",
  ): string | Uint8Array {
    const { joinRef, topic } = this.#place;
    try {
      return writeReply(joinRef, ref, topic, status, response);
    } catch (error) {
      const reason = error instanceof Error ? error.message.split("\n")[0] : "it has no JSON";
      throw new TypeError(
        `${what} cannot be sent as JSON: ${reason}. Replies are plain data without cycles and BigInt, or a Uint8Array.`,
        { cause: error },
      );
    }
  }

  /** Answers without fail: in place of a response that cannot be sent, which is reported, an empty one is. */
  answer(ref: string | null, status: "ok" | "error", response: unknown, event: string): void {
    if (ref === null) return;
    let message: string | Uint8Array;
    try {
      message = this.reply(ref, response, "The payload of Refused", status);
    } catch (error) {
      this.#reports.crash(event, "the client gets an empty answer", error);
      message = this.reply(ref, {}, "", status);
    }
    this.#client.send(message);
  }

  /** The channel has ended. */
  end(): void {
    this.#hasEnded = true;
    this.#client.eventBudget.add(-this.#weight);
    this.#weight = 0;
  }
}
