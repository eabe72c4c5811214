/**
 * The client as a whole, against a server that the test plays: views, navigation, lost connections, forms.
 */

import { useFakeTimers } from "@overwire/test-support/fake-timers";
import { fakeWebSockets } from "@overwire/test-support/fake-web-socket";
import { testWindow } from "@overwire/test-support/test-window";
import { describe, expect, test, vi } from "vitest";
import { LiveSocket } from "./live-socket.ts";
import type { LiveSocketOptions } from "./page/options.ts";
import { END, JOIN, LEAVE, NAVIGATE, PATCH } from "./wire/constants.ts";
import type { ClientFrame } from "./wire/frames.ts";

useFakeTimers({ jitter: false });

/** As a server makes them: data in the clear, and a signature, which differs from time to time for the same process. */
const token = (viewProcess: string, signature = "s") =>
  `${Buffer.from(JSON.stringify([9, [viewProcess, "/", "default"]])).toString("base64url")}.${signature}`;

const container = (id: string, attributes = "", html = "", own = token(id)) =>
  `<div id="${id}" data-ow-view="${own}" ${attributes}>${html}</div>`;

/** Lets what was promised happen. */
const turn = () => vi.advanceTimersByTimeAsync(0);

/** A page with the view `main`, and the other end of its socket. */
async function page(
  html: string,
  { options = {}, head = "", attributes = "", url = "/a" } = {} as {
    options?: Partial<LiveSocketOptions>;
    head?: string;
    attributes?: string;
    url?: string;
  },
) {
  const {
    win,
    document,
    errors,
    loads,
    $: find,
  } = testWindow(container("main", `class="own" ${attributes}`, html), `http://localhost${url}`);
  document.head.innerHTML = head;
  const scrolls: number[] = [];
  win.scrollTo = ((_x: number, y: number) => scrolls.push(y)) as unknown as typeof win.scrollTo;

  const heard: [string, unknown][] = [];
  for (const type of ["before-navigate", "navigate", "page-loading-start", "page-loading-stop", "hello"])
    win.addEventListener(`phx:${type}`, (event) => heard.push([type, (event as CustomEvent).detail]));

  const { connection, WebSocket } = fakeWebSockets({ answersHeartbeats: true });
  const socket = new LiveSocket({ window: win, WebSocket, ...options });
  let templates = 0;
  let count = 0;
  /** A tree that is nothing but HTML, and the statics that it needs. */
  const tree = (html: string) => {
    const number = ++templates;
    return { tree: [number], s: { [number]: [html] } };
  };
  const receive = async (...frame: unknown[]) => {
    connection().receive(frame);
    await turn();
  };
  const self = {
    win,
    document,
    socket,
    errors,
    loads,
    scrolls,
    heard,
    find,
    main: () => document.body.firstElementChild as HTMLElement,
    events: (type: string) => heard.flatMap(([each, detail]) => (each === type ? [detail] : [])),
    /** Frames of the client since the last call. */
    sent: () => connection().sent.splice(0),
    receive,
    async open() {
      connection().open();
      await turn();
    },
    async lose() {
      connection().lose();
      await turn();
    },
    /** Loses the connection, waits until the client tries again, and lets it. */
    async reopen() {
      await self.lose();
      await vi.advanceTimersByTimeAsync(100);
      await self.open();
    },
    async joined(view: number, html: string, extras = {}) {
      const { tree: full, s } = tree(html);
      await receive(JOIN, view, ++count, full, { s, ...extras });
    },
    /** A patch that makes all of it new; without HTML nothing changes. */
    async patch(view: number, ref: number, html?: string, extras = {}) {
      const { tree: full, s } = tree(html ?? "");
      await receive(PATCH, view, ++count, ref, html === undefined ? 0 : full, { s, ...extras });
    },
    end: (view: number, code: string, to?: unknown) =>
      receive(END, view, code, `${code}!`, ...(to ? [to] : [])),
    async click(selector: string, init: object = {}) {
      const event = Object.assign(new win.Event("click", { bubbles: true, cancelable: true }), init);
      document.querySelector(selector)?.dispatchEvent(event);
      await turn();
      return event.defaultPrevented;
    },
    async travel(by: number) {
      win.history.go(by);
      await turn();
    },
  };
  socket.connect();
  await self.open();
  return self;
}

/** A page whose view is joined. */
async function joined(html: string, given: Parameters<typeof page>[1] = {}) {
  const self = await page(html, given);
  await self.joined(1, html);
  self.sent();
  self.heard.splice(0);
  return self;
}

const joins = (frames: readonly ClientFrame[]) =>
  frames.flatMap((frame) => (frame[0] === JOIN ? [[frame[1], frame[2]] as const] : []));
const kinds = (frames: readonly ClientFrame[]) => frames.map(([kind, view]) => `${kind}${view}`);

describe("a view", () => {
  test("is joined with its token, the page's URL and params, which may be a function", async () => {
    let asked = 0;
    const { sent, main } = await page("", {
      url: "/a?b=c#d",
      options: { params: () => ({ asked: ++asked }) },
    });
    const own = main().getAttribute("data-ow-view");
    expect(sent()).toEqual([
      [JOIN, 1, { token: own, url: "http://localhost/a?b=c", params: { asked: 1 }, attempt: 1 }],
    ]);
  });

  test("has its state in classes, beside its own", async () => {
    const { main, joined } = await page("");
    expect(main().className).toBe("own phx-loading");
    await joined(1, "");
    expect(main().className).toBe("own phx-connected");
  });

  test("is joined under a new token after navigation, and goes on being known by its number", async () => {
    const { joined, main, reopen, sent } = await page("");
    const next = token("main");
    await joined(1, "", { k: next });
    expect(main().getAttribute("data-ow-view")).toBe(next);
    sent();
    await reopen();
    expect(joins(sent())).toMatchObject([[1, { token: next }]]);
  });

  test("a first load tells when it is done", async () => {
    const { heard, joined } = await page("");
    expect(heard).toEqual([["page-loading-start", { kind: "initial", to: "http://localhost/a" }]]);
    await joined(1, "");
    expect(heard[1]?.[0]).toBe("page-loading-stop");
  });

  test("pushes events to the page, after what changed with them", async () => {
    const { win, joined, patch, main } = await page("");
    const seen: unknown[] = [];
    win.addEventListener("phx:hello", (event) =>
      seen.push((event as CustomEvent).detail, main().textContent),
    );
    await joined(1, "one", { e: [["hello", 1]] });
    await patch(1, 0, "two", { e: [["hello", 2]] });
    await patch(1, 0, undefined, { e: [["hello", 3]] });
    expect(seen).toEqual([1, "one", 2, "two", 3, "two"]);
  });
});

describe("events", () => {
  const html = `<button phx-click="go">x</button><p></p>`;

  test("show that they are awaited, and their element is left alone until then", async () => {
    const { click, find, sent, patch, socket } = await joined(html);
    await click("button");
    expect(sent()).toEqual([["e", 1, 1, "go", {}]]);
    expect([find("button").className, socket.idle]).toEqual(["phx-click-loading", false]);
    await patch(1, 0, `<button phx-click="go">older</button><p>older</p>`);
    expect([find("button").textContent, find("p").textContent]).toEqual(["x", "older"]);
    await patch(1, 1, `<button phx-click="go">answer</button><p>answer</p>`);
    expect([find("button").outerHTML, socket.idle]).toEqual([`<button phx-click="go">answer</button>`, true]);
  });

  test("that change nothing unlock their element all the same", async () => {
    const { click, find, patch } = await joined(html);
    await click("button");
    await patch(1, 0, `<button phx-click="go">older</button>`);
    await patch(1, 1);
    expect(find("button").outerHTML).toBe(`<button phx-click="go">older</button>`);
  });

  test("that are refused say why, and take back what was shown in advance", async () => {
    const commands = JSON.stringify([
      ["push", { event: "go", optimistic: [["addClass", { names: ["on"] }]] }],
    ]).replaceAll('"', "&quot;");
    const { click, find, patch, errors } = await joined(`<button phx-click="${commands}">x</button>`);
    await click("button");
    expect(find("button").className).toContain("on");
    await patch(1, 1, undefined, { x: { code: "unknown_event", message: "there is no go" } });
    expect(find("button").className).toBe("");
    expect(errors).toEqual(["Overwire: there is no go"]);
  });

  test("may show that the page is loading, until they are answered or refused", async () => {
    const commands = JSON.stringify([["push", { event: "go", pageLoading: true }]]).replaceAll('"', "&quot;");
    const { click, find, heard, end } = await joined(`<button phx-click="${commands}">x</button>`);
    await click("button");
    expect(heard).toEqual([["page-loading-start", { kind: "element", target: find("button") }]]);
    await end(1, "crashed");
    expect(heard[1]).toEqual(["page-loading-stop", { kind: "element", target: find("button") }]);
  });

  test("of a page that is not joined yet wait for that", async () => {
    const { click, sent, joined } = await page(html);
    await click("button");
    expect(kinds(sent())).toEqual(["j1"]);
    await joined(1, html);
    expect(sent()).toEqual([["e", 1, 1, "go", {}]]);
  });
});

describe("nested views", () => {
  test("are joined when the view around them is, and left when it takes them away", async () => {
    const inner = container("inner", "", "<b></b>");
    const { sent, joined, patch, find } = await page(inner);
    expect(kinds(sent())).toEqual(["j1"]);
    await joined(1, inner);
    expect(kinds(sent())).toEqual(["j2"]);
    await joined(2, "<b>in</b>");
    expect(find("#inner").innerHTML).toBe("<b>in</b>");
    await patch(1, 0, container("other"));
    expect(kinds(sent()).sort()).toEqual(["j3", "l2"]);
  });

  test("keep their content when the view around them changes", async () => {
    const inner = container("inner");
    const { joined, patch, find, sent } = await page(inner);
    await joined(1, inner);
    await joined(2, "<b>in</b>");
    sent();
    await patch(1, 0, `<p>more</p>${inner}`);
    expect([find("#inner").innerHTML, sent()]).toEqual(["<b>in</b>", []]);
  });

  test("that crash are joined again; the one around them is not", async () => {
    const inner = container("inner");
    const { joined, end, sent, main, find } = await page(inner);
    await joined(1, inner);
    await joined(2, "<b>in</b>");
    sent();
    await end(2, "crashed");
    await vi.advanceTimersByTimeAsync(100);
    const [[number = 0, request] = []] = joins(sent());
    expect(request?.token).toBe(find("#inner").getAttribute("data-ow-view"));
    await joined(number, "<b>again</b>");
    expect(find("b").textContent).toBe("again");
    expect(main().className).toBe("own phx-connected");
  });

  test("that cannot be joined are given up at the third attempt, without an error to see", async () => {
    const inner = container("inner");
    const { joined, end, sent, find, socket, loads } = await page(inner, {
      options: { reconnectingAfter: 0 },
    });
    await joined(1, inner);
    for (let attempt = 1; attempt <= 3; attempt++) {
      const [[number = 0] = []] = joins(sent()).slice(-1);
      expect(number).toBeGreaterThan(1);
      await end(number, "crashed");
      await vi.advanceTimersByTimeAsync(5000);
    }
    await vi.advanceTimersByTimeAsync(30_000);
    expect(joins(sent())).toEqual([]);
    expect([find("#inner").hasAttribute("data-ow-state"), socket.idle, loads]).toEqual([false, true, []]);
  });

  test("of a view that crashed are others' when it is joined again: so they are joined anew", async () => {
    const { joined, end, sent } = await page(container("inner"));
    await joined(1, container("inner"));
    const [[first = 0] = []] = joins(sent()).slice(-1);
    await joined(first, "");
    await end(1, "crashed");
    await vi.advanceTimersByTimeAsync(100);
    sent();
    await joined(1, container("inner", "", "", token("inner2")));
    const [[second = 0, request] = []] = joins(sent());
    expect(second).not.toBe(first);
    expect(request?.token).toBe(token("inner2"));
  });

  test("after a lost connection wait for the one around them once more", async () => {
    const { joined, reopen, sent } = await page(container("inner"));
    await joined(1, container("inner"));
    await joined(2, "");
    await reopen();
    expect(kinds(sent())).toEqual(["j1"]);
    await joined(1, container("inner"));
    expect(joins(sent())).toHaveLength(1);
  });

  test("speak of the whole page: their patch is one of the page's view", async () => {
    const inner = container("inner");
    const { joined, patch, sent } = await page(inner);
    await joined(1, inner);
    await joined(2, "");
    sent();
    await patch(2, 0, undefined, { n: ["patch", "/a?x=1", 0] });
    expect(sent()).toEqual([[NAVIGATE, 1, 1, "http://localhost/a?x=1"]]);
  });

  test("have what is shown elsewhere: a portal in another view is none of that view's", async () => {
    const portal = `<div id="portal" data-ow-portal="#target"><button phx-click="go"></button></div>`;
    const html = `<div id="target"></div>${container("inner", "", portal)}`;
    const { joined, click, sent, find } = await page(html);
    await joined(1, html);
    await joined(2, portal);
    expect(find("#target #portal")).not.toBeNull();
    sent();
    await click("#portal button");
    expect(sent()).toEqual([["e", 2, 1, "go", {}]]);
  });
});

describe("a lost connection", () => {
  const html = `<p id="off" style="display:none" phx-disconnected="${JSON.stringify([["show", {}]]).replaceAll('"', "&quot;")}"
    phx-connected="${JSON.stringify([["hide", {}]]).replaceAll('"', "&quot;")}"></p>`;

  test("shows after two seconds, and no more when the view is joined again", async () => {
    const { lose, open, joined: join, main, find } = await joined(html);
    await lose();
    await vi.advanceTimersByTimeAsync(1900);
    expect([main().className, main().hasAttribute("data-ow-state")]).toEqual(["own phx-connected", false]);
    await vi.advanceTimersByTimeAsync(200);
    expect(main().getAttribute("data-ow-state")).toBe("reconnecting");
    expect([...main().classList]).toEqual(["own", "phx-loading", "phx-error", "phx-client-error"]);
    expect(find("#off").style.display).not.toBe("none");
    await open();
    await join(1, html);
    expect([main().className, main().hasAttribute("data-ow-state")]).toEqual(["own phx-connected", false]);
    expect(find("#off").style.display).toBe("none");
  });

  test("that is short shows nothing, but hooks are told: what they had of the server is out of date", async () => {
    const told: string[] = [];
    const Hook = {
      disconnected: () => void told.push("disconnected"),
      reconnected: () => void told.push("reconnected"),
    };
    const html = `<i id="i" phx-hook="Hook"></i>`;
    const { reopen, joined: join, main } = await joined(html, { options: { hooks: { Hook } } });
    const classes: string[] = [];
    await reopen();
    classes.push(main().className);
    await join(1, html);
    await vi.advanceTimersByTimeAsync(10_000);
    classes.push(main().className);
    expect(classes).toEqual(["own phx-connected", "own phx-connected"]);
    expect(told).toEqual(["disconnected", "reconnected"]);
  });

  test("is told apart from a crash", async () => {
    const { end, main } = await joined("");
    await end(1, "crashed");
    await vi.advanceTimersByTimeAsync(40);
    expect(main().className).toBe("own phx-connected");
    await vi.advanceTimersByTimeAsync(3000);
    expect([...main().classList]).toEqual(["own", "phx-loading", "phx-error", "phx-server-error"]);
  });

  test("rejects what awaits an answer once the view is mounted anew, and takes back what showed it", async () => {
    const button = `<button phx-click="go">x</button>`;
    const { click, reopen, joined: join, find } = await joined(button);
    await click("button");
    await reopen();
    expect(find("button").className).toBe("phx-click-loading");
    await join(1, button);
    expect(find("button").outerHTML).toBe(button);
  });

  test("shows nothing while the page is left", async () => {
    const { patch, lose, main, loads } = await joined("");
    await patch(1, 0, undefined, { n: ["redirect", "/plain", 0] });
    await lose();
    await vi.advanceTimersByTimeAsync(5000);
    expect([main().hasAttribute("data-ow-state"), loads]).toEqual([false, ["assign http://localhost/plain"]]);
  });
});

describe("forms across a lost connection", () => {
  const field = (name: string, value: string, more = "") => `<input name="${name}" value="${value}"${more}>`;
  const form = (attributes: string, fields: string) => `<form ${attributes}>${fields}</form>`;
  const fields = field("a", "foo") + field("b", "bar");

  async function recovered(attributes: string, html = fields, now = form(attributes, html)) {
    const self = await joined(form(attributes, html));
    const b = self.find("[name=b]");
    if (b) {
      b.value = "typed";
      b.dispatchEvent(new self.win.Event("input", { bubbles: true }));
      await turn();
    }
    self.sent();
    await self.reopen();
    self.sent();
    await self.joined(1, now);
    return { ...self, events: self.sent() };
  }

  test("send the user's input, with the marks of untouched fields", async () => {
    const { events, find, patch } = await recovered(`id="f" phx-change="validate"`);
    expect(events).toEqual([
      ["f", 1, expect.any(Number), "validate", "_unused_a=&a=foo&b=typed", { _target: "a" }],
    ]);
    expect(find("[name=b]").value).toBe("typed");
    const now = form(`id="f" phx-change="validate"`, field("a", "foo") + field("b", "server's"));
    await patch(1, Number(events[0]?.[2]), now);
    expect(find("[name=b]").value).toBe("server's");
  });

  test.each([
    ["without an id", `phx-change="validate"`, fields],
    ["without a change event", `id="f"`, fields],
    ["that are not to be", `id="f" phx-change="validate" phx-auto-recover="ignore"`, fields],
    ["without fields", `id="f" phx-change="validate"`, ""],
  ])("%s are not recovered", async (_, attributes, html) => {
    expect((await recovered(attributes, html)).events).toEqual([]);
  });

  test("are not on the first join", async () => {
    const html = form(`id="f" phx-change="validate"`, fields);
    const { joined: join, sent } = await page(html);
    sent();
    await join(1, html);
    expect(sent()).toEqual([]);
  });

  test("that are others now are not recovered, and are as the server says", async () => {
    const now = form(`id="f" phx-change="other"`, field("a", "new"));
    const { events, find } = await recovered(`id="f" phx-change="validate"`, fields, now);
    expect([events, find("form").outerHTML]).toEqual([[], now]);
  });

  test("have a recovery of their own", async () => {
    const { events } = await recovered(`id="f" phx-change="validate" phx-auto-recover="recover"`);
    expect(events).toMatchObject([["f", 1, expect.any(Number), "recover", "_unused_a=&a=foo&b=typed", {}]]);
  });

  test("go to the same component under its new number", async () => {
    const change = (target: number) =>
      `id="f" phx-change="${JSON.stringify([["push", { event: "validate", target }]]).replaceAll('"', "&quot;")}"`;
    const { events } = await recovered(change(3), fields, form(change(7), fields));
    expect(events).toMatchObject([
      ["f", 1, expect.any(Number), "validate", "_unused_a=&a=foo&b=typed", { _target: "a" }, 7],
    ]);
  });

  test("may be bound to commands", async () => {
    const commands = JSON.stringify([
      ["addClass", { names: ["on"] }],
      ["push", { event: "validate" }],
    ]);
    const { events } = await recovered(`id="f" phx-change="${commands.replaceAll('"', "&quot;")}"`);
    expect(events).toMatchObject([["f", 1, expect.any(Number), "validate", "_unused_a=&a=foo&b=typed", {}]]);
  });

  test("leave out what is disabled", async () => {
    const html = `${fields}<fieldset disabled>${field("c", "1")}</fieldset>`;
    const { events } = await recovered(`id="f" phx-change="validate"`, html);
    expect(events[0]?.[4]).toBe("_unused_a=&a=foo&b=typed");
  });

  test("keep the focus", async () => {
    const html = form(`id="f" phx-change="validate"`, fields);
    const { find, document, reopen, joined: join } = await joined(html);
    find("[name=b]").focus();
    await reopen();
    await join(1, html);
    expect(document.activeElement).toBe(find("[name=b]"));
  });

  test("of nested views are recovered too", async () => {
    const html = form(`id="f" phx-change="validate"`, fields);
    const { find, win, reopen, joined: join, sent } = await page(container("inner", "", html));
    await join(1, container("inner"));
    await join(2, html);
    find("[name=b]").value = "typed";
    find("[name=b]").dispatchEvent(new win.Event("input", { bubbles: true }));
    await reopen();
    await join(1, container("inner", "", "", token("inner2")));
    const [[number = 0] = []] = joins(sent()).slice(-1);
    await join(number, html);
    expect(sent()).toMatchObject([
      ["f", number, expect.any(Number), "validate", "_unused_a=&a=foo&b=typed", {}],
    ]);
    expect(find("[name=b]").value).toBe("typed");
  });

  test("at which the view crashes are not sent again and again", async () => {
    const html = form(`id="f" phx-change="validate"`, fields);
    const { end, joined: join, sent } = await recovered(`id="f" phx-change="validate"`);
    await end(1, "crashed");
    await vi.advanceTimersByTimeAsync(100);
    sent();
    await join(1, html);
    expect(sent()).toEqual([]);
  });

  test("are handed to the browser if the view says so, once", async () => {
    const { win, patch, socket } = await joined("");
    const submitted: unknown[] = [];
    win.HTMLFormElement.prototype.submit = function () {
      submitted.push(this.id);
    };
    await patch(1, 0, form(`id="f" action="/login" phx-trigger-action`, fields));
    expect([submitted, socket.connected]).toEqual([["f"], false]);
  });
});

describe("live patches", () => {
  const html = `<a id="patch" href="/a?p=1" data-ow-link="patch"><b></b></a>
    <a id="replace" href="/a?p=2" data-ow-link="patch" data-ow-replace></a>
    <a id="blank" href="/a?p=3" data-ow-link="patch" target="_BLANK"></a><a id="load" href="/a?p=3" data-ow-link="patch" download></a>
    <a id="away" href="http://else.where/" data-ow-link="patch"></a><a id="hash" href="#there" data-ow-link="patch"></a>
    <p id="there"></p>`;

  test("ask the view first; the URL follows what it shows", async () => {
    const { click, sent, patch, win, heard } = await joined(html);
    const { length } = win.history;
    expect(await click("#patch b")).toBe(true);
    expect([sent(), win.location.href]).toEqual([
      [[NAVIGATE, 1, 1, "http://localhost/a?p=1"]],
      "http://localhost/a",
    ]);
    await patch(1, 1, html);
    const detail = { href: "http://localhost/a?p=1", patch: true, pop: false, direction: "forward" };
    expect([win.location.href, win.history.length]).toEqual(["http://localhost/a?p=1", length + 1]);
    expect(heard.map(([type]) => type)).toEqual(
      expect.arrayContaining(["before-navigate", "page-loading-start", "page-loading-stop", "navigate"]),
    );
    expect(heard).toContainEqual(["navigate", detail]);
    expect(heard).toContainEqual(["page-loading-start", { kind: "patch", to: detail.href }]);
  });

  test("may replace the entry", async () => {
    const { click, patch, win } = await joined(html);
    const { length } = win.history;
    await click("#replace");
    await patch(1, 1);
    expect([win.location.search, win.history.length]).toEqual(["?p=2", length]);
  });

  test.each([
    ["with a modifier", "#patch", { metaKey: true }],
    ["for another tab", "#blank", {}],
    ["for a download", "#load", {}],
    ["to another site", "#away", {}],
    ["within the page", "#hash", {}],
  ])("are not made by a click %s", async (_, selector, init) => {
    const { click, sent } = await joined(html);
    expect([await click(selector, init), sent()]).toEqual([false, []]);
  });

  test("without a connection wait for it, and show that; the last one counts", async () => {
    const { click, lose, reopen, joined: join, patch, sent, win, loads, heard } = await joined(html);
    const loading = () => heard.flatMap(([type]) => (/loading/.test(type) ? [type.slice(13)] : []));
    await lose();
    heard.length = 0;
    expect([await click("#replace"), await click("#patch")]).toEqual([true, true]);
    await vi.advanceTimersByTimeAsync(60_000);
    expect([loads, loading(), win.location.search]).toEqual([[], ["start", "stop", "start"], ""]);
    await reopen();
    sent();
    await join(1, html, { q: [0] });
    expect(sent()).toEqual([[NAVIGATE, 1, 1, "http://localhost/a?p=1"]]);
    await patch(1, 1, html);
    expect([win.location.search, loading(), loads]).toEqual(["?p=1", ["start", "stop", "start", "stop"], []]);
  });

  test("that lose the connection go on when it is back, also if the view is mounted anew", async () => {
    for (const extras of [{ q: [0] }, { q: [1, 1] }, {}]) {
      const { click, reopen, joined: join, patch, sent, win, loads } = await joined(html);
      await click("#patch");
      await reopen();
      sent();
      await join(1, html, extras);
      const ref = extras.q ? 1 : 3;
      expect(sent()).toEqual(extras.q?.[1] ? [] : [[NAVIGATE, 1, ref, "http://localhost/a?p=1"]]);
      await patch(1, ref, html);
      expect([win.location.search, loads]).toEqual(["?p=1", []]);
    }
  });

  test("are left to the browser once the socket is closed on purpose, and with a modified click", async () => {
    const { click, lose, socket } = await joined(html);
    await lose();
    expect(await click("#patch", { ctrlKey: true })).toBe(false);
    socket.disconnect();
    expect(await click("#patch")).toBe(false);
  });

  test("that a listener prevents do not happen", async () => {
    const { click, sent, win, events } = await joined(html);
    win.addEventListener("phx:before-navigate", (event) => event.preventDefault());
    expect(await click("#patch")).toBe(true);
    expect([sent(), win.location.pathname, events("navigate")]).toEqual([[], "/a", []]);
    expect(events("before-navigate")).toEqual([
      { href: "http://localhost/a?p=1", patch: true, pop: false, direction: "forward" },
    ]);
  });

  test("of the view itself are not asked about", async () => {
    const { patch, win, events } = await joined(html);
    await patch(1, 0, undefined, { n: ["patch", "/a?p=9", 0] });
    expect([win.location.search, events("before-navigate"), events("navigate").length]).toEqual([
      "?p=9",
      [],
      1,
    ]);
  });

  test("to where another view is lead there", async () => {
    const { click, sent, patch } = await joined(html);
    await click("#patch");
    sent();
    await patch(1, 1, undefined, { x: { code: "elsewhere", message: "not here" } });
    expect(joins(sent())).toMatchObject([[2, { navigate: true, url: "http://localhost/a?p=1" }]]);
  });

  test("at which the view sends the page elsewhere lead only there", async () => {
    const { click, patch, loads, win, errors } = await joined(html);
    await click("#patch");
    await patch(1, 1, undefined, { n: ["redirect", "/login", 0] });
    expect([loads, win.location.href, errors]).toEqual([
      ["assign http://localhost/login"],
      "http://localhost/a",
      [],
    ]);
  });

  test("answered by another patch make one entry", async () => {
    const { click, patch, win } = await joined(html);
    const { length } = win.history;
    await click("#patch");
    await patch(1, 1, html, { n: ["patch", "/a?p=other", 0] });
    expect([win.location.search, win.history.length]).toEqual(["?p=other", length + 1]);
  });
});

describe("live navigation", () => {
  const html = `<a id="b" href="/b" data-ow-link="navigate"></a><a id="c" href="/c#part" data-ow-link="navigate"></a><p>a</p>`;
  const k = () => ({ k: token("next") });

  test("joins the other view while the old one shows, and then takes its place", async () => {
    const {
      click,
      sent,
      main,
      joined: join,
      win,
      scrolls,
    } = await joined(html, { attributes: `data-x="1"` });
    const [old, own] = [main(), main().getAttribute("data-ow-view")];
    await click("#b");
    expect(sent()).toEqual([
      [JOIN, 2, { token: own, url: "http://localhost/b", params: {}, attempt: 2, navigate: true }],
    ]);
    expect(main()).toBe(old);
    await join(2, "<p>b</p>", k());
    expect(sent()).toEqual([[LEAVE, 1]]);
    expect([main().innerHTML, main().dataset.x, main().className]).toEqual([
      "<p>b</p>",
      "1",
      "own phx-connected",
    ]);
    expect(main().parentElement?.children).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(50);
    expect([win.location.pathname, scrolls.at(-1)]).toEqual(["/b", 0]);
  });

  test("is shown as loading until then", async () => {
    const { click, joined: join, heard } = await joined(html);
    await click("#b");
    const detail = { kind: "redirect", to: "http://localhost/b" };
    expect(heard).toContainEqual(["page-loading-start", detail]);
    expect(heard).not.toContainEqual(["page-loading-stop", detail]);
    await join(2, "", k());
    expect(heard).toContainEqual(["page-loading-stop", detail]);
  });

  test("of several only the latest counts; the same one again is none", async () => {
    const { click, sent, joined: join, main, win } = await joined(html);
    await click("#b");
    await click("#b");
    expect(kinds(sent())).toEqual(["j2"]);
    await click("#c");
    expect(kinds(sent()).sort()).toEqual(["j3", "l2"]);
    await join(2, "<p>b</p>", k());
    expect(main().textContent).toBe("a");
    await join(3, "<p>c</p>", k());
    expect([main().textContent, win.location.pathname]).toEqual(["c", "/c"]);
  });

  test("to a hash scrolls there", async () => {
    const { click, sent, joined: join, win, scrolls } = await joined(html);
    const into: unknown[] = [];
    win.Element.prototype.scrollIntoView = function () {
      into.push(this.id);
    };
    await click("#c");
    expect(joins(sent())).toMatchObject([[2, { url: "http://localhost/c" }]]);
    await join(2, `<p id="part"></p>`, k());
    await vi.advanceTimersByTimeAsync(50);
    expect([into, scrolls, win.location.hash]).toEqual([["part"], [], "#part"]);
  });

  test.each([["refused"], ["stale"], ["crashed"]])("that is %s loads the page", async (code) => {
    const { click, end, loads, win, errors } = await joined(html);
    await click("#b");
    await end(2, code);
    expect([loads, win.location.pathname]).toEqual([["assign http://localhost/b"], "/a"]);
    expect(errors).toEqual([]);
  });

  test("takes the flash along, over a load in a cookie", async () => {
    const { patch, sent, end, loads, document } = await joined(html);
    await patch(1, 0, undefined, { n: ["navigate", "/b", 0, "flash.token"] });
    expect(joins(sent())).toMatchObject([[2, { url: "http://localhost/b", flash: "flash.token" }]]);
    await end(2, "refused");
    expect([loads, document.cookie]).toEqual([["assign http://localhost/b"], "ow_flash=flash.token"]);
  });

  test("that leads on goes on", async () => {
    const { click, end, sent, loads } = await joined(html);
    await click("#b");
    sent();
    await end(2, "redirected", ["navigate", "/c", 0, "flash"]);
    expect(joins(sent())).toMatchObject([[3, { url: "http://localhost/c", flash: "flash" }]]);
    await end(3, "redirected", ["redirect", "/login", 1]);
    expect(loads).toEqual(["replace http://localhost/login"]);
  });

  test("that is lost with the connection goes on when that is back", async () => {
    const { click, reopen, joined: join, sent, win, loads, main } = await joined(html);
    await click("#b");
    await reopen();
    sent();
    await join(1, html, { q: [0] });
    expect(joins(sent())).toMatchObject([[3, { url: "http://localhost/b", navigate: true }]]);
    await join(3, "<p>b</p>", k());
    expect([win.location.pathname, main().innerHTML, loads]).toEqual(["/b", "<p>b</p>", []]);
  });

  test("that the server refuses after a lost connection loads the page", async () => {
    const { click, reopen, joined: join, end, loads } = await joined(html);
    await click("#b");
    await reopen();
    await join(1, html, { q: [0] });
    await end(3, "refused");
    expect(loads).toEqual(["assign http://localhost/b"]);
  });

  test("without a connection for long loads the page only if the server answers to that", async () => {
    const { click, lose, win, loads } = await joined(html);
    const asked: unknown[] = [];
    let isThere = false;
    win.fetch = (async (...all: unknown[]) => {
      asked.push(all);
      if (!isThere) throw new TypeError("offline");
    }) as never;
    await lose();
    await click("#b");
    await vi.advanceTimersByTimeAsync(60_000);
    expect([asked, loads]).toEqual([Array(2).fill(["http://localhost/b", { method: "HEAD" }]), []]);
    isThere = true;
    await vi.advanceTimersByTimeAsync(30_000);
    expect(loads).toEqual(["assign http://localhost/b"]);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(asked).toHaveLength(3);
  });

  test("a title that the view does not set is the default one", async () => {
    const {
      click,
      joined: join,
      document,
      patch,
    } = await joined(html, {
      head: `<title data-default="Home" data-suffix=" · App">Old</title>`,
    });
    await patch(1, 0, undefined, { t: "A" });
    expect(document.title).toBe("A · App");
    await click("#b");
    await join(2, "", k());
    expect(document.title).toBe("Home · App");
  });

  test("without a default the title stays", async () => {
    const { click, joined: join, document } = await joined(html, { head: "<title>Site</title>" });
    await click("#b");
    await join(2, "", k());
    expect(document.title).toBe("Site");
  });

  test("runs what is bound to the end of elements in the old view, not in a sticky one", async () => {
    const remove = JSON.stringify([["dispatch", { event: "gone" }]]).replaceAll('"', "&quot;");
    const item = (id: string) => `<p id="${id}" phx-remove="${remove}"></p>`;
    const all = `${html}${item("own")}${container("sticky", "data-ow-sticky", item("kept"))}`;
    const { win, click, joined: join } = await page(all);
    await join(1, all);
    await join(2, item("kept"));
    const gone: string[] = [];
    win.addEventListener("gone", ({ target }) => gone.push((target as Element).id));
    await click("#b");
    await join(3, container("sticky", "data-ow-sticky"), k());
    expect(gone).toEqual(["own"]);
  });

  test("the commands of one binding lead to one place: the first", async () => {
    const commands = JSON.stringify([
      ["navigate", { href: "/b" }],
      ["patch", { href: "/a?no" }],
    ]).replaceAll('"', "&quot;");
    const { click, sent } = await joined(`<button phx-click="${commands}"></button>`);
    await click("button");
    expect(joins(sent())).toMatchObject([[2, { url: "http://localhost/b" }]]);
  });

  test("to another site is a mistake", async () => {
    const { socket } = await joined(html);
    expect(() => socket.navigate("http://else.where/")).toThrow("else.where");
  });
});

describe("sticky views", () => {
  /** On each page the server signs anew what is the same process. */
  const sticky = (signature = "s") => container("player", "data-ow-sticky", "", token("player", signature));
  const link = `<a id="b" href="/b" data-ow-link="navigate"></a>`;

  async function playing() {
    const self = await page(link + sticky());
    await self.joined(1, link + sticky());
    await self.joined(2, "<audio></audio>");
    self.sent();
    return self;
  }

  test("stay, with their element and process, on a page that has them", async () => {
    const { click, joined: join, sent, find, main } = await playing();
    const [player, audio] = [find("#player"), find("audio")];
    await click("#b");
    await join(3, `<h1>b</h1>${sticky("t")}`, { k: token("b") });
    expect(main().contains(player)).toBe(true);
    expect([find("#player"), find("audio")]).toEqual([player, audio]);
    expect(main().querySelectorAll("#player")).toHaveLength(1);
    expect(kinds(sent())).toEqual(["j3", "l1"]);
  });

  test("stay when that page changes around them", async () => {
    const { click, joined: join, patch, sent, find } = await playing();
    const audio = find("audio");
    await click("#b");
    const next = sticky("t");
    await join(3, `<h1>b</h1>${next}`, { k: token("b") });
    sent();
    await patch(3, 0, `<h1>changed</h1>${next}`);
    expect([find("h1").textContent, find("audio"), sent()]).toEqual(["changed", audio, []]);
  });

  test("are left on a page that has them not", async () => {
    const { click, joined: join, sent, find } = await playing();
    await click("#b");
    await join(3, "<h1>b</h1>", { k: token("b") });
    expect(kinds(sent()).sort()).toEqual(["j3", "l1", "l2"]);
    expect(find("#player")).toBeNull();
  });
});

describe("the history", () => {
  const link = (href: string, kind: string) => `<a id="${kind}" href="${href}" data-ow-link="${kind}"></a>`;
  const k = () => ({ k: token("next") });

  /** b, navigated to a, patched to a?p. */
  async function travelled() {
    const self = await joined(link("/a", "navigate"), { url: "/b" });
    await self.click("#navigate");
    await self.joined(2, link("/a?p", "patch"), k());
    await self.click("#patch");
    await self.patch(2, 1);
    self.sent();
    self.heard.splice(0);
    return self;
  }

  test("is patched between the entries of one view, and navigated between those of several", async () => {
    const { travel, sent, patch, joined: join, win, events } = await travelled();
    await travel(-1);
    expect(sent()).toEqual([[NAVIGATE, 2, 2, "http://localhost/a"]]);
    await patch(2, 2);
    await travel(-1);
    expect(joins(sent())).toMatchObject([[3, { url: "http://localhost/b", navigate: true }]]);
    await join(3, "", k());
    sent();
    await travel(1);
    expect(joins(sent())).toMatchObject([[4, { url: "http://localhost/a", navigate: true }]]);
    await join(4, "", k());
    sent();
    await travel(1);
    expect(sent()).toEqual([[NAVIGATE, 4, 1, "http://localhost/a?p"]]);
    await patch(4, 1);
    expect(win.location.search).toBe("?p");
    expect(
      events("navigate").map((detail) => {
        const { patch, pop, direction } = detail as { patch: boolean; pop: boolean; direction: string };
        return [patch, pop, direction];
      }),
    ).toEqual([
      [true, true, "backward"],
      [false, true, "backward"],
      [false, true, "forward"],
      [true, true, "forward"],
    ]);
  });

  test("goes back to the first entry by a patch", async () => {
    const { click, patch, travel, sent } = await joined(link("/a?p", "patch"));
    await click("#patch");
    await patch(1, 1);
    sent();
    await travel(-1);
    expect(sent()).toEqual([[NAVIGATE, 1, 2, "http://localhost/a"]]);
  });

  test("a way back that a listener prevents is undone", async () => {
    const { travel, sent, win, events } = await travelled();
    win.addEventListener("phx:before-navigate", (event) => event.preventDefault());
    await travel(-1);
    expect([win.location.href, sent()]).toEqual(["http://localhost/a?p", []]);
    expect(events("before-navigate")).toEqual([
      { href: "http://localhost/a", patch: true, pop: true, direction: "backward" },
    ]);
  });

  test("restores the user's scroll position", async () => {
    const { win, click, travel, scrolls, joined: join } = await joined(link("/b", "navigate"));
    expect(win.history.scrollRestoration).toBe("manual");
    Object.defineProperty(win, "scrollY", { value: 480, configurable: true, writable: true });
    win.dispatchEvent(new win.Event("scroll"));
    await vi.advanceTimersByTimeAsync(200);
    await click("#navigate");
    await join(2, "", k());
    await vi.advanceTimersByTimeAsync(50);
    expect(scrolls.splice(0)).toEqual([0]);
    await travel(-1);
    await join(3, "", k());
    await vi.advanceTimersByTimeAsync(50);
    expect(scrolls).toEqual([480]);
  });

  test("keeps the position of a user who goes on before scrolling came to rest", async () => {
    const { win, click, travel, scrolls, joined: join } = await joined(link("/b", "navigate"));
    Object.defineProperty(win, "scrollY", { value: 480, configurable: true, writable: true });
    win.dispatchEvent(new win.Event("scroll"));
    await click("#navigate");
    win.scrollY = 0;
    await join(2, "", k());
    await vi.advanceTimersByTimeAsync(200);
    await travel(-1);
    await join(3, "", k());
    await vi.advanceTimersByTimeAsync(50);
    expect(scrolls.at(-1)).toBe(480);
  });

  test("waits for a lost connection: the view is joined for what it shows, and then goes along", async () => {
    const { travel, lose, reopen, joined: join, patch, sent, win, loads } = await travelled();
    const { pathname, search, origin } = win.location;
    await lose();
    await travel(-1);
    expect(win.location.pathname + win.location.search).not.toBe(pathname + search);
    await reopen();
    const [[view = 0, request] = []] = joins(sent()).slice(-1);
    expect(request?.url).toBe(origin + pathname + search);
    await join(view, "", { q: [9] });
    const [[kind, number, ref] = []] = sent() as unknown as never[][];
    const next =
      kind === NAVIGATE ? patch(number as never, ref as never, "") : join(number as never, "", k());
    await next;
    expect(loads).toEqual([]);
    await reopen();
    expect(joins(sent()).at(-1)?.[1].url).toBe(win.location.href.split("#")[0]);
  });
});

describe("for developers", () => {
  test("latency holds back what the server sends, in order, also when it is switched off", async () => {
    const { socket, patch, main } = await joined("<p>0</p>");
    socket.enableLatencySim(300);
    await vi.dynamicImportSettled();
    await patch(1, 0, "<p>1</p>");
    socket.disableLatencySim();
    await vi.dynamicImportSettled();
    await patch(1, 0, "<p>2</p>");
    expect(main().textContent).toBe("0");
    await vi.advanceTimersByTimeAsync(300);
    expect(main().textContent).toBe("2");
  });

  test("a transition holds changes of the page back", async () => {
    const commands = JSON.stringify([["transition", { transition: "fade", time: 500 }]]).replaceAll(
      '"',
      "&quot;",
    );
    const { click, patch, main } = await joined(`<b phx-click="${commands}">0</b>`);
    await click("b");
    await patch(1, 0, "<p>1</p>");
    expect(main().textContent).toBe("0");
    await vi.advanceTimersByTimeAsync(500);
    expect(main().textContent).toBe("1");
  });

  test("a page may make its changes in transitions of the browser's", async () => {
    const starts: (() => void)[] = [];
    const html = `<button phx-click="go">0</button>`;
    const {
      joined: join,
      patch,
      main,
    } = await page(html, {
      options: { dom: { onDocumentPatch: (start) => void starts.push(start) } },
    });
    await join(1, html);
    await patch(1, 0, "<p>1</p>");
    expect(starts).toHaveLength(1);
    starts[0]?.();
    await turn();
    expect([main().textContent, starts.length]).toEqual(["0", 2]);
    starts[1]?.();
    await turn();
    expect(main().textContent).toBe("1");
  });
});
