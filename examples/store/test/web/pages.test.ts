/** Every page of the store opens without a mistake, with one heading and a title: a page that is not in the list fails. */
import { live } from "@overwire/testing";
import { expect, test } from "vitest";
import { PAGES, world } from "../support/all-pages.ts";
import { testStore } from "../support/test-store.ts";

/** Paths of GET that are no pages: files, the API, channels, handlers. */
const NO_PAGES =
  /^\/(overwire|api\/v1|assets|drawings|pictures|auth|terminals)\/|^\/(health|terminals|login\/ended|desk\/orders\.csv|auth)$/;

test("the list has every page of the app", () => {
  const served = testStore().app.routes.filter(
    ({ method, path }) => method === "GET" && !NO_PAGES.test(path),
  );
  expect([...new Set(served.map(({ path }) => path))].sort()).toEqual(Object.keys(PAGES).sort());
});

test.each(Object.keys(PAGES))("the page %s opens", async (path) => {
  const shop = await world();
  const { at = path, session } = (await PAGES[path]?.(shop)) ?? {};
  const page = await live(shop.app, at, { ...(session && { session }), hooks: { Copy() {} } });
  await page.settled();
  expect(page.html().match(/<h1[\s>]/g)).toHaveLength(1);
  expect(page.title()).toMatch(/^.+ · Overwire Store$/);
});
