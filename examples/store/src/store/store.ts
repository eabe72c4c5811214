/** The store without its pages: what its contexts do, to be used by views, the API and jobs alike. */
import { Accounts } from "../accounts/accounts.ts";
import { ApiTokens } from "../accounts/api-tokens.ts";
import { Identities } from "../accounts/identities.ts";
import { OwnerMail } from "../accounts/owner-mail.ts";
import type { PasswordCost } from "../accounts/passwords.ts";
import { Profiles } from "../accounts/profiles.ts";
import { Audit } from "../audit/audit.ts";
import { Carts } from "../cart/carts.ts";
import { Catalogue } from "../catalogue/catalogue.ts";
import { Directory } from "../desk/directory.ts";
import { Flags } from "../desk/flags.ts";
import { OrderList } from "../desk/order-list.ts";
import { Reports } from "../desk/reports.ts";
import { Onboarding } from "../onboarding/onboarding.ts";
import { Orders } from "../orders/orders.ts";
import { Outbox } from "../outbox/outbox.ts";
import type { Services } from "../services/services.ts";
import { Background } from "../shared/background.ts";

export interface Store {
  readonly services: Services;
  readonly audit: Audit;
  readonly accounts: Accounts;
  readonly apiTokens: ApiTokens;
  readonly identities: Identities;
  readonly flags: Flags;
  readonly profiles: Profiles;
  readonly reports: Reports;
  readonly orderList: OrderList;
  readonly directory: Directory;
  readonly catalogue: Catalogue;
  readonly carts: Carts;
  readonly orders: Orders;
  readonly outbox: Outbox;
  readonly onboarding: Onboarding;
  /** Resolves when work that no answer waited for has ended, such as mails. */
  settled(): Promise<void>;
}

export interface StoreOptions {
  /** Work of a password; that of OWASP by default. */
  readonly passwordCost?: PasswordCost | undefined;
  /** Address of the first admin, who becomes one by a log-in. */
  readonly admin?: string | undefined;
}

export function createStore(services: Services, { passwordCost, admin }: StoreOptions = {}): Store {
  const background = new Background();
  const audit = new Audit(services);
  const profiles = new Profiles(services);
  const outbox = new Outbox(services, audit);
  const ownerMail = new OwnerMail(services, outbox, background);
  const apiTokens = new ApiTokens(services, audit, ownerMail);
  const identities = new Identities(services, audit, ownerMail);
  const accounts = new Accounts({
    services,
    audit,
    apiTokens,
    identities,
    ownerMail,
    background,
    passwordCost,
    admin,
  });
  const catalogue = new Catalogue(services);
  return {
    services,
    audit,
    accounts,
    apiTokens,
    identities,
    flags: new Flags(services, audit),
    profiles,
    catalogue,
    reports: new Reports(services),
    orderList: new OrderList(services),
    directory: new Directory(services, accounts, audit),
    carts: new Carts(services),
    outbox,
    orders: new Orders(services, {
      audit,
      outbox,
      stockChanged: (products) => catalogue.stockChanged(products),
    }),
    onboarding: new Onboarding(services, profiles),
    settled: async () => {
      await background.settled();
      await outbox.settled();
    },
  };
}
