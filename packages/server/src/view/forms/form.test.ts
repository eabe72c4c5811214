import { type } from "arktype";
import fc from "fast-check";
import * as v from "valibot";
import { describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { decodeForm } from "../../connection/event-payload.ts";
import { html } from "../../template/html.ts";
import { renderToHtml } from "../../template/render.ts";
import { callEvent, findEvent, InvalidPayloadError, nameEvents } from "../events/event.ts";
import { createForm } from "./form.ts";
import type { Form, FormOptions } from "./types.ts";

const zod = z.object({
  name: z.string().min(2, "too short"),
  age: z.number().optional(),
  agree: z.boolean(),
  address: z.object({ city: z.string().min(1, "no city") }),
  tags: z.array(z.string()),
  rows: z.array(z.object({ title: z.string().min(1, "no title") })),
});

const valibot = v.object({
  name: v.pipe(v.string(), v.minLength(2, "too short")),
  age: v.optional(v.number()),
  agree: v.boolean(),
  address: v.object({ city: v.pipe(v.string(), v.minLength(1, "no city")) }),
  tags: v.array(v.string()),
  rows: v.array(v.object({ title: v.pipe(v.string(), v.minLength(1, "no title")) })),
});

const text = (least: number, message: string) =>
  type("string").narrow((value, context) => value.length >= least || context.reject({ message }));
const arktype = type({
  name: text(2, "too short"),
  "age?": "number",
  agree: "boolean",
  address: { city: text(1, "no city") },
  tags: "string[]",
  rows: type({ title: text(1, "no title") }).array(),
});

type SignUp = z.infer<typeof zod>;

/** Of a host that never ends. */
const onDispose = () => () => {};

/** A form in the field `signup` of a view, and what a page would send it. */
const setUp = (schema: typeof zod, options: FormOptions<typeof zod> = {}) =>
  page(createForm(schema, options));

function page<Input, Output>(form: Form<Input, Output>) {
  const view = { signup: form };
  nameEvents(view);
  const send = (event: string, payload: unknown) => {
    const found = findEvent(view, `signup.${event}`);
    if (!found) throw new Error(`no event ${event}`);
    return callEvent(found, payload);
  };
  return {
    form,
    fields: form.fields,
    send,
    change: (fields: string, target = "") => send("change", decodeForm(fields, { _target: target })),
    submit: (fields = "") => send("submit", decodeForm(fields, {})),
    /** Clicks a button: the command that stands in the page, as it would be sent. */
    click: (command: { toString(): string } | object) => {
      const [[, { event, value }]] = JSON.parse(shown(command)) as [
        [string, { event: string; value: unknown }],
      ];
      return send(event.replace(/^signup\./, ""), value);
    },
  };
}

/** Display of an attribute's value. */
const shown = (value: unknown) =>
  renderToHtml(html`<b phx-click=${value}></b>`)
    .replace(/^<b phx-click="|"><\/b>$/g, "")
    .replaceAll("&quot;", '"');

const good = "name=Ann&agree=on&address[city]=Rome&tags[]=a&tags[]=b";

describe.each([
  ["zod", zod],
  // Of one type as far as these tests go; form.test-d.ts has the types of each.
  ["valibot", valibot as unknown as typeof zod],
  ["arktype", arktype as unknown as typeof zod],
])("a form with a schema of %s", (_, schema) => {
  test("hands what the schema makes of it to submit, and answers with what that returns", () => {
    const submit = vi.fn((value: SignUp) => `hello ${value.name}`);
    const { submit: send } = setUp(schema, { submit });
    expect(send(`${good}&age=30`)).toBe("hello Ann");
    expect(submit.mock.calls.map(([value]) => value)).toEqual([
      { name: "Ann", age: 30, agree: true, address: { city: "Rome" }, tags: ["a", "b"], rows: [] },
    ]);
  });

  test("does not call submit with what the schema refuses, but shows what is wrong", () => {
    const submit = vi.fn();
    const { form, fields, submit: send } = setUp(schema, { submit });
    expect(send("name=A&agree=on&address[city]=")).toBeUndefined();
    expect(submit).not.toHaveBeenCalled();
    expect(form.submitted).toBe(true);
    expect(form.valid).toBe(false);
    expect(fields.name.errors).toEqual(["too short"]);
    expect(fields.address.city.errors).toEqual(["no city"]);
    expect(fields.agree.errors).toEqual([]);
  });

  test("calls invalid with what the schema refuses, when its errors are known", () => {
    const [submit, invalid] = [vi.fn(), vi.fn((form: Form<SignUp>) => form.fields.name.errors)];
    const { change, submit: send } = setUp(schema, { submit, invalid });
    change("name=A", "name");
    expect(invalid).not.toHaveBeenCalled();
    expect(send("name=A")).toEqual(["too short"]);
    expect(submit).not.toHaveBeenCalled();
    send(good);
    expect([submit.mock.calls.length, invalid.mock.calls.length]).toEqual([1, 1]);
  });

  test("shows the errors of fields that the user has used, and no others", () => {
    const { form, fields, change } = setUp(schema);
    expect(fields.name.errors).toEqual([]);
    change("_unused_name=&name=&address[city]=R", "address[city]");
    expect(form.valid).toBe(false);
    expect([fields.name.used, fields.name.errors]).toEqual([false, []]);
    expect([fields.address.city.used, fields.address.city.errors]).toEqual([true, []]);
    change("name=&address[city]=", "name");
    expect(fields.name.errors).toEqual(["too short"]);
    expect(fields.address.city.errors).toEqual(["no city"]);
  });

  test("drops keys that the schema does not know, whether it would keep them or not", () => {
    const submit = vi.fn();
    const { submit: send } = setUp(schema, { submit });
    send(`${good}&admin=true&address[admin]=true&constructor=x&_csrf=1`);
    const [value] = submit.mock.calls[0] as [SignUp];
    expect(Object.keys(value).sort()).toEqual(["address", "agree", "name", "rows", "tags"]);
    expect(value.address).toEqual({ city: "Rome" });
    expect(({} as { admin?: unknown }).admin).toBeUndefined();
  });

  test.each([
    ["several values for one", "name[]=Ann"],
    ["an object for a value", "name[first]=Ann"],
    ["one value for several", "tags=a"],
    ["an object for a value of several", "tags[][x]=a"],
    ["a value for an object", "address=Rome"],
    ["several values for an object", "address[]=Rome"],
    ["a value for rows", "rows=a"],
    ["a value that is too large", `name=${"x".repeat(65_537)}`],
  ])("refuses %s, and is as it was", (_case, sent) => {
    const change = vi.fn();
    const { form, change: send } = setUp(schema, { change, values: { name: "Ann" } });
    expect(() => send(`age=3&${sent}`)).toThrow(InvalidPayloadError);
    expect(change).not.toHaveBeenCalled();
    expect(form.value).toEqual({ name: "Ann", address: {}, rows: [] });
  });

  test("keeps rows apart that are added, taken away and moved", () => {
    const submit = vi.fn();
    const { fields, submit: send, change, click } = setUp(schema, { submit });
    for (const title of ["a", "b", "c"]) {
      click(fields.rows.addEvent);
      change(`rows[${fields.rows.length - 1}][title]=${title}`);
    }
    click([...fields.rows][1]!.removeEvent);
    click([...fields.rows][1]!.moveEvent(0));
    expect([...fields.rows].map((row) => [row.key, row.index, row.fields.title.value])).toEqual([
      ["2", 0, "c"],
      ["0", 1, "a"],
    ]);
    expect(fields.rows.errors).toEqual([]);
    send(`${good}&rows[2][title]=C&rows[0][title]=A`);
    expect(submit.mock.calls[0]![0].rows).toEqual([{ title: "C" }, { title: "A" }]);
  });

  test("tells which row is wrong", () => {
    const { fields, submit } = setUp(schema, {
      values: { rows: [{ title: "a" }, { title: "" }] },
    });
    submit(good);
    expect([...fields.rows].map((row) => row.fields.title.errors)).toEqual([[], ["no title"]]);
  });
});

describe("fields", () => {
  test("have names as their path says, and ids of their own", () => {
    const { fields } = setUp(zod, { name: "user", values: { rows: [{ title: "x" }] } });
    const [row] = [...fields.rows];
    expect(
      [fields.name, fields.address.city, fields.tags, row!.fields.title].map(({ name, id }) => [name, id]),
    ).toEqual([
      ["user[name]", "user_name"],
      ["user[address][city]", "user_address_city"],
      ["user[tags][]", "user_tags"],
      ["user[rows][0][title]", "user_rows_0_title"],
    ]);
    expect(setUp(zod).fields.name).toMatchObject({ name: "name", id: "signup_name" });
    expect(setUp(zod, { id: "my" }).fields.name.id).toBe("my_name");
  });

  test("that would have one id have two", () => {
    const { fields } = page(
      createForm(z.object({ user_name: z.string(), user: z.object({ name: z.string() }) })),
    );
    expect([fields.user_name.id, fields.user.name.id]).toEqual(["signup_user_name", "signup_user__name"]);
  });

  test("of components have ids that begin with the component's", () => {
    const signup = createForm(zod);
    nameEvents({ signup }, 3);
    expect([signup.id, signup.fields.name.id]).toEqual(["c3_signup", "c3_signup_name"]);
    expect(JSON.parse(shown(signup.change))).toEqual([["push", { event: "signup.change", target: 3 }]]);
  });

  test("are spread as attributes, which say what is wrong", () => {
    const { fields, change } = setUp(zod, { values: { name: "A" } });
    const input = () => renderToHtml(html`<input ...${fields.name.attributes}>`);
    expect(input()).toBe('<input id="signup_name" name="name" value="A">');
    change("name=B", "name");
    expect(input()).toBe(
      '<input id="signup_name" name="name" value="B" aria-invalid="true" aria-describedby="signup_name-errors">',
    );
  });

  test("that are chosen say what is", () => {
    const { fields } = page(
      createForm(
        z.object({ on: z.boolean(), size: z.enum(["s", "m"]), tags: z.array(z.string()), stars: z.number() }),
        {
          values: { on: true, size: "m", tags: ["b"], stars: 3 },
        },
      ),
    );
    expect(fields.on.checked).toBe(true);
    expect(fields.on.checkbox()).toMatchObject({
      type: "checkbox",
      name: "on",
      value: "true",
      checked: true,
    });
    expect(fields.size.option("m")).toEqual({ value: "m", selected: true });
    expect(fields.size.radio("s")).toMatchObject({
      id: "signup_size_s",
      type: "radio",
      value: "s",
      checked: false,
    });
    expect(fields.stars.option(3)).toEqual({ value: "3", selected: true });
    expect(fields.tags.option("a").selected).toBe(false);
    expect(fields.tags.checkbox("b")).toMatchObject({
      id: "signup_tags_b",
      name: "tags[]",
      value: "b",
      checked: true,
    });
    expect(fields.tags.attributes).toMatchObject({ id: "signup_tags", name: "tags[]" });
    expect(fields.tags.attributes).not.toHaveProperty("value");
  });

  test("for secrets are not sent back", () => {
    const { fields, change } = setUp(zod);
    change("name=secret", "name");
    expect(renderToHtml(html`<input ...${fields.name.password}>`)).toBe(
      '<input type="password" id="signup_name" name="name">',
    );
  });

  test("show dates as their elements want them", () => {
    const { fields } = page(
      createForm(z.object({ day: z.date(), at: z.date() }), {
        values: { day: new Date("2026-03-04"), at: new Date("2026-03-04T05:06:07Z") },
      }),
    );
    expect([fields.day.value, fields.at.value]).toEqual(["2026-03-04", "2026-03-04T05:06"]);
  });

  test("keep what was typed until the schema can make something of it", () => {
    const { form, fields, change } = setUp(zod);
    change("age=3x", "age");
    expect([fields.age.value, fields.age.errors.length]).toEqual(["3x", 1]);
    change("age=03", "age");
    expect([fields.age.value, fields.age.errors, form.value.age]).toEqual(["03", [], "03"]);
  });
});

describe("a field that is left empty", () => {
  const schema = z.object({
    age: z.number().optional(),
    mail: z.email().optional(),
    size: z.enum(["s", "m"]).nullable(),
    at: z.object({ city: z.string().min(1) }).optional(),
    note: z.string(),
    tags: z.array(z.string()).min(1).optional(),
  });

  test("is not there, or null, if the schema can do without it", () => {
    const { form, submit } = page(createForm(schema));
    submit("age=&mail=&size=&at[city]=&note=");
    expect(form.output).toEqual({ size: null, note: "" });
  });

  test("counts if something else of it is there", () => {
    const two = z.object({
      at: z.object({ city: z.string().min(1, "no city"), zip: z.string() }).optional(),
    });
    const { fields, submit } = page(createForm(two));
    submit("at[city]=&at[zip]=1");
    expect(fields.at.city.errors).toEqual(["no city"]);
  });
});

describe("a field that the page does not send", () => {
  const form = (rendered = true) => {
    const at = page(
      createForm(z.object({ on: z.boolean(), tags: z.array(z.string()), note: z.string() }), {
        values: { on: true, tags: ["a"], note: "n" },
      }),
    );
    if (rendered) [at.fields.on.checkbox(), at.fields.tags.checkbox("a"), at.fields.note.attributes].length;
    return at;
  };

  test("is off in a submit, if the page shows it", () => {
    const { form: it, submit } = form();
    submit("note=n");
    expect(it.output).toEqual({ on: false, tags: [], note: "n" });
  });

  test("is as it was if the page does not show it: an earlier step keeps the choice", () => {
    const { form: it, submit } = form(false);
    submit("note=m");
    expect(it.output).toEqual({ on: true, tags: ["a"], note: "m" });
  });

  test("is as it was when the page stopped showing it", async () => {
    const { form: it, fields, submit } = form();
    await Promise.resolve();
    fields.note.attributes.id;
    submit("note=m");
    expect(it.output).toEqual({ on: true, tags: ["a"], note: "m" });
  });

  test("is off if it is the field that changed; others are as they were when a field is sent alone", () => {
    const { form: it, change } = form();
    change("", "on");
    expect(it.output).toEqual({ on: false, tags: ["a"], note: "n" });
    change("note=m", "note");
    expect(it.output).toEqual({ on: false, tags: ["a"], note: "m" });
    change("note=m", "tags[]");
    expect(it.output).toEqual({ on: false, tags: [], note: "m" });
  });
});

describe("messages", () => {
  const passwords = z
    .object({
      one: z.string(),
      two: z.string(),
      at: z.object({ from: z.number(), to: z.number() }).optional(),
    })
    .refine(({ one, two }) => one === two, "not the same");

  test("for no field show when all fields are used, or after a submit", () => {
    const { form, change, submit } = page(createForm(passwords));
    change("one=a&_unused_two=&two=", "one");
    expect(form.errors).toEqual([]);
    submit("one=a&two=b");
    expect(form.errors).toEqual(["not the same"]);
  });

  test("of a group as a whole stand beside it", () => {
    const schema = z.object({
      at: z.object({ from: z.number(), to: z.number() }).refine(({ from, to }) => from < to, "ends before"),
    });
    const { form, fields, change } = page(createForm(schema));
    change("at[from]=3&_unused_at[_unused_to]=&at[_unused_to]=&at[to]=1", "at[from]");
    expect(form.errorsOf(fields.at)).toEqual([]);
    change("at[from]=3&at[to]=1", "at[to]");
    expect(form.errorsOf(fields.at)).toEqual(["ends before"]);
    expect(form.errorsOf(fields.at.to)).toEqual([]);
  });

  test("of a list as a whole show after a submit", () => {
    const { fields, submit } = page(
      createForm(z.object({ rows: z.array(z.object({ a: z.string() })).min(1, "none") })),
    );
    expect(fields.rows.errors).toEqual([]);
    submit();
    expect(fields.rows.errors).toEqual(["none"]);
    fields.rows.add();
    expect(fields.rows.errors).toEqual([]);
  });

  test("that only the server knows show until their field changes", () => {
    const { form, fields, change, submit } = setUp(zod, { values: { rows: [{ title: "x" }] } });
    submit(good);
    form.setErrors({ name: "is taken", address: { city: ["a", "b"] }, rows: [{ title: "c" }] });
    expect(form.valid).toBe(false);
    expect(fields.name.errors).toEqual(["is taken"]);
    expect(fields.address.city.errors).toEqual(["a", "b"]);
    expect([...fields.rows][0]!.fields.title.errors).toEqual(["c"]);
    change("name=Ann&address[city]=Rome", "address[city]");
    expect(fields.name.errors).toEqual(["is taken"]);
    change("name=Anne&address[city]=Rome", "name");
    expect([fields.name.errors, fields.address.city.errors]).toEqual([[], ["a", "b"]]);
    submit();
    expect([fields.address.city.errors, form.valid]).toEqual([[], true]);
  });

  test("of the server's may be for the form, or issues of a schema", () => {
    const { form, fields } = setUp(zod);
    form.setErrors("Try again later");
    expect(form.errors).toEqual(["Try again later"]);
    form.setErrors([
      { message: "is taken", path: ["name"] },
      { message: "no", path: [{ key: "address" }, "city"] },
    ]);
    expect([form.errors, fields.name.errors, fields.address.city.errors]).toEqual([[], ["is taken"], ["no"]]);
  });

  test("of a form that comes back after a lost connection are for what was used before, not for the field it names", () => {
    const { fields, change } = setUp(zod);
    change("_unused_name=&name=&address[city]=", "name");
    expect(fields.name.errors).toEqual([]);
    expect(fields.address.city.errors).toEqual(["no city"]);
  });

  test("go when the page resets the form", () => {
    const { fields, submit, change } = setUp(zod);
    submit("name=A");
    expect(fields.name.errors).toEqual(["too short"]);
    change("_unused_name=&name=", "reset");
    expect(fields.name.errors).toEqual([]);
  });

  test("show for fields that were submitted untouched", () => {
    const { form, fields, submit } = setUp(zod, { name: "user" });
    expect(form.used("user[name]")).toBe(false);
    submit("user[name]=");
    expect([form.used("user[name]"), form.used("user[address]"), form.used("user[none]")]).toEqual([
      true,
      true,
      false,
    ]);
    expect(fields.name.errors).toEqual(["too short"]);
  });
});

describe("reset and assign", () => {
  const marked = (attributes: object) => (attributes as { "data-ow-reset"?: number })["data-ow-reset"];

  test("reset begins anew, and fields say that what was typed is to go", () => {
    const { form, fields, submit } = setUp(zod, { values: { name: "Ann", rows: [{ title: "a" }] } });
    expect(marked(fields.name.attributes)).toBeUndefined();
    submit("name=B&address[city]=Rome&rows[0][title]=b");
    form.reset();
    expect(form.value).toEqual({ name: "Ann", address: {}, rows: [{ title: "a" }] });
    expect([form.submitted, fields.name.errors, fields.name.used]).toEqual([false, [], false]);
    // Also if the value is the one that was shown before: what was typed may not have been sent.
    const first = marked(fields.name.attributes);
    expect(first).toBeGreaterThan(0);
    form.reset({ name: "Ben" });
    expect(marked(fields.name.attributes)).toBeGreaterThan(first as number);
    expect(form.value).toEqual({ name: "Ben", address: {}, rows: [] });
  });

  test("rows after a reset are others", () => {
    const { form, fields } = setUp(zod, { values: { rows: [{ title: "a" }] } });
    form.reset();
    expect([...fields.rows].map(({ key }) => key)).toEqual(["1"]);
  });

  test("assign sets values, and marks the fields that change", () => {
    const { form, fields } = setUp(zod, {
      values: { name: "Ann", address: { city: "Rome" }, rows: [{ title: "a" }] },
    });
    [fields.name.attributes, fields.address.city.attributes].length;
    form.assign({ name: "Ben", address: { city: "Rome" }, rows: [{ title: "b" }, { title: "c" }] });
    expect(form.value).toMatchObject({ name: "Ben", rows: [{ title: "b" }, { title: "c" }] });
    expect([...fields.rows].map(({ key }) => key)).toEqual(["0", "1"]);
    expect(marked(fields.name.attributes)).toBe(1);
    expect(marked(fields.address.city.attributes)).toBeUndefined();
  });
});

describe("rows", () => {
  const withRows = (options: FormOptions<typeof zod> = {}) =>
    setUp(zod, { values: { rows: [{ title: "a" }, { title: "b" }] }, ...options });

  test("can be added at any position with any values", () => {
    const { form, fields } = withRows();
    fields.rows.add({ title: "first" }, 0);
    fields.rows.move(2, 1);
    fields.rows.remove(2);
    expect(form.value.rows).toEqual([{ title: "first" }, { title: "b" }]);
    expect(fields.rows.length).toBe(2);
  });

  test("are added by a button with what it says, and not with what the schema does not know", () => {
    const change = vi.fn();
    const { form, fields, click, send } = withRows({ change });
    click(fields.rows.addEvent({ title: "c" }));
    send("add", { list: "rows", initial: { title: "d", admin: "1", __proto__: { x: 1 } } });
    expect(form.value.rows).toEqual([..."abcd"].map((title) => ({ title })));
    expect([...fields.rows][2]!.fields.title.used).toBe(false);
    expect(change).toHaveBeenCalledTimes(2);
    for (const list of ["name", "nothing", "__proto__", 7])
      expect(() => send("add", { list })).toThrow(InvalidPayloadError);
    expect(() => send("add", { list: "rows", initial: { title: ["x"] } })).toThrow(InvalidPayloadError);
    expect(form.value.rows).toHaveLength(4);
  });

  test("are bounded in number", () => {
    const { fields, send } = withRows();
    for (let at = 2; at < 1000; at++) fields.rows.add();
    expect(() => send("add", { list: "rows" })).toThrow("more than 1000 rows");
  });

  test("that were taken away twice go once, and do not come back with what the page still sent", () => {
    const { form, fields, click, change } = withRows();
    const [first] = [...fields.rows];
    const marker = `rows[_rows]=${fields.rows.attributes.value}`;
    click(first!.removeEvent);
    click(first!.removeEvent);
    change(`${marker}&rows[0][title]=late&rows[1][title]=B`, "rows[1][title]");
    expect(form.value.rows).toEqual([{ title: "B" }]);
  });

  test("of a page that lost its view are there again, in their order (form recovery)", () => {
    const before = withRows();
    before.fields.rows.add({ title: "c" });
    before.fields.rows.remove(0);
    before.fields.rows.move(1, 0);
    const { name, value } = before.fields.rows.attributes;
    const { form, fields, change, click } = withRows();
    change(`${name}=${value}&rows[2][title]=C&rows[1][title]=B`, "rows[2][title]");
    expect(form.value.rows).toEqual([{ title: "C" }, { title: "B" }]);
    click(fields.rows.addEvent);
    expect([...fields.rows].map(({ key }) => key)).toEqual(["2", "1", "3"]);
  });

  test("are a keyed list in a template", () => {
    const { fields } = withRows();
    const list = () =>
      html`<ul>${fields.rows.map(
        (row, { index }) => html`<li>${index} <input ...${row.title.attributes}></li>`,
      )}</ul>`;
    expect(renderToHtml(list())).toBe(
      '<ul><li>0 <input id="signup_rows_0_title" name="rows[0][title]" value="a"></li><li>1 <input id="signup_rows_1_title" name="rows[1][title]" value="b"></li></ul>',
    );
  });

  test("may have rows", () => {
    const nested = z.object({ a: z.array(z.object({ b: z.array(z.object({ c: z.string() })) })) });
    const { form, fields, click, change } = page(createForm(nested));
    click(fields.a.addEvent);
    const [row] = [...fields.a];
    click(row!.fields.b.addEvent);
    change("a[0][b][0][c]=x", "a[0][b][0][c]");
    expect(form.output).toEqual({ a: [{ b: [{ c: "x" }] }] });
    click([...row!.fields.b][0]!.removeEvent);
    expect(form.output).toEqual({ a: [{ b: [] }] });
  });
});

describe("names that every object has", () => {
  const names = ["constructor", "toString", "valueOf", "hasOwnProperty", "prototype"];

  test.each([
    ["zod", z.object(Object.fromEntries(names.map((name) => [name, z.string()])))],
    ["valibot", v.object(Object.fromEntries(names.map((name) => [name, v.string()])))],
    ["arktype", type(Object.fromEntries(names.map((name) => [name, "string"])))],
  ])("are names of fields, for %s too", (_, schema) => {
    const { form, fields, change } = page(createForm(schema as never));
    change(names.map((name) => `${name}=x`).join("&"), names[0]);
    expect(Object.assign({}, form.output)).toEqual(Object.fromEntries(names.map((name) => [name, "x"])));
    const field = (fields as { [name: string]: object }).toString as { attributes?: object };
    expect(field.attributes).toMatchObject({ name: "toString", value: "x" });
  });

  test("are absent unless they are sent", () => {
    const schema = z.object({ constructor: z.string().optional(), a: z.string() });
    const { form, change } = page(createForm(schema as never));
    change("a=x", "a");
    expect(Object.assign({}, form.output)).toEqual({ a: "x" });
  });

  test("but __proto__ is no key", () => {
    const { form, send } = page(createForm(z.object({ a: z.record(z.string(), z.string()) })));
    send("change", JSON.parse('{"a":{"__proto__":"x","ok":"y"}}'));
    expect(form.value).toEqual({ a: { ok: "y" } });
  });
});

describe("keys and values of the page are bounded", () => {
  const records = z.object({ scores: z.record(z.string(), z.object({ n: z.string().optional() })) });
  const many = (count: number, key: (at: number) => string, value = "x") =>
    Array.from({ length: count }, (_, at) => `scores[${key(at)}][n]=${value}`).join("&");
  const idsOf = (fields: object) => Object.values(fields).map((row) => (row as { n: { id: string } }).n.id);

  test("keys that begin alike cost no more than others, and their ids differ", () => {
    const { fields, change } = page(createForm(records));
    const startsWith = vi.spyOn(String.prototype, "startsWith");
    change(many(440, (at) => `a${"_".repeat(at)}`));
    const calls = startsWith.mock.calls.length;
    startsWith.mockRestore();
    expect(calls).toBeLessThan(440 * 5);
    expect(new Set(idsOf(fields.scores)).size).toBe(440);
  });

  test("a key with spaces, dashes or underscores has an id of its own", () => {
    const { fields, change } = page(createForm(records));
    change(
      ["b", "a_b", "a-b", "a b", "a\tb", "a__b", "a-_b"]
        .map((key) => `scores[${encodeURIComponent(key)}][n]=x`)
        .join("&"),
    );
    const ids = idsOf(fields.scores);
    expect(new Set(ids).size).toBe(7);
    expect(ids[0]).toBe("signup_scores_b_n");
    for (const id of ids) expect(id).toMatch(/^\S+$/);
  });

  test("all that a form holds: an excess is refused whole, and the form says so", () => {
    const post = vi.fn();
    const view = { signup: createForm(records, { maxLength: 1000 }, { post, onDispose }) };
    nameEvents(view);
    const { signup } = view;
    const change = (fields: string) => callEvent(signup.change, decodeForm(fields, {}));
    change(many(3, String, "x".repeat(1000)));
    const before = signup.value;
    expect(() => change(many(4, (at) => `b${at}`, "x".repeat(900)))).toThrow(InvalidPayloadError);
    expect(signup.value).toEqual(before);
    expect(signup.errors).toEqual(["The form has more than 4000 characters."]);
    expect(signup.valid).toBe(false);
    expect(post).toHaveBeenCalledOnce();
    change(many(3, String, "short"));
    expect([signup.errors, signup.valid]).toEqual([[], true]);
    change(many(3, (at) => `b${at}`, "x".repeat(900)));
    expect(Object.keys(signup.value.scores as object)).toHaveLength(6);
  });

  test("values that its author has put into it do not count", () => {
    const scores = { a: { n: "x".repeat(9000) } };
    const { form, change } = page(createForm(records, { maxLength: 1000, values: { scores } }));
    change("scores[b][n]=y");
    expect(form.value).toMatchObject({ scores: { ...scores, b: { n: "y" } } });
    expect(() => change(many(5, String, "x".repeat(1000)))).toThrow("more than 4000 characters");
    change("scores[a][n]=short");
  });

  test("values that its author assigns do not count either, but make no more room for the page", () => {
    const { form, change } = page(createForm(records, { maxLength: 1000 }));
    form.assign({ scores: { a: { n: "x".repeat(9000) } } });
    change("scores[b][n]=y");
    for (const text of ["x".repeat(900), "", "x".repeat(900)]) {
      change(`scores[b][n]=${text}`);
      form.assign({ scores: { c: { n: text } } });
    }
    expect(() => change(many(5, String, "x".repeat(1000)))).toThrow("more than 4000 characters");
  });

  test("`maxSize` sets how much it may hold", () => {
    const { change } = page(createForm(records, { maxSize: 100 }));
    change(`scores[a][n]=${"x".repeat(80)}`);
    expect(() => change(`scores[b][n]=${"x".repeat(80)}`)).toThrow("more than 100 characters");
  });

  test("a name that is asked for makes no more fields than a page may have", () => {
    interface Tree {
      readonly [key: string]: Tree;
    }
    const tree: z.ZodType<Tree> = z.record(
      z.string(),
      z.lazy(() => tree),
    );
    const { form, send } = page(createForm(z.object({ t: tree })));
    const deep = (at: number) => ["t", ...Array.from({ length: 100 }, (_, level) => `${at}.${level}`)];
    for (let at = 0; at < 20; at++) send("change", decodeForm("", { _target: deep(at).join("[") }));
    for (let at = 0; at < 20; at++) expect(form.used(deep(at).join("["))).toBe(false);
    expect(Object.keys(form.fields.t)).toHaveLength(20);
    const rows = JSON.parse(`{"t":{"${"k".repeat(1001)}":{}}}`);
    expect(() => send("change", rows)).toThrow("a key of more than 1000 characters");
  });

  test("rows that only their list names", () => {
    const nested = z.object({ a: z.array(z.object({ b: z.array(z.object({ c: z.string() })) })) });
    const { form, change } = page(createForm(nested));
    const keys = Array.from({ length: 900 }, (_, at) => at).join(",");
    const lists = Array.from({ length: 10 }, (_, at) => `a[${at}][b][_rows]=old:${keys}`).join("&");
    expect(() => change(`a[_rows]=old:0,1,2,3,4,5,6,7,8,9&${lists}`)).toThrow(
      "more than 5000 fields and rows",
    );
    expect(form.value.a).toEqual([]);
  });

  test("the values of one field", () => {
    const { fields, send } = page(createForm(zod, { values: { name: "Ann" } }));
    expect(() => send("change", { tags: Array(1001).fill("") })).toThrow("more than 1000 values");
    send("change", { tags: Array(1000).fill("") });
    expect(fields.tags.value).toHaveLength(1000);
  });

  test("any message is taken or refused", () => {
    const hostile = fc.constantFrom<unknown>(
      { toString: 1 },
      { toString: null, valueOf: 1 },
      [[[["x"]]]],
      null,
    );
    const json = fc.oneof(fc.jsonValue({ maxDepth: 3 }), hostile);
    const name = fc.oneof(
      fc.constantFrom("name", "rows", "address", "address[city]", "rows[0][title]", "tags[]", "_rows"),
      json,
    );
    const rows = fc.oneof(
      fc.array(fc.record({ title: json }, { requiredKeys: [] }), { maxLength: 3 }),
      fc.record(
        { _rows: fc.oneof(json, fc.constantFrom("x:0,1", "x:,,9999999999", ":")), 0: json },
        { requiredKeys: [] },
      ),
      json,
    );
    const payload = fc.oneof(
      json,
      fc.record(
        {
          name: json,
          age: json,
          agree: json,
          address: fc.oneof(fc.record({ city: json }), json),
          tags: fc.oneof(fc.array(json), json),
          rows,
          _target: fc.oneof(fc.array(name), name),
          list: name,
          initial: rows,
          key: fc.oneof(fc.constantFrom("0", "1"), json),
          to: fc.oneof(fc.constantFrom(0, -1, 1e9, 2 ** 53), json),
        },
        { requiredKeys: [] },
      ),
    );
    const { form, fields, send } = page(
      createForm(zod, { values: { rows: [{ title: "a" }, { title: "b" }] } }),
    );
    fc.assert(
      fc.property(fc.constantFrom("change", "submit", "add", "remove", "move"), payload, (event, payload) => {
        try {
          send(event, payload);
        } catch (error) {
          expect(error).toBeInstanceOf(InvalidPayloadError);
        }
        [form.value, form.errors, fields.name.attributes, [...fields.rows]].length;
      }),
      { numRuns: 2000, seed: 7 },
    );
  });

  test("no refusal tells more than twenty issues", () => {
    const { change } = page(createForm(records));
    const wrong = Array.from({ length: 500 }, (_, at) => `scores[${at}]=x`).join("&");
    expect(() => change(wrong)).toThrow(
      expect.objectContaining({ refusal: expect.objectContaining({ issues: expect.any(Array) }) }),
    );
    try {
      change(wrong);
    } catch (error) {
      expect((error as InvalidPayloadError).refusal.issues).toHaveLength(20);
    }
  });
});

describe("a schema that takes its time", () => {
  const slow = z.object({ name: z.string().refine(async (name) => name !== "taken", "is taken") });

  test("is waited for", async () => {
    const submit = vi.fn((_value: { name: string }) => "done");
    const change = vi.fn();
    const { fields, change: send, submit: finish } = page(createForm(slow, { submit, change }));
    const sent = send("name=taken", "name");
    expect(change).not.toHaveBeenCalled();
    await sent;
    expect(change).toHaveBeenCalledOnce();
    expect(fields.name.errors).toEqual(["is taken"]);
    expect(await finish("name=taken")).toBeUndefined();
    expect(submit).not.toHaveBeenCalled();
    expect(await finish("name=free")).toBe("done");
  });

  test("has the view rendered when it is done, and only its last answer counts", async () => {
    const post = vi.fn();
    const form = createForm(slow, { values: { name: "taken" } }, { post, onDispose });
    expect(form.valid).toBe(false);
    form.assign({ name: "free" });
    expect(form.valid).toBe(false);
    await vi.waitFor(() => expect(post).toHaveBeenCalledTimes(2));
    expect(form.valid).toBe(true);
    expect(form.output).toEqual({ name: "free" });
  });
});

describe("a schema that does not say what it takes", () => {
  /** Takes anything: keys must be known from elsewhere. */
  const schema = {
    "~standard": {
      version: 1,
      vendor: "own",
      validate: (value: unknown) => ({ value: value as Loose }),
    },
  } as const;
  interface Loose {
    name: string;
    tags: string[];
    address: { city: string };
    rows: { title: string }[];
  }
  const typed = schema as typeof schema & { "~standard": { types?: { input: Loose; output: Loose } } };

  test("is told by the values", () => {
    const { form, change } = page(
      createForm(typed, { values: { name: "", tags: ["x"], address: { city: "" }, rows: [{ title: "" }] } }),
    );
    change("name=Ann&tags[]=a&address[city]=Rome&address[no]=1&rows[0][title]=t&rows[0][no]=1&no=1");
    expect(form.output).toEqual({
      name: "Ann",
      tags: ["a"],
      address: { city: "Rome" },
      rows: [{ title: "t" }],
    });
    expect(() => change("name[]=x")).toThrow(InvalidPayloadError);
  });

  test("is told by what the template shows", () => {
    const { form, fields, change } = page(createForm(typed));
    change("name=Ann&admin=1");
    expect(form.output).toEqual({});
    [fields.name.attributes, fields.address.city.attributes, fields.rows.length].length;
    fields.rows.add({ title: "a" });
    change("name=Ann&admin=1&address[city]=Rome&address[no]=1&rows[0][title]=t");
    expect(form.output).toEqual({ name: "Ann", address: { city: "Rome" }, rows: [{ title: "t" }] });
  });
});

describe("events", () => {
  test("of a form have the name of its field, and no others can be called", () => {
    const view = { signup: createForm(zod), other: {}, plain: 7 };
    nameEvents(view);
    expect([shown(view.signup.change), shown(view.signup.submit)]).toEqual([
      "signup.change",
      "signup.submit",
    ]);
    for (const name of [
      "signup",
      "signup.reset",
      "signup.toString",
      "other.change",
      "plain.x",
      "signup.change.x",
    ])
      expect(findEvent(view, name)).toBeUndefined();
    expect(findEvent(view, "signup.change")).toBe(view.signup.change);
  });

  test("may bring JSON: what is in it is used, what is not is as it was", () => {
    const { form, fields, send } = setUp(zod, { values: { agree: true, name: "Ann" } });
    fields.agree.checkbox();
    send("change", JSON.parse('{"address":{"city":"Rome"},"__proto__":{"name":"x"},"age":3}'));
    expect(form.value).toMatchObject({ name: "Ann", agree: true, age: 3, address: { city: "Rome" } });
    expect(fields.address.city.used).toBe(true);
    expect(() => send("change", { name: { length: 1 } })).toThrow(InvalidPayloadError);
    expect(() => send("change", 7)).toThrow(InvalidPayloadError);
  });

  test("of a form with a name take only what is under it", () => {
    const { form, change } = setUp(zod, { name: "user" });
    change("name=no&user[name]=Ann", "user[name]");
    expect(form.value.name).toBe("Ann");
    expect(() => change("user=x")).toThrow(InvalidPayloadError);
  });
});
