import { useFakeTimers } from "@overwire/test-support/fake-timers";
import { testWindow } from "@overwire/test-support/test-window";
import { expect, test, vi } from "vitest";
import { reload, reloaded } from "./reload.ts";

useFakeTimers({ jitter: false });

function page(path = "/page") {
  const { win, loads } = testWindow("", `http://localhost${path}`);
  return { win, count: () => loads.length };
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

test("a page whose browser refuses it a storage waits before it is loaded again, as nothing counts", () => {
  const one = page();
  Object.defineProperty(one.win, "sessionStorage", {
    get() {
      throw new DOMException("The operation is insecure.", "SecurityError");
    },
  });
  expect(wait(one)).toBe(7500);
  expect(wait(one)).toBe(7500);
  reloaded(one.win);
});
