/** Types: what an author of live components is told before anything runs. Checked by `npm run types`, never run. */
import { expectTypeOf } from "vitest";
import { z } from "zod";
import { type Child, html } from "../template/html.ts";
import type { EventHandle } from "./events/event.ts";
import { LiveComponent } from "./live-component.ts";
import { LiveView } from "./live-view.ts";

interface Item {
  readonly name: string;
}

class Cart extends LiveComponent<{ currency: string; items?: Item[]; onBuy: (item: Item) => void }> {
  add = this.event(z.object({ name: z.string() }), ({ name }) => {
    this.props.onBuy({ name });
    return { ok: true };
  });

  override mount() {
    expectTypeOf(this.id).toEqualTypeOf<string>();
    expectTypeOf(this.target).toEqualTypeOf<number>();
    expectTypeOf(this.props.id).toEqualTypeOf<string>();
    expectTypeOf(this.props.children).toEqualTypeOf<Child>();
    expectTypeOf(this.props.currency).toEqualTypeOf<string>();
    expectTypeOf(this.props.items).toEqualTypeOf<Item[] | undefined>();
    // @ts-expect-error not among its props
    void this.props.price;
    // @ts-expect-error props come from outside
    this.props.currency = "EUR";
    // @ts-expect-error a component is no place that messages are sent to
    this.send("message");
  }

  override update(previous?: this["props"]) {
    expectTypeOf(previous?.currency).toEqualTypeOf<string | undefined>();
  }

  static updateMany(carts: readonly Cart[]) {
    for (const { props } of carts) expectTypeOf(props.currency).toEqualTypeOf<string>();
  }

  override render() {
    return html`<button phx-click=${this.add({ name: "x" })}>${this.props.currency}</button>`;
  }
}

expectTypeOf<Cart["add"]>().toEqualTypeOf<EventHandle<{ name: string }, { ok: boolean }>>();

class Bare extends LiveComponent {
  override mount() {
    expectTypeOf(this.props.id).toEqualTypeOf<string>();
    // @ts-expect-error it was given no type of props
    void this.props.anything;
  }
  override render() {
    return html`<p></p>`;
  }
}

class View extends LiveView {
  tell() {
    this.sendUpdate(Cart, { id: "cart", currency: "EUR" });
    this.sendUpdate(Bare, { id: "bare" });
    // @ts-expect-error which one?
    this.sendUpdate(Cart, { currency: "EUR" });
    // @ts-expect-error not among its props
    this.sendUpdate(Cart, { id: "cart", price: 7 });
    // @ts-expect-error a currency is text
    this.sendUpdate(Cart, { id: "cart", currency: 7 });
    // @ts-expect-error a view is no component
    this.sendUpdate(View, { id: "view" });
  }
  override render() {
    return html`<${Cart} id="cart" currency="EUR" onBuy=${() => this.tell()} />`;
  }
}
void View;

// @ts-expect-error a component shows something
class Blind extends LiveComponent {}
void Blind;
