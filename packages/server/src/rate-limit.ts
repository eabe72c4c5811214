/** `@overwire/server/rate-limit`: limits of requests and events by token, address or key. Needs `rate-limiter-flexible`. */
export {
  RateLimitExceeded,
  type RateLimiter,
  type RateLimitOptions,
  type RateLimitState,
  type RedisClient,
  rateLimit,
} from "./rate-limit/rate-limiter.ts";
