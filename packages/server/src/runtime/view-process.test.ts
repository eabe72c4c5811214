/** A view's life without HTTP or sockets: what goes in, and the frames that come out. */
import { startProcess } from "@overwire/test-support/view-process";
import fc from "fast-check";
import { afterEach, describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { WaitingViews } from "../connection/waiting-views.ts";
import { LocalPubSub } from "../pubsub/local.ts";
import { html } from "../template/html.ts";
import { LiveView, type ViewClass } from "../view/live-view.ts";
import { topic } from "../view/topic.ts";
import type { EndReason } from "../view/view-host.ts";
import { defaultLimits } from "./services.ts";
import type { ViewProcess } from "./view-process.ts";

afterEach(() => {
  vi.useRealTimers();
});

class Counter extends LiveView {
  count = 0;
  inc = this.event(() => {
    this.count++;
  });
  add = this.event(z.object({ by: z.coerce.number().int() }), ({ by }) => {
    this.count += by;
    return { count: this.count };
  });
  nothing = this.event(() => {});
  fail = this.event(() => {
    throw new Error("boom");
  });
  later = this.event(async () => {
    await new Promise((resolve) => setImmediate(resolve));
    this.count *= 10;
  });
  render() {
    return html`<h1>Count: ${this.count}</h1>`;
  }
}

describe("a view's client", () => {
  test("gets the whole tree when it joins, and then what changes, numbered and with the ref of its event", () => {
    const { viewProcess, join, sent } = startProcess(Counter);
    expect(viewProcess.paint()).toBe("<h1>Count: 0</h1>");
    expect(join()).toEqual([["j", 1, 1, [expect.any(Number), "0"], { s: expect.any(Object) }]]);
    viewProcess.event(1, "inc", {});
    viewProcess.event(2, "nothing", {});
    viewProcess.event(3, "add", { by: "5" });
    expect(sent()).toEqual([
      ["p", 1, 2, 1, { 0: "1" }],
      ["p", 1, 3, 2, 0],
      ["p", 1, 4, 3, { 0: "6" }, { r: { count: 6 } }],
    ]);
  });

  test("gets an answer to every event, once and in order, however long each takes", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom("inc", "later", "nothing", "unknown"), { maxLength: 20 }),
        async (names) => {
          const { viewProcess, join, sent } = startProcess(Counter);
          join();
          names.forEach((name, index) => {
            viewProcess.event(index + 1, name, {});
          });
          await viewProcess.whenIdle();
          const answers = sent();
          // An unknown event is not to wait for its turn.
          const refs = answers.map((frame) => frame[3] as number);
          expect(refs.toSorted((a, b) => a - b)).toEqual(names.map((_, index) => index + 1));
          const known = refs.filter((ref) => names[ref - 1] !== "unknown");
          expect(known).toEqual(known.toSorted((a, b) => a - b));
          expect(answers.map((frame) => frame[2])).toEqual(names.map((_, index) => index + 2));
          const count = names.reduce(
            (count, name) => (name === "inc" ? count + 1 : name === "later" ? count * 10 : count),
            0,
          );
          expect((viewProcess.view as Counter).count).toBe(count);
        },
      ),
      { numRuns: 50 },
    );
  });

  test("sees what happened between the first paint and its joining", () => {
    const { viewProcess, join } = startProcess(Counter);
    (viewProcess.view as Counter).send("wake");
    (viewProcess.view as Counter).count = 7;
    expect(join()[0]?.[3]).toEqual([expect.any(Number), "7"]);
  });

  test("gets the title with the tree, and again when it changes", () => {
    class Titled extends LiveView {
      override pageTitle = "One";
      rename = this.event(() => {
        this.pageTitle = "Two";
      });
      render() {
        return html`<p>static</p>`;
      }
    }
    const { viewProcess, join, sent } = startProcess(Titled);
    expect(viewProcess.view.pageTitle).toBe("One");
    expect(join()[0]?.[4]).toMatchObject({ t: "One" });
    viewProcess.event(1, "rename", {});
    expect(sent()).toEqual([["p", 1, 2, 1, 0, { t: "Two" }]]);
  });

  test("gets events for the page with the next patch", () => {
    class Pushing extends LiveView {
      go = this.event(() => this.pushEvent("saved", { id: 1 }));
      render() {
        return html`<p>static</p>`;
      }
    }
    const { viewProcess, join, sent } = startProcess(Pushing);
    join();
    viewProcess.event(1, "go", {});
    expect(sent()).toEqual([["p", 1, 2, 1, 0, { e: [["saved", { id: 1 }]] }]]);
  });

  test("gets what a long handler flushes before the handler is done", async () => {
    class Long extends LiveView {
      step = "start";
      go = this.event(async () => {
        this.step = "half";
        this.flush();
        await Promise.resolve();
        this.step = "done";
      });
      render() {
        return html`<p>${this.step}</p>`;
      }
    }
    const { viewProcess, join, sent } = startProcess(Long);
    join();
    viewProcess.event(1, "go", {});
    expect(sent()).toEqual([["p", 1, 2, 0, { 0: "half" }, { f: 1 }]]);
    await viewProcess.whenIdle();
    expect(sent()).toEqual([["p", 1, 3, 1, { 0: "done" }]]);
  });
});

describe("a client that reads slowly", () => {
  test("is rendered nothing, and one difference with the newest state when it has read", () => {
    const { viewProcess, join, sent, sink } = startProcess(Counter);
    const render = vi.spyOn(Counter.prototype, "render");
    join();
    render.mockClear();
    sink.full = true;
    const view = viewProcess.view as Counter;
    for (let i = 0; i < 5; i++) viewProcess.post("test", () => void view.count++);
    expect(render).not.toHaveBeenCalled();
    sink.full = false;
    viewProcess.drained();
    expect(sent()).toEqual([["p", 1, 2, 0, { 0: "5" }]]);
    expect(render).toHaveBeenCalledTimes(1);
  });

  test("has its events wait, and be done in order", () => {
    const { viewProcess, join, sent, sink } = startProcess(Counter);
    join();
    sink.full = true;
    viewProcess.event(1, "inc", {});
    viewProcess.event(2, "inc", {});
    expect((viewProcess.view as Counter).count).toBe(0);
    sink.full = false;
    viewProcess.drained();
    expect(sent().map((frame) => frame[3])).toEqual([1, 2]);
  });

  test("ends if it goes on sending events all the same", () => {
    const { viewProcess, join, sent, sink } = startProcess(Counter, { limits: { queuedEvents: 3 } });
    join();
    sink.full = true;
    for (let ref = 1; ref <= 4; ref++) viewProcess.event(ref, "inc", {});
    expect(sent()).toEqual([["x", 1, "too_many", "more than 3 events wait for their turn"]]);
    expect(viewProcess.ended).toBe(true);
  });
});

describe("bad input", () => {
  test.each(["unknown", "count", "render", "constructor", "__proto__", "toString", "mount", "handleEvent"])(
    "cannot call %s, which is not declared",
    (name) => {
      const { viewProcess, join, sent, reports } = startProcess(Counter);
      join();
      viewProcess.event(1, name, {});
      expect(sent()).toEqual([
        [
          "p",
          1,
          2,
          1,
          0,
          { x: { code: "unknown_event", message: expect.stringContaining("Counter declares no event") } },
        ],
      ]);
      expect(reports).toMatchObject([
        { kind: "refused", view: "Counter", event: name, message: expect.any(String) },
      ]);
      expect(viewProcess.ended).toBe(false);
    },
  );

  test("does not reach a handler whose schema it does not fit", () => {
    const { viewProcess, join, sent, reports } = startProcess(Counter);
    join();
    viewProcess.event(1, "add", { by: "many" });
    expect(sent()).toEqual([
      [
        "p",
        1,
        2,
        1,
        0,
        {
          x: {
            code: "invalid_payload",
            message: expect.stringContaining('"add"'),
            issues: [{ path: ["by"], message: expect.any(String) }],
          },
        },
      ],
    ]);
    expect(reports).toHaveLength(1);
    expect((viewProcess.view as Counter).count).toBe(0);
  });

  test.each(["text", 5, null, ["a"], true])("that is %j and no object needs a schema", (payload) => {
    const { viewProcess, join, sent } = startProcess(Counter);
    join();
    viewProcess.event(1, "inc", payload);
    expect(sent()[0]?.[5]).toMatchObject({ x: { code: "invalid_payload" } });
    expect((viewProcess.view as Counter).count).toBe(0);
  });

  test("is not counted among the messages of others", () => {
    const { viewProcess, join, sent } = startProcess(Counter, { limits: { queuedEvents: 2 } });
    join();
    viewProcess.event(1, "later", {});
    for (let i = 0; i < 10; i++) viewProcess.post("news", () => {});
    viewProcess.event(2, "inc", {});
    expect(sent()).toEqual([]);
  });

  test("is refused if too many events wait for a handler", async () => {
    const { viewProcess, join, sent } = startProcess(Counter, { limits: { queuedEvents: 2 } });
    join();
    for (let ref = 1; ref <= 4; ref++) viewProcess.event(ref, "later", {});
    expect(sent()).toEqual([
      ["p", 1, 2, 4, 0, { x: { code: "too_many_events", message: expect.any(String) } }],
    ]);
    await viewProcess.whenIdle();
    expect(sent().map((frame) => frame[3])).toEqual([1, 2, 3]);
  });

  test("of any shape harms nothing", () => {
    const { viewProcess, join, sent } = startProcess(Counter);
    join();
    fc.assert(
      fc.property(fc.string(), fc.anything(), (name, payload) => {
        fc.pre(name !== "fail" && name !== "later");
        viewProcess.event(1, name, payload);
        expect(sent()).toHaveLength(1);
        expect(viewProcess.ended).toBe(false);
      }),
    );
  });
});

describe("a view that throws", () => {
  test("ends alone, is reported once, and its client is told", () => {
    const pubsub = new LocalPubSub();
    const one = startProcess(Counter, { pubsub });
    const other = startProcess(Counter, { pubsub });
    one.join();
    other.join();
    one.viewProcess.event(1, "fail", {});
    expect(one.sent()).toEqual([["x", 1, "crashed", "The view crashed."]]);
    expect(one.reports).toMatchObject([
      {
        kind: "crash",
        view: "Counter",
        event: "fail",
        message: expect.any(String),
        error: new Error("boom"),
      },
    ]);
    one.viewProcess.event(2, "inc", {});
    expect(one.sent()).toEqual([]);
    other.viewProcess.event(1, "inc", {});
    expect(other.sent()).toHaveLength(1);
  });

  test("ends if its reply is no JSON, and other views of the connection go on", () => {
    class Odd extends Counter {
      shown = false;
      odd = this.event(() => {
        this.shown = true;
        return 1n;
      });
      override render() {
        return html`<p>${this.shown ? html`<b>late</b>` : null}</p>`;
      }
    }
    const { viewProcess, join, sink, reports } = startProcess(Odd);
    sink.send = (frame) => void JSON.stringify(frame);
    join();
    const known = sink.templates.size;
    viewProcess.event(1, "odd", {});
    expect(String(reports[0]?.error)).toContain("BigInt");
    expect(viewProcess.ended).toBe(true);
    expect(sink.templates.size).toBe(known);
  });

  test("is told what render must return", () => {
    class Wrong extends Counter {
      wrong = this.event(() => {
        this.render = (() => "text") as never;
      });
    }
    const { viewProcess, join, reports } = startProcess(Wrong);
    join();
    viewProcess.event(1, "wrong", {});
    expect(String(reports[0]?.error)).toBe(
      "TypeError: Wrong.render() must return html`…`, but returned a string: is html missing before its backtick?.",
    );
  });

  test("fails to start if mount throws, and leaves nothing behind", () => {
    const pubsub = new LocalPubSub();
    class Broken extends Counter {
      override mount() {
        this.subscribe("news");
        throw new Error("no database");
      }
    }
    const subscribe = vi.spyOn(pubsub, "subscribe");
    expect(() => startProcess(Broken, { pubsub })).toThrow("no database");
    expect(subscribe).toHaveBeenCalledTimes(1);
    const stop = subscribe.mock.results[0]?.value as () => void;
    expect(stop).not.toThrow();
  });
});

describe("disposables of a view", () => {
  const news = topic<string>("news");
  class Reader extends LiveView {
    heard: unknown[] = [];
    ends: EndReason[] = [];
    override mount() {
      this.subscribe(news, (text) => {
        this.heard.push(text.toUpperCase());
      });
      this.subscribe("plain");
      this.setInterval(() => void this.heard.push("tick"), 1000);
      this.setTimeout(() => void this.heard.push("once"), 1500);
    }
    override handleInfo(message: unknown) {
      this.heard.push(message);
    }
    override terminate(reason: EndReason) {
      this.ends.push(reason);
    }
    render() {
      return html`<p>${this.heard.join()}</p>`;
    }
  }

  test("gets messages by topic, by handler or handleInfo, and shows them", async () => {
    const pubsub = new LocalPubSub();
    const { viewProcess, join, sent } = startProcess(Reader, { pubsub });
    join();
    viewProcess.view.publish(news, "extra");
    viewProcess.view.publish("plain", 7);
    viewProcess.view.send("self");
    await Promise.resolve();
    expect(sent().map((frame) => frame[4])).toEqual([
      { 0: "self" },
      { 0: "self,EXTRA" },
      { 0: "self,EXTRA,7" },
    ]);
    viewProcess.end("left");
  });

  test("publishes to all but itself with publishFrom", async () => {
    const pubsub = new LocalPubSub();
    const readers = [startProcess(Reader, { pubsub }), startProcess(Reader, { pubsub })] as const;
    const [first, second] = readers.map(({ viewProcess }) => viewProcess.view as Reader) as [Reader, Reader];
    first.publishFrom(news, "for others");
    first.publish(news, "for all");
    await Promise.resolve();
    expect(first.heard).toEqual(["FOR ALL"]);
    expect(second.heard).toEqual(["FOR OTHERS", "FOR ALL"]);
    for (const { viewProcess } of readers) viewProcess.end("left");
  });

  test("ends with it: subscriptions and timers", () => {
    vi.useFakeTimers();
    const pubsub = new LocalPubSub();
    const { viewProcess, join } = startProcess(Reader, { pubsub });
    join();
    vi.advanceTimersByTime(2100);
    const view = viewProcess.view as Reader;
    expect(view.heard).toEqual(["tick", "once", "tick"]);
    viewProcess.end("closed");
    viewProcess.end("left");
    pubsub.publish("news", "late");
    vi.advanceTimersByTime(5000);
    expect(view.heard).toHaveLength(3);
    expect(view.ends).toEqual(["closed"]);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe("a view that has ended", () => {
  test("keeps nothing that a handler opens afterwards, and is told of a terminate that fails late", async () => {
    const pubsub = new LocalPubSub();
    let open = () => {};
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    const heard: unknown[] = [];
    class Late extends Counter {
      hold = this.event(async () => {
        await gate;
        this.subscribe("news", (news) => heard.push(news));
      });
      override async terminate() {
        throw new Error("late");
      }
    }
    const { viewProcess, join, reports } = startProcess(Late as unknown as ViewClass, { pubsub });
    join();
    viewProcess.event(1, "hold", {});
    viewProcess.end("closed");
    open();
    await gate;
    await Promise.resolve();
    pubsub.publish("news", 1);
    await new Promise((resolve) => setImmediate(resolve));
    expect(heard).toEqual([]);
    expect(reports).toMatchObject([
      {
        kind: "crash",
        view: "Late",
        event: "terminate",
        message: "terminate() threw",
        error: new Error("late"),
      },
    ]);
  });
});

describe("painted views that wait for their socket", () => {
  test("end after their time, or when there are too many, the oldest first", () => {
    vi.useFakeTimers();
    const registry = new WaitingViews({ ...defaultLimits, waitingTime: 1000, waitingViews: 2 });
    const ends: string[] = [];
    const [a, b, c] = ["a", "b", "c"].map((name) => {
      const { viewProcess } = startProcess(Counter);
      viewProcess.onEnd = (reason) => void ends.push(`${name} ${reason}`);
      return viewProcess;
    }) as [ViewProcess, ViewProcess, ViewProcess];
    registry.wait(a);
    vi.advanceTimersByTime(500);
    registry.wait(b);
    registry.wait(c);
    expect(ends).toEqual(["a unclaimed"]);
    expect(registry.claim(b.id)).toBe(b);
    expect(registry.claim(b.id)).toBeUndefined();
    vi.advanceTimersByTime(1001);
    expect(ends).toEqual(["a unclaimed", "c unclaimed"]);
    expect(registry.size).toBe(0);
  });
});
