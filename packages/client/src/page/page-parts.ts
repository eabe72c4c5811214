/** The parts of a page's client that its other parts are made with. */
import type { FeatureLoader } from "../features/loader.ts";
import type { PageConnection } from "./connection.ts";
import type { LiveSocketOptions } from "./options.ts";
import type { PageChanges } from "./page-changes.ts";
import type { PageLifecycle } from "./page-lifecycle.ts";
import type { PageViews } from "./page-views.ts";

export interface PageParts extends PageConnection {
  readonly win: Window & typeof globalThis;
  /** Begins the names of all bindings. */
  readonly prefix: string;
  readonly options: LiveSocketOptions;
  readonly lifecycle: PageLifecycle;
  readonly loader: FeatureLoader;
  readonly views: PageViews;
  readonly changes: PageChanges;
}
