/** A quiz whose players are on two nodes, in a browser: also when the node that leads the game stops, or is killed. */
import { describeBrowser } from "@overwire/test-support/chromium";
import { describeRedis, type RedisServer, startRedis } from "@overwire/test-support/redis-server";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Nodes, startNodes } from "./nodes.ts";

/** A killed node counts as gone after ten seconds. */
const PATIENCE = { timeout: 20_000 };

describeRedis("a quiz on two nodes", () => {
  describeBrowser("in a browser", (browser) => {
    let redis: RedisServer;
    beforeAll(async () => {
      redis = await startRedis();
    });
    afterAll(() => redis.stop());

    const visit = async (nodes: Nodes, node: number) => {
      const baseURL = `http://localhost:${nodes.ports[node]}`;
      const page = await (await browser().newContext({ baseURL })).newPage();
      await page.goto("/quiz");
      await page.locator("[data-ow-view].phx-connected").waitFor();
      return page;
    };
    const join = async (page: Page, name: string) => {
      await page.getByRole("textbox", { name: "Your name" }).fill(name);
      await page.keyboard.press("Enter");
      await page.locator(".players li.me", { hasText: name }).waitFor();
    };
    const shows = (page: Page, text: string) => page.getByText(text, { exact: true }).waitFor(PATIENCE);
    const answer = (page: Page) => page.locator(".choices button:enabled").first().click();

    /** Ann is first, so her node leads the game. */
    const play = async (use: (game: { nodes: Nodes; ann: Page; bob: Page }) => Promise<void>) => {
      const nodes = await startNodes(2, { port: 0, redis: redis.url });
      const ann = await visit(nodes, 0);
      await join(ann, "Ann");
      const bob = await visit(nodes, 1);
      await bob.locator(".players li", { hasText: "Ann" }).waitFor();
      try {
        await join(bob, "Bob");
        await ann.locator(".players li", { hasText: "Bob" }).waitFor();
        await bob.getByRole("button", { name: "Start the game" }).click();
        for (const page of [ann, bob]) await shows(page, "Round 1 of 5");
        await use({ nodes, ann, bob });
      } finally {
        await ann.context().close();
        await bob.context().close();
        await nodes.close();
      }
    };

    test("is the same game for both, and a page that comes late to a node without players sees it", async () => {
      await play(async ({ nodes, ann, bob }) => {
        const baseURL = `http://localhost:${await nodes.add()}`;
        const late = await (await browser().newContext({ baseURL })).newPage();
        await late.goto("/quiz");
        await shows(late, "Round 1 of 5");
        await answer(ann);
        for (const page of [bob, late])
          await page.locator(".players li", { hasText: "Ann has answered" }).waitFor();
        await answer(bob);
        for (const page of [ann, bob, late]) await page.locator(".choices .right").waitFor();
        for (const page of [ann, bob, late]) await shows(page, "Round 2 of 5");
        expect(await ann.locator(".question").textContent()).toBe(
          await bob.locator(".question").textContent(),
        );
        await late.context().close();
      });
    });

    test.each(["SIGTERM", "SIGKILL"] as const)("goes on when the node that leads gets %s", async (signal) => {
      await play(async ({ nodes, bob }) => {
        await answer(bob);
        await bob.locator(".players li", { hasText: "Bob has answered" }).waitFor();
        nodes.processes[0]?.kill(signal);
        // Ann is gone, so all have answered.
        await shows(bob, "Round 2 of 5");
        expect(await bob.locator(".players li").count()).toBe(1);
        await answer(bob);
        await shows(bob, "Round 3 of 5");
      });
    });
  });
});
