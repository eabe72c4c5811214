import type { ServerFrame } from "@overwire/client/wire";
import { openSocket, tokensOf } from "@overwire/test-support/fake-socket";
import { eventFrame, joinFrame, leaveFrame } from "@overwire/test-support/frames";
import { afterEach, expect, test, vi } from "vitest";
import { createApp } from "../app.ts";
import type { Limits } from "../runtime/services.ts";
import { html } from "../template/html.ts";
import { LiveComponent } from "../view/live-component.ts";
import { LiveView } from "../view/live-view.ts";
import type { Connection } from "./connection.ts";

let ran = 0;
let release: (() => void) | undefined;
const held = () => new Promise<void>((resolve) => (release = resolve));
let mounting: Promise<void> | undefined;

class Part extends LiveComponent {
  known = this.event(() => {
    ran++;
  });
  override render() {
    return html`<i>part</i>`;
  }
}

class Slow extends LiveView {
  wait = this.event(() => held());
  go = this.event(() => {
    ran++;
  });
  beside = this.event(() => held(), { overlap: "parallel" });
  override mount() {
    return mounting;
  }
  override render() {
    return html`<p>slow</p><${Part} id="part" />`;
  }
}

class Catching extends LiveView {
  wait = this.event(() => held());
  override handleEvent() {
    ran++;
  }
  override render() {
    return html`<p>catching</p>`;
  }
}

class Hooked extends LiveView {
  wait = this.event(() => held());
  override mount() {
    this.attachHook("handleEvent", () => {});
  }
  override render() {
    return html`<p>hooked</p>`;
  }
}

async function open(limits: Partial<Limits> = {}, path = "/") {
  ran = 0;
  const app = createApp({ secret: "s".repeat(32), report: () => {}, limits });
  app.live("/", Slow);
  app.live("/catching", Catching);
  app.live("/hooked", Hooked);
  const token = async () => (await tokensOf(app, path))[0];
  const { socket, peer, say } = openSocket(app);
  const join = async (view: number) => say(joinFrame(view, await token(), { url: path }));
  return { app, token, socket: socket as Connection, peer, frames: peer.frames, say, join };
}

const kilobytes = (count: number) => ({ text: "x".repeat(1000 * count) });
const refusals = (frames: readonly ServerFrame[]) =>
  frames.map((frame) => (frame[0] === "p" ? frame[5]?.x?.code : frame[2]));

afterEach(() => {
  mounting = undefined;
});

test("events that wait are weighed over all views of a connection, and refused beyond the limit", async () => {
  const tab = await open({ queuedBytes: 10_000 });
  await tab.join(1);
  await tab.join(2);
  tab.say(eventFrame(1, 1, "wait"));
  expect(tab.say(eventFrame(1, 2, "go", kilobytes(6)))).toEqual([]);
  expect(refusals(tab.say(eventFrame(1, 3, "go", kilobytes(6))))).toEqual(["too_many_events"]);
  const before = tab.socket.eventBudget.bytes;
  // An event that need not wait runs, and weighs nothing.
  expect(refusals(tab.say(eventFrame(2, 1, "go", kilobytes(6))))).toEqual([undefined]);
  expect(tab.socket.eventBudget.bytes).toBe(before);
  tab.say(eventFrame(2, 2, "wait"));
  expect(refusals(tab.say(eventFrame(2, 3, "go", kilobytes(6))))).toEqual(["too_many_events"]);
  release?.();
  tab.socket.closed();
  expect(tab.socket.eventBudget.bytes).toBe(0);
});

test("an answered event weighs nothing", async () => {
  const tab = await open({ queuedBytes: 10_000 });
  await tab.join(1);
  for (let ref = 1; ref < 20; ref += 2) {
    tab.say(eventFrame(1, ref, "wait"));
    tab.say(eventFrame(1, ref + 1, "go", kilobytes(6)));
    release?.();
    await vi.waitFor(() => expect(tab.frames).toHaveLength(2));
    expect(refusals(tab.frames.splice(0))).toEqual([undefined, undefined]);
    expect(tab.socket.eventBudget.bytes).toBe(0);
  }
});

test("runs that go on beside the mailbox are weighed too", async () => {
  const tab = await open({ queuedBytes: 10_000 });
  await tab.join(1);
  expect(tab.say(eventFrame(1, 1, "beside", kilobytes(6)))).toEqual([]);
  expect(refusals(tab.say(eventFrame(1, 2, "beside", kilobytes(6))))).toEqual(["too_many_events"]);
});

test("events that come before a join is done are weighed, and stay so when it is", async () => {
  const tab = await open({ queuedBytes: 10_000 });
  const token = await tab.token();
  tab.app.close();
  let mounted = () => {};
  mounting = new Promise((resolve) => (mounted = resolve));
  const again = await open({ queuedBytes: 10_000 });
  again.say(joinFrame(1, token));
  expect(again.say(eventFrame(1, 1, "wait", kilobytes(4)))).toEqual([]);
  expect(again.say(eventFrame(1, 2, "go", kilobytes(4)))).toEqual([]);
  const weight = again.socket.eventBudget.bytes;
  expect(weight).toBeGreaterThan(8000);
  mounted();
  await vi.waitFor(() => expect(again.frames).toHaveLength(1));
  expect(again.socket.eventBudget.bytes).toBe(weight);
  again.say(joinFrame(2, token));
  expect(refusals(again.say(eventFrame(2, 1, "go", kilobytes(4))))).toEqual(["too_many"]);
  expect(again.socket.eventBudget.bytes).toBe(weight);
  again.say(leaveFrame(1));
  expect(again.socket.eventBudget.bytes).toBe(0);
});

test("a client that goes on although its events are refused is closed", async () => {
  const tab = await open({ queuedBytes: 10_000 });
  await tab.join(1);
  tab.say(eventFrame(1, 1, "wait"));
  for (let ref = 2; ref < 300 && tab.peer.closes.length === 0; ref++)
    tab.say(eventFrame(1, ref, "go", kilobytes(6)));
  expect(tab.peer.closes).toEqual([4429]);
  expect(tab.socket.eventBudget.bytes).toBe(0);
});

test("events that are kept for a client that does not read are bounded", async () => {
  const tab = await open({ queuedBytes: 10_000 });
  await tab.join(1);
  await tab.join(2);
  tab.peer.bufferedAmount = 2 ** 21;
  expect(tab.say(eventFrame(1, 1, "go", kilobytes(6)))).toEqual([]);
  expect(refusals(tab.say(eventFrame(2, 1, "go", kilobytes(6))))).toEqual(["too_many"]);
  expect(tab.socket.eventBudget.bytes).toBeLessThan(10_000);
});

test("waiting events move to the connection on which their view goes on", async () => {
  const tab = await open();
  const token = await tab.token();
  tab.say(joinFrame(1, token));
  tab.say(eventFrame(1, 1, "wait"));
  tab.say(eventFrame(1, 2, "go", kilobytes(6)));
  const weight = tab.socket.eventBudget.bytes;
  tab.socket.closed(true);
  expect(tab.socket.eventBudget.bytes).toBe(0);
  const back = openSocket(tab.app).socket as Connection;
  back.message(JSON.stringify(["j", 1, { token, url: "/", seen: 1 }]));
  expect(back.eventBudget.bytes).toBe(weight);
  release?.();
  await vi.waitFor(() => expect(back.eventBudget.bytes).toBe(0));
});

test("an event that nothing would run is refused before it waits, unless a hook or handleEvent may want it", async () => {
  const tab = await open();
  await tab.join(1);
  tab.say(eventFrame(1, 1, "wait"));
  const before = tab.socket.eventBudget.bytes;
  for (const name of ["nothing", "render", "constructor", "__proto__"])
    expect(refusals(tab.say(eventFrame(1, 2, name)))).toEqual(["unknown_event"]);
  expect(refusals(tab.say(eventFrame(1, 3, "nothing", {}, 1)))).toEqual(["unknown_event"]);
  expect(tab.socket.eventBudget.bytes).toBe(before);
  expect(tab.say(eventFrame(1, 4, "known", {}, 1))).toEqual([]);
  expect(tab.say(eventFrame(1, 5, "lv:clear-flash"))).toEqual([]);
  for (const path of ["/catching", "/hooked"]) {
    const other = await open({}, path);
    await other.join(1);
    other.say(eventFrame(1, 1, "wait"));
    expect(other.say(eventFrame(1, 2, "anything"))).toEqual([]);
  }
});

test("a long name is refused", async () => {
  const tab = await open({}, "/catching");
  await tab.join(1);
  const [answer] = tab.say(eventFrame(1, 1, "x".repeat(300)));
  expect(answer).toMatchObject(["p", 1, 2, 1, 0, { x: { code: "unknown_event" } }]);
  expect(JSON.stringify(answer).length).toBeLessThan(400);
  expect(refusals(tab.say(eventFrame(1, 2, "x".repeat(256))))).toEqual([undefined]);
  expect(ran).toBe(1);
});

test("an event that comes twice while it waits runs once", async () => {
  const tab = await open();
  await tab.join(1);
  tab.say(eventFrame(1, 1, "wait"));
  for (let time = 0; time < 5; time++) tab.say(eventFrame(1, 2, "go", kilobytes(1)));
  release?.();
  await vi.waitFor(() => expect(tab.frames).toHaveLength(2));
  expect([ran, tab.socket.eventBudget.bytes]).toEqual([1, 0]);
});
