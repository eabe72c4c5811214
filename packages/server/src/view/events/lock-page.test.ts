/** Elements whose event is being handled: what the handler shows meanwhile, and what others do. */
import { live } from "@overwire/testing";
import { expect, test, vi } from "vitest";
import { html } from "../../template/html.ts";
import { LiveView } from "../live-view.ts";

/** Ends the handlers that wait, one by one. */
function gates() {
  const all: { open(): void; fail(error: Error): void }[] = [];
  const wait = () => new Promise<void>((open, fail) => all.push({ open, fail }));
  return { wait, opened: (count: number) => vi.waitUntil(() => all.length === count && all[count - 1]) };
}

const classOf = (view: { readonly window: object }, selector: string) =>
  (view.window as Window).document.querySelector(selector)?.className ?? "";

test("an optimistic change shows in the element whose event it is, and its rollback too", async () => {
  const { wait, opened } = gates();
  class View extends LiveView {
    n = 0;
    vote = this.event(() =>
      this.optimistic(() => {
        this.n++;
      }, wait),
    );
    render() {
      return html`<button phx-click=${this.vote}>▲ <b>${this.n}</b></button>`;
    }
  }
  const view = await live(View);
  const first = view.element("button").click();
  const gate = await opened(1);
  await vi.waitUntil(() => view.text("b") === "1");
  expect(classOf(view, "button")).toBe("phx-click-loading");
  if (gate) gate.open();
  await first;
  expect([view.text("b"), classOf(view, "button")]).toEqual(["1", ""]);
  const second = view.element("button").click();
  const other = await opened(2);
  await vi.waitUntil(() => view.text("b") === "2");
  if (other) other.fail(new Error("the database is away"));
  await second;
  expect([view.text("b"), classOf(view, "button")]).toEqual(["1", ""]);
});

test.each(["queue", "latest", "parallel"] as const)(
  "what a handler flushes shows in its own form and button, others' patches wait (%s)",
  async (overlap) => {
    const { wait, opened } = gates();
    class View extends LiveView {
      step = "";
      save = this.event(
        async () => {
          this.step = "saving";
          this.flush();
          await wait();
          this.step = "saved";
        },
        { overlap },
      );
      render() {
        return html`<form phx-submit=${this.save}><input name="a" value=${this.step}><button>Save ${this.step}</button></form>`;
      }
    }
    const view = await live(View);
    const saved = view.form("form", { a: "x" }).submit();
    const gate = await opened(1);
    await vi.waitUntil(() => view.text("button") === "Save saving");
    expect(classOf(view, "form")).toBe("phx-submit-loading");
    expect(view.window.document.querySelector("button")?.hasAttribute("disabled")).toBe(true);
    if (gate) gate.open();
    await saved;
    expect([view.text("button"), classOf(view, "form")]).toEqual(["Save saved", ""]);
    expect(view.window.document.querySelector("button")?.hasAttribute("disabled")).toBe(false);
  },
);

test("a patch of another event waits until the element's own is answered", async () => {
  const { wait, opened } = gates();
  class View extends LiveView {
    n = 0;
    slow = this.event(wait, { overlap: "parallel" });
    inc = this.event(() => {
      this.n++;
    });
    render() {
      return html`<button id="slow" phx-click=${this.slow}>${this.n}</button><button id="inc" phx-click=${this.inc}>+</button><i>${this.n}</i>`;
    }
  }
  const view = await live(View);
  const slow = view.element("#slow").click();
  const gate = await opened(1);
  const inc = view.element("#inc").click();
  await vi.waitUntil(() => view.text("i") === "1");
  expect(view.text("#slow")).toBe("0");
  if (gate) gate.open();
  await Promise.all([slow, inc]);
  expect(view.text("#slow")).toBe("1");
});

/** A nested view whose event ends when the test says so, or at once. */
function nesting() {
  const { wait, opened } = gates();
  const runs: string[] = [];
  class Slow extends LiveView {
    go = this.event(() => {
      runs.push("slow");
      return wait();
    });
    render() {
      return html`<p class="n">slow</p>`;
    }
  }
  class Quick extends LiveView {
    go = this.event(() => void runs.push("quick"));
    render() {
      return html`<p class="n">quick</p>`;
    }
  }
  class Outer extends LiveView {
    n = 0;
    inc = this.event(() => {
      this.n++;
    });
    render() {
      return html`<button id="go" phx-click="go" phx-target=".n">${this.n}</button>
        <button id="one" phx-click="go" phx-target="#slow .n">${this.n}</button>
        <button id="inc" phx-click=${this.inc}>+</button><i>${this.n}</i>
        <${Slow} id="slow" /><${Quick} id="quick" />`;
    }
  }
  return { Outer, opened, runs };
}

test("an element whose event goes to another view shows the newest of its own view with the answer", async () => {
  const { Outer, opened } = nesting();
  const view = await live(Outer);
  const slow = view.element("#one").click();
  const gate = await opened(1);
  const inc = view.element("#inc").click();
  await vi.waitUntil(() => view.text("i") === "1");
  expect(view.text("#one")).toBe("0");
  if (gate) gate.open();
  await Promise.all([slow, inc]);
  expect(view.text("#one")).toBe("1");
});

test("an element whose event goes to two views is marked and locked until both have answered", async () => {
  const { Outer, opened, runs } = nesting();
  const view = await live(Outer);
  const both = view.element("#go").click();
  const gate = await opened(1);
  const inc = view.element("#inc").click();
  await vi.waitUntil(() => view.text("i") === "1");
  expect([view.text("#go"), classOf(view, "#go")]).toEqual(["0", "phx-click-loading"]);
  (view.window.document.querySelector("#go") as unknown as HTMLElement).click();
  if (gate) gate.open();
  await Promise.all([both, inc]);
  expect([view.text("#go"), classOf(view, "#go"), runs.sort()]).toEqual(["1", "", ["quick", "slow"]]);
});

test("a nested view's empty title is not the page's", async () => {
  class Inner extends LiveView {
    override pageTitle = "";
    clear = this.event(() => {
      this.pageTitle = this.pageTitle === "" ? "inner" : "";
    });
    render() {
      return html`<button phx-click=${this.clear}></button>`;
    }
  }
  class Outer extends LiveView {
    override pageTitle = "Outer";
    render() {
      return html`<${Inner} id="inner" />`;
    }
  }
  const view = await live(Outer);
  expect(view.title()).toBe("Outer");
  await view.child("inner").element("button").click();
  expect(view.title()).toBe("inner");
  await view.child("inner").element("button").click();
  expect(view.title()).toBe("inner");
});
