/** Messages that a nested view puts when it sends the page elsewhere: the page shows them. */
import { live } from "@overwire/testing";
import { expect, test } from "vitest";
import { createApp } from "../app.ts";
import { html } from "../template/html.ts";
import { LiveComponent } from "./live-component.ts";
import { LiveView } from "./live-view.ts";

class Button extends LiveComponent {
  go = this.event(({ to }) => {
    this.putFlash("info", "from a component");
    this.pushPatch(String(to));
  });
  render() {
    return html`<button phx-click=${this.go({ to: "/page?x=4" })}>component</button>`;
  }
}

class Inner extends LiveView {
  go = this.event(({ how, to }) => {
    this.putFlash("info", `${how} to ${to}`);
    if (how === "patch") this.pushPatch(String(to));
    else if (how === "navigate") this.pushNavigate(String(to));
    else this.redirect(String(to));
  });
  late = this.event(() => {
    this.pushPatch("/page?x=3");
    this.putFlash("error", "afterwards");
  });
  render() {
    return html`<button phx-click=${this.late}>late</button><${Button} id="b" />`;
  }
}

class Page extends LiveView {
  override handleParams() {
    if (this.params.on) this.pushPatch("/page?x=on");
  }
  own = this.event(() => this.putFlash("info", "the page's own"));
  render() {
    return html`<h1>${this.params.x ?? "none"}</h1><p id="flash">${this.flash.info}</p>
      <p id="error">${this.flash.error}</p><button id="own" phx-click=${this.own}>own</button><${Inner} id="inner" />`;
  }
}

class Other extends LiveView {
  render() {
    return html`<h1>other</h1><p id="flash">${this.flash.info}</p>`;
  }
}

function open() {
  const app = createApp({ secret: "s".repeat(32) });
  app.live("/page", Page);
  app.live("/other", Other);
  return live(app, "/page");
}

test("a live patch shows them in place of what the page had", async () => {
  const view = await open();
  await view.element("#own").click();
  expect(view.text("#flash")).toBe("the page's own");
  await view.child("inner").event("go", { how: "patch", to: "/page?x=1" });
  await view.assertPatch("/page?x=1");
  expect([view.text("h1"), view.text("#flash")]).toEqual(["1", "patch to /page?x=1"]);
  // Shown once, as any flash.
  await view.child("inner").event("go", { how: "patch", to: "/page?x=2" });
  await view.patchTo("/page?x=7");
  expect([view.text("h1"), view.text("#flash")]).toEqual(["7", ""]);
});

test("also those that are put after the patch, and those of a component", async () => {
  const view = await open();
  await view.child("inner").element("button", "late").click();
  await view.assertPatch("/page?x=3");
  expect([view.text("h1"), view.text("#error")]).toEqual(["3", "afterwards"]);
  await view.child("inner").element("button", "component").click();
  await view.assertPatch("/page?x=4");
  expect([view.text("h1"), view.text("#flash")]).toEqual(["4", "from a component"]);
});

test("a patch that the page's handleParams sends on takes them along", async () => {
  const view = await open();
  await view.child("inner").event("go", { how: "patch", to: "/page?on=1" });
  await view.settled();
  expect([view.text("h1"), view.text("#flash")]).toEqual(["on", "patch to /page?on=1"]);
});

test.each(["navigate", "patch", "redirect"])("another page shows them (%s)", async (how) => {
  const view = await open();
  // The nested view leaves the page with its own answer.
  await view
    .child("inner")
    .event("go", { how, to: "/other" })
    .catch(() => {});
  const other = await view.followRedirect();
  expect([other.text("h1"), other.text("#flash")]).toEqual(["other", `${how} to /other`]);
});
