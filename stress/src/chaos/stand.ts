/** The test stand: a server, a proxy in front of it and a page, all on loopback, in one process. */
import { createApp, type Limits, type ViewClass } from "@overwire/server";
import { type Served, serve } from "@overwire/server/node";
import type { Ledger } from "./ledger.ts";
import { Page } from "./page.ts";
import { FaultyProxy } from "./proxy.ts";
import type { Random } from "./random.ts";
import { Trace } from "./trace.ts";

/** Time limit for any condition, in milliseconds. */
const LIMIT = 20_000;
const LOOK = 5;

export interface StandOptions {
  readonly views: { readonly [path: string]: ViewClass };
  readonly path?: string | undefined;
  readonly ledger: Ledger;
  readonly random: Random;
  readonly limits?: Partial<Limits> | undefined;
}

export class Stand {
  readonly trace: Trace;
  readonly proxy: FaultyProxy;
  readonly page: Page;
  /** Ends all views and sockets, as a restart of the server does. */
  readonly restart: () => void;
  readonly #served: Served;
  readonly #ledger: Ledger;

  private constructor(
    trace: Trace,
    proxy: FaultyProxy,
    page: Page,
    served: Served,
    ledger: Ledger,
    restart: () => void,
  ) {
    this.restart = restart;
    this.trace = trace;
    this.proxy = proxy;
    this.page = page;
    this.#served = served;
    this.#ledger = ledger;
  }

  static async open({ views, path = "/", ledger, random, limits }: StandOptions): Promise<Stand> {
    const trace = new Trace();
    const app = createApp({
      secret: "x".repeat(32),
      limits: { silence: 1000, resumeTime: 20_000, ...limits },
      report: ({ kind, message, error }) => {
        const text = `${kind}: ${message}${error instanceof Error ? `: ${error.stack}` : ""}`;
        trace.note(text);
        ledger.reports.push(text);
      },
    });
    for (const [at, View] of Object.entries(views)) app.live(at, View);
    watchServer(app, trace);
    const served = await serve(app, { port: 0, hostname: "127.0.0.1", log: false }).ready;
    const proxy = await FaultyProxy.open(served.port, random);
    const page = await Page.open(`http://127.0.0.1:${proxy.port}${path}`, trace);
    return new Stand(trace, proxy, page, served, ledger, () => void app.close());
  }

  /** Waits until something is true, and stays so for a moment. @returns true if it became true in time */
  async until(condition: () => boolean, limit = LIMIT): Promise<boolean> {
    const end = performance.now() + limit;
    for (let times = 0; times < 2; ) {
      times = condition() ? times + 1 : 0;
      if (performance.now() > end) return times > 0;
      await new Promise((next) => setTimeout(next, LOOK));
    }
    return true;
  }

  /** The page is connected, joined, and waits for no answer. */
  get idle(): boolean {
    return this.page.socket.idle;
  }

  /** Closes all. @returns the leftovers */
  async close(): Promise<string[]> {
    await this.page.close();
    await this.#served.close();
    await this.proxy.close();
    const left = () => [...this.#ledger.alive].map((view) => view.constructor.name);
    await this.until(() => left().length === 0);
    return left().map((name) => `a view is left behind: ${name}`);
  }
}

type Connect = ReturnType<typeof createApp>["connect"];

/** Traces the messages of the server, and the ends of lines as it sees them. */
function watchServer(app: { connect: Connect }, trace: Trace): void {
  const connect = app.connect.bind(app);
  app.connect = (upgrade, peer) => {
    const line = upgrade.headers.get("x-line") ?? "?";
    const watchedPeer = spy(peer, (name, args) => {
      if (name === "close") trace.note(`s${line} closes ${args.join(" ")}`);
    });
    return spy(connect(upgrade, watchedPeer), (name, args) => {
      if (name === "message") trace.note(`s${line} hears ${short(String(args[0]))}`);
      if (name === "closed") trace.serverClosed(line, args.join(", "));
    });
  };
}

const short = (message: string) => (message.startsWith('["j"') ? "join" : message);

function spy<T extends object>(target: T, called: (name: string, args: readonly unknown[]) => void): T {
  return new Proxy(target, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== "function") return value;
      return (...args: unknown[]) => {
        called(String(name), args);
        return value.apply(target, args);
      };
    },
    set: (target, name, value) => Reflect.set(target, name, value, target),
  });
}
