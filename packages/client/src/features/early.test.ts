/** Commands before the features are there: those that need none run at once, the others as soon as they can. */
import { testWindow } from "@overwire/test-support/test-window";
import { expect, test } from "vitest";
import type { BoundView, Push } from "../bindings/host.ts";
import { createEarlyCommands } from "./early.ts";
import { createFeatureLoader, type Features, type StartedFeatures } from "./loader.ts";

function page(html: string) {
  const { win } = testWindow(html);
  const pushed: Push[] = [];
  const later: unknown[] = [];
  const view: BoundView = {
    el: win.document.body,
    push: async (push) => void pushed.push(push),
    componentOf: () => undefined,
  };
  const host = { win, prefix: "phx-", viewOf: () => view, extraValues: () => undefined };
  const commands = { run: (binding: unknown) => later.push(binding) };
  let arrive = () => {};
  const load = () =>
    new Promise<Features>((resolve) => {
      arrive = () => resolve({ startFeatures: () => ({ commands }) as unknown as StartedFeatures });
    });
  const loader = createFeatureLoader(load);
  const early = createEarlyCommands(host, loader);
  loader.begin(
    ({ startFeatures }) => startFeatures(...([] as never as Parameters<typeof startFeatures>)),
    () => {},
  );
  const source = win.document.querySelector("button") as Element;
  return {
    pushed,
    later,
    run: (binding: string | readonly unknown[]) =>
      early.run(binding, { source, type: "click", event: new win.Event("click") }),
    async arrive() {
      arrive();
      await new Promise<void>((resolve) => loader.whenLoaded(() => resolve()));
    },
  };
}

test.each([
  ["save", [["save", undefined]]],
  [
    [
      ["push", { event: "a" }],
      ["push", { event: "b", target: 3 }],
    ],
    [
      ["a", undefined],
      ["b", 3],
    ],
  ],
  [[["push", { event: "a", pageLoading: true }]], [["a", undefined]]],
] as const)(
  "pushes to the view around, or to a component of it, are sent at once: %j",
  (binding, expected) => {
    const { run, pushed, later } = page("<button>Save</button>");
    run(binding);
    expect(pushed.map(({ event, component }) => [event, component])).toEqual(expected);
    expect(later).toEqual([]);
  },
);

test("a component that an element names is told at once", () => {
  const { run, pushed } = page(`<button phx-target="7">Save</button>`);
  run("save");
  expect(pushed[0]?.component).toBe(7);
});

test.each([
  ["<button>Save</button>", [["show", {}]]],
  [
    "<button>Save</button>",
    [
      ["push", { event: "a" }],
      ["hide", { to: "#a" }],
    ],
  ],
  ["<button>Save</button>", [["push", { event: "a", optimistic: [["hide", {}]] }]]],
  ["<button>Save</button>", [["push", { event: "a", loading: "#a" }]]],
  ["<button>Save</button>", [["push", { event: "a", target: "#a" }]]],
  [`<button phx-target="#a">Save</button>`, [["push", { event: "a" }]]],
  [`<button phx-disable-with="Wait…">Save</button>`, [["push", { event: "a" }]]],
  ["<button phx-disable-with>Save</button>", [["push", { event: "a" }]]],
])(
  "others wait for the features, and what is clicked twice meanwhile runs once: %s %j",
  async (html, list) => {
    const { run, pushed, later, arrive } = page(html);
    run(list);
    run(list);
    expect([pushed, later]).toEqual([[], []]);
    await arrive();
    expect([pushed, later]).toEqual([[], [list]]);
  },
);
