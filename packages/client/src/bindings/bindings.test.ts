import { testWindow } from "@overwire/test-support/test-window";
import { describe, expect, test } from "vitest";
import { createCommands } from "../commands/commands.ts";
import { addLoading, isComposing, removeLoading } from "../dom/element-state.ts";
import type { Json } from "../wire/frames.ts";
import { bind } from "./bindings.ts";
import { createRunForm } from "./forms.ts";
import type { BoundView, Host, Push } from "./host.ts";
import { createRateLimit } from "./rate-limit.ts";
import { bindWindow } from "./window-bindings.ts";

/** A page with one view in it, and what the view is given to push. */
function page(html: string, options: Partial<Host> = {}) {
  const {
    win,
    document,
    $: find,
  } = testWindow(`<main>${html}</main><footer phx-click="footer"></footer>`, "http://localhost/");
  const pushed: Push[] = [];
  const main = document.querySelector("main") as Element;
  const view: BoundView = {
    el: main,
    push: async (push) => void pushed.push(push),
    componentOf: () => undefined,
  };
  const prefix = options.prefix ?? "phx-";
  const host = {
    win,
    prefix,
    immediate: false,
    metadata: {},
    views: [view],
    patching: false,
    extraValues: () => undefined,
    viewOf: (el: Element) => (main.contains(el) ? view : undefined),
    navigate: () => {},
    hold: () => {},
    ...options,
  };
  const whole: Host = {
    ...host,
    commands: createCommands(host),
    actions: {
      rateLimit: createRateLimit(win, prefix),
      runForm: (...args) => runForm(...args),
      link() {},
      away: (event) => away(event),
    },
  };
  const runForm = createRunForm(whole);
  const away = bindWindow(whole);
  bind(whole);
  return {
    win,
    find,
    pushed,
    /** Events with their payloads. */
    events: () => pushed.map((push) => [push.event, "form" in push ? push.form : push.payload]),
    /** Forms' events with their metadata. */
    metas: () => pushed.map((push) => [push.event, "meta" in push && push.meta]),
    /** Dispatches a bubbling event; says whether the browser would go on with it. */
    fire: (selector: string, type: string, init: object = {}) =>
      find(selector).dispatchEvent(
        Object.assign(new win.Event(type, { bubbles: true, cancelable: true }), init),
      ),
    press: (selector: string, key: string | undefined, init: object = {}) =>
      find(selector).dispatchEvent(
        Object.assign(new win.Event("keydown", { bubbles: true }), { key, ...init }),
      ),
  };
}

/** A binding that is a list of commands, as an attribute's value. */
const commands = (...list: readonly (readonly [string, object])[]) =>
  JSON.stringify(list).replaceAll('"', "&quot;");
const push = (event: string, value?: Json) => commands(["push", { event, value }]);

describe("phx-click", () => {
  test("pushes its event, with the bound element as source", () => {
    const { find, pushed } = page(`<button phx-click="inc">+</button>`);
    find("button").click();
    expect(pushed).toEqual([{ type: "click", event: "inc", source: find("button"), payload: {} }]);
  });

  test("a click inside counts; a disabled element does not, but one around it does", () => {
    const { find, events } = page(`<button phx-click="a"><b id="a"></b></button>
      <div phx-click="outer"><button phx-click="c" disabled><b id="c"></b></button></div>
      <button phx-click="d" disabled><b id="d"></b></button>`);
    find("#a").click();
    find("#c").click();
    find("#d").click();
    expect(events()).toEqual([
      ["a", {}],
      ["outer", {}],
    ]);
  });

  test("a binding around the view is none of its own", () => {
    const { find, pushed } = page("<b></b>");
    find("main").setAttribute("phx-click", "no");
    find("b").click();
    expect(pushed).toEqual([]);
  });

  test("outside of views nothing is bound", () => {
    const { find, pushed, fire } = page("");
    find("footer").click();
    fire("body", "click");
    expect(pushed).toEqual([]);
  });

  test("phx-value-* go with it, and what a command says wins over them", () => {
    const { find, events } = page(
      `<b phx-click="${push("go", { one: 1, two: [2] })}" phx-value-two="x" phx-value-three="3"></b>`,
    );
    find("b").click();
    expect(events()).toEqual([["go", { one: 1, two: [2], three: "3" }]]);
  });

  test("a command's payload that is no object stands alone", () => {
    const { find, events } = page(`<b phx-click="${push("order", ["b", "a"])}" phx-value-x="1"></b>`);
    find("b").click();
    expect(events()).toEqual([["order", ["b", "a"]]]);
  });

  test("a list of commands pushes each of its events", () => {
    const { find, events } = page(
      `<b phx-click="${commands(["push", { event: "a" }], ["addClass", { names: ["x"] }], ["push", { event: "b", value: { n: 1 } }])}"></b>`,
    );
    find("b").click();
    expect(events()).toEqual([
      ["a", {}],
      ["b", { n: 1 }],
    ]);
  });

  test.each([
    ["an unchecked checkbox", `<input type="checkbox" checked phx-click="e">`, {}],
    ["a checked checkbox", `<input type="checkbox" phx-click="e">`, { value: "on" }],
    ["a checked checkbox with a value", `<input type="checkbox" value="1" phx-click="e">`, { value: "1" }],
    ["a button with a value", `<button value="5" phx-click="e">`, { value: "5" }],
    ["a button without", `<button phx-click="e">`, {}],
    ["an item of a list", `<li phx-click="e">`, {}],
    ["a field, over phx-value-value", `<input value="a" phx-value-value="b" phx-click="e">`, { value: "a" }],
  ])("%s sends its value", (_, html, payload) => {
    const { find, events } = page(html);
    find("[phx-click=e]").click();
    expect(events()).toEqual([["e", payload]]);
  });

  test('a link to "#" does not move the page; others do', () => {
    const { fire } = page(`<a id="a" href="#" phx-click="x"></a><a id="b" href="#there" phx-click="x"></a>`);
    expect([fire("#a", "click"), fire("#b", "click")]).toEqual([false, true]);
  });

  test("while the answer is awaited, clicks on the same element are ignored", () => {
    const { find, pushed } = page(
      `<button phx-click="x"></button><button id="other" phx-click="y"></button>`,
    );
    addLoading(find("button"), 1, "phx-click-loading");
    find("button").click();
    find("#other").click();
    expect(pushed.map(({ event }) => event)).toEqual(["y"]);
    removeLoading(find("button"), 1);
    find("button").click();
    expect(pushed).toHaveLength(2);
  });

  test("metadata of the client goes with it, and extra values win over all", () => {
    const { fire, events } = page(`<b phx-click="e" phx-value-a="1" phx-value-b="1"></b>`, {
      metadata: { click: (event) => ({ a: 0, alt: (event as MouseEvent).altKey }) },
      extraValues: () => ({ b: 2 }),
    });
    fire("b", "click", { altKey: true });
    expect(events()).toEqual([["e", { a: "1", alt: true, b: 2 }]]);
  });

  test("bindings may have another prefix", () => {
    const { find, events } = page(`<b phx-click="no" data-ow-click="yes" data-ow-value-a="1"></b>`, {
      prefix: "data-ow-",
    });
    find("b").click();
    expect(events()).toEqual([["yes", { a: "1" }]]);
  });
});

describe("phx-click-away", () => {
  const html = `<div id="menu" phx-click-away="close" phx-value-a="1"><b id="in"></b></div><p id="out"></p>`;

  test("runs for clicks anywhere else, in a view or not", () => {
    const { find, events, pushed } = page(html);
    find("#in").click();
    find("#menu").click();
    expect(events()).toEqual([]);
    find("#out").click();
    find("footer").click();
    expect(events()).toEqual([
      ["close", { a: "1" }],
      ["close", { a: "1" }],
    ]);
    expect(pushed[0]).toMatchObject({ type: "click", source: find("#menu") });
  });

  test("counts at the position at which the button went down; a key or a script has no button", () => {
    const { find, fire, pushed } = page(html);
    fire("#in", "mousedown");
    fire("#out", "click", { detail: 1 });
    expect(pushed).toEqual([]);
    fire("#in", "mousedown");
    find("#out").click();
    expect(pushed).toHaveLength(1);
  });

  test("is not for what is hidden, nor by what is", () => {
    const { find, pushed } = page(html);
    find("#menu").style.display = "none";
    find("#out").click();
    find("#menu").style.display = "";
    find("#out").style.display = "none";
    find("#out").click();
    expect(pushed).toEqual([]);
  });

  test("comes after the click itself", () => {
    const { find, events } = page(`${html}<button phx-click="open"></button>`);
    find("button").click();
    expect(events().map(([event]) => event)).toEqual(["open", "close"]);
  });
});

describe("phx-change", () => {
  const form = (attributes = "", extra = "") => `<form phx-change="validate" ${attributes}>
    <input name="increment" value="1"><textarea name="note">2</textarea><input id="nameless">${extra}</form>`;

  test("of a form sends all its fields and which one changed", () => {
    const { find, fire, pushed } = page(form());
    fire("[name=increment]", "input");
    expect(pushed).toMatchObject([
      {
        type: "change",
        event: "validate",
        source: find("[name=increment]"),
        form: "increment=1&_unused_note=&note=2",
        meta: { _target: "increment" },
        loading: [find("form")],
      },
    ]);
  });

  test('a field without a name is called "undefined"', () => {
    const { fire, metas } = page(form());
    fire("#nameless", "input");
    expect(metas()).toEqual([["validate", { _target: "undefined" }]]);
  });

  test("`input` and then `change` of one field is one event, `change` alone is one too", () => {
    const { fire, pushed } = page(form());
    fire("[name=note]", "input");
    fire("[name=note]", "change");
    expect(pushed).toHaveLength(1);
    fire("[name=note]", "change");
    expect(pushed).toHaveLength(2);
    fire("[name=note]", "input");
    fire("[name=increment]", "change");
    expect(pushed).toHaveLength(4);
  });

  test("a field's own binding wins, and sends that field alone", () => {
    const { fire, events } = page(
      form("", `<input name="username" value="ann" phx-change="${push("check")}">`),
    );
    fire("[name=username]", "input");
    expect(events()).toEqual([["check", "username=ann"]]);
  });

  test("the form sends such a field along with the others", () => {
    const { fire, events } = page(form("", `<input name="username" value="ann" phx-change="check">`));
    fire("[name=note]", "input");
    expect(events()).toEqual([
      ["validate", "_unused_increment=&increment=1&note=2&_unused_username=&username=ann"],
    ]);
  });

  test("a field with a binding of its own needs no form", () => {
    const { fire, events } = page(
      `<select name="sort" phx-change="sort"><option>a<option selected>b</select>`,
    );
    fire("select", "change");
    expect(events()).toEqual([["sort", "sort=b"]]);
  });

  test("values of form and command go into its metadata, unflattened", () => {
    const { fire, pushed } = page(
      `<form phx-change="${push("validate", { nested: { list: [1, 2] } })}" phx-value-attribute="a"><input name="x" value="1"></form>`,
    );
    fire("input", "input");
    expect(pushed[0]).toMatchObject({
      form: "x=1",
      meta: { _target: "x", attribute: "a", nested: { list: [1, 2] } },
    });
  });

  test("a command's value wins over phx-value-*, and neither touches the fields", () => {
    const html = (binding: string) =>
      `<form phx-change="${binding}" phx-value-name="attribute"><input name="name" value="field"></form>`;
    for (const [binding, name] of [
      ["validate", "attribute"],
      [push("validate", { name: "command" }), "command"],
    ] as const) {
      const { fire, pushed } = page(html(binding));
      fire("input", "input");
      expect(pushed).toMatchObject([{ form: "name=field", meta: { _target: "name", name } }]);
    }
  });

  test("a number that is half typed is not sent", () => {
    const { find, fire, pushed } = page(`<form phx-change="validate"><input type="number" name="n"></form>`);
    Object.defineProperty(find("input"), "validity", { value: { badInput: true } });
    fire("input", "input");
    expect(pushed).toEqual([]);
  });

  test("a field outside of a form is ignored", () => {
    const { fire, pushed } = page(
      `<form phx-change="validate"><div id="editor" contenteditable></div></form>`,
    );
    fire("#editor", "input");
    expect(pushed).toEqual([]);
  });

  test("a form whose field is called `name` has a name all the same", () => {
    const { fire, metas } = page(`<form phx-change="validate"><input name="name"></form>`);
    fire("form", "change");
    expect(metas()).toEqual([["validate", { _target: "undefined" }]]);
  });

  test("a button that dispatches a change sends its own value", () => {
    const { fire, pushed } = page(form("", `<button type="button" name="drop[]" value="2">x</button>`));
    fire("button", "change");
    expect(pushed).toMatchObject([
      {
        form: "_unused_increment=&increment=1&_unused_note=&note=2&drop%5B%5D=2",
        meta: { _target: "drop[]" },
      },
    ]);
  });

  test("resetting is a change, by the button that does it, once the fields are reset and unused", async () => {
    const { win, find, fire, pushed } = page(form("", `<button type="reset" name="clear">Clear</button>`));
    find("[name=increment]").value = "5";
    fire("[name=increment]", "input");
    const inputs: unknown[] = [];
    win.addEventListener("input", ({ target }) => inputs.push(target));
    find("button").click();
    await new Promise((next) => win.setTimeout(next, 1));
    expect(inputs).toEqual([find("button")]);
    expect(pushed.slice(1)).toMatchObject([
      { form: "_unused_increment=&increment=1&_unused_note=&note=2&clear=", meta: { _target: "clear" } },
    ]);
  });

  test("a change that commands dispatch on what is no field is an error; from elsewhere it is ignored", () => {
    const { win, fire, find, pushed } = page(
      form("", `<b phx-click="${commands(["dispatch", { event: "change" }])}"></b>`),
    );
    const errors: string[] = [];
    win.addEventListener("error", ({ message }) => errors.push(message));
    fire("b", "change", { detail: {} });
    expect(errors).toEqual([]);
    find("b").click();
    expect(errors).toEqual([expect.stringContaining("a custom change event is for a field")]);
    expect(pushed).toEqual([]);
  });

  test("a change that commands dispatch on a field is one of its form", () => {
    const { find, events } = page(
      form(
        "",
        `<button type="button" name="drop[]" value="1" phx-click="${commands(["dispatch", { event: "change" }])}"></button>`,
      ),
    );
    find("button").click();
    expect(events()).toEqual([
      ["validate", "_unused_increment=&increment=1&_unused_note=&note=2&drop%5B%5D=1"],
    ]);
  });

  test("client commands of a change are about the field, its target is that of the form", () => {
    const { find, fire, pushed } = page(
      `<form phx-target="4" phx-change="${commands(["addClass", { names: ["x"] }], ["push", { event: "e" }])}"><input name="a"></form>`,
    );
    fire("input", "input");
    expect(find("input").className).toBe("x");
    expect(pushed).toMatchObject([{ source: find("input"), component: 4 }]);
  });

  test("composing is remembered", () => {
    const { find, fire } = page(form());
    fire("[name=note]", "compositionstart");
    expect(isComposing(find("[name=note]"))).toBe(true);
    fire("[name=note]", "compositionend");
    expect(isComposing(find("[name=note]"))).toBe(false);
  });
});

describe("phx-submit", () => {
  const form = `<form phx-submit="save" phx-value-id="7"><input name="a" value="1"><button name="do" value="it">Save</button></form>`;

  test("sends the fields, without a target, and the page stays", () => {
    const { find, fire, pushed } = page(form);
    expect(fire("form", "submit")).toBe(false);
    expect(pushed).toMatchObject([
      { type: "submit", event: "save", source: find("form"), form: "a=1", meta: { id: "7" } },
    ]);
  });

  test("the button that submits is sent too", () => {
    const { find, events } = page(form);
    find("button").click();
    expect(events()).toEqual([["save", "a=1&do=it"]]);
  });

  test("it may be a command, whose values are metadata", () => {
    const { fire, metas } = page(
      `<form phx-submit="${push("save", { deep: { n: 1 } })}"><input name="a"></form>`,
    );
    fire("form", "submit");
    expect(metas()).toEqual([["save", { deep: { n: 1 } }]]);
  });

  test("the button's own click goes out first, and the form is submitted all the same", () => {
    const { find, pushed } = page(`<form phx-submit="save"><button phx-click="clicked">Save</button></form>`);
    find("button").click();
    expect(pushed.map(({ event }) => event)).toEqual(["clicked", "save"]);
  });

  test("while the answer is awaited, the form is not submitted again, nor does the page go", () => {
    const { find, fire, pushed } = page(form);
    addLoading(find("form"), 1, "phx-submit-loading");
    expect(fire("form", "submit")).toBe(false);
    expect(pushed).toEqual([]);
  });

  test("changes that waited are not sent after it", async () => {
    const { win, fire, pushed } = page(
      `<form phx-change="validate" phx-submit="save"><input name="a" phx-debounce="5"></form>`,
    );
    fire("input", "input");
    fire("form", "submit");
    await new Promise((next) => win.setTimeout(next, 20));
    expect(pushed.map(({ event }) => event)).toEqual(["save"]);
  });

  test("a submit that is ignored does not drop the changes that wait", async () => {
    const { win, find, fire, pushed } = page(
      `<form phx-change="validate" phx-submit="save"><input name="a" phx-debounce="5"></form>`,
    );
    addLoading(find("form"), 1, "phx-submit-loading");
    fire("input", "input");
    fire("form", "submit");
    await new Promise((next) => win.setTimeout(next, 20));
    expect(pushed.map(({ event }) => event)).toEqual(["validate"]);
  });

  test("a form with phx-change alone does not leave the page, unless it says where to", () => {
    const goesOn = (html: string, selector = "form", init?: object) =>
      page(html).fire(selector, "submit", init);
    expect(goesOn(`<form phx-change="x"></form>`)).toBe(false);
    expect(goesOn(`<form phx-change="x" action="/login" method="post"></form>`)).toBe(true);
    expect(goesOn(`<form phx-change="x" method="dialog"></form>`)).toBe(true);
    expect(goesOn("<form></form>")).toBe(true);
    const { find, fire } = page(`<form phx-change="x"><button formaction="/elsewhere"></button></form>`);
    expect(fire("form", "submit", { submitter: find("button") })).toBe(true);
  });
});

describe("keys", () => {
  test("the focused element's own binding gets the key and its value", () => {
    const { find, press, pushed } = page(
      `<input phx-keydown="key" value="1"><p phx-keydown="no"><i></i></p>`,
    );
    press("input", "a");
    press("i", "a");
    expect(pushed).toEqual([
      { type: "keydown", event: "key", source: find("input"), payload: { key: "a", value: "1" } },
    ]);
  });

  test("phx-key wants one key, whatever its case; autocompletion sends none", () => {
    const { press, events } = page(`<div phx-keydown="go" phx-key="enter"></div><p phx-keydown="any"></p>`);
    for (const key of ["Enter", "a", undefined]) press("div", key);
    press("p", undefined);
    expect(events()).toEqual([["go", { key: "Enter" }]]);
  });

  test("the key that ends a composition is the input method's, not the binding's", () => {
    const { press, pushed } = page(`<input phx-keydown="go" phx-key="Enter">`);
    press("input", "Enter", { isComposing: true });
    expect(pushed).toEqual([]);
  });

  test("a key that is not wanted does not end the wait of one that is", async () => {
    const { win, press, events } = page(`<div phx-keydown="go" phx-key="Enter" phx-debounce="5"></div>`);
    press("div", "Enter");
    press("div", "a");
    await new Promise((next) => win.setTimeout(next, 20));
    expect(events()).toEqual([["go", { key: "Enter" }]]);
  });

  test("phx-window-keydown hears keys from everywhere, unless the element has a binding of its own", () => {
    const { press, events } = page(
      `<div phx-window-keydown="window" phx-value-x="1"></div><input phx-keydown="own" phx-key="q">`,
    );
    press("body", "a");
    press("input", "q");
    press("input", "b");
    expect(events()).toEqual([
      ["window", { key: "a", x: "1" }],
      ["own", { key: "q", value: "" }],
    ]);
  });

  test("phx-keyup hears keys that are let go", () => {
    const { fire, events } = page(
      `<b phx-keyup="up" phx-keydown="down"></b><i phx-window-keyup="window"></i>`,
    );
    fire("b", "keyup", { key: "x" });
    fire("i", "keyup", { key: "y" });
    expect(events()).toEqual([
      ["up", { key: "x" }],
      ["window", { key: "y" }],
    ]);
  });
});

describe("focus", () => {
  test("phx-focus and phx-blur are the element's own, and never wait", () => {
    const { find, events } = page(
      `<p phx-focus="no"><input id="a" value="v" phx-focus="in" phx-blur="out" phx-debounce="1000"><input id="b"></p>`,
    );
    find("#a").focus();
    find("#b").focus();
    expect(events()).toEqual([
      ["in", { value: "v" }],
      ["out", { value: "v" }],
    ]);
  });

  test("leaving a field sends the change that waits, before phx-blur", () => {
    const { find, fire, pushed } = page(
      `<form phx-change="validate"><input name="a" phx-debounce="blur" phx-blur="left"></form>`,
    );
    find("input").focus();
    fire("input", "input");
    expect(pushed).toEqual([]);
    find("input").blur();
    expect(pushed.map(({ event }) => event)).toEqual(["validate", "left"]);
  });

  test("moves of the focus by a patch are not the user's", () => {
    const { find, pushed } = page(`<input phx-focus="in" phx-blur="out">`, { patching: true });
    find("input").focus();
    find("input").blur();
    expect(pushed).toEqual([]);
  });

  test("phx-window-focus and phx-window-blur are those of the whole page", () => {
    const { win, find, events } = page(`<b phx-window-focus="here" phx-window-blur="away"></b><input>`);
    find("input").focus();
    find("input").blur();
    expect(events()).toEqual([]);
    win.dispatchEvent(new win.Event("blur"));
    win.dispatchEvent(new win.Event("focus"));
    expect(events()).toEqual([
      ["away", {}],
      ["here", {}],
    ]);
  });
});
