/** The client of a page that bundles its own scripts. */
import { Client, type LiveSocketOptions } from "./client.ts";
import * as features from "./features.ts";

export type { LiveSocketOptions } from "./client.ts";

/**
 * Connects the live views of a page to the server and keeps them connected.
 * @example new LiveSocket({ params: { locale: navigator.language } }).connect();
 */
export class LiveSocket extends Client {
  constructor(options: LiveSocketOptions = {}) {
    super(options, features);
  }
}
