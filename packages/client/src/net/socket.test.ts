import { Window as HappyWindow } from "happy-dom";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import {
  CLOSE_LOST,
  CLOSE_MALFORMED,
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

beforeEach(() => {
  vi.useFakeTimers();
  // Jitter of nothing.
  vi.spyOn(Math, "random").mockReturnValue(0.5);
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/** The server's end, in the hands of the test. */
class Line {
  readyState = 0;
  readonly sent: unknown[] = [];
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: ((event: { code: number; reason: string }) => void) | null = null;

  readonly url: string;
  constructor(url: string) {
    this.url = url;
  }
  send(text: string): void {
    this.sent.push(JSON.parse(text));
  }
  /** The code with which the client closed it, 0 if it gave none. */
  code: number | undefined;
  bufferedAmount = 0;
  close(code = 0): void {
    this.code = code;
    this.readyState = 3;
  }
  open(): void {
    this.readyState = 1;
    this.onopen?.();
  }
  receive(frame: unknown): void {
    this.onmessage?.({ data: JSON.stringify(frame) });
  }
  lose(code = 1006, reason = ""): void {
    this.readyState = 3;
    this.onclose?.({ code, reason });
  }
}

/** A socket, the lines it opened, and what it told. */
function open() {
  const win = new HappyWindow() as unknown as Window & typeof globalThis;
  // happy-dom took hold of its timers before they were replaced.
  const { setTimeout, clearTimeout, setInterval, clearInterval } = globalThis;
  const log: unknown[] = [];
  const console = { error: (text: unknown) => log.push(text) };
  Object.assign(win, { setTimeout, clearTimeout, setInterval, clearInterval, console });
  const lines: Line[] = [];
  const socket = createSocket({
    win,
    url: "ws://localhost/overwire/socket",
    WebSocket: class extends Line {
      constructor(url: string) {
        super(url);
        lines.push(this);
      }
    } as unknown as typeof WebSocket,
    onOpen: () => log.push("open"),
    onFrame: (frame) => log.push(frame),
    onBeat: () => log.push("beat"),
    onLarge: (frame, bytes) => log.push(["large", frame[0], bytes]),
    onClose: (_final, refused) => log.push(refused ? "refused" : "close"),
  });
  const line = () => lines.at(-1) as Line;
  /** Time until a new connection is opened. */
  const delay = () => {
    const before = lines.length;
    const start = Date.now();
    while (lines.length === before && Date.now() - start < 60_000) vi.advanceTimersByTime(1);
    return Date.now() - start;
  };
  return { win, socket, lines, line, log, delay };
}

test("opens the url, and carries frames as JSON", () => {
  const { socket, line, log } = open();
  socket.connect();
  expect([line().url, socket.connected]).toEqual(["ws://localhost/overwire/socket", false]);
  line().open();
  expect(socket.connected).toBe(true);
  socket.send([LEAVE, 1]);
  expect(line().sent).toEqual([[LEAVE, 1]]);
  line().receive([JOIN, 1, 1, [1], {}]);
  expect(log).toEqual(["open", [JOIN, 1, 1, [1], {}]]);
});

test("sends nothing while it is not open", () => {
  const { socket, line } = open();
  socket.send([LEAVE, 1]);
  socket.connect();
  socket.send([LEAVE, 1]);
  line().open();
  expect(line().sent).toEqual([]);
});

describe("a message that is too large", () => {
  const large = (bytes: number) => [EVENT, 1, 7, "save", "x".repeat(bytes)] as const;

  test("is kept", () => {
    const { socket, line, log } = open();
    socket.connect();
    line().open();
    line().receive([JOIN, 1, 1, [1], {}]);
    const fields = "€".repeat(50_000);
    socket.send([FORM, 1, 1, "change", fields, {}]);
    socket.send([NAVIGATE, 1, 2, `/${"x".repeat(140_000)}`]);
    socket.send(large(131_000));
    expect(line().sent).toEqual([large(131_000)]);
    expect(log.slice(-2)).toEqual([
      ["large", FORM, 150_024],
      ["large", NAVIGATE, 140_013],
    ]);
  });

  test("is known by what the server says when a view is joined", () => {
    const { socket, line } = open();
    socket.connect();
    line().open();
    line().receive([JOIN, 1, 1, [1], { m: 100 }]);
    socket.send(large(100));
    line().receive([JOIN, 2, 1, [1], { m: 200 }]);
    socket.send(large(100));
    expect(line().sent).toEqual([large(100)]);
    expect(socket.limit).toBe(200);
  });

  test("is known by a connection that ended because of it, and is not sent on the next one", () => {
    const { socket, line, delay } = open();
    socket.connect();
    line().open();
    line().receive([JOIN, 1, 1, [1], {}]);
    socket.send(large(60_000));
    // A proxy before the server allows less.
    line().lose(1009);
    delay();
    line().open();
    line().receive([JOIN, 1, 2, [1], {}]);
    socket.send(large(60_000));
    socket.send(large(50_000));
    expect(line().sent).toEqual([large(50_000)]);
  });

  test("is not taken for the reason if none was sent", () => {
    const { socket, line, delay } = open();
    socket.connect();
    line().open();
    socket.send(large(100));
    line().lose(1009);
    delay();
    line().open();
    socket.send(large(100));
    expect(line().sent).toEqual([large(100)]);
  });

  test("may be a join", () => {
    const { socket, line, log, delay } = open();
    const join = [JOIN, 1, { token: "t", url: "x".repeat(10_000) }] as const;
    socket.connect();
    line().open();
    socket.send(join);
    line().lose(1009);
    delay();
    line().open();
    socket.send(join);
    expect(line().sent).toEqual([]);
    expect(log.at(-1)).toEqual(["large", JOIN, 10_030]);
  });
});

describe("a lost connection", () => {
  test("comes back, ever more slowly", () => {
    const { socket, line, delay } = open();
    socket.connect();
    const delays = Array.from({ length: 12 }, () => {
      line().lose();
      return delay();
    });
    expect(delays).toEqual([10, 50, 100, 150, 200, 250, 500, 1000, 2000, 5000, 5000, 5000]);
  });

  test("comes back at random around that, so that not all clients come at once", () => {
    const { socket, line, delay } = open();
    socket.connect();
    for (let tries = 0; tries < 9; tries++) {
      line().lose();
      delay();
    }
    vi.mocked(Math.random).mockReturnValueOnce(0);
    line().lose();
    expect(delay()).toBe(2500);
    vi.mocked(Math.random).mockReturnValueOnce(0.999);
    line().lose();
    expect(delay()).toBeGreaterThan(7000);
  });

  test("counts as mended once it has worked for some seconds, not by opening or by a first answer", () => {
    const { socket, line, delay } = open();
    socket.connect();
    line().lose();
    delay();
    line().open();
    line().lose();
    expect(delay()).toBe(50);
    line().open();
    line().receive([JOIN, 1, 1, [1], {}]);
    vi.advanceTimersByTime(4000);
    line().lose();
    expect(delay()).toBe(100);
    line().open();
    line().receive([JOIN, 1, 1, [1], {}]);
    vi.advanceTimersByTime(5001);
    line().lose();
    expect(delay()).toBe(10);
  });

  test.each([1001, 1012, 1013, CLOSE_SLOW])(
    "that the server closes because it stops or is busy (%i) comes back soon, at random",
    (code) => {
      const { socket, line, delay } = open();
      socket.connect();
      line().open();
      vi.mocked(Math.random).mockReturnValueOnce(0);
      line().lose(code);
      expect(delay()).toBe(250);
      line().open();
      line().lose(code);
      expect(delay()).toBe(1000);
    },
  );

  test("is told each time", () => {
    const { socket, line, log, delay } = open();
    socket.connect();
    line().open();
    line().lose();
    delay();
    line().open();
    expect(log).toEqual(["open", "close", "open"]);
  });

  test.each([CLOSE_MALFORMED, CLOSE_TOO_MANY, 1009])(
    "that the server closed because of a message (%i) is reported, and comes back ever more slowly",
    (code) => {
      const { socket, line, log, delay } = open();
      socket.connect();
      const delays = Array.from({ length: 6 }, () => {
        line().open();
        line().receive([JOIN, 1, 1, [1], {}]);
        line().lose(code, "a message must be JSON");
        return delay();
      });
      expect(log).toContainEqual(expect.stringContaining(`(${code}): a message must be JSON`));
      expect(log.filter((entry) => entry === "refused")).toHaveLength(6);
      expect(delays).toEqual([5000, 20_000, 45_000, 60_000, 60_000, 60_000]);
    },
  );

  test("comes back at its old pace after a refusal that was long ago", () => {
    const { socket, line, delay } = open();
    socket.connect();
    line().lose(CLOSE_MALFORMED);
    delay();
    line().open();
    line().receive([HEARTBEAT]);
    vi.advanceTimersByTime(6000);
    line().lose(1006);
    expect(delay()).toBe(10);
    line().lose(CLOSE_MALFORMED);
    expect(delay()).toBe(5000);
  });

  test("comes back at once when the network does, or the user", () => {
    const { win, socket, line, lines } = open();
    socket.connect();
    line().lose();
    win.dispatchEvent(new win.Event("online"));
    expect(lines).toHaveLength(2);
    line().lose();
    win.document.dispatchEvent(new win.Event("visibilitychange"));
    expect(lines).toHaveLength(3);
    vi.advanceTimersByTime(20_000);
    expect(lines).toHaveLength(3);
  });

  test("does not come back after disconnect()", () => {
    const { win, socket, line, lines, log } = open();
    socket.connect();
    line().open();
    socket.disconnect();
    expect([socket.connected, line().readyState]).toEqual([false, 3]);
    win.dispatchEvent(new win.Event("online"));
    vi.advanceTimersByTime(60_000);
    expect(lines).toHaveLength(1);
    expect(log).toEqual(["open", "close"]);
  });

  test("does not come back when disconnect() comes while it waits", () => {
    const { socket, line, lines } = open();
    socket.connect();
    line().lose();
    socket.disconnect();
    vi.advanceTimersByTime(60_000);
    expect(lines).toHaveLength(1);
  });
});

describe("the heartbeat", () => {
  test("is sent every 30 seconds, and its answers go no further", () => {
    const { socket, line, lines, log } = open();
    socket.connect();
    line().open();
    for (let beats = 1; beats <= 3; beats++) {
      vi.advanceTimersByTime(30_000);
      expect(line().sent).toHaveLength(beats);
      line().receive([HEARTBEAT]);
    }
    expect(line().sent[0]).toEqual([HEARTBEAT]);
    expect([lines.length, log]).toEqual([1, ["open", "beat", "beat", "beat"]]);
  });

  test("finds a dead connection: without an answer it is closed, so that its views are kept, and opened anew", () => {
    const { socket, lines, log, delay } = open();
    socket.connect();
    const [first] = lines as [Line];
    first.open();
    vi.advanceTimersByTime(60_000);
    expect([first.readyState, first.code, log]).toEqual([3, CLOSE_LOST, ["open", "beat", "close"]]);
    delay();
    expect(lines).toHaveLength(2);
    // Frames that come late on the dead connection are not heard.
    first.lose();
    first.receive([LEAVE, 1]);
    first.open();
    expect([lines.length, log]).toEqual([2, ["open", "beat", "close"]]);
  });

  test("finds a line that never opens", () => {
    const { socket, lines, delay } = open();
    socket.connect();
    vi.advanceTimersByTime(30_000);
    delay();
    expect(lines).toHaveLength(2);
  });
});

describe("a connection that may be dead is checked", () => {
  test("after a message to which nothing comes: a click does not wait for the next heartbeat", () => {
    const { socket, lines, line, log, delay } = open();
    socket.connect();
    line().open();
    socket.send([LEAVE, 1]);
    vi.advanceTimersByTime(3000);
    expect(line().sent).toEqual([[LEAVE, 1], [HEARTBEAT]]);
    vi.advanceTimersByTime(7000);
    expect([line().code, log]).toEqual([CLOSE_LOST, ["open", "close"]]);
    delay();
    expect(lines).toHaveLength(2);
  });

  test("but not while answers come, and a slow handler costs one heartbeat", () => {
    const { socket, lines, line } = open();
    socket.connect();
    line().open();
    for (let count = 0; count < 10; count++) {
      socket.send([LEAVE, 1]);
      vi.advanceTimersByTime(500);
      line().receive([JOIN, 1, 1, [1], {}]);
    }
    expect(line().sent).toHaveLength(10);
    vi.advanceTimersByTime(5000);
    socket.send([LEAVE, 1]);
    vi.advanceTimersByTime(3000);
    line().receive([HEARTBEAT]);
    vi.advanceTimersByTime(15_000);
    expect(line().sent.filter((frame) => (frame as string[])[0] === HEARTBEAT)).toHaveLength(1);
    expect(lines).toHaveLength(1);
  });

  test("once what is to be sent has left: a slow network is not a dead one", () => {
    const { socket, lines } = open();
    socket.connect();
    const [slow] = lines as [Line];
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
    const { win, socket, lines, line, delay } = open();
    const wake = () => (type === "visibilitychange" ? win.document : win).dispatchEvent(new win.Event(type));
    socket.connect();
    wake();
    vi.advanceTimersByTime(7000);
    delay();
    expect(lines).toHaveLength(2);
    line().open();
    wake();
    expect(line().sent).toEqual([[HEARTBEAT]]);
    line().receive([HEARTBEAT]);
    vi.advanceTimersByTime(20_000);
    expect(lines).toHaveLength(2);
    const [, dead] = lines as [Line, Line];
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
    const { win, socket, line, lines, log } = open();
    socket.connect();
    line().open();
    leave(win);
    vi.advanceTimersByTime(60_000);
    expect([line().readyState, lines.length, log]).toEqual([3, 1, ["open"]]);
  });

  test("connects again when it comes back from the browser's cache", () => {
    const { win, socket, line, lines, log } = open();
    socket.connect();
    line().open();
    leave(win);
    comeBack(win, true);
    line().open();
    expect([lines.length, log]).toEqual([2, ["open", "close", "open"]]);
  });

  test("does not where it was not connected, or never left", () => {
    const { win, socket, lines } = open();
    comeBack(win, false);
    leave(win);
    comeBack(win, true);
    expect(lines).toHaveLength(0);
    socket.connect();
    comeBack(win, false);
    expect(lines).toHaveLength(1);
  });
});
