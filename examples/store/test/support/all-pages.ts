/** Every page of the store, and the users who may open it. */
import type { AppOptions, Session } from "@overwire/server";
import type { Services } from "../../src/services/services.ts";
import { offerPath } from "../../src/web/oauth/tokens.ts";
import { orderLines, orders, products, users } from "./factories.ts";
import { gatewayInMemory } from "./gateway-double.ts";
import { sessionOf } from "./login.ts";
import { linkOf } from "./mails.ts";
import { testStore } from "./test-store.ts";

const newcomer = { name: "Grace", email: "grace@example.com", password: "correct horse battery" };

/** A store with one of everything, and the browsers of its users. */
export async function world(replaced: Partial<Services> = {}, options: AppOptions = {}) {
  const shop = testStore(replaced, options);
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
export type World = Awaited<ReturnType<typeof world>>;

export interface Opened {
  readonly at?: string;
  readonly session?: Session;
}
const visitor = async (): Promise<Opened> => ({});
const customer = async (shop: World): Promise<Opened> => ({ session: await shop.customer() });
const admin = async (shop: World): Promise<Opened> => ({ session: await shop.admin() });

export const PAGES: Readonly<Record<string, (shop: World) => Promise<Opened>>> = {
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
  "/desk/orders/:number": async (shop) => ({ at: "/desk/orders/2026-7", session: await shop.admin() }),
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
