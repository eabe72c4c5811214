/** A round-robin proxy: each request, and each WebSocket, goes to the next node. It knows no sessions. */
import {
  createServer,
  type IncomingMessage,
  request as openRequest,
  type Server,
  type ServerResponse,
} from "node:http";
import { connect, type Socket } from "node:net";

/** Makes a proxy in front of the nodes at these ports of this machine. A node that does not answer is passed over. */
export function createProxy(ports: readonly number[]): Server {
  let turn = 0;
  /** Ports in the order of their turn. */
  const next = (): readonly number[] => {
    const at = turn++ % ports.length;
    return [...ports.slice(at), ...ports.slice(0, at)];
  };
  const server = createServer((request, response) => pass(request, response, next()));
  server.on("upgrade", (request, socket, head) => passUpgrade(request, socket as Socket, head, next()));
  return server;
}

function pass(
  request: IncomingMessage,
  response: ServerResponse,
  [port, ...others]: readonly number[],
): void {
  if (port === undefined) return void response.writeHead(502).end("No node answers.");
  const { method, url, headers } = request;
  const onward = openRequest({ host: "127.0.0.1", port, method, path: url, headers, agent: false });
  onward.on("response", (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
    answer.pipe(response);
    answer.on("error", () => response.destroy());
  });
  onward.on("error", (error: NodeJS.ErrnoException) => {
    // A body that has been read cannot be sent again.
    if (error.code === "ECONNREFUSED" && request.readableDidRead === false) pass(request, response, others);
    else if (response.headersSent) response.destroy();
    else response.writeHead(502).end("The node does not answer.");
  });
  response.on("close", () => onward.destroy());
  onward.on("socket", (socket) => socket.once("connect", () => request.pipe(onward)));
}

function passUpgrade(
  request: IncomingMessage,
  near: Socket,
  head: Buffer,
  [port, ...others]: readonly number[],
): void {
  if (port === undefined) return void near.destroy();
  const far = connect(port, "127.0.0.1");
  let isConnected = false;
  const close = () => {
    near.destroy();
    far.destroy();
  };
  near.on("error", close);
  near.on("close", close);
  far.on("error", () => {
    near.off("error", close).off("close", close);
    if (isConnected) close();
    else passUpgrade(request, near, head, others);
  });
  far.on("connect", () => {
    isConnected = true;
    far.on("close", close);
    const lines = [`${request.method} ${request.url} HTTP/1.1`];
    for (let at = 0; at < request.rawHeaders.length; at += 2)
      lines.push(`${request.rawHeaders[at]}: ${request.rawHeaders[at + 1]}`);
    far.write(`${lines.join("\r\n")}\r\n\r\n`);
    far.write(head);
    far.pipe(near);
    near.pipe(far);
  });
}
