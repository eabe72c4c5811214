/** Forms in a page: the real client in front of them, typed into as a user would. */
import { live } from "@overwire/testing";
import { afterEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { html } from "../../template/html.ts";
import { LiveView } from "../live-view.ts";
import { FieldErrors } from "./field-errors.ts";
import { createForm } from "./form.ts";

const schema = z.object({
  name: z.string().min(2, "too short"),
  agree: z.boolean(),
  rows: z.array(z.object({ title: z.string() })),
});

class SignUp extends LiveView {
  saved: unknown;
  clicks = 0;
  count = this.event(() => {
    this.clicks++;
  });
  clear = this.event(() => this.signup.reset());
  signup = createForm(schema, {
    values: { agree: true, rows: [{ title: "first" }] },
    submit: (value) => {
      if (value.name === "taken") this.signup.setErrors({ name: "is taken" });
      else {
        this.saved = value;
        this.signup.reset();
      }
    },
  });

  override render() {
    const { fields, change, submit } = this.signup;
    return html`<p id="saved">${JSON.stringify(this.saved)}</p>
      <form id="signup" phx-change=${change} phx-submit=${submit}>
        <input ...${fields.name.attributes}> <${FieldErrors} field=${fields.name} />
        <input ...${fields.agree.checkbox()}>
        <input ...${fields.rows.attributes}>
        ${fields.rows.map(
          (row, { removeEvent }) => html`<p class="row">
            <input ...${row.title.attributes}>
            <button type="button" phx-click=${removeEvent}>remove</button>
          </p>`,
        )}
        <button type="button" id="add" phx-click=${fields.rows.addEvent}>add</button>
        <button type="button" id="count" phx-click=${this.count}>${this.clicks}</button>
        <button type="button" id="clear" phx-click=${this.clear}>clear</button>
        <button>save</button>
      </form>`;
  }
}

type Driver = Awaited<ReturnType<typeof live<SignUp>>>;
let view: Driver | undefined;
afterEach(async () => {
  await view?.close();
  view = undefined;
});

const open = async () => (view = (await live(SignUp)) as Driver);
const field = (view: Driver, name: string) =>
  view.container.querySelector(`[name="${name}"]`) as unknown as HTMLInputElement;
const type = (view: Driver, values: { [name: string]: string }) => view.form("#signup", values).change();
const errors = (view: Driver) =>
  [...view.container.querySelectorAll("[role=alert]")].map((each) => each.textContent?.trim());

describe("a form", () => {
  test("says what is wrong once a field is used, tied to it for screen readers", async () => {
    const view = await open();
    await view.element("#count").click();
    expect(errors(view)).toEqual([]);
    await type(view, { "rows[0][title]": "x" });
    expect(errors(view)).toEqual([]);
    await type(view, { name: "A" });
    expect(errors(view)).toEqual(["too short"]);
    const alert = view.container.querySelector("[role=alert]");
    expect(field(view, "name").getAttribute("aria-describedby")).toBe(alert?.id);
    expect(field(view, "name").getAttribute("aria-invalid")).toBe("true");
    await type(view, { name: "Ann" });
    expect(errors(view)).toEqual([]);
    expect(field(view, "name").hasAttribute("aria-invalid")).toBe(false);
  });

  test("says it wherever text may stand", async () => {
    class Around extends LiveView {
      signup = createForm(schema);
      override render() {
        const { fields, submit } = this.signup;
        const errors = () => html`<${FieldErrors} field=${fields.name} />`;
        return html`<form id="around" phx-submit=${submit}>
          <p>${errors()}</p><label>${errors()}</label><h2>${errors()}</h2><legend>${errors()}</legend>
          <p><${FieldErrors} field=${fields.name} /></p><button>save</button>
        </form>`;
      }
    }
    const view = await live(Around, { onError: { duplicateId: "ignore" } });
    await view.form("#around").submit();
    const parents = [...view.container.querySelectorAll("[role=alert]")].map((each) => each.parentElement);
    expect(parents.map((each) => each?.localName)).toEqual(["p", "label", "h2", "legend", "p"]);
  });

  test("says all that is wrong when it is submitted untouched", async () => {
    const view = await open();
    await view.form("#signup").submit();
    expect(errors(view)).toEqual(["too short"]);
  });

  test("says what only the server knows, until the field changes", async () => {
    const view = await open();
    await view.form("#signup", { name: "taken" }).submit();
    expect(errors(view)).toEqual(["is taken"]);
    expect(field(view, "name").value).toBe("taken");
    await type(view, { name: "free" });
    expect(errors(view)).toEqual([]);
  });

  test("that is reset is empty, also in the field that has the focus", async () => {
    const view = await open();
    field(view, "name").focus();
    await view.form("#signup", { name: "Ann", "rows[0][title]": "changed", agree: false }).submit();
    expect(view.text("#saved")).toBe('{"name":"Ann","agree":false,"rows":[{"title":"changed"}]}');
    expect(view.window.document.activeElement?.getAttribute("name")).toBe("name");
    expect(field(view, "name").value).toBe("");
    expect(field(view, "agree").checked).toBe(true);
    expect(view.container.querySelectorAll(".row input")).toHaveLength(1);
  });

  test("that is reset loses what was typed and never sent", async () => {
    const view = await open();
    field(view, "name").focus();
    field(view, "name").value = "typed";
    await view.element("#count").click();
    expect(field(view, "name").value).toBe("typed");
    await view.element("#clear").click();
    expect(field(view, "name").value).toBe("");
    field(view, "name").value = "again";
    await view.element("#count").click();
    expect(field(view, "name").value).toBe("again");
  });

  test("keeps what is typed while rows come and go", async () => {
    const view = await open();
    await view.element("#add").click();
    await view.element("#add").click();
    const rows = () =>
      [...view.container.querySelectorAll(".row input")].map(
        (each) => (each as unknown as HTMLInputElement).value,
      );
    for (const key of ["1", "2"]) await type(view, { [`rows[${key}][title]`]: `row ${key}` });
    field(view, "rows[2][title]").value = "not sent yet";
    const kept = field(view, "rows[2][title]");
    await view.element(".row:nth-of-type(2) button").click();
    expect(rows()).toEqual(["first", "not sent yet"]);
    expect(field(view, "rows[2][title]")).toBe(kept);
    await view.form("#signup", { name: "Ann" }).submit();
    expect(view.text("#saved")).toContain('"rows":[{"title":"first"},{"title":"not sent yet"}]');
  });
});
