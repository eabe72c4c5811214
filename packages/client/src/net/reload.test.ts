import { Window } from "happy-dom";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { reload, reloaded } from "./reload.ts";

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(Math, "random").mockReturnValue(0.5);
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

function page(path = "/page") {
  const win = new Window({ url: `http://localhost${path}` }) as unknown as globalThis.Window &
    typeof globalThis;
  let count = 0;
  Object.assign(win, { setTimeout: globalThis.setTimeout });
  Object.defineProperty(win.location, "reload", { configurable: true, value: () => count++ });
  return { win, count: () => count };
}

/** Time until the page is loaded again, in milliseconds. */
const wait = ({ win, count }: ReturnType<typeof page>) => {
  const [before, start] = [count(), Date.now()];
  reload(win);
  while (count() === before) vi.advanceTimersByTime(10);
  return Date.now() - start;
};

test("a page is loaded again at once, then after a while, then rarely", () => {
  const one = page();
  expect(wait(one)).toBe(0);
  for (let times = 1; times < 10; times++) expect(wait(one)).toBe(7500);
  expect(wait(one)).toBe(30_000);
  expect(wait(one)).toBe(30_000);
});

test("many pages do not come back at once", () => {
  const one = page();
  wait(one);
  vi.mocked(Math.random).mockReturnValue(0);
  expect(wait(one)).toBe(5000);
  vi.mocked(Math.random).mockReturnValue(0.999);
  expect(wait(one)).toBeGreaterThan(9900);
});

test("a page that was joined begins anew, and leaves no trace", () => {
  const one = page();
  wait(one);
  wait(one);
  reloaded(one.win);
  expect(one.win.sessionStorage.length).toBe(0);
  expect(wait(one)).toBe(0);
});

test("pages are counted each on its own", () => {
  const one = page();
  wait(one);
  const other = page("/other");
  Object.defineProperty(other.win, "sessionStorage", { value: one.win.sessionStorage });
  expect(wait(other)).toBe(0);
});
