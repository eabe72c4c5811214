/** What a client asks of its view: events and live patches, each with a ref under which it is answered. */
import { Beside, readPayload } from "../view/event.ts";
import type { HookTable } from "../view/hooks.ts";
import type { LiveView } from "../view/live-view.ts";
import { OWN, OWN_GONE } from "../wire/keys.ts";
import { dispatch } from "./dispatch.ts";
import type { Mailbox } from "./mailbox.ts";
import type { Screen } from "./screen.ts";
import type { Uploads } from "./uploads.ts";

/** What a message returns whose answer comes later. */
export const later = Symbol("overwire.later");

/** The process, as far as its inbox is concerned. */
export interface Asked {
  readonly view: LiveView;
  readonly screen: Screen;
  readonly hooks: HookTable | undefined;
  readonly uploads: Uploads | undefined;
  readonly ended: boolean;
  /** How many of a client's events may wait or run. */
  readonly mostEvents: number;
  working(what: string): () => void;
  arrive(url: string): unknown;
  /** Too many are waiting. */
  overflow(ref: number, event: string): void;
}

export class Inbox {
  readonly #asked: Asked;
  readonly #mailbox: Mailbox;
  /** Events that run beside the mailbox. */
  #beside = 0;
  /** The newest ref that has come, and those that have no answer yet. */
  #newest = 0;
  #open: Set<number> | undefined;
  /** The one that has just come. */
  #now = 0;

  constructor(asked: Asked, mailbox: Mailbox) {
    this.#asked = asked;
    this.#mailbox = mailbox;
  }

  /** For a client that comes back: the newest ref that has reached the view, then those it has not answered yet. */
  get refs(): readonly number[] {
    return [this.#newest, ...(this.#open ?? [])];
  }

  /** The client's event `ref`: declared ones run, others go to `handleEvent` or are refused. */
  event(ref: number, name: string, payload: unknown, component = 0): void {
    const label = component ? `${this.#asked.screen.nameOf(component)}.${name}` : name;
    const run = () => this.#run(label, ref, this.#call(name, payload, component), component);
    this.#take(label, ref, name, run);
  }

  /** The client's event `ref`, which cannot be read. Answered in its turn, so that a full buffer holds it back too. */
  refuse(ref: number, name: string, error: Error): void {
    this.#take(name, ref, name, () => {
      throw error;
    });
  }

  /** The client's live patch `ref`. */
  patch(ref: number, url: string): void {
    this.#take("handleParams", ref, "handleParams", () => {
      const handled = this.#asked.arrive(url);
      // What it returns is no reply.
      return handled instanceof Promise ? handled.then(() => undefined) : undefined;
    });
  }

  /** Has answered, or never will. */
  answered(ref: number): void {
    if (ref === this.#now) this.#now = 0;
    else this.#open?.delete(ref);
  }

  #take(label: string, ref: number, name: string, run: () => unknown): void {
    if (ref > this.#newest) this.#newest = ref;
    if (this.#mailbox.events + this.#beside >= this.#asked.mostEvents) {
      this.#asked.overflow(ref, name);
      return;
    }
    this.#now = ref;
    this.#mailbox.put({ label, ref, run });
    // Nearly all are answered by now.
    if (this.#now === ref) (this.#open ??= new Set()).add(ref);
    this.#now = 0;
  }

  #run(label: string, ref: number, result: unknown, component: number): unknown {
    if (result instanceof Promise) return result.then((value) => this.#run(label, ref, value, component));
    if (!(result instanceof Beside)) return result;
    const done = this.#asked.working(`event ${label}`);
    this.#beside++;
    const enter = (run: () => unknown) => () => {
      // Also where a memo stands before it, the component is to show what its run has changed.
      if (component) this.#asked.screen.component(component);
      return run();
    };
    const settle = (run: () => unknown) => {
      this.#beside--;
      // What it changed is shown before anybody is told that it is done.
      if (!this.#asked.ended) this.#mailbox.put({ label, ref, run: enter(run) });
      done();
    };
    result.promise.then(
      (value) => settle(() => value),
      (error) =>
        settle(() => {
          throw error;
        }),
    );
    return later;
  }

  #call(name: string, payload: unknown, component: number): unknown {
    const { screen, view, uploads } = this.#asked;
    if (name.startsWith(OWN)) {
      if (name === OWN_GONE) screen.gone(...readGone(payload));
      else return uploads?.event(name, payload);
      return undefined;
    }
    const target = component ? screen.component(component) : view;
    // What is gone has an answer all the same: its event was on the way when it went.
    if (!target) return undefined;
    const hooks = component ? screen.hooks(component) : this.#asked.hooks;
    if (!hooks) return dispatch(target, name, payload);
    const own = () => dispatch(target, name, payload);
    return hooks.run("handleEvent", [name, readPayload(name, payload)], own);
  }
}

function readGone(payload: unknown): [numbers: readonly number[], seen: number] {
  const { c: numbers, s: seen } = (payload ?? {}) as { c?: unknown; s?: unknown };
  return [
    Array.isArray(numbers) ? numbers.filter((number) => Number.isSafeInteger(number)) : [],
    Number.isSafeInteger(seen) ? (seen as number) : 0,
  ];
}
