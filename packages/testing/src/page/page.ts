/** One page under test as a whole: its client, its connection to the app, and the work under way. */
import type { LiveSocket } from "@overwire/client";
import type { Element, Window } from "happy-dom";
import type { PageHistory } from "../browser/history.ts";
import type { FrameLog } from "./frame-log.ts";
import type { Wire } from "./memory-socket.ts";
import type { NavigationLog, Step } from "./navigation-log.ts";
import { noteOpened } from "./open-pages.ts";
import type { PageLint } from "./page-lint.ts";
import type { Values } from "./page-scope.ts";
import type { UploadGate } from "./upload-gate.ts";
import { type Activity, nextTurn, Patience, quiet } from "./wait.ts";

/** Time that an action waits for its answer, in milliseconds. */
const PATIENCE = 5000;

interface RestOptions {
  /** Waits for work beside the mailboxes. */
  readonly work?: boolean;
  /** Waits for uploaders. */
  readonly files?: boolean;
  /** In milliseconds. */
  readonly timeout?: number;
}

/** Parts of a page; `live()` puts them together. */
export interface PageParts {
  readonly window: Window;
  readonly socket: LiveSocket;
  readonly wire: Wire;
  readonly activity: Activity;
  readonly frameLog: FrameLog;
  readonly navigationLog: NavigationLog;
  readonly history: PageHistory;
  readonly lint: PageLint;
  readonly uploadGate: UploadGate;
  /** Errors that the app reported of a view that was made for this page. */
  readonly crashes: unknown[];
  /** Errors of hooks that fail, or cannot begin. */
  readonly faults: Error[];
  /** Makes the next events carry these values too. */
  withValues(values: object | undefined): void;
}

type Process = NonNullable<ReturnType<NonNullable<Wire["connection"]>["process"]>>;

export class Page {
  readonly window: Window;
  readonly activity: Activity;
  readonly frameLog: FrameLog;
  readonly navigationLog: NavigationLog;
  readonly history: PageHistory;
  readonly uploadGate: UploadGate;
  readonly #parts: PageParts;
  /** Actions that a test has begun. */
  #acting = 0;
  /** Resolves when the latest action has begun: they begin in the order in which a test calls them. */
  #begun: Promise<void> = Promise.resolve();
  #closed = false;
  readonly #forget: () => void;
  #loaded = false;

  /** @param isShared it stays open after the test that runs */
  constructor(parts: PageParts, isShared: boolean) {
    this.window = parts.window;
    this.activity = parts.activity;
    this.frameLog = parts.frameLog;
    this.navigationLog = parts.navigationLog;
    this.history = parts.history;
    this.uploadGate = parts.uploadGate;
    this.#parts = parts;
    this.#forget = noteOpened(this, isShared);
  }

  /** The process of the view that the client knows under a number. */
  process(view: number | undefined): Process | undefined {
    return view === undefined ? undefined : this.#parts.wire.connection?.process(view);
  }

  get #processes(): Process[] {
    return [...this.frameLog.views].flatMap((view) => this.process(view) ?? []);
  }

  /** Joined, and nothing is under way on the client's side. */
  get #idle(): boolean {
    return this.#parts.socket.idle;
  }

  /** The test has cut the line: the client keeps new events until there is one again. */
  get #offline(): boolean {
    return this.#parts.wire.isCut;
  }

  /** @throws Error if nothing can be done in the page any more */
  #assertOpen(what: string): void {
    const { wire } = this.#parts;
    if (this.#closed) throw new Error(`The page is closed, so there can be no ${what}.`);
    if (wire.isOver) throw new Error(`The app was closed, so there can be no ${what}.`);
  }

  /** A form waits for its files before it tells its view. */
  get #submitting(): boolean {
    return this.uploadGate.hasInput && !!this.window.document.querySelector("form.phx-submit-loading");
  }

  /** It cannot go on: another page is to be loaded. */
  get #left(): Step | undefined {
    const { leaving } = this.navigationLog;
    return leaving?.sent || !this.#idle ? leaving : undefined;
  }

  /**
   * Runs an action and waits for its answer. An action that a test did not wait for goes on beside it.
   * @param values that go with its event; a function fills in a form first, when it is this action's turn
   * @throws Error if a view crashes at it, or refuses it
   */
  async act(what: string, action: () => void, values?: Values): Promise<void> {
    this.#assertOpen(what);
    const isAlone = this.#acting++ === 0;
    const before = this.#begun;
    let begin = () => {};
    this.#begun = new Promise((resolve) => {
      begin = resolve;
    });
    try {
      await before;
      if (isAlone && !this.#offline)
        await this.#until(() => this.#idle || !!this.#left, `the view to be joined before ${what}`);
      const answered = this.#act(what, action, values);
      begin();
      await answered;
    } finally {
      begin();
      this.#acting--;
    }
  }

  async #act(what: string, action: () => void, values: Values): Promise<void> {
    const { lint, frameLog, withValues } = this.#parts;
    const left = this.#left;
    if (left)
      throw new Error(
        `The page goes to ${left.to}, so there can be no ${what}: followRedirect() leads there.`,
      );
    const processes = this.#processes;
    const names = new Map(processes.map((viewProcess) => [viewProcess, viewProcess.reports.viewName]));
    frameLog.refusal = frameLog.ending = undefined;
    for (const viewProcess of processes) viewProcess.findUnrendered();
    withValues(typeof values === "function" ? values() : values);
    try {
      action();
    } finally {
      withValues(undefined);
    }
    if (this.#offline) {
      await quiet();
      this.#assertHooks(what);
      return lint.run(this.window, this.#processes);
    }
    const crashed = () => processes.find((viewProcess) => viewProcess.failure);
    const isDone = () => this.#idle && !this.#submitting;
    const isEnded = () => !!frameLog.ending || this.#closed || this.#parts.wire.isOver;
    const isOver = () => isDone() || !!this.navigationLog.leaving || !!crashed() || isEnded();
    do {
      await this.#until(isOver, `the answer to ${what}`);
      // An answer may lead the client on to another question: a live patch that is none is a navigation.
      await quiet();
    } while (!isOver());
    const culprit = crashed();
    if (culprit) throw crashOf(culprit, names.get(culprit), what);
    this.#complain(what);
    const { refusal } = frameLog;
    const [name = "The view"] = names.values();
    if (refusal) throw new Error(`${name} refused an event, at ${what}: ${refusal}`);
    // An action that the test left behind ends with the page.
    if (this.#closed) return;
    if (!isDone() && !this.navigationLog.leaving) this.#assertOpen(what);
    this.#assertHooks(what);
    lint.run(this.window, this.#processes);
  }

  /** @throws Error that the client told of hooks since it was last asked */
  #assertHooks(what: string): void {
    const [first, ...others] = this.#parts.faults.splice(0);
    if (!first) return;
    const more = others.length ? `\n${others.map(({ message }) => message).join("\n")}` : "";
    throw new Error(`${first.message}, at ${what}${more}`, first.cause ? { cause: first.cause } : {});
  }

  /** @throws Error if a view that the page went to could not be joined */
  #complain(what: string): void {
    const { ending } = this.frameLog;
    if (!ending || this.#idle) return;
    const error = this.#parts.crashes.pop();
    const reason = error === undefined ? ending : textOf(error);
    throw new Error(
      `The page's view could not go on, at ${what}: ${reason}`,
      error === undefined ? {} : { cause: error },
    );
  }

  /**
   * Waits until the page that has just been opened is joined.
   * @throws Error if a view of it crashes
   */
  async opened(): Promise<void> {
    const { frameLog } = this.#parts;
    const processes: (Process | undefined)[] = [];
    frameLog.onJoin = (view) => void processes.push(this.process(view));
    const isOver = () => this.#idle || !!this.#left || !!frameLog.ending;
    await this.#until(isOver, "the view to be joined");
    frameLog.onJoin = () => {};
    const crashed = processes.find((viewProcess) => viewProcess?.failure);
    if (crashed) throw crashOf(crashed, crashed.reports.viewName, "opening the page");
    this.#complain("opening the page");
    await this.joined();
  }

  /** Waits until all its views are joined, and the messages between them and the page are handled and shown. */
  joined(): Promise<void> {
    return this.#rest();
  }

  /** As {@link joined}, and files that its uploaders bring elsewhere are as far as they may go. */
  arrived(): Promise<void> {
    return this.#rest({ files: true });
  }

  /**
   * Waits until nothing is under way on either side, work beside the mailboxes included.
   * @param timeout in milliseconds
   * @throws Error that names the work under way when the time has passed, or if a view crashes meanwhile
   */
  async settled(timeout: number = PATIENCE): Promise<void> {
    const processes = this.#processes.map(
      (viewProcess) => [viewProcess, viewProcess.reports.viewName] as const,
    );
    await this.#rest({ work: true, files: true, timeout });
    for (const [viewProcess, name] of processes)
      if (viewProcess.failure) throw crashOf(viewProcess, name, "settled()");
  }

  async #rest({ work = false, files = false, timeout = PATIENCE }: RestOptions = {}): Promise<void> {
    const { lint } = this.#parts;
    const patience = new Patience(timeout);
    const isOver = () => !!this.#left || this.#closed || this.#parts.wire.isOver;
    const hasFiles = () => files && this.uploadGate.moving.length > 0;
    const rests = ({ ended, idle, host }: Process) => ended || (idle && !(work && host.underWay.length));
    const isQuiet = () => !hasFiles() && this.#processes.every(rests);
    do {
      await this.#until(
        () => this.#idle || isOver(),
        "the view to be joined and answered",
        timeout,
        patience,
      );
      if (isOver()) return;
      let hasRested = false;
      const resting = this.#processes.map((viewProcess) =>
        work ? whenSettled(viewProcess) : viewProcess.whenIdle(),
      );
      void Promise.all(resting).then(() => {
        hasRested = true;
        this.activity.notify();
      });
      const isDone = () => isOver() || isQuiet() || (hasRested && !hasFiles());
      await this.activity.until(isDone, patience, () => new Error(this.#underWay(timeout)));
      await nextTurn();
    } while (!this.#idle || !isQuiet());
    this.#assertHooks("joining or settling");
    lint.run(this.window, this.#processes);
  }

  /** Labels of the work that has not ended in time. */
  #underWay(timeout: number): string {
    const parts = this.#processes.flatMap(({ reports, idle, host }) => {
      const all = [...(idle ? [] : ["its messages"]), ...host.underWay];
      return all.length ? `${reports.viewName} still works at: ${all.join(", ")}` : [];
    });
    const files = this.uploadGate.moving.map((name) => `${JSON.stringify(name)} is still being uploaded`);
    return `Waited ${timeout} ms for the page to settle, in vain. ${[...parts, ...files].join("; ")}.`;
  }

  async #until(
    condition: () => boolean,
    what: string,
    limit: number = PATIENCE,
    patience = new Patience(limit),
  ): Promise<void> {
    const late = () => {
      const printed = this.window.happyDOM.virtualConsolePrinter.readAsString().trim();
      const console = printed && ` The page's console has:\n\n${printed}\n`;
      return new Error(`Waited ${limit} ms for ${what}, in vain.${console}`);
    };
    const wait = { over: false };
    let isWatching = false;
    // An answer may bring the page's first file input.
    const holds = () => {
      if (!isWatching && this.uploadGate.hasInput && !this.#loaded) {
        isWatching = true;
        void this.#watchLoading(wait);
      }
      return condition();
    };
    try {
      await this.activity.until(holds, patience, late);
    } finally {
      wait.over = true;
    }
  }

  /** The client loads the code of file inputs when there is one, without a notice of the end. */
  async #watchLoading(wait: { readonly over: boolean }): Promise<void> {
    const { socket } = this.#parts;
    while (!this.#loaded && !wait.over) {
      await nextTurn();
      this.#loaded = socket.idle;
      this.activity.notify();
    }
  }

  /** Waits for something that a test says will happen, and gives up after a while without complaint. */
  async await(condition: () => boolean, limit: number): Promise<void> {
    await this.activity.until(condition, limit, () => new Error("late")).catch(() => {});
  }

  /** @param resumable false if the server is to end the page's views */
  async disconnect(resumable: boolean): Promise<void> {
    const { wire, socket } = this.#parts;
    wire.cut(resumable);
    await this.#until(() => !socket.connected, "the client to notice that the connection is gone");
  }

  async reconnect(): Promise<void> {
    this.#parts.wire.restore();
    this.window.dispatchEvent(new this.window.Event("online"));
    await this.joined();
  }

  /** Closes the page; its views end. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#forget();
    this.#parts.wire.end();
    this.#parts.socket.disconnect();
    this.activity.notify();
    await this.window.happyDOM.close();
  }

  /** Elements of the page, those that contain views: the outermost, or those right in another. */
  containers(within?: Element): Element[] {
    const { document } = this.window;
    const all = [...(within ?? document).querySelectorAll(VIEW)] as Element[];
    return all.filter((el) => around(el) === within);
  }

  /** The first of the outermost elements that contain views. */
  get container(): Element | undefined {
    const first = this.window.document.querySelector(VIEW) as Element | null;
    // The content of a portal may be in front of it.
    return first && around(first) ? this.containers()[0] : (first ?? undefined);
  }
}

const VIEW = "[data-ow-view]";

/** The view or portal that a container is in. */
const around = (el: Element): Element | undefined =>
  el.parentElement?.closest(`${VIEW}, [data-ow-portal]`) ?? undefined;

/** Resolves when nothing runs or waits, in the mailbox or beside it. */
async function whenSettled(viewProcess: Process): Promise<void> {
  while (!viewProcess.ended && !(viewProcess.idle && viewProcess.host.underWay.length === 0)) {
    await viewProcess.whenIdle();
    await viewProcess.host.whenWorkDone();
  }
}

const crashOf = ({ failure }: Process, name: string | undefined, what: string) =>
  new Error(`${name} crashed in ${failure?.event}, at ${what}: ${textOf(failure?.error)}`, {
    cause: failure?.error,
  });

const textOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
