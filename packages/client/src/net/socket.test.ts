import { useFakeTimers } from "@overwire/test-support/fake-timers";
import { type FakeWebSocket, fakeWebSockets } from "@overwire/test-support/fake-web-socket";
import { testWindow } from "@overwire/test-support/test-window";
import { describe, expect, test, vi } from "vitest";
import {
  CLOSE_LOST,
  CLOSE_MALFORMED,
  CLOSE_MOVED,
  CLOSE_SLOW,
  CLOSE_TOO_MANY,
  EVENT,
  FORM,
  HEARTBEAT,
  JOIN,
  LEAVE,
  NAVIGATE,
} from "../wire/constants.ts";
import { createSocket } from "./socket.ts";

useFakeTimers({ jitter: false });

/** A socket, the connections it opened, and what it reported. */
function open() {
  const { win } = testWindow();
  const log: unknown[] = [];
  win.console.error = (text: unknown) => void log.push(text);
  const { connections, connection, WebSocket } = fakeWebSockets();
  const socket = createSocket({
    win,
    url: "ws://localhost/overwire/socket",
    WebSocket,
    onOpen: () => log.push("open"),
    onFrame: (frame) => log.push(frame),
    onBeat: () => log.push("beat"),
    onLarge: (frame, bytes) => log.push(["large", frame[0], bytes]),
    onClose: (_final, refused) => log.push(refused ? "refused" : "close"),
  });
  /** Time until a new connection is opened. */
  const delay = () => {
    const before = connections.length;
    const start = Date.now();
    while (connections.length === before && Date.now() - start < 60_000) vi.advanceTimersByTime(1);
    return Date.now() - start;
  };
  return { win, socket, connections, connection, log, delay };
}

test("opens the url, and carries frames as JSON", () => {
  const { socket, connection, log } = open();
  socket.connect();
  expect([connection().url, socket.connected]).toEqual(["ws://localhost/overwire/socket", false]);
  connection().open();
  expect(socket.connected).toBe(true);
  socket.send([LEAVE, 1]);
  expect(connection().sent).toEqual([[LEAVE, 1]]);
  connection().receive([JOIN, 1, 1, [1], {}]);
  expect(log).toEqual(["open", [JOIN, 1, 1, [1], {}]]);
});

test("sends nothing while it is not open", () => {
  const { socket, connection } = open();
  socket.send([LEAVE, 1]);
  socket.connect();
  socket.send([LEAVE, 1]);
  connection().open();
  expect(connection().sent).toEqual([]);
});

describe("a message that is too large", () => {
  const large = (bytes: number) => [EVENT, 1, 7, "save", "x".repeat(bytes)] as const;

  test("is kept", () => {
    const { socket, connection, log } = open();
    socket.connect();
    connection().open();
    connection().receive([JOIN, 1, 1, [1], {}]);
    const fields = "€".repeat(50_000);
    socket.send([FORM, 1, 1, "change", fields, {}]);
    socket.send([NAVIGATE, 1, 2, `/${"x".repeat(140_000)}`]);
    socket.send(large(131_000));
    expect(connection().sent).toEqual([large(131_000)]);
    expect(log.slice(-2)).toEqual([
      ["large", FORM, 150_024],
      ["large", NAVIGATE, 140_013],
    ]);
  });

  test("is known by what the server says when a view is joined", () => {
    const { socket, connection } = open();
    socket.connect();
    connection().open();
    connection().receive([JOIN, 1, 1, [1], { m: 100 }]);
    socket.send(large(100));
    connection().receive([JOIN, 2, 1, [1], { m: 200 }]);
    socket.send(large(100));
    expect(connection().sent).toEqual([large(100)]);
    expect(socket.limit).toBe(200);
  });

  test("is known by a connection that ended because of it, and is not sent on the next one", () => {
    const { socket, connection, delay } = open();
    socket.connect();
    connection().open();
    connection().receive([JOIN, 1, 1, [1], {}]);
    socket.send(large(60_000));
    // A proxy before the server allows less.
    connection().lose(1009);
    delay();
    connection().open();
    connection().receive([JOIN, 1, 2, [1], {}]);
    socket.send(large(60_000));
    socket.send(large(50_000));
    expect(connection().sent).toEqual([large(50_000)]);
  });

  test("is not taken for the reason if none was sent", () => {
    const { socket, connection, delay } = open();
    socket.connect();
    connection().open();
    socket.send(large(100));
    connection().lose(1009);
    delay();
    connection().open();
    socket.send(large(100));
    expect(connection().sent).toEqual([large(100)]);
  });

  test("may be a join", () => {
    const { socket, connection, log, delay } = open();
    const join = [JOIN, 1, { token: "t", url: "x".repeat(10_000) }] as const;
    socket.connect();
    connection().open();
    socket.send(join);
    connection().lose(1009);
    delay();
    connection().open();
    socket.send(join);
    expect(connection().sent).toEqual([]);
    expect(log.at(-1)).toEqual(["large", JOIN, 10_030]);
  });
});

describe("a lost connection", () => {
  test("comes back, ever more slowly", () => {
    const { socket, connection, delay } = open();
    socket.connect();
    const delays = Array.from({ length: 12 }, () => {
      connection().lose();
      return delay();
    });
    expect(delays).toEqual([10, 50, 100, 150, 200, 250, 500, 1000, 2000, 5000, 5000, 5000]);
  });

  test("comes back at random around that, so that not all clients come at once", () => {
    const { socket, connection, delay } = open();
    socket.connect();
    for (let tries = 0; tries < 9; tries++) {
      connection().lose();
      delay();
    }
    vi.mocked(Math.random).mockReturnValueOnce(0);
    connection().lose();
    expect(delay()).toBe(2500);
    vi.mocked(Math.random).mockReturnValueOnce(0.999);
    connection().lose();
    expect(delay()).toBeGreaterThan(7000);
  });

  test("counts as mended once it has worked for some seconds, not by opening or by a first answer", () => {
    const { socket, connection, delay } = open();
    socket.connect();
    connection().lose();
    delay();
    connection().open();
    connection().lose();
    expect(delay()).toBe(50);
    connection().open();
    connection().receive([JOIN, 1, 1, [1], {}]);
    vi.advanceTimersByTime(4000);
    connection().lose();
    expect(delay()).toBe(100);
    connection().open();
    connection().receive([JOIN, 1, 1, [1], {}]);
    vi.advanceTimersByTime(5001);
    connection().lose();
    expect(delay()).toBe(10);
  });

  test.each([1001, 1012, 1013, CLOSE_SLOW])(
    "that the server closes because it stops or is busy (%i) comes back soon, at random",
    (code) => {
      const { socket, connection, delay } = open();
      socket.connect();
      connection().open();
      vi.mocked(Math.random).mockReturnValueOnce(0);
      connection().lose(code);
      expect(delay()).toBe(250);
      connection().open();
      connection().lose(code);
      expect(delay()).toBe(1000);
    },
  );

  test("that a server which stops sends to another one comes back at once", () => {
    const { socket, connection, delay } = open();
    socket.connect();
    connection().open();
    connection().lose(CLOSE_MOVED);
    expect(delay()).toBe(10);
  });

  test("is told each time", () => {
    const { socket, connection, log, delay } = open();
    socket.connect();
    connection().open();
    connection().lose();
    delay();
    connection().open();
    expect(log).toEqual(["open", "close", "open"]);
  });

  test.each([CLOSE_MALFORMED, CLOSE_TOO_MANY, 1009])(
    "that the server closed because of a message (%i) is reported, and comes back ever more slowly",
    (code) => {
      const { socket, connection, log, delay } = open();
      socket.connect();
      const delays = Array.from({ length: 6 }, () => {
        connection().open();
        connection().receive([JOIN, 1, 1, [1], {}]);
        connection().lose(code, "a message must be JSON");
        return delay();
      });
      expect(log).toContainEqual(expect.stringContaining(`(${code}): a message must be JSON`));
      expect(log.filter((entry) => entry === "refused")).toHaveLength(6);
      expect(delays).toEqual([5000, 20_000, 45_000, 60_000, 60_000, 60_000]);
    },
  );

  test("comes back at its old pace after a refusal that was long ago", () => {
    const { socket, connection, delay } = open();
    socket.connect();
    connection().lose(CLOSE_MALFORMED);
    delay();
    connection().open();
    connection().receive([HEARTBEAT]);
    vi.advanceTimersByTime(6000);
    connection().lose(1006);
    expect(delay()).toBe(10);
    connection().lose(CLOSE_MALFORMED);
    expect(delay()).toBe(5000);
  });

  test("comes back at once when the network does, or the user", () => {
    const { win, socket, connection, connections } = open();
    socket.connect();
    connection().lose();
    win.dispatchEvent(new win.Event("online"));
    expect(connections).toHaveLength(2);
    connection().lose();
    win.document.dispatchEvent(new win.Event("visibilitychange"));
    expect(connections).toHaveLength(3);
    vi.advanceTimersByTime(20_000);
    expect(connections).toHaveLength(3);
  });

  test("does not come back after disconnect()", () => {
    const { win, socket, connection, connections, log } = open();
    socket.connect();
    connection().open();
    socket.disconnect();
    expect([socket.connected, connection().readyState]).toEqual([false, 3]);
    win.dispatchEvent(new win.Event("online"));
    vi.advanceTimersByTime(60_000);
    expect(connections).toHaveLength(1);
    expect(log).toEqual(["open", "close"]);
  });

  test("does not come back when disconnect() comes while it waits", () => {
    const { socket, connection, connections } = open();
    socket.connect();
    connection().lose();
    socket.disconnect();
    vi.advanceTimersByTime(60_000);
    expect(connections).toHaveLength(1);
  });
});

describe("the heartbeat", () => {
  test("is sent every 30 seconds, and its answers go no further", () => {
    const { socket, connection, connections, log } = open();
    socket.connect();
    connection().open();
    for (let beats = 1; beats <= 3; beats++) {
      vi.advanceTimersByTime(30_000);
      expect(connection().sent).toHaveLength(beats);
      connection().receive([HEARTBEAT]);
    }
    expect(connection().sent[0]).toEqual([HEARTBEAT]);
    expect([connections.length, log]).toEqual([1, ["open", "beat", "beat", "beat"]]);
  });

  test("finds a dead connection: without an answer it is closed, so that its views are kept, and opened anew", () => {
    const { socket, connections, log, delay } = open();
    socket.connect();
    const [first] = connections as [FakeWebSocket];
    first.open();
    vi.advanceTimersByTime(60_000);
    expect([first.readyState, first.code, log]).toEqual([3, CLOSE_LOST, ["open", "beat", "close"]]);
    delay();
    expect(connections).toHaveLength(2);
    // Frames that come late on the dead connection are not heard.
    first.lose();
    first.receive([LEAVE, 1]);
    first.open();
    expect([connections.length, log]).toEqual([2, ["open", "beat", "close"]]);
  });

  test("finds a connection that never opens", () => {
    const { socket, connections, delay } = open();
    socket.connect();
    vi.advanceTimersByTime(30_000);
    delay();
    expect(connections).toHaveLength(2);
  });
});

describe("a connection that may be dead is checked", () => {
  test("after a message to which nothing comes: a click does not wait for the next heartbeat", () => {
    const { socket, connections, connection, log, delay } = open();
    socket.connect();
    connection().open();
    socket.send([LEAVE, 1]);
    vi.advanceTimersByTime(3000);
    expect(connection().sent).toEqual([[LEAVE, 1], [HEARTBEAT]]);
    vi.advanceTimersByTime(7000);
    expect([connection().code, log]).toEqual([CLOSE_LOST, ["open", "close"]]);
    delay();
    expect(connections).toHaveLength(2);
  });

  test("but not while answers come, and a slow handler costs one heartbeat", () => {
    const { socket, connections, connection } = open();
    socket.connect();
    connection().open();
    for (let count = 0; count < 10; count++) {
      socket.send([LEAVE, 1]);
      vi.advanceTimersByTime(500);
      connection().receive([JOIN, 1, 1, [1], {}]);
    }
    expect(connection().sent).toHaveLength(10);
    vi.advanceTimersByTime(5000);
    socket.send([LEAVE, 1]);
    vi.advanceTimersByTime(3000);
    connection().receive([HEARTBEAT]);
    vi.advanceTimersByTime(15_000);
    expect(connection().sent.filter((frame) => frame[0] === HEARTBEAT)).toHaveLength(1);
    expect(connections).toHaveLength(1);
  });

  test("once what is to be sent has left: a slow network is not a dead one", () => {
    const { socket, connections } = open();
    socket.connect();
    const [slow] = connections as [FakeWebSocket];
    slow.open();
    slow.bufferedAmount = 1000;
    socket.send([LEAVE, 1]);
    vi.advanceTimersByTime(20_000);
    expect(slow.code).toBeUndefined();
    slow.bufferedAmount = 0;
    vi.advanceTimersByTime(7000);
    expect(slow.code).toBe(CLOSE_LOST);
  });

  test.each(["online", "offline", "visibilitychange"])("at %s, whether it is open or just opens", (type) => {
    const { win, socket, connections, connection, delay } = open();
    const wake = () => (type === "visibilitychange" ? win.document : win).dispatchEvent(new win.Event(type));
    socket.connect();
    wake();
    vi.advanceTimersByTime(7000);
    delay();
    expect(connections).toHaveLength(2);
    connection().open();
    wake();
    expect(connection().sent).toEqual([[HEARTBEAT]]);
    connection().receive([HEARTBEAT]);
    vi.advanceTimersByTime(20_000);
    expect(connections).toHaveLength(2);
    const [, dead] = connections as [FakeWebSocket, FakeWebSocket];
    wake();
    vi.advanceTimersByTime(7000);
    expect(dead.code).toBe(CLOSE_LOST);
  });
});

describe("a page that is left", () => {
  const leave = (win: Window & typeof globalThis) => win.dispatchEvent(new win.Event("pagehide"));
  const comeBack = (win: Window & typeof globalThis, persisted: boolean) =>
    win.dispatchEvent(Object.assign(new win.Event("pageshow"), { persisted }));

  test("closes its socket quietly: a page that is left shows no error", () => {
    const { win, socket, connection, connections, log } = open();
    socket.connect();
    connection().open();
    leave(win);
    vi.advanceTimersByTime(60_000);
    expect([connection().readyState, connections.length, log]).toEqual([3, 1, ["open"]]);
  });

  test("connects again when it comes back from the browser's cache", () => {
    const { win, socket, connection, connections, log } = open();
    socket.connect();
    connection().open();
    leave(win);
    comeBack(win, true);
    connection().open();
    expect([connections.length, log]).toEqual([2, ["open", "close", "open"]]);
  });

  test("does not where it was not connected, or never left", () => {
    const { win, socket, connections } = open();
    comeBack(win, false);
    leave(win);
    comeBack(win, true);
    expect(connections).toHaveLength(0);
    socket.connect();
    comeBack(win, false);
    expect(connections).toHaveLength(1);
  });
});
