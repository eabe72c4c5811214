/** Streams and live components, one in the other, with everything around them: app, page, client. */
import { type LiveDriver, live } from "@overwire/testing";
import { beforeEach, expect, test } from "vitest";
import { type Child, html } from "../../template/html.ts";
import { memo } from "../../template/memo.ts";
import type { EventPayload } from "../events/event.ts";
import { LiveComponent } from "../live-component.ts";
import { LiveView } from "../live-view.ts";

interface Item {
  readonly id: string;
  readonly text?: string;
}

const items = (ids: string): Item[] => ids.split(" ").map((id) => ({ id }));

/** Ids of the components that are there. */
let there: string[] = [];
beforeEach(() => {
  there = [];
});

/** A row that counts, and keeps a list of its own in which the newest comes first. */
class Row extends LiveComponent<{ text: string }> {
  marks = this.stream<Item>({ domId: ({ id }) => `${this.props.id}-${id}` });
  count = 0;
  inc = this.event(() => {
    this.count++;
    this.marks.insert({ id: `${this.count}` }, { at: 0 });
  });
  override mount() {
    there.push(this.props.id);
  }
  override terminate() {
    there = there.filter((id) => id !== this.props.id);
  }
  render() {
    const { id, text } = this.props;
    return html`
      <section id=${id}>
        <b>${text} ${this.count}</b><button phx-click=${this.inc}>+</button>
        <p>${this.marks.each((id, mark) => html`<i id=${id}>${mark.id}</i>`)}</p>
      </section>`;
  }
}

class Rows extends LiveView {
  rows = this.stream<Item>({ domId: ({ id }) => id });
  todo: (view: Rows) => void = () => {};
  act = this.event(() => this.todo(this));
  override mount() {
    this.subscribe("act", (run: (view: Rows) => void) => run(this));
    this.rows.insertMany(items("a b c d"));
  }
  render() {
    return html`<div id="rows" phx-update="stream">${this.rows.each((id, { text }) => html`<${Row} id=${id} text=${text ?? id} />`)}</div>`;
  }
}

async function act(view: LiveDriver<Rows>, todo: (view: Rows) => void): Promise<string> {
  view.instance.todo = todo;
  await view.event("act");
  await view.settled();
  return order(view);
}

const order = (view: LiveDriver<Rows>) =>
  [...view.container.querySelectorAll("#rows > section")].map(({ id }) => id).join(" ");

test("an item that is inserted again is updated, and keeps its state in every position", async () => {
  const view = await live(Rows);
  await view.element("#c button").click();
  const change = ({ rows }: Rows) => {
    rows.insert({ id: "b", text: "new" });
    rows.delete({ id: "c" });
    rows.insert({ id: "c", text: "moved" }, { at: 0 });
  };
  expect(await act(view, change)).toBe("c a b d");
  expect([view.text("#b b"), view.text("#c b")]).toEqual(["new 0", "moved 1"]);
});

test("one that is put in twice, the second time with a limit, is shown as it was given last", async () => {
  const view = await live(Rows);
  const twice = ({ rows }: Rows) => {
    rows.insert({ id: "e", text: "first" }, { at: 0 });
    rows.insert({ id: "e", text: "second" }, { at: 0, limit: 3 });
  };
  expect(await act(view, twice)).toBe("e a b");
  expect(view.text("#e b")).toBe("second 0");
  expect(there.sort()).toEqual(["a", "b", "e"]);
  await view.element("#e button").click();
  expect(view.text("#e b")).toBe("second 1");
});

test("one that comes and goes before it is shown is not there", async () => {
  const view = await live(Rows);
  const pass = ({ rows }: Rows) => {
    rows.insert({ id: "e" }, { at: 0, limit: 3 });
    rows.delete({ id: "e" });
    rows.insert({ id: "e" }, { at: 0, limit: 3 });
    rows.delete({ id: "e" });
  };
  expect(await act(view, pass)).toBe("a b");
  expect(there.sort()).toEqual(["a", "b"]);
});

test("an item that comes and goes while the connection is lost leaves nothing behind", async () => {
  const view = await live(Rows);
  expect(await act(view, ({ rows }) => rows.reset())).toBe("");
  const { instance } = view;
  await view.disconnect();
  instance.publish("act", ({ rows }: Rows) => {
    rows.insert({ id: "x" }, { at: 0, limit: 3 });
    rows.insert({ id: "y" }, { at: 0, limit: 2 });
    rows.insert({ id: "y", text: "last" }, { at: 1, limit: 2 });
    rows.delete({ id: "x" });
  });
  await view.reconnect();
  expect(view.instance).toBe(instance);
  expect([order(view), view.text("#y b"), there]).toEqual(["y", "last 0", ["y"]]);
  await view.element("#y button").click();
  expect(view.text("#y b")).toBe("last 1");
});

test("a view's stream shows new items if a component is given it, also behind a memo", async () => {
  class Panel extends LiveComponent<{ children?: Child }> {
    isOpen = true;
    toggle = this.event(() => {
      this.isOpen = !this.isOpen;
    });
    render() {
      return html`<div><button phx-click=${this.toggle}>toggle</button><p id="panel">${this.isOpen && this.props.children}</p></div>`;
    }
  }
  class View extends LiveView {
    items = this.stream<Item>({ domId: ({ id }) => id });
    add = this.event(({ id }: EventPayload) => this.items.insert({ id: String(id) }));
    render() {
      return html`${memo([], () => html`<${Panel} id="panel">${this.items.each((id) => html`<i id=${id}>${id}</i>`)}<//>`)}`;
    }
  }
  const view = await live(View);
  await view.event("add", { id: "a" });
  expect(view.text("#panel")).toBe("a");
  await view.event("add", { id: "b" });
  expect(view.text("#panel")).toBe("ab");
  await view.element("button").click();
  await view.event("add", { id: "c" });
  await view.element("button").click();
  expect(view.text("#panel")).toBe("c");
});

test("nested views as items have streams of their own", async () => {
  class Inner extends LiveView {
    marks = this.stream<Item>({ domId: ({ id }) => `${(this.session as { row?: string }).row}-${id}` });
    override mount() {
      this.marks.insertMany(items("x y"));
    }
    render() {
      return html`${this.marks.each((id) => html`<i id=${id}></i>`)}`;
    }
  }
  class Outer extends Rows {
    override render() {
      return html`<div id="rows">${this.rows.each((id) => html`<section id=${id}><${Inner} id="in-${id}" session=${{ row: id }} /></section>`)}</div>`;
    }
  }
  const view = await live(Outer);
  expect(await act(view, ({ rows }) => rows.reset(items("e b")))).toBe("e b");
  expect([...view.container.querySelectorAll("i")].map(({ id }) => id)).toEqual(["e-x", "e-y", "b-x", "b-y"]);
});
