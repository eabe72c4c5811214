/**
 * Development's hint for a schema that takes a number, a boolean or a date from a page that can only send
 * text.
 */
import type { StandardSchemaV1 } from "@standard-schema/spec";
import { isProduction } from "../template/mode.ts";

type Wanted = "number" | "bigint" | "boolean" | "date";

/** Names that libraries give the expected type, without an article. */
const wantedBy: { readonly [expected: string]: Wanted } = {
  number: "number",
  int: "number",
  integer: "number",
  bigint: "bigint",
  boolean: "boolean",
  date: "date",
};

const says: { readonly [wanted in Wanted]: (text: string) => boolean } = {
  number: (text) => text.trim() !== "" && !Number.isNaN(Number(text)),
  bigint: (text) => /^\s*[-+]?\d+\s*$/.test(text),
  boolean: (text) => /^(true|on|yes|1|false|off|no|0)$/.test(text),
  date: (text) => /^\d{4}-\d\d/.test(text) && !Number.isNaN(Date.parse(text)),
};

const readers: { readonly [vendor: string]: { readonly [wanted in Wanted]: string } } = {
  zod: {
    number: "z.coerce.number()",
    bigint: "z.coerce.bigint()",
    boolean: "z.coerce.boolean() for a checkbox, z.stringbool() for true and false",
    date: "z.coerce.date()",
  },
  valibot: {
    number: "v.pipe(v.string(), v.transform(Number), v.number())",
    bigint: "v.pipe(v.string(), v.transform(BigInt))",
    boolean: 'v.pipe(v.string(), v.transform((text) => text === "on" || text === "true"))',
    date: "v.pipe(v.string(), v.transform((text) => new Date(text)), v.date())",
  },
  arktype: {
    number: '"string.numeric.parse"',
    bigint: 'type("string.integer").pipe(BigInt)',
    boolean: 'type("string").pipe((text) => text === "on" || text === "true")',
    date: '"string.date.parse"',
  },
};

/**
 * Says how a schema reads a text that it has refused, if it would accept the text's meaning.
 * @param payload with the values, as the schema got it
 * @returns undefined if there is none, and in production
 */
export function textHint(
  schema: StandardSchemaV1,
  issues: readonly StandardSchemaV1.Issue[],
  payload: unknown,
): string | undefined {
  if (isProduction()) return undefined;
  for (const issue of issues) {
    const path = issue.path?.map((part) => (typeof part === "object" ? part.key : part)) ?? [];
    const value = path.reduce<unknown>(
      (at, key) => (Object.hasOwn(Object(at), key) ? Object(at)[key] : undefined),
      payload,
    );
    const wanted = wantedIn(issue);
    if (typeof value !== "string" || !wanted || !says[wanted](value)) continue;
    const reader = readers[schema["~standard"].vendor]?.[wanted] ?? "a schema that reads it from text";
    return `Fields and phx-value-* send text, and ${path.join(".")} wants a ${wanted}: write ${reader}`;
  }
  return undefined;
}

/** Issues of zod, valibot and arktype say what was expected: `number`, `Date`, `a number`. */
function wantedIn(issue: StandardSchemaV1.Issue): Wanted | undefined {
  const { expected } = issue as { expected?: unknown };
  if (typeof expected !== "string") return undefined;
  const name = expected.toLowerCase().replace(/^an? /, "");
  return Object.hasOwn(wantedBy, name) ? wantedBy[name] : undefined;
}
