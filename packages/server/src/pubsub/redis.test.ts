import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { createApp, html, LiveView, type Report } from "@overwire/server";
import { serve } from "@overwire/server/node";
import { redisPubSub } from "@overwire/server/redis";
import { freePort } from "@overwire/test-support/free-port";
import { describeRedis, type RedisServer, startRedis } from "@overwire/test-support/redis-server";
import { live } from "@overwire/testing";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";

const secret = "a secret of this test, which is long enough";

type Node = ReturnType<typeof redisPubSub>;

/** Warnings and the like of a node, as lines. */
function toldBy(node: Node): string[] {
  const told: string[] = [];
  node.on("lost", ({ error }) => told.push(`lost: ${error.message}`));
  node.on("reconnected", () => told.push("reconnected"));
  node.on("warning", ({ message }) => told.push(message));
  return told;
}

describe("the options of redisPubSub", () => {
  test("without an address it says so", () => {
    expect(() => redisPubSub({ url: undefined })).toThrow(/its url is undefined. Is REDIS_URL set\?/);
  });

  test("a wrong address is refused at once", () => {
    expect(() => redisPubSub({ url: "localhost" })).toThrow(/Invalid URL/);
    expect(() => redisPubSub({ url: "http://localhost" })).toThrow(/redis/);
  });

  test("namespaces that could meet are refused", () => {
    expect(() => redisPubSub({ url: "redis://localhost", namespace: "shop:admin" })).toThrow(
      /without a colon/,
    );
    expect(() => redisPubSub({ url: "redis://localhost", namespace: "" })).toThrow(/without a colon/);
  });
});

describeRedis("redisPubSub", () => {
  let redis: RedisServer;
  const nodes: Node[] = [];
  const make = (options: Partial<Parameters<typeof redisPubSub>[0]> = {}): Node => {
    const node = redisPubSub({ url: redis.url, ...options });
    nodes.push(node);
    return node;
  };
  const unhandled: unknown[] = [];
  const note = (error: unknown) => void unhandled.push(error);

  beforeAll(async () => {
    redis = await startRedis();
  });
  beforeEach(() => void process.on("unhandledRejection", note));
  afterEach(async () => {
    await Promise.all(nodes.splice(0).map((node) => node.close()));
    process.off("unhandledRejection", note);
    expect(unhandled.splice(0)).toEqual([]);
  });
  afterAll(() => redis.stop());

  test("topics are subscribed when they are needed, once for a node, and no longer", async () => {
    const node = make();
    const idle = toldBy(node);
    await node.settled();
    expect(await redis.channels()).toEqual([]);
    const stops = ["posts", "posts", "__proto__"].map((topic) => node.subscribe(topic, () => {}));
    await node.settled();
    expect(await redis.channels()).toEqual(["overwire:__proto__", "overwire:posts"]);
    expect(await redis.send("PUBSUB", "NUMSUB", "overwire:posts")).toEqual(["overwire:posts", 1]);
    stops[0]?.();
    stops[2]?.();
    await expect.poll(() => redis.channels()).toEqual(["overwire:posts"]);
    stops[1]?.();
    await expect.poll(() => redis.channels()).toEqual([]);
    expect(idle).toEqual([]);
  });

  test("it connects when it is first needed, and leaves when it is not any more", async () => {
    await expect.poll(() => redis.connections()).toBe(0);
    const node = make();
    const stop = node.subscribe("posts", () => {});
    await node.settled();
    expect(await redis.connections()).toBe(2);
    stop();
    expect(await node.settled()).toBe(false);
    await expect.poll(() => redis.connections()).toBe(0);
    const heard: unknown[] = [];
    node.subscribe("posts", (post) => heard.push(post));
    expect(await node.settled()).toBe(true);
    make().publish("posts", "again");
    await expect.poll(() => heard).toEqual(["again"]);
  });

  test("messages published right before the close are sent", async () => {
    const heard: number[] = [];
    const far = make();
    far.subscribe<number>("posts", (post) => heard.push(post));
    await far.settled();
    const script = redisPubSub({ url: redis.url });
    for (let index = 0; index < 100; index++) script.publish("posts", index);
    await script.close();
    await expect.poll(() => heard.length).toBe(100);
  });

  test("two apps with namespaces of their own share a Redis", async () => {
    const [shop, blog] = [make({ namespace: "shop" }), make({ namespace: "blog" })];
    const heard: unknown[] = [];
    shop.subscribe("posts", (message) => heard.push(["shop", message]));
    blog.subscribe("posts", (message) => heard.push(["blog", message]));
    await Promise.all([shop.settled(), blog.settled()]);
    make({ namespace: "shop" }).publish("posts", 1);
    make({ namespace: "blog" }).publish("posts", 2);
    await expect.poll(() => heard.length).toBe(2);
    expect(heard).toEqual(
      expect.arrayContaining([
        ["shop", 1],
        ["blog", 2],
      ]),
    );
  });

  test("hostile texts on Redis throw nowhere and change no prototype; what follows them arrives", async () => {
    const node = make();
    const told = toldBy(node);
    const heard: unknown[] = [];
    node.subscribe("posts", (post) => heard.push(post));
    node.subscribe("other", (post) => heard.push(post));
    await node.settled();
    const deep = `[${Array.from({ length: 20_000 }, (_, index) => `[${index + 1}]`).join(",")},1]`;
    const hostile = [
      "",
      "short",
      "no json at all",
      '[{"__proto__":1},{"polluted":2},true]',
      '[["null","__proto__",1],true]',
      '[{"constructor":1},{"prototype":2},{"polluted":3},true]',
      '[["Unknown",1],1]',
      '[["Object",0]]',
      '[["Uint8Array",1],["Uint8Array",0]]',
      '[["Buffer",1],"x"]',
      '[["Map",0,0]]',
      '[["BigInt","x"]]',
      "[[-7,4294967295]]",
      "[]",
      "-99",
      "[99]",
      deep,
    ];
    for (const text of hostile) await redis.send("PUBLISH", "overwire:posts", `abcdefghijklmnop${text}`);
    await redis.send("PUBLISH", "overwire:posts", "x");
    make().publish("other", "well");
    await expect.poll(() => heard.at(-1)).toBe("well");
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
    expect(told).toEqual([
      expect.stringMatching(/^A message on "posts" came from the broker and cannot be read: /),
    ]);
  });

  test("a topic that Redis does not allow is reported, and the others go on", async () => {
    await redis.send("ACL", "SETUSER", "narrow", "on", ">secret", "+@all", "resetchannels", "&overwire:open");
    const node = make({ url: redis.url.replace("//", "//narrow:secret@") });
    const told = toldBy(node);
    const heard: unknown[] = [];
    node.subscribe("closed", (message) => heard.push(message));
    node.subscribe("open", (message) => heard.push(message));
    expect(await node.settled()).toBe(true);
    node.publish("closed", 1);
    make().publish("open", 2);
    await expect.poll(() => heard).toEqual([1, 2]);
    await expect.poll(() => told.length).toBe(2);
    expect(told.join()).toMatch(
      /refuses to subscribe to "overwire:closed".*refuses a message on "overwire:closed"/,
    );
  });

  describe("a Redis that is lost", () => {
    test("killed and restarted under load: one report each way, and memory does not grow", async () => {
      const own = await startRedis();
      const reports: Report[] = [];
      const events: string[] = [];
      const pubsub = make({ url: own.url });
      const app = createApp({ secret, pubsub, report: (report) => reports.push(report) });
      app.on("pubsub:lost", ({ error }) => events.push(`lost: ${error instanceof Error}`));
      app.on("pubsub:reconnected", ({ since }) => events.push(`reconnected: ${since instanceof Date}`));
      let heard = 0;
      app.subscribe("load", () => heard++);
      let sent = 0;
      const filling = { text: "x".repeat(10_000) };
      const publish = () => {
        for (let index = 0; index < 50; index++, sent++) app.publish("load", filling);
      };
      await pubsub.settled();
      const load = setInterval(publish, 1);
      await expect.poll(() => heard).toBeGreaterThan(1000);

      await own.kill();
      await expect.poll(() => events).toEqual(["lost: true"]);
      const before = process.memoryUsage().rss;
      const atLoss = sent;
      await expect.poll(() => sent).toBeGreaterThan(atLoss + 20_000);
      // 200 MB were published meanwhile.
      expect(process.memoryUsage().rss - before).toBeLessThan(150 * 1024 * 1024);
      await own.start();
      await expect.poll(() => events).toEqual(["lost: true", "reconnected: true"]);
      clearInterval(load);
      await pubsub.settled();
      await expect.poll(() => heard).toBe(sent);
      expect(await own.channels()).toContain("overwire:load");
      expect(reports.map(({ kind, event }) => `${kind} ${event}`)).toEqual([
        "warning pubsub",
        "warning pubsub",
      ]);
      await app.close();
      await own.stop();
    });

    test("not there at the start: the app starts, reports once, and connects later", async () => {
      const line = await redis.line();
      line.cut();
      const reports: Report[] = [];
      const pubsub = make({ url: line.url });
      const app = createApp({ secret, pubsub, report: (report) => reports.push(report) });
      class Chat extends LiveView {
        said: string[] = [];
        mount() {
          this.subscribe<string>("chat", (text) => void this.said.push(text));
        }
        say = this.event(() => this.publish("chat", "Hello"));
        render = () => html`<button phx-click=${this.say}>${this.said.join()}</button>`;
      }
      app.live("/", Chat);
      const view = await live(app, "/");
      await expect.poll(() => reports.length).toBe(1);
      await view.element("button").click();
      await vi.waitFor(() => expect(view.text("button")).toBe("Hello"));
      await expect.poll(() => line.refused).toBeGreaterThan(6);
      expect(reports.map(({ message }) => message)).toEqual([
        expect.stringMatching(/^Other nodes cannot be reached/),
      ]);

      line.heal();
      await expect.poll(() => reports.length).toBe(2);
      const far = make();
      far.publish("chat", "Far");
      await vi.waitFor(() => expect(view.text("button")).toBe("Hello,Far"));
      await app.close();
    });

    test("that gives no answer is lost after a while, and found again", async () => {
      vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
      try {
        const line = await redis.line();
        const node = make({ url: line.url });
        const told = toldBy(node);
        const heard: unknown[] = [];
        const far = make();
        for (const one of [node, far]) one.subscribe("posts", (post) => heard.push(post));
        await Promise.all([node.settled(), far.settled()]);
        // Both connections have answered the first heartbeat when what follows it has come.
        node.publish("posts", 1);
        far.publish("posts", 2);
        await vi.waitUntil(() => heard.length === 4, { interval: 20 });
        line.freeze();
        vi.advanceTimersByTime(5000);
        expect(told).toEqual([]);
        vi.advanceTimersByTime(5000);
        expect(told).toEqual(["lost: Redis gave no answer in 5000 ms."]);
        line.heal();
        vi.advanceTimersByTime(3000);
        await node.settled();
        await vi.waitUntil(() => told.length === 2, { interval: 20 });
      } finally {
        vi.useRealTimers();
      }
    });

    test("that is slower than what is published: what waits has a bound, and local messages go on", async () => {
      const line = await redis.line();
      const node = make({ url: line.url });
      const told = toldBy(node);
      let heard = 0;
      node.subscribe("load", () => heard++);
      await node.settled();
      line.freeze();
      const text = "x".repeat(1024 * 1024);
      for (let index = 0; index < 80; index++) node.publish("load", text);
      expect(told).toEqual([
        expect.stringMatching(/^lost: The broker is slower than what is published: 6\d MB wait/),
      ]);
      await expect.poll(() => heard).toBe(80);
      line.heal();
      await expect.poll(() => told.at(-1)).toBe("reconnected");
      expect(told).toHaveLength(2);
    });
  });

  test("serve(app).close() leaves nothing open, and the app can go on", async () => {
    await expect.poll(() => redis.connections()).toBe(0);
    const pubsub = make();
    const app = createApp({ secret, pubsub, report: () => {} });
    const heard: unknown[] = [];
    app.subscribe("posts", (post) => heard.push(post));
    app.on("pubsub:lost", () => {});
    const served = await serve(app, { port: 0, log: false }).ready;
    await pubsub.settled();
    expect(await redis.connections()).toBe(2);
    await served.close();
    await expect.poll(() => redis.connections()).toBe(0);
    app.publish("posts", "unheard");

    const again = await serve(app, { port: 0, log: false }).ready;
    class Page extends LiveView {
      render = () => html`<p></p>`;
    }
    app.live("/", Page);
    await (await live(app, "/")).close();
    await pubsub.settled();
    app.publish("posts", "heard");
    await expect.poll(() => heard).toEqual(["heard"]);
    await again.close();
    await expect.poll(() => redis.connections()).toBe(0);
  });

  describe("a process with nothing else to do", () => {
    const entry = fileURLToPath(new URL("../../dist/redis.js", import.meta.url));
    const run = async (code: string): Promise<[code: number | null, output: string]> => {
      const script = `import { redisPubSub } from ${JSON.stringify(entry)};\n${code}`;
      const child = spawn(process.execPath, ["--input-type=module", "--eval", script], { stdio: "pipe" });
      let output = "";
      child.stdout.on("data", (text) => (output += text));
      child.stderr.on("data", (text) => (output += text));
      const [status] = (await once(child, "close")) as [number | null];
      return [status, output];
    };

    test("ends while it is connected", async () => {
      const code = `const node = redisPubSub({ url: "${redis.url}" });
        node.subscribe("posts", () => {});
        setTimeout(() => {}, 5000).unref();
        const ticking = setInterval(() => {}, 100);
        console.log(await node.settled());
        clearInterval(ticking);`;
      expect(await run(code)).toEqual([0, "true\n"]);
    });

    test("ends while Redis is not there", async () => {
      const code = `const node = redisPubSub({ url: "redis://127.0.0.1:${await freePort()}" });
        node.on("lost", () => { console.log("lost"); clearInterval(ticking); });
        const ticking = setInterval(() => {}, 100);`;
      expect(await run(code)).toEqual([0, "lost\n"]);
    });

    test("publishes, closes, and ends", async () => {
      const node = make();
      const heard: unknown[] = [];
      node.subscribe("jobs", (job) => heard.push(job));
      await node.settled();
      const code = `const node = redisPubSub({ url: "${redis.url}" });
        node.publish("jobs", "done");
        await node.close();`;
      expect(await run(code)).toEqual([0, ""]);
      await expect.poll(() => heard).toEqual(["done"]);
    });
  });
});
