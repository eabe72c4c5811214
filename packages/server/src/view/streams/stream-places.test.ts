/**
 * Positions of streams: beside others, in components and nested views, in portals, in loops and memos, and in
 * each other's items.
 */
import { type LiveDriver, live } from "@overwire/testing";
import { expect, test } from "vitest";
import { createApp } from "../../app.ts";
import { each } from "../../template/each.ts";
import { html } from "../../template/html.ts";
import { memo } from "../../template/memo.ts";
import { LiveComponent } from "../live-component.ts";
import { LiveView } from "../live-view.ts";
import { Portal } from "../navigation/portal.ts";
import type { Stream } from "./stream.ts";

interface Item {
  readonly id: string;
  readonly count?: number;
}

const items = (ids: string): Item[] => ids.split("").map((id) => ({ id }));
const numbers = (from: number, to: number): Item[] =>
  Array.from({ length: to - from + 1 }, (_, index) => ({ id: String(from + index) }));

/** A list of letters that a test does something to. */
abstract class Letters extends LiveView {
  items = this.stream<Item>({ domId: ({ id }) => id });
  todo: ((items: Stream<Item>) => void) | undefined;
  act = this.event(() => this.todo?.(this.items));
  override mount() {
    this.items.insertMany(items("abcd"));
  }
}

class List extends Letters {
  render() {
    return html`<button id="act" phx-click=${this.act}>act</button>
      <ul id="items">${this.items.each((id) => html`<li id=${id}>${id}</li>`)}</ul>`;
  }
}

async function act<V extends Letters>(
  view: LiveDriver<V>,
  todo: (items: Stream<Item>) => void,
): Promise<void> {
  view.instance.todo = todo;
  await view.element("#act").click();
}

const children = (view: LiveDriver, selector = "#items") =>
  [...view.element(selector).node.children] as unknown as HTMLElement[];
const ids = (view: LiveDriver, selector?: string) =>
  children(view, selector)
    .map(({ id }) => id)
    .join(",");
/** Texts of the items, with the number of their changes. */
const shown = (view: LiveDriver, selector?: string) =>
  children(view, selector).map(
    ({ textContent, dataset }) => textContent + (dataset["count"] ?? "").replace("0", ""),
  );

test("others beside them are ordinary children", async () => {
  class Beside extends Letters {
    render() {
      return html`<button id="act" phx-click=${this.act}>act</button>
        <ul id="items"><li id="head">head</li>${this.items.each((id) => html`<li id=${id}>${id}</li>`)}<li id="empty">none</li></ul>`;
    }
  }
  const view = await live(Beside);
  await act(view, (s) => s.reset());
  expect(ids(view)).toBe("head,empty");
  await act(view, (s) => s.insertMany(items("ef")));
  expect(ids(view)).toBe("head,e,f,empty");
  await act(view, (s) => s.insert({ id: "g" }, { at: 0 }));
  expect(ids(view)).toBe("head,g,e,f,empty");
});

class Inner extends LiveComponent<{ letters?: string }> {
  items = this.stream<Item>({ domId: ({ id }) => `${this.id}-${id}` });
  turn = this.event(() => this.items.reset(items((this.props.letters ?? "ab").split("").reverse().join(""))));
  drop = this.event(() => this.items.deleteById(`${this.id}-a`));
  override mount() {
    this.items.insertMany(items(this.props.letters ?? "ab"));
  }
  render() {
    return html`<div id=${this.id}><ol class="inner">${this.items.each((id, item) => html`<li id=${id}>${item.id}</li>`)}</ol>
      <button class="turn" phx-click=${this.turn}>turn</button><button class="drop" phx-click=${this.drop}>drop</button></div>`;
  }
}

test("two streams in a view and one in a component, each on its own", async () => {
  class Several extends LiveView {
    users = this.stream<Item>();
    admins = this.stream<Item>();
    change = this.event(() => {
      this.users.insert({ id: "1", count: 5 });
      this.users.delete({ id: "2" });
    });
    override mount() {
      this.users.insertMany(numbers(1, 2));
      this.admins.insertMany(numbers(1, 2));
    }
    render() {
      const row = (id: string, { id: name, count = 0 }: Item) =>
        html`<li id=${id} data-count=${count}>${name}</li>`;
      return html`<ul id="users">${this.users.each(row)}</ul><ul id="admins">${this.admins.each(row)}</ul>
        <${Inner} id="inner" /><button id="change" phx-click=${this.change}>change</button>`;
    }
  }
  const view = await live(Several);
  expect(["#users", "#admins", ".inner"].map((list) => ids(view, list))).toEqual([
    "users-1,users-2",
    "admins-1,admins-2",
    "inner-a,inner-b",
  ]);
  await view.element("#change").click();
  expect(shown(view, "#users")).toEqual(["15"]);
  expect(ids(view, "#admins")).toBe("admins-1,admins-2");
  await view.element(".drop").click();
  expect(["#users", "#admins", ".inner"].map((list) => ids(view, list))).toEqual([
    "users-1",
    "admins-1,admins-2",
    "inner-b",
  ]);
});

/** Components as items, each with a stream of its own. */
class Nest extends Letters {
  render() {
    return html`<button id="act" phx-click=${this.act}>act</button>
      <ul id="items">${this.items.each((id) => html`<${Inner} id=${id} letters="xyz" />`)}</ul>`;
  }
}

test("components as items keep their state, and the order of their own streams, through a reset", async () => {
  const view = await live(Nest);
  await view.element("#a .turn").click();
  const inner = view.element("#a").node;
  await act(view, (s) => s.reset(items("eafg")));
  expect(ids(view)).toBe("e,a,f,g");
  expect(view.element("#a").node).toBe(inner);
  expect(["#a .inner", "#e .inner"].map((list) => shown(view, list).join(""))).toEqual(["zyx", "xyz"]);
  await view.element("#a .turn").click();
  await view.element("#f .turn").click();
  expect(["#a .inner", "#f .inner"].map((list) => shown(view, list).join(""))).toEqual(["zyx", "zyx"]);
});

test("a component that left with its item by a limit ends, and is another one when it comes again", async () => {
  const view = await live(Nest);
  await view.element("#a .turn").click();
  await act(view, (s) => s.insert({ id: "e" }, { limit: -4 }));
  await view.settled();
  expect(ids(view)).toBe("b,c,d,e");
  await act(view, (s) => s.insert({ id: "a" }, { at: 0 }));
  expect(shown(view, "#a .inner").join("")).toBe("xyz");
  await view.element("#a .turn").click();
  expect(shown(view, "#a .inner").join("")).toBe("zyx");
});

test("a stream that is filled later, inside an ordinary loop", async () => {
  class Loop extends LiveView {
    items = this.stream<Item>();
    filled = this.streamAsync(this.items, async () => numbers(1, 3));
    render() {
      return html`${each(
        ["first", "second"],
        (name) => name,
        (name) =>
          html`<ul id=${name}>${name === "second" && this.items.each((id) => html`<li id=${id}>${id}</li>`)}</ul>`,
      )}`;
    }
  }
  const view = await live(Loop);
  await view.settled();
  expect([ids(view, "#first"), ids(view, "#second")]).toEqual(["", "items-1,items-2,items-3"]);
});

test("a region that leaves takes its items along; it starts anew", async () => {
  class Switch extends Letters {
    on = true;
    flip = this.event(() => {
      this.on = !this.on;
    });
    render() {
      return html`<button id="act" phx-click=${this.act}>act</button><button id="flip" phx-click=${this.flip}>flip</button>
        <ul id="items">${this.on && this.items.each((id) => html`<li id=${id}>${id}</li>`)}</ul>`;
    }
  }
  const view = await live(Switch);
  await view.element("#flip").click();
  expect(ids(view)).toBe("");
  await act(view, (s) => s.insert({ id: "e" }));
  await view.element("#flip").click();
  expect(ids(view)).toBe("e");
});

test("a memo does not hold back what changes in a stream in it", async () => {
  class Remembered extends Letters {
    render() {
      return html`<button id="act" phx-click=${this.act}>act</button>${memo([], () => html`<ul id="items">${this.items.each((id) => html`<li id=${id}>${id}</li>`)}</ul>`)}`;
    }
  }
  const view = await live(Remembered);
  await act(view, (s) => s.insert({ id: "e" }));
  expect(ids(view)).toBe("a,b,c,d,e");
});

test("a stream that moves within the page, or whose surroundings are replaced, goes on", async () => {
  class Moving extends Letters {
    place = 0;
    next = this.event(() => void this.place++);
    render() {
      const list = () => html`<ul id="items">${this.items.each((id) => html`<li id=${id}>${id}</li>`)}</ul>`;
      const there = this.place % 3;
      return html`<button id="act" phx-click=${this.act}>act</button><button id="next" phx-click=${this.next}>next</button>
        <div>${there === 0 && list()}</div><p>between</p><section>${there === 1 ? list() : there === 2 ? html`<b>${list()}</b>` : null}</section>`;
    }
  }
  const view = await live(Moving);
  for (const letter of "efghij") {
    await view.element("#next").click();
    await act(view, (s) => s.insert({ id: letter }));
  }
  expect(ids(view)).toBe("a,b,c,d,e,f,g,h,i,j");
});

test("a stream in a nested view is its own, however often the view around is rendered", async () => {
  class Around extends LiveView {
    count = 0;
    inc = this.event(() => void this.count++);
    render() {
      return html`<p>${this.count}</p><${List} id="list" /><button id="inc" phx-click=${this.inc}>inc</button>`;
    }
  }
  const view = await live(Around);
  const list = view.child("list") as unknown as LiveDriver<List>;
  for (let turn = 0; turn < 3; turn++) await view.element("#inc").click();
  expect(ids(list)).toBe("a,b,c,d");
  await act(list, (s) => s.reset(items("bcd")));
  await view.element("#inc").click();
  await act(list, (s) => s.reset(items("abcd")));
  await view.element("#inc").click();
  expect(ids(list)).toBe("a,b,c,d");
});

test("nested views as items live as long as their items", async () => {
  class Views extends Letters {
    render() {
      return html`<button id="act" phx-click=${this.act}>act</button>
        <ul id="items">${this.items.each((id, { count }) => html`<li id=${id}>${count}<${Leaf} id="leaf-${id}" /></li>`)}</ul>`;
    }
  }
  class Leaf extends LiveView {
    count = 0;
    inc = this.event(() => void this.count++);
    render() {
      return html`<button phx-click=${this.inc}>${this.count}</button>`;
    }
  }
  const view = await live(Views);
  await view.child("leaf-a").element("button").click();
  await act(view, (s) => {
    s.insert({ id: "a", count: 1 });
    s.deleteById("b");
  });
  expect(view.child("leaf-a").text("button")).toBe("1");
  expect(view.children()).toHaveLength(3);
  await act(view, (s) => s.insert({ id: "e" }));
  await view.child("leaf-e").element("button").click();
  expect(view.child("leaf-e").text("button")).toBe("1");
});

test("a stream in a portal, also in a component there", async () => {
  class Away extends Letters {
    render() {
      return html`<button id="act" phx-click=${this.act}>act</button>
        <${Portal} id="away" target="body"><ul id="items">${this.items.each((id) => html`<li id=${id}>${id}</li>`)}</ul><${Inner} id="inner" /><//>`;
    }
  }
  const view = await live(Away);
  await act(view, (s) => s.insert({ id: "e" }, { at: 0 }));
  expect(ids(view)).toBe("e,a,b,c,d");
  await act(view, (s) => s.reset(items("a")));
  expect(ids(view)).toBe("a");
  await view.element(".drop").click();
  expect(ids(view, ".inner")).toBe("inner-b");
});

test("items with forms keep what is typed in them, and send it", async () => {
  class Forms extends Letters {
    saved = "";
    save = this.event((payload) => {
      this.saved = JSON.stringify(payload);
    });
    render() {
      return html`<button id="act" phx-click=${this.act}>act</button><output>${this.saved}</output>
        <ul id="items">${this.items.each((id, { count }) => html`<li id=${id}>${count}<form id="form-${id}" phx-submit=${this.save}><input name=${id}></form></li>`)}</ul>`;
    }
  }
  const view = await live(Forms);
  const form = view.form("#form-b", { b: "typed" });
  await act(view, (s) => {
    s.deleteById("a");
    s.insert({ id: "b", count: 1 });
  });
  await form.submit();
  expect(view.text("output")).toBe('{"b":"typed"}');
});

test("another URL of the view resets what is shown", async () => {
  class Market extends LiveView {
    items = this.stream<Item>();
    override handleParams() {
      const kind = this.params["kind"] as string;
      this.items.reset(["1", "2"].map((number) => ({ id: `${kind}-${number}` })));
    }
    render() {
      return html`<ul id="items">${this.items.each((id, item) => html`<li id=${id}>${item.id}</li>`)}</ul>`;
    }
  }
  const app = createApp({ secret: "s".repeat(32) });
  app.live("/market/:kind", Market);
  const view = await live(app, "/market/fruits");
  expect(ids(view)).toBe("items-fruits-1,items-fruits-2");
  await view.patchTo("/market/veggies");
  expect(ids(view)).toBe("items-veggies-1,items-veggies-2");
  await view.patchTo("/market/fruits");
  expect(ids(view)).toBe("items-fruits-1,items-fruits-2");
});
