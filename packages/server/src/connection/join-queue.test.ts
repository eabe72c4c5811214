import { openSocket, tokensOf } from "@overwire/test-support/fake-socket";
import { joinFrame, leaveFrame } from "@overwire/test-support/frames";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createApp } from "../app.ts";
import type { Limits } from "../runtime/services.ts";
import { html } from "../template/html.ts";
import { LiveView } from "../view/live-view.ts";
import type { EndReason } from "../view/view-host.ts";

let mounts = 0;
let running = 0;
let most = 0;
let ends: EndReason[] = [];
let held: (() => void)[] | undefined;

class Slow extends LiveView {
  override async mount() {
    mounts++;
    most = Math.max(most, ++running);
    if (held) await new Promise<void>((resolve) => held?.push(resolve));
    running--;
  }
  override render() {
    return html`<p>slow</p>`;
  }
  override terminate(reason: EndReason) {
    ends.push(reason);
  }
}

async function open(limits: Partial<Limits> = {}) {
  const app = createApp({ secret: "s".repeat(32), report: () => {}, limits });
  const aborted: unknown[] = [];
  app.use("*", (c, next) => {
    c.req.raw.signal.addEventListener("abort", () => aborted.push(c.req.raw.signal.reason));
    return next();
  });
  app.live("/", Slow);
  const [token] = await tokensOf(app);
  app.close();
  [mounts, running, most, ends] = [0, 0, 0, []];
  held = [];
  const { socket, peer, say } = openSocket(app);
  const join = (view: number) => say(joinFrame(view, token));
  return { app, token, socket, peer, frames: peer.frames, say, join, aborted };
}

/** Until nothing more happens by itself. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

beforeEach(() => {
  held = undefined;
});
afterEach(() => {
  held = undefined;
});

test("joins beyond the limit wait for those that run, and all are answered", async () => {
  const tab = await open({ pendingJoins: 3 });
  for (let view = 1; view <= 10; view++) tab.join(view);
  await vi.waitFor(() => expect(mounts).toBe(3));
  while (mounts < 10 || held?.length) {
    held?.shift()?.();
    await settle();
  }
  await vi.waitFor(() => expect(tab.frames).toHaveLength(10));
  expect(most).toBe(3);
  expect(tab.frames.map((frame) => frame.slice(0, 2))).toEqual(
    Array.from({ length: 10 }, (_, index) => ["j", index + 1]),
  );
});

test("a join that is left while it waits never mounts, one that runs ends at once and its request is aborted", async () => {
  const tab = await open({ pendingJoins: 1 });
  tab.join(1);
  tab.join(2);
  await vi.waitFor(() => expect(mounts).toBe(1));
  tab.say(leaveFrame(2));
  tab.say(leaveFrame(1));
  expect([ends, tab.aborted]).toEqual([["left"], ["left"]]);
  held?.shift()?.();
  await settle();
  expect([mounts, ends, tab.frames]).toEqual([1, ["left"], []]);
});

test("joins that are given up again and again do not run all at once: the socket is closed", async () => {
  const tab = await open({ pendingJoins: 4 });
  for (let round = 0; round < 3000; round++) {
    tab.join(1);
    tab.say(leaveFrame(1));
  }
  await settle();
  expect([mounts, tab.peer.closes]).toEqual([4, [4429]]);
});

test.each([true, false])("a socket that closes ends all of its joins, lost or not (%s)", async (lost) => {
  const tab = await open({ pendingJoins: 2 });
  for (let view = 1; view <= 5; view++) tab.join(view);
  await vi.waitFor(() => expect(mounts).toBe(2));
  tab.socket.closed(lost);
  expect(ends).toEqual(["closed", "closed"]);
  for (const release of held?.splice(0) ?? []) release();
  await settle();
  expect([mounts, ends, tab.frames]).toEqual([2, ["closed", "closed"], []]);
});

test("clients that come from another node all at once have their views mounted a few at a time", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  try {
    const { app, token } = await open();
    const tabs = Array.from({ length: 20 }, () => openSocket(app));
    for (const { say } of tabs) say(joinFrame(1, token, { seen: 4 }));
    while (mounts < 8) await settle();
    for (let turn = 0; turn < 20; turn++) await settle();
    expect(mounts).toBe(8);
    while (mounts < 20 || held?.length) {
      held?.shift()?.();
      await settle();
    }
    for (const { peer } of tabs) await vi.waitFor(() => expect(peer.frames[0]?.[0]).toBe("j"));
    expect(most).toBe(8);
  } finally {
    vi.useRealTimers();
  }
});
