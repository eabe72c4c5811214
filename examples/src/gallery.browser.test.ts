/** The gallery in a browser, under its strict policy: its index, its sources, and all of its pages. */
import { describeBrowser } from "@overwire/test-support/chromium";
import { expect, test } from "vitest";
import { examples } from "./examples.ts";
import { joined, openGallery, text } from "./shared/browser-harness.ts";

describeBrowser("the gallery", (browser) => {
  const gallery = openGallery(browser);
  const { newContext, visit } = gallery;

  test("leads from the home page to every example, each alive under the strict policy", async () => {
    const page = await (await newContext()).newPage();
    await page.goto("/");
    for (const { path, name } of examples) {
      const arrived = page.waitForResponse((response) => new URL(response.url()).pathname === path);
      await page.locator("main").getByRole("link", { name, exact: true }).click();
      const policy = (await (await arrived).allHeaders())["content-security-policy"];
      expect(policy).toContain("default-src 'self'");
      expect(policy).not.toContain("unsafe");
      await joined(page);
      expect(await page.title()).toBe(`${name} · Overwire`);
      expect(await text(page, ".site [aria-current=page]")).toBe(name);
      await page.getByRole("link", { name: "Overwire gallery" }).click();
      await page.waitForURL("/");
    }
  });

  test("its index opens, leads on and closes by keyboard, without a script", async () => {
    const context = await browser().newContext({ baseURL: gallery.url, javaScriptEnabled: false });
    const page = await context.newPage();
    const press = async (...keys: string[]) => {
      for (const key of keys) await page.keyboard.press(key);
    };
    await page.goto("/chat");
    const index = page.getByRole("navigation", { name: "Examples" });
    expect(await index.isVisible()).toBe(false);

    await press("Tab", "Tab", "Enter");
    await index.waitFor();
    expect(await index.getByRole("link").allTextContents()).toEqual(examples.map(({ name }) => name));
    await press("Escape");
    await index.waitFor({ state: "hidden" });

    await press("Enter", "Tab", "Tab", "Enter");
    await page.waitForURL("**/clock");
    await context.close();
  });

  test("shows the sources", async () => {
    const page = await visit("/counter");
    await page.getByRole("link", { name: "counter.ts", exact: true }).click();
    await page.waitForURL("**/source/counter.ts");
    expect(await text(page, "pre")).toContain("class Counter extends LiveView");
  });

  test.each(["/", ...examples.map(({ path }) => path), "/source/table.ts"])(
    "%s fits a phone",
    async (path) => {
      const page = await (await newContext({ viewport: { width: 390, height: 800 } })).newPage();
      await page.goto(path);
      for (const selector of ["html", ".site"]) {
        const over = await page
          .locator(selector)
          .evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth);
        expect(over).toBeLessThanOrEqual(0);
      }
    },
  );
});
