/** The context of a page's hooks, in views that are nested in it. */
import { live } from "@overwire/testing";
import { expect, test } from "vitest";
import { createApp } from "../app.ts";
import { html } from "../template/html.ts";
import { LiveView } from "./live-view.ts";

const userOf = (view: LiveView) => (view.context as { user?: string }).user;

class Leaf extends LiveView {
  render() {
    return html`<i>${userOf(this)}</i>`;
  }
}

/** Does not read the context itself. */
class Between extends LiveView {
  render() {
    return html`<${Leaf} id="leaf" />`;
  }
}

class Page extends LiveView {
  isOpen = true;
  toggle = this.event(() => {
    this.isOpen = !this.isOpen;
  });
  render() {
    return html`<button phx-click=${this.toggle}>toggle</button>${this.isOpen && html`<${Between} id="between" />`}`;
  }
}

test("a view in a nested view has the context, whether it is painted or appears later", async () => {
  const app = createApp({ secret: "x".repeat(32) });
  app.liveSession(
    {
      onMount: (view) => {
        (view.context as { user?: string }).user = "Ann";
      },
    },
    () => app.live("/", Page),
  );
  const page = await live(app, "/");
  expect(page.text()).toContain("Ann");
  await page.element("button").click();
  expect(page.text()).not.toContain("Ann");
  await page.element("button").click();
  expect(page.text()).toContain("Ann");
});
