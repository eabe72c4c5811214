/** Starts the store from its settings: database, services, app. */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { createPubSub, type OverwireApp } from "@overwire/server";
import { redisPubSub, redisSessions } from "@overwire/server/redis";
import { redisCounts } from "./accounts/counts.ts";
import { createStoreApp } from "./app.ts";
import { memoryCache } from "./cache/memory-cache.ts";
import { redisCache } from "./cache/redis-cache.ts";
import { connectPostgres, openPglite } from "./database/database.ts";
import { seed } from "./database/seed.ts";
import { spawnGateway } from "./gateway/spawn.ts";
import type { Mailer } from "./mail/mailer.ts";
import { consoleMailer, folderMailer, smtpMailer } from "./mail/mailers.ts";
import { startOrderJobs } from "./orders/jobs.ts";
import { httpGateway } from "./payments/http-gateway.ts";
import { folderPictures } from "./pictures/folder-pictures.ts";
import { memoryPictures } from "./pictures/memory-pictures.ts";
import { configuredProviders } from "./providers/configured.ts";
import type { Services } from "./services/services.ts";
import { isPostgres, type Settings } from "./settings.ts";
import { HOUR, MINUTE } from "./shared/clock.ts";
import { randomToken } from "./shared/random.ts";
import { repeat } from "./shared/repeat.ts";
import { createStore } from "./store/store.ts";

/** From one look for mails of nodes that are gone, and of attempts that failed, to the next. */
const MAILS_EVERY = MINUTE / 4;

export interface Started {
  readonly app: OverwireApp;
  close(): Promise<void>;
}

export async function start(settings: Settings): Promise<Started> {
  const { DATABASE_URL, STORE_DATA, REDIS_URL, GATEWAY_URL } = settings;
  if (STORE_DATA) await mkdir(STORE_DATA, { recursive: true });
  const keepsData = DATABASE_URL !== "memory";
  const database = isPostgres(DATABASE_URL)
    ? connectPostgres(DATABASE_URL)
    : await openPglite(keepsData ? STORE_DATA && join(STORE_DATA, "database") : undefined);
  await database.migrate(settings.STORE_SEED ? seed : undefined);

  const secret = settings.GATEWAY_SECRET ?? randomToken();
  const gateway =
    GATEWAY_URL === undefined || GATEWAY_URL === "stand-in"
      ? await startStandIn(settings, secret)
      : { url: GATEWAY_URL, close: async () => {} };
  const cache = REDIS_URL ? redisCache({ url: REDIS_URL }) : memoryCache();
  const counts = REDIS_URL ? redisCounts(REDIS_URL) : undefined;
  const services: Services = {
    repo: database.repo,
    pubsub: REDIS_URL ? redisPubSub({ url: REDIS_URL }) : createPubSub(),
    mailer: mailerOf(settings),
    cache,
    gateway: httpGateway({ url: gateway.url, secret }),
    providers: configuredProviders(settings),
    // They last as long as the rows that name them.
    pictures:
      keepsData && (STORE_DATA || DATABASE_URL)
        ? folderPictures(join(STORE_DATA ?? "data", "pictures"))
        : memoryPictures(),
    clock: () => new Date(),
    counts: counts?.store,
    url: settings.STORE_URL ?? `http://localhost:${settings.PORT}`,
    // The app refuses to start without one in production.
    secret: settings.SECRET_KEY_BASE ?? randomToken(),
  };
  const store = createStore(services, { admin: settings.STORE_ADMIN });
  const app = createStoreApp(store, {
    secret: settings.SECRET_KEY_BASE,
    trustProxy: settings.TRUST_PROXY,
    ...(REDIS_URL && { session: { store: redisSessions({ url: REDIS_URL }) } }),
  });
  const stopOrderJobs = startOrderJobs(store.orders);
  const stopMailJobs = repeat(() => store.outbox.deliver(), MAILS_EVERY);
  // Each by itself, so that one that fails leaves the others at work.
  const stopDeletions = [store.carts, store.orders, store.audit].map((part) =>
    repeat(() => part.deleteOld(), HOUR),
  );
  const stopLoginJobs = repeat(() => store.accounts.logins.endExpired(), MINUTE);
  const stopRegistrationJobs = repeat(() => store.accounts.deleteUnconfirmed(), HOUR);
  return {
    app,
    async close() {
      await Promise.all([
        stopOrderJobs(),
        ...stopDeletions.map((stop) => stop()),
        stopLoginJobs(),
        stopRegistrationJobs(),
        store.outbox.stop(),
      ]);
      await stopMailJobs();
      await store.settled();
      counts?.close();
      await gateway.close();
      await cache.close();
      await database.close();
    },
  };
}

function mailerOf({ SMTP_URL, STORE_DATA, MAIL_FROM }: Settings): Mailer {
  if (SMTP_URL === "console") return consoleMailer(MAIL_FROM);
  if (SMTP_URL !== undefined && SMTP_URL !== "folder") return smtpMailer(SMTP_URL, MAIL_FROM);
  return STORE_DATA ? folderMailer(join(STORE_DATA, "mail"), MAIL_FROM) : consoleMailer(MAIL_FROM);
}

/** A payment gateway beside the store, on the port after the store's. */
const startStandIn = ({ PORT, STORE_DATA, GATEWAY_PUBLIC_URL }: Settings, secret: string) =>
  spawnGateway({
    port: PORT && PORT + 1,
    secret,
    webhookUrl: `http://127.0.0.1:${PORT}/webhooks/payments`,
    publicUrl: GATEWAY_PUBLIC_URL,
    file: STORE_DATA && join(STORE_DATA, "gateway.json"),
  });
