import { useFakeTimers } from "@overwire/test-support/fake-timers";
import { expect, test, vi } from "vitest";
import { createHeartbeat } from "./heartbeat.ts";

useFakeTimers();

function beating() {
  const send = vi.fn();
  const dead = vi.fn();
  return { heartbeat: createHeartbeat(1000, send, dead), send, dead };
}

test("a connection that opens too slowly is dead, also if the one before was heard", () => {
  const { heartbeat, send, dead } = beating();
  heartbeat.opened();
  heartbeat.stop();
  heartbeat.opening(50);
  vi.advanceTimersByTime(49);
  expect(dead).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect([dead.mock.calls.length, send.mock.calls.length]).toEqual([1, 0]);
});

test("it asks at each interval, and is dead when nothing was heard in one", () => {
  const { heartbeat, send, dead } = beating();
  heartbeat.opened();
  vi.advanceTimersByTime(1000);
  expect(send).toHaveBeenCalledTimes(1);
  heartbeat.heard();
  vi.advanceTimersByTime(1000);
  expect(send).toHaveBeenCalledTimes(2);
  expect(dead).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1000);
  expect(dead).toHaveBeenCalledTimes(1);
});

test("a question may have a shorter wait, and those after it have the interval again", () => {
  const { heartbeat, send, dead } = beating();
  heartbeat.opened();
  heartbeat.ask(10);
  heartbeat.heard();
  vi.advanceTimersByTime(10);
  expect(send).toHaveBeenCalledTimes(2);
  vi.advanceTimersByTime(999);
  expect(dead).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(dead).toHaveBeenCalledTimes(1);
});

test("nothing is asked when it is stopped", () => {
  const { heartbeat, send, dead } = beating();
  heartbeat.opened();
  heartbeat.stop();
  vi.advanceTimersByTime(10_000);
  expect([send.mock.calls, dead.mock.calls]).toEqual([[], []]);
});
