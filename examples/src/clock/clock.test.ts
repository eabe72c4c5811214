import { live } from "@overwire/testing";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Clock } from "./clock.ts";

beforeEach(() => {
  vi.useFakeTimers({
    toFake: ["Date", "setInterval", "clearInterval"],
    now: new Date("2025-01-02T03:04:05Z"),
  });
});
afterEach(() => {
  vi.useRealTimers();
});

test("ticks", async () => {
  const view = await live(Clock);
  expect(view.text("time")).toBe("03:04:05");
  expect(view.element(".seconds").html()).toContain("rotate(30)");

  vi.advanceTimersByTime(2000);
  await view.settled();
  expect(view.text("time")).toBe("03:04:07");
  expect(view.element(".seconds").html()).toContain("rotate(42)");
  await view.close();
});

test("knows what time it is elsewhere", async () => {
  const view = await live(Clock);
  expect(view.element("dl > div", "Tokyo").html()).toContain("12:04");
  expect(view.element("dl > div", "New York").html()).toContain("22:04");
  await view.close();
});

test("pauses and goes on", async () => {
  const view = await live(Clock);
  await view.element("button", "Pause").click();
  vi.advanceTimersByTime(5000);
  await view.settled();
  expect(view.text("time")).toBe("03:04:05");

  await view.element("button", "Go on").click();
  expect(view.text("time")).toBe("03:04:10");
  vi.advanceTimersByTime(1000);
  await view.settled();
  expect(view.text("time")).toBe("03:04:11");
  await view.close();
});

test("stops with its page", async () => {
  const view = await live(Clock);
  const clock = view.instance;
  await view.close();
  const { now } = clock;
  vi.advanceTimersByTime(5000);
  expect(clock.now).toBe(now);
});
