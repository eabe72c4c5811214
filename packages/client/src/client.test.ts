/** The client of a page as a whole: how trouble shows and ends, when the page is loaded again, and what an author can switch. */
import { createApp, html, JS, LiveView, html as markup, raw } from "@overwire/server";
import { type ClientPage, clientPage } from "@overwire/test-support/client-page";
import { useFakeTimers } from "@overwire/test-support/fake-timers";
import { live } from "@overwire/testing";
import { beforeEach, describe, expect, test, vi } from "vitest";
import type { Hook } from "./hooks/hook-types.ts";
import { FORM, HEARTBEAT, JOIN, LEAVE } from "./wire/constants.ts";

useFakeTimers({ jitter: false });

const look = ({ main }: ClientPage) => [main.className, main.getAttribute("data-ow-state")];

describe("a lost connection", () => {
  const view = (text = "") => html`
    <div id="status" phx-disconnected=${JS.addClass("off")} phx-connected=${JS.addClass("on")}></div>
    <div id="h" phx-hook="Noted"></div><p>${text}</p>`;
  function open(reconnectingAfter?: number) {
    const heard: string[] = [];
    const Noted: Hook = {
      disconnected: () => void heard.push("disconnected"),
      reconnected: () => void heard.push("reconnected"),
    };
    const page = clientPage(view(), {
      hooks: { Noted },
      ...(reconnectingAfter !== undefined && { reconnectingAfter }),
    });
    page.join(view());
    return { page, heard };
  }

  test("does not show if it is back soon; only hooks are told, whose data is out of date", () => {
    const { page, heard } = open();
    const before = look(page);
    expect(before).toEqual(["own phx-connected", null]);
    page.connection().lose();
    expect(look(page)).toEqual(before);
    vi.advanceTimersByTime(1900);
    page.join(view());
    vi.advanceTimersByTime(5000);
    expect([look(page), heard]).toEqual([before, ["disconnected", "reconnected"]]);
  });

  test("shows after a while, however often it fails to come back, and ends when it does", () => {
    const { page, heard } = open();
    page.$("#status").className = "";
    page.connection().lose();
    for (let times = 0; times < 20; times++) {
      vi.advanceTimersByTime(250);
      page.connection().lose();
    }
    expect(page.connections.length).toBeGreaterThan(5);
    expect(look(page)).toEqual(["own phx-loading phx-error phx-client-error", "reconnecting"]);
    expect([page.$("#status").className, heard]).toEqual(["off", ["disconnected"]]);
    vi.advanceTimersByTime(5000);
    page.join(view("back"));
    expect(look(page)).toEqual(["own phx-connected", null]);
    expect(page.$("#status").className.split(" ")).toContain("on");
    expect(heard).toEqual(["disconnected", "reconnected"]);
    expect(page.$("p").textContent).toBe("back");
  });

  test("shows at once if the page says so", () => {
    const { page } = open(0);
    page.connection().lose();
    expect(look(page)[1]).toBe("reconnecting");
  });

  test("does not show where the page is left before it would have", () => {
    const { page, heard } = open();
    const before = look(page);
    page.connection().lose();
    page.win.dispatchEvent(new page.win.Event("pagehide"));
    vi.advanceTimersByTime(60_000);
    expect([look(page), heard]).toEqual([before, ["disconnected"]]);
  });

  test("does not show where the page is left", () => {
    const { page, heard } = open(0);
    const before = look(page);
    page.win.dispatchEvent(new page.win.Event("pagehide"));
    page.connection().lose();
    vi.advanceTimersByTime(60_000);
    expect([look(page), heard]).toEqual([before, []]);
  });

  test("brings the page's parameters and its token to the server again", () => {
    const page = clientPage(view(), { params: () => ({ at: page.connections.length }) });
    page.join(view());
    page.connection().lose();
    vi.advanceTimersByTime(100);
    page.connection().open();
    expect(page.sent(JOIN)).toEqual([
      [JOIN, 1, { token: "token", url: "http://localhost/page", params: { at: 2 }, attempt: 2, seen: 1 }],
    ]);
  });
});

describe("a view that crashes", () => {
  const view = (text = "") => html`<p>${text}</p>`;

  test("shows it after a while, is joined again over the same socket, and recovers", () => {
    const page = clientPage(view());
    page.join(view());
    page.end("crashed");
    expect(look(page)[1]).toBeNull();
    vi.advanceTimersByTime(50);
    expect(page.sent(JOIN)).toHaveLength(2);
    vi.advanceTimersByTime(2000);
    expect(look(page)).toEqual(["own phx-loading phx-error phx-server-error", "reconnecting"]);
    page.join(view("again"));
    expect(look(page)).toEqual(["own phx-connected", null]);
    expect([page.connections.length, page.reloads.count]).toEqual([1, 0]);
  });

  /** Number of joins in a minute if every join fails. */
  const attempts = (page: ClientPage, view = 1) => {
    const count = () => page.sent(JOIN).filter(([, number]) => number === view).length;
    let before = count() - 1;
    for (let second = 0; second < 600; second++) {
      if (count() > before) {
        before = count();
        page.end("crashed", undefined, view);
      }
      page.connection().receive([HEARTBEAT]);
      vi.advanceTimersByTime(100);
    }
    return count();
  };

  test("is tried ever more rarely if it never could be joined", () => {
    const page = clientPage(view());
    page.connection().open();
    expect(attempts(page)).toBeLessThan(12);
  });

  test("is tried ever more rarely even if it had been well for long", () => {
    const page = clientPage(view());
    page.join(view());
    vi.setSystemTime(Date.now() + 3_600_000);
    expect(attempts(page)).toBeLessThan(15);
  });

  test("that is nested is given up at the third attempt, and its page is left alone", () => {
    const outer = () => html`<p></p>${raw('<section id="n" data-ow-view="nested"></section>')}`;
    const page = clientPage(outer());
    page.join(outer());
    expect(attempts(page, 2)).toBeLessThan(4);
    expect(page.$("#n").getAttribute("data-ow-state")).toBe(null);
    expect([look(page)[1], page.reloads.count]).toEqual([null, 0]);
  });

  test("is not tried if the connection is lost meanwhile, until that is back", () => {
    const page = clientPage(view());
    page.join(view());
    page.end("crashed");
    page.connection().lose();
    vi.advanceTimersByTime(200);
    expect(page.connection().sent).toEqual([]);
    page.connection().open();
    expect(page.sent(JOIN)).toHaveLength(1);
  });
});

describe("a form at which a view crashes", () => {
  const view = () => html`<form id="f" phx-change="e"><input id="name" name="name"></form>`;

  test("is not sent again and again, but again after a crash that has nothing to do with it", () => {
    const page = clientPage(view());
    page.join(view());
    page.type("#name", "a");
    page.end("crashed");
    page.join(view());
    expect(page.sent(FORM)).toHaveLength(2);
    page.end("crashed");
    vi.advanceTimersByTime(5000);
    page.join(view());
    expect(page.sent(FORM)).toHaveLength(2);
    expect(page.$("#f").hasAttribute("class")).toBe(false);
    page.end("crashed");
    vi.advanceTimersByTime(5000);
    page.join(view());
    expect(page.sent(FORM)).toHaveLength(3);
  });
});

describe("crashes with the real server", () => {
  let mounts: string[] = [];
  class Inner extends LiveView {
    override mount() {
      mounts.push("inner");
    }
    fail = this.event(() => {
      throw new Error("inner fails");
    });
    render() {
      return markup`<button id="in" phx-click=${this.fail}>x</button>`;
    }
  }
  class Outer extends LiveView {
    override mount() {
      mounts.push("outer");
    }
    fail = this.event(() => {
      throw new Error("outer fails");
    });
    render() {
      return markup`<${Inner} id="inner" /><button id="out" phx-click=${this.fail}>x</button>`;
    }
  }

  beforeEach(() => {
    vi.useRealTimers();
    mounts = [];
  });

  test("a nested view's leaves the one around it alone", async () => {
    const page = await live(Outer);
    await expect(page.child("inner").element("#in").click()).rejects.toThrow("inner fails");
    await page.settled();
    expect(mounts).toEqual(["outer", "inner", "inner"]);
    expect(page.container.className).toBe("phx-connected");
    expect(page.child("inner").container.className).toBe("phx-connected");
    await page.close();
  });

  test("the page's own brings both back over the same socket", async () => {
    const page = await live(Outer);
    await expect(page.element("#out").click()).rejects.toThrow("outer fails");
    await page.settled();
    expect(mounts).toEqual(["outer", "inner", "outer", "inner"]);
    expect(page.child("inner").container.className).toBe("phx-connected");
    await expect(page.child("inner").element("#in").click()).rejects.toThrow("inner fails");
    await page.close();
  });

  test("a page without a session or a flash is joined all the same", async () => {
    const app = createApp({ secret: "x".repeat(32) });
    app.live("/", Inner);
    const page = await live(app, "/");
    expect(page.hasElement("#in")).toBe(true);
    await page.close();
  });
});

describe("a view that cannot be joined as it is", () => {
  const view = () => html`<p></p>${raw('<section id="n" data-ow-view="nested" data-ow-sticky></section>')}`;

  test("has the page loaded again: at once, then later", () => {
    const page = clientPage(view());
    page.connection().open();
    page.end("stale");
    expect(page.reloads.count).toBe(1);
    page.end("stale");
    vi.advanceTimersByTime(4900);
    expect(page.reloads.count).toBe(1);
    vi.advanceTimersByTime(5200);
    expect(page.reloads.count).toBe(2);
  });

  test("is forgiven once the page has been joined, but not by a sticky view in it", () => {
    const page = clientPage(view());
    page.connection().open();
    page.end("stale");
    expect(page.win.sessionStorage.getItem("overwire:reloads:/page")).toBe("1");
    page.join(html`<i></i>`, {}, 2);
    expect(page.win.sessionStorage.getItem("overwire:reloads:/page")).toBe("1");
    page.join(view());
    expect(page.win.sessionStorage.getItem("overwire:reloads:/page")).toBeNull();
  });
});

describe("a form that the browser is to submit", () => {
  const view = (go: boolean) => html`<form id="f" action="/to" phx-trigger-action=${go}></form>`;

  test("is submitted once, natively, after the socket was closed and without a sign of trouble", () => {
    const page = clientPage(view(false), { reconnectingAfter: 0 });
    const submitted: [string, number][] = [];
    page.win.HTMLFormElement.prototype.submit = function () {
      submitted.push([this.id, page.connection().readyState]);
    };
    page.join(view(false));
    expect(submitted).toEqual([]);
    page.answer(0, view(true));
    expect(submitted).toEqual([["f", 3]]);
    vi.advanceTimersByTime(10_000);
    expect([submitted.length, page.connections.length, look(page)[1]]).toEqual([1, 1, null]);
  });
});

describe("dom.onDocumentPatch", () => {
  const view = (text: string) =>
    html`<form id="f" phx-change="e"><input id="name" name="name"></form><p>${text}</p>`;

  test("is around every change, and what follows a change waits for it", async () => {
    const starts: (() => void)[] = [];
    const heard: string[] = [];
    const page = clientPage(view(""), { dom: { onDocumentPatch: (start) => starts.push(start) } });
    page.win.addEventListener("phx:told", () => void heard.push(page.$("p").textContent as string));
    const next = async () => {
      starts.shift()?.();
      await vi.advanceTimersByTimeAsync(0);
    };
    page.join(view("joined"));
    expect([page.$("p").textContent, look(page)[0]]).toEqual(["", "own phx-loading"]);
    await next();
    expect([page.$("p").textContent, look(page)[0]]).toEqual(["joined", "own phx-connected"]);
    page.answer(0, view("one"), { e: [["told", {}]] });
    page.answer(0, view("two"), { e: [["told", {}]] });
    expect([starts.length, heard]).toEqual([1, []]);
    await next();
    expect([page.$("p").textContent, heard]).toEqual(["one", ["one"]]);
    await next();
    expect([page.$("p").textContent, heard]).toEqual(["two", ["one", "two"]]);
    page.type("#name", "a");
    page.answer(1, view("three"));
    expect(page.$("#f").className).toBe("phx-change-loading");
    await next();
    expect([page.$("#f").hasAttribute("class"), page.$("p").textContent]).toEqual([false, "three"]);
  });

  test("may start at once", () => {
    const page = clientPage(view(""), { dom: { onDocumentPatch: (start) => start() } });
    page.join(view("joined"));
    expect(page.$("p").textContent).toBe("joined");
  });
});

describe("options of the author", () => {
  const view = (text: string) =>
    html`<form id="f" phx-change="e"><input id="name" name="name"></form><p>${text}</p>`;

  test("latency delays both directions until it is switched off", async () => {
    const page = clientPage(view(""));
    page.join(view("joined"));
    page.socket.enableLatencySim(500);
    await vi.dynamicImportSettled();
    page.type("#name", "a");
    expect(page.sent(FORM)).toEqual([]);
    vi.advanceTimersByTime(500);
    expect(page.sent(FORM)).toHaveLength(1);
    page.answer(1, view("late"));
    expect(page.$("p").textContent).toBe("joined");
    vi.advanceTimersByTime(500);
    expect(page.$("p").textContent).toBe("late");
    page.socket.disableLatencySim();
    await vi.dynamicImportSettled();
    vi.advanceTimersByTime(1);
    page.answer(0, view("at once"));
    expect(page.$("p").textContent).toBe("at once");
  });

  test("all that travels is printed while that is on", async () => {
    const page = clientPage(view(""));
    page.join(view("joined"));
    expect(page.logs).toEqual([]);
    page.socket.enableDebug();
    await vi.dynamicImportSettled();
    page.type("#name", "a");
    page.answer(1);
    expect(page.logs.map(([what, frame]) => [what, (frame as unknown[])[0]])).toEqual([
      ["Overwire →", "f"],
      ["Overwire ←", "p"],
    ]);
    page.socket.disableDebug();
    await vi.dynamicImportSettled();
    page.answer(0);
    expect(page.logs).toHaveLength(2);
  });
});

test("containers of views that go are left, and may go twice", () => {
  const view = (nested: boolean) =>
    html`<p></p>${nested ? raw('<section id="n" data-ow-view="nested"></section>') : ""}`;
  const page = clientPage(view(true));
  page.join(view(true));
  page.join(html`<i></i>`, {}, 2);
  page.main.remove();
  page.answer(0);
  vi.advanceTimersByTime(0);
  expect(page.sent(LEAVE).length).toBeGreaterThan(0);
  expect(page.errors).toEqual([]);
});

test("the title is that of the newest answer, and stays if none says another", () => {
  const view = (text: string) => html`<p>${text}</p>`;
  const page = clientPage(view(""));
  page.win.document.head.innerHTML = "<title>Layout</title>";
  page.join(view(""));
  expect(page.win.document.title).toBe("Layout");
  page.answer(0, view("a"), { t: "<b>A</b>" });
  expect(page.win.document.title).toBe("<b>A</b>");
  page.answer(0, view("b"));
  expect(page.win.document.title).toBe("<b>A</b>");
});
