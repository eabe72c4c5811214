import { expect, test } from "vitest";
import { fuzz } from "./fuzz.ts";

test("20,000 mutated frames: the server goes on, serves others, and keeps nothing", async () => {
  const { tally, frames } = await fuzz({ seed: 1, frames: 20_000 });
  expect(frames).toBeGreaterThanOrEqual(20_000);
  // The attacks got far enough to mean something: views were joined, patched, refused and resumed.
  const kinds = ["j", "p", "p unknown_event", "p invalid_payload", "x stale", "closed 4400"].concat(
    ["channel ok", "channel invalid_payload", "channel join_crashed"],
    ["channel bytes 1", "channel phx_close", "channel phx_error", "channel presence_diff"],
    ["ticket", "session 200", "session 403", "session 410"],
  );
  const rare = kinds.filter((kind) => !tally.get(kind));
  expect(rare).toEqual([]);
});
