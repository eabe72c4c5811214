/** Messages in a row: the event loop keeps its turn, many are rendered together, and none goes on for ever. */
import { type ProcessOptions, startProcess } from "@overwire/test-support/view-process";
import { afterEach, describe, expect, test, vi } from "vitest";
import { createApp } from "../app.ts";
import { LocalPubSub } from "../pubsub/local.ts";
import { html } from "../template/html.ts";
import { LiveComponent } from "../view/live-component.ts";
import { LiveView } from "../view/live-view.ts";
import type { Report } from "./services.ts";
import type { ViewProcess } from "./view-process.ts";

let live: ViewProcess[] = [];
afterEach(() => {
  for (const viewProcess of live) viewProcess.end("closed");
  live = [];
});

function open<V extends LiveView>(View: new () => V, options: ProcessOptions = {}) {
  const opened = startProcess(View, options);
  live.push(opened.viewProcess);
  opened.join();
  return opened;
}

/** A timer that fires although messages come without end. */
const timer = () => new Promise((resolve) => setTimeout(resolve, 5));

describe("a view that feeds itself", () => {
  class Sending extends LiveView {
    override handleInfo(): void | Promise<void> {
      this.send("again");
    }
    override render() {
      return html`<p>1</p>`;
    }
  }
  class Awaiting extends Sending {
    override async handleInfo() {
      await null;
      this.send("again");
    }
  }
  class Publishing extends Sending {
    override mount() {
      this.subscribe("loop");
      this.publish("loop", 1);
    }
    override handleInfo() {
      this.publish("loop", 1);
    }
  }
  class Reloading extends LiveComponent {
    foo = this.assignAsync(() => 1);
    override update() {
      this.foo.reload();
    }
    override render() {
      return html`<b>1</b>`;
    }
  }
  class Holding extends Sending {
    override render() {
      return html`<p><${Reloading} id="a" /></p>`;
    }
  }

  test.each([Sending, Awaiting, Publishing, Holding])(
    "is reported and ended, and timers go on meanwhile (%#)",
    async (View) => {
      const { viewProcess, reports, view } = open(View);
      view.send("begin");
      await timer();
      await vi.waitFor(() => expect(viewProcess.ended).toBe(true));
      expect(reports).toMatchObject([{ kind: "crash", view: View.name }]);
      expect(String(reports[0]?.error)).toContain("messages in a row");
      expect(reports[0]?.event).not.toBe("");
    },
  );

  test("ends one of two that answer each other", async () => {
    const pubsub = new LocalPubSub();
    class Ping extends Sending {
      override mount() {
        this.subscribe("a", () => this.publish("b", 1));
      }
    }
    class Pong extends Sending {
      override mount() {
        this.subscribe("b", () => this.publish("a", 1));
      }
    }
    const both = [open(Ping, { pubsub }), open(Pong, { pubsub })];
    pubsub.publish("a", 1);
    await timer();
    await vi.waitFor(() => expect(both.filter(({ viewProcess }) => viewProcess.ended)).toHaveLength(1));
  });

  test("through a pubsub of the author's that delivers in microtasks, leaves the event loop its turns", async () => {
    const pubsub = new LocalPubSub();
    const publish = pubsub.publish.bind(pubsub);
    pubsub.publish = (topic, message) => queueMicrotask(() => viewProcess.ended || publish(topic, message));
    class Echo extends Sending {
      override mount() {
        this.subscribe("echo", () => this.publish("echo", 1));
      }
    }
    const { viewProcess } = open(Echo, { pubsub });
    publish("echo", 1);
    await timer();
    await timer();
    viewProcess.end("closed");
  });

  test("but by timers, goes on", async () => {
    class Ticking extends Sending {
      ticks = 0;
      override mount() {
        this.next();
      }
      next() {
        this.setTimeout(() => {
          this.ticks++;
          this.next();
        }, 0);
      }
    }
    const { viewProcess, view } = open(Ticking);
    await vi.waitFor(() => expect((view as Ticking).ticks).toBeGreaterThan(20));
    expect(viewProcess.ended).toBe(false);
  });
});

describe("messages that wait behind a slow handler", () => {
  class Slow extends LiveView {
    count = 0;
    renders = 0;
    release = () => {};
    slow = this.event(() => new Promise<void>((resolve) => (this.release = resolve)));
    count1 = this.event(() => {
      this.count++;
    });
    override handleInfo() {
      this.count++;
    }
    override render() {
      this.renders++;
      return html`<p>${this.count}</p>`;
    }
  }

  test("are handled in linear time, with few renderings, while others get their turn", async () => {
    const { viewProcess, view } = open(Slow);
    const slow = view as Slow;
    viewProcess.event(1, "slow", {});
    for (let at = 0; at < 50_000; at++) slow.send(at);
    const before = slow.renders;
    const start = process.cpuUsage();
    slow.release();
    await viewProcess.whenIdle();
    expect(slow.count).toBe(50_000);
    expect(slow.renders - before).toBeLessThan(1000);
    const { user, system } = process.cpuUsage(start);
    expect((user + system) / 1000).toBeLessThan(5000);
  });

  test("leave each event its own answer, in order", async () => {
    const { viewProcess, view, sent } = open(Slow);
    viewProcess.event(1, "slow", {});
    for (let ref = 2; ref <= 5; ref++) {
      for (let at = 0; at < 20; at++) view.send(at);
      viewProcess.event(ref, "count1", {});
    }
    (view as Slow).release();
    await viewProcess.whenIdle();
    const answers = sent().filter((frame) => frame[0] === "p" && frame[3] !== 0);
    expect(answers.map((frame) => frame[3])).toEqual([1, 2, 3, 4, 5]);
    expect(answers.map((frame) => frame[4])).toEqual(
      [0, 2, 3, 4, 5].map((ref, at) => (at ? { 0: String((ref - 1) * 21) } : 0)),
    );
  });

  test("are bounded", () => {
    const { viewProcess, view, reports } = open(Slow, { limits: { queuedMessages: 100 } });
    viewProcess.event(1, "slow", {});
    for (let at = 0; at < 200; at++) view.send(at);
    expect(viewProcess.ended).toBe(true);
    expect(String(reports[0]?.error)).toContain("limits.queuedMessages");
  });

  test("a handler that never ends is reported once", async () => {
    const { viewProcess, reports } = open(Slow, { limits: { handlerTime: 20 } });
    viewProcess.event(1, "slow", {});
    await vi.waitFor(() => expect(reports).toMatchObject([{ kind: "warning", view: "Slow", event: "slow" }]));
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(reports).toHaveLength(1);
  });
});

test("a handler that fails after its view has ended is reported", async () => {
  let fail = (_error: Error) => {};
  class Late extends LiveView {
    late = this.event(() => new Promise((_, reject) => (fail = reject)));
    override render() {
      return html`<p>1</p>`;
    }
  }
  const { viewProcess, reports } = open(Late);
  viewProcess.event(1, "late", {});
  viewProcess.end("closed");
  fail(new Error("too late"));
  await vi.waitFor(() =>
    expect(reports).toMatchObject([
      { kind: "crash", view: "Late", event: "late", error: new Error("too late") },
    ]),
  );
});

test("a report function that throws or rejects ends no view", async () => {
  const print = vi.spyOn(console, "error").mockImplementation(() => {});
  for (const report of [
    () => {
      throw new Error("no log");
    },
    async () => {
      throw new Error("no log");
    },
  ]) {
    const app = createApp({ secret: "0123456789abcdef".repeat(4), report });
    app.get("/boom", () => {
      throw new Error("boom\n[overwire] crash: forged \x1b[31m");
    });
    expect((await app.request("/boom")).status).toBe(500);
  }
  await vi.waitFor(() => expect(print.mock.calls.length).toBeGreaterThanOrEqual(4));
  const log = print.mock.calls.flat().join("\n");
  expect(log).not.toContain("\x1b");
  expect(log.split("\n").filter((line) => line.startsWith("[overwire]"))).toHaveLength(4);
  print.mockRestore();
});

test("reports of one kind and place become a count", () => {
  vi.useFakeTimers();
  const reports: Report[] = [];
  const app = createApp({ secret: "0123456789abcdef".repeat(4), report: (one) => void reports.push(one) });
  for (let at = 0; at < 500; at++) app.report({ kind: "refused", view: "V", event: `e${at}`, message: "no" });
  expect(reports).toHaveLength(20);
  vi.advanceTimersByTime(60_000);
  expect(reports.at(-1)?.message).toContain("480 more reports");
  // A client chooses the paths that it asks for.
  reports.length = 0;
  for (let at = 0; at < 500; at++) app.report({ kind: "crash", event: `GET /${at}`, message: "failed" });
  expect(reports).toHaveLength(20);
  vi.useRealTimers();
});
