/** The OpenAPI document, made of the same schemas that requests are checked by. */

import type { OpenAPIHono } from "@hono/zod-openapi";
import type { Env } from "hono";

export type Document = ReturnType<OpenAPIHono["getOpenAPI31Document"]>;

export const API_PATH = "/api/v1";

const documents = new WeakMap<object, Document>();

/** The document of an API, made once. */
export function documentOf<E extends Env>(api: OpenAPIHono<E>): Document {
  const made = documents.get(api);
  if (made) return made;
  api.openAPIRegistry.registerComponent("securitySchemes", "token", {
    type: "http",
    scheme: "bearer",
    description: "A token of a user, made at /account/tokens.",
  });
  const document = api.getOpenAPI31Document({
    openapi: "3.1.0",
    info: {
      title: "Overwire Store",
      version: "1",
      description: "The catalogue and the orders of the store, for programs. Amounts are cents of a euro.",
    },
    servers: [{ url: API_PATH }],
  });
  documents.set(api, document);
  return document;
}
