/**
 * The least handling of the parts of a file: node's own stream writes them, or they are dropped, and each is
 * answered.
 */
import { randomUUID } from "node:crypto";
import { createWriteStream, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CHUNK, CHUNK_OVERHEAD } from "@overwire/server/wire";
import type { WebSocket } from "ws";

const paths = new Set<string>();

const remove = (path: string) => {
  paths.delete(path);
  rmSync(path, { force: true });
};
// The process ends as soon as it is no longer needed.
process.on("exit", () => paths.forEach(remove));

/**
 * @param isKept write them to a file, which is there as long as the socket
 * @returns a function that takes the next part
 */
export function receiver(socket: WebSocket, isKept: boolean): (message: Buffer) => void {
  let received = 0;
  const answer = (length: number) => {
    received += length;
    socket.send(`["${CHUNK}",1,${received}]`);
  };
  if (!isKept) return (message) => answer(message.length - CHUNK_OVERHEAD);

  const path = join(tmpdir(), `overwire-bench-${randomUUID()}`);
  paths.add(path);
  const file = createWriteStream(path);
  socket.on("close", () => file.close(() => remove(path)));
  return (message) => {
    const bytes = message.subarray(CHUNK_OVERHEAD);
    file.write(bytes, () => answer(bytes.length));
  };
}
