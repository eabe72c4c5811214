/** A store for tests: everything outside of it is in memory or a double, and each part can be replaced. */
import { type AppOptions, createPubSub, type OverwireApp } from "@overwire/server";
import { double } from "@overwire/testing";
// Verifies doubles at the end of each test, in every file that has a store. In an app of its own: `setupFiles`.
import "@overwire/testing/vitest";
import { createStoreApp } from "../../src/app.ts";
import { memoryCache } from "../../src/cache/memory-cache.ts";
import type { StoreRepo } from "../../src/database/schema.ts";
import type { Mail } from "../../src/mail/mailer.ts";
import type { PaymentGateway } from "../../src/payments/gateway.ts";
import { memoryPictures } from "../../src/pictures/memory-pictures.ts";
import type { Services } from "../../src/services/services.ts";
import { createStore, type Store } from "../../src/store/store.ts";
import { memory } from "./memory.ts";
import { CHEAP } from "./passwords.ts";

const SECRET = "a secret of tests alone, which no other app has";

export interface TestStore {
  readonly store: Store;
  readonly app: OverwireApp;
  readonly repo: StoreRepo;
  /** Mails that were sent, the oldest first. */
  readonly mails: Mail[];
  /** Refuses every call that a test does not expect or stub. */
  readonly gateway: ReturnType<typeof double<PaymentGateway>>;
}

/** @param options of the app, such as its `report` */
export function testStore(replaced: Partial<Services> = {}, options: AppOptions = {}): TestStore {
  const mails: Mail[] = [];
  const gateway = double<PaymentGateway>("PaymentGateway");
  const services: Services = {
    repo: memory(),
    pubsub: createPubSub(),
    mailer: { send: async (mail) => void mails.push(mail) },
    cache: memoryCache(),
    gateway,
    providers: [],
    pictures: memoryPictures(),
    clock: () => new Date(),
    url: "http://store.test",
    secret: SECRET,
    ...replaced,
  };
  const store = createStore(services, { passwordCost: CHEAP });
  return {
    store,
    app: createStoreApp(store, { secret: SECRET, ...options }),
    repo: services.repo,
    mails,
    gateway,
  };
}
