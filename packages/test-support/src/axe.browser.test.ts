import { createApp, html, LiveView } from "@overwire/server";
import { expect, test } from "vitest";
import { collectViolations, expectAccessible } from "./axe.ts";
import { describeBrowser } from "./chromium.ts";
import { serveApp } from "./served-view.ts";

class Good extends LiveView {
  override pageTitle = "Good";
  override render() {
    return html`<main><h1>Good</h1><label>Name <input name="name"></label></main>`;
  }
}
class Bad extends LiveView {
  override pageTitle = "Bad";
  override render() {
    return html`<main><h1>Bad</h1><input name="name" class="nameless"></main>`;
  }
}

describeBrowser("a page of Chromium", (browser) => {
  const app = createApp({
    secret: "x".repeat(32),
    report: () => {},
    secureHeaders: { contentSecurityPolicy: { imgSrc: ["'self'"] } },
  });
  app.live("/good", Good).live("/bad", Bad);
  const served = serveApp(app);
  const open = async (path: string) => {
    const page = await (await browser().newContext()).newPage();
    const violations = await collectViolations(page);
    await page.goto(served.url(path));
    await page.locator(".phx-connected").waitFor();
    return { page, violations };
  };

  test("that all can use passes under a strict policy, and axe violates none", async () => {
    const { page, violations } = await open("/good");
    await expectAccessible(page);
    expect(await violations()).toEqual([]);
    await page.context().close();
  });

  test("with a nameless field fails with its place and the rule, unless that part is left out", async () => {
    const { page } = await open("/bad");
    await expect(expectAccessible(page)).rejects.toThrow(/label: .*\n {2}input .*nameless/);
    await expectAccessible(page, { exclude: [".nameless"] });
    await page.context().close();
  });

  test("tells of what its policy refuses, in each document", async () => {
    const { page, violations } = await open("/good");
    for (const host of ["a", "b"]) {
      await page.evaluate((host) => {
        document.body.append(Object.assign(new Image(), { alt: "", src: `https://${host}.invalid/x.png` }));
      }, host);
      await expect
        .poll(violations)
        .toContainEqual(expect.stringContaining(`img-src: https://${host}.invalid`));
      if (host === "a") await page.goto(served.url("/bad"));
    }
    await page.context().close();
  });
});
