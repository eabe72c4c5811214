/** Requests of a view from the user's action to their answers. */
import { testWindow } from "@overwire/test-support/test-window";
import { beforeEach, describe, expect, test } from "vitest";
import type { Push } from "../bindings/host.ts";
import { isLocked, unlock } from "../dom/locks.ts";
import { createRequest, type PendingRequest } from "./pending-requests.ts";

const VIEW = 2;

let page: ReturnType<typeof testWindow>;
let button: Element;
let other: Element;
let told: unknown[][];

beforeEach(() => {
  page = testWindow(`<button></button><p></p>`);
  [button, other] = [page.$("button"), page.$("p")];
  told = [];
});

type Given = Partial<Omit<Push, "payload">>;

function request(ref: number, given: Given = {}): { pending: PendingRequest; reply: Promise<unknown> } {
  let pending: PendingRequest | undefined;
  const reply = new Promise((resolve, reject) => {
    const context = {
      win: page.win,
      started: undefined,
      pageLoading: (start: boolean, detail: object) => void told.push(["loading", start, detail]),
      refused: (...args: unknown[]) => void told.push(["refused", ...args]),
    };
    const push = { type: "click", event: "inc", source: button, payload: { by: 1 }, ...given } as Push;
    pending = createRequest(context, VIEW, ref, push, resolve, reject);
  });
  return { pending: pending as unknown as PendingRequest, reply };
}

test("an event shows that it waits, and is locked, until its answer is shown", async () => {
  const { pending, reply } = request(1, { loading: [other] });
  expect([button.className, other.className]).toEqual(["phx-click-loading", "phx-click-loading"]);
  expect([isLocked(button), isLocked(other)]).toEqual([true, true]);
  pending.before();
  expect([button.className, other.className]).toEqual(["", ""]);
  expect([isLocked(button), isLocked(other)]).toEqual([false, false]);
  pending.after({ r: { count: 1 } });
  expect(await reply).toEqual({ count: 1 });
});

test("an answer without a reply is null", async () => {
  const { pending, reply } = request(1);
  pending.before();
  pending.after({});
  expect(await reply).toBe(null);
});

test("an element is locked until its newest event is answered", () => {
  const [first, second] = [request(1).pending, request(2).pending];
  first.before();
  expect([isLocked(button), button.className]).toEqual([true, "phx-click-loading"]);
  second.before();
  expect([isLocked(button), button.className]).toEqual([false, ""]);
});

test("other elements may be locked than those that show the wait", () => {
  const { pending } = request(1, { locks: [other] });
  expect([isLocked(button), isLocked(other)]).toEqual([false, true]);
  pending.hold?.(unlock);
  expect(isLocked(other)).toBe(false);
});

test("a change in advance is taken back before the answer, and not held back for patches of the handler", () => {
  const undone: string[] = [];
  const { pending } = request(1, { undo: () => undone.push("undone") });
  expect(pending.hold).toBe(undefined);
  pending.before();
  expect(undone).toEqual(["undone"]);
});

test("the page loads meanwhile, if that is wanted", () => {
  const { pending } = request(1, { pageLoading: true });
  pending.before();
  pending.after({});
  const detail = { kind: "element", target: button };
  expect(told).toEqual([
    ["loading", true, detail],
    ["loading", false, detail],
  ]);
});

describe("frames", () => {
  test("an event names its component, if it has one", () => {
    expect(request(7).pending.frame).toEqual(["e", VIEW, 7, "inc", { by: 1 }]);
    expect(request(8, { component: 3 }).pending.frame).toEqual(["e", VIEW, 8, "inc", { by: 1 }, 3]);
  });

  test("a form has its fields and metadata", () => {
    const form = { form: "a=1", meta: { _target: "a" }, component: 3 } as Given;
    expect(request(9, form).pending.frame).toEqual(["f", VIEW, 9, "inc", "a=1", { _target: "a" }, 3]);
  });
});

describe("without a good answer", () => {
  test("a refused event rejects, and the page is told", async () => {
    const done: string[] = [];
    const { pending, reply } = request(1, { done: () => done.push("done") });
    const refusal = { code: "unknown_event", message: "no such event" } as const;
    pending.before();
    pending.after({ x: refusal });
    await expect(reply).rejects.toThrow("no such event");
    expect([told, page.errors, done]).toEqual([
      [["refused", button, "inc", refusal]],
      ["Overwire: no such event"],
      [],
    ]);
  });

  test("a change that was rolled back rejects, and is no trouble", async () => {
    const { pending, reply } = request(1);
    pending.before();
    pending.after({ x: { code: "rolled_back", message: "not kept" } });
    await expect(reply).rejects.toThrow("not kept");
    expect([told, page.errors]).toEqual([[], []]);
  });

  test("a lost connection rejects with its error", async () => {
    const { pending, reply } = request(1);
    pending.before();
    pending.after({}, new Error("lost"));
    await expect(reply).rejects.toThrow("lost");
  });
});
