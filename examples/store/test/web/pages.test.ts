/** Every page of the store opens without a mistake, with one heading and a title: a page that is not in the list fails. */
import type { Session } from "@overwire/server";
import { live } from "@overwire/testing";
import { expect, test } from "vitest";
import { offerPath } from "../../src/web/oauth/tokens.ts";
import { orderLines, orders, products, users } from "../support/factories.ts";
import { gatewayInMemory } from "../support/gateway-double.ts";
import { sessionOf } from "../support/login.ts";
import { linkOf } from "../support/mails.ts";
import { testStore } from "../support/test-store.ts";

/** Paths of GET that are no pages: files, the API, channels, handlers. */
const NO_PAGES =
  /^\/(overwire|api\/v1|assets|drawings|pictures|auth|terminals)\/|^\/(health|terminals|login\/ended|desk\/orders\.csv|auth)$/;
const newcomer = { name: "Grace", email: "grace@example.com", password: "correct horse battery" };

/** A store with one of everything, and the browsers of its users. */
async function world() {
  const shop = testStore();
  const { repo, store } = shop;
  shop.gateway.fallback(gatewayInMemory());
  const ada = await users(repo).insert({ name: "Ada", email: "ada@example.com" });
  const cup = await products(repo).insert({ slug: "cup", name: "Cup" });
  const order = await orders(repo, ada).insert({ number: "2026-7" });
  await orderLines(repo, order, cup).insert();
  await store.carts.add({ userId: ada.id }, cup.id, 1);
  return {
    ...shop,
    ada,
    cup,
    customer: () => sessionOf(store, ada),
    admin: async () => sessionOf(store, await users(repo).admin().insert()),
    linkAfter: async (asked: Promise<unknown>) => {
      await asked;
      await store.settled();
      return linkOf(shop.mails);
    },
  };
}
type World = Awaited<ReturnType<typeof world>>;

interface Opened {
  readonly at?: string;
  readonly session?: Session;
}
const visitor = async (): Promise<Opened> => ({});
const customer = async (shop: World): Promise<Opened> => ({ session: await shop.customer() });
const admin = async (shop: World): Promise<Opened> => ({ session: await shop.admin() });

const PAGES: Readonly<Record<string, (shop: World) => Promise<Opened>>> = {
  "/": visitor,
  "/products/:slug": async () => ({ at: "/products/cup" }),
  "/cart": customer,
  "/checkout": customer,
  "/checkout/:number": async (shop) => ({ at: "/checkout/2026-7", session: await shop.customer() }),
  "/orders": customer,
  "/orders/:number": async (shop) => ({ at: "/orders/2026-7", session: await shop.customer() }),
  "/register": visitor,
  "/login": visitor,
  "/login/magic": visitor,
  "/login/magic/:token": async ({ linkAfter, store, ada }) => ({
    at: await linkAfter(store.accounts.requestMagicLink(ada.email)),
  }),
  "/reset": visitor,
  "/reset/:token": async ({ linkAfter, store, ada }) => ({
    at: await linkAfter(store.accounts.requestReset(ada.email)),
  }),
  "/confirm/:token": async ({ linkAfter, store }) => ({
    at: await linkAfter(store.accounts.register(newcomer)),
  }),
  // Leads to the step that is next.
  "/welcome": async (shop) => ({ at: "/welcome/profile", session: await shop.customer() }),
  "/welcome/confirm": async ({ store }) => {
    const user = await store.accounts.register(newcomer);
    return { session: { registration: store.onboarding.begin(newcomer.email, user) } };
  },
  "/welcome/:step": async (shop) => ({ at: "/welcome/profile", session: await shop.customer() }),
  "/account": customer,
  "/account/confirm": customer,
  "/account/password": customer,
  "/account/security": customer,
  "/account/tokens": customer,
  "/account/connections": customer,
  "/account/connections/offer/:token": async (shop) => ({
    at: offerPath(shop.store.services.secret, {
      issuer: "https://id.test",
      subject: "7",
      userId: shop.ada.id,
    }),
    session: await shop.customer(),
  }),
  "/account/email": customer,
  "/account/email/:token": async ({ linkAfter, store, customer }) => {
    const session = await customer();
    return { at: await linkAfter(store.accounts.requestEmailChange(session, "ada@home.example")), session };
  },
  "/api": visitor,
  "/desk": admin,
  "/desk/orders": admin,
  "/desk/products": admin,
  "/desk/products/new": admin,
  "/desk/products/:id": async (shop) => ({
    at: `/desk/products/${shop.cup.id}`,
    session: await shop.admin(),
  }),
  "/desk/users": admin,
  "/desk/users/:id": async (shop) => ({ at: `/desk/users/${shop.ada.id}`, session: await shop.admin() }),
  "/desk/audit": admin,
  "/desk/flags": admin,
};

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
