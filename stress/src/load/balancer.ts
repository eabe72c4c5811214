/** A load balancer: connections go to the nodes in turn, and to another one if a node refuses them. */
import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";

export class Balancer {
  readonly #server: Server;
  readonly #nodes: readonly number[];
  readonly #sockets = new Set<Socket>();
  #turn = 0;

  private constructor(nodes: readonly number[]) {
    this.#nodes = nodes;
    this.#server = createServer((client) => this.#accept(client));
  }

  /** @param nodes ports, of which some may not listen */
  static async start(nodes: readonly number[]): Promise<Balancer> {
    const balancer = new Balancer(nodes);
    balancer.#server.listen(0, "127.0.0.1");
    await once(balancer.#server, "listening");
    return balancer;
  }

  get port(): number {
    const address = this.#server.address();
    if (address === null || typeof address === "string") throw new Error("The balancer does not listen.");
    return address.port;
  }

  #accept(client: Socket, tried = 0): void {
    if (tried === this.#nodes.length) {
      client.destroy();
      return;
    }
    const node = connect(this.#nodes[this.#turn++ % this.#nodes.length] ?? 0, "127.0.0.1");
    const refused = () => this.#accept(client, tried + 1);
    node.once("error", refused);
    node.once("connect", () => {
      node.off("error", refused);
      this.#join(client, node);
    });
    client.on("error", () => client.destroy());
  }

  #join(client: Socket, node: Socket): void {
    for (const [from, to] of [
      [client, node],
      [node, client],
    ] as const) {
      this.#sockets.add(from);
      from.setNoDelay(true);
      from.on("error", () => to.destroy());
      from.once("close", () => {
        this.#sockets.delete(from);
        to.destroySoon();
      });
      from.pipe(to, { end: false });
    }
  }

  async close(): Promise<void> {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    await once(this.#server, "close");
  }
}
