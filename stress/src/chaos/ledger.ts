/** Record of both sides, kept outside of them: views that lived, events that ran, and outcomes of promises. */
import { type EndReason, LiveView } from "@overwire/server";
import type { Json } from "@overwire/server/wire";
import type { Page } from "./page.ts";

/** In the message of an error that a scenario throws because it wants a view to crash. */
export const ON_PURPOSE = "on purpose";

/** An event that a page sent to a view, under a number of its own. */
export interface Asked {
  readonly n: number;
  state: "pending" | "resolved" | "rejected";
  /** Result of the handler, or the reason for having none. */
  outcome: unknown;
}

export class Ledger {
  /** Views that were mounted and have not ended. */
  readonly alive = new Set<WatchedView>();
  mounts = 0;
  readonly ended: EndReason[] = [];
  /** Numbers of the events that ran, in their order, of all views. */
  readonly ran: number[] = [];
  readonly asked: Asked[] = [];
  /** Crashes and refusals that the server reported. */
  readonly reports: string[] = [];
  #asks = 0;

  /** Pushes an event with a number; does nothing if the hook is not there yet. */
  ask(page: Page, hook: string, event: string, payload: { readonly [key: string]: Json } = {}): void {
    const n = this.#asks + 1;
    const promise = page.push(hook, event, { ...payload, n });
    if (!promise) return;
    this.#asks = n;
    const asked: Asked = { n, state: "pending", outcome: undefined };
    this.asked.push(asked);
    promise.then(
      (outcome) => Object.assign(asked, { state: "resolved", outcome }),
      (error) => Object.assign(asked, { state: "rejected", outcome: String(error) }),
    );
  }

  get settled(): boolean {
    return this.asked.every(({ state }) => state !== "pending");
  }

  /** The view of a class that the page shows, by the serial number that it renders. */
  shown<V extends WatchedView>(View: new () => V, serial: string): V | undefined {
    for (const view of this.alive) if (view instanceof View && String(view.serial) === serial) return view;
    return undefined;
  }

  all<V extends WatchedView>(View: new () => V): V[] {
    return [...this.alive].filter((view): view is V => view instanceof View);
  }
}

/** A view whose life is in the ledger. A page shows which one it has by rendering its serial number. */
export abstract class WatchedView extends LiveView {
  abstract readonly ledger: Ledger;
  serial = 0;

  override mount(): void {
    this.serial = ++this.ledger.mounts;
    this.ledger.alive.add(this);
  }

  override terminate(reason: EndReason): void {
    this.ledger.alive.delete(this);
    this.ledger.ended.push(reason);
  }

  /** An event with a number has run. @returns its reply */
  ran(n: number): { ran: number } {
    this.ledger.ran.push(n);
    return { ran: n };
  }
}
