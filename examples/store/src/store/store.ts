/** The store without its pages: what its contexts do, to be used by views, the API and jobs alike. */
import { ApiTokens } from "../accounts/api-tokens.ts";
import { Identities } from "../accounts/identities.ts";
import { Profiles } from "../accounts/profiles.ts";
import { Audit } from "../audit/audit.ts";
import { Carts } from "../cart/carts.ts";
import { Catalogue } from "../catalogue/catalogue.ts";
import { Flags } from "../desk/flags.ts";
import { OrderList } from "../desk/order-list.ts";
import { Reports } from "../desk/reports.ts";
import { Orders } from "../orders/orders.ts";
import type { Services } from "../services/services.ts";

export interface Store {
  readonly services: Services;
  readonly audit: Audit;
  readonly apiTokens: ApiTokens;
  readonly identities: Identities;
  readonly flags: Flags;
  readonly profiles: Profiles;
  readonly reports: Reports;
  readonly orderList: OrderList;
  readonly catalogue: Catalogue;
  readonly carts: Carts;
  readonly orders: Orders;
}

export function createStore(services: Services): Store {
  const audit = new Audit(services);
  const catalogue = new Catalogue(services);
  return {
    services,
    audit,
    apiTokens: new ApiTokens(services, audit),
    identities: new Identities(services, audit),
    flags: new Flags(services, audit),
    profiles: new Profiles(services),
    catalogue,
    reports: new Reports(services),
    orderList: new OrderList(services),
    carts: new Carts(services),
    orders: new Orders(services, { audit, stockChanged: (product) => catalogue.stockChanged(product) }),
  };
}
