/** HTTP connections of a server that stops: clients and proxies keep them, so each is to end with the answer that is under way on it. */
import type { Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";

/** Time in which a client that has just connected may send its request, in milliseconds. */
const FIRST_BYTES = 500;

export class HttpConnections {
  readonly #server: Server;
  /** Connections, each with its newest response. */
  readonly #responses = new Map<Socket, ServerResponse | undefined>();
  #isEnding = false;

  /** @param server of which no connection is made yet */
  constructor(server: Server) {
    this.#server = server;
    server.on("connection", (socket) => {
      this.#responses.set(socket, undefined);
      socket.once("close", () => this.#responses.delete(socket));
    });
    // The header has to be there before a handler writes.
    server.prependListener("request", ({ socket }, response) => {
      if (this.#responses.has(socket)) this.#responses.set(socket, response);
      if (this.#isEnding) askToClose(response);
    });
  }

  /** Ends idle connections now, and the others with their answers. */
  end(): void {
    this.#isEnding = true;
    for (const response of this.#responses.values()) if (response) this.#endAfter(response);
    this.#server.closeIdleConnections();
    // To Node they are at work: browsers connect in advance, and would hold the server until its deadline.
    const late = setTimeout(() => {
      for (const socket of this.#responses.keys()) if (socket.bytesRead === 0) socket.destroy();
    }, FIRST_BYTES);
    late.unref();
  }

  #endAfter(response: ServerResponse): void {
    if (!response.headersSent) askToClose(response);
    // The client keeps the connection of one that had begun before.
    else response.once("close", () => this.#server.closeIdleConnections());
  }
}

const askToClose = (response: ServerResponse) => response.setHeader("connection", "close");
