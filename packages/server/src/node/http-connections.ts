/** HTTP connections of a server that stops: clients and proxies keep them, so each is to end with the answer that is under way on it. */
import type { Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";

/** Time in which a client that has just connected may send its request, in milliseconds. */
const FIRST_BYTES = 500;

export class HttpConnections {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #responses = new Set<ServerResponse>();
  #isEnding = false;

  /** @param server of which no connection is made yet */
  constructor(server: Server) {
    this.#server = server;
    server.on("connection", (socket) => {
      this.#sockets.add(socket);
      socket.once("close", () => this.#sockets.delete(socket));
    });
    // The header has to be there before a handler writes.
    server.prependListener("request", (_, response) => this.#begin(response));
  }

  #begin(response: ServerResponse): void {
    if (this.#isEnding) askToClose(response);
    this.#responses.add(response);
    response.once("close", () => {
      this.#responses.delete(response);
      // Of a response that had begun before, the client keeps the connection.
      if (this.#isEnding) this.#server.closeIdleConnections();
    });
  }

  /** Ends idle connections now, and the others with their answers. */
  end(): void {
    this.#isEnding = true;
    for (const response of this.#responses) if (!response.headersSent) askToClose(response);
    this.#server.closeIdleConnections();
    // To Node they are at work: browsers connect in advance, and would hold the server until its deadline.
    const late = setTimeout(() => {
      for (const socket of this.#sockets) if (socket.bytesRead === 0) socket.destroy();
    }, FIRST_BYTES);
    late.unref();
  }
}

const askToClose = (response: ServerResponse) => response.setHeader("connection", "close");
