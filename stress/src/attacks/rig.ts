/** The server under attack, and the cost that each attack may have. */
import { afterAll, afterEach, beforeEach, expect } from "vitest";
import { type Line, type LoadedPage, Visitor } from "../clients/visitor.ts";
import { type ChildOptions, StressServer } from "../server/child.ts";
import type { Health } from "../server/health.ts";

/** Cost of an attack. */
export interface Cost {
  /** Milliseconds of CPU. */
  readonly cpu: number;
  /** The longest time for which no other client was served, in milliseconds of CPU. */
  readonly longest: number;
  /** Bytes of memory that are kept. */
  readonly kept: number;
  readonly health: Health;
}

/** A page, its visitor, and a socket on which its view is joined under the number 1. */
export interface Tab {
  readonly visitor: Visitor;
  readonly page: LoadedPage;
  readonly line: Line;
}

export class Rig {
  readonly #options: ChildOptions;
  readonly #lines: Line[] = [];
  #server: StressServer | undefined;

  constructor(options: ChildOptions) {
    this.#options = options;
  }

  get server(): StressServer {
    if (!this.#server) throw new Error("the server is there within a test");
    return this.#server;
  }

  get port(): number {
    return this.server.port;
  }

  visitor(): Visitor {
    return new Visitor(this.server.origin);
  }

  async open(path = "/", visitor = this.visitor()): Promise<Tab> {
    const page = await visitor.load(path);
    const line = await this.connect(visitor);
    await line.join(1, page);
    return { visitor, page, line };
  }

  async connect(visitor = this.visitor(), headers: Record<string, string> = {}): Promise<Line> {
    const line = await visitor.connect(headers);
    this.#lines.push(line);
    return line;
  }

  async cost(attack: () => unknown): Promise<Cost> {
    const before = await this.server.lap();
    await attack();
    const health = await this.server.health();
    return {
      cpu: health.cpu - before.cpu,
      longest: health.longest,
      kept: health.heap - before.heap,
      health,
    };
  }

  /** Expects that other visitors are served as ever, and that there was no unintended crash. */
  async expectServing(): Promise<void> {
    const { accidents } = await this.server.health();
    expect(accidents).toEqual([]);
    const { line } = await this.open();
    expect(await line.event(1, 1, "inc")).toMatchObject(["p", 1, 2, 1, { 0: "1" }, { r: 1 }]);
  }

  /** Starts it, again if it was stopped. */
  async begin(): Promise<void> {
    const healthy = await this.#server?.health().then(
      () => true,
      () => false,
    );
    if (healthy) return;
    await this.#server?.end();
    this.#server = await StressServer.start(this.#options);
  }

  hangUp(): void {
    for (const line of this.#lines.splice(0)) line.terminate();
  }

  async end(): Promise<void> {
    await this.#server?.end();
  }
}

/** A server for the tests of one file, or of one `describe`. */
export function attacked(options: ChildOptions = {}): Rig {
  const rig = new Rig(options);
  beforeEach(() => rig.begin());
  afterEach(() => rig.hangUp());
  afterAll(() => rig.end());
  return rig;
}
