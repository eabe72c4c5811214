/** Schemas that want more than text of what a page sends: development says how they read it. */
import { live } from "@overwire/testing";
import { type } from "arktype";
import * as v from "valibot";
import { afterEach, expect, test, vi } from "vitest";
import { z } from "zod";
import { type Form, html, LiveView } from "../index.ts";

type Schema = Parameters<LiveView["form"]>[0];
const warn = vi.spyOn(console, "warn").mockReturnValue();
afterEach(() => {
  vi.unstubAllEnvs();
  warn.mockClear();
});

const eventView = (schema: Schema) =>
  class Page extends LiveView {
    save = this.event(schema, () => {});
    render() {
      return html`<form phx-submit=${this.save}><input name="n" value="a"></form>`;
    }
  };

test.each<[schema: Schema, text: string, hint: string]>([
  [
    z.object({ n: z.number() }),
    "5",
    "Fields and phx-value-* send text, and n wants a number: write z.coerce.number()",
  ],
  [z.object({ n: z.number().optional() }), " 5.5 ", "write z.coerce.number()"],
  [z.object({ n: z.int() }), "5", "write z.coerce.number()"],
  [z.object({ n: z.bigint() }), "5", "write z.coerce.bigint()"],
  [z.object({ n: z.boolean() }), "on", "write z.coerce.boolean() for a checkbox"],
  [z.object({ n: z.date() }), "2026-01-05", "write z.coerce.date()"],
  [v.object({ n: v.number() }), "5", "write v.pipe(v.string(), v.transform(Number), v.number())"],
  [v.object({ n: v.date() }), "2026-01-05T10:00", "new Date(text)"],
  [v.object({ n: v.boolean() }), "true", "v.transform((text)"],
  [type({ n: "number" }), "5", 'write "string.numeric.parse"'],
  [type({ n: "Date" }), "2026-01-05", 'write "string.date.parse"'],
])("%#: an event that is refused", async (schema, text, hint) => {
  const view = await live(eventView(schema));
  await expect(view.form("form", { n: text }).submit()).rejects.toThrow(hint);
});

test.each<[schema: Schema, text: string]>([
  [z.object({ n: z.number() }), "five"],
  [z.object({ n: z.number() }), ""],
  [z.object({ n: z.date() }), "5"],
  [z.object({ n: z.string().min(9) }), "5"],
  [v.object({ n: v.picklist(["a"]) }), "5"],
])("%#: but not one whose text says nothing of the kind", async (schema, text) => {
  const view = await live(eventView(schema));
  const refused = view.form("form", { n: text }).submit();
  await expect(refused).rejects.toThrow("does not fit its schema");
  await expect(refused).rejects.not.toThrow("send text");
});

test("production says nothing of it", async () => {
  const view = await live(eventView(z.object({ n: z.number() })));
  vi.stubEnv("NODE_ENV", "production");
  await expect(view.form("form", { n: "5" }).submit()).rejects.not.toThrow("send text");
});

const formView = (schema: Schema, values?: object) =>
  class Page extends LiveView {
    page: Form<object> = this.form(schema, { values }) as Form<object>;
    render() {
      const { change, submit } = this.page;
      return html`<form id="f" phx-change=${change} phx-submit=${submit}><input name="n"><input name="m"></form>`;
    }
  };

test("a form tells it once: of what it cannot make of a text itself", async () => {
  const view = await live(formView(z.object({ n: z.date(), m: z.number() })));
  await view.form("#f", { n: "2026-01-05", m: "5" }).change();
  await view.form("#f", { n: "2026-01-06", m: "6" }).change();
  expect(warn.mock.calls).toEqual([
    [
      expect.stringContaining(
        "In the form page: Fields and phx-value-* send text, and n wants a date: write z.coerce.date().",
      ),
    ],
  ]);
});

test("a form of a schema that does not say what it takes", async () => {
  const inner = z.object({ n: z.number() });
  const silent: Schema = {
    "~standard": { version: 1, vendor: "zod", validate: inner["~standard"].validate },
  };
  const view = await live(formView(silent, { n: "", m: "" }));
  await view.form("#f", { n: "5" }).change();
  expect(warn.mock.calls).toEqual([[expect.stringContaining("n wants a number: write z.coerce.number().")]]);
});

test("but not of what the form reads itself, nor of what is being typed", async () => {
  for (const schema of [
    z.object({ n: z.number(), m: z.boolean() }),
    v.object({ n: v.number(), m: v.boolean() }),
    z.object({ n: z.date(), m: z.string().min(5) }),
  ]) {
    const view = await live(formView(schema));
    await view.form("#f", { n: "5", m: "on" }).change();
  }
  expect(warn).not.toHaveBeenCalled();
});
