import { fakeChannelServers } from "@overwire/test-support/fake-channel-server";
import { useFakeTimers } from "@overwire/test-support/fake-timers";
import { afterEach, expect, test, vi } from "vitest";
import { Socket, type SocketOptions } from "../channels.ts";

useFakeTimers({ jitter: false });
afterEach(() => vi.unstubAllGlobals());

const URL = "ws://localhost/socket";
const turn = () => vi.advanceTimersByTimeAsync(0);

/** A socket whose server is the test, connected. */
async function open(options: SocketOptions = {}, servers = fakeChannelServers()) {
  const socket = new Socket(URL, { WebSocket: servers.WebSocket, ...options });
  socket.connect();
  await turn();
  servers.server().open();
  return { socket, ...servers };
}

test("the URL has the params and the version of the messages, and both http and ws will do", async () => {
  const { server } = await open({ params: { since: 5, name: "Ünal & co", none: undefined } });
  expect(server().url).toBe("ws://localhost/socket?vsn=2.0.0&since=5&name=%C3%9Cnal+%26+co");
  const { WebSocket, connections } = fakeChannelServers();
  for (const url of ["http://a.example/socket?a=1#x", "https://a.example/socket", "wss://a.example/socket"])
    new Socket(url, { WebSocket }).connect();
  await turn();
  expect(connections.map(({ url }) => url)).toEqual([
    "ws://a.example/socket?a=1&vsn=2.0.0",
    "wss://a.example/socket?vsn=2.0.0",
    "wss://a.example/socket?vsn=2.0.0",
  ]);
});

test("a relative URL belongs to the page", async () => {
  vi.stubGlobal("location", { href: "https://shop.example/cart/1?a=b" });
  const { WebSocket, server } = fakeChannelServers();
  new Socket("/socket", { WebSocket }).connect();
  await turn();
  expect(server().url).toBe("wss://shop.example/socket?vsn=2.0.0");
});

test("a relative URL outside of a page is refused, with an absolute one to write instead", () => {
  expect(() => new Socket("/socket")).toThrow(
    'new Socket("/socket"): there is no page here that the URL could belong to. Write an absolute one, such as "wss://example.com/socket".',
  );
  expect(() => new Socket("file:///socket")).toThrow(/absolute/);
});

test("without a WebSocket connect() says where to take one from", () => {
  vi.stubGlobal("WebSocket", undefined);
  expect(() => new Socket(URL).connect()).toThrow(/no WebSocket here, as in Node 20.*\{ WebSocket \}.*"ws"/);
});

test("the token travels as a subprotocol, is asked for at each connection, and neither URL nor log have it", async () => {
  const tokens = ["sécret?>1", "secret-2"];
  const asked = vi.fn(async () => tokens.shift());
  const log: unknown[] = [];
  const { connections, server } = await open({ token: asked, logger: (...all) => log.push(all) });
  expect(server().protocols).toEqual(["overwire", "base64url.bearer.phx.c8OpY3JldD8-MQ"]);
  server().lose();
  await vi.advanceTimersByTimeAsync(10);
  expect(asked).toHaveBeenCalledTimes(2);
  expect(server().protocols).toEqual(["overwire", "base64url.bearer.phx.c2VjcmV0LTI"]);
  server().open();
  const text = JSON.stringify([log, connections.map(({ url }) => url)]);
  expect(text).not.toMatch(/secret|s.cret|c8OpY3|c2VjcmV0/);
  expect(log.length).toBeGreaterThan(0);
});

test("a socket without a token sends none", async () => {
  const { server } = await open();
  expect(server().protocols).toEqual(["overwire"]);
});

test("a token that fails is told, and asked for again", async () => {
  const { WebSocket, connections, server } = fakeChannelServers();
  const token = vi.fn().mockRejectedValueOnce(new Error("offline")).mockResolvedValue("t");
  const socket = new Socket(URL, { WebSocket, token });
  const errors: unknown[] = [];
  socket.onError((error) => errors.push(error));
  socket.connect();
  await turn();
  expect(errors).toEqual([new Error("offline")]);
  expect(connections).toEqual([]);
  await vi.advanceTimersByTimeAsync(10);
  server().open();
  expect(socket.connected).toBe(true);
});

test("a token that comes after the socket was disconnected opens nothing", async () => {
  const { WebSocket, connections } = fakeChannelServers();
  let give = (_: string) => {};
  const socket = new Socket(URL, { WebSocket, token: () => new Promise((resolve) => (give = resolve)) });
  socket.connect();
  socket.disconnect();
  give("late");
  await vi.advanceTimersByTimeAsync(60_000);
  expect(connections).toEqual([]);
});

test("connecting twice opens one connection", async () => {
  const { socket, connections } = await open();
  socket.connect();
  await turn();
  expect(connections).toHaveLength(1);
});

test("delays before connecting again grow to 5 seconds", async () => {
  const { connections, server } = await open();
  const delays: number[] = [];
  for (let count = 0; count < 11; count++) {
    const [before, start] = [connections.length, Date.now()];
    server().lose();
    while (connections.length === before) await vi.advanceTimersByTimeAsync(10);
    delays.push(Date.now() - start);
  }
  expect(delays).toEqual([10, 50, 100, 150, 200, 250, 500, 1000, 2000, 5000, 5000]);
});

test("delays vary, so that not all clients come back at once", async () => {
  const random = vi.spyOn(Math, "random");
  const { connections, server } = await open();
  for (const [value, delay] of [
    [0, 5],
    [1, 15],
  ] as const) {
    random.mockReturnValue(value);
    server().broadcast("t", "e");
    server().lose();
    await vi.advanceTimersByTimeAsync(delay - 1);
    const before = connections.length;
    await vi.advanceTimersByTimeAsync(1);
    expect(connections).toHaveLength(before + 1);
    server().open();
  }
});

test("the author may choose the delays, by the number of attempts since the server last said something", async () => {
  const reconnectAfter = vi.fn(() => 3);
  const { server } = await open({ reconnectAfter });
  const lose = async () => {
    server().lose();
    await vi.advanceTimersByTimeAsync(3);
  };
  await lose();
  await lose();
  server().open();
  server().broadcast("t", "e");
  await lose();
  expect(reconnectAfter.mock.calls).toEqual([[1], [2], [1]]);
});

test.each([1000, 1001, 1005, 1006, 1012, 4400])(
  "a close by the server with code %i does not stop reconnecting",
  async (code) => {
    const { connections, server, socket } = await open();
    const ends: unknown[] = [];
    socket.onClose((end) => ends.push(end?.code));
    server().lose(code);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(connections).toHaveLength(2);
    expect(ends).toEqual([code]);
  },
);

test("a server that stops or refuses is given time", async () => {
  for (const [code, delay] of [
    [1012, 500],
    [1013, 500],
    [4429, 5000],
    [1009, 5000],
  ] as const) {
    const { connections, server } = await open();
    server().broadcast("t", "e");
    server().lose(code);
    await vi.advanceTimersByTimeAsync(delay - 1);
    expect(connections).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(connections).toHaveLength(2);
  }
});

test("disconnect() ends the connection and does not connect again; connect() does", async () => {
  const { connections, server, socket } = await open();
  const ends: unknown[] = [];
  socket.onClose((end) => ends.push(end));
  socket.disconnect();
  expect(server().code).toBe(1000);
  expect(socket.connected).toBe(false);
  expect(ends).toEqual([undefined]);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(connections).toHaveLength(1);
  socket.connect();
  await turn();
  expect(connections).toHaveLength(2);
});

test("disconnect() in the listener of a loss is final", async () => {
  const { connections, server, socket } = await open();
  socket.onClose(() => socket.disconnect());
  server().lose();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(connections).toHaveLength(1);
});

test("heartbeats go out, and a server that does not answer is given up", async () => {
  const { connections, server } = await open(
    { heartbeat: 1000 },
    fakeChannelServers({ answersHeartbeats: false }),
  );
  await vi.advanceTimersByTimeAsync(1000);
  const [beat] = server().sent;
  expect(beat).toMatchObject({ joinRef: null, topic: "phoenix", event: "heartbeat", payload: {} });
  server().reply(beat as never);
  await vi.advanceTimersByTimeAsync(1000);
  expect(server().sent).toHaveLength(2);
  await vi.advanceTimersByTimeAsync(1010);
  expect(connections).toHaveLength(2);
  expect(connections[0]?.code).toBe(1000);
});

test("an attempt that does not open is given up", async () => {
  const { WebSocket, connections } = fakeChannelServers();
  new Socket(URL, { WebSocket, timeout: 1000 }).connect();
  await vi.advanceTimersByTimeAsync(1010);
  expect(connections).toHaveLength(2);
});

/** The events of a page. */
function page() {
  const target = new EventTarget();
  vi.stubGlobal("addEventListener", target.addEventListener.bind(target));
  vi.stubGlobal("removeEventListener", target.removeEventListener.bind(target));
  // Nothing correct may depend on it: it does not run in a hidden page.
  vi.stubGlobal("requestAnimationFrame", () => {
    throw new Error("A hidden page has no frames.");
  });
  return { fire: (type: string) => target.dispatchEvent(new Event(type)) };
}

test("a hidden page connects again too, and one that is shown or online at once", async () => {
  const { fire } = page();
  const { connections, server } = await open({ reconnectAfter: () => 1000 });
  server().lose();
  await vi.advanceTimersByTimeAsync(1000);
  expect(connections).toHaveLength(2);
  for (const event of ["visibilitychange", "online"]) {
    const { length } = connections;
    server().lose();
    fire(event);
    await turn();
    expect(connections).toHaveLength(length + 1);
  }
});

test("a page that is shown again finds out soon if its connection is dead", async () => {
  const { fire } = page();
  const { connections, server } = await open(
    { timeout: 2000 },
    fakeChannelServers({ answersHeartbeats: false }),
  );
  fire("visibilitychange");
  expect(server().sent).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(2010);
  expect(connections).toHaveLength(2);
});

test("a page that is left lets go of the connection, and takes it up when it is shown again", async () => {
  const { fire } = page();
  const { connections, server, socket } = await open();
  fire("pagehide");
  expect(server().code).toBe(1000);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(connections).toHaveLength(1);
  fire("pageshow");
  await turn();
  server().open();
  expect(socket.connected).toBe(true);
  socket.disconnect();
  for (const type of ["pageshow", "online", "visibilitychange"]) fire(type);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(connections).toHaveLength(2);
});
