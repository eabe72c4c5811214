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
