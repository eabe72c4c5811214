/** Presence over a real Redis: two nodes in this process, and one in a process of its own, which is killed or stopped. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { tokensIn } from "@overwire/test-support/fake-socket";
import { describeRedis, type RedisServer, startRedis } from "@overwire/test-support/redis-server";
import { live } from "@overwire/testing";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { WebSocket } from "ws";
import { createApp } from "../app.ts";
import { redisPubSub } from "../redis.ts";
import type { Report } from "../runtime/services.ts";
import { html } from "../template/html.ts";
import { LiveView } from "../view/live-view.ts";
import { presence } from "../view/presence.ts";
import type { PresenceTimes } from "./options.ts";

const secret = "0123456789abcdef".repeat(4);
const lobby = presence<{ name: string }>("lobby");

class Lobby extends LiveView {
  people = this.present(lobby);
  override mount() {
    const { as } = this.params;
    if (typeof as === "string") this.track(lobby, as, { name: as });
  }
  render() {
    return html`<p>${this.people.list().map(({ key, metas }) => `[${key} ${metas.length}]`)}</p>`;
  }
}

const program = `
import { createApp, html, LiveView, presence } from ${JSON.stringify(new URL("../../dist/index.js", import.meta.url).href)};
import { serve } from ${JSON.stringify(new URL("../../dist/node.js", import.meta.url).href)};
import { redisPubSub } from ${JSON.stringify(new URL("../../dist/redis.js", import.meta.url).href)};
const [url, times] = JSON.parse(process.argv.at(-1));
const lobby = presence("lobby");
class Page extends LiveView {
  mount() { this.track(lobby, "child", { name: "Child" }); }
  render() { return html\`<p>page</p>\`; }
}
const app = createApp({ secret: "${secret}", pubsub: redisPubSub({ url }), presence: times });
app.live("/", Page);
const served = await serve(app, { port: 0, hostname: "127.0.0.1", log: false }).ready;
console.log("url " + served.url + ";");
`;

describeRedis("presence over Redis", () => {
  let redis: RedisServer;
  const ends: (() => unknown)[] = [];

  beforeAll(async () => {
    redis = await startRedis();
  });
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
  });
  afterAll(() => redis.stop());

  function startApp(url: string, times: PresenceTimes) {
    const reports: Report[] = [];
    const pubsub = redisPubSub({ url });
    const app = createApp({ secret, pubsub, presence: times, report: (report) => void reports.push(report) });
    app.live("/", Lobby);
    ends.push(async () => {
      await app.close();
      await pubsub.close();
    });
    const people = app.present(lobby);
    return {
      app,
      pubsub,
      reports,
      keys: () => people.list().map(({ key, metas }) => `${key} ${metas.length}`),
    };
  }

  /** A server in a process of its own, and one client that has joined its page. */
  async function startChild(times: PresenceTimes): Promise<ChildProcess> {
    const child = spawn(process.execPath, [
      "--input-type=module",
      "-e",
      program,
      JSON.stringify([redis.url, times]),
    ]);
    ends.push(() => child.kill("SIGKILL"));
    let output = "";
    child.stdout.on("data", (data) => (output += data));
    child.stderr.on("data", (data) => (output += data));
    await vi.waitFor(() => expect(output).toContain(";"));
    const url = /url ([^;]*);/.exec(output)?.[1] ?? output;
    const response = await fetch(url);
    const cookie = response.headers.getSetCookie()[0]?.split(";")[0] ?? "";
    const [token] = tokensIn(await response.text());
    const socket = new WebSocket(`${url.replace("http", "ws")}/overwire/socket`, { headers: { cookie } });
    socket.on("error", () => {});
    ends.push(() => socket.terminate());
    await once(socket, "open");
    socket.send(JSON.stringify(["j", 1, { token, url }]));
    await once(socket, "message");
    return child;
  }

  const quick: PresenceTimes = { heartbeat: 50, silence: 1000 };
  /** Nothing is swept in the time of a test. */
  const steady: PresenceTimes = { heartbeat: 50, silence: 300_000 };
  /** Nothing is swept in the time of a test, and no beat heals. */
  const patient: PresenceTimes = { heartbeat: 100_000, silence: 300_000 };

  test("two nodes see each other's, in the same order", async () => {
    const [one, two] = [startApp(redis.url, quick), startApp(redis.url, quick)];
    const ada = await live(one.app, "/?as=ada");
    const bob = await live(two.app, "/?as=bob");
    await live(two.app, "/?as=ada");
    for (const view of [ada, bob]) await vi.waitFor(() => expect(view.text("p")).toBe("[ada 2][bob 1]"));
    await vi.waitFor(() => expect(one.app.present(lobby).list()).toEqual(two.app.present(lobby).list()));
    await ada.close();
    for (const { keys } of [one, two]) await vi.waitFor(() => expect(keys()).toEqual(["bob 1", "ada 1"]));
  });

  test("a node that is cut off from Redis is swept, and both know all again when it is back", async () => {
    const line = await redis.line();
    const [one, two] = [startApp(line.url, quick), startApp(redis.url, quick)];
    const ada = await live(one.app, "/?as=ada");
    const bob = await live(two.app, "/?as=bob");
    for (const view of [ada, bob]) await vi.waitFor(() => expect(view.text("p")).toBe("[ada 1][bob 1]"));
    line.cut();
    await vi.waitFor(() => expect(bob.text("p")).toBe("[bob 1]"));
    await vi.waitFor(() => expect(ada.text("p")).toBe("[ada 1]"));
    const eve = await live(one.app, "/?as=eve");
    await vi.waitFor(() => expect(eve.text("p")).toBe("[ada 1][eve 1]"));
    expect(one.reports.filter(({ kind }) => kind !== "warning")).toEqual([]);
    line.heal();
    for (const view of [ada, bob, eve])
      await vi.waitFor(() => expect(view.text("p")).toBe("[ada 1][bob 1][eve 1]"));
    await vi.waitFor(() => expect(one.app.present(lobby).list()).toEqual(two.app.present(lobby).list()));
  });

  test("a Redis that is killed and back makes nothing flicker, and what happened meanwhile is told", async () => {
    const [one, two] = [startApp(redis.url, steady), startApp(redis.url, steady)];
    const log: string[] = [];
    await live(one.app, "/?as=ada");
    await vi.waitFor(() => expect(two.keys()).toEqual(["ada 1"]));
    two.app.subscribe(lobby, ({ joins, leaves }) => {
      for (const { key } of joins) log.push(`+${key}`);
      for (const { key } of leaves) log.push(`-${key}`);
    });
    await redis.kill();
    await vi.waitFor(() => expect(one.reports).not.toEqual([]));
    await live(one.app, "/?as=bob");
    await redis.start();
    await vi.waitFor(() => expect(two.keys()).toEqual(["ada 1", "bob 1"]));
    expect(log).toEqual(["+bob"]);
  });

  test("a node whose process is killed is swept", async () => {
    const { keys } = startApp(redis.url, quick);
    const child = await startChild(quick);
    await vi.waitFor(() => expect(keys()).toEqual(["child 1"]));
    child.kill("SIGKILL");
    await once(child, "exit");
    await vi.waitFor(() => expect(keys()).toEqual([]));
  });

  test("a node that is stopped leaves nothing behind: its entries go before it does", async () => {
    const { keys } = startApp(redis.url, patient);
    const child = await startChild(patient);
    await vi.waitFor(() => expect(keys()).toEqual(["child 1"]));
    const exited = once(child, "exit");
    child.kill("SIGTERM");
    expect(await exited).toEqual([0, null]);
    await vi.waitFor(() => expect(keys()).toEqual([]));
  });

  test("an app that is closed takes its own away, and is another node when it goes on", async () => {
    const [one, two] = [startApp(redis.url, patient), startApp(redis.url, patient)];
    await live(one.app, "/?as=ada");
    await live(two.app, "/?as=bob");
    await vi.waitFor(() => expect(two.keys()).toEqual(["ada 1", "bob 1"]));
    await one.app.close();
    await vi.waitFor(() => expect(two.keys()).toEqual(["bob 1"]));
    await live(one.app, "/?as=eve");
    for (const { keys } of [one, two]) await vi.waitFor(() => expect(keys()).toEqual(["bob 1", "eve 1"]));
  });
});
