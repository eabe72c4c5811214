/** The entries of the history that a page makes. */
import { useFakeTimers } from "@overwire/test-support/fake-timers";
import { testWindow } from "@overwire/test-support/test-window";
import { expect, test, vi } from "vitest";
import { createHistory } from "./history.ts";

useFakeTimers();

function open() {
  const { win } = testWindow("", "http://localhost/a");
  const scrolled: number[] = [];
  Object.assign(win, { scrollTo: (_x: number, y: number) => scrolled.push(y) });
  return { win, scrolled, page: createHistory(win), state: () => win.history.state as unknown };
}

test("another view has a number of its own, and a patched URL that of its view", () => {
  const { page, state } = open();
  expect(state()).toEqual({ view: 0, at: 0 });
  page.enter("patch", "/b", false);
  expect([state(), page.current]).toEqual([{ view: 0, at: 1 }, "http://localhost/b"]);
  page.enter("navigate", "/c", false);
  expect(state()).toEqual({ view: 1, at: 2 });
  page.enter("navigate", "/d", true);
  expect(state()).toEqual({ view: 2, at: 2 });
  page.enter("patch", "/a", false, { view: 0, at: 0 });
  page.enter("navigate", "/e", false);
  expect(state()).toEqual({ view: 3, at: 3 });
});

test("goes on with the numbers of the entry that is loaded", () => {
  const { win } = open();
  win.history.replaceState({ view: 3, at: 5, scroll: 40 }, "");
  const page = createHistory(win);
  page.enter("navigate", "/b", false);
  expect(win.history.state).toEqual({ view: 4, at: 6 });
});

test("keeps the scroll position when it came to rest, unless the page is on its way elsewhere", () => {
  const { win, page, state } = open();
  Object.defineProperty(win, "scrollY", { value: 70 });
  page.going = { href: "/b" };
  win.dispatchEvent(new win.Event("scroll"));
  vi.advanceTimersByTime(200);
  expect(state()).toEqual({ view: 0, at: 0 });
  page.going = undefined;
  win.dispatchEvent(new win.Event("scroll"));
  vi.advanceTimersByTime(200);
  expect(state()).toEqual({ view: 0, at: 0, scroll: 70 });
});

test("scrolls to a position, or to the top if the hash has no target", () => {
  const { page, scrolled } = open();
  page.showPlace(30);
  page.showPlace(0);
  page.showPlace(undefined);
  expect(scrolled).toEqual([30, 0]);
});
