/** The signs of a connection on the element that contains a view. */
import { useFakeTimers } from "@overwire/test-support/fake-timers";
import { testWindow } from "@overwire/test-support/test-window";
import { expect, test, vi } from "vitest";
import { ATTR_STATE, CLASS_CLIENT_ERROR, CLASS_SERVER_ERROR } from "../wire/constants.ts";
import { createStatus } from "./connection-status.ts";

useFakeTimers();

const GRACE = 2000;

function open(grace = GRACE) {
  const { win, $ } = testWindow(`<div class="own"></div>`);
  const el = $("div");
  const announced: boolean[] = [];
  const page = { isLeaving: false };
  const status = createStatus(el, { win, grace, isLeaving: () => page.isLeaving }, (connected) => {
    announced.push(connected);
  });
  return { status, announced, page, signs: () => [el.className, el.getAttribute(ATTR_STATE)] };
}

test("shows that a view is loading, then that it is connected, and leaves other classes alone", () => {
  const { status, announced, signs } = open();
  status.load();
  expect(signs()).toEqual(["own phx-loading", null]);
  status.calm();
  expect(signs()).toEqual(["own phx-connected", null]);
  expect(announced).toEqual([true]);
});

test("shows a loss if it lasts", () => {
  const { status, announced, signs } = open();
  status.calm();
  status.worry(CLASS_CLIENT_ERROR);
  vi.advanceTimersByTime(GRACE - 1);
  expect(signs()).toEqual(["own phx-connected", null]);
  vi.advanceTimersByTime(1);
  expect(signs()).toEqual(["own phx-loading phx-error phx-client-error", "reconnecting"]);
  status.calm();
  expect(signs()).toEqual(["own phx-connected", null]);
  expect(announced).toEqual([true, false, true]);
});

test("does not show a loss that is over sooner", () => {
  const { status, announced, signs } = open();
  status.worry(CLASS_CLIENT_ERROR);
  status.calm();
  vi.runAllTimers();
  expect(signs()).toEqual(["own phx-connected", null]);
  expect(announced).toEqual([true]);
});

test("counts the time from the first reason, and shows the latest", () => {
  const { status, announced, signs } = open();
  status.worry(CLASS_CLIENT_ERROR);
  vi.advanceTimersByTime(GRACE - 1);
  status.worry(CLASS_SERVER_ERROR);
  vi.advanceTimersByTime(1);
  expect(signs()[0]).toBe("own phx-loading phx-error phx-server-error");
  status.worry(CLASS_CLIENT_ERROR);
  expect(signs()[0]).toBe("own phx-loading phx-error phx-client-error");
  vi.runAllTimers();
  expect(announced).toEqual([false]);
});

test("goes on showing a loss while the view is joined for the first time", () => {
  const { status, signs } = open();
  status.worry(CLASS_CLIENT_ERROR);
  vi.runAllTimers();
  status.load();
  expect(signs()).toEqual(["own phx-loading phx-error phx-client-error", "reconnecting"]);
});

test("shows a loss at once without a time for it", () => {
  const { status, signs } = open(0);
  status.worry(CLASS_CLIENT_ERROR);
  expect(signs()[1]).toBe("reconnecting");
});

test("shows no loss in a page that is being left", () => {
  const { status, announced, page, signs } = open();
  status.calm();
  status.worry(CLASS_CLIENT_ERROR);
  page.isLeaving = true;
  vi.runAllTimers();
  expect(signs()).toEqual(["own phx-connected", null]);
  expect(announced).toEqual([true]);
});

test("takes all signs back with the end of the view", () => {
  const { status, signs } = open();
  status.worry(CLASS_CLIENT_ERROR);
  vi.runAllTimers();
  status.worry(CLASS_SERVER_ERROR);
  status.end();
  vi.runAllTimers();
  expect(signs()).toEqual(["own", null]);
});
