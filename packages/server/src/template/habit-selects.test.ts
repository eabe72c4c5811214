/** Values of selects and textareas: where they stand in HTML, and what development says where they stand nowhere. */
import { live } from "@overwire/testing";
import { afterEach, expect, test, vi } from "vitest";
import { z } from "zod";
import { each, html, LiveView, renderToHtml, type Template } from "../index.ts";

const warn = vi.spyOn(console, "warn").mockReturnValue();
afterEach(() => {
  warn.mockClear();
});

const roles = ["reader", "writer"];

function viewOf(role: string, render: (page: InstanceType<typeof Page>) => Template) {
  return class extends Page {
    override settings = this.form(schema, { values: { role, note: "a" } });
    override render() {
      return html`<form id="f" phx-change=${this.settings.change} phx-submit=${this.settings.submit}>${render(this)}</form>`;
    }
  };
}
const schema = z.object({ role: z.string(), note: z.string() });
class Page extends LiveView {
  settings = this.form(schema);
  override render(): Template {
    return html`<p></p>`;
  }
}

const plain = ({ settings: { fields } }: Page) =>
  html`<select ...${fields.role.attributes}>${each(roles, String, (role) => html`<option value=${role}>${role}</option>`)}</select>`;
const chosen = ({ settings: { fields } }: Page) =>
  html`<select ...${fields.role.attributes}>${each(roles, String, (role) => html`<option ...${fields.role.option(role)}>${role}</option>`)}</select>
    <textarea ...${fields.note.attributes}>${fields.note.value}</textarea>`;

test("a select or textarea has no value in HTML, also if it is spread", () => {
  const value = { name: "a", value: "b" };
  expect(
    renderToHtml(html`<select ...${value}></select><textarea ...${value}></textarea><input ...${value}>`),
  ).toBe('<select name="a"></select><textarea name="a"></textarea><input name="a" value="b">');
});

test("a value that chooses no option is told of", async () => {
  await live(viewOf("writer", plain));
  expect(warn.mock.calls).toEqual([
    [
      expect.stringContaining(
        'The value "writer" of this select chooses no option, so the browser shows the first one. Write <option ...${field.option(…)}>',
      ),
    ],
  ]);
});

test("and so is a textarea that stays empty", async () => {
  await live(
    viewOf("", ({ settings: { fields } }) => html`<textarea ...${fields.note.attributes}></textarea>`),
  );
  expect(warn.mock.calls).toEqual([
    [expect.stringContaining('The value "a" of this textarea is not shown.')],
  ]);
});

test("but not a value that is shown, nor none, nor options that are not there yet", async () => {
  const view = await live(viewOf("writer", chosen));
  expect(view.element("select").html()).toContain('<option value="writer" selected');
  await live(viewOf("", plain));
  await live(
    viewOf("writer", ({ settings: { fields } }) => html`<select ...${fields.role.attributes}></select>`),
  );
  expect(warn).not.toHaveBeenCalled();
});

test("a select without a value is empty until the form is used, and then what the browser shows", async () => {
  const view = await live(viewOf("", chosen));
  expect(view.instance.settings.value.role).toBe("");
  await view.form("#f", { note: "b" }).change();
  expect(view.instance.settings.value.role).toBe("reader");
});
