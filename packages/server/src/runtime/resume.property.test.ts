/**
 * For random losses of the connection at any time: the client, which merges as the real one does, ends with what the server
 * shows, has all of a feed, was told each pushed event once and in order, and has each reply.
 */

import { type Extras, type ReadTemplate, type ServerFrame, stringify, Tree } from "@overwire/client/wire";
import { FakeSink } from "@overwire/test-support/fake-sink";
import { useFakeTimers } from "@overwire/test-support/fake-timers";
import { receiveFrame } from "@overwire/test-support/receive-frame";
import { startProcess, throwReport } from "@overwire/test-support/view-process";
import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { html } from "../template/html.ts";
import type { Joined } from "../view/live.ts";
import { LiveComponent } from "../view/live-component.ts";
import { LiveView } from "../view/live-view.ts";
import type { ViewProcess } from "./view-process.ts";

useFakeTimers();

class Name extends LiveComponent<{ name: string }> {
  joins = 0;
  override joined() {
    this.joins++;
  }
  render() {
    return html`<i>${this.props.name} ${this.joins}</i>`;
  }
}

class Page extends LiveView {
  count = 0;
  pushed = 0;
  heard = 0;
  joins = "";
  name = "first";
  said = "";
  shown = true;
  inserted = 0;
  ids: string[] = [];
  list = this.stream<{ id: string }>({ domId: ({ id }) => id });
  words = this.feed<string>();
  #wake: () => void = () => {};
  #waiting: string[] = [];

  override mount() {
    this.push();
    this.sendUpdate(Name, { id: "n", name: "mounted" });
    this.name = "mounted";
    this.flush();
    this.insert("m");
    const source = () => this.#waiting;
    const asleep = (wake: () => void) => {
      this.#wake = wake;
    };
    this.words.start(async function* () {
      for (;;) {
        yield* source().splice(0);
        if (!source().length) await new Promise<void>(asleep);
      }
    });
  }
  override joined({ resumed }: Joined) {
    this.joins += resumed ? "r" : "j";
    this.push();
  }
  override handleInfo() {
    this.heard++;
  }
  say(text: string) {
    this.said += text;
    this.#waiting.push(text);
    this.#wake();
  }
  push() {
    this.pushEvent("pushed", this.pushed++);
  }
  insert(id: string) {
    this.list.insert({ id });
    if (!this.ids.includes(id)) this.ids.push(id);
  }
  insertLast() {
    const id = `new${++this.inserted}`;
    this.list.insert({ id }, { limit: -3 });
    this.ids = [...this.ids, id].slice(-3);
  }
  rename(name: string) {
    this.name = name;
    this.sendUpdate(Name, { id: "n", name });
  }
  inc = this.event(() => ({ count: ++this.count }));
  slow = this.event(
    async () => {
      this.push();
      await new Promise((resolve) => setTimeout(resolve, 5));
      this.flush();
      this.push();
      return { count: ++this.count };
    },
    { overlap: "parallel" },
  );
  render() {
    if (this.heard < this.count) this.send("rendered");
    return html`<p>${this.count} ${this.heard} ${this.joins}</p><${Name} id="n" name="first" />
      <ul>${this.shown && this.list.each((id) => html`<li id=${id}></li>`)}</ul><code>${this.words.each()}</code>`;
  }
}

/** A server's view and its client, with what is on its way between them. */
class World {
  viewProcess!: ViewProcess;
  tree = new Tree();
  told: unknown[] = [];
  mounts = 0;
  readonly pending = new Map<number, string>();
  /** Of the connection. */
  readonly #templates = new Map<number, ReadTemplate>();
  #ref = 0;
  /** Sent and not arrived. */
  #flying: ServerFrame[] = [];
  #seen = 0;
  #sink: { full: boolean } | undefined;
  /** The client has tried to join the view before. */
  #hasAsked = false;
  /** The client has the answer to its join. */
  #joined = false;

  constructor() {
    this.mount();
  }

  get view(): Page {
    return this.viewProcess.view as Page;
  }

  get connected(): boolean {
    return this.#sink !== undefined;
  }

  mount(): void {
    this.viewProcess = startProcess(Page, {
      limits: { pushedEvents: 60, queuedEvents: 20 },
      report(report) {
        if (report.kind === "crash") throwReport(report);
      },
    }).viewProcess;
    this.mounts++;
    this.told = [];
    this.pending.clear();
    this.#seen = 0;
    this.#hasAsked = false;
  }

  connect(): void {
    if (this.connected) return;
    const resumed = this.#hasAsked;
    this.#hasAsked = true;
    if (resumed) {
      if (!this.viewProcess.ended && this.viewProcess.renderer.canResume(this.#seen))
        this.viewProcess.renderer.seen(this.#seen);
      else {
        this.viewProcess.end("closed");
        this.mount();
        this.connect();
        return;
      }
    }
    this.#templates.clear();
    const sink = new FakeSink(this.#flying);
    sink.overflow = () => this.lose(0);
    this.#sink = sink;
    this.viewProcess.attach(1, sink, undefined, resumed);
    expect(this.#flying[0]?.[0]).toBe("j");
  }

  /** @param missed number of the messages on their way that do not arrive */
  lose(missed: number): void {
    if (!this.connected) return;
    this.#sink = undefined;
    this.viewProcess.detach();
    // The server notices before its last messages have arrived.
    this.arrive(Math.max(0, this.#flying.length - missed));
    this.#flying = [];
    this.#joined = false;
  }

  connectAndLose(): void {
    this.connect();
    this.lose(9);
  }

  arrive(count = this.#flying.length): void {
    for (const frame of this.#flying.splice(0, count)) this.#receive(frame);
  }

  ask(event: string): void {
    const ref = ++this.#ref;
    this.pending.set(ref, event);
    if (this.#joined) this.viewProcess.event(ref, event, {});
  }

  /** Hides the items, once that can be rendered for a client. */
  hide(): void {
    const { view } = this;
    if (!this.#sink || this.#sink.full || !view.shown) return;
    view.shown = false;
    view.ids = [];
    this.viewProcess.post("hide", () => {});
  }

  acknowledge(): void {
    if (this.#joined && this.#seen) this.viewProcess.renderer.seen(this.#seen);
  }

  set full(full: boolean) {
    if (!this.#sink) return;
    this.#sink.full = full;
    if (!full) this.viewProcess.drained();
  }

  #receive(frame: ServerFrame): void {
    if (frame[0] === "j") {
      const [, , number, , extras] = frame;
      if (!extras.q) this.tree = new Tree(this.#templates);
      this.#joined = true;
      receiveFrame(this.tree, frame);
      this.#seen = number;
      this.#tell(extras);
      const [newest = 0, ...open] = extras.q ?? [];
      for (const [ref, event] of this.pending) {
        if (ref > newest) {
          if (this.connected) this.viewProcess.event(ref, event, {});
        } else if (!open.includes(ref)) throw new Error(`event ${ref} would be taken to have no reply`);
      }
    } else if (frame[0] === "p") {
      const [, , number, ref, , extras = {}] = frame;
      expect(number).toBe(this.#seen + 1);
      receiveFrame(this.tree, frame);
      this.#seen = number;
      this.#tell(extras);
      if (ref) {
        expect(this.pending.delete(ref)).toBe(true);
        expect(extras.r).toMatchObject({ count: expect.any(Number) });
      }
    } else throw new Error(`a frame ${JSON.stringify(frame)}`);
  }

  #tell({ e = [] }: Extras): void {
    for (const [, payload] of e) this.told.push(payload);
  }
}

type Step = (world: World) => unknown;
const post = (todo: (view: Page) => void): Step => {
  return ({ viewProcess, view }) => viewProcess.post("test", () => todo(view));
};

const steps = fc.array(
  fc.oneof(
    fc.nat(99).map((n) => ({ name: `say ${n}`, run: (({ view }) => view.say(`${n} `)) as Step })),
    fc.constantFrom("a", "b", "c", "d").map((id) => ({
      name: `insert ${id}`,
      run: post((view) => view.insert(id)),
    })),
    fc.constantFrom("x", "y").map((name) => ({ name, run: post((view) => view.rename(name)) })),
    fc.constantFrom("inc", "slow").map((event) => ({
      name: event,
      run: ((world) => world.ask(event)) as Step,
    })),
    fc.nat(6).map((missed) => ({
      name: `lose ${missed}`,
      run: ((world) => world.lose(missed)) as Step,
    })),
    fc.constantFrom(
      { name: "hide", run: ((world) => world.hide()) as Step },
      { name: "show", run: post((view) => void (view.shown = true)) },
      { name: "insert, three stay", run: post((view) => view.insertLast()) },
      { name: "push", run: post((view) => view.push()) },
      { name: "delete", run: post((view) => view.list.deleteById(view.ids.pop() ?? "none")) },
      { name: "flush", run: (({ view }) => view.flush()) as Step },
      { name: "connect", run: ((world) => world.connect()) as Step },
      { name: "connect and lose", run: ((world) => world.connectAndLose()) as Step },
      { name: "arrive", run: ((world) => world.arrive()) as Step },
      { name: "acknowledge", run: ((world) => world.acknowledge()) as Step },
      { name: "full", run: ((world) => void (world.full = true)) as Step },
      { name: "drained", run: ((world) => void (world.full = false)) as Step },
      { name: "wait", run: (() => vi.advanceTimersByTimeAsync(20)) as Step },
      { name: "wait a little", run: (() => vi.advanceTimersByTimeAsync(3)) as Step },
    ),
  ),
  { minLength: 1, maxLength: 40 },
);

const numRuns = Number(globalThis.process.env.FC_RUNS ?? 300);

test("after any losses the client shows the server's state, and has missed and repeated nothing", async () => {
  let resumed = 0;
  let mounted = 0;
  await fc.assert(
    fc.asyncProperty(steps, async (steps) => {
      const world = new World();
      world.connect();
      for (const { run } of steps) await run(world);
      // Twice: the last join may have found that the view has to be mounted anew.
      for (let i = 0; i < 2; i++) {
        world.connect();
        world.full = false;
        world.viewProcess.post("show", () => void (world.view.shown = true));
        await vi.advanceTimersByTimeAsync(100);
        world.arrive();
      }
      await vi.advanceTimersByTimeAsync(100);
      world.arrive();
      const { view, viewProcess, tree, told, pending } = world;
      const { count, heard, joins, name, ids, said } = view;
      const part = /<i>(.*)<\/i>/.exec(stringify(tree.root))?.[1];
      expect(stringify(tree.root)).toBe(
        `<p>${count} ${heard} ${joins}</p><i>${part}</i> <ul>${ids
          .map((id) => `<li id="${id}"></li>`)
          .join("")}</ul><code>${said}</code>`,
      );
      expect(part).toMatch(new RegExp(`^${name} ${joins.length}$`));
      expect(told).toEqual(Array.from({ length: view.pushed }, (_, index) => index));
      expect([...pending]).toEqual([]);
      expect(heard).toBe(Math.max(heard, count));
      resumed += joins.length - 1;
      mounted += world.mounts;
      viewProcess.end("left");
    }),
    { numRuns },
  );
  // A view is mounted anew if its client has lost the answer to the first join, or more than is kept.
  expect(resumed).toBeGreaterThan(mounted - numRuns);
});
