/** Entries that a form sends, and values that it can be given. */
import { type EventPayload, html, LiveView } from "@overwire/server";
import { beforeEach, describe, expect, test } from "vitest";
import { type LiveDriver, live } from "../index.ts";

class Page extends LiveView {
  sent: EventPayload | undefined;
  changed = this.event((payload) => {
    const { _target, ...fields } = payload;
    this.sent = fields;
  });
  render() {
    const numbers = (from: number, to: number) =>
      Array.from({ length: to - from + 1 }, (_, index) => html`<option>${from + index}</option>`);
    return html`
      <form id="form" phx-change=${this.changed} phx-submit=${this.changed} phx-no-unused-field>
        <input name="hello[twice]" value="one"><input name="hello[twice]" value="two">
        <input type="hidden" name="hello[hidden]" value="hidden">
        <input type="hidden" name="hello[hidden_or_checkbox]" value="false">
        <input type="checkbox" name="hello[hidden_or_checkbox]" value="true">
        <input type="hidden" name="hello[hidden_or_text]" value="old"><input name="hello[hidden_or_text]" value="text">
        <input type="radio" name="hello[radio]" value="1"><input type="radio" name="hello[radio]" value="2" checked>
        <input type="radio" name="hello[radio]" value="3">
        <input type="radio" name="hello[none]" value="1">
        <input type="checkbox" name="hello[bare]">
        <input type="checkbox" name="hello[boxes][]" value="1">
        <input type="checkbox" name="hello[boxes][]" value="2" checked><input type="checkbox" name="hello[boxes][]" value="3" checked>
        <select name="hello[first]"><option value="a" disabled>A</option><optgroup><option value="b">B</option></optgroup><option>c</option></select>
        <select name="hello[chosen]"><option selected>1</option><option>2</option><option selected>3</option></select>
        <select name="hello[size]" size="3"><option value="blank">blank</option><option>1</option></select>
        <select name="hello[many][]" multiple><option>1</option><option selected>2</option><option selected>3</option></select>
        <textarea name="hello[text]">
Text</textarea>
        <textarea name="hello[no_text]"></textarea>
        <input value="nameless"><input name="hello[off]" value="off" disabled>
        <input type="submit" name="hello[ignore-submit]" value="x"><input type="image" name="hello[ignore-image]">
        <input name="born" type="date"><input name="at" type="datetime-local"><input name="time" type="time">
        <input name="files" type="file">
        <div id="selects">
          <select name="date[year]">${numbers(2015, 2020)}</select>
          <select name="date[month]">${numbers(1, 12)}</select>
          <select name="date[day]">${numbers(1, 31)}</select>
          <select name="when[hour]">${numbers(10, 23)}</select>
          <select name="when[minute]"><option value="05">5</option><option value="15">15</option></select>
          <select name="exact[minute]">${numbers(0, 59)}</select>
          <select name="exact[second]">${numbers(0, 59)}</select>
        </div>
      </form>`;
  }
}

let view: LiveDriver<Page>;
beforeEach(async () => {
  view = await live(Page);
});
type Values = Parameters<LiveDriver["form"]>[1];
const filled = async (values: Values) => {
  await view.form("#form", values).change();
  return view.instance.sent as Record<string, Record<string, unknown>>;
};
const filling = (values: Values) => expect(view.form("#form", values).change()).rejects;

test("a form as it stands is sent as a browser does it", async () => {
  await view.form("#form").submit();
  expect(view.instance.sent).toMatchObject({
    hello: {
      twice: "two",
      hidden: "hidden",
      hidden_or_checkbox: "false",
      hidden_or_text: "text",
      radio: "2",
      boxes: ["2", "3"],
      first: "b",
      chosen: "3",
      many: ["2", "3"],
      text: "Text",
      no_text: "",
    },
  });
  const { hello } = view.instance.sent as Record<string, object>;
  for (const name of ["none", "bare", "size", "off", "ignore-submit", "ignore-image"])
    expect(hello).not.toHaveProperty(name);
});

describe("a value", () => {
  test("for a field that is not there", async () => {
    await filling({ hello: { unknown: "x" } }).toThrow(
      'could not find non-disabled input, select or textarea with name "hello[unknown]" within:',
    );
    await filling({ hello: { unknown: "x" } }).toThrow(/It has: "hello\[twice\]", "hello\[hidden\]"/);
    await filling({ hello: { off: "x" } }).toThrow('with name "hello[off]"');
  });

  test("for what is never submitted", async () => {
    await filling({ hello: { "ignore-submit": "x" } }).toThrow(
      'cannot provide value to "hello[ignore-submit]" because submit inputs are never submitted',
    );
    await filling({ hello: { "ignore-image": "x" } }).toThrow(
      'cannot provide value to "hello[ignore-image]" because image inputs are never submitted',
    );
    await filling({ files: "x" }).toThrow('cannot provide value to "files" because files are chosen');
  });

  test("for hidden fields", async () => {
    await filling({ hello: { hidden: "true" } }).toThrow(
      'value for hidden "hello[hidden]" must be one of ["hidden"], got: "true"',
    );
    expect((await filled({ hello: { hidden: "hidden" } })).hello).toMatchObject({ hidden: "hidden" });
    expect((await filled({ hello: { hidden_or_checkbox: "true" } })).hello?.hidden_or_checkbox).toBe("true");
    expect((await filled({ hello: { hidden_or_checkbox: "false" } })).hello?.hidden_or_checkbox).toBe(
      "false",
    );
    expect((await filled({ hello: { hidden_or_checkbox: true } })).hello?.hidden_or_checkbox).toBe("true");
    expect((await filled({ hello: { hidden_or_text: "any" } })).hello?.hidden_or_text).toBe("any");
  });

  test("that is not offered", async () => {
    await filling({ hello: { radio: "unknown" } }).toThrow(
      'value for radio "hello[radio]" must be one of ["1", "2", "3"], got: "unknown"',
    );
    await filling({ hello: { boxes: ["1", "9"] } }).toThrow(
      'value for checkbox "hello[boxes][]" must be one of ["1", "2", "3"], got: "9"',
    );
    await filling({ hello: { size: "unknown" } }).toThrow(
      'value for select "hello[size]" must be one of ["blank", "1"], got: "unknown"',
    );
    await filling({ hello: { first: "a" } }).toThrow(
      'value for select "hello[first]" must be one of ["b", "c"], got: "a"',
    );
    await filling({ hello: { many: ["9"] } }).toThrow(
      'value for multiple select "hello[many][]" must be one of ["1", "2", "3"], got: "9"',
    );
    expect(view.instance.sent).toBeUndefined();
  });

  test("a list for a field that takes one", async () => {
    for (const name of ["radio", "chosen", "text"])
      await filling({ hello: { [name]: ["1"] } }).toThrow(`with name "hello[${name}][]"`);
  });

  test("a list for those that take several, as text", async () => {
    const { hello } = await filled({ hello: { boxes: [1, 2], many: [1, 2], radio: 3, text: 4n } });
    expect(hello).toMatchObject({ boxes: ["1", "2"], many: ["1", "2"], radio: "3", text: "4" });
  });

  test("a checkbox that says no value takes on", async () => {
    expect((await filled({ hello: { bare: "on" } })).hello?.bare).toBe("on");
    expect((await filled({ hello: { bare: false } })).hello).not.toHaveProperty("bare");
    await filling({ hello: { bare: "yes" } }).toThrow('must be one of ["on"], got: "yes"');
  });

  test("a date for a select of each of its parts", async () => {
    const date = new Date("2017-04-17T14:15:16.789Z");
    const { date: day, when, exact } = await filled({ date, when: date, exact: date });
    expect(day).toEqual({ year: "2017", month: "4", day: "17" });
    expect(when).toEqual({ hour: "14", minute: "15" });
    expect(exact).toEqual({ minute: "15", second: "16" });
    const { when: early } = await filled({ when: new Date("2017-04-17T14:05:00Z") });
    expect(early).toEqual({ hour: "14", minute: "05" });
    await filling({ date: new Date("2099-01-01") }).toThrow('value for select "date[year]" must be one of');
    await filling({ unknown: date }).toThrow('with name "unknown"');
  });

  test("a date for one field of it", async () => {
    const date = new Date("2017-04-17T14:15:16.789Z");
    expect(await filled({ born: date, at: date, time: date })).toMatchObject({
      born: "2017-04-17",
      at: "2017-04-17T14:15",
      time: "14:15",
    });
  });
});

describe("rows and lists", () => {
  class Order extends LiveView {
    sent: EventPayload | undefined;
    changed = this.event(({ _target, ...fields }: EventPayload) => {
      this.sent = fields;
    });
    render() {
      return html`<form id="order" phx-change=${this.changed} phx-submit=${this.changed} phx-no-unused-field>
          <input name="lines[0][title]"><input name="lines[0][count]" type="number" value="1">
          <input name="lines[0][tags][]" type="checkbox" value="a"><input name="lines[0][tags][]" type="checkbox" value="b">
          <input name="lines[1][title]"><input name="lines[1][count]" type="number" value="1">
          <input name="to[0]"><input name="to[1]"><input name="cc[]"><input name="cc[]">
          <select name="plain" multiple><option>x</option><option>y</option></select>
          <input name="box" type="checkbox" value="1"><input name="box" type="checkbox" value="2">
          <input name="twice"><input name="twice">
          <input name="user[address][city]"><input name="days[0][at]" type="date"><button>Order</button></form>`;
    }
  }
  const order = async (values: Values) => {
    const view = await live(Order);
    await view.form("#order", values).submit();
    return { view, sent: view.instance.sent };
  };

  test("rows fill the fields of their numbers, and leave the others", async () => {
    const rows = [{ title: "a", count: 2, tags: ["b"] }, { title: "b" }] as const;
    const { sent } = await order({ lines: rows, user: { address: { city: "Rome" } } });
    expect(sent).toMatchObject({
      lines: [
        { title: "a", count: "2", tags: ["b"] },
        { title: "b", count: "1" },
      ],
      user: { address: { city: "Rome" } },
    });
    const second = await order({
      lines: [undefined, { title: "b" }],
      days: [{ at: new Date("2026-01-02") }],
    });
    expect(second.sent).toMatchObject({
      lines: [{ title: "" }, { title: "b" }],
      days: [{ at: "2026-01-02" }],
    });
  });

  test("lists fill the fields of one name, or those of their numbers", async () => {
    const { sent } = await order({
      to: ["a", "b"],
      cc: ["c", null],
      plain: ["x", "y"],
      box: [1, 2],
      twice: [1, 2],
    });
    // Of equal names without brackets the server keeps the last.
    expect(sent).toMatchObject({ to: ["a", "b"], cc: ["c", ""], plain: "y", box: "2", twice: "2" });
    const none = await order({ plain: [], box: [] });
    expect(none.sent).not.toHaveProperty("plain");
  });

  test("a row too many, or a field that it does not have, is named", async () => {
    const view = await live(Order);
    const refused = (values: Values) => expect(view.form("#order", values).submit()).rejects;
    await refused({ lines: [{}, {}, { title: "c" }] }).toThrow('with name "lines[2][title]"');
    await refused({ lines: [{ name: "c" }] }).toThrow('with name "lines[0][name]"');
    await refused({ to: ["a", "b", "c"] }).toThrow('with name "to[2]"');
    await refused({ lines: [] }).toThrow('with name "lines[]"');
    await refused({ box: [3] }).toThrow('value for checkbox "box" must be one of ["1", "2"], got: "3"');
  });

  test("values are what fields can hold, by their types", () => {
    const values: Values[] = [
      { lines: [{ title: "a" }, { title: "b", done: true }] },
      { tags: ["a", 1, true, 2n, null] },
      { deep: { rows: [[1], [{ at: new Date() }]] } },
    ];
    expect(values).toHaveLength(3);
    // @ts-expect-error a function is no value
    void ({ run: () => {} } satisfies Values);
    // @ts-expect-error nor in a row
    void ({ lines: [{ run: () => {} }] } satisfies Values);
  });
});

describe("values that no user could put in", () => {
  class Kinds extends LiveView {
    sent: EventPayload | undefined;
    changed = this.event((payload) => {
      this.sent = payload;
    });
    render() {
      return html`<form id="form" phx-change=${this.changed}>
        <input type="range" name="range" min="0" max="10" step="5">
        <input type="color" name="color"><textarea name="text" maxlength="3"></textarea></form>`;
    }
  }

  test.each([
    [{ range: 3 }, "its range has no"],
    [{ range: 15 }, "its range has no"],
    [{ range: "much" }, "its range has no"],
    [{ color: "red" }, "a color is written like"],
  ])("%j", async (values, message) => {
    const view = await live(Kinds);
    await expect(view.form("#form", values).change()).rejects.toThrow(message);
  });

  test("are told from those that a user can, of which a textarea has line feeds alone", async () => {
    const view = await live(Kinds);
    await view.form("#form", { range: 5, color: "#FF0000", text: "a\r\nb" }).change();
    expect(view.instance.sent).toMatchObject({ range: "5", color: "#ff0000", text: "a\nb" });
  });
});
