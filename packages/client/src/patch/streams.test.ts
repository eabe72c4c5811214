/** Streams in the page, item by item: what else is there is not touched, and what is told of a change is told once. */

import { type Child, html, LiveView, Portal } from "@overwire/server";
import { StreamEach, StreamQueue } from "@overwire/test-support/server-side";
import { serve } from "@overwire/test-support/stream-scripts";
import { testWindow } from "@overwire/test-support/test-window";
import { describe, expect, test } from "vitest";
import { lock, unlock } from "../dom/locks.ts";
import { learnTemplates } from "../wire/client-tree.ts";
import type { ReadTemplate } from "../wire/template-steps.ts";
import type { PatchCallbacks } from "./patch-context.ts";
import { createPatcher } from "./patcher.ts";
import { createPolicy } from "./policy.ts";
import { showStream } from "./streams.ts";
import * as telling from "./update-notices.ts";

const { win, document } = testWindow();

interface Item {
  readonly id: string;
  readonly text?: string;
}

const items = (ids: string): Item[] => ids.split("").map((id) => ({ id }));

class List extends LiveView {
  items = this.stream<Item>({ domId: ({ id }) => id });
  override mount() {
    this.items.insertMany(items("abcd"));
  }
  row(id: string, item: Item): Child {
    return html`<li id=${id}>${item.text ?? id}</li>`;
  }
  render() {
    return html`<p>before</p><ul id="list">${this.items.each((id, item) => this.row(id, item))}</ul>`;
  }
}

/** A page that shows a view, and counts what was shown without its holder. */
function page<V extends LiveView>(View: new () => V, callbacks: PatchCallbacks = {}) {
  const container = document.createElement("main");
  document.body.innerHTML = '<aside id="away"></aside>';
  document.body.append(container);
  const { view, painted, first, turn } = serve(View);
  container.innerHTML = painted;
  const counts = { direct: 0, around: 0 };
  const known = new Map<number, ReadTemplate>();
  const patcher = createPatcher(
    container,
    createPolicy("phx-", { telling: () => telling, ...callbacks }),
    known,
    () =>
      (...args) => {
        const done = showStream(...args);
        counts[done ? "direct" : "around"]++;
        return done;
      },
  );
  learnTemplates(known, first.templates as never);
  patcher.load(first.tree as never);
  const find = (id: string) => document.getElementById(id) as HTMLElement;
  /** @returns all that changed in the page, as happy-dom records it */
  const does = (run: (view: V) => void) => {
    const observer = new win.MutationObserver(() => {});
    observer.observe(document as never, {
      subtree: true,
      childList: true,
      attributes: true,
      characterData: true,
    });
    const message = turn(run);
    if (message) {
      const { diff, templates, components } = message;
      learnTemplates(known, templates as never);
      patcher.merge(diff as never, components as never);
    }
    const records = observer.takeRecords();
    observer.disconnect();
    return records;
  };
  const ids = (list = "list") => [...find(list).children].map(({ id }) => id).join("");
  return { view, container, patcher, counts, does, find, ids };
}

describe("nothing is touched but what changed", () => {
  const added = (
    records: readonly { addedNodes: ArrayLike<unknown>; removedNodes: ArrayLike<unknown> }[],
  ) => [
    records.reduce((sum, { addedNodes }) => sum + addedNodes.length, 0),
    records.reduce((sum, { removedNodes }) => sum + removedNodes.length, 0),
  ];

  test("if items are inserted, in any place", () => {
    const { does, ids, counts } = page(List);
    expect(added(does(({ items: list }) => list.insertMany(items("ef"))))).toEqual([2, 0]);
    expect(added(does(({ items: list }) => list.insertMany(items("gh"), { at: 0 })))).toEqual([2, 0]);
    expect(added(does(({ items: list }) => list.insertMany(items("ij"), { at: 3 })))).toEqual([2, 0]);
    expect([ids(), counts]).toEqual(["ghaijbcdef", { direct: 3, around: 0 }]);
  });

  test("if items are removed, moved and updated", () => {
    const { does, ids, find, counts } = page(List);
    expect(added(does(({ items: list }) => list.deleteById("b")))).toEqual([0, 1]);
    const moved = does(({ items: list }) => {
      list.deleteById("d");
      list.insert({ id: "d" }, { at: 0 });
    });
    expect(added(moved)).toEqual([1, 1]);
    const records = does(({ items: list }) => list.insert({ id: "c", text: "new" }));
    expect(records.map(({ target }) => (target as unknown as Node).parentNode === find("c"))).toEqual([true]);
    expect([ids(), find("c").textContent, counts]).toEqual(["dac", "new", { direct: 3, around: 0 }]);
  });

  test("a reset that gives the same items in another order moves as few as can be", () => {
    const { does, ids, find } = page(List);
    const before = ["a", "b", "c", "d"].map(find);
    expect(added(does(({ items: list }) => list.reset(items("dabc"))))).toEqual([1, 1]);
    expect([ids(), ["a", "b", "c", "d"].map(find)]).toEqual(["dabc", before]);
  });

  test("items come into an empty list by showing what holds them, once", () => {
    const { does, ids, counts } = page(List);
    does(({ items: list }) => list.reset());
    does(({ items: list }) => list.insertMany(items("xy")));
    does(({ items: list }) => list.insert({ id: "z" }));
    expect([ids(), counts]).toEqual(["xyz", { direct: 1, around: 2 }]);
  });
});

describe("callbacks of hooks", () => {
  /** Hooks on everything that has an id. */
  const told = () => {
    const log: string[] = [];
    const beforeUpdate = (el: Element) => (el.id ? () => void log.push(el.id) : undefined);
    return { log, callbacks: { beforeUpdate } };
  };

  test("a list is about to change if items come, go or move; an item if it does", () => {
    const { log, callbacks } = told();
    const { does } = page(List, callbacks);
    const tells = (run: (view: List) => void) => {
      does(run);
      return log.splice(0);
    };
    expect(tells(({ items: list }) => list.insertMany(items("ef")))).toEqual(["list"]);
    expect(tells(({ items: list }) => list.deleteById("e"))).toEqual(["list"]);
    expect(tells(({ items: list }) => list.insert({ id: "a", text: "new" }))).toEqual(["list", "a"]);
    expect(tells(({ items: list }) => list.insert({ id: "a", text: "new" }))).toEqual([]);
  });
});

describe("guarded items", () => {
  test("an item that awaits an answer is shown when it has come, in its position by then", () => {
    const { does, find, ids, patcher } = page(List);
    lock(find("b"), 1);
    does(({ items: list }) => {
      list.insert({ id: "b", text: "new" });
      list.insert({ id: "e" }, { at: 0 });
    });
    expect([ids(), find("b").textContent]).toEqual(["eabcd", "b"]);
    unlock(find("b"), 1);
    patcher.refresh();
    expect(find("b").textContent).toBe("new");
  });

  test("a list that awaits an answer keeps all of its items until it has come", () => {
    const { does, find, ids, patcher } = page(List);
    lock(find("list"), 1);
    does(({ items: list }) => list.insert({ id: "e" }));
    does(({ items: list }) => list.deleteById("a"));
    expect(ids()).toBe("abcd");
    unlock(find("list"), 1);
    patcher.refresh();
    expect(ids()).toBe("bcde");
    does(({ items: list }) => list.insert({ id: "f" }, { at: 0 }));
    expect(ids()).toBe("fbcde");
  });

  test("a list whose content is left alone is", () => {
    class Ignored extends List {
      override render() {
        return html`<ul id="list" phx-update="ignore">${this.items.each((id, item) => this.row(id, item))}</ul>`;
      }
    }
    const { does, ids } = page(Ignored);
    does(({ items: list }) => list.insert({ id: "e" }));
    expect(ids()).toBe("abcd");
  });
});

describe("items that go by a transition", () => {
  class Leaving extends List {
    override row(id: string, item: Item) {
      return html`<li id=${id} phx-remove="bye">${item.text ?? id}</li>`;
    }
  }
  const leaving = () => {
    const ends: (() => void)[] = [];
    const removing = () => new Promise<void>((resolve) => void ends.push(resolve));
    const shown = page(Leaving, { removing });
    const end = async () => {
      for (const each of ends.splice(0)) each();
      await Promise.resolve();
    };
    return { ...shown, end, ends };
  };

  test("one stays until it has ended, and nothing else is touched", async () => {
    const { does, ids, find, end } = leaving();
    does(({ items: list }) => list.deleteById("b"));
    expect([ids(), find("b").hasAttribute("inert")]).toEqual(["abcd", true]);
    does(({ items: list }) => list.insert({ id: "e" }, { at: 1 }));
    expect(ids()).toBe("aebcd");
    await end();
    expect(ids()).toBe("aecd");
  });

  test("one that comes back meanwhile is another, and is not taken away with it", async () => {
    const { does, ids, end } = leaving();
    does(({ items: list }) => list.reset(items("bcd")));
    expect(ids()).toBe("abcd");
    does(({ items: list }) => list.reset(items("abcd")));
    await end();
    expect(ids()).toBe("abcd");
    does(({ items: list }) => list.deleteById("c"));
    does(({ items: list }) => list.insert({ id: "c", text: "again" }, { at: 1 }));
    await end();
    expect(ids()).toBe("acbd");
    does(({ items: list }) => list.insert({ id: "c", text: "and again" }));
    expect([ids(), document.getElementById("c")?.textContent]).toEqual(["acbd", "and again"]);
  });

  test("one that is put in again with what takes it away does not go", () => {
    const { does, ends, ids } = leaving();
    does(({ items: list }) => {
      list.deleteById("a");
      list.insert({ id: "a" });
      list.reset(items("cab"));
    });
    expect([ids(), ends.length]).toEqual(["cabd", 1]);
  });
});

test("portals in items are shown in their targets, and go with their items", () => {
  class Portals extends List {
    override row(id: string, { text = id }: Item) {
      return html`<li id=${id}>${text}<${Portal} id="portal-${id}" target="#away">${text}<//></li>`;
    }
  }
  const { does, ids, find, counts } = page(Portals);
  const away = () => [...find("away").children].map(({ textContent }) => textContent).join(" ");
  expect(away()).toBe("a b c d");
  does(({ items: list }) => {
    list.insert({ id: "e" }, { at: 1 });
    list.deleteById("b");
    list.insert({ id: "c", text: "new" });
  });
  expect([ids(), away(), counts.direct]).toEqual(["aecd", "a new d e", 1]);
});

describe("items without ids, at the end", () => {
  abstract class Feed extends LiveView {
    readonly #source = new StreamQueue();
    give(...chunks: readonly Child[]) {
      const entries = chunks.map((chunk): [string, Child] => ["", chunk]);
      this.#source.insert(entries, { at: -1, limit: 0, updateOnly: false });
    }
    clear() {
      this.#source.reset();
    }
    get region() {
      return new StreamEach(this.#source, (_, chunk) => chunk as Child);
    }
  }

  test("texts go on in the node that is there, whatever is in them", () => {
    class Text extends Feed {
      render() {
        return html`<pre id="text">so: ${this.region}</pre>`;
      }
    }
    const { does, find, counts } = page(Text);
    does((view) => view.give("one"));
    const text = find("text").firstChild;
    does((view) => view.give(" < ", "two"));
    does((view) => view.give(" & three\n"));
    expect(find("text").textContent).toBe("so: one < two & three\n");
    expect([...find("text").childNodes]).toEqual([text]);
    expect(counts).toEqual({ direct: 3, around: 0 });
  });

  test("elements come after those that are there, beside what follows them", () => {
    class Lines extends Feed {
      render() {
        return html`<div id="lines"><i>first</i>${this.region}<i>last</i></div>`;
      }
    }
    const { does, find, counts } = page(Lines);
    does((view) => view.give(html`<b>1</b>`));
    const [, first] = find("lines").childNodes;
    does((view) => view.give(html`<b>2</b>`, html`<b>3</b> and:`));
    does((view) => view.give("text", html`<b>4</b>`));
    expect(find("lines").innerHTML).toBe("<i>first</i><b>1</b><b>2</b><b>3</b> and:text<b>4</b><i>last</i>");
    expect(find("lines").childNodes[1]).toBe(first);
    // If the last one is no element, the position of the next is not known.
    expect(counts).toEqual({ direct: 1, around: 2 });
  });

  test("an empty region begins anew", () => {
    class Text extends Feed {
      render() {
        return html`<p id="text">${this.region}</p>`;
      }
    }
    const { does, find } = page(Text);
    does((view) => view.give("one", "two"));
    does((view) => {
      view.clear();
      view.give("three");
    });
    expect(find("text").innerHTML).toBe("three");
    does((view) => view.clear());
    does((view) => view.give("four"));
    expect(find("text").innerHTML).toBe("four");
  });
});
