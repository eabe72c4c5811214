import { each, html, LiveView, Portal, renderToHtml, type Template } from "@overwire/server";
import { patchedElement } from "@overwire/test-support/patched-element";
import { type Message, serve } from "@overwire/test-support/stream-scripts";
import { testWindow } from "@overwire/test-support/test-window";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { BoundView, Push } from "../bindings/host.ts";
import type { Js } from "../commands/js.ts";
import { lock, unlock } from "../dom/locks.ts";
import { createPageLifecycle } from "../page/page-lifecycle.ts";
import { createPolicy } from "../patch/policy.ts";
import { portalOwner } from "../patch/portals.ts";
import { showStream } from "../patch/streams.ts";
import * as telling from "../patch/update-notices.ts";
import { learnTemplates } from "../wire/client-tree.ts";
import type { ReadTemplate } from "../wire/template-steps.ts";
import { createHookContext, startHook, ViewHook } from "./hook-context.ts";
import { createHookManager, type HookManager } from "./hook-manager.ts";
import type { Hook, HookContext, HookFunction, Hooks } from "./hook-types.ts";
import { observePage, type PageObserver } from "./page-observer.ts";

let win: Window & typeof globalThis;
let told: string[];
let errors: unknown[][];
let pushed: (Push & { readonly view: string })[];
/** The server's next answer. */
let reply: Promise<unknown>;
let ran: unknown[];
let patcher: ReturnType<typeof patchedElement>["patcher"];
let page: PageObserver;
let known: Map<number, ReadTemplate>;
let hookManager: HookManager;
let isLive: boolean;
let view: BoundView & { readonly joined: boolean };

const $ = (selector: string) => win.document.querySelector(selector) as HTMLElement;

/** Tells of each callback, with its name before it. */
const spy = (name = ""): Hook => ({
  mounted: () => void told.push(`${name}mounted`),
  beforeUpdate: () => void told.push(`${name}beforeUpdate`),
  updated: () => void told.push(`${name}updated`),
  destroyed: () => void told.push(`${name}destroyed`),
  disconnected: () => void told.push(`${name}disconnected`),
  reconnected: () => void told.push(`${name}reconnected`),
});

/** Callbacks since the last call. */
const news = () => told.splice(0);

beforeEach(() => {
  win = testWindow('<main></main><aside id="a"></aside>', "http://localhost/").win;
  [told, errors, pushed, ran] = [[], [], [], []];
  reply = Promise.resolve("the reply");
  isLive = false;
  vi.spyOn(win.console, "error").mockImplementation((...args: unknown[]) => void errors.push(args));
});

/** The page's hooks end with their elements. */
const leave = () => {
  win.document.body.innerHTML = "";
  page.settle();
};

afterEach(leave);

/** A page with a view in it; what it gives shows the next rendering. */
function open(hooks: Hooks, first: Template) {
  const main = $("main");
  main.innerHTML = renderToHtml(first);
  const viewNamed = (name: string): BoundView & { readonly joined: boolean } => ({
    el: main,
    get joined() {
      return isLive;
    },
    push: (push) => {
      pushed.push({ ...push, view: name });
      return reply;
    },
    componentOf: (el) => Number(el.getAttribute("data-component")) || undefined,
  });
  view = viewNamed("main");
  const host = {
    win,
    prefix: "phx-",
    viewOf: (el: Element) => (main.contains(portalOwner(el) ?? el) ? view : undefined),
    commands: {
      run: (binding: unknown, { source }: { source: Element }) => void ran.push([binding, source.id]),
    },
  };
  const js = {
    exec: (el: Element, encoded: unknown) => void ran.push([encoded, el.id]),
  } as Partial<Js> as Js;
  const liveSocket = { connected: true, connect() {}, disconnect() {} };
  hookManager = createHookManager(
    host,
    hooks,
    () => {},
    () => {},
    (hook, el, name, signal, attempt) =>
      startHook(hook, createHookContext(host, { liveSocket, js: () => js }, attempt, el, name, signal)),
  );
  page = observePage(win, "phx-", host.viewOf, {
    hookManager: () => hookManager,
    onMore() {},
    onView: (el) => void told.push(`view ${el.id}`),
    onViewGone: (el) => void told.push(`no view ${el.id}`),
  });
  const patched = patchedElement(
    main,
    createPolicy("phx-", { telling: () => telling, beforeUpdate: hookManager.beforeUpdate }),
    () => showStream,
  );
  ({ patcher, known } = patched);
  const show = (next: Template) => {
    patched.show(next);
    page.settle();
  };
  page.settle();
  isLive = true;
  show(first);
  return show;
}

const one = (name: string | null, title = "", text = "") =>
  html`<div><p id="p" phx-hook=${name} title=${title}>${text}<i></i></p></div>`;

describe("the life of a hook", () => {
  test("each callback once, at its time", () => {
    const view = (on: boolean, title: string) => html`<div>${on && one("A", title)}</div>`;
    const show = open({ A: spy() }, view(true, "1"));
    expect(news()).toEqual(["mounted"]);
    show(view(true, "2"));
    expect(news()).toEqual(["beforeUpdate", "updated"]);
    hookManager.tell(currentView(), true);
    hookManager.tell(currentView(), true);
    expect(news()).toEqual(["disconnected"]);
    hookManager.tell(currentView(), false);
    expect(news()).toEqual(["reconnected"]);
    show(view(false, ""));
    expect(news()).toEqual(["destroyed"]);
    hookManager.tell(currentView(), true);
    expect(news()).toEqual([]);
  });

  test("nothing is told of a connection that was not lost", () => {
    open({ A: spy() }, one("A"));
    news();
    hookManager.tell(currentView(), false);
    expect(news()).toEqual([]);
  });

  test("it begins when its view is joined, and only once", () => {
    const seen: boolean[] = [];
    open({ A: { mounted: () => void seen.push(isLive) } }, one("A"));
    page.settle();
    expect(seen).toEqual([true]);
  });

  test("a patch may give an element its hook: mounted, not updated", () => {
    const show = open({ A: spy() }, one(null));
    show(one("A", "new"));
    expect(news()).toEqual(["mounted"]);
  });

  test("or another one, or none", () => {
    const show = open({ A: spy("a "), B: spy("b ") }, one("A"));
    news();
    show(one("B", "new"));
    expect(news()).toEqual(["a destroyed", "b mounted"]);
    show(one(null));
    expect(news()).toEqual(["b destroyed"]);
  });

  test("it ends with the client, or when its view is taken out of the page", () => {
    open({ A: spy() }, one("A"));
    news();
    $("main").remove();
    page.settle();
    expect(news()).toEqual(["destroyed"]);
  });

  test("scripts may bring elements and take them away", async () => {
    open({ A: spy() }, one(null));
    $("main").insertAdjacentHTML("beforeend", '<b id="b" phx-hook="A"></b>');
    await vi.waitFor(() => expect(news()).toEqual(["mounted"]));
    const signal = $("#b");
    signal.remove();
    await vi.waitFor(() => expect(news()).toEqual(["destroyed"]));
  });

  test("an element that moves keeps its hook", () => {
    open({ A: spy() }, html`<div>${one("A")}<b></b></div>`);
    news();
    $("b").append($("#p"));
    page.settle();
    expect(news()).toEqual([]);
  });

  test("outside of all views it is mounted once, and cannot push", async () => {
    win.document.body.insertAdjacentHTML("beforeend", '<b id="b" phx-hook="A"></b>');
    let hook = {} as HookContext;
    const show = open({ A: (_, context) => void (hook = context) }, one(null));
    const first = hook;
    show(one(null, "new"));
    expect(hook).toBe(first);
    await expect(hook.pushEvent("x")).rejects.toThrow("in no view");
  });

  test("in a portal as anywhere", () => {
    const view = (text: string) => html`<div><${Portal} id="x" target="#a">${one("A", "", text)}<//></div>`;
    const show = open({ A: spy() }, view("1"));
    expect($("#a").contains($("#p"))).toBe(true);
    expect(news()).toEqual(["mounted"]);
    show(view("2"));
    expect(news()).toEqual(["beforeUpdate", "updated"]);
  });
});

const currentView = () => view;

describe("hooks are mounted in the order of the page", () => {
  const mounts: Hook = {
    mounted() {
      told.push(this.el.id);
    },
  };
  const item = (id: string) =>
    html`<li id=${id} phx-hook="A"><b id=${`${id}1`} phx-hook="A"></b>${id === "d" && html`<i id="d2" phx-hook="A"></i>`}</li>`;
  const list = (ids: string) =>
    each(
      [...ids],
      (id) => id,
      (id) => item(id),
    );
  const view = (first: string, second = "", hook: string | null = null) =>
    html`<div id="top" phx-hook=${hook}></div><ul>${list(first)}</ul><div>${second && html`<ol>${list(second)}</ol>`}</div><div id="end" phx-hook=${hook}></div>`;
  const each1 = (ids: string) => [...ids].flatMap((id) => [id, `${id}1`, ...(id === "d" ? ["d2"] : [])]);

  test.each([
    ["", "bcd", "bcd"],
    ["a", "abcd", "bcd"],
    ["a", "bcda", "bcd"],
    ["ae", "ebcdaf", "bcdf"],
    ["abc", "xcybza", "xyz"],
    ["abcd", "dcba", ""],
  ])("in a list: %s becomes %s", (before, after, expected) => {
    const show = open({ A: mounts }, view(before));
    news();
    show(view(after));
    expect(news()).toEqual(each1(expected));
  });

  test("in all that comes at once", () => {
    const show = open({ A: mounts }, view("f"));
    news();
    show(view("xfy", "bdc", "A"));
    expect(news()).toEqual(["top", ...each1("xybdc"), "end"]);
  });

  test("in elements that change places as well", () => {
    const view = (ids: string, more: boolean) =>
      html`<ul>${each(
        [...ids],
        (id) => id,
        (id) => html`<li id=${`${id}0`}>${more && html`<b id=${id} phx-hook="A"></b>`}</li>`,
      )}</ul><p>${more && html`<b id="p" phx-hook="A"></b>`}</p>`;
    const show = open({ A: mounts }, view("abcd", false));
    show(view("dbxca", true));
    expect(news()).toEqual([..."dbxcap"]);
  });

  test("in a part that comes around elements of the page", () => {
    const field = (more: boolean) => html`<p id="x"><input>${more && html`<i id="i" phx-hook="A"></i>`}</p>`;
    const view = (wrapped: boolean) =>
      html`<div>${
        wrapped
          ? html`<section id="s" phx-hook="A"><b id="b" phx-hook="A"></b>${field(true)}<b id="c" phx-hook="A"></b></section>`
          : field(false)
      }</div>`;
    const show = open({ A: mounts }, view(false));
    const x = $("#x");
    show(view(true));
    expect(news()).toEqual(["s", "b", "i", "c"]);
    expect($("#x")).toBe(x);
  });

  test("in a stream", () => {
    class Feed extends LiveView {
      items = this.stream<string>({ domId: (id) => id });
      override mount() {
        this.items.insertMany(["k", "l"]);
      }
      render() {
        return html`<ul>${this.items.each((id) => item(id))}</ul>`;
      }
    }
    const { painted, first, turn } = serve(Feed);
    open({ A: mounts }, html``);
    const take = ({ tree, diff, templates }: Message) => {
      learnTemplates(known, templates as never);
      if (tree) patcher.load(tree as never);
      else patcher.merge(diff as never);
      page.settle();
    };
    $("main").innerHTML = painted;
    take(first);
    expect(news()).toEqual(each1("kl"));
    take(turn(({ items }) => items.insertMany(["b", "c", "d"], { at: 0 })) as Message);
    expect(news()).toEqual(each1("bcd"));
    take(
      turn(({ items }) => {
        for (const id of ["z", "y", "x"]) items.insert(id, { at: 0 });
      }) as Message,
    );
    expect(news()).toEqual(each1("xyz"));
    take(
      turn(({ items }) => {
        items.insert("n");
        items.insert("m", { at: 0 });
        items.insert("o");
      }) as Message,
    );
    expect(news()).toEqual(each1("mno"));
  });
});

test("a hook goes with its element to another list, around it and into a portal", () => {
  const item = html`<p id="x" phx-hook="A">x</p>`;
  const view = (at: number) =>
    html`<ul>${at === 1 && html`<li>${item}</li>`}</ul><ol>${at === 2 && item}</ol>
      ${at === 3 && html`<${Portal} id="portal" target="#a"><i>${item}</i><//>`}`;
  const show = open({ A: spy() }, view(1));
  const x = $("#x");
  for (const at of [2, 3, 1, 3, 2]) show(view(at));
  expect($("#x")).toBe(x);
  expect(new Set(news())).toEqual(new Set(["mounted"]));
  show(view(0));
  expect(news()).toEqual(["destroyed"]);
});

test("an element with a hook that is given another id is another one, with a hook of its own", () => {
  const view = (id: string) => html`<div><p id=${id} phx-hook="A">x</p></div>`;
  const show = open({ A: spy() }, view("one"));
  const one = $("#one");
  show(view("two"));
  expect(news()).toEqual(["mounted", "destroyed", "mounted"]);
  expect($("#two")).not.toBe(one);
  expect(one.id).toBe("one");
});

describe("updates", () => {
  test("are told of what changes in an element too, and not of what changes beside it", () => {
    const view = (inside: string, beside: string) =>
      html`<div><p id="p" phx-hook="A"><i>${inside}</i></p><b>${beside}</b></div>`;
    const show = open({ A: spy() }, view("1", "1"));
    news();
    show(view("2", "1"));
    expect(news()).toEqual(["beforeUpdate", "updated"]);
    show(view("2", "2"));
    expect(news()).toEqual([]);
  });

  test("are not told where a patch goes over an element and leaves it as it is", () => {
    const view = (title: string, inside: string) =>
      html`<div title=${title}>${html`<p id="p" phx-hook="A"><i>${inside}</i>${html`<b>${inside}</b>`}</p>`}</div>`;
    const show = open({ A: spy() }, view("1", "1"));
    news();
    show(view("2", "1"));
    expect(news()).toEqual([]);
    show(view("3", "2"));
    expect(news()).toEqual(["beforeUpdate", "updated"]);
  });

  test("are told once if much changes", () => {
    const view = (text: string) => html`<p id="p" phx-hook="A"><i>${text}</i><b>${text}</b></p>`;
    const show = open({ A: spy() }, view("1"));
    news();
    show(view("2"));
    expect(news()).toEqual(["beforeUpdate", "updated"]);
  });

  test("beforeUpdate sees what the element becomes", () => {
    const seen: unknown[] = [];
    const hook: Hook = {
      beforeUpdate(to) {
        seen.push(this.el.title, to.title, to.isConnected);
      },
    };
    const show = open({ A: hook }, one("A", "1", "1"));
    show(one("A", "2", "2"));
    expect(seen).toEqual(["1", "2", false]);
  });

  test("of ignored elements are told where their data changed", () => {
    const view = (data: string, title: string) =>
      html`<div title=${title}><p id="p" phx-hook="A" phx-update="ignore" data-x=${data} title=${title}>${title}</p></div>`;
    const show = open({ A: spy() }, view("1", "1"));
    news();
    show(view("1", "2"));
    expect(news()).toEqual([]);
    show(view("2", "3"));
    expect(news()).toEqual(["beforeUpdate", "updated"]);
  });

  test("wait while the element is locked", () => {
    const show = open({ A: spy() }, one("A", "1"));
    news();
    lock($("#p"), 2);
    show(one("A", "2"));
    expect(news()).toEqual([]);
    unlock($("#p"), 2);
    patcher.refresh();
    page.settle();
    expect(news()).toEqual(["beforeUpdate", "updated"]);
    expect($("#p").title).toBe("2");
  });
});

describe("hooks may be", () => {
  test("classes", () => {
    class Counter extends ViewHook<HTMLParagraphElement> {
      count = this.el.title.length;
      override mounted() {
        told.push(`mounted ${this.count}`);
      }
      override updated() {
        this.count++;
        told.push(`updated ${this.count}`);
      }
      override destroyed() {
        told.push("destroyed");
      }
    }
    const show = open({ A: Counter }, one("A", "123"));
    show(one("A", "4"));
    show(one(null));
    expect(news()).toEqual(["mounted 3", "updated 4", "destroyed"]);
  });

  test("classes of their own, and may have methods in place of those of a hook", () => {
    class Plain {
      declare el: Element;
      mounted() {
        told.push(`mounted ${this.el.id} ${this.pushEvent()}`);
      }
      pushEvent() {
        return "own";
      }
    }
    const object = {
      ...spy(),
      pushEvent: () => "own",
      mounted() {
        told.push(this.pushEvent());
      },
    };
    const show = open({ A: Plain, B: object as Hook }, one("A"));
    show(one("B"));
    expect(news()).toEqual(["mounted p own", "own"]);
  });

  test("functions, whose cleanup runs once", () => {
    const show = open({ A: (el) => () => void told.push(`clean ${el.id}`) }, one("A"));
    show(one("A", "new"));
    expect(news()).toEqual([]);
    show(one(null));
    leave();
    expect(news()).toEqual(["clean p"]);
  });

  test("functions that return callbacks", () => {
    const show = open({ A: () => ({ updated: () => void told.push("updated") }) }, one("A"));
    show(one("A", "new"));
    expect(news()).toEqual(["updated"]);
  });

  test("each element has an instance of its own", () => {
    const hook: Hook<{ count: number }> = {
      count: 0,
      mounted() {
        told.push(`${this.el.id} ${++this.count}`);
      },
    };
    open({ A: hook }, html`<b id="a1" phx-hook="A"></b><b id="a2" phx-hook="A"></b>`);
    expect(news()).toEqual(["a1 1", "a2 1"]);
  });
});

describe("errors are reported and break nothing", () => {
  test("an unknown hook, an element without id", () => {
    open({ A: spy() }, html`<b id="b" phx-hook="Nope"></b><i phx-hook="A"></i><u id="u" phx-hook="A"></u>`);
    page.settle();
    expect(errors.map(([text]) => text)).toEqual([
      'Overwire: there is no hook "Nope"',
      expect.stringContaining("needs an id"),
    ]);
    expect(news()).toEqual(["mounted"]);
  });

  test("a hook that throws", () => {
    const throws = () => {
      throw new Error("mine");
    };
    const hook = { mounted: throws, updated: throws, destroyed: throws };
    const show = open(
      { A: hook, B: spy(), C: throws },
      html`<div>${one("A", "1")}<b id="b" phx-hook="B"></b><i id="i" phx-hook="C"></i></div>`,
    );
    expect(news()).toEqual(["mounted"]);
    show(html`<div></div>`);
    expect(news()).toEqual(["destroyed"]);
    expect(errors.map(([text]) => text)).toEqual([
      "Overwire: mounted of the hook A failed",
      "Overwire: the hook C failed",
      "Overwire: destroyed of the hook A failed",
    ]);
  });
});

describe("an async callback that rejects is reported as one that throws, and breaks nothing", () => {
  const rejects = (name: string) => () => Promise.reject(new Error(name));
  const reported = async (count: number) => {
    await vi.waitFor(() => expect(errors).toHaveLength(count));
    return errors.map(([text, error, el]) => [text, (error as Error).message, (el as Element).id]);
  };

  test("in each callback of a hook", async () => {
    const hook: Hook = {
      async mounted() {
        await Promise.resolve();
        throw new Error("mounted");
      },
      beforeUpdate: rejects("before"),
      updated: rejects("updated"),
      destroyed: rejects("destroyed"),
      disconnected: rejects("disconnected"),
      reconnected: rejects("reconnected"),
    };
    const parts = (note: string) => html`<div>${one("A", note)}<b id="b" phx-hook="B">${note}</b></div>`;
    const show = open({ A: hook, B: spy() }, parts("1"));
    const main = view;
    show(parts("2"));
    hookManager.tell(main, true);
    hookManager.tell(main, false);
    show(html`<div></div>`);
    expect(news()).toEqual([
      "mounted",
      "beforeUpdate",
      "updated",
      "disconnected",
      "reconnected",
      "destroyed",
    ]);
    const all = await reported(6);
    expect(all).toContainEqual(["Overwire: mounted of the hook A failed", "mounted", "p"]);
    expect(all.map(([text]) => text).sort()).toEqual(
      ["beforeUpdate", "destroyed", "disconnected", "mounted", "reconnected", "updated"].map(
        (name) => `Overwire: ${name} of the hook A failed`,
      ),
    );
  });

  test("in a hook that is a function, and in what it returns", async () => {
    open(
      {
        A: rejects("begins") as never,
        B: () => rejects("cleans up") as () => never,
        C: () => ({ destroyed: rejects("callback") }),
      },
      html`${one("A")}<b id="b" phx-hook="B"></b><i id="i" phx-hook="C"></i>`,
    );
    leave();
    expect((await reported(3)).sort()).toEqual([
      ["Overwire: destroyed of the hook B failed", "cleans up", "b"],
      ["Overwire: destroyed of the hook C failed", "callback", "i"],
      ["Overwire: mounted of the hook A failed", "begins", "p"],
    ]);
  });

  test("in a handler of the server's events, and in what is done with a reply", async () => {
    const others: unknown[] = [];
    open(
      {
        A(_, hook) {
          hook.handleEvent("news", rejects("handler"));
          hook.handleEvent("news", () => others.push("told"));
          hook.pushEvent("ask", {}, rejects("reply"));
        },
      },
      one("A"),
    );
    createPageLifecycle(win).dispatch([["news", {}]]);
    expect(others).toEqual(["told"]);
    expect((await reported(2)).sort()).toEqual([
      ["Overwire: phx:news in the hook A failed", "handler", "p"],
      ["Overwire: what A does with a reply failed", "reply", "p"],
    ]);
  });
});

describe("a hook's signal", () => {
  const signals: AbortSignal[] = [];
  const hook: HookFunction = (_, { signal }) => void signals.push(signal);
  beforeEach(() => void (signals.length = 0));

  test("aborts when a patch takes the element away, or gives it another hook", () => {
    const show = open({ A: hook }, one("A"));
    expect(signals[0]?.aborted).toBe(false);
    show(one(null));
    expect(signals[0]?.aborted).toBe(true);
  });

  test("aborts when a script takes it away, or the page around it goes", async () => {
    open({ A: hook }, html`<b id="b" phx-hook="A"></b><i id="i" phx-hook="A"></i>`);
    $("#b").remove();
    await vi.waitFor(() => expect(signals.map(({ aborted }) => aborted)).toEqual([true, false]));
    leave();
    expect(signals[1]?.aborted).toBe(true);
  });
});

describe("events", () => {
  let hook: HookContext;
  const keep: HookFunction = (_, context) => void (hook = context);

  test("are pushed to the view, and the reply comes as a promise or to a callback", async () => {
    open({ A: keep }, one("A"));
    const replies: unknown[] = [];
    const promise = hook.pushEvent("save", { a: 1 }, (reply) => replies.push(reply));
    await expect(promise).resolves.toBe("the reply");
    expect(replies).toEqual(["the reply"]);
    expect(pushed[0]).toMatchObject({ type: "hook", event: "save", payload: { a: 1 }, source: $("#p") });
    await hook.pushEvent("plain");
    expect(pushed[1]).toMatchObject({ event: "plain", payload: {} });
  });

  test("reject if they are refused or there is no connection; a callback is not called", async () => {
    open({ A: keep }, one("A"));
    reply = Promise.reject(new Error("refused"));
    await expect(hook.pushEvent("x")).rejects.toThrow("refused");
    const onReply = vi.fn();
    await expect(hook.pushEvent("x", {}, onReply)).rejects.toThrow();
    expect(onReply).not.toHaveBeenCalled();
  });

  test("may go to what a selector matches, to an element's component, to one by number", async () => {
    open({ A: keep }, html`${one("A")}<b data-component="3"></b><b data-component="4"></b>`);
    expect(await hook.pushEventTo("b", "x")).toEqual([
      { status: "fulfilled", value: { reply: "the reply" } },
      { status: "fulfilled", value: { reply: "the reply" } },
    ]);
    reply = Promise.reject(new Error("refused"));
    expect(await hook.pushEventTo($("b"), "x")).toMatchObject([{ status: "rejected" }]);
    reply = Promise.resolve();
    await hook.pushEventTo(9, "x");
    expect(pushed.map(({ component }) => component)).toEqual([3, 4, 3, 9]);
  });

  test("of the server come to handlers, also those registered in mounted", () => {
    const got: unknown[] = [];
    const hook: Hook = {
      mounted() {
        this.handleEvent("news", (payload) => got.push(payload));
      },
    };
    open({ A: hook }, one("A"));
    createPageLifecycle(win).dispatch([["news", { a: 1 }]]);
    createPageLifecycle(win).dispatch([["other", {}]]);
    expect(got).toEqual([{ a: 1 }]);
  });

  test("come only to hooks that are still there, and to no handler that was removed", () => {
    const got: string[] = [];
    const hook: Hook = {
      mounted() {
        const { id } = this.el;
        const once = this.handleEvent("once", () => {
          got.push(`${id} once`);
          this.removeHandleEvent(once);
        });
        this.handleEvent("news", () => got.push(`${id} news`));
      },
    };
    const view = (both: boolean) =>
      html`<b id="b" phx-hook="A"></b>${both && html`<i id="i" phx-hook="A"></i>`}`;
    const show = open({ A: hook }, view(true));
    show(view(false));
    createPageLifecycle(win).dispatch([["news", {}]]);
    createPageLifecycle(win).dispatch([["once", {}]]);
    createPageLifecycle(win).dispatch([["once", {}]]);
    expect(got).toEqual(["b news", "b once"]);
  });
});

test("files are given to the upload of that name", () => {
  const got: unknown[] = [];
  let hook = {} as HookContext;
  open(
    { A: (_, context) => void (hook = context) },
    html`${one("A")}<input type="file" name="one" id="one"><form><input type="file" name="doc" id="two"></form><input type="file" name="doc">`,
  );
  win.addEventListener("track-uploads", (event) => {
    const { detail, target } = event as unknown as CustomEvent<{ files: Blob[] }>;
    got.push((target as Element).id, detail.files.length);
  });
  const file = new win.Blob(["x"]);
  hook.upload("one", [file]);
  hook.uploadTo("form", "doc", [file, file]);
  hook.uploadTo($("form"), "doc", []);
  hook.upload("none", [file]);
  hook.upload("doc", [file]);
  expect(got).toEqual(["one", 1, "two", 2, "two", 0]);
  expect(errors[0]?.[0]).toContain('no upload "none"');
  expect(errors[1]?.[0]).toContain('more than one upload "doc"');
});

test("commands are those of the page; exec is about the hook's element", () => {
  let hook = {} as HookContext;
  open({ A: (_, context) => void (hook = context) }, one("A"));
  hook.js().exec('[["hide"]]');
  hook.js().exec([["show"]]);
  expect(ran).toEqual([
    ['[["hide"]]', "p"],
    [[["show"]], "p"],
  ]);
});

test("phx-mounted runs once for each element, when it comes", () => {
  const view = (second: boolean, title: string) =>
    html`<b id="b" title=${title} phx-mounted="one"></b>${second && html`<i id="i" phx-mounted="two"></i>`}`;
  const show = open({}, view(false, "1"));
  show(view(true, "2"));
  show(view(true, "3"));
  expect(ran).toEqual([
    ["one", "b"],
    ["two", "i"],
  ]);
});

test("containers of nested views are reported when they come and when they leave", () => {
  const view = (on: boolean) =>
    html`<div>${on && html`<div id="n" data-ow-view="token"><b phx-hook="A" id="b"></b></div>`}</div>`;
  const show = open({}, view(false));
  show(view(true));
  expect(news()).toEqual(["view n"]);
  show(view(false));
  expect(news()).toEqual(["no view n"]);
});

test("a form that the server submits does not wait for what is loaded later", () => {
  win.document.body.innerHTML = `<form id="f" phx-submit="save"></form>`;
  page = observePage(win, "phx-", () => undefined, {
    hookManager: () => undefined,
    onMore() {},
    onView() {},
    onViewGone() {},
  });
  page.settle();
  expect(page.triggered).toBe(undefined);
  $("#f").setAttribute("phx-trigger-action", "");
  page.settle();
  expect(page.triggered?.id).toBe("f");
});
