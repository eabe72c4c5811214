/** The contract of the cache: values that may be old are asked for by a key, and loaded once if they are missing. */
export interface CacheOptions {
  /** Milliseconds that a value counts. */
  readonly ttl: number;
}

export interface Cache {
  /**
   * The value of a key. A missing one is loaded, once for all who ask meanwhile on this node; an error of the loader is not kept.
   * Values are data that JSON carries.
   */
  get<T>(key: string, load: () => Promise<T>, options: CacheOptions): Promise<T>;
  /** Forgets a key, on all nodes. A load that runs is not kept. */
  invalidate(key: string): Promise<void>;
  close(): Promise<void>;
}
