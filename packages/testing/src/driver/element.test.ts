/**
 * Actions on elements and forms: the events that are sent, and the refusal of actions that a user could not
 * do.
 */
import { type EventPayload, html, LiveView } from "@overwire/server";
import { beforeEach, describe, expect, test } from "vitest";
import { type LiveDriver, live } from "../index.ts";

/** Remembers what it was sent. */
class Page extends LiveView {
  events: [string, EventPayload][] = [];
  override handleEvent(name: string, payload: EventPayload) {
    this.events.push([name, payload]);
  }
  render() {
    return html`
      <div>one</div>
      <div id="scoped"><span>This</span>
        is a   div</div>
      <div>two</div>
      <span id="value" phx-click="click" value="123" phx-value-extra="<456>">value</span>
      <span id="unbound">unbound</span>
      <button id="off" phx-click="click" disabled>off</button>
      <fieldset disabled><button id="fenced" phx-click="click">fenced</button></fieldset>
      <a id="nowhere">nowhere</a>
      <button id="bare" phx-click="click">bare</button>
      <input id="box" type="checkbox" phx-click="click">
      <input id="checked" type="checkbox" phx-click="click" checked>
      <input id="one" type="checkbox" phx-click="click" checked value="1">
      <input id="keys" phx-keydown="down" phx-keyup="up" phx-key="Enter" value="v" phx-value-a="b">
      <span id="window" phx-window-keyup="window" phx-value-x="y"></span>
      <span id="looks" phx-window-focus="looks" phx-window-blur="away"></span>
      <div id="hook" phx-hook="Chart" phx-value-foo="ignored">chart</div>
      <div class="idless" phx-hook="Chart">chart</div>
      <div id="edges" phx-viewport-top="top" phx-viewport-bottom="bottom">list</div>
      <input id="focus" phx-focus="focus" phx-blur="blur" value="f">
      <a id="link" phx-submit="submit">link</a>
      <form id="form" phx-change="change" phx-submit="submit" phx-value-key="val">
        <input name="text" value="t">
        <input type="hidden" name="hidden" value="h">
        <input type="hidden" name="both" value="false"><input type="checkbox" name="both" value="true">
        <input type="radio" name="radio" value="1" checked><input type="radio" name="radio" value="2">
        <input type="checkbox" name="boxes[]" value="1"><input type="checkbox" name="boxes[]" value="2" checked><input type="checkbox" name="boxes[]" value="3" checked>
        <select name="select"><option value="a">A</option><option value="b">B</option></select>
        <select name="many[]" multiple><option value="1">1</option><option value="2" selected>2</option><option value="3" selected>3</option></select>
        <textarea name="user[about]">
two
lines</textarea>
        <input name="off" value="x" disabled>
        <input type="image" name="picture">
        <input name="own" value="o" phx-change="own" phx-value-why="mine">
        <input value="nameless">
        <button name="button" value="go">Go</button>
        <button name="data[nested]" value="deep">Deep</button>
        <button name="valueless">Go on</button>
        <button class="nameless">Go nameless</button>
        <button type="button" name="inert">No</button>
        <button name="off-button" disabled>Off</button>
        <input type="submit" name="send" value="Send">
        <input type="submit" name="off-input" value="Off" disabled>
      </form>
      <input name="outside" value="out" form="form">
      <form id="empty" phx-change="change" phx-submit="submit"></form>`;
  }
}

let view: LiveDriver<Page>;
beforeEach(async () => {
  view = await live(Page);
});
const last = () => view.instance.events.at(-1);
const all = {
  text: "t",
  hidden: "h",
  both: "false",
  radio: "1",
  boxes: ["2", "3"],
  select: "a",
  many: ["2", "3"],
  user: { about: "two\nlines" },
  own: "o",
  outside: "out",
  key: "val",
};

describe("finding", () => {
  test("tells if there is one, or several, whitespace aside", () => {
    expect(view.hasElement("div")).toBe(true);
    expect(view.hasElement("div", "one")).toBe(true);
    expect(view.hasElement("div", "This   is\na div")).toBe(true);
    expect(view.hasElement("div", /^This is a div$/)).toBe(true);
    expect(view.hasElement("#unknown")).toBe(false);
    expect(view.hasElement("div", "unknown")).toBe(false);
  });

  test("the HTML of one", () => {
    expect(view.element("div", "This is a div").html()).toMatch(/^<div id="scoped">/);
    expect(view.element("div", /^two/).html()).toBe("<div>two</div>");
    expect(view.element("div", /^two/g).html()).toBe("<div>two</div>");
    expect(view.text("#scoped")).toBe("This is a div");
  });

  test("several, or none", () => {
    expect(() => view.element("div").html()).toThrow(
      'expected selector "div" to return a single element, but got 6:',
    );
    expect(() => view.element("#unknown").html()).toThrow(
      'expected selector "#unknown" to return a single element, but got none within:',
    );
    expect(() => view.text("div")).toThrow("but got 6");
  });

  test("a text that fits none, or several", () => {
    expect(() => view.element("#scoped", "This is not").html()).toThrow(
      'selector "#scoped" did not match text filter "This is not", got:\n\n    <div id="scoped">',
    );
    expect(() => view.element("div", "none").html()).toThrow(
      'selector "div" returned 6 elements but none matched the text filter "none":',
    );
    expect(() => view.element("div", /o/).html()).toThrow(
      'selector "div" returned 6 elements and 2 of them matched the text filter /o/',
    );
  });
});

describe("clicking", () => {
  test("sends its values, and those of the test over them", async () => {
    await view.element("#value").click();
    expect(last()).toEqual(["click", { value: "123", extra: "<456>" }]);
    await view.element("#value").click({ value: "override", more: { n: 1 } });
    expect(last()).toEqual(["click", { value: "override", extra: "<456>", more: { n: 1 } }]);
  });

  test("a checkbox sends its value if it is checked after the click", async () => {
    await view.element("#bare").click();
    expect(last()).toEqual(["click", {}]);
    await view.element("#box").click();
    expect(last()).toEqual(["click", { value: "on" }]);
    await view.element("#checked").click();
    expect(last()).toEqual(["click", {}]);
    await view.element("#one").click();
    await view.element("#one").click();
    expect(last()).toEqual(["click", { value: "1" }]);
  });

  test("not what is disabled or bound to nothing", async () => {
    await expect(view.element("#off").click()).rejects.toThrow(
      'cannot click element "#off" because it is disabled',
    );
    await expect(view.element("button", "fenced").click()).rejects.toThrow(
      'cannot click element "button" with text "fenced" because it is disabled',
    );
    await expect(view.element("#nowhere").click()).rejects.toThrow(
      'clicked link selected by "#nowhere" does not have phx-click or href attributes:\n\n    <a id="nowhere">',
    );
    await expect(view.element("#unbound").click()).rejects.toThrow(
      'element selected by "#unbound" does not have phx-click attribute:\n\n    <span id="unbound">',
    );
    expect(view.instance.events).toEqual([]);
  });

  test("a button that submits its form does so", async () => {
    await view.element("#form [name=button]").click();
    expect(last()).toEqual(["submit", { ...all, button: "go" }]);
  });
});

describe("keys and focus", () => {
  test("keys go with what the element says, and only those it asks for", async () => {
    await view.element("#keys").keydown("Enter");
    expect(last()).toEqual(["down", { key: "Enter", value: "v", a: "b" }]);
    await view.element("#keys").keyup({ key: "enter", shiftKey: true });
    expect(last()).toEqual(["up", { key: "enter", value: "v", a: "b" }]);
    await view.element("#keys").keydown("x");
    expect(view.instance.events).toHaveLength(2);
  });

  test("window bindings can be had on their element", async () => {
    await view.element("#window").keyup("Escape");
    expect(last()).toEqual(["window", { key: "Escape", x: "y" }]);
    await expect(view.element("#value").keydown("a")).rejects.toThrow(
      "does not have phx-keydown or phx-window-keydown attributes",
    );
  });

  test("focus and blur, of an element and of the window", async () => {
    await view.element("#focus").focus();
    expect(last()).toEqual(["focus", { value: "f" }]);
    await view.element("#focus").blur({ value: "g" });
    expect(last()).toEqual(["blur", { value: "g" }]);
    await view.element("#looks").focus();
    expect(last()).toEqual(["looks", {}]);
    await view.element("#looks").blur();
    expect(last()).toEqual(["away", {}]);
    await expect(view.element("#value").focus()).rejects.toThrow(
      "does not have phx-focus or phx-window-focus attributes",
    );
  });
});

describe("hook events", () => {
  test("carry what they are given and nothing else", async () => {
    await view.element("#hook").hook("drawn", { points: [1, 2] });
    expect(last()).toEqual(["drawn", { points: [1, 2] }]);
    await view.element("#hook").hook("drawn");
    expect(last()).toEqual(["drawn", {}]);
    expect(view.html()).not.toContain('phx-focus="[');
  });

  test("need a hook and its id", async () => {
    await expect(view.element("#value").hook("drawn")).rejects.toThrow(
      'element selected by "#value" does not have phx-hook attribute:',
    );
    await expect(view.element(".idless").hook("drawn")).rejects.toThrow(
      'element selected by ".idless" for phx-hook does not have an ID:',
    );
  });

  test("may come of an edge of the viewport", async () => {
    await view.element("#edges").hook("top");
    await view.element("#edges").hook("bottom", { id: "last" });
    expect(view.instance.events).toEqual([
      ["top", {}],
      ["bottom", { id: "last" }],
    ]);
  });

  test("events of the view itself, with any payload", async () => {
    expect(await view.event("any", { n: 1 })).toContain("This");
    expect(last()).toEqual(["any", { n: 1 }]);
    await view.event("bare");
    expect(last()).toEqual(["bare", {}]);
  });
});

describe("forms", () => {
  test("are sent as a browser would", async () => {
    await view.element("#form").submit();
    expect(last()).toEqual(["submit", all]);
    await view.form("#form").change();
    expect(last()).toEqual(["change", { ...all, _target: ["text"] }]);
  });

  test("a field with a binding of its own sends itself", async () => {
    await view.element("[name=own]").change("mine");
    expect(last()).toEqual(["own", { own: "mine", _target: ["own"], why: "mine" }]);
    await view.element("[name=own]").change({ own: "yours", more: 1 });
    expect(last()).toEqual(["own", { own: "yours", _target: ["own"], why: "mine", more: 1 }]);
  });

  test("values given to the element need no field", async () => {
    await view.element("#empty").change({ foo: "bar", list: ["a", 1], map: { deep: { n: 1 } } });
    expect(last()?.[1]).toMatchObject({ foo: "bar", list: ["a", 1], map: { deep: { n: 1 } } });
  });

  test("values of the form, those of the element, and those of the test over them", async () => {
    await view.element("#form").submit();
    expect(last()).toEqual(["submit", all]);
    await view.element("#form").submit({ extra: "e", text: "known", key: "other" });
    expect(last()).toEqual(["submit", { ...all, text: "known", extra: "e", key: "other" }]);
    await view.element("#form").submit({ user: { about: "me", name: "Ann" }, boxes: ["9"] });
    expect(last()?.[1]).toMatchObject({ user: { about: "me", name: "Ann" }, boxes: ["2", "3", "9"] });
    expect(view.hasElement("#form [name='user[name]']")).toBe(false);
  });

  test("values of the action win over those that were filled in", async () => {
    await view.form("#form", { text: "y", user: { about: "y" } }).change({ user: { about: "x" } });
    expect(last()?.[1]).toMatchObject({ text: "y", user: { about: "x" } });
    await view.form("#form", { text: "y" }).submit("[name=send]", { text: "x", more: "m" });
    expect(last()).toEqual(["submit", { ...all, user: { about: "x" }, text: "x", more: "m", send: "Send" }]);
  });

  test("only forms are submitted", async () => {
    await expect(view.element("#link").submit()).rejects.toThrow(
      'phx-submit is only allowed in forms, got "a"',
    );
    await expect(view.form("#link").submit()).rejects.toThrow(
      'a form element was given but the selected node is not a form, got "a"',
    );
    await expect(view.element("#value").change()).rejects.toThrow(
      'element selected by "#value" does not have phx-change attribute',
    );
  });

  test("a button that cannot submit is refused", async () => {
    const submitting = (button: string) => expect(view.form("#form").submit(button)).rejects;
    await submitting("#unknown").toThrow(
      'invalid form submitter, expected selector "#unknown" to return a single element, but got none within:',
    );
    await submitting("button").toThrow(
      /invalid form submitter, expected selector "button" .* but got \d within:/,
    );
    await submitting(".nameless").toThrow(
      'form submitter selected by ".nameless" must have a name:\n\n    <button class="nameless">',
    );
    for (const name of ["inert", "off-button", "off-input"]) {
      await submitting(`[name=${name}]`).toThrow(
        `could not find non-disabled submit input or button with name "${name}" within:`,
      );
    }
    expect(view.instance.events).toEqual([]);
  });

  test("a button that submits goes along", async () => {
    await view.form("#form").submit("[name=valueless]");
    expect(last()).toEqual(["submit", { ...all, valueless: "" }]);
    await view.form("#form").submit("[name='data[nested]']");
    expect(last()).toEqual(["submit", { ...all, data: { nested: "deep" } }]);
    await view.form("#form").submit("[name=send]");
    expect(last()).toEqual(["submit", { ...all, send: "Send" }]);
  });
});

describe("a click does what a browser does of itself", () => {
  class Native extends LiveView {
    changed: unknown[] = [];
    change = this.event((payload) => {
      this.changed.push(payload);
    });
    render() {
      return html`<form id="f" phx-change=${this.change}>
          <input name="text" value="a"><input type="checkbox" name="on"><button type="reset">reset</button></form>
        <form><input type="checkbox" id="unheard" name="on"></form>
        <details><summary>more</summary>text</details>`;
    }
  }

  test("it checks a box whose form hears of it, and resets a form", async () => {
    const view = await live(Native);
    await view.element("#f [name=on]").click();
    expect(view.instance.changed).toMatchObject([{ text: "a", on: "on" }]);
    const { node } = view.element("#f [name=text]");
    (node as unknown as HTMLInputElement).value = "b";
    await view.element("button", "reset").click();
    await view.settled();
    expect((node as unknown as HTMLInputElement).value).toBe("a");
    await expect(view.element("#unheard").click()).rejects.toThrow("does not have phx-click attribute");
  });

  test("it opens and closes details", async () => {
    const view = await live(Native);
    await view.element("summary").click();
    expect(view.hasElement("details[open]")).toBe(true);
    await view.element("summary").click();
    expect(view.hasElement("details[open]")).toBe(false);
  });
});
