/** Requests of a client to its view, each with a ref: accepts events and live patches, and calls their handlers. */
import { type EventRefusal, OWN, OWN_GONE, OWN_LARGE, weightOf } from "@overwire/client/wire";
import { chain } from "../view/chain.ts";
import {
  type BackgroundRun,
  callEvent,
  type EventPayload,
  findEvent,
  gateOf,
  InvalidPayloadError,
  readPayload,
} from "../view/events/event.ts";
import type { LiveView } from "../view/live-view.ts";
import type { EventBudget } from "./event-budget.ts";
import { EventTooLargeError, UnknownEventError } from "./event-refusals.ts";
import type { Mailbox, Message } from "./mailbox.ts";
import type { ProcessHost } from "./process-host.ts";
import { GIVEN, type Given, type Limits, type Report, type Sink } from "./services.ts";
import type { ViewRenderer } from "./view-renderer.ts";
import type { ViewReports } from "./view-reports.ts";

/** Characters of an event's name. */
const LONGEST_NAME = 256;

/** Takes away messages, or those of one kind: `phx-click="lv:clear-flash" phx-value-key="info"`. */
const CLEAR_FLASH = "lv:clear-flash";

/** A message that a client's event has become. */
export interface ClientMessage extends Message {
  /** Size of the client's message. */
  readonly bytes: number;
  /** Payload that it holds in memory, beside its bytes; or a function that reads it. */
  readonly given: unknown;
}

/** The payload of a message that has failed, from which its error may quote. */
export function payloadOf({ given }: Partial<ClientMessage>): unknown {
  try {
    return typeof given === "function" ? given() : given;
  } catch {
    return undefined;
  }
}

/** A client that sends more than is allowed, without reading that it is refused. */
export interface Flood {
  readonly flood: string;
}

/** Undefined if nothing is left to do: the event was refused, or is sent twice and its answer already due. */
export type ReceivedEvent = ClientMessage | Flood | undefined;

export class ClientEvents {
  readonly #view: LiveView;
  readonly #renderer: ViewRenderer;
  readonly #host: ProcessHost;
  readonly #reports: ViewReports;
  readonly #mailbox: Mailbox;
  readonly #limits: Pick<Limits, "messageSize" | "queuedEvents">;
  /** The view is mounted: all hooks and events that it begins with are there. */
  mounted = false;
  #hasEnded = false;
  /** The client that is there, or will be as soon as the view is mounted. */
  #client: Pick<Sink, "eventBudget" | "refused"> | undefined;
  /** Number of events that run beside the mailbox. */
  #inBackground = 0;
  /** The newest ref that has come, and those that have no answer yet. */
  #newest = 0;
  /** With the sizes of their messages. */
  #open: Map<number, number> | undefined;
  #bytes = 0;
  /** The one that has just come. */
  #now = 0;

  constructor(
    view: LiveView,
    renderer: ViewRenderer,
    host: ProcessHost,
    reports: ViewReports,
    mailbox: Mailbox,
    limits: Pick<Limits, "messageSize" | "queuedEvents">,
  ) {
    this.#view = view;
    this.#renderer = renderer;
    this.#host = host;
    this.#reports = reports;
    this.#mailbox = mailbox;
    this.#limits = limits;
  }

  /** For a client that comes back: the newest ref that has reached the view, then those it has not answered yet. */
  get refs(): readonly number[] {
    return [this.#newest, ...(this.#open?.keys() ?? [])];
  }

  /** From now on it is this client whose events wait; undefined if there is none. */
  useClient(client: Pick<Sink, "eventBudget" | "refused"> | undefined): void {
    this.#client?.eventBudget?.add(-this.#bytes);
    client?.eventBudget?.add(this.#bytes);
    this.#client = client;
  }

  /**
   * The client's event `ref`: declared ones run, others go to `handleEvent` or are refused.
   * @param payload a function reads it when its turn has come, and may throw InvalidPayloadError
   * @param bytes of its message, and with a function also its weight in memory
   */
  event(ref: number, name: string, payload: unknown, component: number, bytes: number): ReceivedEvent {
    if (name === OWN_LARGE) {
      const { e: kept, s: bytes } = Object(payload) as { readonly e?: unknown; readonly s?: unknown };
      const event = typeof kept === "string" ? kept.slice(0, LONGEST_NAME) : name;
      return this.unreadable(ref, event, new EventTooLargeError(event, bytes, this.#limits.messageSize));
    }
    if (name.length > LONGEST_NAME || (!this.#mailbox.idle && !this.#isKnown(name, component)))
      return this.#unknown(ref, name, component);
    const label = component ? `${this.#renderer.nameOf(component)}.${name}` : name;
    const run = () => this.#dispatch(name, payload, component);
    return this.#accept({ label, ref, run, component, bytes, given: payload }, name);
  }

  /** The client's event `ref`, which cannot be read. Answered in its turn, so that a full buffer holds it back too. */
  unreadable(ref: number, name: string, error: Error): ReceivedEvent {
    const run = () => {
      throw error;
    };
    return this.#accept({ label: name, ref, run, bytes: 0, given: undefined }, name);
  }

  /** The client's live patch `ref`. @param run handles it; its result is no reply */
  patch(ref: number, bytes: number, run: () => unknown): ReceivedEvent {
    return this.#accept({ label: "handleParams", ref, run, bytes, given: undefined }, "handleParams");
  }

  #isKnown(name: string, component: number): boolean {
    if (!this.mounted || name.startsWith(OWN)) return true;
    if (!component) return this.#host.hooks !== undefined || declaresEvent(this.#view, name);
    const target = this.#renderer.find(component);
    return !target || this.#renderer.hooks(component) !== undefined || declaresEvent(target, name);
  }

  /** Refuses at once rather than in turn, unless the client does not read its answers or cannot have any yet. */
  #unknown(ref: number, name: string, component: number): ReceivedEvent {
    const shown = name.slice(0, LONGEST_NAME);
    const error = new UnknownEventError(shown, this.#renderer.find(component) ?? this.#view);
    if (this.#renderer.full || !this.mounted) return this.unreadable(ref, shown, error);
    if (ref > this.#newest) this.#newest = ref;
    this.refuse(ref, shown, { code: "unknown_event", message: error.message });
    return undefined;
  }

  #accept(message: ClientMessage, name: string): ReceivedEvent {
    const { ref, bytes, given } = message;
    if (ref > this.#newest) this.#newest = ref;
    else if (this.#open?.has(ref)) return undefined;
    const { queuedEvents } = this.#limits;
    if (this.#mailbox.events + this.#inBackground >= queuedEvents)
      return this.#tooMany(ref, name, `${queuedEvents} events`);
    const budget = this.#client?.eventBudget;
    if (budget && !this.#hasRoom(budget, bytes, given)) {
      const refused = this.#tooMany(ref, name, `${budget.most} bytes of events`);
      budget.refuse();
      return refused;
    }
    this.#now = ref;
    return message;
  }

  #tooMany(ref: number, name: string, most: string): Flood | undefined {
    const message = `more than ${most} wait for their turn`;
    // A client that sends without reading would fill its own buffer with refusals.
    if (this.#renderer.full) {
      this.#reportRefused(name, message);
      return { flood: message };
    }
    this.refuse(ref, name, { code: "too_many_events", message });
    return undefined;
  }

  /** Answers an event that is not to reach the view, or that its handler refused. */
  refuse(ref: number, name: string, refusal: EventRefusal, given?: Given): void {
    // A URL of another view is no mistake: the client loads it.
    if (refusal.code !== "elsewhere") this.#reportRefused(name, refusal.message, given);
    if (!this.#hasEnded) this.#renderer.answer(ref, { x: refusal });
  }

  #reportRefused(event: string, message: string, given?: Given): void {
    const { viewName: view } = this.#reports;
    const report: Report = { kind: "refused", view, event, message, ...(given && { [GIVEN]: given }) };
    if (this.#client?.refused) this.#client.refused(report);
    else this.#reports.report(report);
  }

  #hasRoom(budget: EventBudget, bytes: number, given: unknown): boolean {
    const { idle } = this.#mailbox;
    if (budget.hasRoom(idle ? bytes : bytes + weightOf(given))) return true;
    // An event that is answered at once weighs nothing. This is known only afterwards, so the budget must not be full already.
    return idle && this.#inBackground === 0 && !this.#renderer.full && budget.hasRoom(0);
  }

  /** The message is in the mailbox, and has run if its turn came at once: counts it unless it has been answered, as most are. */
  delivered({ ref, bytes, given }: ClientMessage): void {
    if (this.#now === ref) {
      const weight = bytes + weightOf(given);
      (this.#open ??= new Map()).set(ref, weight);
      this.#bytes += weight;
      this.#client?.eventBudget?.add(weight);
    }
    this.#now = 0;
  }

  /** Has answered, or never will. */
  answered(ref: number): void {
    if (ref === this.#now) {
      this.#now = 0;
      return;
    }
    const bytes = this.#open?.get(ref);
    if (bytes === undefined) return;
    this.#open?.delete(ref);
    this.#bytes -= bytes;
    this.#client?.eventBudget?.add(-bytes);
  }

  /**
   * An event goes on beside the mailbox. Its answer is a message of its own.
   * @param put gets the answer, unless the view has ended
   */
  answerLater(
    { label, ref, component }: Message,
    { promise }: BackgroundRun,
    put: (answer: Message) => void,
  ): void {
    const done = this.#host.trackWork(`event ${label}`);
    this.#inBackground++;
    const answer = (result: () => unknown) => {
      this.#inBackground--;
      const run = () => {
        // The component is to show the changes of its run, even if a memo around it is not rendered again.
        if (component) this.#renderer.component(component);
        return result();
      };
      // Its changes are shown before its work counts as done.
      if (!this.#hasEnded) put({ label, ref, run });
      done();
    };
    promise.then(
      (value) => answer(() => value),
      (error) => {
        if (this.#hasEnded) this.#reports.lateError(label, error);
        answer(() => {
          throw error;
        });
      },
    );
  }

  /** The view has ended. */
  end(): void {
    this.#hasEnded = true;
    this.mounted = false;
    this.#client?.eventBudget?.add(-this.#bytes);
    this.#open = undefined;
    this.#bytes = 0;
    this.#now = 0;
  }

  #dispatch(name: string, given: unknown, component: number): unknown {
    const payload: unknown = typeof given === "function" ? given() : given;
    if (name.startsWith(OWN)) {
      if (name !== OWN_GONE) return this.#host.uploads?.event(name, payload);
      this.#renderer.gone(...readGone(payload));
      return undefined;
    }
    const target = component ? this.#renderer.component(component) : this.#view;
    // The component may have gone while its event was on the way: it is answered all the same.
    if (!target) return undefined;
    const hooks = component ? this.#renderer.hooks(component) : this.#host.hooks;
    if (!hooks) return callTarget(target, name, payload);
    const gate = gateOf(findEvent(target, name));
    const run = () => {
      const own = () => callTarget(target, name, payload, gate !== undefined);
      return hooks.run("handleEvent", [name, readPayload(name, payload)], own);
    };
    return gate ? chain(gate.pass(), (passes) => (passes ? run() : undefined)) : run();
  }
}

/** A view or a live component. */
interface ClientEventTarget {
  clearFlash(kind?: string): void;
  handleEvent?(name: string, payload: EventPayload): unknown;
}

/** Tells if anything would run for an event. */
const declaresEvent = (target: ClientEventTarget, name: string): boolean =>
  target.handleEvent !== undefined || name === CLEAR_FLASH || findEvent(target, name) !== undefined;

/**
 * Runs a declared event, or `handleEvent` if there is none.
 * @throws UnknownEventError, InvalidPayloadError, and errors of the author's code
 */
function callTarget(target: ClientEventTarget, name: string, payload: unknown, isPassed = false): unknown {
  const event = findEvent(target, name);
  if (event) return callEvent(event, payload, true, isPassed);
  if (name === CLEAR_FLASH) {
    const key = (payload as { key?: unknown } | null)?.key;
    return target.clearFlash(typeof key === "string" ? key : undefined);
  }
  if (target.handleEvent) return target.handleEvent(name, readPayload(name, payload));
  throw new UnknownEventError(name, target);
}

/** Most live components that one message may say are gone. */
const MOST_GONE = 20_000;

const isCount = (value: unknown, least: number) => Number.isSafeInteger(value) && (value as number) >= least;

/** Ignores numbers that cannot be a component's. @throws InvalidPayloadError */
function readGone(payload: unknown): [numbers: readonly number[], seen: number] {
  const { c: numbers, s: seen } = readPayload(OWN_GONE, payload);
  const all = Array.isArray(numbers) ? numbers : [];
  if (all.length > MOST_GONE)
    throw new InvalidPayloadError(OWN_GONE, [{ message: `a message may name ${MOST_GONE} live components` }]);
  return [all.filter((number) => isCount(number, 1)), isCount(seen, 0) ? (seen as number) : 0];
}
