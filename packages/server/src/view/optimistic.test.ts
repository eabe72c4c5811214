import { describe, expect, it } from "vitest";
import { Snapshot } from "./optimistic.ts";

describe("a snapshot", () => {
  it("puts back what was changed, in place too, and what was deleted", () => {
    const view: { count: number; rows: { name: string }[]; note?: string } = {
      count: 1,
      rows: [{ name: "a" }],
      note: "x",
    };
    const before = new Snapshot(view);
    view.count = 2;
    view.rows.push({ name: "b" });
    view.rows[0]!.name = "changed";
    delete view.note;
    before.restore();
    expect(view).toEqual({ count: 1, rows: [{ name: "a" }], note: "x" });
  });

  it("takes away the fields that came since, and leaves functions alone", () => {
    const handle = () => {};
    const view: { handle: () => void; draft?: string } = { handle };
    const before = new Snapshot(view);
    view.draft = "x";
    before.restore();
    expect(Object.entries(view)).toEqual([["handle", handle]]);
  });

  it("puts back only what has changed until another one was taken, and not since", () => {
    const tags = new Map([["a", new Set([1])]]);
    const view: { count: number; rows: string[]; tags: typeof tags; other: number; draft?: string } = {
      count: 1,
      rows: ["a"],
      tags,
      other: 1,
    };
    const before = new Snapshot(view);
    view.count = 2;
    view.rows.push("b");
    view.tags.get("a")?.add(2);
    view.draft = "x";
    const applied = new Snapshot(view);
    view.count = 3;
    view.other = 2;
    before.restoreChanged(applied);
    expect(view).toEqual({ count: 3, rows: ["a"], tags: new Map([["a", new Set([1])]]), other: 2 });
  });

  it("can do so with what refers to itself", () => {
    const loop: { name: string; self?: unknown } = { name: "a" };
    loop.self = loop;
    const view = { loop, count: 0 };
    const before = new Snapshot(view);
    view.loop.name = "b";
    before.restoreChanged(new Snapshot(view));
    expect(view.loop.name).toBe("a");
  });
});
