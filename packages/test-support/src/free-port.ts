// Ports for servers whose address is known before they listen, or who come back on the port that they had.
import { randomInt } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:net";

/** Below those that systems give to clients and to servers that ask for any: one of these would be taken while nothing listens on it. */
const FIRST = 20_000;
const LAST = 32_000;

/** @returns a port on which nothing listens now, nor on those after it up to the `count` */
export async function freePort(count = 1): Promise<number> {
  for (;;) {
    const port = randomInt(FIRST, LAST);
    const ports = Array.from({ length: count }, (_, index) => port + index);
    const areFree = await Promise.all(ports.map(isFree));
    if (areFree.every(Boolean)) return port;
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port);
  // The error rejects.
  const listens = await once(server, "listening").then(
    () => true,
    () => false,
  );
  if (!listens) return false;
  server.close();
  await once(server, "close");
  return true;
}
