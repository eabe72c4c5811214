// Requirements of a test on the machine: if one is missing it is skipped, loudly, or fails if
// OVERWIRE_REQUIRE names it.
import { describe, test } from "vitest";

export type Requirement = "chromium" | "redis" | "python" | "postgresql";

const required = new Set((process.env["OVERWIRE_REQUIRE"] ?? "").split(",").map((name) => name.trim()));

/** A `describe` for tests that need something: `hint` says how to get it. */
export function describeWith(
  need: Requirement,
  found: boolean,
  hint: string,
  name: string,
  body: () => void,
): void {
  if (found) {
    describe(name, body);
  } else if (required.has(need)) {
    describe(name, () => {
      test(`needs ${need}`, () => {
        throw new Error(`OVERWIRE_REQUIRE names ${need}, and it is not here. ${hint}`);
      });
    });
  } else {
    console.warn(`SKIPPED for want of ${need}: ${name}. ${hint}`);
    describe.skip(name, body);
  }
}
