/** Changes of fields that wait for a connection, and the newer ones that take their place. */
import { testWindow } from "@overwire/test-support/test-window";
import { beforeEach, expect, test } from "vitest";
import type { Push } from "../bindings/host.ts";
import type { PendingRequests } from "./pending-requests.ts";
import { replaceChange } from "./waiting-changes.ts";

const { $ } = testWindow("<input><select></select>");
const [input, select] = [$("input"), $("select")];

let pending: PendingRequests;
let ended: string[];

beforeEach(() => {
  pending = new Map();
  ended = [];
});

const change = (given: Partial<Omit<Push, "payload">> = {}) =>
  ({ type: "change", event: "write", source: input, payload: {}, ...given }) as Push;

function wait(ref: number, push: Push): void {
  const note = (name: string) => () => void ended.push(`${name} ${ref}`);
  pending.set(ref, {
    frame: ["e", 1, ref, push.event, {}],
    push,
    before: note("before"),
    after: note("after"),
  });
}

/** @returns refs of the requests that still wait when another one is to follow them */
function left(push: Push, sent = 0): number[] {
  replaceChange(pending, sent, push);
  return [...pending.keys()];
}

test("a newer change of a field takes the place of the older one, which ends", () => {
  wait(1, change());
  wait(2, change({ source: select }));
  expect(left(change())).toEqual([2]);
  expect(ended).toEqual(["before 1", "after 1"]);
});

test("changes of other fields, events and components stay", () => {
  wait(1, change({ source: select }));
  wait(2, change({ event: "other" }));
  wait(3, change({ component: 4 }));
  expect(left(change())).toEqual([1, 2, 3]);
});

test("no change overtakes another event", () => {
  wait(1, change());
  wait(2, change({ type: "click", event: "save", source: select }));
  expect(left(change())).toEqual([1, 2]);
});

test("a change that may have reached the server stays", () => {
  wait(1, change());
  expect(left(change(), 1)).toEqual([1]);
});

test("only changes take the place of others", () => {
  wait(1, change());
  expect(left(change({ type: "submit" }))).toEqual([1]);
});
