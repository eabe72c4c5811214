/** Floods of events, joins, refusals, fragments and sockets, by clients that never stop. */
import { connect } from "node:net";
import { describe, expect, it } from "vitest";
import { type Line, Visitor } from "../clients/visitor.ts";
import { attacked } from "./rig.ts";

/** 120 KB that become some megabytes when they are read. */
const heavy = `[${"{},".repeat(40_000)}{}]`;

/** Waits until the server has taken all that was sent, or has had enough. */
async function taken(line: Line): Promise<void> {
  while (line.ws.bufferedAmount > 0 && !line.closed) await new Promise((resolve) => setTimeout(resolve, 10));
}

describe("events that wait", () => {
  const rig = attacked({ heap: 256 });

  it.each([
    ["behind a slow handler", "/", "stuck", "inc"],
    ["under names that do not exist, behind a slow handler", "/", "stuck", "nothing"],
    ["for a view that is being mounted", "/late", undefined, "inc"],
  ])("%s are bounded in bytes", async (_, path, first, name) => {
    const visitor = rig.visitor();
    const page = await visitor.load(path);
    const line = await rig.connect(visitor);
    // Another URL makes it mount anew, which takes a while.
    if (first) await line.join(1, page);
    else line.say("j", 1, { token: page.tokens[0], url: `${page.url}?again` });
    if (first) line.say("e", 1, 1, first, {});
    for (let ref = 2; ref <= 258; ref++) line.text(`["e",1,${ref},"${name}",${heavy}]`);
    await taken(line);
    const { heap } = await rig.server.health();
    expect(heap).toBeLessThan(120_000_000);
    await rig.expectServing();
  });

  it("weigh what they take in memory, over all views of a connection", async () => {
    const { kept } = await rig.cost(async () => {
      for (let at = 0; at < 12; at++) {
        const { line, visitor } = await rig.open();
        for (let view = 2; view <= 5; view++) await line.join(view, await visitor.load("/"));
        for (let ref = 1; ref <= 3; ref++) {
          for (let view = 1; view <= 5; view++) line.text(`["e",${view},${ref},"stuck",${heavy}]`);
        }
        await taken(line);
      }
    });
    expect(kept).toBeLessThan(70_000_000);
    await rig.expectServing();
  });

  it("because their client does not read are bounded in bytes", async () => {
    const { line } = await rig.open();
    line.ws.pause();
    for (let ref = 1; ref <= 400; ref++)
      line.say("e", 1, ref, "grow", { size: 20_000, more: "x".repeat(80_000) });
    await rig.expectServing();
    const { heap } = await rig.server.health();
    expect(heap).toBeLessThan(120_000_000);
    line.ws.resume();
  });

  it("pushed to a client that does not read are bounded in bytes", async () => {
    const { line } = await rig.open();
    line.ws.pause();
    for (let ref = 1; ref <= 4; ref++) line.say("e", 1, ref, "push", { times: 20_000, size: 1000 });
    await rig.expectServing();
    const { heap } = await rig.server.health();
    expect(heap).toBeLessThan(120_000_000);
    line.ws.resume();
  });
});

describe("joins", () => {
  const rig = attacked({ limits: { waitingTime: 500, resumeTime: 500 } });

  it("that are abandoned at once count while they run, and end with their socket", async () => {
    const visitor = rig.visitor();
    const page = await visitor.load("/late");
    const line = await rig.connect(visitor);
    for (let at = 0; at < 3000; at++) {
      line.say("j", 1, { token: page.tokens[0], url: page.url });
      line.say("l", 1);
    }
    expect((await line.end())[0]).toBe(4429);
    expect((await rig.server.health()).views).toBeLessThan(250);
    await rig.expectServing();
    await expect.poll(async () => (await rig.server.health()).views).toBeLessThan(5);
  });

  it("that are mounted anew and left leave nothing behind", async () => {
    const { line, page } = await rig.open();
    const address = (at: number) => ({ navigate: true, url: `/#${at}${"x".repeat(16_000)}` });
    for (let at = 0; at < 200; at++) await line.join(1, page, address(at));
    const { heap: before } = await rig.server.health();
    for (let at = 200; at < 1400; at++) {
      await line.join(1, page, address(at));
      line.frames.length = 0;
    }
    // The last of them are kept for `resumeTime`, however many a fast machine mounts in it.
    const kept = async () => (await rig.server.health()).heap - before;
    await expect.poll(kept, { interval: 100 }).toBeLessThan(4_000_000);
    await rig.expectServing();
  });

  it("beyond the views that a connection may have are refused", async () => {
    const { line, page } = await rig.open();
    for (let view = 2; view <= 400; view++) line.say("j", view, { token: page.tokens[0], url: page.url });
    await Promise.race([line.end(), line.next((frame) => frame[0] === "x" && frame[2] === "too_many")]);
    expect((await rig.server.health()).views).toBeLessThan(150);
    await rig.expectServing();
  });
});

describe("short messages", () => {
  const rig = attacked();

  it.each([
    ["events", (ref: number) => ["e", 1, ref, "append", {}]],
    ["heartbeats", () => ["h"]],
    ["acknowledgements", () => ["a", 1, 1]],
    ["live patches", (ref: number) => ["n", 1, ref, `/lists?q=${ref}`]],
  ])("in a flood of 20,000 %s let others have their turn", async (_, frame) => {
    const { line } = await rig.open("/lists");
    // Reading the answers would slow its flood down.
    line.ws.pause();
    const { longest } = await rig.cost(async () => {
      for (let ref = 1; ref <= 20_000; ref++) line.say(...frame(ref));
      await taken(line);
      await rig.expectServing();
    });
    expect(longest).toBeLessThan(400);
    await rig.expectServing();
  });
});

describe("short messages that are dear", () => {
  const rig = attacked();

  it.each(["and waits", "and breaks the connection"])(
    "let others have their turn if their client sends all at once %s",
    async (then) => {
      const { line } = await rig.open("/forms");
      const rows = Array.from({ length: 499 }, (_, at) => `rows[${at}][title]=&rows[${at}][done]=on`).join(
        "&",
      );
      line.say("f", 1, 1, "signup.change", rows, {});
      await line.answer(1, 1);
      const { longest } = await rig.cost(async () => {
        line.ws.pause();
        for (let ref = 2; ref <= 600; ref++) line.say("f", 1, ref, "signup.change", `name=${ref}`, {});
        await taken(line);
        if (then === "and breaks the connection") line.terminate();
        await rig.expectServing();
      });
      expect(longest).toBeLessThan(1000);
    },
  );
});

describe("refusals", () => {
  const rig = attacked({ reports: "printed" });

  it.each([
    ["undeclared events", (ref: number) => ["e", 1, ref, `nothing${ref}`, {}]],
    ["payloads that do not fit", (ref: number) => ["e", 1, ref, "add", { by: "much" }]],
    ["forms with too many fields", (ref: number) => ["f", 1, ref, "add", "a=&".repeat(1200), {}]],
  ])("of %s fill no log, and end the socket after some hundred", async (_, frame) => {
    const { line } = await rig.open();
    const from = rig.server.output.length;
    for (let ref = 1; ref <= 5000 && !line.closed; ref++) {
      line.say(...frame(ref));
      if (ref % 100 === 0) await taken(line);
    }
    await line.end();
    await rig.expectServing();
    const printed = rig.server.output.slice(from);
    expect(printed.split("\n").length).toBeLessThan(100);
    expect(printed.length).toBeLessThan(50_000);
  });

  it("of joins with an invalid token do not fill the log", async () => {
    const { line } = await rig.open();
    const from = rig.server.output.length;
    for (let ref = 1; ref <= 3000 && !line.closed; ref++) {
      line.say("j", 2 + (ref % 50), { token: `x${ref}`, url: "/" });
      if (ref % 100 === 0) await taken(line);
    }
    await rig.expectServing();
    expect(rig.server.output.slice(from).split("\n").length).toBeLessThan(100);
  });

  it("of one socket after the other do not fill the log", async () => {
    const from = rig.server.output.length;
    for (let at = 0; at < 300; at++) {
      const line = await rig.connect();
      line.text("{");
      await line.end();
    }
    expect(rig.server.output.slice(from).split("\n").length).toBeLessThan(100);
    await rig.expectServing();
  });

  it("of pages of another origin do not fill the log", async () => {
    const from = rig.server.output.length;
    for (let at = 0; at < 300; at++) {
      const line = rig.visitor().dial({ origin: `http://evil${at}.example` });
      await line.end();
    }
    expect(rig.server.output.slice(from).split("\n").length).toBeLessThan(100);
    await rig.expectServing();
  });
});

describe("bytes", () => {
  const rig = attacked();

  /** A client's WebSocket frame, masked with zeros. */
  const frame = (first: number, length = 0) => {
    const head = Buffer.alloc(length > 125 ? 8 : 6);
    head[0] = first;
    head[1] = 0x80 | (length > 125 ? 126 : length);
    if (length > 125) head.writeUInt16BE(length, 2);
    return Buffer.concat([head, Buffer.alloc(length, 0x20)]);
  };

  /** A raw socket behind a valid handshake. */
  async function bare(): Promise<{
    write(bytes: Uint8Array): Promise<void>;
    ended: Promise<void>;
    end(): void;
  }> {
    const socket = connect(rig.port, "127.0.0.1");
    socket.on("error", () => {});
    socket.write(
      `GET /overwire/socket HTTP/1.1\r\nHost: 127.0.0.1:${rig.port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\n\r\n`,
    );
    await new Promise((resolve) => socket.once("data", resolve));
    socket.resume();
    const ended = new Promise<void>((resolve) => socket.once("close", () => resolve()));
    return {
      write: (bytes) =>
        new Promise((resolve) => {
          if (socket.destroyed) return resolve();
          socket.write(bytes, () => resolve());
        }),
      ended,
      end: () => socket.destroy(),
    };
  }

  it("of a message in 100,000 empty fragments", async () => {
    const socket = await bare();
    const { kept, longest } = await rig.cost(async () => {
      await socket.write(frame(0x01));
      await socket.write(Buffer.concat(Array(100_000).fill(frame(0x00))));
      await rig.expectServing();
    });
    expect(kept).toBeLessThan(10_000_000);
    expect(longest).toBeLessThan(1000);
    socket.end();
  });

  it("of 100,000 pings, whose answers are not read", async () => {
    const socket = await bare();
    const { kept } = await rig.cost(async () => {
      await socket.write(Buffer.concat(Array(100_000).fill(frame(0x89, 100))));
      await rig.expectServing();
    });
    expect(kept).toBeLessThan(20_000_000);
    socket.end();
  });

  it.each([
    ["a frame that is not masked", Buffer.from([0x81, 0x02, 0x68, 0x69])],
    ["a reserved bit", frame(0xc1, 5)],
    ["a reserved opcode", frame(0x83, 5)],
    ["a ping in fragments", frame(0x09)],
    ["a continuation of nothing", frame(0x80)],
    ["a length of 2 to the 63", Buffer.from([0x81, 0xff, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])],
    ["a close with half a code", Buffer.from([0x88, 0x81, 0, 0, 0, 0, 0x03])],
    ["a close with a code that is none", Buffer.from([0x88, 0x82, 0, 0, 0, 0, 0x00, 0x01])],
    ["text that is no UTF-8", Buffer.from([0x81, 0x82, 0, 0, 0, 0, 0xc3, 0x28])],
  ])("of %s end that socket alone", async (_, bytes) => {
    const socket = await bare();
    await socket.write(bytes);
    await socket.ended;
    await rig.expectServing();
  });

  it("half a frame, and nothing more, costs nothing", async () => {
    const sockets = await Promise.all(Array.from({ length: 50 }, bare));
    const { kept } = await rig.cost(async () => {
      await Promise.all(sockets.map((socket) => socket.write(frame(0x81, 60_000).subarray(0, 100))));
      await rig.expectServing();
    });
    expect(kept).toBeLessThan(10_000_000);
    for (const socket of sockets) socket.end();
  });
});

describe("views of other visitors", () => {
  const rig = attacked({ limits: { waitingViews: 40, waitingTime: 20_000 } });

  const serialOf = (text: string) => /<i[^>]*>(\d+)<\/i>/.exec(text)?.[1];

  it("are not pushed out by a visitor who loads many pages", async () => {
    const victim = rig.visitor();
    const page = await victim.load("/");
    const attacker = new Visitor(rig.server.origin);
    for (let at = 0; at < 60; at++) await attacker.load("/");
    const line = await rig.connect(victim);
    const answer = await line.join(1, page);
    expect(JSON.stringify(answer)).toContain(`"${serialOf(page.html)}"`);
  });

  it("are not pushed out by a visitor whose connections break", async () => {
    const victim = await rig.open();
    await victim.line.event(1, 1, "inc");
    victim.line.terminate();
    const attacker = await rig.open();
    for (let view = 2; view <= 60; view++) {
      await attacker.line.join(view, attacker.page);
    }
    attacker.line.terminate();
    // The server has noticed the end once the views are not joined any more.
    await rig.open();
    const line = await rig.connect(victim.visitor);
    const answer = await line.join(1, victim.page, { seen: 2 });
    expect(answer[4]).toMatchObject({ q: [1] });
  });
});
