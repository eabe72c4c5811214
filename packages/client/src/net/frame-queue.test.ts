import { useFakeTimers } from "@overwire/test-support/fake-timers";
import { testWindow } from "@overwire/test-support/test-window";
import { expect, test, vi } from "vitest";
import { HEARTBEAT, PATCH } from "../wire/constants.ts";
import type { ClientFrame } from "../wire/frames.ts";
import { createFrameQueue, type ReceivedFrame } from "./frame-queue.ts";
import { simulateLatency } from "./latency-sim.ts";

useFakeTimers();

const frame = (number: number): ReceivedFrame => [PATCH, 1, number, 0, 0];

/** @param page kept by a reload */
function open(page = testWindow()) {
  const { win, logs: printed } = page;
  const got: number[] = [];
  const sent: ClientFrame[] = [];
  const traffic = createFrameQueue((frame) => got.push(frame[2] as number));
  return {
    page,
    win,
    traffic,
    travel: simulateLatency(traffic, win),
    got,
    sent,
    printed,
    send: () => traffic.send([HEARTBEAT], (frame) => sent.push(frame)),
  };
}

test("incoming frames wait while something holds them, and go on in their order", async () => {
  const { traffic, got } = open();
  const ends: (() => void)[] = [];
  const hold = () => traffic.hold(new Promise<void>((resolve) => ends.push(resolve)));
  traffic.receive(frame(1));
  hold();
  hold();
  traffic.receive(frame(2));
  traffic.receive(frame(3));
  ends[0]?.();
  await vi.advanceTimersByTimeAsync(0);
  expect(got).toEqual([1]);
  ends[1]?.();
  await vi.advanceTimersByTimeAsync(0);
  traffic.receive(frame(4));
  expect(got).toEqual([1, 2, 3, 4]);
});

test("a hold may fail, and frames that go on may be held again by the first of them", async () => {
  const got: number[] = [];
  let end = () => {};
  const traffic = createFrameQueue((frame) => {
    got.push(frame[2] as number);
    if (frame[2] === 1) traffic.hold(new Promise<void>((resolve) => (end = resolve)));
  });
  traffic.hold(Promise.reject(new Error("no")));
  for (const number of [1, 2, 3]) traffic.receive(frame(number));
  await vi.advanceTimersByTimeAsync(0);
  expect(got).toEqual([1]);
  traffic.receive(frame(4));
  end();
  await vi.advanceTimersByTimeAsync(0);
  expect(got).toEqual([1, 2, 3, 4]);
});

test("frames under way are not overtaken when the latency is switched off", () => {
  const { traffic, travel, got } = open();
  travel.delay(300);
  traffic.receive(frame(1));
  vi.advanceTimersByTime(100);
  travel.delay(0);
  traffic.receive(frame(2));
  expect(got).toEqual([]);
  vi.advanceTimersByTime(200);
  expect(got).toEqual([1, 2]);
  vi.advanceTimersByTime(1);
  traffic.receive(frame(3));
  expect(got).toEqual([1, 2, 3]);
});

test("latency and printing outlive a reload of the page", () => {
  const { page, win, travel } = open();
  travel.delay(100);
  travel.print(true);
  const after = open(page);
  after.send();
  after.traffic.receive(frame(1));
  expect([after.sent.length, after.got.length, after.printed.length]).toEqual([0, 0, 2]);
  vi.advanceTimersByTime(100);
  expect([after.sent.length, after.got]).toEqual([1, [1]]);
  after.travel.delay(0);
  after.travel.print(false);
  expect(win.sessionStorage.length).toBe(0);
});
