/** Feeds: what they read and when, with a page in front of them that takes what comes or does not. */
import { useFakeTimers } from "@overwire/test-support/fake-timers";
import { expect, test, vi } from "vitest";
import { createFeed, type Feed } from "./feed.ts";

useFakeTimers();

const FRAME = 16;

/** A view with a client that shows a feed. */
class Around {
  connected = true;
  /** Its client takes what is sent. */
  drains = true;
  messages = 0;
  /** Texts of the renderings that had something to show. */
  shown: string[] = [];
  readonly working = new Set<string>();
  readonly feed: Feed<string>;
  readonly #owned = new Set<() => void>();
  #early: (() => void)[] = [];

  constructor() {
    this.feed = createFeed<string>({
      post: (_label, run) => {
        this.messages++;
        run();
        this.render();
      },
      onDispose: (stop) => {
        this.#owned.add(stop);
        return () => {
          if (this.#owned.delete(stop)) stop();
        };
      },
      whenConnected: (run) => (this.connected ? run() : void this.#early.push(run)),
      trackWork: (what) => {
        this.working.add(what);
        return () => void this.working.delete(what);
      },
    });
    this.hasPlace = true;
  }

  /** It stands somewhere in the page. */
  set hasPlace(hasPlace: boolean) {
    this.feed.each().queue.placements = hasPlace ? 1 : 0;
  }

  get owned(): number {
    return this.#owned.size;
  }

  /** Takes what waits as a rendering for a client does. */
  render(): void {
    const { queue, render } = this.feed.each();
    if (!queue.pending.length || !this.drains) return;
    const told = queue.take().map((change) => {
      if ("r" in change) return "⌫";
      return "i" in change ? change.i.map(([id, item]) => render(id, item)).join("|") : "";
    });
    this.shown.push(told.join(""));
    queue.known = true;
    queue.onTaken?.();
  }

  connect(): void {
    this.connected = true;
    for (const run of this.#early.splice(0)) run();
  }

  end(): void {
    for (const stop of [...this.#owned]) stop();
  }
}

/** A source that gives what the test gives it. */
class Pipe implements AsyncIterable<string> {
  pulls = 0;
  returned = false;
  signal: AbortSignal | undefined;
  readonly open = (signal: AbortSignal) => {
    this.signal = signal;
    return this;
  };
  #chunks: string[] = [];
  #waiting: (() => void) | undefined;
  #end: { error: unknown } | undefined;

  async give(...chunks: string[]) {
    this.#chunks.push(...chunks);
    await this.#wake();
  }
  async end(error?: unknown) {
    this.#end = { error };
    await this.#wake();
  }
  async #wake() {
    this.#waiting?.();
    await vi.advanceTimersByTimeAsync(0);
  }

  async *[Symbol.asyncIterator]() {
    try {
      for (;;) {
        this.pulls++;
        while (!this.#chunks.length && !this.#end) await new Promise<void>((wake) => (this.#waiting = wake));
        const chunk = this.#chunks.shift();
        if (chunk !== undefined) yield chunk;
        else if (this.#end?.error) throw this.#end.error;
        else return;
      }
    } finally {
      this.returned = true;
    }
  }
}

const frame = () => vi.advanceTimersByTimeAsync(FRAME);

test("the first chunk is shown at once; what comes within a frame is shown together", async () => {
  const around = new Around();
  const pipe = new Pipe();
  around.feed.start(pipe);
  await pipe.give("The ");
  expect(around.shown).toEqual(["The "]);
  await pipe.give("cat ");
  await pipe.give("sat ");
  expect(around.shown).toEqual(["The "]);
  await frame();
  expect(around.shown).toEqual(["The ", "cat sat "]);
  await frame();
  expect(around.messages).toBe(2);
  await pipe.give("down");
  expect(around.shown).toEqual(["The ", "cat sat ", "down"]);
});

test("at its end it is done: no timer, no work, nothing that the view would have to end", async () => {
  const around = new Around();
  const pipe = new Pipe();
  around.feed.start(pipe);
  expect(around.feed).toMatchObject({ running: true, done: false });
  await pipe.give("all");
  expect(around.working.size).toBe(1);
  await pipe.end();
  await frame();
  expect(around.feed).toMatchObject({ running: false, done: true, failed: undefined });
  expect(around.shown).toEqual(["all"]);
  expect([vi.getTimerCount(), around.working.size, around.owned]).toEqual([0, 0, 0]);
});

test("a source that throws has failed; what came before stays", async () => {
  const around = new Around();
  const pipe = new Pipe();
  around.feed.start(pipe);
  await pipe.give("half an ");
  await pipe.give("answer");
  await pipe.end(new RangeError("the model is gone"));
  await frame();
  expect(around.shown.join("")).toBe("half an answer");
  expect(around.feed).toMatchObject({
    running: false,
    done: false,
    failed: new RangeError("the model is gone"),
  });
});

test("so has one that cannot be opened, or is nothing to be read", async () => {
  const around = new Around();
  around.feed.start(() => {
    throw "no key";
  });
  await frame();
  expect(around.feed.failed).toEqual(new Error("no key"));
  around.feed.start(["a"] as unknown as AsyncIterable<string>);
  await frame();
  expect(around.feed.failed?.message).toContain("A feed reads an async iterable");
});

test("a source may be promised", async () => {
  const around = new Around();
  const pipe = new Pipe();
  around.feed.start(async (signal) => pipe.open(signal));
  await pipe.give("text");
  await frame();
  expect(around.shown).toEqual(["text"]);
  expect(pipe.signal?.aborted).toBe(false);
});

test("stopped: the source is told, returns, and nothing that comes later is shown", async () => {
  const around = new Around();
  const pipe = new Pipe();
  around.feed.start(pipe.open);
  await pipe.give("one");
  await pipe.give("two");
  around.feed.stop();
  around.render();
  expect(around.feed).toMatchObject({ running: false, done: false, failed: undefined });
  expect(around.shown).toEqual(["one", "two"]);
  expect(pipe.signal?.reason).toMatchObject({ name: "AbortError" });
  await pipe.give("three");
  await frame();
  expect(pipe.returned).toBe(true);
  around.render();
  expect(around.shown).toEqual(["one", "two"]);
  expect([vi.getTimerCount(), around.working.size, around.owned]).toEqual([0, 0, 0]);
});

test("started again, the region is emptied first and the older source is not read any more", async () => {
  const around = new Around();
  const [older, newer] = [new Pipe(), new Pipe()];
  around.feed.start(older.open);
  await older.give("older");
  await frame();
  around.feed.start(newer);
  await newer.give("newer");
  await older.give("late");
  await frame();
  expect(around.shown).toEqual(["older", "⌫newer"]);
  expect(older.signal?.aborted).toBe(true);
  expect(around.feed.running).toBe(true);
});

test("started again without a reset, it continues", async () => {
  const around = new Around();
  const [older, newer] = [new Pipe(), new Pipe()];
  around.feed.start(older);
  await older.give("one ");
  await older.give("two ");
  around.feed.start(newer, { reset: false });
  await newer.give("three");
  await frame();
  expect(around.shown.join("")).toBe("one two |three");
});

test("it waits for a client", async () => {
  const around = new Around();
  const pipe = new Pipe();
  around.connected = false;
  around.feed.start(pipe);
  await pipe.give("text");
  expect(around.feed.running).toBe(true);
  expect(pipe.pulls).toBe(0);
  around.connect();
  await frame();
  expect(around.shown).toEqual(["text"]);
});

test("stopped before there is a client, it reads nothing", async () => {
  const around = new Around();
  const pipe = new Pipe();
  around.connected = false;
  around.feed.start(pipe);
  around.feed.stop();
  around.connect();
  await pipe.give("text");
  expect(pipe.pulls).toBe(0);
});

test("it ends with its view", async () => {
  const around = new Around();
  const pipe = new Pipe();
  around.feed.start(pipe.open);
  await pipe.give("text");
  around.end();
  expect(pipe.signal?.aborted).toBe(true);
  await pipe.give("more");
  expect(pipe.returned).toBe(true);
  expect([vi.getTimerCount(), around.working.size]).toEqual([0, 0]);
});

test("a source is read no faster than the client takes what it gave", async () => {
  const around = new Around();
  let pulls = 0;
  async function* numbers() {
    for (;;) yield `${++pulls} `;
  }
  around.drains = false;
  around.feed.start(numbers());
  for (let count = 0; count < 100; count++) await frame();
  const most = pulls;
  expect(most).toBeLessThanOrEqual(2001);
  expect(around.messages).toBe(1);
  expect(vi.getTimerCount()).toBe(0);

  // The client has room again: a rendering takes what waited, and the source is read on.
  around.drains = true;
  around.render();
  await frame();
  expect(pulls).toBeGreaterThan(most);
  const text = around.shown.join("");
  expect(text.startsWith("1 2 3 ")).toBe(true);
  expect(text.trim().split(" ").map(Number)).toEqual(
    Array.from({ length: text.trim().split(" ").length }, (_, at) => at + 1),
  );
  around.end();
});

test("a few long texts are enough to wait for the client", async () => {
  const around = new Around();
  let pulls = 0;
  async function* pages() {
    for (;;) {
      pulls++;
      yield "x".repeat(40_000);
    }
  }
  around.drains = false;
  around.feed.start(pages());
  for (let count = 0; count < 10; count++) await frame();
  expect(pulls).toBeLessThan(6);
  around.end();
});

test("while it is not in the page, a source is read to its end, or to a million characters", async () => {
  const around = new Around();
  around.hasPlace = around.drains = false;
  around.feed.start(
    (async function* () {
      for (let count = 0; count < 5000; count++) yield "word ";
    })(),
  );
  for (let count = 0; count < 10; count++) await frame();
  expect(around.feed.done).toBe(true);
  around.hasPlace = around.drains = true;
  around.render();
  expect(around.shown.join("").replaceAll("|", "")).toHaveLength(25_000);

  let pulls = 0;
  around.hasPlace = around.drains = false;
  around.feed.start(
    (async function* () {
      for (;;) {
        pulls++;
        yield "x".repeat(10_000);
      }
    })(),
  );
  for (let count = 0; count < 100; count++) await frame();
  expect(pulls).toBeGreaterThan(100);
  expect(pulls).toBeLessThan(120);
  expect(vi.getTimerCount()).toBe(0);
  const most = pulls;
  around.hasPlace = around.drains = true;
  around.render();
  await frame();
  expect(pulls).toBeGreaterThan(most);
  around.end();
});

test("empty texts show nothing, however many come: a model that thinks may send them", async () => {
  const around = new Around();
  around.feed.start(
    (async function* () {
      for (let count = 0; count < 5000; count++) yield "";
      yield "answer";
    })(),
  );
  await frame();
  await frame();
  expect([around.shown, around.feed.done]).toEqual([["answer"], true]);
});

test("chunks that are no text stay single ones, rendered by what the template says", async () => {
  interface Line {
    readonly level: string;
  }
  const feed = createFeed<Line>({
    post: (_label, run) => void run(),
    onDispose: () => () => {},
    whenConnected: (run) => run(),
    trackWork: () => () => {},
  });
  async function* lines() {
    yield { level: "info" };
    yield { level: "warn" };
  }
  feed.start(lines());
  await frame();
  await frame();
  const { queue, render } = feed.each(({ level }) => level);
  const shown = queue
    .take()
    .flatMap((change) => ("i" in change ? change.i.map(([id, item]) => render(id, item)) : []));
  expect(shown).toEqual(["info", "warn"]);
});

test("the end is told although the client is slow", async () => {
  const around = new Around();
  around.drains = false;
  async function* answer() {
    yield "all of it";
  }
  around.feed.start(answer());
  await frame();
  await frame();
  expect(around.feed.done).toBe(true);
  expect(vi.getTimerCount()).toBe(0);
});
