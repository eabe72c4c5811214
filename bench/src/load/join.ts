/** Joining a view the way a browser does: the page, its cookies, its token, the socket. */
import { LightSocket } from "./socket.ts";

/** The number under which each client knows its only view. */
export const VIEW = 1;

/** A view that is joined. */
export interface Joined {
  readonly socket: LightSocket;
  /** The server's first message. */
  readonly reply: string;
}

const attribute = (page: string, name: string): string => {
  const value = new RegExp(` ${name}="([^"]*)"`).exec(page)?.[1];
  if (value === undefined) throw new Error(`the page has no ${name}: ${page.slice(0, 500)}`);
  return value.replaceAll("&quot;", '"').replaceAll("&lt;", "<").replaceAll("&amp;", "&");
};

export async function joinView(port: number, path: string): Promise<Joined> {
  const origin = `http://127.0.0.1:${port}`;
  const url = origin + path;
  const response = await fetch(url);
  const page = await response.text();
  if (!response.ok) throw new Error(`${path} is answered with ${response.status}: ${page.slice(0, 500)}`);
  const cookie = response.headers.getSetCookie().map((line) => line.split(";", 1)[0]);
  const socket = await LightSocket.open(port, attribute(page, "data-ow-socket"), {
    Origin: origin,
    ...(cookie.length > 0 && { Cookie: cookie.join("; ") }),
  });
  const answer = socket.next();
  socket.send(JSON.stringify(["j", VIEW, { token: attribute(page, "data-ow-view"), url }]));
  const reply = await answer;
  if (!reply.startsWith('["j",')) throw new Error(`the join is answered with ${reply.slice(0, 500)}`);
  return { socket, reply };
}
