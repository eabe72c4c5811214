/** Two servers in processes of their own, and a Redis between them. They run the built package. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { tokensIn } from "@overwire/test-support/fake-socket";
import { describeRedis, type RedisServer, startRedis } from "@overwire/test-support/redis-server";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { WebSocket } from "ws";

const dist = (file: string) => JSON.stringify(new URL(`../../dist/${file}`, import.meta.url).href);

const program = `
import { createApp, LiveView, html, topic } from ${dist("index.js")};
import { serve } from ${dist("node.js")};
import { redisPubSub } from ${dist("redis.js")};
const posts = topic("posts");
class Chat extends LiveView {
  posts = this.stream();
  count = 0;
  mount() {
    this.subscribe(posts, (post) => { this.count++; this.posts.insert(post); });
  }
  say = this.event(({ id }) => this.publish(posts, { id: String(id), node: process.pid, at: new Date() }));
  many = this.event(() => { for (let id = 0; id < 100; id++) this.publish(posts, { id: process.pid + "-" + id, at: new Date() }); });
  render() {
    return html\`<p>\${this.count} posts</p>
      <ul id="posts" phx-update="stream">\${this.posts.each((id, post) => html\`<li id=\${id}><b>\${post.id}</b> \${post.at.getTime() > 0}</li>\`)}</ul>\`;
  }
}
const pubsub = redisPubSub({ url: process.argv.at(-1) });
const app = createApp({ secret: "0123456789abcdef".repeat(4), pubsub });
app.live("/", Chat);
const { url } = await serve(app, { port: 0, hostname: "127.0.0.1", log: false }).ready;
await pubsub.settled();
console.log("url " + url + ";");
`;

interface ServerProcess {
  readonly url: string;
  readonly child: ChildProcess;
}

const children: ChildProcess[] = [];

async function startServer(redis: RedisServer): Promise<ServerProcess> {
  const child = spawn(process.execPath, ["--input-type=module", "-e", program, redis.url], { stdio: "pipe" });
  children.push(child);
  let output = "";
  child.stdout.on("data", (data) => (output += data));
  child.stderr.on("data", (data) => (output += data));
  await vi.waitFor(() => expect(output).toContain(";"));
  return { url: /url ([^;]*);/.exec(output)?.[1] ?? output, child };
}

interface Page {
  readonly url: string;
  readonly cookie: string;
  readonly token: string;
}

async function paint({ url }: ServerProcess): Promise<Page> {
  const response = await fetch(url);
  const cookie = response.headers.getSetCookie()[0]?.split(";")[0] ?? "";
  return { url, cookie, token: tokensIn(await response.text())[0] ?? "" };
}

/** Joins a painted page over a socket to a server, which need not be the one that painted it. */
async function join(page: Page, { url }: ServerProcess) {
  const socket = new WebSocket(`${url.replace("http", "ws")}/overwire/socket`, {
    headers: { cookie: page.cookie },
  });
  socket.on("error", () => {});
  const frames: string[] = [];
  socket.on("message", (data) => frames.push(String(data)));
  const closed = once(socket, "close") as Promise<[code: number]>;
  await once(socket, "open");
  socket.send(JSON.stringify(["j", 1, { token: page.token, url }]));
  await vi.waitFor(() => expect(frames.length).toBeGreaterThan(0));
  let ref = 0;
  return {
    closed,
    frames,
    event: (name: string, payload: object = {}) =>
      socket.send(JSON.stringify(["e", 1, ++ref, name, payload])),
    /** Ids of the posts that have come, in order. */
    posts: () =>
      frames.flatMap((frame) => frame.match(/"\d+-\d+"|"own\d+"/g) ?? []).map((id) => id.slice(1, -1)),
    close: () => socket.close(),
  };
}

/** The first of each: an item's id stands in a message as its key and as its text. */
const distinct = (ids: readonly string[]) => [...new Set(ids)];

describeRedis("two servers and a Redis", () => {
  let redis: RedisServer;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterEach(() => {
    for (const child of children.splice(0)) child.kill("SIGKILL");
  });
  afterAll(() => redis.stop());

  test("a chat spans both: posts appear in both, each server's in their order", async () => {
    const servers = await Promise.all([startServer(redis), startServer(redis)]);
    const [near, far] = await Promise.all(servers.map(async (one) => join(await paint(one), one)));
    near?.event("say", { id: "own1" });
    await vi.waitFor(() => expect(distinct(far?.posts() ?? [])).toEqual(["own1"]));
    far?.event("say", { id: "own2" });
    for (const tab of [near, far])
      await vi.waitFor(() => expect(distinct(tab?.posts() ?? [])).toEqual(["own1", "own2"]));

    near?.event("many");
    far?.event("many");
    for (const tab of [near, far]) {
      await vi.waitFor(() => expect(distinct(tab?.posts() ?? [])).toHaveLength(202));
      for (const { child } of servers) {
        const own = distinct(tab?.posts() ?? []).filter((id) => id.startsWith(`${child.pid}-`));
        expect(own).toEqual(Array.from({ length: 100 }, (_, id) => `${child.pid}-${id}`));
      }
    }
  });

  test("a page that one server painted joins the other and mounts there", async () => {
    const [painter, other] = await Promise.all([startServer(redis), startServer(redis)]);
    const tab = await join(await paint(painter), other);
    expect(tab.frames[0]).toContain('["j",1,');
    tab.event("say", { id: "own1" });
    await vi.waitFor(() => expect(distinct(tab.posts())).toEqual(["own1"]));
  });

  test("a server that drains sends its clients to the other, and hears and keeps nothing more", async () => {
    const [leaving, staying] = await Promise.all([startServer(redis), startServer(redis)]);
    const page = await paint(leaving);
    const tab = await join(page, leaving);
    leaving.child.kill("SIGTERM");
    const [code] = await tab.closed;
    expect(code).toBe(1001);
    const moved = await join(page, staying);
    moved.event("say", { id: "own1" });
    await vi.waitFor(() => expect(distinct(moved.posts())).toEqual(["own1"]));
    if (leaving.child.exitCode === null) await once(leaving.child, "exit");
    expect(leaving.child.exitCode).toBe(0);
    await expect.poll(() => redis.connections()).toBe(2);
  });
});
