import { type LiveDriver, live } from "@overwire/testing";
import { expect, test } from "vitest";
import { app } from "../app.ts";
import { COUNT, type Level, line, linesBefore, linesFrom } from "./log-lines.ts";

const rows = (view: LiveDriver) => [...view.container.querySelectorAll("#lines > li")];
const numbers = (view: LiveDriver) => rows(view).map(({ id }) => Number(id.replace("line-", "")));
const range = (first: number, last: number) =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index);

/** As the page does when the user has scrolled to that end of the list. */
const scroll = (view: LiveDriver, edge: "above" | "below") =>
  view.element("#lines").hook(edge, { id: rows(view).at(edge === "above" ? 0 : -1)?.id });
const jump = (view: LiveDriver, number: number) => view.form("#jump", { number: String(number) }).submit();

test("begins at the first line", async () => {
  const view = await live(app, "/logs");
  expect(numbers(view)).toEqual(range(1, 50));
  expect(view.text("#line-3 .text")).toBe(line(3).text);
  await scroll(view, "above");
  expect(numbers(view)).toEqual(range(1, 50));
});

test("has two hundred lines at most, whichever way the user scrolls", async () => {
  const view = await live(app, "/logs");
  for (const [first, last] of [
    [1, 100],
    [1, 150],
    [1, 200],
    [51, 250],
    [101, 300],
  ] as const) {
    await scroll(view, "below");
    expect(numbers(view)).toEqual(range(first, last));
  }
  const row = view.container.querySelector("#line-120");
  for (const [first, last] of [
    [51, 250],
    [1, 200],
    [1, 200],
  ] as const) {
    await scroll(view, "above");
    expect(numbers(view)).toEqual(range(first, last));
  }
  expect(view.container.querySelector("#line-120")).toBe(row);
});

test("jumps to any line, with what is around it", async () => {
  const view = await live(app, "/logs");
  await jump(view, 500_000);
  await view.assertPushEvent("show-line", { id: "line-500000" });
  expect(numbers(view)).toEqual(range(499_950, 500_049));
  expect(view.text("[aria-current] .number")).toBe("500,000");
  expect(view.text("[role=status]")).toBe("Near line 500,000 of 1,000,000");

  await scroll(view, "above");
  await scroll(view, "below");
  expect(numbers(view)).toEqual(range(499_900, 500_099));
});

test("ends with the log", async () => {
  const view = await live(app, "/logs");
  await jump(view, COUNT);
  expect(numbers(view)).toEqual(range(COUNT - 50, COUNT));
  await scroll(view, "below");
  expect(numbers(view)).toEqual(range(COUNT - 50, COUNT));
  await expect(view.event("jump", { number: COUNT + 1 })).rejects.toThrow("refused");
});

test("shows one level, near the user's position", async () => {
  const view = await live(app, "/logs");
  await jump(view, 1000);
  await view.element("button", "error").click();
  expect(view.text("[aria-pressed=true]")).toBe("error");
  const errors = [...linesBefore(1000, 50, "error"), ...linesFrom(1000, 50, "error")];
  expect(numbers(view)).toEqual(errors.map(({ number }) => number));
  expect(new Set(rows(view).map(({ className }) => className))).toEqual(new Set(["error"]));

  await scroll(view, "below");
  expect(numbers(view)).toHaveLength(errors.length + 50);
  expect(numbers(view)).toEqual(
    linesFrom(numbers(view)[0] ?? 0, errors.length + 50, "error").map(({ number }) => number),
  );

  const last = numbers(view)[errors.length - 1] as number;
  await view.element("button", "all").click();
  expect(numbers(view)).toEqual(range(last - 50, last + 49));
});

test.each<Level | undefined>([undefined, "warning", "error"])(
  "what comes before and after a line is the log, level %s",
  (level) => {
    const before = linesBefore(20_000, 30, level);
    const after = linesFrom(20_000, 30, level);
    expect([...before, ...after]).toEqual(linesFrom(before[0]?.number ?? 0, 60, level));
    expect(linesBefore(1, 30, level)).toEqual([]);
    expect(linesFrom(COUNT + 1, 30, level)).toEqual([]);
    const times = [...before, ...after].map(({ at }) => at.getTime());
    expect(times).toEqual([...times].sort((a, b) => a - b));
  },
);
