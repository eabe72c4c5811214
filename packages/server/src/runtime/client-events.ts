/** Requests of a client to its view: events and live patches, each with a ref under which it is answered. */
import { BackgroundRun, InvalidPayloadError, readPayload } from "../view/events/event.ts";
import type { HookTable } from "../view/lifecycle-hooks.ts";
import type { LiveView } from "../view/live-view.ts";
import { OWN, OWN_GONE, OWN_LARGE } from "../wire/constants.ts";
import type { EventRefusal } from "../wire/frames.ts";
import { weightOf } from "../wire/json-weight.ts";
import { declaresEvent, dispatchEvent, UnknownEventError } from "./dispatch-event.ts";
import type { EventBudget } from "./event-budget.ts";
import { EventTooLargeError } from "./event-refusals.ts";
import type { Mailbox } from "./mailbox.ts";
import type { UnrenderedChanges } from "./unrendered-changes.ts";
import type { ViewRenderer } from "./view-renderer.ts";
import type { ViewUploads } from "./view-uploads.ts";

/** Characters of an event's name. */
const LONGEST_NAME = 256;

/** Result of a message whose answer comes later. */
export const ANSWERED_LATER = Symbol("overwire.later");

/** The process whose client sends the events. */
export interface EventReceiver {
  readonly view: LiveView;
  readonly renderer: ViewRenderer;
  readonly hooks: HookTable | undefined;
  readonly uploads: ViewUploads | undefined;
  /** In development. */
  readonly unrenderedChanges: UnrenderedChanges | undefined;
  readonly ended: boolean;
  /** The client's buffer is full: its events wait. */
  readonly holdsEvents: boolean;
  /** It is mounted: all hooks and events that it begins with are there. */
  readonly running: boolean;
  /** Number of a client's events that may wait or run. */
  readonly mostEvents: number;
  /** Bytes that a message of the client may have. */
  readonly messageSize: number;
  trackWork(what: string): () => void;
  handleClientPatch(url: string, flash: string | undefined): unknown;
  /** Too many are waiting. */
  tooManyEvents(ref: number, event: string, most: string): void;
  refuse(ref: number, event: string, refusal: EventRefusal): void;
  /** An event has failed after the view had ended. */
  reportLateError(event: string, error: unknown): void;
}

export class ClientEvents {
  readonly #receiver: EventReceiver;
  readonly #mailbox: Mailbox;
  /** Events that run beside the mailbox. */
  #inBackground = 0;
  /** The newest ref that has come, and those that have no answer yet. */
  #newest = 0;
  /** With the sizes of their messages. */
  #open: Map<number, number> | undefined;
  #bytes = 0;
  #budget: EventBudget | undefined;
  /** The one that has just come. */
  #now = 0;

  constructor(asked: EventReceiver, mailbox: Mailbox) {
    this.#receiver = asked;
    this.#mailbox = mailbox;
  }

  /** For a client that comes back: the newest ref that has reached the view, then those it has not answered yet. */
  get refs(): readonly number[] {
    return [this.#newest, ...(this.#open?.keys() ?? [])];
  }

  /** From now on it is this connection's client whose events wait; undefined if there is none. */
  useBudget(budget: EventBudget | undefined): void {
    this.#budget?.add(-this.#bytes);
    budget?.add(this.#bytes);
    this.#budget = budget;
  }

  /**
   * The client's event `ref`: declared ones run, others go to `handleEvent` or are refused.
   * @param payload a function reads it when its turn has come, and may throw InvalidPayloadError
   * @param bytes of its message, and with a function also its weight in memory
   */
  event(ref: number, name: string, payload: unknown, component = 0, bytes = 0): void {
    if (name === OWN_LARGE) {
      const { e: kept, s: bytes } = Object(payload) as { readonly e?: unknown; readonly s?: unknown };
      const event = typeof kept === "string" ? kept.slice(0, LONGEST_NAME) : name;
      this.refuse(ref, event, new EventTooLargeError(event, bytes, this.#receiver.messageSize));
      return;
    }
    if (name.length > LONGEST_NAME || (!this.#mailbox.idle && !this.#isKnown(name, component))) {
      this.#unknown(ref, name, component);
      return;
    }
    const label = component ? `${this.#receiver.renderer.nameOf(component)}.${name}` : name;
    const run = () => this.#run(label, ref, this.#call(name, payload, component), component);
    this.#accept(label, ref, name, bytes, run, payload);
  }

  /** The client's event `ref`, which cannot be read. Answered in its turn, so that a full buffer holds it back too. */
  refuse(ref: number, name: string, error: Error): void {
    this.#accept(name, ref, name, 0, () => {
      throw error;
    });
  }

  /** The client's live patch `ref`. @param flash token of messages that a nested view sends along */
  patch(ref: number, url: string, flash?: string, bytes = 0): void {
    this.#accept("handleParams", ref, "handleParams", bytes, () => {
      const handled = this.#receiver.handleClientPatch(url, flash);
      // The result is no reply.
      return handled instanceof Promise ? handled.then(() => undefined) : undefined;
    });
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
    this.#budget?.add(-bytes);
  }

  /** The view has ended. */
  end(): void {
    this.useBudget(undefined);
    this.#open = undefined;
    this.#bytes = 0;
  }

  #isKnown(name: string, component: number): boolean {
    const { running, renderer, view, hooks } = this.#receiver;
    if (!running || name.startsWith(OWN)) return true;
    if (!component) return hooks !== undefined || declaresEvent(view, name);
    const target = renderer.find(component);
    return !target || renderer.hooks(component) !== undefined || declaresEvent(target, name);
  }

  /** Refuses at once rather than in turn, unless the client does not read its answers or cannot have any yet. */
  #unknown(ref: number, name: string, component: number): void {
    const { view, renderer, holdsEvents, running } = this.#receiver;
    const shown = name.slice(0, LONGEST_NAME);
    const error = new UnknownEventError(shown, renderer.find(component) ?? view);
    if (holdsEvents || !running) {
      this.refuse(ref, shown, error);
      return;
    }
    if (ref > this.#newest) this.#newest = ref;
    this.#receiver.refuse(ref, shown, { code: "unknown_event", message: error.message });
  }

  #hasRoom(budget: EventBudget, bytes: number, given: unknown): boolean {
    const { idle } = this.#mailbox;
    if (budget.hasRoom(idle ? bytes : bytes + weightOf(given))) return true;
    // An event that is answered at once weighs nothing. This is known only afterwards, so the budget must not be full already.
    return idle && this.#inBackground === 0 && !this.#receiver.holdsEvents && budget.hasRoom(0);
  }

  /** @param given weight of its parsed values in memory, beside its bytes */
  #accept(
    label: string,
    ref: number,
    name: string,
    bytes: number,
    run: () => unknown,
    given?: unknown,
  ): void {
    if (ref > this.#newest) this.#newest = ref;
    // It was sent twice, and its answer is already due.
    else if (this.#open?.has(ref)) return;
    if (this.#mailbox.events + this.#inBackground >= this.#receiver.mostEvents) {
      this.#receiver.tooManyEvents(ref, name, `${this.#receiver.mostEvents} events`);
      return;
    }
    this.#receiver.unrenderedChanges?.look();
    const budget = this.#budget;
    if (budget && !this.#hasRoom(budget, bytes, given)) {
      this.#receiver.tooManyEvents(ref, name, `${budget.most} bytes of events`);
      budget.refuse();
      return;
    }
    this.#now = ref;
    this.#mailbox.put({ label, ref, run });
    // Nearly all are answered by now.
    if (this.#now === ref && !this.#receiver.ended) this.#wait(ref, bytes + weightOf(given));
    this.#now = 0;
  }

  #wait(ref: number, bytes: number): void {
    (this.#open ??= new Map()).set(ref, bytes);
    this.#bytes += bytes;
    this.#budget?.add(bytes);
  }

  #run(label: string, ref: number, result: unknown, component: number): unknown {
    if (result instanceof Promise) return result.then((value) => this.#run(label, ref, value, component));
    if (!(result instanceof BackgroundRun)) return result;
    const done = this.#receiver.trackWork(`event ${label}`);
    this.#inBackground++;
    const enter = (run: () => unknown) => () => {
      // The component shows the changes of its run even if a memo is rendered around it.
      if (component) this.#receiver.renderer.component(component);
      return run();
    };
    const settle = (run: () => unknown) => {
      this.#inBackground--;
      // Changes are shown before the end is announced.
      if (!this.#receiver.ended) this.#mailbox.put({ label, ref, run: enter(run) });
      done();
    };
    result.promise.then(
      (value) => settle(() => value),
      (error) => {
        if (this.#receiver.ended) this.#receiver.reportLateError(label, error);
        settle(() => {
          throw error;
        });
      },
    );
    return ANSWERED_LATER;
  }

  #call(name: string, given: unknown, component: number): unknown {
    const payload: unknown = typeof given === "function" ? given() : given;
    const { renderer, view, uploads } = this.#receiver;
    if (name.startsWith(OWN)) {
      if (name === OWN_GONE) renderer.gone(...readGone(payload));
      else return uploads?.event(name, payload);
      return undefined;
    }
    const target = component ? renderer.component(component) : view;
    // A component that is gone has an answer all the same: its event was on the way when it went.
    if (!target) return undefined;
    const hooks = component ? renderer.hooks(component) : this.#receiver.hooks;
    if (!hooks) return dispatchEvent(target, name, payload);
    const own = () => dispatchEvent(target, name, payload);
    return hooks.run("handleEvent", [name, readPayload(name, payload)], own);
  }
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
