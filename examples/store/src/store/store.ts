/** The store without its pages: what its contexts do, to be used by views, the API and jobs alike. */
import type { Services } from "../services/services.ts";

export interface Store {
  readonly services: Services;
}

export const createStore = (services: Services): Store => ({ services });
