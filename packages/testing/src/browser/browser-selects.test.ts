import { createApp, html, LiveView } from "@overwire/server";
import { expect, test } from "vitest";
import { live } from "../index.ts";

class Order extends LiveView<"/"> {
  order = "d";
  changes = 0;
  change = this.event(() => {
    this.changes++;
  });
  choose = this.event(() => {
    this.order = "c";
  });

  render() {
    return html`
      <form id="order" phx-change=${this.change}>
        <select name="order" aria-label="Order">
          ${["a", "b", "c", "d"].map((value) => html`<option value=${value} selected=${value === this.order}>${value}</option>`)}
        </select>
      </form>
      <button phx-click=${this.choose}>c</button> <p>${this.changes} changes</p>`;
  }
}

test("a select has the option that the page selects, whatever its place, and has nothing to tell when it is joined", async () => {
  const app = createApp({ secret: "a secret of tests alone, which no other app has" });
  app.live("/", Order);
  const view = await live(app, "/");
  const value = () => (view.element("select").node as unknown as HTMLSelectElement).value;
  await view.settled();
  expect([value(), view.text("p")]).toEqual(["d", "0 changes"]);
  await view.element("button").click();
  expect(value()).toBe("c");
  await view.form("#order", { order: "b" }).change();
  expect([value(), view.text("p")]).toEqual(["b", "1 changes"]);
});
