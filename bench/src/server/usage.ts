/** Resources that a process has used so far, as it sees them itself. */

export interface Usage {
  /** Microseconds of CPU, on all of its threads. */
  readonly cpu: number;
  /** Resident bytes. */
  readonly rss: number;
  /** Bytes of objects, and of buffers outside of the heap. */
  readonly heap: number;
  /** Bytes of buffers alone. */
  readonly buffers: number;
}

/** Collects garbage first if node was started with `--expose-gc`. */
export async function settledUsage(): Promise<Usage> {
  for (let times = 0; times < 4; times++) {
    globalThis.gc?.();
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return usage();
}

/** Memory in use now: garbage is collected and does not count, if node was started with `--expose-gc`. */
export function liveUsage(): Usage {
  // Buffers are freed after a collection, but at the latest before the next one.
  for (let times = 0; times < 2; times++) globalThis.gc?.();
  return usage();
}

export function usage(): Usage {
  const { user, system } = process.cpuUsage();
  const { rss, heapUsed, external, arrayBuffers } = process.memoryUsage();
  return { cpu: user + system, rss, heap: heapUsed + external, buffers: arrayBuffers };
}
