/** The features, which are loaded when they are first needed. */
import { beforeEach, expect, test } from "vitest";
import { createFeatureLoader, type FeatureLoader, type Features, type StartedFeatures } from "./loader.ts";

const started = { uploads: { busy: false } } as StartedFeatures;
const features: Features = { startFeatures: () => started };

let loads: { readonly resolve: (features: Features) => void; readonly reject: () => void }[];
let loader: FeatureLoader;
let log: string[];

beforeEach(() => {
  [loads, log] = [[], []];
  loader = createFeatureLoader(
    () => new Promise<Features>((resolve, reject) => void loads.push({ resolve, reject })),
  );
  loader.begin(
    () => started,
    () => log.push("loaded"),
  );
});

const settled = () => new Promise<void>((resolve) => setTimeout(resolve));

test("those that are there start at once", () => {
  const loader = createFeatureLoader(features);
  loader.begin(
    () => started,
    () => log.push("loaded"),
  );
  loader.whenLoaded((each) => log.push(String(each === started)));
  expect([loader.started, log]).toEqual([started, ["true"]]);
});

test("are loaded once, and all that waits for them runs in its order", async () => {
  expect(loader.busy).toBe(false);
  loader.whenLoaded(() => log.push("a"));
  loader.whenLoaded(() => log.push("b"));
  expect([loads.length, loader.busy, loader.started]).toEqual([1, true, undefined]);
  loads[0]?.resolve(features);
  await settled();
  expect([log, loader.busy, loader.started]).toEqual([["loaded", "a", "b"], false, started]);
});

test("a repeated action of the user at one element waits once", async () => {
  const [one, other] = [{}, {}] as Element[];
  for (const el of [one, one, other]) loader.whenLoaded(() => log.push(el === one ? "one" : "other"), el);
  loads[0]?.resolve(features);
  await settled();
  expect(log).toEqual(["loaded", "one", "other"]);
});

test("that cannot be loaded are asked for again when they are needed again", async () => {
  loader.whenLoaded(() => log.push("a"));
  loads[0]?.reject();
  await settled();
  expect([log, loader.busy]).toEqual([[], false]);
  loader.whenLoaded(() => log.push("b"));
  loads[1]?.resolve(features);
  await settled();
  expect(log).toEqual(["loaded", "b"]);
});
