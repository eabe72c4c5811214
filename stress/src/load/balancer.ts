/**
 * A load balancer of connections, as HAProxy is one of requests with `balance leastconn` and a cookie: a visitor stays on one node, and a
 * new one, or one whose node is gone, comes to the node with the fewest connections.
 */
import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";

/** Bytes of a request's head: a client that sends more without its end is sent away. */
const LONGEST_HEAD = 32_768;

export class Balancer {
  readonly #server: Server;
  readonly #cookie: RegExp;
  readonly #sockets = new Set<Socket>();
  /** Connections of each node, by its port. A node that has ended refuses them. */
  readonly #nodes = new Map<number, number>();
  readonly #nodeOf = new Map<string, number>();

  private constructor(cookie: string) {
    this.#cookie = new RegExp(`^cookie:.*\\b${cookie}=([^;\\s]+)`, "im");
    this.#server = createServer((client) => this.#accept(client));
  }

  /** @param cookie tells visitors apart */
  static async start(cookie: string): Promise<Balancer> {
    const balancer = new Balancer(cookie);
    balancer.#server.listen(0, "127.0.0.1");
    await once(balancer.#server, "listening");
    return balancer;
  }

  get port(): number {
    const address = this.#server.address();
    if (address === null || typeof address === "string") throw new Error("The balancer does not listen.");
    return address.port;
  }

  /** Sends connections to a node from now on, by its port. */
  add(node: number): void {
    this.#count(node, 0);
  }

  #accept(client: Socket): void {
    this.#keep(client);
    let head = "";
    const read = (chunk: Buffer) => {
      head += chunk.toString("latin1");
      if (!head.includes("\r\n\r\n")) {
        if (head.length > LONGEST_HEAD) client.destroy();
        return;
      }
      client.off("data", read);
      client.pause();
      this.#dial(client, Buffer.from(head, "latin1"), this.#cookie.exec(head)?.[1]);
    };
    client.on("data", read);
  }

  #dial(client: Socket, head: Buffer, visitor: string | undefined, refused: readonly number[] = []): void {
    const node = this.#choose(visitor, refused);
    if (node === undefined) {
      client.destroy();
      return;
    }
    const socket = connect(node, "127.0.0.1");
    const refuse = () => this.#dial(client, head, visitor, [...refused, node]);
    socket.once("error", refuse);
    socket.once("connect", () => {
      socket.off("error", refuse);
      if (client.destroyed) {
        socket.destroy();
        return;
      }
      if (visitor) this.#nodeOf.set(visitor, node);
      this.#count(node, 1);
      socket.once("close", () => this.#count(node, -1));
      socket.write(head);
      this.#join(client, this.#keep(socket));
    });
  }

  #count(node: number, more: number): void {
    this.#nodes.set(node, (this.#nodes.get(node) ?? 0) + more);
  }

  #choose(visitor: string | undefined, refused: readonly number[]): number | undefined {
    const own = visitor === undefined ? undefined : this.#nodeOf.get(visitor);
    if (own !== undefined && !refused.includes(own)) return own;
    const [least] = [...this.#nodes]
      .filter(([node]) => !refused.includes(node))
      .sort(([, a], [, b]) => a - b);
    return least?.[0];
  }

  #keep(socket: Socket): Socket {
    this.#sockets.add(socket);
    socket.setNoDelay(true);
    socket.on("error", () => socket.destroy());
    socket.once("close", () => this.#sockets.delete(socket));
    return socket;
  }

  #join(client: Socket, node: Socket): void {
    for (const [from, to] of [
      [client, node],
      [node, client],
    ] as const) {
      from.once("close", () => to.destroySoon());
      from.pipe(to, { end: false });
    }
  }

  async close(): Promise<void> {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    await once(this.#server, "close");
  }
}
