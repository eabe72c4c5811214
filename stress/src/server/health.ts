/** Health of a server's process, measured by itself in CPU time, which a busy machine does not change. */
import type { Report } from "@overwire/server";

export interface Health {
  /** Milliseconds of CPU since it was started. */
  readonly cpu: number;
  /** Most milliseconds of CPU between two of its timers, since it was asked last. */
  readonly longest: number;
  /** Bytes of memory, after a collection. */
  readonly heap: number;
  /** Most bytes of memory in this lap. */
  readonly peak: number;
  /** Views and channels that run. */
  readonly views: number;
  /** Reports so far, by their kind. */
  readonly reports: { readonly [kind in Report["kind"]]: number };
  /** Keys that were added to `Object.prototype`. There must be none. */
  readonly polluted: readonly string[];
  /** Crashes that were not thrown on purpose, since it was asked last. */
  readonly accidents: readonly string[];
}

/** Milliseconds between two looks. */
const STEP = 5;

const cpu = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

/** Looks at this process all the time. */
export class Monitor {
  #last = cpu();
  #longest = 0;
  #peak = 0;
  readonly #reports = { crash: 0, refused: 0, warning: 0 };
  #accidents: string[] = [];
  readonly #expected: string;

  /** @param expected begins the messages of errors that are thrown on purpose */
  constructor(expected: string) {
    this.#expected = expected;
    setInterval(() => this.#look(), STEP);
  }

  readonly report = ({ kind, message, view, event, error }: Report): void => {
    this.#reports[kind]++;
    const cause = error instanceof Error ? error : undefined;
    if (kind !== "crash" || cause?.message.startsWith(this.#expected)) return;
    if (this.#accidents.length < 20)
      this.#accidents.push(`${view} · ${event}: ${message} ${cause?.stack ?? String(error)}`);
  };

  health(views: number): Health {
    const used = cpu();
    this.#look();
    globalThis.gc?.();
    const { heapUsed, external } = process.memoryUsage();
    const health = {
      cpu: used,
      longest: this.#longest,
      heap: heapUsed + external,
      peak: this.#peak,
      views,
      reports: { ...this.#reports },
      polluted: Object.keys(Object.prototype).concat("polluted" in {} ? ["polluted"] : []),
      accidents: this.#accidents,
    };
    this.#last = cpu();
    this.#accidents = [];
    return health;
  }

  lap(): void {
    this.#longest = this.#peak = 0;
  }

  #look(): void {
    const now = cpu();
    this.#longest = Math.max(this.#longest, now - this.#last);
    this.#last = now;
    this.#peak = Math.max(this.#peak, process.memoryUsage.rss());
  }
}
