/** The contract of the cache: values that may be old are asked for by a key, and loaded once if they are missing. */
export interface CacheOptions {
  /** Milliseconds that a value counts. */
  readonly ttl: number;
}

export interface Cache {
  /**
   * The value of a key. A missing one is loaded, once for all who ask meanwhile on this node. An error of the loader is not kept,
   * nor is `undefined`, which says that there is no such thing. Values are data: dates, maps and sets survive, classes do not.
   * Each caller gets a copy of its own.
   */
  get<T>(key: string, load: () => Promise<T>, options: CacheOptions): Promise<T>;
  /** Forgets a key, on all nodes. A load that runs is not kept, and those who ask afterwards do not get its value. */
  invalidate(key: string): Promise<void>;
  close(): Promise<void>;
}
