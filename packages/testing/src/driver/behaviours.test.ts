/** Behaviours that go through several parts at once: params, nested views and components side by side, layouts, flash. */
import { createApp, each, html, type Layout, LiveComponent, LiveView } from "@overwire/server";
import { expect, test } from "vitest";
import { type LiveDriver, live, renderComponent } from "../index.ts";

const secret = "s".repeat(32);

class Count extends LiveComponent<{ label?: string }> {
  count = 0;
  inc = this.event(() => void this.count++);
  away = this.event(() => {
    this.putFlash("info", "From a component.");
    this.pushNavigate("/there");
  });
  render() {
    return html`<div class=${this.id}><b>${this.props.label} ${this.count}</b>
      <button class="inc" phx-click=${this.inc}>+</button><button class="away" phx-click=${this.away}>go</button></div>`;
  }
}

class Inner extends LiveView {
  on = true;
  hide = this.event(() => {
    this.on = false;
  });
  render() {
    const { name } = this.session as { name?: string };
    return html`<p>${name}</p>${this.on && html`<${Count} id="in-inner" />`}<button phx-click=${this.hide}>hide</button>`;
  }
}

class Outer extends LiveView {
  names = ["a<b", "c", "d"];
  beside = true;
  hide = this.event(() => {
    this.beside = false;
  });
  render() {
    return html`
      ${this.beside && html`<${Count} id="beside" label="beside" />`}
      <button id="hide" phx-click=${this.hide}>hide</button>
      ${each(
        this.names,
        (name) => name,
        (name, index) => html`<${Inner} id="inner-${index}" session=${{ name }} />`,
      )}`;
  }
}

test("a component beside nested views, and one in each of them, come and go by themselves", async () => {
  const view = await live(Outer);
  await view.element(".beside .inc").click();
  const inner = view.child("inner-1");
  await inner.element(".in-inner .inc").click();
  await inner.element("button", "hide").click();
  expect([inner.hasElement(".in-inner"), view.child("inner-0").hasElement(".in-inner")]).toEqual([
    false,
    true,
  ]);
  await view.element("#hide").click();
  expect(view.hasElement(".beside")).toBe(false);
  expect(view.children()).toHaveLength(3);
});

test("nested views of one class in a list are told apart, and each has its own session, escaped", async () => {
  const view = await live(Outer);
  expect(view.children().map((child) => child.text("p"))).toEqual(["a<b", "c", "d"]);
  expect(new Set(view.children().map(({ instance }) => instance)).size).toBe(3);
});

test("two nested views under one id are refused, naming it", async () => {
  class Twice extends LiveView {
    render() {
      return html`<${Inner} id="same" /><${Inner} id="same" />`;
    }
  }
  await expect(live(Twice)).rejects.toThrow('Two nested views have the id "same"');
});

test("mount and handleParams find the params of path and query, as text", async () => {
  const seen: unknown[] = [];
  class Shown extends LiveView<"/counter/:id"> {
    mount() {
      seen.push({ ...this.params });
    }
    handleParams() {
      seen.push({ ...this.params });
    }
    render() {
      return html`<p>${this.params.id}</p>`;
    }
  }
  const app = createApp({ secret });
  app.live("/counter/:id", Shown);
  await live(app, "/counter/Wm9uZ%2FozNzYxOA%3D%3D?query1=a&query2=b+c");
  const params = { id: "Wm9uZ/ozNzYxOA==", query1: "a", query2: "b c" };
  expect(seen).toEqual([params, params]);
});

class There extends LiveView {
  render() {
    return html`<p id="flash">${this.flash.info}</p>`;
  }
}

test("the flash of a component goes along to the page that it redirects to", async () => {
  class Here extends LiveView {
    render() {
      return html`<${Count} id="count" />`;
    }
  }
  const app = createApp({ secret });
  app.live("/here", Here);
  app.live("/there", There);
  const view: LiveDriver = await live(app, "/here");
  await view.element(".away").click();
  expect([view.url(), view.text("#flash")]).toEqual(["/there", "From a component."]);
});

test("a layout is that of the route, else of the live session, else of the app", async () => {
  const named =
    (name: string): Layout =>
    ({ children, head }) =>
      html`<!doctype html><html lang="en"><head><title>${name}</title>${head}</head><body>${children}</body></html>`;
  const app = createApp({ secret, layout: named("app") });
  app.live("/a", There);
  app.liveSession({ layout: named("session") }, (app) => {
    app.live("/b", There);
    app.live("/c", There, { layout: named("route") });
  });
  const titles = ["/a", "/b", "/c"].map(async (path) => (await live(app, path)).title());
  expect(await Promise.all(titles)).toEqual(["app", "session", "route"]);
});

test("a component rendered on its own is mounted and updated", () => {
  expect(renderComponent(Count, { id: "own", label: "Own" })).toContain("<b>Own 0</b>");
});
