/** State that changes while it is rendered: development says so, and lets alone what is computed once. */
import { live } from "@overwire/testing";
import { afterEach, expect, test, vi } from "vitest";
import { each, html, LiveComponent, LiveView } from "../index.ts";

const warn = vi.spyOn(console, "warn").mockReturnValue();
afterEach(() => {
  warn.mockClear();
});
const told = () => warn.mock.calls.map(([said]) => String(said).replace(/\. Rendering is[\s\S]*/, ""));

test("a handler that is called in render, once for each field and view", async () => {
  class Counter extends LiveView {
    count = 0;
    other = 0;
    inc(): undefined {
      this.count++;
      this.other++;
    }
    again = this.event(() => {});
    render() {
      return html`<p title=${this.inc()}>${this.count} ${this.other}</p><button phx-click=${this.again}>a</button>`;
    }
  }
  const view = await live(Counter);
  await view.element("button").click();
  expect(told()).toEqual(["Counter.render() changed count", "Counter.render() changed other"]);
});

test("lists and objects that are changed in place, also if a list is rendered", async () => {
  class Page extends LiveView {
    items = [3, 1, 2];
    user = { name: "Ann", tags: ["a"] };
    log: number[] = [];
    render() {
      this.user.tags[0] = `${this.user.tags[0]}!`;
      return html`<ul>${each(
        this.items.sort(),
        (item) => item,
        (item) => html`<li>${this.log.push(item)}</li>`,
      )}</ul>`;
    }
  }
  await live(Page);
  expect(told()).toEqual(["Page.render() changed items", "Page.render() changed user"]);
});

test("live components", async () => {
  class Box extends LiveComponent {
    renders = 0;
    render() {
      this.renders++;
      return html`<p>${this.renders}</p>`;
    }
  }
  class Page extends LiveView {
    render() {
      return html`<${Box} id="box" />`;
    }
  }
  await live(Page);
  expect(told()).toEqual(["Box.render() changed renders"]);
});

test("a list that grows while it is shown", async () => {
  class Page extends LiveView {
    items: number[] = [];
    render() {
      this.items.push(1);
      return html`<p>${this.items.length}</p>`;
    }
  }
  const view = await live(Page);
  expect(told()).toEqual(["Page.render() changed items"]);
  expect(Object.getOwnPropertyDescriptor(view.instance, "items")).toHaveProperty("value");
});

test("but not what is computed once, nor counters and logs that nothing shows, titles, copies and handles", async () => {
  class Page extends LiveView {
    pageTitle = "a";
    items = [3, 1, 2];
    renders = 0;
    last = 0;
    log: string[] = [];
    sorted: number[] | undefined;
    cache: { [key: string]: number } = {};
    memo = new Map<string, number>();
    names: readonly string[] | null = null;
    posts = this.stream<{ id: number }>();
    more = this.event(() => {
      this.items.push(4);
      this.sorted = undefined;
    });
    mount() {
      this.posts.insert({ id: 1 });
    }
    render() {
      this.pageTitle = `${this.items.length} items`;
      this.renders++;
      this.log.push("rendered");
      this.last = this.items.length;
      this.sorted ??= [...this.items].sort();
      this.names ??= [];
      this.cache["a"] ??= 1;
      this.memo.set("a", 1);
      return html`<button phx-click=${this.more}>${this.sorted.join()}</button>
        <ul id="posts" phx-update="stream">${this.posts.each((id) => html`<li id=${id}>a</li>`)}</ul>`;
    }
  }
  const view = await live(Page);
  expect(await view.element("button").click()).toContain("1,2,3,4");
  expect(told()).toEqual([]);
});

test("a long list costs no more than its beginning", async () => {
  class Page extends LiveView {
    items = Array.from({ length: 10_000 }, (_, id) => ({ id }));
    render() {
      (this.items[9_999] as { id: number }).id++;
      return html`<p>${this.items.length}</p>`;
    }
  }
  await live(Page);
  expect(told()).toEqual([]);
});
