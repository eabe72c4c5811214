/** Refusals of the API: the framework's shape, `{ error, message }`, and the fields at fault. */
import { type Hook, z } from "@hono/zod-openapi";
import type { ApiEnv } from "./access.ts";

const issue = z
  .strictObject({
    in: z.enum(["query", "param", "header", "json"]).openapi({ description: "The part of the request." }),
    field: z.string().openapi({ description: "The path of the field, empty for the part as a whole." }),
    message: z.string(),
  })
  .openapi("Issue", { example: { in: "json", field: "lines.0.quantity", message: "is at least 1" } });

export const problem = z
  .strictObject({
    error: z.string().openapi({ description: "A code for programs." }),
    message: z.string().openapi({ description: "A sentence for people." }),
    issues: z.array(issue).optional().openapi({ description: "The fields that are wrong." }),
  })
  .openapi("Problem", { example: { error: "not_found", message: "There is no such product." } });

const sentences = {
  400: "The body is not JSON.",
  401: "There is no token, or it is not valid.",
  402: "The payment was declined. Nothing was ordered.",
  403: "The user of the token may not do this.",
  404: "There is no such thing.",
  409: "The state of the store does not allow it.",
  422: "Fields are missing or wrong, and `issues` names them.",
  429: "These are too many requests. `retry-after` says when to come back.",
  503: "The payment gateway does not answer. Try again with the same key.",
} as const;

export const refusal = (status: keyof typeof sentences) => ({
  description: sentences[status],
  content: { "application/json": { schema: problem } },
});

/** Refusals of every route. */
export const refusals = { 401: refusal(401), 429: refusal(429) };

/** Answers a request that does not fit its schema. */
export const refuseInvalid: Hook<unknown, ApiEnv, string, Response | undefined> = (result, c) => {
  if (result.success) return undefined;
  const all = result.error.issues.flatMap((issue) =>
    // A field that is not known is named itself, and not the object around it.
    (issue.code === "unrecognized_keys" ? issue.keys.map((key) => [...issue.path, key]) : [issue.path]).map(
      (path) => ({
        in: result.target,
        field: path.map(String).join("."),
        message: issue.code === "unrecognized_keys" ? "is not known" : issue.message,
      }),
    ),
  );
  // A text that cannot be kept is refused by its field, and by the body as a whole.
  const issues = all.filter(({ field }, at) => all.findIndex((each) => each.field === field) === at);
  const message = "The request has fields that are missing or wrong.";
  return c.json({ error: "unprocessable_entity", message, issues }, 422);
};
