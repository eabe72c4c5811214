/** Timelines of LiveView: handlers and the milliseconds since the test began at which they run. */
import { useFakeTimers } from "@overwire/test-support/fake-timers";
import { testWindow } from "@overwire/test-support/test-window";
import { describe, expect, test, vi } from "vitest";
import { createRateLimit, type RateLimit } from "./rate-limit.ts";

useFakeTimers();

const wait = (ms: number) => vi.advanceTimersByTime(ms);

/** A field in a form, with the times and values of the events that went out. */
function field(attributes: string, options: { form?: string; immediate?: boolean } = {}) {
  const { win, errors, $ } = testWindow(`<form ${options.form ?? ""}><input ${attributes}></form>`);
  const el = $("input");
  const timing: RateLimit = createRateLimit(win, "phx-", options.immediate);
  const calls: string[] = [];
  return {
    el,
    timing,
    calls,
    errors,
    form: el.form as HTMLFormElement,
    /** Types a text. */
    type: (...values: string[]) => {
      for (const value of values) timing.run(el, "change", () => calls.push(value));
    },
    /** Does something else that is bound. */
    run: (type: string, key?: string) => timing.run(el, type, () => calls.push(key ?? type), key),
  };
}

test("without attributes events go out at once", () => {
  const { type, calls } = field("");
  type("1", "12");
  expect(calls).toEqual(["1", "12"]);
});

describe("debounce", () => {
  test("`blur` holds an event back until the field loses the focus, and sends it once", () => {
    const { type, timing, el, calls } = field(`phx-debounce="blur"`);
    type("1", "12");
    wait(10_000);
    expect(calls).toEqual([]);
    for (let i = 0; i < 3; i++) timing.blur(el);
    expect(calls).toEqual(["12"]);
  });

  test("losing the focus sends what waits, once and with the last value", () => {
    const { type, timing, el, calls } = field(`phx-debounce="200"`);
    type("1", "12", "123");
    for (let i = 0; i < 3; i++) timing.blur(el);
    wait(1000);
    expect(calls).toEqual(["123"]);
  });

  test("typing goes out once per quiet period", () => {
    const { type, calls } = field(`phx-debounce="200"`);
    type("1", "12", "123");
    wait(100);
    expect(calls).toEqual([]);
    type("1234");
    wait(75);
    expect(calls).toEqual([]);
    wait(250);
    expect(calls).toEqual(["1234"]);
    type("12345", "123456", "1234567");
    wait(250);
    expect(calls).toEqual(["1234", "1234567"]);
  });

  test("a blank attribute means 300 ms", () => {
    const { type, calls } = field("phx-debounce");
    type("1");
    wait(299);
    expect(calls).toEqual([]);
    wait(1);
    expect(calls).toEqual(["1"]);
  });

  test("submitting the form drops what waits; later changes wait again", () => {
    const { type, timing, form, calls } = field(`phx-debounce="200"`);
    type("1");
    timing.submit(form);
    wait(1000);
    expect(calls).toEqual([]);
    type("12");
    wait(199);
    expect(calls).toEqual([]);
    wait(1);
    expect(calls).toEqual(["12"]);
  });

  test("submitting drops changes only: the form does not say what else was done", () => {
    const { type, run, timing, form, calls } = field(`phx-debounce="200"`);
    type("1");
    run("keyup");
    timing.submit(form);
    wait(200);
    expect(calls).toEqual(["keyup"]);
  });

  test("events of different types do not displace each other", () => {
    const { type, run, calls } = field(`phx-debounce="200"`);
    type("1");
    run("keyup");
    wait(200);
    expect(calls).toEqual(["1", "keyup"]);
  });

  test("a pending event is dropped when the element has left the page", () => {
    const { type, el, calls } = field(`phx-debounce="200"`);
    type("1");
    el.remove();
    wait(1000);
    expect(calls).toEqual([]);
  });

  test("a form may set it for the changes of its fields, and for nothing else", () => {
    const { type, run, calls } = field("", { form: `phx-debounce="200"` });
    type("1");
    run("click");
    expect(calls).toEqual(["click"]);
    wait(200);
    expect(calls).toEqual(["click", "1"]);
  });
});

describe("throttle", () => {
  test("the first of a burst goes out at once, the others not at all", () => {
    const { run, calls } = field(`phx-throttle="200"`);
    const burst = () => {
      for (let click = 0; click < 3; click++) run("click");
    };
    burst();
    expect(calls).toHaveLength(1);
    wait(250);
    expect(calls).toHaveLength(1);
    burst();
    expect(calls).toHaveLength(2);
    wait(250);
    expect(calls).toHaveLength(2);
  });

  test("a single event goes out once", () => {
    const { run, calls } = field(`phx-throttle="200"`);
    run("click");
    wait(250);
    expect(calls).toHaveLength(1);
  });

  test("a blank attribute means 300 ms", () => {
    const { run, calls } = field("phx-throttle");
    run("click");
    wait(299);
    run("click");
    expect(calls).toHaveLength(1);
    wait(1);
    run("click");
    expect(calls).toHaveLength(2);
  });

  test("submitting the form ends it", () => {
    const { type, timing, form, calls } = field(`phx-throttle="200"`);
    type("1", "12");
    timing.submit(form);
    type("123");
    expect(calls).toEqual(["1", "123"]);
  });

  test("losing the focus ends it, and sends nothing", () => {
    const { type, timing, el, calls } = field(`type="range" phx-throttle="200"`);
    type(...Array.from({ length: 101 }, (_, value) => String(value)));
    timing.blur(el);
    expect(calls).toEqual(["0"]);
    type("7");
    expect(calls).toEqual(["0", "7"]);
  });

  test("another key is not held up by the one before", () => {
    const { run, calls } = field(`phx-throttle="200"`);
    for (const key of ["a", "a", "a"]) run("keydown", key);
    expect(calls).toEqual(["a"]);
    wait(250);
    for (const key of ["a", "b", "a", "b"]) run("keydown", key);
    expect(calls).toEqual(["a", "a", "b", "a", "b"]);
  });
});

test("a delay that is no number is reported, and the event dropped", () => {
  const { type, calls, errors } = field(`phx-debounce="soon"`);
  type("1");
  wait(1000);
  expect(calls).toEqual([]);
  expect(errors).toEqual([expect.stringContaining(`milliseconds or "blur", not "soon"`)]);
});

test.each([`phx-debounce="blur"`, `phx-debounce="200"`, `phx-throttle="200"`])(
  "immediate: with %s, too, every event goes out at once",
  (attribute) => {
    const { type, calls } = field(attribute, { immediate: true });
    type("1", "12");
    expect(calls).toEqual(["1", "12"]);
  },
);
