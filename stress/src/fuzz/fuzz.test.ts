import { expect, test } from "vitest";
import { fuzz } from "./fuzz.ts";

test("20,000 mutated frames: the server goes on, serves others, and keeps nothing", async () => {
  const { tally, frames } = await fuzz({ seed: 1, frames: 20_000 });
  expect(frames).toBeGreaterThanOrEqual(20_000);
  // The attacks got far enough to mean something: views were joined, patched, refused and resumed.
  for (const kind of ["j", "p", "p unknown_event", "p invalid_payload", "x stale", "closed 4400"]) {
    expect([kind, tally.get(kind) ?? 0]).toEqual([kind, expect.any(Number)]);
    expect(tally.get(kind) ?? 0).toBeGreaterThan(10);
  }
});
