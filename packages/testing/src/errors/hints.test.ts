/** Errors that name what to write instead. */
import { html, LiveView, raw } from "@overwire/server";
import { describe, expect, test } from "vitest";
import { type LiveDriver, live } from "../index.ts";

class Page extends LiveView {
  go = this.event(() => {});
  render() {
    return html`<form id="post" phx-change=${this.go} phx-submit=${this.go}>
        <input name="title"><input id="tags" name="post[tags]"><input type="checkbox" name="draft">
        <button name="intent" value="save">Save it</button><button id="off" disabled>Send</button><button class="bare">Bare</button>
      </form>
      <form class="plain"><input name="q"><button>Find</button></form>
      <form id="late" phx-change=${this.go} phx-submit=${this.go}><button disabled>Later</button></form>
      <button phx-click=${this.go}><b>bold</b></button><p>text</p>`;
  }
}

/** The last line of what an action rejects with. */
const hint = async (act: (view: LiveDriver) => Promise<unknown>) => {
  const view = await live(Page);
  const error: unknown = await act(view).catch((error: unknown) => error);
  return (error as Error).message.trim().split("\n").at(-1);
};

describe("an action without a binding", () => {
  test.each([
    ["input[name=title]", 'Its form has: view.form("#post", { title: … }).change()'],
    ["#tags", 'Its form has: view.form("#post", { "post[tags]": … }).change()'],
    [".bare", 'Its form has: view.form("#post").change()'],
  ])("change of %s", async (selector, expected) => {
    expect(await hint((view) => view.element(selector).change({ title: "a" }))).toBe(expected);
  });

  test("submit of what is no form", async () => {
    expect(await hint((view) => view.element("#tags").submit())).toBe(
      'Its form has: view.form("#post", { "post[tags]": … }).submit()',
    );
    expect(await hint((view) => view.element(".bare").submit())).toBe(
      'Its form has: view.element(…).click(), or view.form("#post").submit()',
    );
  });

  test("click", async () => {
    expect(await hint((view) => view.element("b").click())).toMatch(
      /^What it is in has: <button phx-click="/,
    );
    expect(await hint((view) => view.element("[name=title]").click())).toBe(
      'A field is filled in: view.form("#post", { title: … })',
    );
    expect(await hint((view) => view.element("button", "Find").click())).toBe(
      "It submits its form, which has neither phx-submit nor an action",
    );
    expect(await hint((view) => view.element("p").click())).toBe("    <p>text</p>");
  });
});

test("a button that is disabled may be so until the form is filled in", async () => {
  const expected = (form: string) =>
    `If what is filled in enables it: await view.form("${form}").change() before`;
  expect(await hint((view) => view.element("#off").click())).toBe(expected("#post"));
  expect(await hint((view) => view.form("#late").submit())).toBe(expected("#late"));
});

test("a text in place of a button's selector is told from it", async () => {
  const submit = (text: string) => hint((view) => view.form("#post").submit(text));
  const expected = `It takes a selector: view.form("#post").submit('button[name="intent"][value="save"]')`;
  expect(await submit("Save it")).toBe(expected);
  expect(await submit("save")).toBe(expected);
  expect(await submit("Send")).toBe(
    `It takes a selector. That button has no name: view.element("button", "Send").click()`,
  );
  expect(await submit("Save!")).toMatch("</form>");
});

test.each([
  ["dangerouslySetInnerHTML", { __html: "<b>a</b>" }, "Write ${raw(html)} between the tags"],
  ["ref", { current: null }, "write id=… phx-hook=…"],
  ["ref", () => {}, "write id=… phx-hook=…"],
  ["key", {}, "A list with keys is each("],
  ["className", { a: true }, "Write class."],
])("%s as an object says what is meant in its place", async (name, value, advice) => {
  class Habit extends LiveView {
    render() {
      return html`<p ...${{ [name]: value }}>${raw("")}</p>`;
    }
  }
  await expect(live(Habit)).rejects.toThrow(advice);
});
