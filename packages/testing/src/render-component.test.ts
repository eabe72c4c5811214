/** Components on their own. */
import { type Child, html, LiveComponent } from "@overwire/server";
import { expect, test } from "vitest";
import { renderComponent } from "./index.ts";

test("a function component is rendered with its props", () => {
  const Badge = ({ count, children }: { count: number; children?: Child }) =>
    html`<b class="badge">${count}${children}</b>`;
  expect(renderComponent(Badge, { count: 3 })).toBe('<b class="badge">3</b>');
  expect(renderComponent(Badge, { count: 3, children: html`<i>!</i>` })).toBe(
    '<b class="badge">3<i>!</i></b>',
  );
  expect(renderComponent(() => html`<p>a &amp; b</p><p>${"<c>"}</p>`)).toBe(
    "<p>a &amp; b</p><p>&lt;c&gt;</p>",
  );
});

test("its error is thrown", () => {
  const Broken = () => {
    throw new Error("no props");
  };
  expect(() => renderComponent(Broken)).toThrow("no props");
});

class Cart extends LiveComponent<{ currency: string }> {
  items = 0;
  override mount() {
    this.items = 3;
  }
  add = this.event(() => {});
  render() {
    return html`<p id=${this.id}>${this.items} in ${this.props.currency}</p>`;
  }
}

test("a live component is mounted with its props, and has an id", () => {
  expect(renderComponent(Cart, { currency: "EUR" })).toBe('<p id="component">3 in EUR</p>');
  expect(renderComponent(Cart, { currency: "EUR", id: "mine" })).toBe('<p id="mine">3 in EUR</p>');
});

test("a component that renders others", () => {
  const Page = () => html`<main><${Cart} id="a" currency="EUR" /><${Cart} id="b" currency="USD" /></main>`;
  expect(renderComponent(Page)).toBe('<main><p id="a">3 in EUR</p><p id="b">3 in USD</p></main>');
});
