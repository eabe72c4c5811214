/** Acting on elements and forms: what is sent, and what is refused because a person could not have done it. */
import { type EventPayload, html, LiveView } from "@overwire/server";
import { beforeEach, describe, expect, test } from "vitest";
import { type LiveDriver, live } from "./index.ts";

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
      <button id="bare" phx-click="click">bare</button>
      <input id="box" type="checkbox" phx-click="click">
      <input id="checked" type="checkbox" phx-click="click" checked>
      <input id="one" type="checkbox" phx-click="click" checked value="1">
      <input id="keys" phx-keydown="down" phx-keyup="up" phx-key="Enter" value="v" phx-value-a="b">
      <span id="window" phx-window-keyup="window" phx-value-x="y"></span>
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
        <input name="own" value="o" phx-change="own" phx-value-why="mine">
        <input value="nameless">
        <button name="button" value="go">Go</button>
        <input type="submit" name="send" value="Send">
      </form>
      <input name="outside" value="out" form="form">`;
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
  test("F-TST-01..06: one element, or an error that shows what there is", () => {
    expect(view.hasElement("div")).toBe(true);
    expect(view.hasElement("div", "one")).toBe(true);
    expect(view.hasElement("#unknown")).toBe(false);
    expect(view.element("div", "This is a div").html()).toMatch(/^<div id="scoped">/);
    expect(view.element("div", /^t/).html()).toBe("<div>two</div>");
    expect(() => view.element("div").html()).toThrow(
      'expected selector "div" to return a single element, but got 3:',
    );
    expect(() => view.element("#unknown").html()).toThrow(
      'expected selector "#unknown" to return a single element, but got none within:',
    );
    expect(() => view.element("#scoped", "This is not").html()).toThrow(
      'selector "#scoped" did not match text filter "This is not", got:\n\n    <div id="scoped">',
    );
    expect(() => view.element("div", "none").html()).toThrow(
      'selector "div" returned 3 elements but none matched the text filter "none":',
    );
    expect(() => view.element("div", /o/).html()).toThrow(
      'selector "div" returned 3 elements and 2 of them matched the text filter /o/',
    );
  });
});

describe("clicking", () => {
  test("F-TST-07: sends its values, and those of the test over them", async () => {
    await view.element("#value").click();
    expect(last()).toEqual(["click", { value: "123", extra: "<456>" }]);
    await view.element("#value").click({ value: "override", more: { n: 1 } });
    expect(last()).toEqual(["click", { value: "override", extra: "<456>", more: { n: 1 } }]);
  });

  test("F-PAY-02, F-PAY-03: a checkbox sends its value if it is checked after the click", async () => {
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

  test("F-TST-08: not what is disabled or bound to nothing", async () => {
    await expect(view.element("#off").click()).rejects.toThrow(
      'cannot click element "#off" because it is disabled',
    );
    await expect(view.element("#unbound").click()).rejects.toThrow(
      'element selected by "#unbound" does not have phx-click attribute:\n\n    <span id="unbound">',
    );
    expect(view.instance.events).toEqual([]);
  });

  test("a button that submits its form does so", async () => {
    await view.element("#form button").click();
    expect(last()).toEqual(["submit", { ...all, button: "go" }]);
  });
});

describe("keys and focus", () => {
  test("B414: keys go with what the element says, and only those it asks for", async () => {
    await view.element("#keys").keydown("Enter");
    expect(last()).toEqual(["down", { key: "Enter", value: "v", a: "b" }]);
    await view.element("#keys").keyup({ key: "enter", shiftKey: true });
    expect(last()).toEqual(["up", { key: "enter", value: "v", a: "b" }]);
    await view.element("#keys").keydown("x");
    expect(view.instance.events).toHaveLength(2);
  });

  test("F-TST-16: window bindings can be had on their element", async () => {
    await view.element("#window").keyup("Escape");
    expect(last()).toEqual(["window", { key: "Escape", x: "y" }]);
    await expect(view.element("#value").keydown("a")).rejects.toThrow(
      "does not have phx-keydown or phx-window-keydown attributes",
    );
  });

  test("B415: focus and blur", async () => {
    await view.element("#focus").focus();
    expect(last()).toEqual(["focus", { value: "f" }]);
    await view.element("#focus").blur();
    expect(last()).toEqual(["blur", { value: "f" }]);
  });
});

describe("forms", () => {
  test("F-TST-23, F-TST-34: are sent as a browser would", async () => {
    await view.element("#form").submit();
    expect(last()).toEqual(["submit", all]);
    await view.form("#form").change();
    expect(last()).toEqual(["change", { ...all, _target: ["text"] }]);
  });

  test("are filled in by name, nested as the names say", async () => {
    const filled = {
      text: "new",
      radio: 2,
      boxes: [1],
      select: "b",
      many: ["1", 2],
      user: { about: "me" },
      both: true,
    };
    await view.form("#form", filled).change();
    expect(last()).toEqual([
      "change",
      {
        ...all,
        text: "new",
        radio: "2",
        boxes: ["1"],
        select: "b",
        many: ["1", "2"],
        user: { about: "me" },
        both: "true",
        _target: ["both"],
      },
    ]);
    await view.form("#form", { both: false }).submit("[name=send]");
    expect(last()?.[1]).toMatchObject({ both: "false", send: "Send", text: "new" });
  });

  test("F-TST-35: a field with a binding of its own sends itself", async () => {
    await view.element("[name=own]").change("mine");
    expect(last()).toEqual(["own", { own: "mine", _target: ["own"], why: "mine" }]);
    await view.element("[name=own]").change({ own: "yours", more: 1 });
    expect(last()).toEqual(["own", { own: "yours", _target: ["own"], why: "mine", more: 1 }]);
  });

  test("F-TST-17, F-TST-20: values given to the element need no field", async () => {
    await view.element("#form").submit({ extra: "e", text: "known" });
    expect(last()).toEqual(["submit", { ...all, text: "known", extra: "e" }]);
  });

  test("F-TST-24..28: take only fields that are there and values that are offered", async () => {
    const filling = (values: Parameters<typeof view.form>[1]) =>
      expect(view.form("#form", values).change()).rejects;
    await filling({ unknown: "x" }).toThrow(
      'could not find non-disabled input, select or textarea with name "unknown" within:',
    );
    await filling({ unknown: "x" }).toThrow('It has: "text", "hidden", "both", "radio"');
    await filling({ off: "x" }).toThrow('with name "off"');
    await filling({ user: { name: "x" } }).toThrow('with name "user[name]"');
    await filling({ radio: ["1"] }).toThrow('with name "radio[]"');
    await filling({ send: "x" }).toThrow(
      'cannot provide value to "send" because submit inputs are never submitted',
    );
    await filling({ hidden: "x" }).toThrow('value for hidden "hidden" must be one of ["h"], got: "x"');
    await filling({ radio: "9" }).toThrow('value for radio "radio" must be one of ["1", "2"], got: "9"');
    await filling({ boxes: ["1", "9"] }).toThrow(
      'value for checkbox "boxes[]" must be one of ["1", "2", "3"], got: "9"',
    );
    await filling({ select: "9" }).toThrow('value for select "select" must be one of ["a", "b"], got: "9"');
    await filling({ many: ["9"] }).toThrow(
      'value for multiple select "many[]" must be one of ["1", "2", "3"], got: "9"',
    );
    expect(view.instance.events).toEqual([]);
  });

  test("F-TST-19: only forms are submitted", async () => {
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
});
