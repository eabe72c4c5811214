/** A node server of an app's own. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { OverwireApp } from "../http/app.ts";
import { type Attached, attach, type Mountable } from "./attach.ts";
import { handler } from "./handler.ts";

/** How {@link serve} listens. */
export interface ServeOptions {
  /** 0 takes any that is free. Default: the environment's `PORT`, or 4000. */
  readonly port?: number | undefined;
  /** Default: all addresses of this machine. */
  readonly hostname?: string | undefined;
  /** Prints one line with the address once it listens. Default true. */
  readonly log?: boolean | undefined;
}

/** A server that runs. */
export interface Served {
  readonly server: Server;
  /** The port it listens on; what was asked for until {@link ready}. */
  readonly port: number;
  /** Address to open, like `http://localhost:4000`. */
  readonly url: string;
  /** Resolves when it listens; rejects, with what to do, when it cannot. */
  readonly ready: Promise<Served>;
  /** Stops: ends views, sockets and requests, and resolves when all are gone. */
  close(): Promise<void>;
}

/**
 * Serves an app, its pages and its WebSocket, on a port.
 * @example
 * serve(app, { port: 4000 });
 * const { url } = await serve(app, { port: 0, log: false }).ready;
 */
export function serve(app: Mountable, options: ServeOptions = {}): Served {
  return new NodeServer(app, options);
}

class NodeServer implements Served {
  readonly server: Server;
  readonly ready: Promise<Served>;
  readonly #app: Mountable;
  readonly #asked: number;
  readonly #hostname: string | undefined;
  readonly #attached: Attached;

  constructor(
    app: Mountable,
    { port = Number(process.env.PORT) || 4000, hostname, log = true }: ServeOptions,
  ) {
    this.#app = app;
    this.#asked = port;
    this.#hostname = hostname;
    this.server = createServer(handler(app));
    this.#attached = attach(this.server, app);
    this.ready = new Promise<Served>((resolve, reject) => {
      this.server.once("error", (error: NodeJS.ErrnoException) => reject(explain(error, port)));
      this.server.listen(port, hostname, () => {
        if (log) console.log(`Overwire listens on ${this.url}`);
        resolve(this);
      });
    });
  }

  get port(): number {
    return (this.server.address() as AddressInfo | null)?.port ?? this.#asked;
  }

  get url(): string {
    const host =
      !this.#hostname || this.#hostname === "0.0.0.0" || this.#hostname === "::"
        ? "localhost"
        : this.#hostname;
    return `http://${host.includes(":") ? `[${host}]` : host}:${this.port}`;
  }

  async close(): Promise<void> {
    await this.ready.catch(() => {});
    this.#attached.close();
    if (this.#app instanceof OverwireApp) this.#app.close();
    if (!this.server.listening) return;
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    this.server.closeAllConnections();
    await closed;
  }
}

function explain(error: NodeJS.ErrnoException, port: number): Error {
  if (error.code === "EADDRINUSE") {
    return new Error(
      `Port ${port} is taken. Stop what listens there, or choose another: serve(app, { port: ${port + 1} }).`,
      { cause: error },
    );
  }
  if (error.code === "EACCES") {
    return new Error(`Port ${port} needs rights this process does not have. Choose one above 1023.`, {
      cause: error,
    });
  }
  return error;
}
