/** The user of a token. */
import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { ROLES } from "../database/tables.ts";
import type { ApiEnv } from "./access.ts";
import { refusals } from "./errors.ts";

const user = z
  .strictObject({ name: z.string(), email: z.string(), role: z.enum(ROLES) })
  .openapi("User", { example: { name: "Ada Lovelace", email: "ada@example.com", role: "customer" } });

const showMe = createRoute({
  method: "get",
  path: "/me",
  operationId: "showMe",
  tags: ["Account"],
  security: [{ token: [] }],
  summary: "Read the user of the token",
  responses: {
    200: { description: "The user.", content: { "application/json": { schema: user } } },
    ...refusals,
  },
});

export function me(api: OpenAPIHono<ApiEnv>): void {
  api.openapi(showMe, (c) => {
    const { name, email, role } = c.get("bearer").user;
    return c.json({ name, email, role }, 200);
  });
}
