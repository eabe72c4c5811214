import { expectFrames, type FakeSocket, openSocket, tokensOf } from "@overwire/test-support/fake-socket";
import { eventFrame, formFrame, heartbeatFrame, joinFrame, leaveFrame } from "@overwire/test-support/frames";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { OverwireApp } from "../app/overwire-app.ts";
import { createApp } from "../app.ts";
import type { Report } from "../runtime/services.ts";
import { html } from "../template/html.ts";
import { LiveView } from "../view/live-view.ts";
import type { EndReason } from "../view/view-host.ts";

const secret = "s".repeat(32);

let ends: EndReason[] = [];
let hold: Promise<void> | undefined;

class Counter extends LiveView {
  count = 0;
  inc = this.event(() => {
    this.count++;
  });
  show = this.event((payload) => payload);
  boom = this.event(() => {
    throw new Error("boom");
  });
  override mount() {
    return hold;
  }
  override render() {
    return html`<p>${this.count}</p>`;
  }
  override terminate(reason: EndReason) {
    ends.push(reason);
  }
}

let app: OverwireApp;
let reports: Report[];

function makeApp(options: Parameters<typeof createApp>[0] = {}) {
  reports = [];
  app = createApp({ secret, report: (report) => reports.push(report), ...options });
  app.live("/", Counter);
}

const token = async () => (await tokensOf(app))[0];

async function joined(views = [1]): Promise<FakeSocket> {
  const tab = openSocket(app);
  for (const view of views) expectFrames(tab.say(joinFrame(view, await token())), ["j", view, 1]);
  return tab;
}

beforeEach(() => {
  ends = [];
  hold = undefined;
  makeApp();
});

afterEach(() => {
  vi.useRealTimers();
});

describe("a connection", () => {
  it("joins views and brings them their events", async () => {
    const tab = await joined([1, 7]);
    expectFrames(tab.say(eventFrame(1, 1, "inc")), ["p", 1, 2, 1, { 0: "1" }]);
    expectFrames(tab.say(eventFrame(7, 1, "inc")), ["p", 7, 2, 1, { 0: "1" }]);
    expect(tab.say(heartbeatFrame)).toEqual([["h"]]);
    expect(reports).toEqual([]);
  });

  it("decodes forms", async () => {
    const tab = await joined();
    const frames = tab.say(
      formFrame(1, 1, "show", "user[name]=A&agree=on", { _target: "user[name]", row: "7" }),
    );
    expectFrames(frames, [
      "p",
      1,
      2,
      1,
      0,
      { r: { user: { name: "A" }, agree: "on", row: "7", _target: ["user", "name"] } },
    ]);
  });

  it("ends views that leave, and all when it closes, at once", async () => {
    const tab = await joined([1, 2, 3]);
    tab.say(leaveFrame(2));
    expect(ends).toEqual(["left"]);
    expectFrames(tab.say(eventFrame(2, 1, "inc")), ["x", 2, "closed"]);
    tab.socket.closed();
    expect(ends).toEqual(["left", "closed", "closed"]);
    tab.socket.closed();
    expect(tab.say(eventFrame(1, 1, "inc"))).toEqual([]);
  });

  it("lets a view that crashes be joined again under its number, and leaves the others alone", async () => {
    const tab = await joined([1, 2]);
    expectFrames(tab.say(eventFrame(1, 1, "boom")), ["x", 1, "crashed"]);
    expect(reports).toMatchObject([{ kind: "crash", view: "Counter", event: "boom" }]);
    expect(tab.say(eventFrame(1, 2, "inc"))).toEqual([]);
    expectFrames(tab.say(joinFrame(1, await token())), ["j", 1, 1]);
    expectFrames(tab.say(eventFrame(2, 1, "inc")), ["p", 2, 2, 1, { 0: "1" }]);
  });

  it("ends the view that had a number before", async () => {
    const tab = await joined();
    tab.say(joinFrame(1, await token()));
    expect(ends).toEqual(["left"]);
    expectFrames(tab.say(eventFrame(1, 1, "inc")), ["p", 1, 2, 1, { 0: "1" }]);
  });

  it("says why a view cannot be joined", () => {
    const tab = openSocket(app);
    expect(tab.say(joinFrame(1, "nonsense"))).toEqual([["x", 1, "stale", "What the page sent is no token."]]);
    expect(tab.peer.closed).toBeUndefined();
  });

  it("ends its views when the server stops", async () => {
    const tab = await joined();
    app.close();
    expect(ends).toEqual(["shutdown"]);
    expect(tab.peer.closed?.[0]).toBe(1001);
  });
});

describe("a join that takes time", () => {
  async function joining(): Promise<{ tab: FakeSocket; release: () => void }> {
    const page = await token();
    app.close();
    ends = [];
    const tab = openSocket(app);
    let release = () => {};
    hold = new Promise((resolve) => (release = resolve));
    expect(tab.say(joinFrame(1, page))).toEqual([]);
    return { tab, release };
  }

  it("holds events back until it is done", async () => {
    const { tab, release } = await joining();
    expect(tab.say(eventFrame(1, 1, "inc"))).toEqual([]);
    expect(tab.say(formFrame(1, 2, "show", "a=b"))).toEqual([]);
    release();
    await vi.waitFor(() => expect(tab.peer.frames).toHaveLength(3));
    expectFrames(
      tab.peer.frames,
      ["j", 1, 1],
      ["p", 1, 2, 1, { 0: "1" }],
      ["p", 1, 3, 2, 0, { r: { a: "b" } }],
    );
  });

  it("keeps no more events than a view may have waiting", async () => {
    makeApp({ limits: { queuedEvents: 3 } });
    const { tab } = await joining();
    for (let ref = 1; ref <= 3; ref++) tab.say(eventFrame(1, ref, "inc"));
    const answer = tab.say(eventFrame(1, 4, "inc"));
    expect(answer).toEqual([["x", 1, "too_many", expect.stringContaining("more than 3 events")]]);
    expect(tab.peer.closed).toBeUndefined();
  });

  it.each([
    ["left", (tab: FakeSocket) => tab.say(leaveFrame(1))],
    ["closed", (tab: FakeSocket) => tab.socket.closed()],
  ])("ends the view if the client has %s in between", async (reason, go) => {
    const { tab, release } = await joining();
    go(tab);
    release();
    await vi.waitFor(() => expect(ends).toEqual([reason]));
    expect(tab.peer.frames).toEqual([]);
  });
});

describe("messages that a client must not send", () => {
  it.each([
    ["{", 4400],
    ["[]", 4400],
    ['["e",1,0,"inc",{}]', 4400],
    ['["j",1,{}]', 4400],
  ])("%.30s closes it, reported once, and its views end", async (text, code) => {
    const tab = await joined();
    tab.socket.message(text);
    expect(tab.peer.closed?.[0]).toBe(code);
    expect(Buffer.byteLength(tab.peer.closed?.[1] ?? "")).toBeLessThan(124);
    expect(ends).toEqual(["closed"]);
    expect(reports).toMatchObject([{ kind: "refused" }]);
    tab.socket.message(text);
    expect(reports).toHaveLength(1);
  });

  it.each([
    ["x".repeat(130 * 1024), "characters"],
    ["€".repeat(50 * 1024), "bytes"],
  ])(
    "send a message of too many %s: it loses the connection, and may come back for its views",
    async (text) => {
      const tab = await joined();
      tab.socket.message(`["e",1,1,"inc","${text}"]`);
      expect(tab.peer.closed).toEqual([1009, "a message may have 131072 bytes"]);
      expect(ends).toEqual([]);
      expect(reports).toMatchObject([{ kind: "refused" }]);
    },
  );

  it("send an event that is too large: it says so in its place, is answered, and the author hears of it", async () => {
    const tab = await joined();
    const before = tab.peer.frames.length;
    tab.socket.message(`["e",1,1,"ow:large",{"e":"show","s":200001}]`);
    const message = expect.stringContaining("has 200001 bytes, and 131072 are allowed (limits.messageSize)");
    const [answer] = tab.peer.frames.slice(before);
    expect(answer).toMatchObject(["p", 1, expect.any(Number), 1, 0, { x: { code: "too_large", message } }]);
    expect(reports).toMatchObject([{ kind: "refused", event: "show", view: expect.any(String), message }]);
  });

  it.each(["null", "[]", '"x"', '{"e":{"toString":1},"s":{}}', '{"e":"","s":1e400}', "{}"])(
    "say nonsense of an event that is too large: %s",
    async (payload) => {
      const tab = await joined();
      tab.socket.message(`["e",1,1,"ow:large",${payload}]`);
      expect(tab.peer.frames.at(-1)).toMatchObject(["p", 1, 2, 1, 0, { x: { code: "too_large" } }]);
      expect(tab.peer.closed).toBeUndefined();
    },
  );

  it("send a form with too many fields: it is refused, and nothing else happens", async () => {
    const tab = await joined();
    const before = tab.peer.frames.length;
    tab.socket.message(`["f",1,1,"show",${JSON.stringify("a=1&".repeat(1001))},{}]`);
    const [answer] = tab.peer.frames.slice(before);
    expect(answer).toMatchObject(["p", 1, expect.any(Number), 1, 0, { x: { code: "invalid_payload" } }]);
    expect(reports).toMatchObject([{ kind: "refused", event: "show", view: expect.any(String) }]);
    expect(tab.peer.closed).toBeUndefined();
  });

  it.each([
    ["a payload", `["e",1,1,"show",{"a":[{"__proto__":{"admin":true}}]}]`, "A payload has"],
    ["what comes with a form", `["f",1,1,"show","a=1",{"\\u005f_proto__":1}]`, "A form has"],
    ["a form", `["f",1,1,"show","a[__proto__][admin]=1",{}]`, "A form has"],
  ])("send a key __proto__ in %s: it is refused, and the author hears of it", async (_, text, message) => {
    const tab = await joined();
    tab.peer.take();
    tab.socket.message(text);
    const refusal = {
      code: "invalid_payload",
      message: `${message} the name "__proto__", which is refused everywhere.`,
    };
    expectFrames(tab.peer.take(), ["p", 1, expect.any(Number), 1, 0, { x: refusal }]);
    expect(reports).toMatchObject([{ kind: "refused", event: "show", message: refusal.message }]);
  });

  it("send a form that cannot be read for an event that waits: it is refused in its turn", async () => {
    const tab = await joined();
    tab.peer.bufferedAmount = 2 ** 21;
    tab.socket.message(`["e",1,1,"inc",{}]`);
    tab.socket.message(`["f",1,2,"show","a[__proto__]=1",{}]`);
    tab.socket.message(`["f",1,3,"show","a[]=1",{}]`);
    tab.peer.take();
    tab.peer.bufferedAmount = 0;
    tab.socket.drained();
    expect(tab.peer.take().map((frame) => [frame[3], frame[5]])).toMatchObject([
      [1, undefined],
      [2, { x: { code: "invalid_payload" } }],
      [3, { r: { a: ["1"] } }],
    ]);
  });

  it.each(["constructor", "toString", "valueOf", "hasOwnProperty", "__defineGetter__"])(
    "send a key %s, which is one like any other",
    async (name) => {
      const tab = await joined();
      tab.peer.take();
      const reply = { [name]: "x" };
      expectFrames(tab.say(eventFrame(1, 1, "show", reply)), [
        "p",
        1,
        expect.any(Number),
        1,
        0,
        { r: reply },
      ]);
      expectFrames(tab.say(formFrame(1, 2, "show", `${name}=x`)), [
        "p",
        1,
        expect.any(Number),
        2,
        0,
        { r: reply },
      ]);
      expectFrames(tab.say(formFrame(1, 3, "show", "", reply)), [
        "p",
        1,
        expect.any(Number),
        3,
        0,
        { r: reply },
      ]);
    },
  );

  it("join too many views", async () => {
    makeApp({ limits: { viewsPerConnection: 2 } });
    const tab = await joined([1, 2]);
    tab.say(joinFrame(2, await token()));
    const page = await token();
    const message = "A connection may have 2 views (limits.viewsPerConnection).";
    expect(tab.say(joinFrame(3, page))).toEqual([["x", 3, "too_many", message]]);
    expectFrames(tab.say(eventFrame(1, 1, "inc")), ["p", 1, 2, 1]);
    expect(tab.peer.closed).toBeUndefined();
    for (let more = 1; more < 20; more++) tab.say(joinFrame(3 + more, page));
    expect(tab.peer.closed).toBeUndefined();
    tab.say(joinFrame(3, page));
    expect(tab.peer.closed?.[0]).toBe(4429);
  });

  it("go on with what is refused: a few reports, then a count, and the connection is closed", async () => {
    const tab = await joined();
    for (let ref = 1; ref < 300; ref++) {
      expectFrames(tab.say(eventFrame(1, ref, "nothing")), ["p", 1, ref + 1, ref, 0]);
      expect(tab.peer.closed).toBeUndefined();
    }
    tab.say(eventFrame(1, 300, "nothing"));
    expect(tab.peer.closed?.[0]).toBe(4429);
    expect(reports.length).toBeLessThan(10);
    expect(reports.map(({ message }) => message).join()).toContain("295 more messages of a connection");
  });

  it("be silent for long, while those that speak go on", async () => {
    const [silent, speaking] = [await joined(), await joined()];
    silent.socket.closed();
    speaking.socket.closed();
    vi.useFakeTimers();
    const [quiet, loud] = [openSocket(app), openSocket(app)];
    for (let waited = 0; waited < 130_000 * 1.3; waited += 7_000) {
      vi.advanceTimersByTime(7_000);
      loud.say(heartbeatFrame);
    }
    expect(quiet.peer.closed?.[0]).toBe(4001);
    expect(loud.peer.closed).toBeUndefined();
    loud.socket.closed();
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe("a slow client", () => {
  it("gets nothing while its buffer is full, and the newest state when it has drained", async () => {
    const tab = await joined();
    tab.peer.bufferedAmount = 2 ** 21;
    expect(tab.say(heartbeatFrame)).toEqual([]);
    expect(tab.say(eventFrame(1, 1, "inc"))).toEqual([]);
    expect(tab.say(eventFrame(1, 2, "inc"))).toEqual([]);
    tab.socket.drained();
    expect(tab.peer.frames).toEqual([]);
    tab.peer.bufferedAmount = 0;
    tab.socket.drained();
    expectFrames(tab.peer.frames.slice(-1), ["p", 1, 3, 2, { 0: "2" }]);
  });

  it("is not sent refusals of forms while its buffer is full", async () => {
    makeApp({ limits: { queuedEvents: 3 } });
    const tab = await joined();
    tab.peer.bufferedAmount = 2 ** 21;
    const form = "&".repeat(2000);
    for (const ref of [1, 2, 3]) expect(tab.say(formFrame(1, ref, "show", form))).toEqual([]);
    tab.peer.bufferedAmount = 0;
    tab.socket.drained();
    const refusal = { x: { code: "invalid_payload", message: "A form has more than 1000 fields." } };
    expectFrames(
      tab.peer.take().slice(-3),
      ...[1, 2, 3].map((ref) => ["p", 1, expect.any(Number), ref, 0, refusal]),
    );
    tab.peer.bufferedAmount = 2 ** 21;
    for (const ref of [4, 5, 6]) expect(tab.say(formFrame(1, ref, "show", form))).toEqual([]);
    expect(tab.say(formFrame(1, 7, "show", form))).toMatchObject([["x", 1, "too_many", expect.any(String)]]);
  });

  it("cannot join on and on without reading", async () => {
    const tab = await joined();
    tab.peer.bufferedAmount = 2 ** 21;
    tab.say(joinFrame(2, await token()));
    expect(tab.peer.closed?.[0]).toBe(4429);
  });
});

describe("whatever comes", () => {
  const json = fc.jsonValue({ maxDepth: 2 });
  const number = fc.oneof(fc.constantFrom(1, 2, 0, -1, 1.5, 1e99), json);
  const frame = fc.oneof(
    fc.tuple(
      fc.constant("e"),
      number,
      number,
      fc.oneof(fc.constantFrom("inc", "show", "boom", "render", "__proto__", "constructor"), json),
      json,
    ),
    fc.tuple(
      fc.constant("f"),
      number,
      number,
      fc.oneof(fc.constant("show"), json),
      fc.oneof(fc.string(), json),
      json,
    ),
    fc.tuple(
      fc.constant("j"),
      number,
      fc.oneof(fc.record({ token: fc.string(), url: fc.string(), params: json }), json),
    ),
    fc.tuple(fc.constantFrom("l", "h", "x", "p"), number),
    fc.array(json),
  );
  /** A frame as it is, or with a piece of its text changed. */
  const message = fc.oneof(
    frame.map((frame) => JSON.stringify(frame)),
    fc.tuple(frame, fc.nat(), fc.string({ maxLength: 4 })).map(([frame, at, other]) => {
      const text = JSON.stringify(frame);
      const cut = at % (text.length + 1);
      return text.slice(0, cut) + other + text.slice(cut + 2);
    }),
    fc.string(),
  );

  it("nothing is thrown, and a view on another socket is not disturbed", async () => {
    const neighbour = await joined();
    let ref = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(message, { maxLength: 10 }), async (messages) => {
        const tab = await joined([1, 2]);
        for (const text of messages) tab.socket.message(text);
        tab.socket.closed();
        expectFrames(neighbour.say(eventFrame(1, ++ref, "inc")), ["p", 1, ref + 1, ref, { 0: String(ref) }]);
      }),
      { numRuns: 300 },
    );
    expect(Object.keys(Object.prototype)).toEqual([]);
  });
});
