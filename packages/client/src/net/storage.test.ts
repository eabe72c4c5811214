import { testWindow } from "@overwire/test-support/test-window";
import { expect, test } from "vitest";
import { createFrameQueue } from "./frame-queue.ts";
import { simulateLatency } from "./latency-sim.ts";
import { hasStored, storageOf } from "./storage.ts";

function refusingWindow() {
  const { win } = testWindow("");
  Object.defineProperty(win, "sessionStorage", {
    get() {
      throw new DOMException("The operation is insecure.", "SecurityError");
    },
  });
  return win;
}

test("a storage that the browser refuses is none", () => {
  expect(storageOf(refusingWindow())).toBeUndefined();
  expect(hasStored(refusingWindow())).toBe(false);
});

test("latency of a page without a storage is that page's alone", () => {
  const win = refusingWindow();
  const simulation = simulateLatency(
    createFrameQueue(() => {}),
    win,
  );
  simulation.delay(100);
  simulation.delay(0);
  expect(hasStored(win)).toBe(false);
});

test("latency and printing go on in the next page, reloads alone are none of them", () => {
  const { win } = testWindow("");
  win.sessionStorage.setItem("overwire:reloads:/", "1");
  expect(hasStored(win)).toBe(false);
  simulateLatency(
    createFrameQueue(() => {}),
    win,
  ).delay(50);
  expect(win.sessionStorage.getItem("overwire:latency")).toBe("50");
  expect(hasStored(win)).toBe(true);
});
