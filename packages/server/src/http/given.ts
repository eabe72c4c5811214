/** Data of a request from which an error of its handlers may quote. */
import type { Context, HonoRequest } from "hono";
import { bearerOf } from "./authorization.ts";

/** Values of cookies such as "dark" or "1" are no secrets. */
const SHORTEST_COOKIE = 16;

/** Query, path, token and cookies. */
export function givenBy({ req }: Context): unknown[] {
  const cookies = (req.header("cookie") ?? "")
    .split(";")
    .map((each) => each.slice(each.indexOf("=") + 1).trim());
  const secrets = {
    cookie: cookies.filter((each) => each.length >= SHORTEST_COOKIE),
    token: bearerOf(req.raw.headers),
  };
  return [secrets, fieldsOf(req.url.split("?")[1]), req.param()];
}

/** The body, if a handler has read it. */
export function bodyOf({ req }: Context): Promise<unknown[]> | undefined {
  const bodies = Object.values(req.bodyCache);
  if (bodies.length === 0) return undefined;
  const settled = bodies.map((each) => Promise.resolve<unknown>(each).catch(() => undefined));
  // A body that is still on its way must not hold the answer back.
  const late = new Promise<unknown[]>((resolve) => setImmediate(resolve, []));
  return Promise.race([Promise.all(settled), late]).then((all) =>
    all.map((body) => (typeof body === "string" ? parse(body, req) : body)),
  );
}

function parse(body: string, req: HonoRequest): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return /urlencoded/i.test(req.header("content-type") ?? "") ? fieldsOf(body) : undefined;
  }
}

const fieldsOf = (text = "") => (text === "" ? undefined : new URLSearchParams(text));
