/** Everything outside of the store's own rules, each behind a contract: production and tests hand over their own. */
import type { PubSub, Secret } from "@overwire/server";
import type { RedisClient } from "@overwire/server/rate-limit";
import type { Cache } from "../cache/cache.ts";
import type { StoreRepo } from "../database/schema.ts";
import type { Mailer } from "../mail/mailer.ts";
import type { PaymentGateway } from "../payments/gateway.ts";
import type { Pictures } from "../pictures/pictures.ts";
import type { Provider } from "../providers/provider.ts";
import type { Clock } from "../shared/clock.ts";

export interface Services {
  readonly repo: StoreRepo;
  readonly pubsub: PubSub;
  readonly mailer: Mailer;
  readonly cache: Cache;
  readonly gateway: PaymentGateway;
  /** Identity providers at which users log in, in the order of their buttons. */
  readonly providers: readonly Provider[];
  readonly pictures: Pictures;
  readonly clock: Clock;
  /** A Redis in which all nodes count what is limited; without it each node counts for itself. */
  readonly counts?: RedisClient | undefined;
  /** The store's own address, without a slash at its end. */
  readonly url: string;
  /** Signs what leaves the store with a browser and comes back. */
  readonly secret: Secret;
}
