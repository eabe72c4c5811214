import { expect, test } from "vitest";
import { quantity, wrongLimits } from "./quoted.mjs";

test("reads numbers with thousands and units", () => {
  expect(
    ["1,000", "128 KiB", "10 s", "14 days", "1.5 KB", "30 seconds (x)", "256 for each view", "none"].map(
      quantity,
    ),
  ).toEqual([1000, 131_072, 10_000, 1_209_600_000, 1536, 30_000, 256, undefined]);
});

test("refuses limits that a guide gives otherwise, in tables and in sentences", () => {
  const guide = `| \`few\`, \`time\` | 1,000, 9 s | kept |
It goes on for 20 seconds (\`limits.time\`), at most 1,000 of them, \`limits.few\`. Others wait (\`limits.few\`).`;
  expect(wrongLimits("a.md", guide, { few: 1000, time: 20_000 })).toEqual([
    "a.md gives 9 s for time, which is 20000: | `few`, `time` | 1,000, 9 s |",
  ]);
  expect(wrongLimits("a.md", guide, { few: 10, time: 9000 })).toHaveLength(3);
});
