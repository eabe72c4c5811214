/** The client of a page that bundles its own scripts. */
import { Client } from "./client.ts";
import * as features from "./features/features.ts";
import type { LiveSocketOptions } from "./page/options.ts";

export type { LiveSocketOptions } from "./page/options.ts";

/**
 * Connects the live views of a page to the server and keeps them connected.
 * @example new LiveSocket({ params: { locale: navigator.language } }).connect();
 */
export class LiveSocket extends Client {
  constructor(options: LiveSocketOptions = {}) {
    super(options, features);
  }
}
