/** Client commands under test: what they need of a browser that happy-dom does otherwise. */
import { html, JS, LiveView } from "@overwire/server";
import { expect, test } from "vitest";
import { live } from "./index.ts";

class Panel extends LiveView {
  saved = 0;
  save = this.event(() => {
    this.saved++;
  });
  render() {
    const fade = JS.hide({ to: "#panel", transition: "fade", time: 50 });
    return html`
      <button id="toggle" phx-click=${JS.toggle("#panel")}>toggle</button>
      <div id="panel" hidden>panel</div>
      <button id="save" phx-click=${JS.push(this.save).concat(fade)}>${this.saved} saved</button>`;
  }
}

test("what has the attribute hidden is hidden, until a command shows it", async () => {
  const view = await live(Panel);
  const display = () => (view.element("#panel").node as unknown as HTMLElement).style.display;
  await view.element("#toggle").click();
  expect(display()).toBe("block");
  await view.element("#toggle").click();
  expect(display()).toBe("none");
});

test("an action waits for an answer that a transition holds back, and no longer", async () => {
  const view = await live(Panel);
  await view.element("#toggle").click();
  const before = performance.now();
  await view.element("#save").click();
  expect(view.text("#save")).toBe("1 saved");
  expect(performance.now() - before).toBeLessThan(2000);
});
