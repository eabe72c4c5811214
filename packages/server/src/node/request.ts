/** A node request as the app needs it where there is no Hono context: in a handshake. */
import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import type { Upgrade } from "../connection/transport.ts";

/** The path of a request, without its query. */
export function pathOf({ url = "/" }: IncomingMessage): string {
  const end = url.indexOf("?");
  return end < 0 ? url : url.slice(0, end);
}

/**
 * Absolute URL of a handshake; undefined if its host is none.
 * @param base prefix to remove from its path
 */
export function urlOf(request: IncomingMessage, base = ""): string | undefined {
  const scheme = "encrypted" in request.socket ? "https" : "http";
  const url = `${scheme}://${request.headers.host ?? "localhost"}${(request.url ?? "/").slice(base.length)}`;
  return URL.canParse(url) ? url : undefined;
}

/** Headers of a request, in pairs as they came. */
export function headersOf({ rawHeaders }: IncomingMessage): [name: string, value: string][] {
  const all: [string, string][] = [];
  for (let at = 0; at < rawHeaders.length; at += 2)
    all.push([rawHeaders[at] as string, rawHeaders[at + 1] as string]);
  return all;
}

/**
 * Kept as long as the socket is open, so it keeps the strings of the headers and nothing else until they are
 * read.
 */
export class NodeUpgrade implements Upgrade {
  readonly url: string;
  readonly base: string | undefined;
  readonly fetch: Upgrade["fetch"];
  readonly #raw: string[];
  readonly #socket: Socket;

  constructor(request: IncomingMessage, url: string, base: string | undefined, fetch: Upgrade["fetch"]) {
    this.url = url;
    this.base = base;
    this.fetch = fetch;
    this.#raw = request.rawHeaders;
    this.#socket = request.socket;
  }

  /** The part of a request that `getConnInfo` and its like read. */
  get env(): object {
    const headers = Object.fromEntries(this.headers);
    return {
      incoming: { method: "GET", url: this.url, headers, rawHeaders: this.#raw, socket: this.#socket },
    };
  }

  get headers(): Headers {
    const headers = new Headers();
    for (let at = 0; at < this.#raw.length; at += 2)
      headers.append(this.#raw[at] as string, this.#raw[at + 1] as string);
    return headers;
  }
}
