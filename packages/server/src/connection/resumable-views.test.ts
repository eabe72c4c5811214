import type { ServerFrame } from "@overwire/client/wire";
import { expectFrames, openSocket, tokensOf, visitorCookie } from "@overwire/test-support/fake-socket";
import { eventFrame, heartbeatFrame, joinFrame, leaveFrame } from "@overwire/test-support/frames";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { OverwireApp } from "../app/overwire-app.ts";
import { createApp } from "../app.ts";
import { defaultLimits, type Limits } from "../runtime/services.ts";
import type { ViewProcess } from "../runtime/view-process.ts";
import { html } from "../template/html.ts";
import { LiveView } from "../view/live-view.ts";
import type { EndReason } from "../view/view-host.ts";

let ends: (readonly [view: string, reason: EndReason])[] = [];
let mounts = 0;
let hold: Promise<void> | undefined;
/** Promise that the nested view awaits while it mounts. */
let holdInner: Promise<void> | undefined;

class Inner extends LiveView {
  count = 0;
  override mount() {
    return holdInner;
  }
  inc = this.event(() => {
    this.count++;
  });
  override render() {
    return html`<b>${this.count}</b>`;
  }
  override terminate(reason: EndReason) {
    ends.push(["Inner", reason]);
  }
}

class Page extends LiveView {
  count = 0;
  override mount() {
    mounts++;
    this.subscribe("add", () => {
      this.count++;
    });
  }
  inc = this.event(async () => {
    await hold;
    return ++this.count;
  });
  go = this.event(() => this.pushPatch("/?page=2"));
  isMore = false;
  more = this.event(() => {
    this.isMore = true;
  });
  finish = this.event(async () => {
    await hold;
    this.putFlash("info", "Paid");
    this.redirect("/thanks");
  });
  override render() {
    return html`<p>${this.count}</p><${Inner} id="inner" />${this.isMore && html`<${Inner} id="more" />`}`;
  }
  override terminate(reason: EndReason) {
    ends.push(["Page", reason]);
  }
}

function makeApp(limits: Partial<Limits> = {}) {
  const app = createApp({ secret: "s".repeat(32), report: () => {}, limits });
  app.live("/", Page);
  return app;
}

function connect(app: OverwireApp) {
  const opened = openSocket(app);
  return {
    ...opened,
    frames: opened.peer.frames,
    async join(view: number, token: string | undefined, seen?: number, url = "/") {
      const [frame] = await opened.ask(joinFrame(view, token, { url, ...(seen !== undefined && { seen }) }));
      return frame as ServerFrame;
    },
  };
}

/** A page that is joined, with its nested view. */
async function open(app: OverwireApp) {
  const [page, inner] = await tokensOf(app);
  const tab = connect(app);
  await tab.join(1, page);
  await tab.join(2, inner);
  return { ...tab, page, inner };
}

beforeEach(() => {
  ends = [];
  mounts = 0;
  hold = holdInner = undefined;
});
afterEach(() => {
  vi.useRealTimers();
});

describe("a view whose connection is lost", () => {
  test("goes on when its client is back: state, nested views, and what was published meanwhile", async () => {
    const app = makeApp();
    const tab = await open(app);
    tab.say(eventFrame(1, 1, "inc"));
    await vi.waitFor(() => expect(tab.frames).toHaveLength(1));
    tab.say(eventFrame(2, 1, "inc"));
    const viewProcess = tab.socket.process(1) as ViewProcess;
    tab.socket.closed(true);
    viewProcess.host.publish("add", {});
    await vi.waitFor(() => expect((viewProcess.view as Page).count).toBe(2));
    const back = connect(app);
    expect(await back.join(1, tab.page, 2)).toMatchObject([
      "j",
      1,
      3,
      [expect.any(Number), "2", expect.anything(), ""],
      { q: [1] },
    ]);
    expect(await back.join(2, tab.inner, 2)).toMatchObject([
      "j",
      2,
      3,
      [expect.any(Number), "1"],
      { q: [1] },
    ]);
    expect([mounts, ends, back.socket.process(1)]).toEqual([1, [], viewProcess]);
    expect(back.say(eventFrame(2, 2, "inc"))).toMatchObject([["p", 2, 4, 2, { 0: "2" }]]);
  });

  test("is found even if the server has not noticed yet that the line is dead", async () => {
    const app = makeApp();
    const tab = await open(app);
    const viewProcess = tab.socket.process(1);
    const back = connect(app);
    expect(await back.join(1, tab.page, 1)).toMatchObject([
      "j",
      1,
      2,
      [expect.any(Number), "0", expect.anything(), ""],
      { q: [0] },
    ]);
    expect([mounts, back.socket.process(1), tab.socket.process(1)]).toEqual([1, viewProcess, undefined]);
    tab.socket.closed(true);
    expect(ends).toEqual([]);
    expect((await back.join(2, tab.inner, 1)).slice(0, 3)).toEqual(["j", 2, 2]);
  });

  test("says which events have reached it, and answers those that still run", async () => {
    let go = () => {};
    hold = new Promise((resolve) => (go = resolve));
    const app = makeApp();
    const tab = await open(app);
    tab.say(eventFrame(1, 1, "inc"));
    tab.say(eventFrame(1, 2, "inc"));
    tab.socket.closed(true);
    const back = connect(app);
    expect((await back.join(1, tab.page, 1))[4]).toMatchObject({ q: [2, 1, 2] });
    go();
    await vi.waitFor(() => expect(back.frames).toHaveLength(2));
    expect(back.frames).toMatchObject([
      ["p", 1, 3, 1, { 0: "1" }, { r: 1 }],
      ["p", 1, 4, 2, { 0: "2" }, { r: 2 }],
    ]);
  });

  test("tells a client of the live patch that it has missed", async () => {
    const app = makeApp();
    const tab = await open(app);
    tab.say(eventFrame(1, 1, "go"));
    tab.socket.closed(true);
    const frame = await connect(app).join(1, tab.page, 1);
    expect(frame[4]).toMatchObject({ n: ["patch", "/?page=2", 0] });
  });

  test("ends when its time is over, with what it has nested, and is mounted anew then", async () => {
    const app = makeApp();
    const tab = await open(app);
    vi.useFakeTimers();
    tab.socket.closed(true);
    vi.advanceTimersByTime(defaultLimits.resumeTime - 1);
    expect(ends).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(ends).toEqual(expect.arrayContaining([["Page", "closed"]]));
    expect(ends.map(([view]) => view).sort()).toEqual(["Inner", "Page"]);
    vi.useRealTimers();
    const frame = await connect(app).join(1, tab.page, 1);
    expect(frame.slice(0, 3)).toEqual(["j", 1, 1]);
    expect([frame[4], mounts]).toMatchObject([{ k: expect.any(String) }, 2]);
    expect(frame[4]).not.toHaveProperty("q");
  });

  test("ends at once where the socket was closed as it should be, or where apps do not wait", async () => {
    const tab = await open(makeApp());
    tab.socket.closed();
    expect(ends).toHaveLength(2);
    const other = await open(makeApp({ resumeTime: 0 }));
    other.socket.closed(true);
    expect(ends).toHaveLength(4);
  });

  test("belongs to its client alone: not without the patch that was seen, not with another visitor's cookie", async () => {
    const app = makeApp();
    const tab = await open(app);
    const viewProcess = tab.socket.process(1);
    tab.socket.closed(true);
    expect((await connect(app).join(1, tab.page))[4]).not.toHaveProperty("q");
    const stranger = openSocket(app, { headers: { cookie: visitorCookie("x") } });
    expectFrames(stranger.say(joinFrame(1, tab.page, { seen: 1 })), ["x", 1, "stale"]);
    expect(viewProcess?.ended).toBe(false);
  });

  describe("may have sent its page elsewhere meanwhile: the client is told, with the messages that go along", () => {
    const told = ["x", 1, "redirected", expect.any(String), ["redirect", "/thanks", 0, expect.any(String)]];

    test("while it waited for its client", async () => {
      let go = () => {};
      hold = new Promise((resolve) => (go = resolve));
      const app = makeApp();
      const tab = await open(app);
      tab.say(eventFrame(1, 1, "finish"));
      tab.socket.closed(true);
      go();
      await vi.waitFor(() => expect(ends).toContainEqual(["Page", "redirected"]));
      expect(await connect(app).join(1, tab.page, 1)).toEqual(told);
      expect(mounts).toBe(1);
      // Once: who asks again wants the page.
      expect((await connect(app).join(1, tab.page, 1)).slice(0, 2)).toEqual(["j", 1]);
    });

    test("over a line that was dead already", async () => {
      const app = makeApp();
      const tab = await open(app);
      tab.send(eventFrame(1, 1, "finish"));
      await vi.waitFor(() => expect(ends).toContainEqual(["Page", "redirected"]));
      expect(await connect(app).join(1, tab.page, 1)).toEqual(told);
    });

    test("and is not known for ever", async () => {
      const app = makeApp();
      const tab = await open(app);
      vi.useFakeTimers();
      tab.send(eventFrame(1, 1, "finish"));
      await vi.waitFor(() => expect(ends).toContainEqual(["Page", "redirected"]));
      vi.advanceTimersByTime(defaultLimits.resumeTime);
      expect((await connect(app).join(1, tab.page, 1)).slice(0, 2)).toEqual(["j", 1]);
    });
  });

  test("is not found by a client that has seen more than there was, nor goes on without it", async () => {
    const app = makeApp();
    const tab = await open(app);
    tab.socket.closed(true);
    const frame = await connect(app).join(1, tab.page, 7);
    expect(frame.slice(0, 3)).toEqual(["j", 1, 1]);
    expect(frame[4]).not.toHaveProperty("q");
    expect(ends).toContainEqual(["Page", "closed"]);
  });

  test("waits among no more than waitingViews, the oldest of which ends", async () => {
    const app = makeApp({ waitingViews: 4 });
    const tabs = [await open(app), await open(app), await open(app)];
    for (const { socket } of tabs) socket.closed(true);
    // Each has a page and what that has nested.
    expect(ends.map(([view]) => view)).toEqual(["Inner", "Page"]);
    const [first, , last] = tabs;
    expect((await connect(app).join(1, first?.page, 1))[4]).not.toHaveProperty("q");
    expect((await connect(app).join(1, last?.page, 1))[4]).toHaveProperty("q");
  });

  test("has one client: what the one before it still sends changes nothing", async () => {
    const app = makeApp();
    const tab = await open(app);
    const back = connect(app);
    await back.join(1, tab.page, 1);
    expect(tab.say(eventFrame(1, 1, "inc"))).toEqual([["x", 1, "taken", expect.any(String)]]);
    expect(tab.say(eventFrame(1, 1, "inc"))).toEqual([]);
    expect(tab.say(leaveFrame(1))).toEqual([]);
    expect(back.say(heartbeatFrame)).toEqual([["h"]]);
    expect([ends, back.socket.process(1)?.view]).toMatchObject([[], { count: 0 }]);
  });

  test.each([
    ["has not seen yet that the line is dead", false],
    ["has seen that the line is dead", true],
  ])(
    "has nested views whose join came too late for its answer: they are joined where the server %s",
    async (_, seen) => {
      const app = makeApp();
      const tab = await open(app);
      const inner = tab.socket.process(2);
      vi.useFakeTimers();
      if (seen) tab.socket.closed(true);
      const back = connect(app);
      await back.join(1, tab.page, 1);
      expect((await back.join(2, tab.inner)).slice(0, 2)).toEqual(["j", 2]);
      tab.socket.closed(true);
      // It is not counted among those that are lost.
      vi.advanceTimersByTime(2 * defaultLimits.resumeTime);
      expect([ends, back.socket.process(2)]).toEqual([[], inner]);
    },
  );

  test("has nested views that were still being mounted: they wait until they are joined again", async () => {
    let go = () => {};
    const app = makeApp();
    const tab = await open(app);
    holdInner = new Promise((resolve) => (go = resolve));
    const [patch] = tab.say(eventFrame(1, 1, "more"));
    const late = /data-ow-view=\\"([^"\\]*)/.exec(JSON.stringify(patch))?.[1];
    expect(tab.say(joinFrame(3, late))).toEqual([]);
    const viewProcess = tab.socket.process(3) as ViewProcess;
    tab.socket.closed(true);
    go();
    await viewProcess.whenIdle();
    expect([viewProcess.host.connected, viewProcess.ended]).toEqual([false, false]);
    const back = connect(app);
    await back.join(1, tab.page, 2);
    expect(await back.join(3, late)).toMatchObject(["j", 3, 1, [expect.any(Number), "0"], {}]);
    expect(back.socket.process(3)).toBe(viewProcess);
  });

  test("ends with the app", async () => {
    const app = makeApp();
    const tab = await open(app);
    tab.socket.closed(true);
    app.close();
    expect(ends).toHaveLength(2);
  });
});
