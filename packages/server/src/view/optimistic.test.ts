import { describe, expect, it } from "vitest";
import { snapshot } from "./optimistic.ts";

describe("a snapshot", () => {
  it("puts back what was changed, in place too, and what was deleted", () => {
    const view: { count: number; rows: { name: string }[]; note?: string } = {
      count: 1,
      rows: [{ name: "a" }],
      note: "x",
    };
    const restore = snapshot(view);
    view.count = 2;
    view.rows.push({ name: "b" });
    view.rows[0]!.name = "changed";
    delete view.note;
    restore();
    expect(view).toEqual({ count: 1, rows: [{ name: "a" }], note: "x" });
  });

  it("takes away the fields that came since, and leaves functions alone", () => {
    const handle = () => {};
    const view: { handle: () => void; draft?: string } = { handle };
    const restore = snapshot(view);
    view.draft = "x";
    restore();
    expect(Object.entries(view)).toEqual([["handle", handle]]);
  });
});
