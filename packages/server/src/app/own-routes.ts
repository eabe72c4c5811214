/** The routes of an app that is mounted in another Hono app: told from those of the outer one. */
import type { Context, Hono } from "hono";
import { matchedRoutes } from "hono/route";
import { COMPOSED_HANDLER } from "hono/utils/constants";

/** An app of any `Env`. */
type Routed = Pick<Hono, "routes">;
type Composed = { readonly [COMPOSED_HANDLER]?: unknown };

export class OwnRoutes {
  readonly #app: Routed;
  #handlers = new Set<unknown>();
  #known = 0;

  constructor(app: Routed) {
    this.#app = app;
  }

  /** Tells if a route of the app takes part in the answer, beside the one that asks. */
  answer(c: Context): boolean {
    return matchedRoutes(c).some(({ handler }, index) => index > c.req.routeIndex && this.#has(handler));
  }

  /** The path of a request below the app. */
  pathBelow(c: Context): string {
    const at = matchedRoutes(c)[c.req.routeIndex]?.path ?? "/*";
    const depth = at.replace(/\/?\*$/, "").split("/").length;
    return `/${c.req.path.split("/").slice(depth).join("/")}`;
  }

  #has(handler: unknown): boolean {
    const { routes } = this.#app;
    if (routes.length !== this.#known) {
      this.#handlers = new Set(routes.map(({ handler }) => handler));
      this.#known = routes.length;
    }
    let own = handler;
    while (own) {
      if (this.#handlers.has(own)) return true;
      own = (own as Composed)[COMPOSED_HANDLER];
    }
    return false;
  }
}
