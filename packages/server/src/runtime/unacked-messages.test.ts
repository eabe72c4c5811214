/** Events for the page and replies that a client may have missed: sent again when it comes back, in order, once. */
import type { ServerFrame } from "@overwire/client/wire";
import { type ProcessOptions, startProcess } from "@overwire/test-support/view-process";
import { describe, expect, test } from "vitest";
import { html } from "../template/html.ts";
import { LiveView } from "../view/live-view.ts";
import type { Limits } from "./services.ts";

function opened<V extends LiveView>(
  View: new () => V,
  limits: Partial<Limits> = {},
  more: ProcessOptions = {},
) {
  const started = startProcess(View, { limits, ...more });
  const { viewProcess, sink, join } = started;
  sink.overflow = (message) => {
    sink.overflows.push(message);
    // As a connection does that gives up its client.
    viewProcess.detach();
  };
  return {
    ...started,
    overflows: sink.overflows,
    /** As the client of a lost connection does. */
    resume(seen: number) {
      if (!viewProcess.renderer.canResume(seen)) return undefined;
      viewProcess.renderer.seen(seen);
      sink.full = false;
      return join(true);
    },
    fill(full: boolean) {
      sink.full = full;
      if (!full) viewProcess.drained();
    },
  };
}

class Page extends LiveView {
  count = 0;
  ask = this.event(() => ({ count: ++this.count }));
  refuse = this.event(() => {
    throw new Error("boom");
  });
  render() {
    return html`<p>${this.count}</p>`;
  }
}

const eventsOf = (frames: readonly ServerFrame[] | undefined) =>
  frames?.flatMap((frame) => {
    const { e = [] } = ((frame[0] === "j" ? frame[4] : frame[5]) ?? {}) as { e?: [string, unknown][] };
    return e.map(([name]) => name);
  });

describe("events for the page", () => {
  test("of patches that the client has not shown come with the join, in order, before newer ones", () => {
    const page = opened(Page);
    page.join();
    for (const name of ["a", "b", "c"]) page.does((view) => view.pushEvent(name));
    page.viewProcess.detach();
    page.does((view) => view.pushEvent("d"));
    // The client has shown the join and the patch with "a".
    const frames = page.resume(2);
    expect(eventsOf(frames)).toEqual(["b", "c", "d"]);
    expect(frames).toHaveLength(1);
  });

  test("are kept until the client acknowledges them, also those that were sent again", () => {
    const page = opened(Page);
    page.join();
    page.does((view) => view.pushEvent("a"));
    page.does((view) => view.pushEvent("b"));
    page.viewProcess.renderer.seen(2);
    page.viewProcess.detach();
    expect(eventsOf(page.resume(2))).toEqual(["b"]);
    page.viewProcess.detach();
    // The join was lost as well.
    expect(eventsOf(page.resume(2))).toEqual(["b"]);
    page.viewProcess.detach();
    expect(eventsOf(page.resume(5))).toEqual([]);
  });

  test("keep the payload that was pushed, even if the author changes it later", () => {
    const page = opened(Page);
    page.join();
    const payload = { items: [1] };
    page.does((view) => view.pushEvent("a", payload));
    payload.items.push(2);
    page.viewProcess.detach();
    expect(page.resume(1)?.[0]?.[4]).toMatchObject({ e: [["a", { items: [1] }]] });
  });

  test("of a mount come with the first join, and again if that was lost", () => {
    class Greeting extends Page {
      override mount() {
        this.pushEvent("hello");
      }
    }
    const page = opened(Greeting);
    expect(eventsOf(page.join())).toEqual(["hello"]);
    page.viewProcess.detach();
    expect(eventsOf(page.resume(0))).toEqual(["hello"]);
  });

  test("are bounded in number: what was dropped unseen cannot be resumed", () => {
    const page = opened(Page, { pushedEvents: 10 });
    page.join();
    for (let i = 0; i < 14; i++) page.does((view) => view.pushEvent(`e${i}`));
    page.viewProcess.detach();
    expect(page.resume(4)).toBeUndefined();
    expect(eventsOf(page.resume(5))).toEqual(Array.from({ length: 10 }, (_, i) => `e${i + 4}`));
  });

  test("are bounded in bytes, waiting and sent", () => {
    const page = opened(Page, { bufferedBytes: 10_000 });
    page.join();
    const push = (view: LiveView) => view.pushEvent("e", "x".repeat(1000));
    for (let i = 0; i < 20; i++) page.does(push);
    page.viewProcess.detach();
    expect(page.resume(1)).toBeUndefined();
    expect(eventsOf(page.resume(12))).toHaveLength(9);
  });

  test("for a client that is away are bounded too: beyond that the view is not resumed, which is reported once", () => {
    const page = opened(Page, { pushedEvents: 10 });
    page.join();
    page.viewProcess.detach();
    for (let i = 0; i < 10; i++) page.does((view) => view.pushEvent(`e${i}`));
    expect(page.viewProcess.renderer.canResume(1)).toBe(true);
    for (let i = 0; i < 10; i++) page.does((view) => view.pushEvent(`f${i}`));
    expect(page.viewProcess.renderer.canResume(1)).toBe(false);
    expect(page.reports).toMatchObject([
      { kind: "warning", message: expect.stringContaining("pushedEvents") },
    ]);
  });

  test("for a client that does not read are bounded: it is given up, and resumed with all of them", () => {
    const page = opened(Page, { pushedEvents: 10 });
    page.join();
    page.fill(true);
    for (let i = 0; i < 8; i++) page.does((view) => view.pushEvent(`e${i}`));
    expect(page.overflows).toEqual([expect.stringContaining("Page has pushed more events")]);
    expect(eventsOf(page.resume(1))).toEqual(Array.from({ length: 8 }, (_, i) => `e${i}`));
  });

  test("of one handler go in several messages if they are many", () => {
    const page = opened(Page, { pushedEvents: 10 });
    page.join();
    const frames = page.does((view) => {
      for (let i = 0; i < 18; i++) view.pushEvent(`e${i}`);
    });
    expect(eventsOf(frames)).toEqual(Array.from({ length: 18 }, (_, i) => `e${i}`));
    expect(frames.map((frame) => eventsOf([frame])?.length)).toEqual([5, 5, 5, 3]);
    expect(page.reports).toEqual([]);
  });

  test("are held up to the limit, of 20,000 for a client that does not read", () => {
    const page = opened(Page);
    page.join();
    page.fill(true);
    const text = "x".repeat(1000);
    page.does((view) => {
      for (let i = 0; i < 20_000; i++) view.pushEvent("e", text);
    });
    page.fill(false);
    expect(page.overflows).toHaveLength(1);
    expect(JSON.stringify(page.sent())).toHaveLength(2);
    expect(page.viewProcess.renderer.canResume(1)).toBe(false);
  });
});

describe("replies", () => {
  test("are sent again, as many as events may be queued", () => {
    const page = opened(Page);
    page.join();
    for (let ref = 1; ref <= 256; ref++) page.viewProcess.event(ref, "ask", {});
    page.sent();
    page.viewProcess.detach();
    const [join, ...answers] = page.resume(1) ?? [];
    expect(join?.[4]).toMatchObject({ q: [256, ...Array.from({ length: 256 }, (_, i) => i + 1)] });
    expect(answers.map((frame) => [frame[3], frame[5]])).toEqual(
      Array.from({ length: 256 }, (_, i) => [i + 1, { r: { count: i + 1 } }]),
    );
  });

  test("beyond that the view is mounted anew, so that no lost reply is taken for an empty one", () => {
    const page = opened(Page, { queuedEvents: 4 });
    page.join();
    for (let ref = 1; ref <= 10; ref++) page.viewProcess.event(ref, "ask", {});
    page.sent();
    page.viewProcess.detach();
    expect(page.resume(1)).toBeUndefined();
    expect(page.resume(3)).toHaveLength(9);
  });

  test("are sent only to the client that asked", () => {
    const page = opened(Page);
    page.join();
    page.viewProcess.event(1, "ask", {});
    page.sent();
    page.viewProcess.detach();
    expect(page.join()).toHaveLength(1);
  });
});

describe("a view that redirects", () => {
  const navigate = { createFlashToken: () => "" };

  test("has its client dispatch its pushed events, even if it was mounted for a live navigation that goes on", async () => {
    class Going extends Page {
      override async mount() {
        await Promise.resolve();
        this.pushEvent("hi", { n: 1 });
        this.pushNavigate("/c");
      }
    }
    const page = opened(Going, {}, navigate);
    expect(page.join()).toEqual([]);
    await new Promise((resolve) => setImmediate(resolve));
    expect(page.sent()).toEqual([
      ["x", 1, "redirected", expect.any(String), ["navigate", "/c", 0], [["hi", { n: 1 }]]],
    ]);
  });

  test("while its client is away sends along the events that the client has missed", () => {
    const page = opened(Page, {}, navigate);
    page.join();
    page.does((view) => view.pushEvent("seen"));
    page.does((view) => view.pushEvent("lost"));
    page.viewProcess.detach();
    page.does((view) => {
      view.pushEvent("late");
      view.pushNavigate("/c");
    });
    expect(page.viewProcess.completedRedirect?.unseen?.(2)).toEqual([
      ["lost", {}],
      ["late", {}],
    ]);
  });
});
