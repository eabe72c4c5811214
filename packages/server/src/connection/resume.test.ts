import { isLost, type ServerFrame } from "@overwire/client/wire";
import { type FakeSocket, openSocket, tokensOf } from "@overwire/test-support/fake-socket";
import { eventFrame, joinFrame } from "@overwire/test-support/frames";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createApp } from "../app.ts";
import { defaultLimits } from "../runtime/services.ts";
import { html } from "../template/html.ts";
import { LiveView } from "../view/live-view.ts";

let mounts = 0;
let ended: string[] = [];
let hold: Promise<void> | undefined;

class Inner extends LiveView {
  override render() {
    return html`<b>inner</b>`;
  }
}

class Page extends LiveView {
  count = 0;
  inc = this.event(() => {
    this.count++;
  });
  override mount() {
    mounts++;
    return hold;
  }
  override render() {
    return html`<p>${this.count}</p><${Inner} id="inner" />`;
  }
  override terminate(reason: string) {
    ended.push(reason);
  }
}

function makeApp() {
  const app = createApp({ secret: "s".repeat(32), report: () => {} });
  app.live("/", Page);
  app.live("/other", Page);
  return app;
}

type App = ReturnType<typeof makeApp>;

function connect(app: App) {
  const opened = openSocket(app);
  const join = (view: number, token: string | undefined, more: object = {}) =>
    opened.say(joinFrame(view, token, more));
  return { ...opened, frames: opened.peer.frames, join };
}

const heads = (frames: readonly ServerFrame[]) => frames.map((frame) => frame.slice(0, 3));

beforeEach(() => {
  mounts = 0;
  ended = [];
  hold = undefined;
});
afterEach(() => {
  vi.useRealTimers();
});

describe("a view that is joined again on the connection that has it", () => {
  test("moves to the new number, with its nested views, and the old number is told", async () => {
    const app = makeApp();
    const [page, inner] = await tokensOf(app);
    const tab = connect(app);
    tab.join(1, page);
    tab.say(eventFrame(1, 1, "inc"));
    expect(heads(tab.join(2, page, { seen: 2 }))).toEqual([
      ["x", 1, "taken"],
      ["j", 2, 3],
    ]);
    expect(tab.say(eventFrame(2, 2, "inc"))).toMatchObject([["p", 2, 4, 2, { 0: "2" }]]);
    expect(heads(tab.join(3, inner))).toEqual([["j", 3, 1]]);
    expect(heads(tab.join(4, inner))).toEqual([["x", 4, "closed"]]);
    expect([mounts, ended]).toEqual([1, []]);
  });

  test("is mounted anew under its own number, which gives up the view that had it", async () => {
    const app = makeApp();
    const [page] = await tokensOf(app);
    const tab = connect(app);
    tab.join(1, page);
    tab.join(1, page, { seen: 1 });
    expect(heads(await tab.next())).toEqual([["j", 1, 1]]);
    expect([mounts, ended]).toEqual([2, ["left"]]);
  });
});

describe("of two joins of one view", () => {
  test("the later attempt wins, and the connection that loses the view is told once", async () => {
    const app = makeApp();
    const [page] = await tokensOf(app);
    const [one, two] = [connect(app), connect(app)];
    one.join(1, page, { attempt: 1 });
    expect(heads(two.join(1, page, { attempt: 2, seen: 1 }))).toEqual([["j", 1, 2]]);
    expect(heads(one.frames)).toEqual([["x", 1, "taken"]]);
    one.frames.length = 0;
    expect(one.say(eventFrame(1, 1, "inc"))).toEqual([]);
    // The client that was told mounts anew, and neither takes a view from the other.
    one.join(1, page, { attempt: 3 });
    expect(heads(await one.next())).toEqual([["j", 1, 1]]);
    expect(two.say(eventFrame(1, 1, "inc"))).toMatchObject([["p", 1, 3, 1, { 0: "1" }]]);
    expect(mounts).toBe(2);
  });

  test.each([
    ["is there", false],
    ["is lost", true],
  ])(
    "an older attempt that the network delivers late never wins, where the newer one's connection %s",
    async (_, lost) => {
      const app = makeApp();
      const [page] = await tokensOf(app);
      const [one, two, three] = [connect(app), connect(app), connect(app)];
      one.join(1, page, { attempt: 1 });
      one.socket.closed(true);
      three.join(1, page, { attempt: 3, seen: 1 });
      three.say(eventFrame(1, 1, "inc"));
      if (lost) three.socket.closed(true);
      expect(heads(two.join(1, page, { attempt: 2, seen: 1 }))).toEqual([["x", 1, "taken"]]);
      two.socket.closed(true);
      const four = lost ? connect(app) : three;
      if (lost) four.join(1, page, { attempt: 4, seen: 3 });
      expect(four.say(eventFrame(1, 2, "inc"))).toMatchObject([["p", 1, expect.any(Number), 2, { 0: "2" }]]);
      expect([mounts, ended]).toEqual([1, []]);
    },
  );
});

describe("a join whose answer is lost", () => {
  test("finds the view that it got: nothing is mounted twice", async () => {
    const app = makeApp();
    const [page] = await tokensOf(app);
    const [one, two] = [connect(app), connect(app)];
    one.join(1, page, { attempt: 1 });
    one.socket.closed(true);
    const [answer] = two.join(1, page, { attempt: 2, seen: 0 });
    expect(answer?.slice(0, 3)).toEqual(["j", 1, 2]);
    expect([mounts, ended]).toEqual([1, []]);
  });

  test.each([
    ["page", {}],
    ["live navigation", { navigate: true, url: "/other" }],
  ])("finds also a %s that was mounted for it, and the token that it missed", async (_, more) => {
    const app = makeApp();
    const [page] = await tokensOf(app);
    app.close();
    const [one, two] = [connect(app), connect(app)];
    one.join(1, page, { attempt: 1, ...more });
    const [[, , , , { k: token } = {}] = []] = (await one.next()) as [ServerFrame & { 0: "j" }];
    const viewProcess = one.socket.process(1);
    one.socket.closed(true);
    const [answer] = two.join(1, page, { attempt: 2, seen: 0, ...more });
    expect(answer).toMatchObject(["j", 1, 2, expect.anything(), { k: token, q: [0] }]);
    expect([mounts, two.socket.process(1)]).toEqual([2, viewProcess]);
  });

  test("does not find the view of another live navigation", async () => {
    const app = makeApp();
    const [page] = await tokensOf(app);
    const tab = connect(app);
    tab.join(1, page, { attempt: 1 });
    tab.join(2, page, { attempt: 2, seen: 0, navigate: true, url: "/other" });
    expect(heads(await tab.next())).toEqual([["j", 2, 1]]);
    expect([mounts, tab.socket.process(1)?.ended]).toEqual([2, false]);
  });
});

test("an event under a number that the connection does not have is answered once", async () => {
  const app = makeApp();
  const tab = connect(app);
  expect(tab.say(eventFrame(5, 1, "inc"))).toEqual([["x", 5, "closed", expect.any(String)]]);
  expect(tab.say(eventFrame(5, 2, "inc"))).toEqual([]);
  const [page] = await tokensOf(app);
  expect(heads(tab.join(5, page))).toEqual([["j", 5, 1]]);
  expect(heads(tab.say(eventFrame(5, 1, "inc")))).toEqual([["p", 5, 2]]);
});

test("a clock that is set back keeps no view waiting longer", async () => {
  const app = makeApp();
  vi.useFakeTimers();
  await tokensOf(app);
  const [page] = await tokensOf(app);
  const tab = connect(app);
  tab.join(1, page);
  tab.socket.closed(true);
  vi.setSystemTime(Date.now() - 3_600_000);
  vi.advanceTimersByTime(defaultLimits.waitingTime);
  expect(ended).toEqual(["unclaimed"]);
  vi.advanceTimersByTime(defaultLimits.resumeTime);
  expect(ended).toEqual(["unclaimed", "closed"]);
});

test("a connection is lost unless its client said goodbye or was refused", () => {
  for (const code of [1000, 1001, 1005, 1002, 1007, 4400, 4429])
    expect([code, isLost(code)]).toEqual([code, false]);
  for (const code of [1006, 1009, 1011, 1012, 1013, 4001, 4408, 4999])
    expect([code, isLost(code)]).toEqual([code, true]);
});

test("a client that does not read loses its socket, and finds its view again", async () => {
  const app = makeApp();
  const [page] = await tokensOf(app);
  const { socket, peer, send } = openSocket(app) as FakeSocket & {
    socket: { overflow(message: string): void };
  };
  send(joinFrame(1, page));
  socket.overflow("2 MB wait for it");
  socket.overflow("2 MB wait for it");
  expect(peer.closes).toEqual([4408]);
  expect(heads(connect(app).join(1, page, { seen: 1 }))).toEqual([["j", 1, 2]]);
  expect([mounts, ended]).toEqual([1, []]);
});
