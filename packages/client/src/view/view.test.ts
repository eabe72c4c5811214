/** One view between an event and its answer: what is locked, what shows it, and what becomes of it where no answer comes. */
import { each, html, JS } from "@overwire/server";
import { type ClientPage, clientPage } from "@overwire/test-support/client-page";
import { useFakeTimers } from "@overwire/test-support/fake-timers";
import { describe, expect, test, vi } from "vitest";
import type { Hook, HookContext } from "../hooks/hook-types.ts";
import { EVENT, FORM, JOIN, PATCH } from "../wire/constants.ts";

useFakeTimers();

const form = (name: string, items: readonly string[] = [], other = "") => html`
  <form id="f" phx-change="change" phx-submit="save">
    <input id="name" name="name" value=${name}>
    <ul>${each(
      items,
      (item) => item,
      (item) => html`<li>${item}</li>`,
    )}</ul>
    <button phx-disable-with="Saving…">Save</button>
  </form>
  <p>${other}</p>`;

const items = ({ win }: ClientPage) => win.document.querySelectorAll("li").length;
const submit = ({ $, win }: ClientPage) =>
  $("#f").dispatchEvent(new win.Event("submit", { bubbles: true, cancelable: true }));

describe("a form that changes", () => {
  test("is left alone while a newer change awaits its answer, which shows all", () => {
    const page = clientPage(form(""));
    page.join(form(""));
    page.type("#name", "a");
    page.type("#name", "ab");
    expect(page.$("#f").className).toBe("phx-change-loading");
    page.answer(1, form("A", ["x"], "one"));
    // Changes outside are shown at once.
    expect([items(page), page.$("p").textContent, page.$("#name").value]).toEqual([0, "one", "ab"]);
    expect(page.$("#f").className).toBe("phx-change-loading");
    page.answer(0, form("A", ["x", "y"], "two"));
    expect([items(page), page.$("p").textContent, page.$("#name").value]).toEqual([0, "two", "ab"]);
    page.answer(2, form("AB", ["x", "y", "z"], "two"));
    expect([items(page), page.$("#name").value]).toEqual([3, "AB"]);
    expect(page.$("#f").hasAttribute("class")).toBe(false);
  });

  test("is unlocked by an answer that changes nothing", () => {
    const page = clientPage(form(""));
    page.join(form(""));
    page.type("#name", "a");
    page.answer(0, form("pushed", ["x"]));
    expect(items(page)).toBe(0);
    page.answer(1);
    expect(items(page)).toBe(1);
    expect(page.$("#f").hasAttribute("class")).toBe(false);
  });

  test("shows the change while it is submitted, then only its fields wait (15.16)", () => {
    const page = clientPage(form(""));
    page.join(form(""));
    page.type("#name", "a");
    submit(page);
    expect(page.$("#f").className).toBe("phx-change-loading phx-submit-loading");
    expect([page.$("#name").readOnly, page.$("button").disabled, page.$("button").textContent]).toEqual([
      true,
      true,
      "Saving…",
    ]);
    page.answer(1, form("A", ["x"]));
    expect(page.$("#f").className).toBe("phx-submit-loading");
    expect([items(page), page.$("#name").value, page.$("button").textContent]).toEqual([1, "a", "Saving…"]);
    page.answer(2, form("saved", ["x", "y"]));
    expect([items(page), page.$("#name").value, page.$("button").textContent]).toEqual([2, "saved", "Save"]);
    expect(page.$("#f").hasAttribute("class")).toBe(false);
    expect([page.$("#name").readOnly, page.$("button").disabled]).toEqual([false, false]);
    expect(page.$("button").getAttribute("phx-disable-with")).toBe("Saving…");
  });

  test("keeps the new items' hooks until they are there", () => {
    const mounted: string[] = [];
    const Item: Hook = {
      mounted() {
        mounted.push(this.el.id);
      },
    };
    const list = (ids: readonly string[]) =>
      html`<form id="f" phx-change="change"><input id="name" name="name">${each(
        ids,
        (id) => id,
        (id) => html`<i id=${id} phx-hook="Item"></i>`,
      )}</form>`;
    const page = clientPage(list([]), { hooks: { Item } });
    page.join(list([]));
    page.type("#name", "a");
    page.type("#name", "b");
    page.answer(1, list(["a"]));
    expect(mounted).toEqual([]);
    page.answer(2, list(["a", "b"]));
    expect([...page.win.document.querySelectorAll("i")].map(({ id }) => id)).toEqual(["a", "b"]);
    expect(mounted.sort()).toEqual(["a", "b"]);
  });
});

describe("a hook's push", () => {
  const view = (text: string) => html`<div id="h" phx-hook="Pusher"><b>${text}</b></div><p>${text}</p>`;
  function open() {
    let hook: HookContext | undefined;
    const Pusher: Hook = {
      mounted() {
        hook = this as never;
      },
    };
    const page = clientPage(view(""), { hooks: { Pusher } });
    page.join(view(""));
    return { page, push: () => (hook as HookContext).pushEvent("e") };
  }

  test("locks its element, and resolves with the reply once the answer is shown", async () => {
    const { page, push } = open();
    const told: unknown[] = [];
    push().then((reply) => told.push([reply, page.$("b").textContent]));
    expect(page.$("#h").className).toBe("phx-hook-loading");
    page.answer(0, view("pushed"));
    expect([page.$("b").textContent, page.$("p").textContent]).toEqual(["", "pushed"]);
    page.answer(1, view("answer"), { r: { ok: 1 } });
    await Promise.resolve();
    expect(told).toEqual([[{ ok: 1 }, "answer"]]);
    expect(page.$("#h").hasAttribute("class")).toBe(false);
  });

  test("rejects if it is refused, and the page is as the answer has it", async () => {
    const { page, push } = open();
    const pushed = push();
    page.answer(1, view("answer"), { x: { code: "unknown_event", message: "no such event" } });
    await expect(pushed).rejects.toThrow("no such event");
    expect(page.errors).toEqual(["Overwire: no such event"]);
    expect(page.$("b").textContent).toBe("answer");
  });

  /** Loses the connection and joins again. */
  const rejoin = (page: ClientPage, text: string, extras = {}) => {
    page.connection().lose();
    vi.advanceTimersByTime(100);
    page.join(view(text), extras);
  };

  test("rejects if the connection was lost and the view mounted anew", async () => {
    const { page, push } = open();
    const pushed = push();
    page.answer(0, view("pushed"));
    page.connection().lose();
    const later = push();
    expect(page.$("#h").className).toBe("phx-hook-loading");
    rejoin(page, "anew");
    await expect(pushed).rejects.toThrow("the connection was lost, and the view was mounted anew");
    await expect(later).rejects.toThrow("the connection was lost, and the view was mounted anew");
    expect(page.sent(EVENT)).toEqual([]);
    expect([page.$("b").textContent, page.$("#h").hasAttribute("class")]).toEqual(["anew", false]);
    expect(page.errors).toEqual([]);
  });

  test("goes on if the view does: an event that has not arrived is sent again, one that has is awaited, or was answered", async () => {
    const { page, push } = open();
    const told: unknown[] = [];
    for (const name of ["answered", "running", "lost"]) push().then((reply) => told.push([name, reply]));
    rejoin(page, "on", { q: [2, 2] });
    await Promise.resolve();
    expect(told).toEqual([["answered", null]]);
    expect(page.sent(JOIN).at(-1)).toMatchObject([JOIN, 1, { seen: 1 }]);
    expect(page.sent(EVENT).map(([, , ref]) => ref)).toEqual([3]);
    page.answer(2, 0, { r: "two" });
    page.answer(3, 0, { r: "three" });
    await Promise.resolve();
    expect(told.slice(1)).toEqual([
      ["running", "two"],
      ["lost", "three"],
    ]);
    expect([page.$("b").textContent, page.$("#h").hasAttribute("class")]).toEqual(["on", false]);
  });

  test("rejects where the view crashes, and where the answer does not fit the page, which is then joined again", async () => {
    const { page, push } = open();
    const first = push();
    page.end("crashed");
    await expect(first).rejects.toThrow("crashed");
    vi.advanceTimersByTime(100);
    expect(page.sent(JOIN)).toHaveLength(2);
    page.join(view("again"));
    const second = push();
    page.connection().receive([PATCH, 1, 9, 2, { "99": "x" }]);
    await expect(second).rejects.toThrow("did not fit");
    expect(page.$("#h").hasAttribute("class")).toBe(false);
    vi.advanceTimersByTime(2000);
    expect(page.sent(JOIN)).toHaveLength(3);
    page.join(view("mended"));
    expect(page.$("b").textContent).toBe("mended");
  });
});

describe("other signs of an awaited answer", () => {
  const view = (args: object) => html`<button phx-click=${JS.push("e", args)}>x</button><i></i><p></p>`;
  const open = (args: object) => {
    const page = clientPage(view(args));
    page.join(view(args));
    page.$("button").click();
    return page;
  };

  test("elements that a command names", () => {
    const page = open({ loading: "p" });
    expect([page.$("button").className, page.$("p").className, page.$("i").className]).toEqual([
      "phx-click-loading",
      "phx-click-loading",
      "",
    ]);
    page.answer(1);
    expect(page.win.document.querySelectorAll("[class*=loading]")).toHaveLength(0);
  });

  test("the page, until it is answered, refused, or the connection is lost", () => {
    const page = open({ pageLoading: true });
    // Before that the page itself was loading.
    expect(page.events.splice(0, 2)).toEqual(["start", "stop"]);
    expect(page.events).toEqual(["start"]);
    page.answer(1);
    expect(page.events).toEqual(["start", "stop"]);
    page.$("button").click();
    page.answer(2, 0, { x: { code: "unknown_event", message: "no" } });
    expect(page.events).toEqual(["start", "stop", "start", "stop"]);
    page.$("button").click();
    page.connection().lose();
    vi.advanceTimersByTime(100);
    page.join(view({ pageLoading: true }));
    expect(page.events).toEqual(["start", "stop", "start", "stop", "start", "stop"]);
  });

  test("a change in advance is taken back with any answer, and without one", () => {
    const args = { optimistic: JS.addClass("liked", { to: "p" }) };
    for (const end of [
      (page: ClientPage) => page.answer(1),
      (page: ClientPage) => page.answer(1, 0, { x: { code: "rolled_back", message: "no" } }),
      (page: ClientPage) => page.end("crashed"),
      (page: ClientPage) => {
        page.connection().lose();
        vi.advanceTimersByTime(100);
        page.join(view(args));
      },
    ]) {
      const page = open(args);
      expect(page.$("p").className).toBe("liked");
      end(page);
      expect(page.$("p").className).toBe("");
    }
  });

  test("a change in advance without a connection stays until the event is answered, or the view mounted anew", () => {
    const args = { optimistic: JS.addClass("liked", { to: "p" }) };
    for (const isAnew of [false, true]) {
      const page = open(args);
      page.answer(1);
      page.connection().lose();
      page.$("button").click();
      expect(page.$("p").className).toBe("liked");
      vi.advanceTimersByTime(100);
      page.join(view(args), isAnew ? {} : { q: [1] });
      expect(page.$("p").className).toBe(isAnew ? "" : "liked");
      if (isAnew) continue;
      expect(page.sent(EVENT)).toMatchObject([[EVENT, 1, 2, "e", {}]]);
      page.answer(2);
      expect(page.$("p").className).toBe("");
    }
  });
});

test("commands that a submit has run by another element push as that element", () => {
  const view = () => html`<form id="f" phx-submit=${JS.exec("data-go", { to: "div" })}></form>
    <div data-go=${JS.push("go")}></div>`;
  const page = clientPage(view());
  page.join(view());
  submit(page);
  expect(page.sent(EVENT)).toHaveLength(1);
  page.answer(1);
});

test("an event before the page is joined is sent when it is", () => {
  const page = clientPage(form(""));
  page.type("#name", "early");
  page.connection().open();
  expect(page.sent(FORM)).toEqual([]);
  page.join(form(""));
  expect(page.sent(FORM)).toHaveLength(1);
  expect(page.$("#name").value).toBe("early");
});
