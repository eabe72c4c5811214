/** The API for programs, under `/api/v1`. */
import { OpenAPIHono } from "@hono/zod-openapi";
import { HttpError, NotFound } from "@overwire/server";
import { bodyLimit } from "hono/body-limit";
import type { Store } from "../store/store.ts";
import { type ApiEnv, perAddress, perToken, tokenOf } from "./access.ts";
import { documentOf } from "./document.ts";
import { refuseInvalid } from "./errors.ts";
import { me } from "./me.ts";
import { orders } from "./orders.ts";
import { products } from "./products.ts";

export type Api = OpenAPIHono<ApiEnv>;

const LARGEST_BODY = 64 * 1024;

export function storeApi(store: Store): Api {
  const api: Api = new OpenAPIHono<ApiEnv>({ defaultHook: refuseInvalid });
  // The framework answers errors in the form that a request accepts, and here all of them are JSON.
  api.use(async (c, next) => {
    c.req.raw.headers.set("accept", "application/json");
    await next();
  });
  api.use(perAddress(store));
  api.get("/openapi.json", (c) => c.json(documentOf(api)));
  api.use(tokenOf(store), perToken(store));
  api.use(
    bodyLimit({
      maxSize: LARGEST_BODY,
      onError: () => {
        throw new HttpError(413, `A body has at most ${LARGEST_BODY / 1024} KiB.`);
      },
    }),
  );
  products(api, store);
  orders(api, store);
  me(api);
  api.all("*", () => {
    throw new NotFound("The API has no such address.");
  });
  return api;
}
