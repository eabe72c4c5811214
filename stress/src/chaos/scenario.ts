/** Scenarios: views, actions in them, and conditions that hold once all is quiet. */
import type { ViewClass } from "@overwire/server";
import type { Ledger } from "./ledger.ts";
import type { Page } from "./page.ts";
import type { Random } from "./random.ts";
import type { Tally } from "./trace.ts";

/** One playing of a scenario, with a server of its own. */
export interface Play {
  readonly views: { readonly [path: string]: ViewClass };
  readonly path?: string;
  /** One action of the user or the server. @param n counts from 1 */
  act(page: Page, n: number, random: Random): void;
  /** The last action of the user, when the line is whole again. */
  finish?(page: Page): void;
  /** Conditions that do not hold once all that is under way has arrived. */
  check(page: Page, tally: Tally): string[];
}

export interface Scenario {
  readonly name: string;
  /** Its scripts restart the server. */
  readonly restarts?: boolean;
  play(ledger: Ledger): Play;
}
