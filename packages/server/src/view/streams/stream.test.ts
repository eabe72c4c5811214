/** Streams as authors use them: what the page shows after each call, with the client that a browser has. */
import { type LiveDriver, live } from "@overwire/testing";
import { describe, expect, test } from "vitest";
import { createApp } from "../../app.ts";
import { each } from "../../template/each.ts";
import { type Child, html } from "../../template/html.ts";
import { JS } from "../commands/js.ts";
import { LiveView } from "../live-view.ts";
import type { InsertOptions, Stream } from "./stream.ts";

interface Item {
  readonly id: string;
  readonly count?: number;
}

const items = (ids: string, count = 0): Item[] => ids.split("").map((id) => ({ id, count }));
const numbers = (from: number, to: number): Item[] =>
  Array.from({ length: to - from + 1 }, (_, index) => ({ id: String(from + index) }));

/** A list of letters that a test does something to. */
class List extends LiveView {
  items = this.stream<Item>({ domId: ({ id }) => id });
  todo: ((items: Stream<Item>) => void) | undefined;
  act = this.event(() => this.todo?.(this.items));
  override mount() {
    this.items.insertMany(items("abcd"));
  }
  render() {
    return html`
      <button id="act" phx-click=${this.act}>act</button>
      <ul id="items" phx-update="stream">
        ${this.items.each((id, { count }) => html`<li id=${id} data-count=${count}>${id}</li>`)}
      </ul>`;
  }
}

async function act<V extends List>(view: LiveDriver<V>, todo: (items: Stream<Item>) => void): Promise<void> {
  view.instance.todo = todo;
  await view.element("#act").click();
}

const children = (view: LiveDriver, selector = "#items") =>
  [...view.element(selector).node.children] as unknown as HTMLElement[];
/** Texts of the items, in their order. */
const shown = (view: LiveDriver, selector?: string) =>
  children(view, selector).map(
    ({ textContent, dataset }) => textContent + (dataset["count"] ?? "").replace("0", ""),
  );
const ids = (view: LiveDriver, selector?: string) =>
  children(view, selector)
    .map(({ id }) => id)
    .join(",");

describe("from a, b, c, d", () => {
  const cases: readonly (readonly [title: string, todo: (items: Stream<Item>) => void, shown: string])[] = [
    [
      "one that is there stays where it is, at 0",
      (s) => s.insert({ id: "c", count: 1 }, { at: 0 }),
      "a b c1 d",
    ],
    ["at the end", (s) => s.insert({ id: "c", count: 1 }), "a b c1 d"],
    ["at 1", (s) => s.insert({ id: "c", count: 1 }, { at: 1 }), "a b c1 d"],
    [
      "deleted and put in again it moves",
      (s) => {
        s.deleteById("c");
        s.insert({ id: "c", count: 2 }, { at: 1 });
      },
      "a c2 b d",
    ],
    [
      "to the front",
      (s) => {
        s.delete({ id: "b" });
        s.insert({ id: "b", count: 1 }, { at: 0 });
      },
      "b1 a c d",
    ],
    [
      "to the end",
      (s) => {
        s.delete({ id: "b" });
        s.insert({ id: "b", count: 1 });
      },
      "a c d b1",
    ],
    [
      "to its own place",
      (s) => {
        s.delete({ id: "b" });
        s.insert({ id: "b", count: 1 }, { at: 1 });
      },
      "a b1 c d",
    ],
    ["a new one at 1", (s) => s.insert({ id: "n" }, { at: 1 }), "a n b c d"],
    ["a block keeps its order at 1", (s) => s.insertMany(items("efg"), { at: 1 }), "a e f g b c d"],
    ["a block keeps its order at 0", (s) => s.insertMany(items("efg"), { at: 0 }), "e f g a b c d"],
    [
      "one after the other they come before each other",
      (s) => {
        for (const item of items("efg")) s.insert(item, { at: 0 });
      },
      "g f e a b c d",
    ],
    ["a position beyond the end is the end", (s) => s.insert({ id: "e" }, { at: 99 }), "a b c d e"],
    ["a list that is appended keeps its order", (s) => s.insertMany(items("efg")), "a b c d e f g"],
    ["reset to less", (s) => s.reset(items("bcd")), "b c d"],
    ["reset to another order", (s) => s.reset(items("bacd")), "b a c d"],
    ["reset brings what stays up to date", (s) => s.reset(items("a", 1)), "a1"],
    ["reset to nothing", (s) => s.reset(), ""],
    [
      "a reset takes back what waits, and what follows counts",
      (s) => {
        s.insert({ id: "x" });
        s.reset(items("b"));
        s.insert({ id: "e" }, { at: 0 });
      },
      "e b",
    ],
    ["only an update, of what is not there", (s) => s.insert({ id: "e" }, { updateOnly: true }), "a b c d"],
    [
      "only an update, of what is there",
      (s) => s.insert({ id: "c", count: 3 }, { updateOnly: true }),
      "a b c3 d",
    ],
    [
      "only an update, and then more than that",
      (s) => {
        s.insert({ id: "e" }, { updateOnly: true });
        s.insert({ id: "e", count: 1 });
      },
      "a b c d e1",
    ],
    [
      "what is put in and deleted never was",
      (s) => {
        s.insert({ id: "e" });
        s.delete({ id: "e" });
      },
      "a b c d",
    ],
    ["what nobody has put in can be deleted", (s) => s.deleteById("nothing"), "a b c d"],
    [
      "put in twice it is one, as given last",
      (s) => {
        s.insert({ id: "e", count: 1 });
        s.insert({ id: "f" });
        s.insert({ id: "e", count: 2 });
      },
      "a b c d e2 f",
    ],
    [
      "positions are counted as they are at the time",
      (s) => {
        s.insert({ id: "e" }, { at: 0 });
        s.insert({ id: "f" }, { at: 1 });
        s.deleteById("e");
      },
      "f a b c d",
    ],
    [
      "deletions before a position was named count",
      (s) => {
        s.deleteById("a");
        s.insert({ id: "f" }, { at: 1 });
      },
      "b f c d",
    ],
  ];
  test.each(cases)("%s", async (_, todo, after) => {
    const view = await live(List);
    const before = new Map(children(view).map((el) => [el.id, el]));
    await act(view, todo);
    expect(shown(view).join(" ")).toBe(after);
    for (const el of children(view)) expect(before.get(el.id) ?? el).toBe(el);
  });

  test("an item that was filtered away comes back, to the position of its insertion", async () => {
    const view = await live(List);
    await act(view, (s) => s.reset(items("bcd")));
    await act(view, (s) => s.reset(items("abcd")));
    expect(ids(view)).toBe("a,b,c,d");
    await act(view, (s) => s.reset(items("bcd")));
    await act(view, (s) => s.insert({ id: "a" }, { at: 0 }));
    await act(view, (s) => s.insert({ id: "e" }));
    expect(ids(view)).toBe("a,b,c,d,e");
    await act(view, (s) => s.reset());
    expect(ids(view)).toBe("");
    await act(view, (s) => s.insertMany(items("xy")));
    expect(ids(view)).toBe("x,y");
  });

  test("the rest of the view is rendered without them, and they stay as they were put in", async () => {
    class Counted extends List {
      count = 0;
      inc = this.event(() => void this.count++);
      override render() {
        return html`<button id="inc" phx-click=${this.inc}>${this.count}</button>${super.render()}`;
      }
    }
    const view = await live(Counted);
    const before = children(view);
    await view.element("#inc").click();
    await view.element("#inc").click();
    expect(view.text("#inc")).toBe("2");
    expect(children(view)).toEqual(before);
  });
});

describe("limits", () => {
  class Limited extends LiveView {
    items = this.stream<Item>();
    last = 0;
    add = this.event<void>(({ many, ...options }) => this.#add(many as number, options as InsertOptions));
    override mount() {
      this.#add(10, this.params as unknown as InsertOptions);
    }
    #add(many: number, { at, limit }: InsertOptions) {
      const options = { at: Number(at), limit: Number(limit) };
      for (const item of numbers(this.last + 1, this.last + many)) this.items.insert(item, options);
      this.last += many;
    }
    render() {
      return html`<ul id="items">${this.items.each((id, item) => html`<li id=${id}>${item.id}</li>`)}</ul>
        <button phx-click=${this.add}>add</button>`;
    }
  }
  test.each([
    [-1, -5, "6,7,8,9,10", "7,8,9,10,11", "17,18,19,20,21"],
    [0, 5, "10,9,8,7,6", "11,10,9,8,7", "21,20,19,18,17"],
    [-1, 5, "1,2,3,4,5", "1,2,3,4,5", "1,2,3,4,5"],
    [0, -5, "5,4,3,2,1", "5,4,3,2,1", "5,4,3,2,1"],
    [1, 5, "1,10,9,8,7", "1,11,10,9,8", "1,21,20,19,18"],
    [1, -5, "10,5,4,3,2", "11,5,4,3,2", "21,5,4,3,2"],
  ])("at %i, limit %i", async (at, limit, first, second, third) => {
    const view = await live(Limited, { params: { at: String(at), limit: String(limit) } });
    const list = () => shown(view).join(",");
    expect(list()).toBe(first);
    await view.element("button").click({ many: 1, at, limit });
    expect(list()).toBe(second);
    await view.element("button").click({ many: 10, at, limit });
    expect(list()).toBe(third);
  });

  test("the painted page has no more than the joined one", async () => {
    const app = createApp({ secret: "s".repeat(32) });
    app.live("/", Limited, { params: { at: "-1", limit: "-5" } });
    const painted = await (await app.fetch(new Request("http://localhost/"))).text();
    expect([...painted.matchAll(/<li [^>]*>(\d+)/g)].map(([, number]) => number)).toEqual(
      "6,7,8,9,10".split(","),
    );
  });

  test("nothing but the items is left in the list, however many came and went", async () => {
    const view = await live(Limited, { params: { at: "-1", limit: "-5" } });
    const nodes = view.element("#items").node.childNodes.length;
    for (let turn = 0; turn < 20; turn++) await view.element("button").click({ many: 5, at: -1, limit: -5 });
    expect(view.element("#items").node.childNodes.length).toBe(nodes);
  });

  test("a limit counts for all items, even if no item comes", async () => {
    const view = await live(List);
    await act(view, (s) => s.insertMany([], { limit: -2 }));
    expect(ids(view)).toBe("c,d");
    await act(view, (s) => s.reset(items("abcdef"), { limit: 3 }));
    expect(ids(view)).toBe("a,b,c");
  });
});

describe("when the connection is lost", () => {
  class Hiding extends List {
    override render() {
      return html`<button id="act" phx-click=${this.act}>act</button>
        <ul id="items">${this.items.each((id) => html`<li id=${id} phx-click=${JS.hide()}>${id}</li>`)}</ul>`;
    }
  }
  test.each([true, false])("elements that commands hid stay hidden (resumed: %s)", async (resume) => {
    const view = await live(Hiding);
    await view.element("#b").click();
    await view.disconnect({ resume });
    await view.reconnect();
    expect((view.element("#b").node as unknown as HTMLElement).style.display).toBe("none");
    expect(ids(view)).toBe("a,b,c,d");
  });

  test("a client that comes back goes on with its items, and gets what came meanwhile", async () => {
    const view = await live(List);
    await act(view, (s) => s.insert({ id: "e" }, { at: 0 }));
    const before = children(view);
    const { instance } = view;
    await view.disconnect();
    instance.items.insert({ id: "f" });
    instance.items.deleteById("a");
    await view.reconnect();
    expect(view.instance).toBe(instance);
    expect(ids(view)).toBe("e,b,c,d,f");
    expect(children(view).slice(0, 1)).toEqual(before.slice(0, 1));
  });

  test("a client whose view is mounted anew has that one's items", async () => {
    const view = await live(List);
    await act(view, (s) => s.insert({ id: "e" }, { at: 0 }));
    await view.disconnect({ resume: false });
    await view.reconnect();
    expect(ids(view)).toBe("a,b,c,d");
  });
});

describe("says what is wrong", () => {
  /** Error of mounting a view that uses its stream like this. */
  const refusal = async (use: (view: LiveView & { readonly users: Stream<Item> }) => Child) => {
    class Wrong extends LiveView {
      users = this.stream<Item>();
      override mount() {
        this.users.insertMany(numbers(1, 2));
      }
      render() {
        return html`${use(this)}`;
      }
    }
    return expect(live(Wrong)).rejects;
  };
  const row = (id: string) => html`<li id=${id}></li>`;

  test("if its items are iterated, or it is put into a template itself", async () => {
    const how = "Show it with ${stream.each(";
    await (await refusal(({ users }) => [...(users as never as Child[])])).toThrow(how);
    await (await refusal(({ users }) => each(users as never, String, () => null))).toThrow(
      "no items to go through",
    );
    await (await refusal(({ users }) => users as never)).toThrow("A stream itself cannot be shown");
  });

  test("if an item is not one element with its id", async () => {
    const message = (what: string) =>
      `An item of the stream users must be one element with the id that it is given, here "users-1", but it is ${what}`;
    await (
      await refusal(({ users }) => users.each(() => html`<li class="x"><b id="users-1">1</b></li>`))
    ).toThrow(message('<li class="x">'));
    await (await refusal(({ users }) => users.each((id) => html`<li id="x-${id}"></li>`))).toThrow(
      message('<li id="x-'),
    );
    await (await refusal(({ users }) => users.each((id) => html`<b id=${id}></b><b></b>`))).toThrow(
      message("several parts, or a text"),
    );
    await (await refusal(({ users }) => users.each(() => "text"))).toThrow(
      message("several parts, or a text"),
    );
  });

  test("also if it is inserted later", async () => {
    class Later extends LiveView {
      users = this.stream<Item>();
      add = this.event(() => this.users.insert({ id: "1" }));
      render() {
        return html`<ul>${this.users.each(() => html`<li></li>`)}</ul><button phx-click=${this.add}>add</button>`;
      }
    }
    const view = await live(Later);
    await expect(view.element("button").click()).rejects.toThrow('here "users-1", but it is <li>');
  });

  test("an id may be written in any way", async () => {
    const Row = ({ id }: { id: string }) => html`<li id=${id}>row</li>`;
    const ways: readonly ((id: string) => Child)[] = [
      (id) => html`<li class="a > b" id=${id}></li>`,
      (id) => html`<li id="users-${id.slice(6)}"></li>`,
      (id) => html`<li ...${{ title: '"', id }}></li>`,
      (id) => html`<${Row} id=${id} />`,
      (id) => Row({ id }),
    ];
    for (const way of ways) {
      class Right extends LiveView {
        users = this.stream<Item>();
        add = this.event(() => this.users.insert({ id: "2" }));
        override mount() {
          this.users.insert({ id: "1" });
        }
        render() {
          return html`<ul id="items">${this.users.each(way)}</ul><button phx-click=${this.add}>add</button>`;
        }
      }
      const view = await live(Right);
      await view.element("button").click();
      expect(ids(view)).toBe("users-1,users-2");
    }
  });

  test("if it has two positions", async () => {
    await (await refusal(({ users }) => [users.each(row), users.each(row)])).toThrow(
      "The stream users stands in two places of one rendering",
    );
  });

  test("if it is part of an item of another", async () => {
    await (
      await refusal(({ users }) => users.each((id) => html`<ul id=${id}>${users.each(row)}</ul>`))
    ).toThrow("The stream users stands in an item of the stream users. Items are rendered once");
  });

  test("for a domId that is no function", async () => {
    class Wrong extends LiveView {
      users = this.stream<Item>({ domId: false as never });
      render() {
        return html``;
      }
    }
    await expect(live(Wrong)).rejects.toThrow(
      "domId of a stream must be a function that takes an item and returns its id, but is false.",
    );
  });

  test.each([
    [
      "an item without an id",
      (s: Stream<Item>) => s.insert({} as Item),
      "An item of the stream items needs an id, text or a number, but it has undefined.",
    ],
    ["no item at all", (s: Stream<Item>) => s.insert(undefined as never), "needs an id"],
    [
      "an id that is no text",
      (s: Stream<Item>) => s.deleteById(7 as never),
      "deleteById: an element's id must be a text that is not empty, but is 7.",
    ],
    [
      "a position that is none",
      (s: Stream<Item>) => s.insert({ id: "1" }, { at: 1.5 }),
      "at of a stream must be a whole number, but is 1.5.",
    ],
    [
      "a limit that is none",
      (s: Stream<Item>) => s.insert({ id: "1" }, { limit: "3" as never }),
      'limit of a stream must be a whole number, but is "3".',
    ],
  ])("for %s", async (_, todo, message) => {
    class Wrong extends LiveView {
      items = this.stream<Item>();
      override mount() {
        todo(this.items);
      }
      render() {
        return html``;
      }
    }
    await expect(live(Wrong)).rejects.toThrow(message);
  });

  test("for a domId that returns no text", async () => {
    class Wrong extends LiveView {
      items = this.stream<Item>({ domId: () => undefined as never });
      override mount() {
        this.items.insert({ id: "1" });
      }
      render() {
        return html``;
      }
    }
    await expect(live(Wrong)).rejects.toThrow(
      "domId of the stream items: an element's id must be a text that is not empty, but is undefined.",
    );
  });

  test("if it is filled before it has a name", async () => {
    class Wrong extends LiveView {
      items = this.stream<Item>();
      constructor() {
        super();
        this.items.insert({ id: "1" });
      }
      render() {
        return html``;
      }
    }
    await expect(live(Wrong)).rejects.toThrow("A stream has no name yet");
  });
});
