/** Client commands. Timelines are those of LiveView; `commands.browser.test.ts` has the ones that need a browser. */
import { useFakeTimers } from "@overwire/test-support/fake-timers";
import { testWindow } from "@overwire/test-support/test-window";
import { describe, expect, test, vi } from "vitest";
import type { BoundView, CommandContext, Host, Push } from "../bindings/host.ts";
import { applyStickyOps } from "../dom/sticky-ops.ts";
import type { Json } from "../wire/frames.ts";
import { createCommands } from "./commands.ts";
import { createJs } from "./js.ts";

useFakeTimers();

const FRAME = 16;
const wait = (ms: number) => vi.advanceTimersByTime(ms);

/** A page with two views in it, `main` and `aside`; a component, number 5, in `main`; and what is pushed to each. */
function page(html: string, options: Partial<Host> = {}) {
  const {
    win,
    document,
    errors,
    $: find,
  } = testWindow(
    `<main>${html}</main><aside><s id="there"></s></aside><footer></footer>`,
    "http://localhost/",
  );
  const pushed: Push[] = [];
  let refuse: (error: Error) => void = () => {};
  const view = (el: Element): BoundView => ({
    el,
    push: (push) => {
      pushed.push(push);
      return new Promise((_, reject) => (refuse = reject));
    },
    componentOf: (inner) => (inner.closest("[data-component]") ? 5 : undefined),
  });
  const views = [view(find("main")), view(find("aside"))];
  const went: unknown[] = [];
  const held: Promise<unknown>[] = [];
  const host = {
    win,
    prefix: "phx-",
    views,
    extraValues: () => undefined,
    viewOf: (el: Element) => views.find((each) => each.el.contains(el)),
    navigate: (...args: unknown[]) => void went.push(args),
    hold: (until: Promise<unknown>) => void held.push(until),
    ...options,
  };
  const commands = createCommands(host);
  const heard: string[] = [];
  for (const type of ["show-start", "show-end", "hide-start", "hide-end"])
    win.addEventListener(`phx:${type}`, () => heard.push(type), { capture: true });
  return {
    win,
    find,
    pushed,
    went,
    held,
    errors,
    views,
    /** Events of showing and hiding. */
    heard,
    js: createJs(commands, host),
    refuse: () => refuse(new Error("refused")),
    /** Runs commands on an element. */
    run(
      selector: string,
      list: readonly (readonly [op: string, args?: object])[] | string,
      context: Partial<CommandContext> = {},
    ) {
      commands.run(list, { source: find(selector), type: "click", ...context });
    },
    names: (selector: string) => [...find(selector).classList],
    display: (selector: string) => find(selector).style.display,
    /** Result of a patch of an element that the server renders so. */
    patched(selector: string, html: string) {
      const template = document.createElement("template");
      template.innerHTML = html;
      const to = template.content.firstElementChild as HTMLElement;
      applyStickyOps(find(selector), to);
      return to.outerHTML;
    },
    /** Tells if patches are held back. */
    async isHeld(): Promise<boolean> {
      let done = 0;
      for (const promise of held) void promise.then(() => done++);
      await Promise.resolve();
      return done < held.length;
    },
  };
}

describe("attributes that could run a script are not set", () => {
  test.each([
    ["a", "onclick", "alert(1)"],
    ["a", "OnFocus", "alert(1)"],
    ["iframe", "srcdoc", "<script>"],
    ["a", "data-ow-link", "patch"],
    ["a", "href", "javascript:alert(1)"],
    ["a", "HREF", " \tjava\nscript:alert(1)"],
    ["button", "formaction", "vbscript:x"],
    ["iframe", "src", "data:text/html,x"],
    ["object", "data", "data:image/svg+xml,x"],
    ["set", "to", "javascript:x"],
    ["animate", "values", "#;javascript:x"],
    ["b", "phx-click", '[["exec",{"attr":"x"}]]'],
    ["b", "phx-mounted", ' [ ["exec"]]'],
  ])("<%s> %s=%j", (tag, name, value) => {
    const { run, find, errors } = page(`<${tag} id="x"></${tag}><i id="y"></i>`);
    run("#x", [
      ["setAttribute", { attr: [name, value] }],
      ["toggleAttribute", { attr: [name, value] }],
      ["addClass", { to: "#y", names: "went-on" }],
    ]);
    expect(find("#x").hasAttribute(name)).toBe(false);
    expect(errors).toEqual(Array(2).fill(`Overwire: ${name} was not set, as it could run a script`));
    expect(find("#y").className).toBe("went-on");
  });

  test.each([
    ["img", "src", "data:image/svg+xml,x"],
    ["a", "href", "/x?javascript:"],
    ["p", "title", "javascript:x"],
    ["p", "data-x", "[[1]]"],
    ["b", "phx-click", "inc"],
    ["b", "phx-target", "[data-x]"],
    ["b", "phx-key", "["],
  ])("but <%s> %s=%j is", (tag, name, value) => {
    const { run, find, errors } = page(`<${tag} id="x"></${tag}>`);
    run("#x", [["setAttribute", { attr: [name, value] }]]);
    expect(find("#x").getAttribute(name)).toBe(value);
    run("#x", [["toggleAttribute", { attr: [name, value] }]]);
    expect([find("#x").hasAttribute(name), errors]).toEqual([false, []]);
  });

  test("commands of the author's, a list, become a binding's value", () => {
    const { run, find } = page('<b id="x"></b>');
    run("#x", [["setAttribute", { attr: ["phx-click", [["hide", {}]]] }]]);
    expect(find("#x").getAttribute("phx-click")).toBe('[["hide",{}]]');
  });
});

describe("show, hide and toggle", () => {
  test("toggle hides what is shown and shows what is hidden, and tells so", () => {
    const { run, display, heard } = page("<div></div>");
    run("div", [["toggle"]]);
    expect(display("div")).toBe("none");
    expect(heard).toEqual(["hide-start", "hide-end"]);
    run("div", [["toggle"]]);
    expect(display("div")).toBe("block");
    expect(heard.slice(2)).toEqual(["show-start", "show-end"]);
  });

  test("an element that is shown has the display that is asked for, or that of its kind", () => {
    const { run, display } = page("<div></div><table><tr></tr></table>");
    for (let times = 0; times < 2; times++) {
      run("div", [["toggle", { display: "inline-block" }]]);
      run("tr", [["toggle"]]);
    }
    expect(display("div")).toBe("inline-block");
    expect(display("tr")).toBe("table-row");
  });

  test("an element that is shown or hidden already stays so, without events", () => {
    const { run, display, heard } = page(`<div></div><p style="display: none"></p>`);
    run("div", [["show", { transition: "fade", display: "flex" }]]);
    run("p", [["hide"]]);
    wait(1000);
    expect([display("div"), display("p")]).toEqual(["", "none"]);
    expect(heard).toEqual([]);
  });

  test("hiding goes through its transition", async () => {
    const { run, names, display, heard, isHeld } = page("<div></div>");
    run("div", [["toggle", { out: ["out", "out-start", "out-end"], in: "in" }]]);
    expect(names("div")).toEqual(["out-start"]);
    wait(FRAME);
    expect(names("div")).toEqual(["out-start", "out"]);
    wait(FRAME);
    expect(names("div")).toEqual(["out", "out-end"]);
    expect([display("div"), heard, await isHeld()]).toEqual(["", ["hide-start"], true]);
    wait(200 - 2 * FRAME);
    expect(names("div")).toEqual([]);
    expect([display("div"), heard, await isHeld()]).toEqual(["none", ["hide-start", "hide-end"], false]);
  });

  test("showing goes through its transition, and is seen from its second frame on", () => {
    const { run, names, display, heard } = page(`<div style="display: none"></div>`);
    run("div", [["toggle", { in: ["in", "in-start", "in-end"], time: 100 }]]);
    expect(names("div")).toEqual(["in-start"]);
    wait(FRAME);
    expect([names("div"), display("div")]).toEqual([["in-start", "in"], "none"]);
    wait(FRAME);
    expect([names("div"), display("div")]).toEqual([["in", "in-end"], "block"]);
    wait(100);
    expect([names("div"), heard]).toEqual([[], ["show-start", "show-end"]]);
  });

  test("turning round in the middle stops the transition that was under way", async () => {
    const { run, names, display, heard, isHeld } = page("<div></div>");
    const toggle = [["toggle", { in: "in", out: "out" }]] as const;
    run("div", toggle);
    wait(100);
    run("div", toggle);
    expect(names("div")).toEqual([]);
    wait(1000);
    expect([names("div"), display("div")]).toEqual([[], "block"]);
    expect(heard).toEqual(["hide-start", "show-start", "show-end"]);
    expect(await isHeld()).toBe(false);
  });

  test("time 0 ends at once, whatever frames follow", () => {
    const { run, names, display, held } = page("<div></div><p></p>");
    run("div", [
      ["hide", { transition: ["out", "a", "b"], time: 0 }],
      ["addClass", { to: "p", names: ["x"], transition: "run", time: 0 }],
    ]);
    expect(held).toHaveLength(2);
    wait(0);
    expect([display("div"), names("div"), names("p")]).toEqual(["none", [], ["x"]]);
    wait(1000);
    expect([names("div"), names("p")]).toEqual([[], ["x"]]);
  });

  test("without frames, as in a hidden page, transitions end all the same", () => {
    const { win, run, names, display } = page(`<div style="display: none"></div>`);
    win.requestAnimationFrame = () => 0;
    run("div", [["show", { transition: ["in", "a", "b"] }]]);
    wait(200);
    expect([display("div"), names("div")]).toEqual(["block", []]);
  });

  test("holds nothing back if it is not to", () => {
    const { run, held, display } = page("<div></div>");
    run("div", [["hide", { transition: "out", blocking: false }]]);
    expect(held).toEqual([]);
    wait(200);
    expect(display("div")).toBe("none");
  });

  test("patches keep what is shown and hidden", () => {
    const { run, patched } = page("<div></div>");
    run("div", [["hide"]]);
    expect(patched("div", "<div>new</div>")).toBe(`<div style="display: none;">new</div>`);
  });
});

describe("classes", () => {
  test("are added and taken away, as often as one likes, of all that match", () => {
    const { run, names } = page(`<b></b><i class="x"></i><i></i>`);
    for (let times = 0; times < 2; times++) run("b", [["addClass", { names: ["x", "y"], to: "i" }]]);
    expect([names("b"), names("i"), names("i + i")]).toEqual([[], ["x", "y"], ["x", "y"]]);
    for (let times = 0; times < 2; times++) run("i", [["removeClass", { names: ["x", "y"] }]]);
    expect([names("i"), names("i + i")]).toEqual([[], ["x", "y"]]);
  });

  test("are toggled one by one, after the transition if there is one", () => {
    const { run, names } = page(`<b class="x"></b>`);
    run("b", [["toggleClass", { names: ["x", "y"] }]]);
    expect(names("b")).toEqual(["y"]);
    run("b", [["toggleClass", { names: ["x", "y"], transition: [["run"], ["start"], ["end"]] }]]);
    expect(names("b")).toEqual(["y", "start"]);
    wait(200);
    expect(names("b")).toEqual(["end", "x"]);
  });

  test("outlive patches, until a command changes them again", () => {
    const { run, patched } = page(`<b class="gone"></b>`);
    run("b", [
      ["addClass", { names: ["mine"] }],
      ["removeClass", { names: ["gone"] }],
    ]);
    expect(patched("b", `<b class="gone new"></b>`)).toBe(`<b class="new mine"></b>`);
    run("b", [["removeClass", { names: ["mine"] }]]);
    expect(patched("b", `<b class="new"></b>`)).toBe(`<b class="new"></b>`);
  });

  test("of a transition are there while it runs, on each element", () => {
    const { run, names } = page("<b></b><i></i><i></i>");
    run("b", [["transition", { transition: [["shake"], [], []], time: 150, to: "i" }]]);
    wait(100);
    expect([names("i"), names("i + i")]).toEqual([["shake"], ["shake"]]);
    wait(100);
    expect([names("i"), names("i + i")]).toEqual([[], []]);
  });

  test("of a transition's end stay", () => {
    const { run, names, patched } = page("<b></b>");
    run("b", [["transition", { transition: [["run"], ["start"], ["end"]] }]]);
    expect(names("b")).toEqual(["start"]);
    wait(200);
    expect(names("b")).toEqual(["end"]);
    expect(patched("b", "<b></b>")).toBe(`<b class="end"></b>`);
  });

  test("that came for a while only are the server's again afterwards", () => {
    const { run, patched } = page("<b></b>");
    run("b", [["transition", { transition: "fade" }]]);
    wait(FRAME);
    expect(patched("b", "<b></b>")).toBe(`<b class="fade"></b>`);
    wait(200);
    expect(patched("b", "<b></b>")).toBe("<b></b>");
    expect(patched("b", `<b class="fade"></b>`)).toBe(`<b class="fade"></b>`);
  });
});

describe("attributes", () => {
  test("are set and taken away, of the element itself or of others", () => {
    const { run, find } = page(`<b a="1" gone="1"></b><i></i>`);
    run("b", [
      ["setAttribute", { attr: ["a", "2"] }],
      ["setAttribute", { attr: ["b", "3"] }],
      ["removeAttribute", { attr: "gone" }],
      ["removeAttribute", { attr: "never" }],
      ["setAttribute", { attr: ["open", ""], to: "i" }],
    ]);
    expect(find("main").innerHTML).toBe(`<b a="2" b="3"></b><i open=""></i>`);
  });

  test("are toggled: there or not, or between two values", () => {
    const { run, find } = page(`<b open="true"></b><i></i><i aria-expanded="false"></i>`);
    const both = [
      ["toggleAttribute", { attr: ["open", "true"] }],
      ["toggleAttribute", { attr: ["aria-expanded", "true", "false"], to: "i" }],
    ] as const;
    run("b", both);
    expect(find("main").innerHTML).toBe(`<b></b><i aria-expanded="true"></i><i aria-expanded="true"></i>`);
    run("b", both);
    expect(find("main").innerHTML).toBe(
      `<b open="true"></b><i aria-expanded="false"></i><i aria-expanded="false"></i>`,
    );
  });

  test("outlive patches, whether set or taken away", () => {
    const { run, patched } = page(`<b title="t"></b>`);
    run("b", [
      ["setAttribute", { attr: ["aria-expanded", "true"] }],
      ["removeAttribute", { attr: "title" }],
    ]);
    expect(patched("b", `<b title="t">x</b>`)).toBe(`<b aria-expanded="true">x</b>`);
  });

  test("that are ignored are the page's; a later command replaces the list", () => {
    const { run, find, patched } = page(`<details data-a="1" title="old"></details>`);
    run("details", [["ignoreAttributes", { names: ["open", "data-*"] }]]);
    find("details").setAttribute("open", "");
    expect(patched("details", `<details data-a="2" data-b="3" title="new"></details>`)).toBe(
      `<details data-a="1" title="new" open=""></details>`,
    );
    run("details", [["ignoreAttributes", { names: ["*"] }]]);
    expect(patched("details", `<details title="new" id="x"></details>`)).toBe(
      `<details title="old" data-a="1" open=""></details>`,
    );
  });
});

describe("to", () => {
  test("looks in the whole page, inside of the element, or around it", () => {
    const { run, find } = page(`<ul><li><b></b></li></ul><b></b>`);
    run("li", [
      ["setAttribute", { attr: ["page", ""], to: "b" }],
      ["setAttribute", { attr: ["inner", ""], to: { inner: "b" } }],
      ["setAttribute", { attr: ["closest", ""], to: { closest: "ul" } }],
      ["setAttribute", { attr: ["closest", ""], to: { closest: "ol" } }],
    ]);
    expect(find("main").innerHTML).toBe(
      `<ul closest=""><li><b page="" inner=""></b></li></ul><b page=""></b>`,
    );
  });
});

describe("dispatch", () => {
  const listen = (win: Window & typeof globalThis, type: string) => {
    const events: CustomEvent[] = [];
    win.addEventListener(type, (event) => events.push(event as CustomEvent));
    return events;
  };

  test("tells elements, in order, with its detail and who dispatched it", () => {
    const { win, run, find } = page(`<button></button><i id="a"></i><i id="b"></i>`);
    const events = listen(win, "ping");
    run("button", [["dispatch", { event: "ping", to: "i", detail: { n: 1 } }]]);
    expect(events.map(({ target }) => (target as Element).id)).toEqual(["a", "b"]);
    expect(events[0]?.detail).toEqual({ n: 1, dispatcher: find("button") });
    expect(events[0]?.cancelable).toBe(true);
  });

  test("bubbles unless told not to, or where it would open a choice of files", () => {
    const { win, run } = page(`<button></button><input type="file">`);
    const [pings, clicks] = [listen(win, "ping"), listen(win, "click")];
    run("button", [
      ["dispatch", { event: "ping", bubbles: false }],
      ["dispatch", { event: "click", to: "input" }],
    ]);
    expect([...pings, ...clicks]).toEqual([]);
    run("button", [["dispatch", { event: "click" }]]);
    expect(clicks).toHaveLength(1);
  });

  test("a click is one of the mouse", () => {
    const { win, run } = page("<button></button>");
    const events = listen(win, "click");
    run("button", [["dispatch", { event: "click" }]]);
    expect(events[0]).toBeInstanceOf(win.MouseEvent);
  });

  test("blocking holds patches back until its listener is done", async () => {
    const { win, run, isHeld } = page("<button></button>");
    const events = listen(win, "leave");
    run("button", [["dispatch", { event: "leave", blocking: true, detail: { n: 1 } }]]);
    expect(await isHeld()).toBe(true);
    expect(events[0]?.detail.n).toBe(1);
    events[0]?.detail.done();
    expect(await isHeld()).toBe(false);
  });
});

describe("exec", () => {
  test("runs what stands in an attribute, for the element that has it", () => {
    const { run, names, pushed, find } = page(
      `<b></b><i data-cancel='[["addClass",{"names":["x"]}],["push",{"event":"cancel"}]]'></i>`,
    );
    run("b", [["exec", { attr: "data-cancel", to: "i" }]]);
    expect([names("b"), names("i")]).toEqual([[], ["x"]]);
    expect(pushed).toMatchObject([{ event: "cancel", type: "click", source: find("i") }]);
  });

  test("throws if there is no such attribute", () => {
    const { run } = page("<b></b>");
    expect(() => run("b", [["exec", { attr: "data-cancel" }]])).toThrow("no commands in data-cancel of <b>");
  });

  test("a command that there is none of is an error", () => {
    const { run } = page("<b></b>");
    expect(() => run("b", [["vanish"]])).toThrow('there is no command "vanish"');
  });
});

describe("focus", () => {
  const focused = ({ win }: { win: Window }) => win.document.activeElement?.id;

  test("goes to an element, at once or when it is shown", () => {
    const { run, find, ...rest } = page(`<b></b><input id="a">`);
    run("b", [["focus", { to: "#a" }]]);
    expect(focused(rest)).toBe("a");
    find("#a").blur();
    wait(2 * FRAME);
    expect(focused(rest)).toBe("a");
  });

  test("is not taken from an element to which the user went meanwhile", () => {
    const { run, find, ...rest } = page(`<b></b><input id="a"><input id="b">`);
    run("b", [["focus", { to: "#a" }]]);
    find("#b").focus();
    wait(2 * FRAME);
    expect(focused(rest)).toBe("b");
  });

  test("focusFirst prefers what one works with", () => {
    const { run, ...rest } =
      page(`<div><span tabindex="0" id="span"></span><input type="hidden"><a id="anchor"></a>
      <button disabled></button><span aria-hidden="true" tabindex="0"></span><p><input id="input"></p></div>`);
    run("div", [["focusFirst"]]);
    expect(focused(rest)).toBe("input");
  });

  test("focusFirst takes another element that takes the focus if there is no interactive one", () => {
    const { run, ...rest } = page(
      `<div><b></b><span tabindex="-1"></span><span tabindex="0" id="span"></span></div>`,
    );
    run("div", [["focusFirst"]]);
    expect(focused(rest)).toBe("span");
  });

  test("is given back in the reverse order", () => {
    const { run, ...rest } = page(`<input id="a"><input id="b"><input id="c">`);
    run("#a", [["pushFocus"], ["pushFocus", { to: "#b" }], ["focus", { to: "#c" }], ["popFocus"]]);
    expect(focused(rest)).toBe("b");
    run("#c", [["popFocus"]]);
    expect(focused(rest)).toBe("a");
    run("#c", [["focus"], ["popFocus"]]);
    expect(focused(rest)).toBe("c");
  });

  test("is not given back to views that are gone", () => {
    const { run, views, ...rest } = page(`<input id="a">`);
    run("#a", [["pushFocus"], ["pushFocus", { to: "#there" }]]);
    views.pop();
    run("#a", [["popFocus"]]);
    expect(focused(rest)).toBe("a");
  });
});

describe("push", () => {
  const payloads = (pushed: readonly Push[]) =>
    pushed.map((push) => [push.event, "form" in push ? push.meta : push.payload]);

  test("an event's name is a push of it", () => {
    const { run, find, pushed } = page("<b></b>");
    run("b", "inc");
    expect(pushed).toEqual([{ type: "click", event: "inc", source: find("b"), payload: {} }]);
  });

  test("merges what the element and the context say with its own value, which wins", () => {
    const { run, pushed } = page(`<b phx-value-a="1" phx-value-b="1"></b>`, {
      extraValues: () => ({ z: 9 }),
    });
    run("b", [["push", { event: "e", value: { b: { deep: [2] }, z: 0 } }]], {
      payload: { a: "0", key: "x" },
    });
    expect(payloads(pushed)).toEqual([["e", { key: "x", a: "1", b: { deep: [2] }, z: 9 }]]);
  });

  test("a value that is no object stands alone", () => {
    const { run, pushed } = page(`<b phx-value-a="1"></b>`);
    run("b", [["push", { event: "e", value: ["b", "a"] }]]);
    expect(payloads(pushed)).toEqual([["e", ["b", "a"]]]);
  });

  test("a form's goes with its metadata, and its fields stay as they are", () => {
    const { run, find, pushed } = page("<form></form>", { extraValues: () => ({ z: 9 }) });
    const form = { fields: "a=1", meta: { _target: "a", n: "0" } };
    run("form", [["push", { event: "e", value: { n: [1] } }]], { type: "change", form });
    expect(pushed).toEqual([
      { type: "change", event: "e", source: find("form"), form: "a=1", meta: { _target: "a", n: [1], z: 9 } },
    ]);
  });

  test("says which elements are loading, and that the page is", () => {
    const { run, find, pushed } = page(`<b></b><i id="modal"></i>`);
    run("b", [["push", { event: "e", loading: "#modal", pageLoading: true }]]);
    expect(pushed).toMatchObject([{ loading: [find("#modal")], pageLoading: true }]);
  });

  test("goes along with commands in the page", () => {
    const { run, display, pushed } = page("<b></b>");
    run("b", [["push", { event: "e" }], ["toggle"]]);
    expect([display("b"), pushed.length]).toEqual(["none", 1]);
  });

  test("outside of views, and where the view has no connection, it is dropped without a word", async () => {
    const { run, pushed, refuse, errors } = page("<b></b>");
    run("footer", "e");
    expect(pushed).toEqual([]);
    run("b", "e");
    refuse();
    await vi.advanceTimersByTimeAsync(1);
    expect(errors).toEqual([]);
  });
});

describe("the target of a push", () => {
  const html = `<b></b><section data-component><i class="in"></i></section><i class="in"></i>`;
  const targets = ({ pushed, views }: ReturnType<typeof page>) =>
    pushed.map(({ component, source }) => [views.findIndex(({ el }) => el.contains(source)), component]);

  test("is a component by its number, in the view of the element", () => {
    const all = page(html);
    all.run("b", [["push", { event: "e", target: 3 }]]);
    all.find("b").setAttribute("phx-target", "4");
    all.run("b", "e");
    all.run("b", [["push", { event: "e", target: 0 }]]);
    expect(targets(all)).toEqual([
      [0, 3],
      [0, 4],
      [0, undefined],
    ]);
  });

  test("is every view and component that a selector finds", () => {
    const all = page(html);
    const told: unknown[] = [];
    for (const view of all.views) {
      Object.assign(view, { push: async (push: Push) => told.push([view.el.localName, push.component]) });
    }
    all.run("b", [["push", { event: "e", target: ".in, #there, footer" }]]);
    expect(told).toEqual([
      ["main", 5],
      ["main", undefined],
      ["aside", undefined],
    ]);
  });

  test("that is not there is reported, and nothing is pushed", () => {
    const { run, pushed, errors } = page(html);
    run("b", [["push", { event: "e", target: "#nowhere" }]]);
    expect([pushed, errors]).toEqual([[], [`Overwire: nothing in a view matches the target "#nowhere"`]]);
  });

  test("is the view itself without any, also for what stands in a component", () => {
    const all = page(html);
    all.run("section .in", "e");
    expect(targets(all)).toEqual([[0, undefined]]);
  });

  test("of a field's change is that of its form, unless it has a binding of its own", () => {
    const all = page(`<form phx-target="7"><input><input id="own" phx-change="x"></form>`);
    const context = { type: "change", form: { fields: "", meta: {} } } as const;
    all.run("input", "e", context);
    all.run("#own", "e", context);
    expect(all.pushed.map(({ component }) => component)).toEqual([7, undefined]);
  });
});

describe("optimistic commands", () => {
  const push = (...optimistic: readonly (readonly [op: string, args?: object])[]) =>
    [["push", { event: "e", optimistic }]] as const;
  const undo = (push: Push | undefined) => push?.undo?.();

  test("run at once, and are taken back", () => {
    const html = `<b class="a" title="t"></b>`;
    const { run, find, pushed, patched } = page(html);
    run(
      "b",
      push(
        ["addClass", { names: ["b"] }],
        ["removeClass", { names: ["a"] }],
        ["setAttribute", { attr: ["aria-busy", "true"] }],
        ["removeAttribute", { attr: "title" }],
        ["hide"],
      ),
    );
    expect(find("main").innerHTML).toBe(`<b class="b" aria-busy="true" style="display: none;"></b>`);
    undo(pushed[0]);
    expect(find("b").className).toBe("a");
    expect([find("b").title, find("b").style.display]).toEqual(["t", ""]);
    expect(find("b").hasAttribute("aria-busy")).toBe(false);
    expect(patched("b", html)).toBe(html);
  });

  test("an earlier permanent change is restored", () => {
    const { run, find, pushed, patched } = page("<b></b>");
    run("b", [["addClass", { names: ["x"] }], ["hide"]]);
    run("b", push(["removeClass", { names: ["x"] }], ["show"]));
    expect(find("b").className).toBe("");
    undo(pushed[0]);
    expect(patched("b", "<b></b>")).toBe(`<b class="x" style="display: none;"></b>`);
  });

  test("several are taken back in the order of their answers", () => {
    const { run, names, pushed } = page("<b></b>");
    run("b", push(["addClass", { names: ["x"] }]));
    run("b", push(["addClass", { names: ["x"] }]));
    undo(pushed[0]);
    expect(names("b")).toEqual(["x"]);
    undo(pushed[1]);
    expect(names("b")).toEqual([]);
    undo(pushed[1]);
    expect(names("b")).toEqual([]);
  });

  test("a permanent change meanwhile stays", () => {
    const { run, names, pushed } = page("<b></b>");
    run("b", push(["addClass", { names: ["x", "y"] }]));
    run("b", [["addClass", { names: ["x"] }]]);
    undo(pushed[0]);
    expect(names("b")).toEqual(["x"]);
  });

  test("a transition that is under way stops", () => {
    const { run, names, display, pushed } = page("<b></b>");
    run("b", push(["hide", { transition: "out" }], ["addClass", { names: ["x"], transition: "run" }]));
    wait(FRAME);
    expect(names("b")).toEqual(["out", "run"]);
    undo(pushed[0]);
    wait(1000);
    expect([names("b"), display("b")]).toEqual([[], ""]);
  });

  test("a transition that has ended is taken back too", () => {
    const { run, names, display, pushed } = page("<b></b>");
    run(
      "b",
      push(["hide", { transition: "out" }], ["addClass", { names: ["x"], transition: ["r", "s", "e"] }]),
    );
    wait(1000);
    expect([names("b"), display("b")]).toEqual([["e", "x"], "none"]);
    undo(pushed[0]);
    expect([names("b"), display("b")]).toEqual([[], ""]);
  });

  test("are taken back if the event is refused, and do not run if there is no view to answer", async () => {
    const { run, names, refuse } = page("<b></b>");
    run("b", push(["addClass", { names: ["x"] }]));
    refuse();
    await vi.advanceTimersByTimeAsync(1);
    expect(names("b")).toEqual([]);
    run("footer", push(["addClass", { names: ["x"] }]));
    expect(names("footer")).toEqual([]);
  });
});

describe("for scripts", () => {
  test("commands run as they stand in a binding, as text or as a list", () => {
    const { js, find, names } = page("<b></b>");
    js.exec(find("b"), '[["addClass",{"names":["x"]}]]');
    js.exec(find("b"), [["addClass", { names: ["y"] }]]);
    expect(names("b")).toEqual(["x", "y"]);
  });

  test("each command is a function of an element", () => {
    const { js, find } = page("<b></b>");
    const el = find("b");
    js.hide(el);
    js.show(el, { display: "flex" });
    expect(el.style.display).toBe("flex");
    js.toggle(el);
    expect(el.style.display).toBe("none");
    js.addClass(el, "a b");
    js.addClass(el, ["c", "d"]);
    js.removeClass(el, "a c");
    js.toggleClass(el, "b e");
    expect(el.className).toBe("d e");
    js.setAttribute(el, "x", "1");
    js.toggleAttribute(el, "y", "1");
    js.toggleAttribute(el, "z", "1", "2");
    js.toggleAttribute(el, "z", "1", "2");
    js.removeAttribute(el, "x");
    js.ignoreAttributes(el, "y data-*");
    expect([el.hasAttribute("x"), el.getAttribute("y"), el.getAttribute("z")]).toEqual([false, "1", "2"]);
    js.transition(el, "shake", { time: 50 });
    wait(FRAME);
    expect(el.className).toBe("d e shake");
    wait(50);
    expect(el.className).toBe("d e");
  });

  test("events are pushed as from a binding", () => {
    const { js, find, pushed } = page(`<b phx-value-a="1"></b>`);
    js.push(find("b"), "e", { value: { n: 1 } as Json, target: 2, loading: "main", pageLoading: true });
    expect(pushed).toEqual([
      {
        type: "hook",
        event: "e",
        source: find("b"),
        component: 2,
        loading: [find("main")],
        pageLoading: true,
        payload: { a: "1", n: 1 },
      },
    ]);
  });

  test("navigation is handed on, and what it throws with it", () => {
    const { js, run, went } = page("<b></b>");
    js.navigate("/a");
    js.patch("/b", { replace: true });
    run("b", [
      ["navigate", { href: "/c" }],
      ["patch", { href: "/d", replace: true }],
    ]);
    expect(went).toEqual([
      ["navigate", "/a", {}],
      ["patch", "/b", { replace: true }],
      ["navigate", "/c", {}],
      ["patch", "/d", { replace: true }],
    ]);
    const strict = page("<b></b>", {
      navigate: () => {
        throw new Error("another origin");
      },
    });
    expect(() => strict.js.navigate("https://other")).toThrow("another origin");
    expect(() => strict.js.patch("mailto:")).toThrow("another origin");
  });
});
