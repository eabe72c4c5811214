import { type LiveDriver, live } from "@overwire/testing";
import { beforeEach, expect, test, vi } from "vitest";
import { app } from "../app.ts";
import { findCities, network } from "./cities.ts";

/** Questions on their way to the source. */
const travelling = new Map<string, { arrive: () => void; signal: AbortSignal }>();

/** The test says when; what is not wanted any more arrives all the same. */
beforeEach(() => {
  travelling.clear();
  vi.spyOn(network, "travel").mockImplementation(
    (text, signal) => new Promise((arrive) => travelling.set(text, { arrive, signal })),
  );
  return () => vi.restoreAllMocks();
});

/** Types, and waits until the source is asked. */
async function ask(view: LiveDriver, text: string) {
  void view.form("#search", { text }).change();
  await vi.waitUntil(() => status(view) === `Asking for “${text}”…`);
  return travelling.get(text) as { arrive: () => void; signal: AbortSignal };
}

const status = (view: LiveDriver) => view.text("[role=status]");
const hits = (view: LiveDriver) =>
  [...view.container.querySelectorAll(".hits b")].map(({ textContent }) => textContent);
const questions = (view: LiveDriver) =>
  [...view.container.querySelectorAll(".questions li")].map(({ textContent }) => textContent);

test("tells that it asks, then what it found", async () => {
  const view = await live(app, "/search");
  expect(status(view)).toBe("Type, and do not wait.");
  const { arrive } = await ask(view, "port");
  expect(questions(view)).toEqual(["“port” asked"]);
  expect(view.hasElement(".hits[aria-busy=true]")).toBe(true);

  arrive();
  await view.settled();
  expect(status(view)).toBe("6 cities for “port”");
  expect(hits(view).slice(0, 2)).toEqual(["Porto", "Portland"]);
  expect(questions(view)).toEqual(["“port” answered"]);
  expect(view.hasElement(".hits[aria-busy]")).toBe(false);
});

test("shows the newest answer only, whenever the older ones come", async () => {
  const view = await live(app, "/search");
  const first = await ask(view, "b");
  const second = await ask(view, "be");
  const third = await ask(view, "ber");
  expect([first, second, third].map(({ signal }) => signal.aborted)).toEqual([true, true, false]);
  expect(questions(view)).toEqual(["“ber” asked", "“be” dropped", "“b” dropped"]);

  first.arrive();
  third.arrive();
  await view.settled();
  second.arrive();
  await view.settled();
  expect(hits(view)).toEqual(["Berlin", "Bergen", "Bern"]);
  expect(status(view)).toBe("3 cities for “ber”");
  expect(questions(view)).toEqual(["“ber” answered", "“be” dropped", "“b” dropped"]);
});

test("keeps what it has found while it asks anew", async () => {
  const view = await live(app, "/search");
  for (const [text, shown] of [
    ["oslo", []],
    ["rome", ["Oslo"]],
  ] as const) {
    const { arrive } = await ask(view, text);
    expect(hits(view)).toEqual(shown);
    arrive();
    await view.settled();
  }
  expect(hits(view)).toEqual(["Rome"]);
});

test("an empty field asks nothing, and drops what is on its way", async () => {
  const view = await live(app, "/search");
  const { arrive, signal } = await ask(view, "rome");
  await view.form("#search", { text: "" }).change();
  await view.settled();
  expect(signal.aborted).toBe(true);
  arrive();
  await view.settled();
  expect(hits(view)).toEqual([]);
  expect(status(view)).toBe("Type, and do not wait.");
  expect([...travelling.keys()]).toEqual(["rome"]);
});

test("the question of a user who leaves is aborted", async () => {
  const view = await live(app, "/search");
  const { signal } = await ask(view, "rome");
  await view.close();
  await vi.waitUntil(() => signal.aborted);
});

test("the source stops when it is told to", async () => {
  vi.restoreAllMocks();
  const stopped = new AbortController();
  const answer = findCities("oslo", stopped.signal);
  stopped.abort();
  await expect(answer).rejects.toThrow("aborted");
});
