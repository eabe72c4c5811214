/** The store as an app: its pages and its API over a store's contexts. */
import { type AppOptions, createApp, NotFound, type OverwireApp } from "@overwire/server";
import { storeApi } from "./api/api.ts";
import { API_PATH, documentOf } from "./api/document.ts";
import { apiPage, apiStyle } from "./api/page.ts";
import type { Store } from "./store/store.ts";
import { accountHandlers, accountRoutes, accountStyle } from "./web/accounts/routes.ts";
import { copyScript, tokenRoutes, tokenStyle } from "./web/accounts/token-routes.ts";
import { cartRoutes, cartStyle } from "./web/cart/routes.ts";
import { pictureHandlers } from "./web/catalogue/pictures.ts";
import { catalogueRoutes, catalogueStyle } from "./web/catalogue/routes.ts";
import { checkoutRoutes, checkoutStyle } from "./web/checkout/routes.ts";
import { WEBHOOKS, webhookHandlers } from "./web/checkout/webhook.ts";
import { atDesk } from "./web/desk/desk-guard.ts";
import { exportHandler } from "./web/desk/export.ts";
import { deskRoutes } from "./web/desk/routes.ts";
import { oauthHandlers } from "./web/oauth/handlers.ts";
import { oauthRoutes, oauthStyle } from "./web/oauth/routes.ts";
import { onboardingRoutes, onboardingStyle } from "./web/onboarding/routes.ts";
import { assetAt, stylesheet } from "./web/shared/assets.ts";
import { document } from "./web/shared/document.ts";
import { errorPage } from "./web/shared/error-page.ts";
import { pages } from "./web/shared/pages.ts";
import { terminalChannels } from "./web/terminals/routes.ts";

const DAYS = 24 * 60 * 60;

/** @param options settings of the deployment, such as the secret and the store of sessions */
export function createStoreApp(store: Store, options: AppOptions = {}): OverwireApp {
  const app = createApp({
    layout: document(),
    errorPage,
    pubsub: store.services.pubsub,
    identify: ({ userId }) => userId && `user:${userId}`,
    secureHeaders: { contentSecurityPolicy: { frameAncestors: ["'none'"] } },
    csrf: { exempt: [WEBHOOKS] },
    ...options,
    // As long as a log-in that is remembered; one that is not ends by its row.
    session: {
      cookie: "store_session",
      maxAge: 60 * DAYS,
      ...(typeof options.session === "object" && options.session),
    },
  });
  app.use(async (c, next) => {
    c.set("store", store);
    await next();
  });
  const api = storeApi(store);
  app.route(API_PATH, api);
  // No text of the database has a NUL, so no page has such an address.
  app.use(async (c, next) => {
    if (c.req.url.includes("%00")) throw new NotFound();
    await next();
  });
  pages(app, store, { name: "api", styles: [cartStyle, apiStyle] }, (app) => apiPage(app, documentOf(api)));
  app.get("/assets/:hash/:file", (c) => {
    const asset = assetAt(c.req.path);
    if (!asset) return c.notFound();
    return c.body(asset.text, 200, {
      "content-type": asset.type,
      "cache-control": "public, max-age=31536000, immutable",
    });
  });
  // For a load balancer: a node that cannot reach its database is to get no more visitors.
  app.get("/health", async (c) => {
    await store.services.repo.count("flags");
    return c.json({ status: "ok" });
  });
  pictureHandlers(app, store);
  webhookHandlers(app, store);
  exportHandler(app, store);
  accountHandlers(app, store);
  oauthHandlers(app, store);
  terminalChannels(app, store);
  // One live session, so that a customer goes from page to page over the socket. Pages for members have a guard of their own.
  pages(
    app,
    store,
    {
      name: "store",
      styles: [
        accountStyle,
        catalogueStyle,
        oauthStyle,
        tokenStyle,
        cartStyle,
        checkoutStyle,
        onboardingStyle,
      ],
      scripts: [copyScript],
    },
    (app) => {
      accountRoutes(app);
      oauthRoutes(app);
      catalogueRoutes(app);
      cartRoutes(app);
      checkoutRoutes(app);
      onboardingRoutes(app);
      tokenRoutes(app);
    },
  );
  pages(app, store, { name: "desk", guard: atDesk, styles: [stylesheet("desk/desk.css")] }, deskRoutes);
  return app;
}
