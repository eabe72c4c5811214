/** Likely mistakes of a view's author: each is reported once for an app, and kept for the test driver. Only in development. */
import { currentCallSite, formatCallSite } from "../template/call-site.ts";
import { TemplateError } from "../template/errors.ts";
import type { Mistake, MistakeSink } from "../template/mistakes.ts";
import { isProduction } from "../template/mode.ts";
import type { Report } from "./services.ts";

/** Mistakes that each app has been told of. */
const told = new WeakMap<object, Set<string>>();

/** A mistake whose message shows its place. */
export interface FoundMistake extends Pick<Mistake, "certain" | "binding" | "inState"> {
  readonly error: TemplateError;
}

export class Mistakes implements MistakeSink {
  /** Mistakes of this view, in the order in which they came. */
  readonly found: FoundMistake[] = [];
  readonly #known = new Set<string>();
  readonly #told: Set<string>;
  readonly #warn: (message: string, error: Error) => void;

  /** @param report of the app */
  constructor(report: (report: Report) => void, warn: (message: string, error: Error) => void) {
    this.#told = told.get(report) ?? new Set();
    told.set(report, this.#told);
    this.#warn = warn;
  }

  add(mistake: Mistake): void {
    const { problem, source, at, site = currentCallSite() } = mistake;
    // A value that takes part in it is no mistake of its own.
    const key = `${formatCallSite(site, undefined)} ${source === undefined ? problem : `${at} ${source}`}`;
    if (this.#known.has(key)) return;
    this.#known.add(key);
    const error = new TemplateError(problem, source, at, site);
    this.found.push({ certain: mistake.certain, binding: mistake.binding, inState: mistake.inState, error });
    if (this.#told.has(key)) return;
    this.#told.add(key);
    this.#warn(problem, error);
  }
}

/** Undefined in production. */
export const watchMistakes = (
  report: (report: Report) => void,
  warn: (message: string, error: Error) => void,
): Mistakes | undefined => (isProduction() ? undefined : new Mistakes(report, warn));
