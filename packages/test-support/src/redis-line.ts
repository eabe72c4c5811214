// A line to a server that a test can cut: a TCP proxy in front of it, for one of its clients.
import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";

/** Starts a line to a port of this machine. */
export async function startRedisLine(port: number): Promise<RedisLine> {
  const server = createServer({ pauseOnConnect: true });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return new RedisLine(server, port);
}

export class RedisLine {
  readonly #server: Server;
  readonly #target: number;
  readonly #sockets = new Set<Socket>();
  /** Connections that were refused while it was cut. */
  refused = 0;
  #isCut = false;
  #isFrozen = false;

  constructor(server: Server, target: number) {
    this.#server = server;
    this.#target = target;
    server.on("connection", (socket) => this.#pass(socket));
  }

  /** Address for the client. */
  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  get port(): number {
    const address = this.#server.address();
    return typeof address === "object" && address !== null ? address.port : 0;
  }

  /** Ends what is connected and refuses what comes, until {@link heal}. */
  cut(): void {
    this.#isCut = true;
    for (const socket of this.#sockets) socket.destroy();
  }

  /** Bytes stay on their way and nothing is closed, as when a cable is pulled, until {@link heal}. */
  freeze(): void {
    this.#isFrozen = true;
    for (const socket of this.#sockets) socket.pause();
  }

  heal(): void {
    this.#isCut = false;
    this.#isFrozen = false;
    for (const socket of this.#sockets) socket.resume();
  }

  /** Clients that are connected through it. */
  get connections(): number {
    return this.#sockets.size / 2;
  }

  async close(): Promise<void> {
    if (!this.#server.listening) return;
    this.cut();
    this.#server.close();
    await once(this.#server, "close");
  }

  #pass(near: Socket): void {
    if (this.#isCut) {
      this.refused++;
      return void near.destroy();
    }
    const far = connect(this.#target, "127.0.0.1");
    const pair = [near, far] as const;
    for (const [from, to] of [pair, [far, near] as const]) {
      this.#sockets.add(from);
      from.on("data", (bytes) => {
        if (!to.write(bytes)) from.pause();
      });
      to.on("drain", () => this.#isFrozen || from.resume());
      from.on("error", () => {});
      from.on("close", () => {
        this.#sockets.delete(from);
        to.destroy();
      });
    }
    if (this.#isFrozen) for (const socket of pair) socket.pause();
    else near.resume();
  }
}
