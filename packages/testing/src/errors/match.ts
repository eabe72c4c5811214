/** Comparing sent values with a test's expectations: all expected parts have to be there, more may be. */

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** `expect.any(String)`, `expect.stringContaining("…")` and the like, of any test runner. */
const isMatcher = (value: unknown): value is { asymmetricMatch(actual: unknown): boolean } =>
  isObject(value) && typeof value.asymmetricMatch === "function";

/**
 * Tells if `actual` has all of `expected`: lists are compared whole, objects by the keys that are expected.
 */
export function contains(actual: unknown, expected: unknown): boolean {
  if (isMatcher(expected)) return expected.asymmetricMatch(actual);
  if (Array.isArray(expected)) {
    return (
      Array.isArray(actual) &&
      actual.length === expected.length &&
      expected.every((each, index) => contains(actual[index], each))
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
