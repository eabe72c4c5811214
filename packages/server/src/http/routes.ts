/** Finds the live route of a path without making a request. */
import type { Env, Hono } from "hono";
import { HonoRequest } from "hono/request";
import type { Params } from "../view/navigation/params.ts";

/** A live route that a path leads to. */
export interface RouteMatch<Route> {
  readonly route: Route;
  /** Params of the path. */
  readonly params: Params;
  /** Handlers before it, with the params that they see. Equal for paths that pass the same middleware. */
  readonly before: readonly (readonly [handler: unknown, params: string])[];
}

/** The live routes of one app, looked up by the app's own router. */
export class Routes<Route extends { readonly path: string; readonly handle: object }> {
  readonly #app: Hono<Env>;
  readonly #byHandler = new Map<unknown, Route>();
  readonly #byPath = new Map<string, Route>();

  constructor(app: Hono<Env>) {
    this.#app = app;
  }

  add(route: Route): void {
    this.#byHandler.set(route.handle, route);
    // Of two at one path the first one answers.
    if (!this.#byPath.has(route.path)) this.#byPath.set(route.path, route);
  }

  /** The route that was made for a pattern. */
  at(pattern: string): Route | undefined {
    return this.#byPath.get(pattern);
  }

  /** @param pathname below the app */
  find(pathname: string): RouteMatch<Route> | undefined {
    const raw = new Request(`http://localhost${pathname}`);
    const path = this.#app.getPath(raw);
    const match = this.#app.router.match("GET", path);
    const request = new HonoRequest(raw, path, match);
    const before: [unknown, string][] = [];
    for (const [index, [[handler]]] of match[0].entries()) {
      request.routeIndex = index;
      const params = request.param() as Params;
      const route = this.#byHandler.get(handler);
      if (route) return { route, params, before };
      before.push([handler, JSON.stringify(params)]);
    }
    return undefined;
  }
}

/** Tells if two paths pass the same middleware. */
export const sameMiddleware = (one: RouteMatch<unknown>, other: RouteMatch<unknown>): boolean =>
  one.before.length === other.before.length &&
  one.before.every(([handler, params], at) => {
    const [otherHandler, otherParams] = other.before[at] as (typeof other.before)[number];
    return handler === otherHandler && params === otherParams;
  });
