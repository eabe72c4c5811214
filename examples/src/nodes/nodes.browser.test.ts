/** The gallery on two nodes behind its proxy, in a browser: no page stays with the node that painted it. */
import { once } from "node:events";
import { describeBrowser } from "@overwire/test-support/chromium";
import { describeRedis, type RedisServer, startRedis } from "@overwire/test-support/redis-server";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Nodes, startNodes } from "./nodes.ts";

describeRedis("the gallery on two nodes", () => {
  describeBrowser("in a browser", (browser) => {
    let redis: RedisServer;
    let nodes: Nodes;
    beforeAll(async () => {
      redis = await startRedis();
      nodes = await startNodes(2, { port: 0, redis: redis.url });
    });
    afterAll(async () => {
      await nodes.close();
      await redis.stop();
    });

    const visit = async (name: string) => {
      const page = await (await browser().newContext({ baseURL: nodes.url })).newPage();
      await page.goto("/chat");
      return {
        page,
        say: async (text: string) => {
          // A view that is mounted anew on the other node has forgotten it.
          await page.getByRole("textbox", { name: "Your name" }).fill(name);
          const message = page.getByRole("textbox", { name: "Message" });
          await message.fill(text);
          await message.press("Enter");
        },
        sees: (text: string) => page.locator("li", { hasText: text }).first().waitFor(),
        has: (text: string) => page.locator("li", { hasText: text }).count(),
      };
    };

    test("a room spans both: its views, their presence, and a terminal over a channel", async () => {
      const enter = async (name: string) => {
        const page = await (await browser().newContext({ baseURL: nodes.url })).newPage();
        await page.goto("/room");
        await page.getByRole("textbox", { name: "Your name" }).fill(name);
        await page.getByRole("button", { name: "Enter" }).click();
        await page.locator(".phx-connected .room").waitFor();
        return page;
      };
      const users = [await enter("Ann"), await enter("Bob"), await enter("Cleo")];
      for (const page of users) await page.getByText("Here: 3").waitFor();
      for (const [index, page] of users.entries()) {
        await page.getByRole("button", { name: "Connect", exact: true }).click();
        await page.locator("#terminal pre", { hasText: "Cleo is here" }).waitFor();
        const line = page.getByRole("textbox", { name: "Line for the terminal" });
        await line.fill(`Terminal ${index}`);
        await line.press("Enter");
        for (const other of users) await other.locator(".log li", { hasText: `Terminal ${index}` }).waitFor();
      }
      await users[0]?.locator(".log li", { hasText: "Read by Bob" }).waitFor();
      for (const page of users) await page.context().close();
    });

    test("notifications reach one user, or all, on whichever node", async () => {
      const open = async (node: number, path: string) => {
        const baseURL = `http://localhost:${nodes.ports[node]}`;
        const page = await (await browser().newContext({ baseURL })).newPage();
        await page.goto(path);
        await page.locator("#bell.phx-connected").waitFor();
        return page;
      };
      const desk = await open(0, "/notifications/desk?as=Ann");
      const bob = await open(1, "/notifications?as=Bob");
      const cleo = await open(1, "/notifications?as=Cleo");
      for (const user of ["Bob", "Cleo"]) await desk.locator("label.online", { hasText: user }).waitFor();
      const send = async (to: string, text: string) => {
        await desk.getByRole("radio", { name: to }).check();
        await desk.getByRole("textbox", { name: "Text" }).fill(text);
        await desk.getByRole("button", { name: "Send" }).click();
      };
      await send("Bob", "For Bob");
      await send("everyone", "For all");
      for (const page of [bob, cleo, desk]) await page.locator(".toast", { hasText: "For all" }).waitFor();
      await bob.locator(".toast", { hasText: "For Bob" }).waitFor();
      for (const page of [cleo, desk]) expect(await page.locator(".toast").count()).toBe(1);

      // The other node knows what Bob has read.
      const other = await open(0, "/notifications?as=Bob");
      await other.getByRole("link", { name: "Inbox, 2 unread" }).waitFor();
      await bob.getByRole("button", { name: "Mark all as read" }).click();
      await other.getByRole("link", { name: "Inbox, 0 unread" }).waitFor();
      for (const page of [desk, bob, cleo, other]) await page.context().close();
    });

    test("a chat spans both, and goes on when one of them drains", async () => {
      const users = [await visit("Ann"), await visit("Bob"), await visit("Cleo")];
      const everyoneSees = (text: string) => Promise.all(users.map((user) => user.sees(text)));
      for (const [index, user] of users.entries()) {
        await user.say(`Hello ${index}`);
        await everyoneSees(`Hello ${index}`);
      }

      const leaving = nodes.processes[0];
      const exit = once(leaving ?? process, "exit");
      leaving?.kill("SIGTERM");
      expect(await exit).toEqual([0, null]);
      for (const [index, user] of users.entries()) {
        const text = `Still here ${index}`;
        // A message that is sent while the page has no server is refused: its view is mounted anew.
        await expect
          .poll(async () => {
            await user.say(text);
            return user.has(text);
          })
          .toBeGreaterThan(0);
        await everyoneSees(text);
      }
      await everyoneSees("Hello 0");
    });
  });
});
