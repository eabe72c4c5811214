/** A view on a server of its own, and a page of Chromium for it, as long as the tests of a group run. */
import { createApp, type LiveView } from "@overwire/server";
import { type Served, serve } from "@overwire/server/node";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll } from "vitest";

export interface ServedView {
  readonly url: string;
  readonly page: Page;
}

/** Serves a view at `/` before the tests of the group around it, and ends all of it after them. */
export function serveView(browser: () => Browser, View: new () => LiveView): ServedView {
  let served: Served;
  let page: Page;
  beforeAll(async () => {
    const app = createApp({ secret: "x".repeat(32), report: () => {} });
    app.live("/", View);
    served = await serve(app, { port: 0, log: false }).ready;
    page = await browser().newPage();
  });
  afterAll(async () => {
    await page.close();
    await served.close();
  });
  return {
    get url() {
      return served.url.toString();
    },
    get page() {
      return page;
    },
  };
}
