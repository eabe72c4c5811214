/** The app's HTTP side as a node request listener, alone or as one of several. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { getRequestListener, RequestError } from "@hono/node-server";
import { OverwireApp } from "../app/overwire-app.ts";
import { ENV_BASE, ENV_PASS_THROUGH, type PassThrough } from "../http/env.ts";
import type { Mountable } from "./attach.ts";

/** A listener for `http.createServer`, and a middleware for Express, Connect and Fastify. */
export type NodeHandler = (request: IncomingMessage, response: ServerResponse, next?: () => void) => void;

/** Thrown to tell the adapter that another handler answers. */
class Pass extends Error {
  readonly request: IncomingMessage;
  constructor(request: IncomingMessage) {
    super("passed on");
    this.request = request;
  }
}

/**
 * Makes a request listener of an app. With a third argument it is a middleware: a request without a route of
 * the app goes on to the next. Mount it before body parsers, which consume the body. WebSockets need
 * `attach` too.
 * @example
 * express.use(handler(app));
 * fastify.addHook("onRequest", (request, reply, done) => overwire(request.raw, reply.raw, done));
 * http.createServer(handler(app));
 */
export function handler(app: Mountable): NodeHandler {
  const alone = getRequestListener((request, env) => app.fetch(request, env));
  const waiting = new WeakMap<IncomingMessage, () => void>();
  const among = getRequestListener(
    async (request, { incoming, outgoing }) => {
      const passing: PassThrough = {};
      const base = baseOf(incoming as IncomingMessage);
      const env = { incoming, outgoing, [ENV_PASS_THROUGH]: passing, ...(base && { [ENV_BASE]: base }) };
      const response = await app.fetch(request, env);
      if (passing.missed || (response.status === 404 && !(app instanceof OverwireApp)))
        throw new Pass(incoming as IncomingMessage);
      return response;
    },
    {
      // The next handler may want to read the body.
      autoCleanupIncoming: false,
      errorHandler: (error) => {
        if (error instanceof Pass) waiting.get(error.request)?.();
        else return new Response(null, { status: error instanceof RequestError ? 400 : 500 });
      },
    },
  );
  return (request, response, next) => {
    if (!next) {
      void alone(request, response);
      return;
    }
    waiting.set(request, next);
    void among(request, response);
  };
}

/** Path at which Express (`baseUrl`) or Connect (`originalUrl`) has mounted the handler. */
function baseOf(request: IncomingMessage & { baseUrl?: unknown; originalUrl?: unknown }): string {
  const { baseUrl, originalUrl, url = "" } = request;
  if (typeof baseUrl === "string") return baseUrl;
  if (typeof originalUrl !== "string" || originalUrl === url || !originalUrl.endsWith(url)) return "";
  return originalUrl.slice(0, -url.length);
}
