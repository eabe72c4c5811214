/** What a process has used so far, as it sees it itself. */

export interface Usage {
  /** Microseconds of CPU, on all of its threads. */
  readonly cpu: number;
  /** Resident bytes. */
  readonly rss: number;
  /** Bytes of objects, and of buffers outside of the heap. */
  readonly heap: number;
}

/** Collects garbage first where node was started with `--expose-gc`. */
export async function settledUsage(): Promise<Usage> {
  for (let times = 0; times < 4; times++) {
    globalThis.gc?.();
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return usage();
}

export function usage(): Usage {
  const { user, system } = process.cpuUsage();
  const { rss, heapUsed, external } = process.memoryUsage();
  return { cpu: user + system, rss, heap: heapUsed + external };
}
