/** Connections that break, seen by the client: the server's answers are scripted, so that each can come late or never. */
import { html, raw } from "@overwire/server";
import { type ClientPage, clientPage } from "@overwire/test-support/client-page";
import { useFakeTimers } from "@overwire/test-support/fake-timers";
import { describe, expect, test, vi } from "vitest";
import type { Hook, HookContext } from "../hooks/hook-types.ts";
import { ACK, END, EVENT, FORM, HEARTBEAT, JOIN, NAVIGATE, PATCH } from "../wire/constants.ts";

useFakeTimers({ jitter: false });

const lose = (page: ClientPage) => {
  page.connection().lose();
  vi.advanceTimersByTime(1000);
};
const joins = (page: ClientPage) =>
  page.connections.flatMap(({ sent }) => sent.filter(([kind]) => kind === JOIN));
const look = ({ main }: ClientPage) => main.className.replace("own ", "");
const settled = () => vi.advanceTimersByTimeAsync(0);

/** A page with a hook whose pushes can be watched. */
function withHook() {
  let hook: HookContext | undefined;
  const Pusher: Hook = {
    mounted() {
      hook = this as never;
    },
  };
  const view = (text = "") =>
    html`<div id="h" phx-hook="Pusher"></div><button phx-click="buy">${text}</button>`;
  const page = clientPage(view(), { hooks: { Pusher } });
  page.join(view());
  const outcomes: string[] = [];
  const push = (name: string) =>
    (hook as HookContext).pushEvent(name).then(
      (reply) => void outcomes.push(`${name} ${JSON.stringify(reply)}`),
      (error) => void outcomes.push(`${name} ${error.message}`),
    );
  return { page, view, push, outcomes };
}

describe("events without a connection", () => {
  test("show that they wait, are sent in their order once the view is resumed, and are answered", async () => {
    const { page, view, push, outcomes } = withHook();
    void push("before");
    page.connection().lose();
    page.$("button").click();
    void push("after");
    expect(page.$("button").className).toBe("phx-click-loading");
    vi.advanceTimersByTime(100);
    page.connection().open();
    expect(page.sent(EVENT)).toEqual([]);
    page.join(view(), { q: [0] });
    expect(page.sent(EVENT).map(([, , ref, name]) => [ref, name])).toEqual([
      [1, "before"],
      [2, "buy"],
      [3, "after"],
    ]);
    for (const ref of [1, 2, 3]) page.answer(ref, 0, { r: ref });
    await settled();
    expect(outcomes).toEqual(["before 1", "after 3"]);
    expect(page.$("button").hasAttribute("class")).toBe(false);
  });

  test("that are made between the join and its answer are sent once", () => {
    const { page, view, push } = withHook();
    lose(page);
    page.connection().open();
    void push("e");
    page.join(view(), { q: [0] });
    expect(page.sent(EVENT)).toHaveLength(1);
  });

  test("reject, and show nothing more, if the view is mounted anew or ends", async () => {
    for (const end of [
      ({ page, view }: ReturnType<typeof withHook>) => page.join(view()),
      ({ page }: ReturnType<typeof withHook>) => page.end("crashed"),
    ]) {
      const given = withHook();
      const { page, push, outcomes } = given;
      lose(page);
      page.$("button").click();
      void push("e");
      page.connection().open();
      end(given);
      await settled();
      expect(outcomes).toEqual([expect.stringMatching(/mounted anew|crashed/)]);
      expect([page.sent(EVENT), page.$("button").hasAttribute("class")]).toEqual([[], false]);
    }
  });

  test("reject if the socket is closed for good", async () => {
    const { page, push, outcomes } = withHook();
    void push("under way");
    page.connection().lose();
    void push("waits");
    page.socket.disconnect();
    await settled();
    expect(outcomes).toEqual([
      "under way Overwire: the connection was closed",
      "waits Overwire: the connection was closed",
    ]);
  });

  test("are bounded in number", async () => {
    const { page, push, outcomes } = withHook();
    lose(page);
    for (let count = 0; count < 65; count++) void push(`e${count}`);
    await settled();
    expect(outcomes).toEqual(["e64 Overwire: too many events wait for the connection"]);
  });

  test("before a first join wait for it, and reject if it fails", async () => {
    const view = () => html`<button phx-click="buy">x</button>`;
    const page = clientPage(view());
    page.$("button").click();
    expect(page.$("button").className).toBe("phx-click-loading");
    page.connection().open();
    page.end("crashed");
    expect(page.$("button").hasAttribute("class")).toBe(false);
    vi.advanceTimersByTime(100);
    page.join(view());
    expect(page.sent(EVENT)).toEqual([]);
  });
});

describe("a form that is used without a connection", () => {
  const view = () => html`
    <form id="f" phx-change="change"><input id="a" name="a"><input id="b" name="b"></form>
    <button phx-click="buy">x</button>`;
  const fields = (page: ClientPage) => page.sent(FORM).map(([, , , , fields]) => fields);

  test("is sent after the resume, once, with the latest text", () => {
    const page = clientPage(view());
    page.join(view());
    page.type("#a", "one");
    page.answer(1);
    lose(page);
    for (const text of ["one t", "one tw", "one two"]) page.type("#a", text);
    page.join(view(), { q: [1] });
    expect(fields(page)).toEqual(["a=one+two&_unused_b=&b="]);
    expect(page.$("#f").className).toBe("phx-change-loading");
    page.answer(page.sent(FORM)[0]?.[2] as number);
    expect([page.$("#f").hasAttribute("class"), page.$("#a").value]).toEqual([false, "one two"]);
  });

  test("keeps its place among other events, and the changes of each field", () => {
    const page = clientPage(view());
    page.join(view());
    lose(page);
    page.type("#a", "1");
    page.type("#b", "2");
    page.type("#a", "3");
    page.$("button").click();
    page.type("#a", "4");
    page.join(view(), { q: [0] });
    expect(page.connection().sent.filter(([kind]) => kind === FORM || kind === EVENT)).toMatchObject([
      [FORM, 1, 2, "change", "a=1&b=2", { _target: "b" }],
      [FORM, 1, 3, "change", "a=3&b=2", { _target: "a" }],
      [EVENT, 1, 4, "buy", {}],
      [FORM, 1, 5, "change", "a=4&b=2", { _target: "a" }],
    ]);
  });

  test("is not sent again with values that had been sent before", () => {
    const page = clientPage(view());
    page.join(view());
    page.type("#a", "sent");
    lose(page);
    page.type("#a", "later");
    page.join(view(), { q: [1, 1] });
    expect(fields(page)).toEqual(["a=later&_unused_b=&b="]);
  });
});

describe("joins", () => {
  const view = (text = "") => html`<p>${text}</p>`;

  test("are numbered, and each is newer than those before", () => {
    const page = clientPage(view());
    page.join(view());
    lose(page);
    page.connection().open();
    lose(page);
    page.join(view(), { q: [0] });
    expect(joins(page).map(([, , request]) => (request as { attempt: number }).attempt)).toEqual([1, 2, 3]);
  });

  test("say so if their answer may have been lost, and go on with the view that they find", () => {
    const page = clientPage(view());
    page.connection().open();
    expect(page.sent(JOIN)[0]?.[2]).not.toHaveProperty("seen");
    lose(page);
    page.connection().open();
    expect(page.sent(JOIN)[0]?.[2]).toMatchObject({ seen: 0 });
    page.join(view("found"), { q: [0], e: [] });
    expect([page.$("p").textContent, look(page)]).toEqual(["found", "phx-connected"]);
  });

  test("of a view that another connection has taken mount it anew, after a while", () => {
    const page = clientPage(view());
    page.join(view());
    page.end("taken");
    expect(page.sent(JOIN)).toHaveLength(1);
    vi.advanceTimersByTime(50);
    expect(page.sent(JOIN)).toHaveLength(2);
    expect(page.sent(JOIN)[1]?.[2]).not.toHaveProperty("seen");
    page.end("taken");
    vi.advanceTimersByTime(900);
    expect(page.sent(JOIN)).toHaveLength(2);
  });

  test("hear nothing of an earlier connection, whatever holds its frames back", async () => {
    let start = () => {};
    let holds = false;
    const page = clientPage(view(), {
      dom: {
        onDocumentPatch: (run) => {
          if (holds) start = run;
          else run();
        },
      },
    });
    page.join(view("one"));
    holds = true;
    page.answer(0, view("two"));
    page.answer(0, view("three"));
    lose(page);
    holds = false;
    page.connection().open();
    start();
    await settled();
    expect([page.$("p").textContent, look(page)]).toEqual(["one", "phx-connected"]);
    page.join(view("four"), { q: [0] });
    expect(page.$("p").textContent).toBe("four");
  });
});

describe("statics", () => {
  const container = '<i id="inner" data-ow-view="inner"></i>';
  const outer = (text: string, inner: string) => html`<b>${text}</b>${raw(inner)}`;

  test("are known to all views of a connection, also those of a view that has been left", () => {
    const page = clientPage(outer("", container));
    page.join(outer("", container));
    const [first] = page.sent(JOIN).slice(-1);
    page.answer(0, outer("", ""));
    // The answer to its join crosses its end.
    page.connection().receive([JOIN, first?.[1], 1, [900, "1"], { s: { 900: ["<u>", "</u>"] } }]);
    page.answer(0, outer("", container));
    const [second] = page.sent(JOIN).slice(-1);
    expect(second?.[1]).not.toBe(first?.[1]);
    page.connection().receive([JOIN, second?.[1], 1, [900, "2"], {}]);
    expect(page.$("#inner").innerHTML).toBe("<u>2</u>");
    expect(page.errors).toEqual([]);
  });

  test("are forgotten with the connection: another one gives other numbers", () => {
    const page = clientPage(html`<p>${"1"}</p>`);
    page.connection().open();
    page.connection().receive([JOIN, 1, 1, [7, "1"], { s: { 7: ["<p>", "</p>"] } }]);
    lose(page);
    page.connection().open();
    page.connection().receive([JOIN, 1, 2, [7, "2"], { q: [0] }]);
    expect(page.errors.join()).not.toBe("");
    page.connection().receive([JOIN, 1, 3, [7, "2"], { q: [0], s: { 7: ["<b>", "</b>"] } }]);
    expect(page.main.innerHTML).toBe("<b>2</b>");
  });
});

describe("signs of trouble", () => {
  const view = () => html`<p></p>`;
  const server = "phx-loading phx-error phx-server-error";
  const client = "phx-loading phx-error phx-client-error";

  test("follow the latest reason: a view that crashes once the connection is back, and the other way round", () => {
    const page = clientPage(view(), { reconnectingAfter: 0 });
    page.join(view());
    lose(page);
    expect(look(page)).toBe(client);
    page.connection().open();
    page.end("crashed");
    expect(look(page)).toBe(server);
    page.connection().lose();
    expect(look(page)).toBe(client);
  });

  test("follow the latest reason also if it comes before they show", () => {
    const page = clientPage(view());
    page.join(view());
    page.connection().lose();
    vi.advanceTimersByTime(100);
    page.connection().open();
    page.end("crashed");
    vi.advanceTimersByTime(2000);
    expect(look(page)).toBe(server);
  });

  test("stay while a view that has never been joined is tried again", () => {
    const page = clientPage(view(), { reconnectingAfter: 0 });
    page.connection().open();
    expect(look(page)).toBe("phx-loading");
    page.end("crashed");
    vi.advanceTimersByTime(100);
    expect([page.sent(JOIN).length, look(page)]).toEqual([2, server]);
    page.join(view());
    expect(look(page)).toBe("phx-connected");
  });
});

test("a view for which there is no room is tried ever more rarely, says why, and leaves the others alone", () => {
  const view = html`<button phx-click="buy">x</button>${raw('<i id="inner" data-ow-view="inner"></i>')}`;
  const page = clientPage(view);
  page.join(view);
  const [[, number = 0] = []] = page.sent(JOIN).slice(-1);
  const times: number[] = [];
  const start = performance.now();
  for (let second = 0; second < 120; second++) {
    const count = page.sent(JOIN).length - 1;
    if (count > times.length) {
      times.push(Math.round((performance.now() - start) / 1000));
      page.connection().receive([END, number, "too_many", "a connection may have 50 views"]);
    }
    page.connection().receive([HEARTBEAT]);
    vi.advanceTimersByTime(1000);
  }
  expect(times).toEqual([0, 10, 30, 60, 100]);
  expect(page.errors[0]).toBe("Overwire: a connection may have 50 views");
  page.$("button").click();
  expect(page.sent(EVENT)).toHaveLength(1);
  page.answer(1);
  expect([page.$("button").hasAttribute("class"), page.connections.length, look(page)]).toEqual([
    false,
    1,
    "phx-connected",
  ]);
});

describe("a view that crashes with a live patch pending", () => {
  const view = () => html`<a href="/page?n=2" data-ow-link="patch">patch</a>`;
  const urls = (page: ClientPage) =>
    joins(page).map((frame) => (frame[2] as { url: string }).url.replace("http://localhost", ""));
  const loads = (page: ClientPage) => {
    const seen: string[] = [];
    for (const name of ["assign", "replace"] as const)
      vi.spyOn(page.win.location, name).mockImplementation((url) => void seen.push(String(url)));
    return seen;
  };

  test("is mounted anew without it: it may be what crashes", async () => {
    const page = clientPage(view());
    const loaded = loads(page);
    page.join(view());
    page.$("a").click();
    expect([page.sent(NAVIGATE).length, page.$("a").className]).toEqual([1, "phx-click-loading"]);
    page.end("crashed");
    await settled();
    expect(page.$("a").hasAttribute("class")).toBe(false);
    await vi.advanceTimersByTimeAsync(100);
    page.join(view());
    await settled();
    expect([urls(page), page.win.location.search, loaded]).toEqual([["/page", "/page"], "", []]);
    expect(page.events.filter((name) => name === "start")).toHaveLength(2);
    expect(page.events.filter((name) => name === "stop")).toHaveLength(2);
    page.$("a").click();
    expect(page.sent(NAVIGATE)).toHaveLength(2);
  });

  test("is mounted anew at the browser's URL, if that went back by itself", async () => {
    const page = clientPage(view());
    const loaded = loads(page);
    page.join(view());
    const { history } = page.win;
    const { state } = history;
    history.pushState({ ...state, at: state.at - 1 }, "", "/page?n=1");
    page.win.dispatchEvent(new page.win.PopStateEvent("popstate", { state: history.state }));
    expect(page.sent(NAVIGATE)).toHaveLength(1);
    page.end("crashed");
    await settled();
    await vi.advanceTimersByTimeAsync(100);
    page.join(view());
    await settled();
    expect([urls(page), page.win.location.search, loaded]).toEqual([["/page", "/page?n=1"], "?n=1", []]);
  });
});

describe("acknowledgements", () => {
  const view = (text = "") => html`<p>${text}</p>`;

  test("come with a heartbeat, if something was shown since the last one", () => {
    const page = clientPage(view());
    page.join(view());
    const beat = () => {
      vi.advanceTimersByTime(30_000);
      page.connection().receive([HEARTBEAT]);
    };
    beat();
    expect(page.sent(ACK)).toEqual([[ACK, 1, 1]]);
    beat();
    expect(page.sent(ACK)).toHaveLength(1);
    page.answer(0, view("x"));
    beat();
    expect(page.sent(ACK).at(-1)).toEqual([ACK, 1, 2]);
  });

  test("come after many patches with events or replies, and not for others", () => {
    const page = clientPage(view());
    page.join(view());
    for (let count = 0; count < 64; count++) page.connection().receive([PATCH, 1, count + 2, 0, 0]);
    expect(page.sent(ACK)).toEqual([]);
    for (let count = 0; count < 128; count++)
      page.connection().receive([PATCH, 1, count + 66, 0, 0, count % 2 ? { r: null } : { e: [["x", 1]] }]);
    expect(page.sent(ACK)).toEqual([
      [ACK, 1, 129],
      [ACK, 1, 193],
    ]);
  });

  test("are not sent for a view that is not joined", () => {
    const page = clientPage(view());
    page.connection().open();
    vi.advanceTimersByTime(30_000);
    expect(page.sent(ACK)).toEqual([]);
  });
});

test("a form whose recovery the server refuses by closing the connection is not recovered once more", () => {
  const view = () => html`<form id="f" phx-change="change"><input id="a" name="a"></form>`;
  const page = clientPage(view());
  page.join(view());
  page.type("#a", "much too long");
  const refuse = () => {
    page.connection().lose(1009, "a message may have 10 bytes");
    vi.advanceTimersByTime(60_000);
    page.join(view());
  };
  refuse();
  expect(page.sent(FORM)).toHaveLength(1);
  refuse();
  expect([page.sent(FORM), page.$("#a").value]).toEqual([[], "much too long"]);
  expect(page.errors).toHaveLength(2);
});
