/** Pages under strict policies in a real browser: styles of templates, and Trusted Types. */
import { createApp, each, html, type Layout, LiveView } from "@overwire/server";
import { type Served, serve } from "@overwire/server/node";
import { describeBrowser } from "@overwire/test-support/chromium";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";

declare global {
  interface Window {
    violations: string[];
  }
}

const layout: Layout = ({ children, head, nonce }) => html`<!doctype html>
  <html lang="en"><head><title>Styles</title>${head}<style nonce=${nonce}>i { opacity: 0.5 }</style></head>
  <body style="margin: 7px">${children}<script nonce=${nonce}>window.ran = true</script></body></html>`;

class Styled extends LiveView {
  color: string | undefined = "rgb(1, 2, 3)";
  width = 10;
  rows = [1];
  step = this.event(() => {});
  render() {
    return html`
      <p id="literal" style="color: rgb(9, 8, 7)">${this.width}</p>
      <p id="object" style=${{ color: this.color }}>object</p>
      <p id="part" style="width: ${this.width}px; height: 5px">part</p>
      <p id="spread" ...${{ style: { color: this.color } }}>spread</p>
      <svg><rect id="svg" style="fill: ${this.color}"></rect></svg>
      <form id="form" style="color: ${this.color}"><input name="style"></form>
      <ul>${each(
        this.rows,
        (row) => row,
        (row) => html`<li id=${`row-${row}`} style="margin-left: ${row}px">${row}</li>`,
      )}</ul>
      <i id="nonce">nonce</i>
      <button id="step" phx-click=${this.step}>step</button>`;
  }
}

const policies = {
  default: {},
  "of an author's middleware": { contentSecurityPolicy: { defaultSrc: ["'self'"] } },
  "with Trusted Types": {
    contentSecurityPolicy: { requireTrustedTypesFor: ["'script'"], trustedTypes: ["overwire"] },
  },
};

describeBrowser("a strict policy", (browser) => {
  const servers = new Map<string, Served>();
  const views: Styled[] = [];

  beforeAll(async () => {
    for (const [name, secureHeaders] of Object.entries(policies)) {
      const app = createApp({ report: () => {}, secureHeaders, layout });
      app.live(
        "/",
        class extends Styled {
          override mount() {
            views.push(this);
          }
        },
      );
      servers.set(name, await serve(app, { port: 0, log: false }).ready);
    }
  });

  afterAll(() => Promise.all(Array.from(servers.values(), (served) => served.close())));

  async function open(name: string, javaScriptEnabled = true): Promise<Page> {
    const page = await browser().newPage({ javaScriptEnabled });
    await page.addInitScript(() => {
      window.violations = [];
      document.addEventListener("securitypolicyviolation", (event) => {
        window.violations.push(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
      });
    });
    await page.goto(servers.get(name)?.url as string);
    return page;
  }

  const style = (page: Page, selector: string, property: string) =>
    page.locator(selector).evaluate((el, name) => getComputedStyle(el).getPropertyValue(name), property);

  test.each(Object.keys(policies))("%s: styles show before the client runs", async (name) => {
    const page = await open(name, false);
    expect(await style(page, "#literal", "color")).toBe("rgb(9, 8, 7)");
    expect(await style(page, "#part", "width")).toBe("10px");
    expect(await style(page, "#form", "color")).toBe("rgb(1, 2, 3)");
    expect(await style(page, "body", "margin-left")).toBe("7px");
    await page.close();
  });

  test.each(Object.keys(policies))(
    "%s: styles show at first and after patches, nothing is blocked",
    async (name) => {
      const page = await open(name);
      const all = async () => [
        await style(page, "#literal", "color"),
        await style(page, "#object", "color"),
        await style(page, "#part", "width"),
        await style(page, "#spread", "color"),
        await style(page, "#svg", "fill"),
        await style(page, "#form", "color"),
        await style(page, "li:last-child", "margin-left"),
      ];
      const first = "rgb(1, 2, 3)";
      expect(await all()).toEqual(["rgb(9, 8, 7)", first, "10px", first, first, first, "1px"]);
      expect(await style(page, "body", "margin-left")).toBe("7px");
      expect(await style(page, "#nonce", "opacity")).toBe("0.5");

      await page.locator(".phx-connected").waitFor();
      const view = views.at(-1) as Styled;
      const change = async (to: Partial<Pick<Styled, "color" | "width" | "rows">>) => {
        Object.assign(view, to);
        await page.locator("#step").click();
        await page.waitForFunction(
          (width) => document.querySelector("#literal")?.textContent === String(width),
          view.width,
        );
      };
      const next = "rgb(4, 5, 6)";
      await change({ color: next, width: 20, rows: [1, 2] });
      expect(await all()).toEqual(["rgb(9, 8, 7)", next, "20px", next, next, next, "2px"]);
      await change({ color: undefined, width: 30, rows: [2, 3] });
      const gone = "rgb(0, 0, 0)";
      expect(await all()).toEqual(["rgb(9, 8, 7)", gone, "30px", gone, gone, gone, "3px"]);
      expect(await page.evaluate(() => window.violations)).toEqual([]);
      expect(await page.evaluate(() => document.querySelectorAll("[data-ow-style]").length)).toBe(0);
      await page.close();
    },
  );
});
