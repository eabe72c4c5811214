/** Page requests over connections that are kept, each sending the next one when the last is answered. */
import { performance } from "node:perf_hooks";
import { openStream } from "./stream.ts";

export interface RequestsResult {
  readonly requests: number;
  readonly seconds: number;
  /** Share of the time that this process was busy itself. */
  readonly busy: number;
}

const CR_LF = "\r\n\r\n";
const LENGTH = "ontent-length: ";
const LENGTH_UPPER = "ontent-Length: ";

/** Bytes of a response whose head ends at `end`. */
function sizeOf(bytes: Buffer, end: number): number {
  const head = bytes.toString("latin1", 0, end);
  if (!head.startsWith("HTTP/1.1 200 ")) throw new Error(`a request is answered with ${head.slice(0, 200)}`);
  const at = Math.max(head.indexOf(LENGTH), head.indexOf(LENGTH_UPPER));
  if (at < 0) throw new Error(`a response does not tell its length:\n${head}`);
  return end + CR_LF.length + Number.parseInt(head.slice(at + LENGTH.length, at + LENGTH.length + 10), 10);
}

function client(port: number, path: string, end: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const request = `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`;
    let requests = 0;
    let missing = 0;
    let head: Buffer | undefined;
    const stream = openStream(
      port,
      (bytes) => {
        let came = bytes.length;
        if (missing === 0) {
          const start = head ? Buffer.concat([head, bytes]) : bytes;
          const at = start.indexOf(CR_LF);
          head = at < 0 ? Buffer.from(start) : undefined;
          if (at < 0) return;
          missing = sizeOf(start, at);
          came = start.length;
        }
        missing -= came;
        if (missing < 0) throw new Error("a response is longer than it said");
        if (missing > 0) return;
        requests++;
        if (performance.now() < end) stream.write(request, "latin1");
        else {
          resolve(requests);
          stream.destroy();
        }
      },
      reject,
    );
    stream.write(request, "latin1");
  });
}

/** Asks for a page, without cookies, for some time. */
export async function requestLoop(
  port: number,
  path: string,
  connections: number,
  seconds: number,
): Promise<RequestsResult> {
  const before = process.cpuUsage();
  const start = performance.now();
  const clients = Array.from({ length: connections }, () => client(port, path, start + seconds * 1000));
  const counts = await Promise.all(clients);
  const elapsed = performance.now() - start;
  const { user, system } = process.cpuUsage(before);
  return {
    requests: counts.reduce((sum, count) => sum + count, 0),
    seconds: elapsed / 1000,
    busy: (user + system) / 1000 / elapsed,
  };
}
