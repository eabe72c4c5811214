/**
 * The central property of streams: whatever is put in, moved, taken away and dropped by limits, the page shows what a plain
 * array would, and an item that stays keeps its node. It holds with the way past the morph and without it.
 */

import { messagesOf, type Script, scripts } from "@overwire/test-support/stream-scripts";
import { testWindow } from "@overwire/test-support/test-window";
import fc from "fast-check";
import { expect, test } from "vitest";
import { learnTemplates } from "../wire/client-tree.ts";
import type { ReadTemplate } from "../wire/template-steps.ts";
import type { ShowStream } from "./patch-context.ts";
import { createPatcher } from "./patcher.ts";
import { createPolicy } from "./policy.ts";
import { showStream } from "./streams.ts";

const { document } = testWindow();

/** Shows a script. @returns nothing, or throws at the first step that is not shown as it should be */
function show(script: Script, direct: ShowStream | undefined): void {
  const container = document.createElement("main");
  document.body.replaceChildren(container);
  const known = new Map<number, ReadTemplate>();
  const patcher = createPatcher(container, createPolicy("phx-"), known, () => direct);
  const fresh = document.createElement("main");
  for (const { painted, message, html, stay } of messagesOf(script)) {
    fresh.innerHTML = html;
    if (painted !== undefined) {
      container.innerHTML = painted;
      expect(container.innerHTML, "what is painted").toBe(fresh.innerHTML);
    }
    const before = stay.map((id) => container.querySelector(`#${id}`));
    const { tree, diff, templates } = message;
    learnTemplates(known, templates as never);
    if (tree) patcher.load(tree as never);
    else patcher.merge(diff as never);
    expect(container.innerHTML).toBe(fresh.innerHTML);
    expect(stay.filter((id, index) => container.querySelector(`#${id}`) !== before[index])).toEqual([]);
  }
}

const runs = { numRuns: Number(process.env.FC_RUNS ?? 500) };

/** In turns of their own: what a weak reference has given is held until the turn ends. */
const holds = (direct: ShowStream | undefined) =>
  fc.assert(
    fc.asyncProperty(scripts, async (script) => {
      await new Promise(setImmediate);
      show(script, direct);
    }),
    runs,
  );

test("the page is that of an array after each message, and items that stay keep their nodes", async () => {
  let direct = 0;
  const counted: ShowStream = (...args) => {
    const done = showStream(...args);
    if (done) direct++;
    return done;
  };
  await holds(counted);
  // Not by showing everything again.
  expect(direct).toBeGreaterThan(runs.numRuns / 2);
});

test("so it is while what shows streams item by item is not loaded", () => holds(undefined));
