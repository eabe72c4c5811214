/** One page under test as a whole: its client, its line to the app, what is under way between them. */
import type { LiveSocket } from "@overwire/client";
import type { Element, Window } from "happy-dom";
import { type Activity, nextTurn, quiet } from "./activity.ts";
import type { Checks } from "./checks.ts";
import type { PageHistory } from "./history.ts";
import type { Wire } from "./memory-socket.ts";
import type { Traffic } from "./traffic.ts";
import type { Step, Trail } from "./trail.ts";

/** How long an action waits for its answer, in milliseconds. */
const PATIENCE = 5000;

/** What a page is made of; `live()` puts it together. */
export interface PageParts {
  readonly window: Window;
  readonly socket: LiveSocket;
  readonly wire: Wire;
  readonly activity: Activity;
  readonly traffic: Traffic;
  readonly trail: Trail;
  readonly history: PageHistory;
  readonly checks: Checks;
  /** Errors that the app reported of a view that was made for this page. */
  readonly crashes: unknown[];
  /** Makes the next events carry these values too. */
  withValues(values: object | undefined): void;
}

type Process = NonNullable<ReturnType<NonNullable<Wire["connection"]>["process"]>>;

export class Page {
  readonly window: Window;
  readonly activity: Activity;
  readonly traffic: Traffic;
  readonly trail: Trail;
  readonly history: PageHistory;
  readonly #parts: PageParts;
  #closed = false;

  constructor(parts: PageParts) {
    this.window = parts.window;
    this.activity = parts.activity;
    this.traffic = parts.traffic;
    this.trail = parts.trail;
    this.history = parts.history;
    this.#parts = parts;
  }

  /** The process of the view that the client knows under a number. */
  process(view: number | undefined): Process | undefined {
    return view === undefined ? undefined : this.#parts.wire.connection?.process(view);
  }

  get #processes(): Process[] {
    return [...this.traffic.views].flatMap((view) => this.process(view) ?? []);
  }

  /** Joined, and nothing is under way on the client's side. */
  get #idle(): boolean {
    return this.#parts.socket.idle;
  }

  /** It cannot go on: another page is to be loaded. */
  get #left(): Step | undefined {
    const { leaving } = this.trail;
    return leaving?.sent || !this.#idle ? leaving : undefined;
  }

  /**
   * Runs an action and waits for its answer.
   * @throws Error where a view crashes at it, or refuses it
   */
  async act(what: string, action: () => void, values?: object): Promise<void> {
    const { checks, traffic, withValues } = this.#parts;
    await this.#until(() => this.#idle || !!this.#left, `the view to be joined before ${what}`);
    const left = this.#left;
    if (left)
      throw new Error(
        `The page goes to ${left.to}, so there can be no ${what}: followRedirect() leads there.`,
      );
    const processes = this.#processes;
    const names = new Map(processes.map((process) => [process, process.viewName]));
    traffic.refusal = traffic.ending = undefined;
    withValues(values);
    try {
      action();
    } finally {
      withValues(undefined);
    }
    const crashed = () => processes.find((process) => process.failure);
    const isOver = () => this.#idle || !!this.trail.leaving || !!crashed() || !!traffic.ending;
    do {
      await this.#until(isOver, `the answer to ${what}`);
      // An answer may lead the client on to another question: a live patch that is none is a navigation.
      await quiet();
    } while (!isOver());
    const culprit = crashed();
    if (culprit?.failure) {
      const { event, error } = culprit.failure;
      throw new Error(`${names.get(culprit)} crashed in ${event}, at ${what}: ${textOf(error)}`, {
        cause: error,
      });
    }
    this.#complain(what);
    const { refusal } = traffic;
    const [name = "The view"] = names.values();
    if (refusal) throw new Error(`${name} refused an event, at ${what}: ${refusal}`);
    checks.run(this.window);
  }

  /** @throws Error where a view that the page went to could not be joined */
  #complain(what: string): void {
    const { ending } = this.traffic;
    if (!ending || this.#idle) return;
    const error = this.#parts.crashes.pop();
    const reason = error === undefined ? ending : textOf(error);
    throw new Error(
      `The page's view could not go on, at ${what}: ${reason}`,
      error === undefined ? {} : { cause: error },
    );
  }

  /** Waits until all its views are joined and nothing is under way on either side. */
  async settled(): Promise<void> {
    const { checks } = this.#parts;
    for (;;) {
      await this.#until(
        () => this.#idle || !!this.#left || this.#closed,
        "the view to be joined and answered",
      );
      if (this.#left || this.#closed) return;
      await Promise.all(this.#processes.map((process) => process.whenIdle()));
      await nextTurn();
      if (this.#idle && this.#processes.every((process) => process.idle)) break;
    }
    checks.run(this.window);
  }

  async #until(condition: () => boolean, what: string): Promise<void> {
    try {
      await this.activity.until(condition, what, PATIENCE);
    } catch (error) {
      const told = this.window.happyDOM.virtualConsolePrinter.readAsString().trim();
      if (!told) throw error;
      throw new Error(`${textOf(error)} The page's console has:\n\n${told}\n`, { cause: error });
    }
  }

  /** Waits for something that a test says will happen, and gives up after a while without complaint. */
  async await(condition: () => boolean, limit: number): Promise<void> {
    await this.activity.until(condition, "an assertion", limit).catch(() => {});
  }

  async disconnect(): Promise<void> {
    const { wire, socket } = this.#parts;
    wire.cut();
    await this.#until(() => !socket.connected, "the client to notice that the connection is gone");
  }

  async reconnect(): Promise<void> {
    this.#parts.wire.restore();
    this.window.dispatchEvent(new this.window.Event("online"));
    await this.settled();
  }

  /** Closes the page; its views end. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#parts.socket.disconnect();
    await this.window.happyDOM.close();
  }

  /** Elements of the page, those that contain views: the outermost, or those right in another. */
  containers(within?: Element): Element[] {
    const { document } = this.window;
    const selector = "[data-ow-view]";
    const all = [...(within ?? document).querySelectorAll(selector)] as Element[];
    return all.filter((el) => {
      const around = el.parentElement?.closest(`${selector}, [data-ow-portal]`) ?? undefined;
      return around === within;
    });
  }
}

const textOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
