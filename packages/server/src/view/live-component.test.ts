/** Live components with everything around them: app, page, client. */
import { live } from "@overwire/testing";
import { expect, test } from "vitest";
import { z } from "zod";
import { html } from "../template/html.ts";
import { LiveComponent } from "./live-component.ts";
import { LiveView } from "./live-view.ts";

class Counter extends LiveComponent<{ label?: string }> {
  count = 0;
  inc = this.event(() => {
    this.count++;
  });
  add = this.event(z.object({ by: z.coerce.number() }), ({ by }) => {
    this.count += by;
  });
  render() {
    return html`<section id=${this.id}>
      <p>${this.props.label ?? this.id}: ${this.count}</p>
      <button phx-click=${this.inc}>+</button>
      <button phx-click=${this.add({ by: 10 })}>+10</button>
      <button phx-click="inc" phx-target=${this.target}>by number</button>
    </section>`;
  }
}

class Two extends LiveView {
  ids = ["a", "b"];
  inc = this.event(() => {
    this.ids = [...this.ids, `new${this.ids.length}`];
  });
  turn = this.event(() => {
    this.ids = [...this.ids].reverse();
  });
  drop = this.event(() => {
    this.ids = this.ids.slice(1);
  });
  render() {
    return html`
      <button phx-click=${this.inc}>more</button>
      <button phx-click=${this.turn}>turn</button>
      <button phx-click=${this.drop}>drop</button>
      <button phx-click="inc" phx-target="section">each</button>
      ${this.ids.map((id) => html`<${Counter} id=${id} />`)}`;
  }
}

test("an event handle knows its component, whatever is clicked", async () => {
  const view = await live(Two);
  await view.element("#b button", "+").click();
  await view.element("#b button", "+10").click();
  expect(view.text("#b p")).toBe("b: 11");
  expect(view.text("#a p")).toBe("a: 0");
  await view.element("#a button", "by number").click();
  expect(view.text("#a p")).toBe("a: 1");
});

test("a selector as target is every component that it finds", async () => {
  const view = await live(Two);
  await view.element("button", "each").click();
  await view.settled();
  expect(view.text("#a p")).toBe("a: 1");
  expect(view.text("#b p")).toBe("b: 1");
});

test("components that come, move and go", async () => {
  const view = await live(Two);
  await view.element("#a button", "+").click();
  await view.element("button", "more").click();
  await view.element("button", "turn").click();
  expect(view.text("#a p")).toBe("a: 1");
  await view.element("#new2 button", "+").click();
  expect(view.text("#new2 p")).toBe("new2: 1");
  await view.element("button", "drop").click();
  expect(view.hasElement("#new2")).toBe(false);
  await view.element("#a button", "+").click();
  expect(view.text("#a p")).toBe("a: 2");
});

test("a form in a component tells the component what changed", async () => {
  const told: unknown[] = [];
  class Form extends LiveComponent {
    change = this.event((payload) => {
      told.push(payload);
    });
    render() {
      return html`<form phx-change=${this.change}><input name="user[first_name]"><input name="user[last_name]"></form>`;
    }
  }
  class View extends LiveView {
    render() {
      return html`<${Form} id="f" />`;
    }
  }
  const view = await live(View);
  await view.form("form", { "user[first_name]": "Ann" }).change();
  expect(told).toEqual([
    expect.objectContaining({
      _target: ["user", "first_name"],
      user: expect.objectContaining({ first_name: "Ann" }),
    }),
  ]);
});
