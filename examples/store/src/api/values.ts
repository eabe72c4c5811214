/** Values that clients send, as schemas: what does not fit is refused before it reaches a context. */
import { z } from "@hono/zod-openapi";
import { isPrintable } from "../shared/texts.ts";

/** Paths of all texts in a value that cannot be kept. */
function* unprintablePaths(
  value: unknown,
  path: readonly (string | number)[] = [],
): Generator<(string | number)[]> {
  if (typeof value === "string" && !isPrintable(value)) yield [...path];
  if (typeof value !== "object" || value === null) return;
  for (const [key, each] of Object.entries(value))
    yield* unprintablePaths(each, [...path, Array.isArray(value) ? Number(key) : key]);
}

/** Refuses texts with control characters, wherever they stand in a value. */
export const printable = <S extends z.ZodType>(schema: S): S =>
  schema.superRefine((value, { addIssue }) => {
    for (const path of unprintablePaths(value))
      addIssue({ code: "custom", path, message: "has characters that cannot be printed" });
  });

/** A whole number in a query. */
export const numberInQuery = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, "is not a whole number")
    .transform(Number)
    .pipe(z.number().min(min, `is at least ${min}`).max(max, `is at most ${max}`))
    .openapi({ type: "integer", minimum: min, maximum: max });

export const booleanInQuery = z
  .enum(["true", "false"], "is true or false")
  .transform((value) => value === "true")
  .openapi({ type: "boolean" });

/** A parameter that may be there several times, such as `category=Cups&category=Bowls`. */
export const listInQuery = (description: string) => {
  const text = z.string().min(1).max(100);
  return z
    .union([text.transform((value) => [value]), z.array(text).max(20)])
    .default([])
    .openapi({ type: "array", items: { type: "string" }, description });
};
