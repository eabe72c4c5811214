/** Bytes over a TCP connection, as no HTTP library would send them. */
import { connect } from "node:net";

/** The answer to raw bytes; its status is 0 if there was none. */
export interface RawAnswer {
  readonly status: number;
  readonly text: string;
}

/**
 * Sends bytes, and reads until the server closes, or nothing came for `patience` milliseconds.
 * @param end ends it as soon as it fits what has come
 */
export function sendRaw(
  port: number,
  bytes: string | Uint8Array,
  patience = 10_000,
  end?: RegExp,
): Promise<RawAnswer> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    let text = "";
    const done = () => {
      socket.destroy();
      resolve({ status: Number(/^HTTP\/1\.1 (\d+)/.exec(text)?.[1] ?? 0), text });
    };
    socket.setTimeout(patience, done);
    socket.on("data", (data) => {
      text += data.toString("latin1");
      if (end?.test(text)) done();
    });
    socket.on("close", done);
    socket.on("error", done);
    socket.write(bytes);
  });
}

/** A request in bytes. Ends the connection with its answer, unless the headers say otherwise. */
export function rawRequest(
  method: string,
  target: string,
  headers: readonly (readonly [name: string, value: string])[] = [],
  body = "",
): string {
  const has = new Set(headers.map(([name]) => name.toLowerCase()));
  const lines = [
    `${method} ${target} HTTP/1.1`,
    ...(has.has("host") ? [] : ["Host: 127.0.0.1"]),
    ...(has.has("connection") ? [] : ["Connection: close"]),
    ...(body && !has.has("content-length") ? [`Content-Length: ${Buffer.byteLength(body)}`] : []),
    ...headers.map(([name, value]) => `${name}: ${value}`),
  ];
  return `${lines.join("\r\n")}\r\n\r\n${body}`;
}
