/** Streams filled beside the mailbox, with everything around them: app, page, client. */
import { type Deferred, deferred } from "@overwire/test-support/deferred";
import { live } from "@overwire/testing";
import { expect, test } from "vitest";
import { html } from "../../template/html.ts";
import type { StreamItems } from "../async/async-result.ts";
import { asyncResult } from "../async/async-result-view.ts";
import { LiveComponent } from "../live-component.ts";
import { LiveView } from "../live-view.ts";
import type { Stream } from "./stream.ts";

interface Item {
  readonly id: string;
}

type Loaded = Iterable<Item> | StreamItems<Item>;

const show = (items: Stream<Item>) =>
  html`<ul id="items" phx-update="stream">${items.each((id, item) => html`<li id=${id}>${item.id}</li>`)}</ul>`;

/** A view with one item to begin with, which loads what the test gives it, again and again. */
function setup() {
  const runs: Deferred<Loaded>[] = [];
  const signals: AbortSignal[] = [];
  const load = (signal: AbortSignal) => {
    const run = deferred<Loaded>();
    runs.push(run);
    signals.push(signal);
    return run.promise;
  };
  class View extends LiveView {
    items = this.stream<Item>();
    loading = this.streamAsync(this.items, load);
    again = this.event(() => this.loading.reload());
    anew = this.event(() => this.loading.reload({ reset: true }));
    cancel = this.event(() => this.loading.cancel());
    override mount() {
      this.items.insert({ id: "initial" });
    }
    render() {
      return html`
        <p>${asyncResult(this.loading, {
          loading: "loading",
          ok: (count, { loading }) => `${count} loaded${loading ? ", loading" : ""}`,
          failed: (error) => error.message,
        })}</p>
        ${show(this.items)}
        <button phx-click=${this.again}>again</button>
        <button phx-click=${this.anew}>anew</button>
        <button phx-click=${this.cancel}>cancel</button>`;
    }
  }
  const open = async () => {
    const view = await live(View);
    const items = () => [...view.container.querySelectorAll("li")].map((item) => item.textContent);
    return { view, items };
  };
  return { open, runs, signals };
}

const items = (...ids: string[]): Item[] => ids.map((id) => ({ id }));

test("the first item, then those that were loaded, in order; the loading marker goes", async () => {
  const { open, runs } = setup();
  const page = await open();
  expect(page.view.text("p")).toBe("loading");
  expect(page.items()).toEqual(["initial"]);
  runs[0]?.resolve(items("first", "second"));
  await page.view.settled();
  expect(page.view.text("p")).toBe("2 loaded");
  expect(page.items()).toEqual(["initial", "first", "second"]);
});

test("at position 0 they stand before it, in their own order", async () => {
  const { open, runs } = setup();
  const page = await open();
  runs[0]?.resolve({ items: items("first", "second"), at: 0 });
  await page.view.settled();
  expect(page.items()).toEqual(["first", "second", "initial"]);
});

test("a result that asks for it takes the place of all items", async () => {
  const { open, runs } = setup();
  const page = await open();
  runs[0]?.resolve({ items: new Set(items("first")), reset: true });
  await page.view.settled();
  expect(page.items()).toEqual(["first"]);
  expect(page.view.text("p")).toBe("1 loaded");
});

test("a limit says how many stay", async () => {
  const { open, runs } = setup();
  const page = await open();
  runs[0]?.resolve({ items: items("first", "second"), limit: -2 });
  await page.view.settled();
  expect(page.items()).toEqual(["first", "second"]);
});

test("loaded again, new items are added to the old ones, or replace them if the result says so", async () => {
  const { open, runs } = setup();
  const page = await open();
  runs[0]?.resolve(items("first"));
  await page.view.settled();
  await page.view.element("button", "again").click();
  expect(page.view.text("p")).toBe("1 loaded, loading");
  runs[1]?.resolve(items("second"));
  await page.view.settled();
  expect(page.items()).toEqual(["initial", "first", "second"]);
  await page.view.element("button", "again").click();
  runs[2]?.resolve({ items: items("third"), reset: true });
  await page.view.settled();
  expect(page.items()).toEqual(["third"]);
});

test("loaded again with a reset it shows that it is loading, but the items stay", async () => {
  const { open, runs } = setup();
  const page = await open();
  runs[0]?.resolve(items("first"));
  await page.view.settled();
  await page.view.element("button", "anew").click();
  expect(page.view.text("p")).toBe("loading");
  expect(page.items()).toEqual(["initial", "first"]);
});

test("a result that is no list of items has failed, with an explanation", async () => {
  for (const [wrong, told] of [
    [123, "returned 123"],
    ["text", 'returned "text"'],
    [{ posts: [] }, "returned { posts }"],
    [undefined, "returned undefined"],
  ] as const) {
    const { open, runs } = setup();
    const page = await open();
    runs[0]?.resolve(wrong as unknown as Loaded);
    await page.view.settled();
    expect(page.view.text("p")).toContain("must return items, an iterable such as an array");
    expect(page.view.text("p")).toContain(told);
    expect(page.items()).toEqual(["initial"]);
  }
});

test("items that throw while they are gone through, or that cannot be told apart, have failed too", async () => {
  const { open, runs } = setup();
  const page = await open();
  runs[0]?.resolve(
    (function* () {
      yield { id: "first" };
      throw new Error("the cursor is closed");
    })(),
  );
  await page.view.settled();
  expect(page.view.text("p")).toBe("the cursor is closed");
  await page.view.element("button", "again").click();
  runs[1]?.resolve([{}] as Item[]);
  await page.view.settled();
  expect(page.view.instance.loading.failed).toBeInstanceOf(Error);
  expect(page.items()).toEqual(["initial"]);
});

test("in a component; after a cancel there are no items, and it may be loaded again", async () => {
  const runs: Deferred<Item[]>[] = [];
  class Part extends LiveComponent {
    items = this.stream<Item>();
    loading = this.streamAsync(this.items, () => {
      const run = deferred<Item[]>();
      runs.push(run);
      return run.promise;
    });
    again = this.event(() => this.loading.reload());
    cancel = this.event(() => this.loading.cancel());
    render() {
      return html`<section>
        <p>${this.loading.failed?.name ?? (this.loading.loading ? "loading" : "loaded")}</p>
        ${show(this.items)}
        <button phx-click=${this.again}>again</button>
        <button phx-click=${this.cancel}>cancel</button>
      </section>`;
    }
  }
  class View extends LiveView {
    render() {
      return html`<${Part} id="part" />`;
    }
  }
  const view = await live(View);
  expect(view.text("p")).toBe("loading");
  await view.element("button", "cancel").click();
  expect(view.text("p")).toBe("AbortError");
  runs[0]?.resolve(items("late"));
  await view.settled();
  expect(view.hasElement("li")).toBe(false);
  await view.element("button", "again").click();
  runs[1]?.resolve(items("first"));
  await view.settled();
  expect(view.text("p")).toBe("loaded");
  expect(view.text("li")).toBe("first");
});

test("the run is aborted with its view", async () => {
  const { open, signals } = setup();
  const { view } = await open();
  await view.close();
  expect(signals[0]?.aborted).toBe(true);
});

test("a stream into which nothing has come yet is empty; several may load into one", async () => {
  const first = deferred<Item[]>();
  class View extends LiveView {
    items = this.stream<Item>();
    one = this.streamAsync(this.items, () => first.promise);
    two = this.streamAsync(this.items, () => items("of two"));
    render() {
      return html`${show(this.items)}`;
    }
  }
  const view = await live(View);
  first.resolve(items("of one"));
  await view.settled();
  expect([...view.container.querySelectorAll("li")].map((item) => item.textContent)).toEqual([
    "of two",
    "of one",
  ]);
});
