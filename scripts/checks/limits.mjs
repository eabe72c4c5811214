// Limits of size that the checks hold, written once: the sizes check measures against them, the guides quote them.

/** Bytes, gzipped: of the file that every page loads, then of those that a page loads if it needs them. */
export const CLIENT_LIMITS = {
  client: 16 * 1024,
  features: 12 * 1024,
  /** Streams. */
  streams: 1.5 * 1024,
  /** Lists without end. */
  viewport: 1.2 * 1024,
  uploads: 5.5 * 1024,
  /** Files that go to a bucket. */
  s3: 1.8 * 1024,
  rare: 1.5 * 1024,
  /** Channels, which pages and programs load by themselves. */
  channels: 5 * 1024,
};

/** Lines of a source file. */
export const LINES_LIMIT = 400;

/** Lines of a function, with those inside it. */
export const FUNCTION_LIMIT = 80;
