/** Types of forms: what a schema says is what an author may write. Checked by `npm run types`, never run. */
import { type } from "arktype";
import * as v from "valibot";
import { expectTypeOf } from "vitest";
import { z } from "zod";
import { createForm } from "./form.ts";
import type { ArrayField, Field, FieldList, Fields } from "./types.ts";

const schema = z.object({
  name: z.string(),
  age: z.coerce.number(),
  size: z.enum(["s", "m"]),
  at: z.date().optional(),
  length: z.string().transform((text) => text.length),
  address: z.object({ city: z.string() }).nullable(),
  tags: z.array(z.string()),
  rows: z.array(z.object({ title: z.string(), done: z.boolean() })).optional(),
});

const form = createForm(schema, {
  values: { name: "", address: {}, rows: [{ title: "a" }] },
  change: (form) => {
    expectTypeOf(form.output?.length).toEqualTypeOf<number | undefined>();
    form.setErrors({ name: "is taken" });
  },
  submit: async (value) => {
    expectTypeOf(value).toEqualTypeOf<z.output<typeof schema>>();
    return { id: value.age };
  },
});

expectTypeOf<NonNullable<typeof form.submit.reply>>().toEqualTypeOf<Promise<{ id: number }>>();

const { fields } = form;
expectTypeOf(fields.name).toEqualTypeOf<Field<string>>();
expectTypeOf(fields.age).toEqualTypeOf<Field<unknown>>();
expectTypeOf(fields.at).toEqualTypeOf<Field<Date>>();
expectTypeOf(fields.size).toEqualTypeOf<Field<"s" | "m">>();
expectTypeOf(fields.address).toEqualTypeOf<Fields<{ city: string }>>();
expectTypeOf(fields.address.city.value).toEqualTypeOf<string>();
expectTypeOf(fields.tags).toEqualTypeOf<ArrayField<string>>();
expectTypeOf(fields.tags.value).toEqualTypeOf<readonly string[]>();
expectTypeOf(fields.rows).toEqualTypeOf<FieldList<{ title: string; done: boolean }>>();
expectTypeOf(fields.name.errors).toEqualTypeOf<readonly string[]>();
fields.rows.map((row, { index, removeEvent, key }) => {
  expectTypeOf(row.done).toEqualTypeOf<Field<boolean>>();
  expectTypeOf(index).toEqualTypeOf<number>();
  void [removeEvent, key];
  // @ts-expect-error rows have no such field
  return row.titel.value;
});
for (const { fields: row } of fields.rows) expectTypeOf(row.title).toEqualTypeOf<Field<string>>();

// @ts-expect-error no such field
void fields.nmae;
// @ts-expect-error nor one below another
void fields.address.street;
// @ts-expect-error a field is no group
void fields.name.first;
// @ts-expect-error not a choice that the schema has
fields.size.option("l");
fields.size.option("m");
// @ts-expect-error one value has no radio buttons of several
fields.tags.radio("a");
// @ts-expect-error errors are the form's to say
fields.name.errors = [];

fields.rows.add({ title: "a" });
void fields.rows.addEvent({ done: true });
// @ts-expect-error a title is text
fields.rows.add({ title: 7 });
// @ts-expect-error rows have no such field
void fields.rows.addEvent({ titel: "a" });

form.assign({ address: { city: "Rome" }, at: new Date(), tags: ["a"] });
form.reset();
form.reset({ size: "s" });
// @ts-expect-error no such field
form.assign({ nmae: "" });
// @ts-expect-error a name is text
form.assign({ name: 7 });
// @ts-expect-error tags are text
form.reset({ tags: [7] });

form.setErrors({ address: { city: "where?" }, tags: "too few", rows: [undefined, { title: "no" }] });
form.setErrors({ rows: "too few", address: ["a", "b"] });
form.setErrors("not now");
form.setErrors([{ message: "no", path: ["name"] }]);
// @ts-expect-error no such field
form.setErrors({ nmae: "is taken" });
// @ts-expect-error a message is text
form.setErrors({ name: 7 });

// @ts-expect-error a name is text
createForm(schema, { values: { name: 7 } });
// @ts-expect-error no such field
createForm(schema, { values: { address: { street: "" } } });
// @ts-expect-error not what the schema gives
createForm(schema, { submit: (value: { name: number }) => value });

const withValibot = createForm(
  v.object({ name: v.string(), rows: v.array(v.object({ n: v.pipe(v.string(), v.transform(Number)) })) }),
  {
    submit: ({ rows }) => expectTypeOf(rows).toEqualTypeOf<{ n: number }[]>(),
  },
);
expectTypeOf(withValibot.fields.rows).toEqualTypeOf<FieldList<{ n: string }>>();

const withArktype = createForm(
  type({ "name?": "string", address: { city: "string" }, n: "string.numeric.parse" }),
  {
    submit: ({ n, name }) => {
      expectTypeOf(n).toEqualTypeOf<number>();
      expectTypeOf(name).toEqualTypeOf<string | undefined>();
    },
  },
);
expectTypeOf(withArktype.fields.address.city).toEqualTypeOf<Field<string>>();
expectTypeOf(withArktype.fields.name).toEqualTypeOf<Field<string>>();

const union = createForm(
  z.discriminatedUnion("kind", [
    z.object({ kind: z.literal("person"), name: z.string() }),
    z.object({ kind: z.literal("firm"), vat: z.string() }),
  ]),
);
expectTypeOf(union.fields.kind).toEqualTypeOf<Field<"person" | "firm">>();
expectTypeOf(union.fields.vat).toEqualTypeOf<Field<string>>();
