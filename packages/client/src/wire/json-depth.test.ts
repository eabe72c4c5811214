import { expect, test } from "vitest";
import { readClientFrame } from "./frames.ts";
import { isTooDeep, MAX_DEPTH } from "./json-depth.ts";

const arrays = (depth: number) => "[".repeat(depth) + "]".repeat(depth);
const mixed = (depth: number) => '{"a":['.repeat(depth / 2) + "]}".repeat(depth / 2);

test.each([arrays(MAX_DEPTH), mixed(MAX_DEPTH), JSON.stringify("[{".repeat(200)), "[[]],".repeat(100)])(
  "as many levels as are allowed, and brackets in strings or side by side, pass",
  (text) => expect(isTooDeep(text)).toBe(false),
);

test.each([
  arrays(MAX_DEPTH + 1),
  mixed(MAX_DEPTH + 2),
  arrays(5000),
  "[".repeat(128 * 1024),
  `["\\"[",${arrays(64)}]`,
  `["\\\\",${arrays(64)}]`,
])("one level more does not", (text) => expect(isTooDeep(text)).toBe(true));

test.each(["e", "f", "n", "j", "l", "h", "a", "?"])("a deep message of kind %s is refused", (kind) => {
  const sentence = "a message may have 64 levels of arrays and objects";
  expect(readClientFrame(`["${kind}",1,1,"x",${arrays(5000)}]`)).toBe(sentence);
  expect(readClientFrame(`[${arrays(5000)},1]`)).toBe(sentence);
  expect(readClientFrame(`["${kind}",1,${mixed(5000)}]`)).toBe(sentence);
});

test("128 KiB of quotes and backslashes are checked in less than 200 ms of CPU time", () => {
  const text = `[${'"\\\\\\"",'.repeat(20_000)}${arrays(100)}]`;
  const start = process.cpuUsage();
  expect(isTooDeep(text)).toBe(true);
  const { user, system } = process.cpuUsage(start);
  expect((user + system) / 1000).toBeLessThan(200);
});
