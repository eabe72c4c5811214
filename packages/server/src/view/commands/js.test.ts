/** Client commands as they travel. The tables are LiveView's, under our names. */
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { html } from "../../template/html.ts";
import { renderToHtml } from "../../template/render.ts";
import { createEvent, type EventHandle, nameEvents } from "../events/event.ts";
import { JS, type JSCommands } from "./js.ts";

/** Commands of a binding. */
const encoded = (js: JSCommands | EventHandle) => {
  const [, value] = /x="([^"]*)"/.exec(renderToHtml(html`<p x=${js}></p>`)) ?? [];
  const text = value?.replaceAll("&quot;", '"').replaceAll("&#39;", "'").replaceAll("&amp;", "&") ?? "";
  return text.startsWith("[") ? JSON.parse(text) : text;
};
// biome-ignore lint/suspicious/noExplicitAny: what a JavaScript author might write
const wrong = JS as any;

describe("push", () => {
  test("sends an event with a value", () => {
    expect(JSON.stringify(JS.push("inc", { value: { one: 1, two: 2 } }))).toBe(
      '[["push",{"event":"inc","value":{"one":1,"two":2}}]]',
    );
  });

  test("says who handles it and who shows that it is loading, only if that is given", () => {
    expect(encoded(JS.push("inc"))).toEqual([["push", { event: "inc" }]]);
    expect(encoded(JS.push("inc", { target: 1 }))).toEqual([["push", { event: "inc", target: 1 }]]);
    expect(encoded(JS.push("inc", { target: "#m", loading: ".x", pageLoading: true }))).toEqual([
      ["push", { event: "inc", target: "#m", loading: ".x", pageLoading: true }],
    ]);
  });

  test("a value that is no object is an error", () => {
    expect(() => wrong.push("inc", { value: "x" })).toThrow('JS.push: "value" must be an object, got "x"');
    expect(() => wrong.push("inc", { value: [1] })).toThrow('"value" must be an object');
  });

  test("optimistic commands travel with it", () => {
    expect(encoded(JS.push("like", { optimistic: JS.addClass("liked", { to: "#a" }).hide() }))).toEqual([
      [
        "push",
        {
          event: "like",
          optimistic: [
            ["addClass", { names: ["liked"], to: "#a" }],
            ["hide", {}],
          ],
        },
      ],
    ]);
  });

  test("a command that cannot be taken back cannot be optimistic", () => {
    expect(() => JS.push("a", { optimistic: JS.show().push("b") })).toThrow("push cannot be taken back");
    expect(() => JS.push("a", { optimistic: JS.patch("/") })).toThrow("patch cannot be taken back");
    expect(() => wrong.push("a", { optimistic: [["show", {}]] })).toThrow('"optimistic" must be commands');
  });
});

describe("attributes", () => {
  test.each(["onclick", "OnMouseOver", "srcdoc", "data-ow-view", "DATA-OW-link"])("%s is not set", (name) => {
    expect(() => JS.setAttribute(name, "x")).toThrow("cannot be set from a value");
    expect(() => JS.toggleAttribute(name, "x", "y")).toThrow("cannot be set from a value");
  });

  test.each([
    ["href", "javascript:alert(1)"],
    ["href", " java\nscript:alert(1)"],
    ["xlink:href", "JAVASCRIPT:x"],
    ["src", "vbscript:x"],
    ["formaction", "javascript:x"],
    ["phx-click", '[["exec",{"attr":"x"}]]'],
    ["phx-mounted", "[]"],
    ["my-window-keydown", "[[]]"],
  ])("a user's text for %s that would run, %j, is left out", (name, value) => {
    expect(encoded(JS.show().setAttribute(name, value).hide())).toEqual([
      ["show", {}],
      ["hide", {}],
    ]);
    expect(encoded(JS.toggleAttribute(name, value))).toEqual([]);
    expect(encoded(JS.toggleAttribute(name, "x", value))).toEqual([]);
  });

  test.each([
    ["title", "[javascript:]"],
    ["href", "/javascript:x"],
    ["src", "data:image/png;base64,x"],
    ["phx-click", "inc"],
    ["phx-target", "[data-x]"],
    ["phx-key", "["],
    ["phx-value-a", "[[1]]"],
  ])("%s may be %j", (name, value) => {
    expect(encoded(JS.setAttribute(name, value))).toEqual([["setAttribute", { attr: [name, value] }]]);
  });

  test("a binding may be set to an event or to commands, which travel as a list", () => {
    const view = { inc: createEvent(undefined, () => {}) };
    const js = JS.setAttribute("phx-click", view.inc).setAttribute("phx-click", JS.hide("#a"));
    nameEvents(view);
    expect(encoded(js)).toEqual([
      ["setAttribute", { attr: ["phx-click", "inc"] }],
      ["setAttribute", { attr: ["phx-click", [["hide", { to: "#a" }]]] }],
    ]);
  });
});

describe("event handles", () => {
  const events = (target?: number) => {
    const handle = <Payload>(schema?: z.ZodType) =>
      createEvent(schema, () => {}) as unknown as EventHandle<Payload>;
    const view = {
      inc: handle<{ by?: number; at?: string }>(),
      sort: handle<string[]>(z.array(z.string())),
    };
    nameEvents(view, target);
    return view;
  };

  test("stand for their name, and can be pushed with options", () => {
    const { inc } = events();
    expect(encoded(inc as EventHandle)).toBe("inc");
    expect(encoded(JS.push(inc, { value: { by: 2 }, loading: "#x" }))).toEqual([
      ["push", { event: "inc", value: { by: 2 }, loading: "#x" }],
    ]);
  });

  test("called with a payload they are commands, which others may follow", () => {
    const { inc, sort } = events();
    expect(encoded(inc({ by: 10 }).hide("#x"))).toEqual([
      ["push", { event: "inc", value: { by: 10 } }],
      ["hide", { to: "#x" }],
    ]);
    expect(encoded(sort(["b", "a"]))).toEqual([["push", { event: "sort", value: ["b", "a"] }]]);
    expect(encoded(JS.push(inc({ by: 10 }), { value: { at: "x" }, target: 3 }))).toEqual([
      ["push", { event: "inc", value: { by: 10, at: "x" }, target: 3 }],
    ]);
    expect(() => JS.push(inc({}).hide())).toThrow("JS.push takes one event");
    expect(() => JS.push(JS)).toThrow("JS.push takes one event");
  });

  test("of a live component say which one", () => {
    const { inc } = events(7);
    expect(encoded(inc as EventHandle)).toEqual([["push", { event: "inc", target: 7 }]]);
    expect(encoded(inc({ by: 1 }))).toEqual([["push", { event: "inc", target: 7, value: { by: 1 } }]]);
    expect(encoded(JS.push(inc, { target: 2 }))).toEqual([["push", { event: "inc", target: 2 }]]);
  });

  test("may be named after the commands are made, but must be before they are shown", () => {
    const view = { save: createEvent(undefined, () => {}) as EventHandle };
    const js = JS.push(view.save);
    expect(() => encoded(js)).toThrow("An event has no name");
    nameEvents(view);
    expect(encoded(js)).toEqual([["push", { event: "save" }]]);
  });
});

describe("navigation", () => {
  test("replaces only if asked to", () => {
    expect(encoded(JS.navigate("/home"))).toEqual([["navigate", { href: "/home" }]]);
    expect(encoded(JS.patch("/home", { replace: true }))).toEqual([
      ["patch", { href: "/home", replace: true }],
    ]);
  });

  test.each([
    "/search?q=a:b",
    "posts/1?at=10:30",
    "?page=2",
    "https://example.com/x",
    "http://localhost:4000",
  ])("goes to %s", (href) => expect(encoded(JS.navigate(href))).toEqual([["navigate", { href }]]));

  test.each([
    ["mailto:a@b", "mailto"],
    ["foo:8080", "foo"],
    [" java\nscript:alert(1)", "javascript"],
  ])("does not go to %j", (href, scheme) => {
    expect(() => JS.navigate(href)).toThrow(`unsupported scheme "${scheme}" given to JS.navigate`);
    expect(() => JS.patch(href)).toThrow(`unsupported scheme "${scheme}" given to JS.patch`);
  });
});

describe("elements", () => {
  test("classes are split, and looked for from the element on", () => {
    expect(encoded(JS.addClass("show hl", { to: { closest: "a" } }))).toEqual([
      ["addClass", { names: ["show", "hl"], to: { closest: "a" } }],
    ]);
    expect(encoded(JS.removeClass(["a", "b"]).toggleClass(" c "))).toEqual([
      ["removeClass", { names: ["a", "b"] }],
      ["toggleClass", { names: ["c"] }],
    ]);
  });

  test("a scope is the document, what is inside or what is around", () => {
    expect(encoded(JS.show({ to: { document: "#m" } }))).toEqual([["show", { to: "#m" }]]);
    expect(encoded(JS.show({ to: { inner: "a" } }))).toEqual([["show", { to: { inner: "a" } }]]);
    for (const to of [{ sibling: "a" }, { inner: "a", closest: "b" }, { inner: 1 }, {}, 7, null, ["a"]]) {
      expect(() => wrong.addClass("x", { to })).toThrow('JS.addClass: invalid scope for "to"');
    }
  });

  test("a transition is the classes while it runs, with those of its start and end", () => {
    expect(encoded(JS.show({ transition: "a b" }))).toEqual([["show", { transition: [["a", "b"], [], []] }]]);
    expect(encoded(JS.transition(["fade", "opacity-0", "opacity-100"]))).toEqual([
      ["transition", { transition: [["fade"], ["opacity-0"], ["opacity-100"]] }],
    ]);
    expect(encoded(JS.hide({ transition: [["a", "b"], "c d", []] }))).toEqual([
      ["hide", { transition: [["a", "b"], ["c", "d"], []] }],
    ]);
  });

  test("time and blocking travel if they are given, whatever they are", () => {
    expect(encoded(JS.hide({ time: 0, blocking: false, to: undefined }))).toEqual([
      ["hide", { time: 0, blocking: false }],
    ]);
  });

  test("toggle has a transition for each way", () => {
    expect(encoded(JS.toggle({ to: "#m", in: "fade-in", out: ["o", "", "x"], display: "flex" }))).toEqual([
      ["toggle", { to: "#m", in: [["fade-in"], [], []], out: [["o"], [], ["x"]], display: "flex" }],
    ]);
  });

  test("attributes are set, taken away and toggled", () => {
    const js = JS.setAttribute("aria-expanded", "true", { to: "#a" })
      .removeAttribute("open")
      .toggleAttribute("open", "true")
      .toggleAttribute("open", "true", { to: "#a" })
      .toggleAttribute("dir", "ltr", "rtl")
      .toggleAttribute("dir", "ltr", "rtl", { to: "#a" })
      .ignoreAttributes("open data-*")
      .ignoreAttributes(["style"], { to: "#a" });
    expect(encoded(js)).toEqual([
      ["setAttribute", { attr: ["aria-expanded", "true"], to: "#a" }],
      ["removeAttribute", { attr: "open" }],
      ["toggleAttribute", { attr: ["open", "true"] }],
      ["toggleAttribute", { attr: ["open", "true"], to: "#a" }],
      ["toggleAttribute", { attr: ["dir", "ltr", "rtl"] }],
      ["toggleAttribute", { attr: ["dir", "ltr", "rtl"], to: "#a" }],
      ["ignoreAttributes", { names: ["open", "data-*"] }],
      ["ignoreAttributes", { names: ["style"], to: "#a" }],
    ]);
  });

  test("the focus is set, remembered and given back", () => {
    expect(encoded(JS.focus().focusFirst("#m").pushFocus({ to: "#b" }).popFocus())).toEqual([
      ["focus", {}],
      ["focusFirst", { to: "#m" }],
      ["pushFocus", { to: "#b" }],
      ["popFocus", {}],
    ]);
  });

  test("exec runs what stands in an attribute", () => {
    expect(encoded(JS.exec("data-cancel", { to: "#m" }))).toEqual([
      ["exec", { attr: "data-cancel", to: "#m" }],
    ]);
  });

  test("dispatch sends a DOM event; what cannot be is an error", () => {
    expect(encoded(JS.dispatch("change", { to: "#f", detail: { n: 1 }, bubbles: false }))).toEqual([
      ["dispatch", { event: "change", to: "#f", detail: { n: 1 }, bubbles: false }],
    ]);
    expect(encoded(JS.dispatch("go", { blocking: true }))).toEqual([
      ["dispatch", { event: "go", blocking: true }],
    ]);
    expect(() => JS.dispatch("click", { detail: { a: 1 } })).toThrow("a click cannot have a detail");
    expect(() => JS.dispatch("click", { blocking: true })).toThrow("a click cannot be blocking");
    expect(() => wrong.dispatch("a", { bubbles: "no" })).toThrow('"bubbles" must be a boolean, got "no"');
    expect(() => JS.dispatch("a", { blocking: true, detail: { done: 1 } })).toThrow('"done" in the detail');
  });
});

test.each([
  ["push", ["x"]],
  ["show", []],
  ["hide", []],
  ["toggle", []],
  ["addClass", ["x"]],
  ["removeClass", ["x"]],
  ["toggleClass", ["x"]],
  ["transition", ["x"]],
  ["setAttribute", ["x", "y"]],
  ["removeAttribute", ["x"]],
  ["toggleAttribute", ["x", "y"]],
  ["ignoreAttributes", ["x"]],
  ["dispatch", ["x"]],
  ["exec", ["x"]],
  ["focus", []],
  ["focusFirst", []],
  ["pushFocus", []],
  ["navigate", ["/"]],
  ["patch", ["/"]],
])("an option that %s does not know is an error", (command, args) => {
  expect(() => wrong[command](...args, { bad: true })).toThrow(
    `JS.${command}: invalid option "bad": expected one of`,
  );
});

describe("chains", () => {
  test("are appended to each other in order, and never change", () => {
    const shown = JS.show();
    const both = shown.focus();
    const ops = (js: JSCommands) => js.toJSON().map(([op]) => op);
    expect(ops(shown)).toEqual(["show"]);
    expect(ops(both)).toEqual(["show", "focus"]);
    expect(ops(JS.concat(both, JS.hide()))).toEqual(["show", "focus", "hide"]);
    expect(ops(JS.hide().concat(shown, both))).toEqual(["hide", "show", "show", "focus"]);
    expect(ops(JS)).toEqual([]);
  });

  test("are attribute values, escaped like any, and go into the payloads of events", () => {
    expect(renderToHtml(html`<p phx-click=${JS.push("a&b").hide("#x")}></p>`)).toBe(
      `<p phx-click="[[&quot;push&quot;,{&quot;event&quot;:&quot;a&amp;b&quot;}],[&quot;hide&quot;,{&quot;to&quot;:&quot;#x&quot;}]]"></p>`,
    );
    expect(JSON.stringify({ js: JS.hide() })).toBe('{"js":[["hide",{}]]}');
  });
});
