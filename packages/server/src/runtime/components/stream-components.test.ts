/** Messages to a view's client about its streams, and the process's memory of them. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { ServerFrame } from "@overwire/client/wire";
import { startProcess, throwReport } from "@overwire/test-support/view-process";
import { describe, expect, test } from "vitest";
import { html } from "../../template/html.ts";
import { LiveComponent } from "../../view/live-component.ts";
import { LiveView } from "../../view/live-view.ts";

interface Item {
  readonly id: string;
}

const items = (...ids: string[]): Item[] => ids.map((id) => ({ id }));
const numbers = (from: number, to: number): Item[] =>
  Array.from({ length: to - from + 1 }, (_, index) => ({ id: String(from + index) }));

/** A process with a client, and what is done to its view. */
function joined<V extends LiveView>(View: new () => V) {
  const { viewProcess, sink, view, join, does: run } = startProcess(View, { report: throwReport });
  /** Contents of a frame about the page and live components. */
  const readings = (frames: readonly ServerFrame[]) =>
    frames.map((frame) => {
      const [kind, , , ...rest] = frame as unknown as [string, number, number, ...unknown[]];
      const [page, extras] = kind === "j" ? rest : rest.slice(1);
      const { c } = (extras ?? {}) as { c?: unknown };
      return c === undefined ? page : [page, c];
    });
  const first = readings(join())[0];
  const sent = () => readings(sink.take());
  const does = (todo: (view: V) => void) => readings(run(todo))[0];
  return { viewProcess, sink, first, does, sent, view };
}

/** Values under a key, at any depth of a value. */
function inside(value: unknown, key: string): unknown[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, each]) => (name === key ? [each] : inside(each, key)));
}

class List extends LiveView {
  items = this.stream<Item>({ domId: ({ id }) => id });
  shown = true;
  around = 0;
  override mount() {
    this.items.insertMany(items("a", "b"));
  }
  list() {
    return html`<ul>${this.items.each((id) => html`<li id=${id}></li>`)}</ul>`;
  }
  render() {
    if (!this.shown) return html`<p>nothing</p>`;
    return this.around % 2 ? html`<main>${this.list()}</main>` : html`<section>${this.list()}</section>`;
  }
}

describe("messages", () => {
  const ids = (message: unknown) =>
    (inside(message, "i") as [string, unknown][][]).map((block) => block.map(([id]) => id));

  test("hold what changed, and nothing if nothing did", () => {
    const { first, does } = joined(List);
    expect(inside(first, "s")).toEqual([1]);
    expect(ids(first)).toEqual([["a", "b"]]);
    expect(does(() => {})).toBeUndefined();
    expect(ids(does(({ items: list }) => list.insertMany(items("c", "d"), { at: 0 })))).toEqual([["c", "d"]]);
    expect(
      inside(
        does(({ items: list }) => list.deleteById("a")),
        "d",
      ),
    ).toEqual([["a"]]);
  });

  test("say that a client goes on with its items, if all around them is new", () => {
    const { does } = joined(List);
    const moved = does((view) => {
      view.around++;
      view.items.insert({ id: "c" });
    });
    expect(inside(moved, "k")).toEqual([1]);
    expect(ids(moved)).toEqual([["c"]]);
  });

  test("begin anew if the items had left the page", () => {
    const { does } = joined(List);
    does((view) => (view.shown = false));
    does((view) => view.items.insert({ id: "c" }));
    const back = does((view) => (view.shown = true));
    expect(inside(back, "k")).toEqual([]);
    expect(ids(back)).toEqual([["c"]]);
  });

  test("wait while the client is slow, and are no longer than what will stay", async () => {
    const { viewProcess, sink, does, sent } = joined(List);
    sink.full = true;
    for (const item of numbers(1, 500))
      expect(does(({ items: list }) => list.insert(item, { limit: -3 }))).toBeUndefined();
    // A slow machine goes on with some of them in a later turn.
    await viewProcess.whenIdle();
    sink.full = false;
    viewProcess.drained();
    // As many as there may be and still only be brought up to date come along.
    expect(ids(sent()[0])).toEqual([["496", "497", "498", "499", "500"]]);
  });
});

test("after a rendering nothing of an item is kept", async () => {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  const { does, view } = joined(List);
  const refs: WeakRef<Item>[] = [];
  const give = (...ids: string[]) =>
    items(...ids).map((item) => {
      refs.push(new WeakRef(item));
      return item;
    });
  does((view) => view.items.insertMany(give("c", "d")));
  does((view) => view.items.reset(give("e", "f")));
  does((view) => view.items.delete(give("e")[0] as Item));
  // Requests of a turn are held until its end.
  const left = async () => {
    await new Promise(setImmediate);
    collect();
    return refs.filter((ref) => ref.deref()).length;
  };
  await expect.poll(left).toBe(0);
  expect(view.items).toBeDefined();
});

describe("live components in items", () => {
  const ended: string[] = [];
  class Cell extends LiveComponent {
    count = 0;
    inc = this.event(() => void this.count++);
    override terminate() {
      ended.push(this.id);
    }
    render() {
      return html`<li id=${this.id}>${this.count}</li>`;
    }
  }
  class Cells extends List {
    alone = true;
    override list() {
      return html`<ul>${this.items.each((id) => html`<${Cell} id=${id} />`)}</ul>${this.alone && html`<${Cell} id="alone" />`}`;
    }
  }
  const start = () => {
    ended.length = 0;
    const page = joined(Cells);
    const numbers = inside(page.first, "c") as number[];
    return { ...page, of: (id: string) => numbers[["a", "b", "alone"].indexOf(id)] as number };
  };

  test("go on while their items are not rendered, and change by themselves", () => {
    const { viewProcess, sent, does, of } = start();
    does((view) => view.items.insert({ id: "c" }));
    viewProcess.event(1, "inc", {}, of("a"));
    expect(sent()).toEqual([[0, { [of("a")]: { 1: "1" } }]]);
    expect(ended).toEqual([]);
  });

  test("are told to be gone when their items are taken away, by themselves, by a reset, or with all of the stream", () => {
    const { does, of } = start();
    expect(does((view) => view.items.deleteById("a"))).toEqual([expect.anything(), { [of("a")]: 0 }]);
    expect(does((view) => view.items.reset(items("c")))).toEqual([expect.anything(), { [of("b")]: 0 }]);
    expect(ended).toEqual(["a", "b"]);
    does((view) => (view.shown = false));
    expect(ended.sort()).toEqual(["a", "alone", "b", "c"]);
  });

  test("stay when their items are put in again", () => {
    const { does, view } = start();
    does(() => view.items.insert({ id: "a" }));
    does(() => {
      view.items.deleteById("a");
      view.items.insert({ id: "a" }, { at: 0 });
    });
    does(() => view.items.reset(items("b", "a")));
    expect(ended).toEqual([]);
  });

  test("come and go with an item in one message", () => {
    const { does } = start();
    const message = does(({ items: list }) => {
      list.insert({ id: "c" });
      list.insert({ id: "d" }, { at: 1 });
      list.deleteById("c");
    });
    expect(ended).toEqual(["c"]);
    const [, changes] = message as [unknown, Record<number, unknown>];
    expect(Object.values(changes)).toEqual([0]);
  });

  test("end when the client says that a limit took them, and only those that stand in items", () => {
    const { viewProcess, does, of } = start();
    does(() => viewProcess.renderer.gone([of("a"), of("alone"), 99]));
    expect(ended).toEqual(["a"]);
  });

  test("stay if they have been inserted again since the client lost them", () => {
    const { viewProcess, does, of } = start();
    does((view) => view.items.insert({ id: "a" }));
    // Before it saw the second patch.
    does(() => viewProcess.renderer.gone([of("a"), of("b")], 1));
    expect(ended).toEqual(["b"]);
  });
});

describe("a client that comes back", () => {
  const ids = (message: unknown) =>
    (inside(message, "i") as [string, unknown][][]).map((block) => block.map(([id]) => id));

  test("goes on, and is sent the items that it has missed", () => {
    const { viewProcess, sink, does, sent } = joined(List);
    const resume = (seen: number) => {
      viewProcess.detach();
      if (!viewProcess.renderer.canResume(seen)) return undefined;
      viewProcess.renderer.seen(seen);
      viewProcess.attach(1, sink, undefined, true);
      return sent()[0];
    };
    does((view) => view.items.insert({ id: "c" }));
    does((view) => view.items.deleteById("a"));
    does((view) => (view.pageTitle = "title"));
    expect([0, 1, 2, 3, 4, 5].map((seen) => viewProcess.renderer.canResume(seen))).toEqual([
      true,
      true,
      true,
      true,
      true,
      false,
    ]);
    const back = resume(1);
    expect([inside(back, "k"), ids(back), inside(back, "d")]).toEqual([[1], [["c"]], [["a"]]]);
    // The answer to that join was lost too, and more has come meanwhile.
    viewProcess.detach();
    viewProcess.post("test", () => (viewProcess.view as List).items.insert({ id: "d" }));
    const again = resume(2);
    expect([inside(again, "k"), ids(again), inside(again, "d")]).toEqual([[1], [["c"], ["d"]], [["a"]]]);
    expect(ids(resume(6))).toEqual([]);
    // Changes that the client has acknowledged are no longer kept.
    expect(viewProcess.renderer.canResume(5)).toBe(false);
  });

  test.each([true, false])("has all items if it got none of them (resumed: %s)", (resumed) => {
    const { viewProcess, sink, does, sent } = joined(List);
    does((view) => view.items.insert({ id: "c" }));
    viewProcess.detach();
    viewProcess.post("test", () => {
      const { items: list } = viewProcess.view as List;
      list.deleteById("a");
      list.insert({ id: "d" });
    });
    expect(viewProcess.renderer.canResume(0)).toBe(true);
    viewProcess.attach(1, sink, undefined, resumed);
    const [back] = sent();
    expect([inside(back, "k"), ids(back), inside(back, "d")]).toEqual([
      [],
      [["a", "b"], ["c"], ["d"]],
      [["a"]],
    ]);
    viewProcess.renderer.seen(1);
    expect(viewProcess.renderer.canResume(0)).toBe(true);
    viewProcess.renderer.seen(3);
    expect(viewProcess.renderer.canResume(0)).toBe(false);
  });

  test("is not if the first items were many, and it did not get them", () => {
    class Many extends List {
      override mount() {
        this.items.insertMany(numbers(1, 2000));
      }
    }
    const { viewProcess } = joined(Many);
    expect([0, 1].map((seen) => viewProcess.renderer.canResume(seen))).toEqual([false, true]);
  });

  test("is sent a stream from its beginning if it has missed that it began anew", () => {
    const { viewProcess, sink, does, sent } = joined(List);
    does((view) => (view.shown = false));
    does((view) => {
      view.shown = true;
      view.items.insert({ id: "x" });
    });
    viewProcess.detach();
    viewProcess.post("test", () => (viewProcess.view as List).items.insert({ id: "y" }));
    viewProcess.renderer.seen(1);
    viewProcess.attach(1, sink, undefined, true);
    const [back] = sent();
    expect([inside(back, "k"), ids(back)]).toEqual([[], [["x"], ["y"]]]);
  });

  test("is not if it has missed more than is kept", () => {
    class Long extends LiveView {
      items = this.stream<Item & { text: string }>({ domId: ({ id }) => id });
      render() {
        return html`<ul>${this.items.each((id, { text }) => html`<li id=${id}>${text}</li>`)}</ul>`;
      }
    }
    const { viewProcess, does } = joined(Long);
    const text = "x".repeat(10_000);
    for (let id = 0; id < 10; id++) does((view) => view.items.insert({ id: String(id), text }));
    expect([1, 5, 6, 11].map((seen) => viewProcess.renderer.canResume(seen))).toEqual([
      false,
      true,
      true,
      true,
    ]);
    viewProcess.renderer.seen(10);
    for (let id = 10; id < 15; id++) does((view) => view.items.insert({ id: String(id), text }));
    expect(viewProcess.renderer.canResume(10)).toBe(true);
  });

  test("is not where live components stand in items, of which the server knows no more than that", () => {
    class Cell extends LiveComponent {
      render() {
        return html`<li id=${this.id}></li>`;
      }
    }
    class Cells extends List {
      override list() {
        return html`<ul>${this.items.each((id) => html`<${Cell} id=${id} />`)}</ul>`;
      }
    }
    const { viewProcess, does } = joined(Cells);
    expect(viewProcess.renderer.canResume(1)).toBe(false);
    does((view) => view.items.reset());
    expect(viewProcess.renderer.canResume(2)).toBe(true);
  });
});
