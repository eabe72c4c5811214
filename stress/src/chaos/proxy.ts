/** A TCP proxy that breaks its connections on demand. */
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { cut, type Delay, Lane } from "./lane.ts";
import type { Random } from "./random.ts";

/** One connection through the proxy. */
export class Pipe {
  /** From client to server, and back. */
  readonly up: Lane;
  readonly down: Lane;
  readonly #client: Socket;
  readonly #server: Socket;

  constructor(client: Socket, server: Socket, delay: () => number, closed: () => void) {
    this.#client = client;
    this.#server = server;
    const reset = () => this.reset();
    this.up = new Lane(server, delay, reset);
    this.down = new Lane(client, delay, reset);
    for (const [from, lane] of [
      [client, this.up],
      [server, this.down],
    ] as const) {
      let ended = false;
      from.setNoDelay(true);
      from.on("data", (bytes: Buffer) => lane.take(bytes));
      from.on("end", () => {
        ended = true;
        lane.take("end");
      });
      // A socket that closed without an end is passed on as a reset.
      from.on("close", () => {
        if (!ended) lane.take("reset");
        if (this.closed) closed();
      });
      from.on("error", () => {});
    }
  }

  get closed(): boolean {
    return this.#client.destroyed && this.#server.destroyed;
  }

  /** Resets both ends. */
  reset(): void {
    this.up.drop();
    this.down.drop();
    cut(this.#client);
    cut(this.#server);
  }

  /** Ends both ends in the way of TCP, but not of WebSocket. */
  finish(): void {
    this.up.drop();
    this.down.drop();
    this.#client.end();
    this.#server.end();
  }

  hold(): void {
    this.up.hold();
    this.down.hold();
  }

  release(): void {
    this.up.release();
    this.down.release();
  }
}

export class FaultyProxy {
  /** Connections that come are reset at once. */
  refusing = false;
  delay: Delay = { latency: 0, jitter: 0 };
  /** Called for each connection before any byte has passed: may hold it. */
  onPipe: (pipe: Pipe) => void = () => {};
  readonly #pipes = new Set<Pipe>();
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  /** @param target port on this machine that the connections are for */
  static async open(target: number, random: Random): Promise<FaultyProxy> {
    const server = createServer({ allowHalfOpen: true });
    const proxy = new FaultyProxy(server);
    server.on("connection", (client) => {
      if (proxy.refusing) {
        client.on("error", () => {});
        cut(client);
        return;
      }
      const upstream = connect({ port: target, host: "127.0.0.1", allowHalfOpen: true });
      const wait = () => proxy.delay.latency + random.next() * proxy.delay.jitter;
      const pipe = new Pipe(client, upstream, wait, () => proxy.#pipes.delete(pipe));
      proxy.#pipes.add(pipe);
      proxy.onPipe(pipe);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return proxy;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Connections that are not closed on both sides, the newest last. */
  get pipes(): readonly Pipe[] {
    return [...this.#pipes];
  }

  get newest(): Pipe | undefined {
    return this.pipes.at(-1);
  }

  /** Lets everything through again, held bytes first. Lost bytes stay lost. */
  heal(): void {
    this.refusing = false;
    this.onPipe = () => {};
    this.delay = { latency: 0, jitter: 0 };
    for (const pipe of this.#pipes) pipe.release();
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const pipe of this.#pipes) pipe.reset();
    await closed;
  }
}
