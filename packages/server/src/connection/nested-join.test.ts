import type { ServerFrame } from "@overwire/client/wire";
import { expectFrames, openSocket, tokensIn, visitorCookie } from "@overwire/test-support/fake-socket";
import { eventFrame, joinFrame, leaveFrame } from "@overwire/test-support/frames";
import { beforeEach, describe, expect, it } from "vitest";
import type { OverwireApp } from "../app/overwire-app.ts";
import { createApp } from "../app.ts";
import type { Report } from "../runtime/services.ts";
import { html } from "../template/html.ts";
import { LiveView } from "../view/live-view.ts";
import type { EndReason } from "../view/view-host.ts";

const secret = "s".repeat(32);

let ends: [view: string, reason: EndReason][] = [];
let reports: Report[] = [];
let mounts = 0;
/** Action of the nested view while it mounts. */
let atMount: ((view: Inner) => void | Promise<void>) | undefined;

abstract class Noted extends LiveView {
  override terminate(reason: EndReason) {
    ends.push([this.constructor.name, reason]);
  }
}

class Inner extends Noted {
  count = 0;
  inc = this.event(() => {
    this.count++;
  });
  boom = this.event(() => {
    throw new Error("boom");
  });
  override mount() {
    mounts++;
    return atMount?.(this);
  }
  override render() {
    return html`<i>${this.count}</i>`;
  }
}

class Page extends Noted {
  shows = this.params.hidden === undefined;
  show = this.event(() => {
    this.shows = true;
  });
  override render() {
    return html`<main>${this.shows && html`<${Inner} id="inner" />`}</main>`;
  }
}

class Sticking extends Noted {
  override render() {
    return html`<main><${Inner} id="player" sticky /></main>`;
  }
}

class Bare extends Noted {
  override render() {
    return html`<main>bare</main>`;
  }
}

function makeApp() {
  const app = createApp({ secret, report: (report) => reports.push(report) });
  app.live("/", Page);
  app.live("/a", Sticking);
  app.live("/b", Sticking);
  app.live("/bare", Bare);
  return app;
}

/** The container of a nested view with some props, as a page shows it. */
async function container(props: object): Promise<string> {
  class Around extends LiveView {
    override render() {
      return html`<${Inner} id="c" ...${props} />`;
    }
  }
  const app = createApp({ secret, report: (report) => reports.push(report) });
  app.live("/", Around);
  const page = await paint(app, "/");
  return /<div id="c" data-ow-view="[^"]*"([^>]*)>/.exec(page)?.[1] ?? page;
}

describe("the container of a nested view", () => {
  it.each([
    [{ class: ["one", false, "two", { three: true, four: 0 }] }, ' class="one two three"'],
    [{ class: { on: true } }, ' class="on"'],
    [{ class: new Set(["a", "b"]) }, ' class="a b"'],
    [{ class: [] }, ""],
    [
      { style: { color: "red", backgroundColor: "blue", "--gap": "1px", top: null } },
      ' data-ow-style="color: red; background-color: blue; --gap: 1px"',
    ],
    [
      { style: "color: red", role: "main", tabindex: 0 },
      ' data-ow-style="color: red" role="main" tabindex="0"',
    ],
    [
      { "data-at": new URL("http://a/"), "aria-busy": true, "data-off": false },
      ' data-at="http://a/" aria-busy',
    ],
  ])("shows %j as any element does", async (props, attributes) => {
    expect(await container(props)).toBe(attributes);
  });

  it.each([
    [{ style: ["color: red"] }, "An array cannot be the value of style."],
    [{ "data-x": { a: 1 } }, "An object cannot be the value of data-x."],
    [{ "data-ow-view": "x" }, "names that begin with data-ow- are Overwire's own"],
    [{ onclick: "x" }, "A nested view takes id, sticky, session, class"],
  ])("refuses %j", async (props, message) => {
    reports = [];
    await container(props);
    expect(String(reports[0]?.error)).toContain(message);
  });
});

const tokensOfFrames = (frames: readonly ServerFrame[]) =>
  tokensIn(JSON.stringify(frames).replaceAll('\\"', '"').replaceAll("&quot;", '"'));

async function paint(app: OverwireApp, path: string): Promise<string> {
  return (await app.request(path, { headers: { cookie: visitorCookie() } })).text();
}

/** A tab with the page under view 1, and its nested view under 2. */
async function open(app: OverwireApp, path = "/") {
  const [token = "", nested = ""] = tokensIn(await paint(app, path));
  const tab = openSocket(app);
  await tab.ask(joinFrame(1, token, { url: path }));
  const joinNested = (view: number) => tab.ask(joinFrame(view, nested, { url: path }));
  expectFrames(await joinNested(2), ["j", 2, 1]);
  return { ...tab, token, nested, joinNested };
}

beforeEach(() => {
  ends = [];
  reports = [];
  mounts = 0;
  atMount = undefined;
});

describe("a nested view", () => {
  it("is painted with its page, joined by a token of its own, and mounts once", async () => {
    const app = makeApp();
    expect(await paint(app, "/")).toMatch(
      /<main><div id="inner" data-ow-view="[^"]+"><i>0<\/i><\/div><\/main>/,
    );
    mounts = 0;
    const tab = await open(app);
    expectFrames(await tab.ask(eventFrame(2, 1, "inc")), ["p", 2, 2, 1, { 0: "1" }]);
    expect(mounts).toBe(1);
    expect(reports).toEqual([]);
  });

  it("that appears later is joined by the token that comes with it", async () => {
    const app = makeApp();
    const [token] = tokensIn(await paint(app, "/?hidden"));
    const tab = openSocket(app);
    await tab.ask(joinFrame(1, token, { url: "/?hidden" }));
    const [nested] = tokensOfFrames(await tab.ask(eventFrame(1, 1, "show")));
    expectFrames(await tab.ask(joinFrame(2, nested, { url: "/?hidden" })), ["j", 2, 1]);
  });

  it("has one client: who presents its token again is refused, and it goes on", async () => {
    const tab = await open(makeApp());
    expectFrames(await tab.joinNested(3), ["x", 3, "closed"]);
    const other = openSocket(makeApp());
    expectFrames(await other.ask(joinFrame(1, tab.nested)), ["x", 1, "closed"]);
    expectFrames(await tab.ask(eventFrame(2, 1, "inc")), ["p", 2, 2, 1, { 0: "1" }]);
  });

  it("that crashed mounts again under its token; the page around it does not notice", async () => {
    const tab = await open(makeApp());
    const page = tab.socket.process(1);
    expectFrames(await tab.ask(eventFrame(2, 1, "boom")), ["x", 2, "crashed"]);
    expectFrames(await tab.joinNested(3), ["j", 3, 1]);
    expect(mounts).toBe(2);
    expectFrames(await tab.ask(eventFrame(3, 1, "inc")), ["p", 3, 2, 1, { 0: "1" }]);
    expect([tab.socket.process(1), page?.ended]).toEqual([page, false]);
  });

  it("with a container that left the page and is back mounts anew, and ends with its page", async () => {
    const tab = await open(makeApp());
    tab.send(leaveFrame(2));
    expectFrames(await tab.joinNested(3), ["j", 3, 1]);
    expectFrames(await tab.ask(eventFrame(3, 1, "inc")), ["p", 3, 2, 1, { 0: "1" }]);
    // The page shows the same container as before.
    expect(tokensOfFrames(await tab.ask(eventFrame(1, 1, "show")))).toEqual([]);
    expect([mounts, ends]).toEqual([2, [["Inner", "left"]]]);
    tab.send(leaveFrame(1));
    expect(
      ends
        .slice(1)
        .map(([view]) => view)
        .toSorted(),
    ).toEqual(["Inner", "Page"]);
    expectFrames(await tab.joinNested(4), ["x", 4, "closed"]);
  });

  it("may fail to mount several times, and is told of each time", async () => {
    const tab = await open(makeApp());
    await tab.ask(eventFrame(2, 1, "boom"));
    reports = [];
    for (const fail of [
      () => Promise.reject(new Error("later")),
      () => {
        throw new Error("now");
      },
    ]) {
      atMount = fail;
      expectFrames(await tab.joinNested(3), ["x", 3, "crashed"]);
    }
    expect(reports).toMatchObject([
      { kind: "crash", view: "Inner", event: "mount" },
      { kind: "crash", view: "Inner", event: "mount" },
    ]);
    atMount = undefined;
    expectFrames(await tab.joinNested(3), ["j", 3, 1]);
  });

  it("that fails when it appears in a live page can be joined again too, and is told of", async () => {
    const app = makeApp();
    const [token] = tokensIn(await paint(app, "/?hidden"));
    const tab = openSocket(app);
    await tab.ask(joinFrame(1, token, { url: "/?hidden" }));
    atMount = () => {
      throw new Error("now");
    };
    const [nested] = tokensOfFrames(await tab.ask(eventFrame(1, 1, "show")));
    atMount = undefined;
    expectFrames(await tab.ask(joinFrame(2, nested, { url: "/?hidden" })), ["j", 2, 1]);
    expect(reports).toMatchObject([{ kind: "crash", view: "Inner", event: "mount" }]);
  });

  it("that goes elsewhere when it mounts again takes the page along", async () => {
    const tab = await open(makeApp());
    await tab.ask(eventFrame(2, 1, "boom"));
    atMount = (view) => view.pushNavigate("/bare");
    expectFrames(await tab.joinNested(3), [
      "x",
      3,
      "redirected",
      expect.any(String),
      ["navigate", "/bare", 0],
    ]);
  });

  it.each([
    ["at once", (view: Inner) => view.redirect("/thermo")],
    ["later", async (view: Inner) => view.pushNavigate("/thermo")],
  ])("that goes elsewhere %s while it is painted redirects the page", async (_when, go) => {
    atMount = go;
    const response = await makeApp().request("/", { headers: { cookie: visitorCookie() } });
    expect([response.status, response.headers.get("location")]).toEqual([302, "/thermo"]);
    expect(ends).toContainEqual(["Page", "redirected"]);
  });

  it("that throws while it is painted is the page's 500", async () => {
    atMount = async () => {
      throw new Error("broken");
    };
    expect((await makeApp().request("/")).status).toBe(500);
    expect(ends).toContainEqual(["Page", "crashed"]);
  });

  it("of a page that is gone is there no more", async () => {
    const app = makeApp();
    const tab = await open(app);
    tab.socket.closed();
    expect(ends).toEqual(
      expect.arrayContaining([
        ["Page", "closed"],
        ["Inner", expect.any(String)],
      ]),
    );
    expectFrames(await openSocket(app).ask(joinFrame(1, tab.nested)), ["x", 1, "closed"]);
  });

  it("is no page: its token does not lead to the page's view, nor the other way round", async () => {
    const app = makeApp();
    const [token, nested] = tokensIn(await paint(app, "/"));
    app.close();
    expectFrames(await openSocket(app).ask(joinFrame(1, nested)), ["x", 1, "closed"]);
    expectFrames(await openSocket(app).ask(joinFrame(1, token)), ["j", 1, 1]);
  });
});

describe("a sticky view", () => {
  const navigate = async (tab: Awaited<ReturnType<typeof open>>, view: number, url: string) => {
    tab.send(leaveFrame(view - 2 || 1));
    return tab.ask(joinFrame(view, tab.token, { url, navigate: true }));
  };

  it("stays as it is when the page goes to another one that has it, and ends with the connection", async () => {
    const tab = await open(makeApp(), "/a");
    await tab.ask(eventFrame(2, 1, "inc"));
    const sticky = tab.socket.process(2);
    tab.send(leaveFrame(1));
    const frames = await tab.ask(joinFrame(3, tab.token, { url: "/b", navigate: true }));
    expectFrames(frames, ["j", 3, 1]);
    expect(tokensOfFrames(frames)).toHaveLength(1);
    expect([tab.socket.process(2), sticky?.ended, mounts]).toEqual([sticky, false, 1]);
    expectFrames(await tab.ask(eventFrame(2, 2, "inc")), ["p", 2, 3, 2, { 0: "2" }]);
    tab.socket.closed();
    expect(ends).toContainEqual(["Inner", "closed"]);
  });

  it("is made anew if it ended in between", async () => {
    const tab = await open(makeApp(), "/a");
    tab.send(leaveFrame(2));
    const [nested] = tokensOfFrames(await navigate(tab, 3, "/b"));
    expectFrames(await tab.ask(joinFrame(4, nested, { url: "/b" })), ["j", 4, 1]);
    expect(mounts).toBe(2);
  });

  it("is found again after it crashed and came back", async () => {
    const tab = await open(makeApp(), "/a");
    await tab.ask(eventFrame(2, 1, "boom"));
    await tab.joinNested(2);
    const sticky = tab.socket.process(2);
    await navigate(tab, 3, "/b");
    expect([tab.socket.process(2), sticky?.ended, mounts]).toEqual([sticky, false, 2]);
  });

  it("is not handed to another connection", async () => {
    const app = makeApp();
    const [one, two] = [await open(app, "/a"), await open(app, "/a")];
    await navigate(two, 3, "/b");
    expect(one.socket.process(2)).not.toBe(two.socket.process(2));
    expect(mounts).toBe(2);
  });
});
