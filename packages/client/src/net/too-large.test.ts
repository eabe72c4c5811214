import { expect, test } from "vitest";
import { EVENT, FORM, HEARTBEAT, JOIN, NAVIGATE, OWN_LARGE } from "../wire/constants.ts";
import { inPlaceOf } from "./too-large.ts";

test("a frame that is too large has one in its place that says so, under its view and ref", () => {
  const long = "x".repeat(300);
  expect([
    inPlaceOf([EVENT, 1, 7, "save", { text: long }, 3], 200_000),
    inPlaceOf([EVENT, 1, 7, long, {}], 200_000),
    inPlaceOf([FORM, 2, 8, "change", long, {}, 3], 200_000),
    inPlaceOf([NAVIGATE, 3, 9, `/${long}`], 200_000),
    inPlaceOf([JOIN, 4, { token: "t", url: long, params: { long }, seen: 3, attempt: 2 }], 200_000),
    inPlaceOf([HEARTBEAT], 200_000),
  ]).toEqual([
    [EVENT, 1, 7, OWN_LARGE, { e: "save", s: 200_000 }],
    [EVENT, 1, 7, OWN_LARGE, { e: long.slice(0, 256), s: 200_000 }],
    [EVENT, 2, 8, OWN_LARGE, { e: "change", s: 200_000 }],
    [EVENT, 3, 9, OWN_LARGE, { e: "handleParams", s: 200_000 }],
    [JOIN, 4, { token: "t", url: "", large: 200_000 }],
    [HEARTBEAT],
  ]);
});
