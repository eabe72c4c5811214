/** Options of a suite of PubSub, and the things that its tests share. */
import type { PubSub } from "@overwire/server";

/** Functions of a test runner: Vitest's, those of `node:test`, Jest's, or Mocha's with `it` as `test`. */
export interface Runner {
  readonly describe: (name: string, body: () => void) => unknown;
  readonly test: (name: string, run: () => Promise<void>) => unknown;
}

/** Breaks the way to the broker, for all nodes. */
export interface Outage {
  /** Nodes lose the broker. */
  cut(): void | Promise<void>;
  /** The broker is there again, and the nodes may find it. */
  heal(): void | Promise<void>;
}

/** The PubSub that is tested. */
export interface PubSubSuite {
  /** Makes a node. All that one test makes reach each other; the suite closes them. */
  readonly make: () => PubSub | Promise<PubSub>;
  /** There are other nodes to reach. Default true. */
  readonly hasNodes?: boolean | undefined;
  /** Without it the tests of a lost broker are left out. */
  readonly outage?: Outage | undefined;
  /** Bytes of the largest message that it carries, serialised. Default 9 MB. */
  readonly largest?: number | undefined;
}

/** A suite with what its tests share. */
export interface Suite extends PubSubSuite {
  readonly runner: Runner;
  /** A test with nodes, which are closed when it is over. */
  readonly check: (name: string, nodes: number, run: (...nodes: PubSub[]) => Promise<void>) => void;
}
