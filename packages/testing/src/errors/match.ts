/** Comparing sent values with a test's expectations: all expected parts have to be there, more may be. */

/** A value in an error. */
export function show(value: unknown): string {
  if (value instanceof Uint8Array) return `bytes ${value.join(" ")}`;
  return JSON.stringify(value) ?? String(value);
}

/** Tells if a payload is one that a test expects: has all its parts, or is accepted by its function. */
export function matches(actual: unknown, expected: unknown): boolean {
  if (typeof expected !== "function") return contains(actual, expected);
  try {
    // One that only asserts returns nothing.
    return expected(actual) !== false;
  } catch {
    return false;
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isList = (value: unknown): value is ArrayLike<unknown> =>
  Array.isArray(value) || value instanceof Uint8Array;

/** `expect.any(String)`, `expect.stringContaining("…")` and the like, of any test runner. */
const isMatcher = (value: unknown): value is { asymmetricMatch(actual: unknown): boolean } =>
  isObject(value) && typeof value.asymmetricMatch === "function";

/**
 * Tells if `actual` has all of `expected`: lists and bytes are compared whole, objects by the keys that are expected.
 */
export function contains(actual: unknown, expected: unknown): boolean {
  if (isMatcher(expected)) return expected.asymmetricMatch(actual);
  if (isList(expected)) {
    return (
      isList(actual) &&
      Array.isArray(actual) === Array.isArray(expected) &&
      actual.length === expected.length &&
      Array.from(expected).every((each, index) => contains(actual[index], each))
    );
  }
  if (!isObject(expected)) return Object.is(actual, expected);
  return (
    isObject(actual) &&
    Object.entries(expected).every(([key, value]) =>
      value === undefined ? actual[key] === undefined : contains(actual[key], value),
    )
  );
}
