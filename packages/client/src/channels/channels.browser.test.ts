/** Channels in Chromium, by the file that an app serves: two tabs, bytes, presence of mind after a loss, and nothing for others. */
import { Channel, createApp, html, LiveView } from "@overwire/server";
import { type Served, serve } from "@overwire/server/node";
import { describeBrowser } from "@overwire/test-support/chromium";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";

class RoomChannel extends Channel<{ message: { body: string } }, { name: string }> {
  join() {
    return { name: this.assigns.name };
  }
  say = this.event(({ body }) => {
    this.broadcast("message", { body: `${this.assigns.name}: ${body}` });
    return { length: String(body).length };
  });
  echo = this.event(
    { "~standard": { version: 1, vendor: "test", validate: (value) => ({ value }) } },
    (bytes) => bytes,
  );
}

class Plain extends LiveView {
  override render() {
    return html`<p>plain</p>`;
  }
}

const SCRIPT = `
  import { Socket } from "/overwire/channels.js";
  const name = new URL(location.href).searchParams.get("name");
  const socket = new Socket("/socket", { token: async () => name });
  const room = socket.channel("room:1");
  const heard = [];
  room.on("message", ({ body }) => heard.push(body));
  socket.connect();
  Object.assign(window, { socket, room, heard, joined: room.join() });
`;

/** Globals of the page, by its script. */
interface ChatPage {
  socket: { connected: boolean; disconnect(): void };
  room: { state: string; push(name: string, payload: unknown): Promise<unknown> };
  heard: string[];
  joined: Promise<unknown>;
}

describeBrowser("channels in a page", (browser) => {
  let served: Served;
  const app = createApp({ secret: "x".repeat(32), report: () => {} });
  app.live("/view", Plain);
  app.get("/chat", (c) => c.html('<!doctype html><script type="module" src="/chat.js"></script>'));
  app.get("/chat.js", (c) => c.body(SCRIPT, 200, { "content-type": "text/javascript" }));
  app.channels(
    "/socket",
    { connect: ({ token }) => ({ name: token ?? "" }), id: ({ name }) => `user:${name}` },
    (socket) => socket.channel("room:*", RoomChannel),
  );
  beforeAll(async () => {
    served = await serve(app, { port: 0, log: false }).ready;
  });
  afterAll(() => served.close());

  const tab = async (path: string) => {
    const page = await browser().newPage();
    const loaded: string[] = [];
    page.on("request", (request) => loaded.push(new URL(request.url()).pathname));
    await page.goto(new URL(path, served.url).toString());
    return { page, loaded };
  };
  const heard = (page: Page) => page.evaluate(() => (window as unknown as ChatPage).heard);
  const say = (page: Page, body: string) =>
    page.evaluate((body) => (window as unknown as ChatPage).room.push("say", { body }), body);

  test("two tabs talk, bytes travel as bytes, and no other script is loaded", async () => {
    const [ann, bob] = [await tab("/chat?name=ann"), await tab("/chat?name=bob")];
    for (const [{ page }, name] of [
      [ann, "ann"],
      [bob, "bob"],
    ] as const)
      expect(await page.evaluate(() => (window as unknown as ChatPage).joined)).toEqual({ name });
    expect(await say(ann.page, "Grüße")).toEqual({ length: 5 });
    for (const { page } of [ann, bob])
      await page.waitForFunction(() => (window as unknown as ChatPage).heard.length === 1);
    expect(await heard(bob.page)).toEqual(["ann: Grüße"]);
    const bytes = await ann.page.evaluate(async () => {
      const reply = await (window as unknown as ChatPage).room.push("echo", Uint8Array.of(0, 255));
      return reply instanceof Uint8Array && [...reply];
    });
    expect(bytes).toEqual([0, 255]);
    expect(ann.loaded).toEqual(["/chat", "/chat.js", "/overwire/channels.js"]);
    await Promise.all([ann.page.close(), bob.page.close()]);
  });

  test("a tab that the server has disconnected joins again, and what it pushed meanwhile arrives once", async () => {
    const [ann, bob] = [await tab("/chat?name=ann"), await tab("/chat?name=bob")];
    for (const { page } of [ann, bob]) await page.evaluate(() => (window as unknown as ChatPage).joined);
    app.disconnect("user:ann");
    await ann.page.waitForFunction(() => !(window as unknown as ChatPage).socket.connected);
    expect(await say(ann.page, "back")).toEqual({ length: 4 });
    expect(await say(bob.page, "last")).toEqual({ length: 4 });
    await bob.page.waitForFunction(() => (window as unknown as ChatPage).heard.includes("bob: last"));
    expect(await heard(bob.page)).toEqual(["ann: back", "bob: last"]);
    await Promise.all([ann.page.close(), bob.page.close()]);
  });

  test("a page that goes back finds its channel joined again", async () => {
    const { page } = await tab("/chat?name=ann");
    await page.evaluate(() => (window as unknown as ChatPage).joined);
    await page.goto(new URL("/view", served.url).toString());
    await page.goBack();
    await page.waitForFunction(() => (window as unknown as ChatPage).room?.state === "joined");
    await page.close();
  });

  test("a page of a view loads nothing of channels", async () => {
    const { page, loaded } = await tab("/view");
    await page.waitForSelector(".phx-connected");
    expect(loaded.filter((path) => path.includes("channels"))).toEqual([]);
    expect(loaded.some((path) => path.includes("/overwire/client-"))).toBe(true);
    await page.close();
  });
});
