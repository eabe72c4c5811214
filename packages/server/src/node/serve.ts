/** A node server of an app's own. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { OverwireApp } from "../app/overwire-app.ts";
import { logReport } from "../http/log-report.ts";
import type { Report } from "../runtime/services.ts";
import { type Attached, attach, GRACE, type Mountable, within } from "./attach.ts";
import { handler } from "./handler.ts";
import { HttpConnections } from "./http-connections.ts";
import { stopOnSignals } from "./signals.ts";
import { catchUncaught } from "./uncaught.ts";

/** Milliseconds that running handlers have when the server stops. */
const DEADLINE = 10_000;

/** Options of {@link serve}. */
export interface ServeOptions {
  /** 0 takes any free port. Default: the environment's `PORT`, or 4000. */
  readonly port?: number | undefined;
  /** Default: all addresses of this machine. */
  readonly hostname?: string | undefined;
  /** Prints one line with the address once it listens. Default true. */
  readonly log?: boolean | undefined;
  /** Time that running handlers and requests may take when the server stops, in milliseconds. Default 10,000. */
  readonly deadline?: number | undefined;
  /**
   * Time in which clients are sent away one after the other when the server stops, few at first, in milliseconds, within the
   * deadline: for several nodes, as the others would have to mount the views of all at once. Default 0, at once: clients of a
   * single node find its successor the sooner.
   */
  readonly drain?: number | undefined;
  /**
   * Closes the server at SIGTERM and SIGINT, and then exits: with 0, or with 1 if the deadline has passed. A second signal
   * exits at once. Default true.
   */
  readonly handleSignals?: boolean | undefined;
  /**
   * Ends what the app works with, such as its database, when all views have ended and before the process exits. It may take
   * what is left of the deadline.
   */
  readonly onClose?: (() => void | Promise<void>) | undefined;
  /**
   * Response to an error that no handler catches, of a forgotten promise or a timer: `report` it and go on, or `exit`
   * with 1 after the report. Default `report`.
   */
  readonly onUncaughtError?: "report" | "exit" | undefined;
}

/** A server that runs. */
export interface Served {
  readonly server: Server;
  /** The port it listens on; until {@link ready} the requested one. */
  readonly port: number;
  /** Address to open, like `http://localhost:4000`. */
  readonly url: string;
  /** Resolves when it listens; rejects, with advice, when it cannot. */
  readonly ready: Promise<Served>;
  /**
   * Stops: accepts no more requests, lets running handlers finish within the deadline, and ends views and sockets, whose
   * clients reconnect by themselves. Resolves when all have ended.
   */
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
  readonly #requestedPort: number;
  readonly #hostname: string | undefined;
  readonly #connections: HttpConnections;
  readonly #attached: Attached;
  readonly #deadline: number;
  readonly #drain: number;
  readonly #onClose: ServeOptions["onClose"];
  #closing: Promise<boolean> | undefined;
  #release: (() => void) | undefined;

  constructor(app: Mountable, options: ServeOptions) {
    const {
      port = Number(process.env.PORT) || 4000,
      hostname,
      log = true,
      deadline = DEADLINE,
      drain = 0,
    } = options;
    this.#deadline = deadline;
    this.#drain = drain;
    this.#onClose = options.onClose;
    this.#app = app;
    this.#requestedPort = port;
    this.#hostname = hostname;
    this.server = createServer(handler(app));
    this.#connections = new HttpConnections(this.server);
    this.#attached = attach(this.server, app);
    this.ready = new Promise<Served>((resolve, reject) => {
      this.server.once("error", (error: NodeJS.ErrnoException) => reject(explain(error, port)));
      this.server.listen(port, hostname, () => {
        this.#listens(options);
        if (log) console.log(`Overwire listens on ${this.url}`);
        resolve(this);
      });
    });
  }

  get port(): number {
    return (this.server.address() as AddressInfo | null)?.port ?? this.#requestedPort;
  }

  get url(): string {
    const host =
      !this.#hostname || this.#hostname === "0.0.0.0" || this.#hostname === "::"
        ? "localhost"
        : this.#hostname;
    return `http://${host.includes(":") ? `[${host}]` : host}:${this.port}`;
  }

  get #report(): (report: Report) => void {
    return this.#app instanceof OverwireApp ? this.#app.report : logReport;
  }

  async close(): Promise<void> {
    await this.#close();
  }

  /** Not before it listens: an error at the start is to end the process as ever. */
  #listens({ handleSignals = true, onUncaughtError = "report" }: ServeOptions): void {
    const releases = [catchUncaught({ report: this.#report, exits: onUncaughtError === "exit" })];
    if (handleSignals) releases.push(stopOnSignals(() => this.#close()));
    this.#release = () => {
      for (const release of releases) release();
    };
  }

  /** @returns false if the deadline has passed */
  #close(): Promise<boolean> {
    return (this.#closing ??= this.#end());
  }

  async #end(): Promise<boolean> {
    await this.ready.catch(() => {});
    const until = Date.now() + this.#deadline;
    const closed = this.server.listening
      ? new Promise<void>((resolve) => this.server.close(() => resolve()))
      : Promise.resolve();
    this.#connections.end();
    const hasFinished = await this.#attached.close(this.#deadline, this.#drain);
    if (this.#app instanceof OverwireApp) await this.#app.close();
    const isDone = await within(closed, Math.max(until - Date.now(), GRACE));
    this.server.closeAllConnections();
    await closed;
    const isEnded = await this.#endOthers(Math.max(until - Date.now(), GRACE));
    this.#release?.();
    return isDone && hasFinished && isEnded;
  }

  async #endOthers(milliseconds: number): Promise<boolean> {
    try {
      const ended = (async () => this.#onClose?.())();
      return await within(ended, milliseconds);
    } catch (error) {
      this.#report({ kind: "crash", event: "close", message: "onClose threw", error });
      return false;
    }
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
