import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Balancer } from "./balancer.ts";

let balancer: Balancer;
let nodes: Server[];
beforeEach(async () => {
  nodes = [];
  balancer = await Balancer.start("visitor");
});
afterEach(async () => {
  await balancer.close();
  for (const node of nodes) node.close();
});

/** Starts a node that answers each connection with its name and the length of what came. */
async function addNode(name: string): Promise<Socket[]> {
  const sockets: Socket[] = [];
  const node = createServer((socket) => {
    sockets.push(socket);
    let [length, last] = [0, ""];
    socket.on("error", () => {});
    socket.on("data", (chunk) => {
      length += chunk.length;
      last = (last + String(chunk)).slice(-3);
      if (last === "end") socket.end(`${name} ${length}`);
    });
  });
  nodes.push(node);
  node.listen(0, "127.0.0.1");
  await once(node, "listening");
  balancer.add((node.address() as AddressInfo).port);
  return sockets;
}

async function open(): Promise<Socket> {
  const client = connect(balancer.port, "127.0.0.1");
  client.on("error", () => {});
  await once(client, "connect");
  return client;
}

const headOf = (visitor: string) => `GET / HTTP/1.1\r\nCookie: a=b; visitor=${visitor}; c=d\r\n\r\n`;

test("a visitor stays on a node, and comes to another one when that is gone", async () => {
  const sockets = await addNode("one");
  await addNode("two");
  const ask = async (visitor: string) => {
    const client = await open();
    client.write(`${headOf(visitor)}end`);
    return (await text(client)).slice(0, 3);
  };
  expect(await ask("ann")).toBe("one");
  const kept = await open();
  kept.write(headOf("bob"));
  await vi.waitFor(() => expect(sockets).toHaveLength(2));
  expect(await ask("cem")).toBe("two");
  expect(await ask("ann")).toBe("one");
  nodes[0]?.close();
  expect(await ask("ann")).toBe("two");
  expect(await ask("dan")).toBe("two");
});

test("a head may come in parts, and with as much of the body as there is", async () => {
  await addNode("one");
  const client = await open();
  const sent = `${headOf("ann")}${"x".repeat(100_000)}end`;
  client.write(sent.slice(0, 20));
  client.write(sent.slice(20));
  expect(await text(client)).toBe(`one ${sent.length}`);
});

test("a client that sends no end of its head is sent away", async () => {
  await addNode("one");
  const client = await open();
  client.write("x".repeat(40_000));
  expect(await text(client)).toBe("");
});

test("a client that is gone by the time its node answers leaves no connection", async () => {
  const sockets = await addNode("one");
  const client = await open();
  client.write(headOf("ann"));
  client.resetAndDestroy();
  const other = await open();
  other.write(`${headOf("bob")}end`);
  expect(await text(other)).toMatch(/^one/);
  await vi.waitFor(() => expect(sockets.every(({ destroyed }) => destroyed)).toBe(true));
});
