/** Limits of requests and events by key: counted in memory or in Redis, with an answer for those beyond them. */
import { createHash } from "node:crypto";
import type { Context, MiddlewareHandler } from "hono";
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from "rate-limiter-flexible";
import { bearerOf } from "../http/authorization.ts";
import { addressIn, rememberAddresses } from "../http/client-address.ts";
import { HttpError, TooManyRequests } from "../http/errors.ts";
import { invalidOption } from "../http/invalid-option.ts";
import { logReport } from "../http/log-report.ts";
import { BoundedMemory } from "./bounded-memory.ts";

/** A connected client of Redis: of `@redis/client`, `redis` or `ioredis`. */
export interface RedisClient {
  multi(): unknown;
  del(key: never): unknown;
}

/** Options of {@link rateLimit}. */
export interface RateLimitOptions {
  /** Requests that one key may make in a window. */
  readonly points: number;
  /** Length of the window in seconds. It begins with a key's first request. */
  readonly duration: number;
  /**
   * Names who asks; undefined lets a request through uncounted. Default: the token that `bearer` let in before, otherwise the
   * network address, which behind a proxy needs `createApp({ trustProxy: true })`.
   */
  readonly key?: ((c: Context) => string | undefined | Promise<string | undefined>) | undefined;
  /** A connected client of Redis, for counts that all nodes share. Default: the memory of this process. */
  readonly store?: RedisClient | undefined;
  /**
   * Consequence of a Redis that does not answer within a second. `memory`: this process counts for itself, so that limits hold for
   * each node. `open`: every request passes. `closed`: every request is answered with 503. Default `memory`.
   */
  readonly whenAway?: "memory" | "open" | "closed" | undefined;
  /** Tells limits apart that share a Redis, and in headers. Default: points and duration, `100-60`. */
  readonly name?: string | undefined;
  /** Keys that are counted in memory; beyond it the oldest window is forgotten. Default 100,000. */
  readonly maxKeys?: number | undefined;
  /** Gets errors of Redis. Default: a line on the console, at most one a minute. */
  readonly onError?: ((error: unknown) => void) | undefined;
}

/** A count after a request. */
export interface RateLimitState {
  /** Requests left in the window. */
  readonly remaining: number;
  /** Seconds until the window ends. */
  readonly resetIn: number;
}

/** 429 of a {@link RateLimiter}. */
export class RateLimitExceeded extends TooManyRequests {
  /** Seconds until the next window. */
  readonly retryAfter: number;

  constructor(retryAfter: number) {
    super(`Too many requests. Try again in ${retryAfter} second${retryAfter === 1 ? "" : "s"}.`);
    this.retryAfter = retryAfter;
  }
}

/** Middleware of {@link rateLimit}, which counts elsewhere too. */
export interface RateLimiter extends MiddlewareHandler {
  /**
   * Counts something that is no request, such as an event of a view.
   * @param points that it costs. Default 1
   * @throws RateLimitExceeded, a {@link TooManyRequests}, beyond the limit; HttpError 503 if Redis is away and `whenAway` is `closed`
   * @example await logins.consume(email);
   */
  consume(key: string, points?: number): Promise<RateLimitState>;
  /** Forgets a key's count, for example after a log-in that succeeded. */
  reset(key: string): Promise<void>;
}

/** Time that Redis has for an answer, and then is left alone, in milliseconds. */
const REDIS_TIME = 1000;
const MINUTE = 60_000;
const LONGEST_KEY = 100;
/** In seconds: timers take 31 bits of milliseconds. */
const LONGEST_WINDOW = 20 * 24 * 60 * 60;

/** Tokens and passwords are not to stand in Redis, nor keys of any length in memory. */
const digest = (text: string) => createHash("sha256").update(text).digest("base64url");

function checkOptions({ points, duration, store, maxKeys = 1 }: RateLimitOptions): void {
  if (duration > LONGEST_WINDOW)
    throw invalidOption(`duration of rateLimit is at most ${LONGEST_WINDOW} seconds, but it is ${duration}.`);
  for (const [name, value] of Object.entries({ points, duration, maxKeys })) {
    if (!Number.isSafeInteger(value) || value < 1)
      throw invalidOption(
        `${name} of rateLimit is a whole number above 0, but it is ${String(value)}. Write rateLimit({ points: 100, duration: 60 }).`,
      );
  }
  if (store !== undefined && typeof (store as Partial<RedisClient> | null)?.multi !== "function")
    throw invalidOption(
      "store of rateLimit is a connected client of Redis: rateLimit({ …, store: await createClient({ url }).connect() }).",
    );
}

/** Counts by key, in Redis if there is one and it answers. */
class Counter {
  readonly #options: RateLimitOptions;
  readonly #memory: BoundedMemory;
  readonly #redis: RateLimiterRedis | undefined;
  #awayUntil = 0;
  #toldAt = -Infinity;

  constructor(options: RateLimitOptions, name: string) {
    checkOptions(options);
    this.#options = options;
    const { points, duration, store, maxKeys = 100_000 } = options;
    this.#memory = new BoundedMemory(
      new RateLimiterMemory({ points, duration, keyPrefix: "" }),
      duration * 1000,
      maxKeys,
    );
    if (!store) return;
    this.#redis = new RateLimiterRedis({
      points,
      duration,
      storeClient: store,
      // Keys come after a colon and may have some, so names have none.
      keyPrefix: `overwire:rate:${name.replaceAll(":", "%3A")}`,
      // Clients keep commands for a connection to come; a request cannot wait for it.
      rejectIfRedisNotReady: true,
      useRedisPackage: "pTTL" in store,
    });
  }

  /** @throws RateLimiterRes beyond the limit */
  async consume(key: string, points: number): Promise<RateLimiterRes> {
    const counted = await this.#ask((redis) => redis.consume(key, points));
    if (counted) return counted;
    if (this.#redis && this.#options.whenAway === "open")
      return new RateLimiterRes(this.#options.points, this.#options.duration * 1000);
    return this.#memory.consume(key, points);
  }

  async reset(key: string): Promise<void> {
    this.#memory.delete(key);
    await this.#ask((redis) => redis.delete(key));
  }

  /** @returns undefined if there is no Redis, or none that answers */
  async #ask<T>(ask: (redis: RateLimiterRedis) => Promise<T>): Promise<T | undefined> {
    const redis = this.#redis;
    if (!redis) return undefined;
    let error: unknown;
    if (Date.now() >= this.#awayUntil) {
      try {
        return await inTime(ask(redis));
      } catch (thrown) {
        if (thrown instanceof RateLimiterRes) throw thrown;
        error = thrown;
        this.#awayUntil = Date.now() + REDIS_TIME;
        this.#tell(thrown);
      }
    }
    if (this.#options.whenAway !== "closed") return undefined;
    throw new HttpError(503, "The rate limit cannot be counted: Redis does not answer.", { cause: error });
  }

  #tell(error: unknown): void {
    const { onError } = this.#options;
    if (onError) return onError(error);
    const now = Date.now();
    if (now - this.#toldAt < MINUTE) return;
    this.#toldAt = now;
    logReport({ kind: "warning", event: "rateLimit", message: "Redis does not answer", error });
  }
}

async function inTime<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(reject, REDIS_TIME, new Error(`Redis has not answered for ${REDIS_TIME} ms`));
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

const secondsOf = (milliseconds: number) => Math.max(1, Math.ceil(milliseconds / 1000));

function defaultKey(c: Context): string {
  const token = c.get("bearer") === undefined ? undefined : bearerOf(c.req.raw.headers);
  return token === undefined ? `address ${addressIn(c)}` : `token ${digest(token)}`;
}

const wantsJson = ({ req }: Context): boolean => {
  const accept = req.header("accept") ?? "";
  if (/\btext\/html\b/i.test(accept)) return false;
  return /\bjson\b/i.test(accept) || bearerOf(req.raw.headers) !== undefined;
};

/**
 * Makes middleware that answers with 429 if a client asks too often, and counts events of views by `consume`. Every answer has the headers
 * `ratelimit` and `ratelimit-policy`, a refusal `retry-after` too.
 * @throws TypeError for options that cannot be right
 * @example
 * app.use("/api/*", rateLimit({ points: 100, duration: 60 }));
 */
export function rateLimit(options: RateLimitOptions): RateLimiter {
  const { points, duration, key: keyOf = defaultKey } = options;
  const name = (options.name ?? `${points}-${duration}`).replace(/[^\w.:-]/g, "_");
  const counter = new Counter(options, name);
  rememberAddresses();

  const consume = async (key: string, cost = 1): Promise<RateLimitState> => {
    if (!Number.isSafeInteger(cost) || cost < 1)
      throw new RangeError(`consume takes a whole number of points above 0, but got ${cost}.`);
    const short = shorten(key);
    try {
      const { remainingPoints, msBeforeNext } = await counter.consume(short, cost);
      return { remaining: remainingPoints, resetIn: secondsOf(msBeforeNext) };
    } catch (error) {
      throw error instanceof RateLimiterRes ? new RateLimitExceeded(secondsOf(error.msBeforeNext)) : error;
    }
  };

  const handle: MiddlewareHandler = async (c, next) => {
    const key = await keyOf(c);
    if (key === undefined) return next();
    const headers = (remaining: number, seconds: number) => {
      c.header("ratelimit-policy", `"${name}";q=${points};w=${duration}`);
      c.header("ratelimit", `"${name}";r=${remaining};t=${seconds}`);
    };
    try {
      const { remaining, resetIn } = await consume(key);
      headers(remaining, resetIn);
    } catch (error) {
      if (!(error instanceof RateLimitExceeded)) throw error;
      headers(0, error.retryAfter);
      c.header("retry-after", String(error.retryAfter));
      if (!wantsJson(c)) throw error;
      return c.json({ error: error.code, message: error.message }, 429);
    }
    return next();
  };

  return Object.assign(handle, { consume, reset: (key: string) => counter.reset(shorten(key)) });
}

function shorten(key: string): string {
  if (typeof key !== "string")
    throw new TypeError(`The key of a rate limit is text, but it is ${typeof key}: it names who is counted.`);
  return key.length > LONGEST_KEY ? digest(key) : key;
}
