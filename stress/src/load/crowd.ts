/** Shoppers of one kind of browser, in the thread that calls it. */
import { monitorEventLoopDelay } from "node:perf_hooks";
import { createRandom } from "../chaos/random.ts";
import { PageBrowser } from "./page-browser.ts";
import { type Purchase, Shopper } from "./shopper.ts";
import { Stopwatch, type Timed } from "./stopwatch.ts";
import { WireBrowser } from "./wire-browser.ts";

export interface Customer {
  readonly userId: number;
  /** Of the log-in, as `set-cookie` has it. */
  readonly cookies: readonly string[];
}

export interface CrowdOptions {
  readonly origin: string;
  readonly seed: number;
  readonly customers: readonly Customer[];
  /** `wire`: in terms of the protocol, without a document. `page`: the real client in happy-dom. */
  readonly browsers: "wire" | "page";
  /** Milliseconds in which all of them come. */
  readonly ramp: number;
  /** Milliseconds between two actions of a shopper: at least, and at most. */
  readonly think: readonly [number, number];
}

export interface ShopperResult {
  readonly userId: number;
  readonly purchases: readonly Purchase[];
  readonly submits: number;
  readonly refusals: number;
  readonly rounds: number;
  readonly loads: number;
  readonly problems: readonly string[];
}

export interface CrowdResult {
  readonly shoppers: readonly ShopperResult[];
  readonly events: readonly Timed[];
  /** Live ones. */
  readonly navigations: readonly Timed[];
  /** Milliseconds by which the thread itself was late, which count in the times. */
  readonly late: { readonly median: number; readonly p99: number };
}

/** Shops until the signal, and ends the rounds that have begun. */
export async function shop(options: CrowdOptions, signal: AbortSignal): Promise<CrowdResult> {
  const { origin, seed, customers, browsers, ramp, think } = options;
  const [events, navigations] = [new Stopwatch(), new Stopwatch()];
  const lateness = monitorEventLoopDelay({ resolution: 10 });
  lateness.enable();
  signal.addEventListener("abort", () => lateness.disable());
  const shoppers = customers.map(async ({ userId, cookies }, index): Promise<ShopperResult> => {
    await new Promise((resolve) => setTimeout(resolve, (index / customers.length) * ramp));
    const browser =
      browsers === "wire" ? new WireBrowser(origin, events, navigations) : new PageBrowser(origin, events);
    for (const cookie of cookies) browser.visitor.take(cookie);
    const { next } = createRandom(seed, userId);
    const shopper = new Shopper(browser, { random: next, think, signal });
    await shopper.shop();
    const { purchases, submits, refusals, rounds, problems } = shopper;
    return { userId, purchases, submits, refusals, rounds, problems, loads: browser.loads };
  });
  const results = await Promise.all(shoppers);
  const late = (share: number) => Math.max(0, Math.round(lateness.percentile(share) / 1e6) - 10);
  return {
    shoppers: results,
    events: events.taken,
    navigations: navigations.taken,
    late: { median: late(50), p99: late(99) },
  };
}
