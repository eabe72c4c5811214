/** Redirects of a page: live patches and navigations, which the client does, and pages that are loaded. */
import { createApp, html, LiveView, type OverwireApp, raw } from "@overwire/server";
import { beforeEach, describe, expect, test } from "vitest";
import { type LiveDriver, live, PlainPage, RedirectError } from "../index.ts";

const soon = { timeout: 0 };

class List extends LiveView<"/list"> {
  override pageTitle = "List";
  patch = this.event(() => this.pushPatch("/list?page=pushed"));
  replace = this.event(() => this.pushPatch("/list?page=replaced", { replace: true }));
  open = this.event(() => {
    this.putFlash("info", "Opened.");
    this.pushNavigate("/item/7");
  });
  leave = this.event(() => {
    this.putFlash("error", "Left.");
    this.redirect("/plain");
  });
  away = this.event(() => this.redirect({ external: "https://example.com/x" }));
  count = 0;
  inc = this.event(() => {
    this.count++;
  });
  incAndPatch = [
    ["push", { event: "inc" }],
    ["patch", { href: "/list?page=both" }],
  ];
  render() {
    const commands = (...list: unknown[]) => raw(JSON.stringify(list));
    return html`
      <h1>page ${this.params.page ?? "none"}, ${this.count}</h1>
      <p id="flash">${this.flash.info}</p>
      <a id="plain" href="/plain?a=b">plain</a>
      <a id="here" href="#here">here</a>
      <a id="patch" href="/list?page=2" data-ow-link="patch">patch</a>
      <a id="noop" href="/list?page=3" data-ow-link="patch" phx-click=${commands(["dispatch", { event: "noop" }])}>patch</a>
      <a id="navigate" href="/item/1" data-ow-link="navigate">navigate</a>
      <a id="replace" href="/item/2" data-ow-link="navigate" data-ow-replace>replace</a>
      <a id="elsewhere" href="/item/3" data-ow-link="patch">elsewhere</a>
      <button id="js-patch" phx-click=${commands(["patch", { href: "/list?page=js" }])}>js</button>
      <button id="js-navigate" phx-click=${commands(["navigate", { href: "/item/4" }])}>js</button>
      <button id="js-replace" phx-click=${commands(["navigate", { href: "/item/5", replace: true }])}>js</button>
      <button id="both" phx-click=${commands(...this.incAndPatch)}>both</button>
      <button id="first" phx-click=${commands(["navigate", { href: "/item/6" }], ["patch", { href: "/list?page=no" }])}>first</button>
      <button id="push-patch" phx-click=${this.patch}>patch</button>
      <button id="push-replace" phx-click=${this.replace}>patch</button>
      <button id="push-navigate" phx-click=${this.open}>navigate</button>
      <button id="redirect" phx-click=${this.leave}>redirect</button>
      <button id="external" phx-click=${this.away}>redirect</button>`;
  }
}

class Item extends LiveView<"/item/:id"> {
  override pageTitle = "Item";
  render() {
    return html`<h1>item ${this.params.id}</h1><p id="flash">${this.flash.info}</p><a id="back" href="/list" data-ow-link="navigate">back</a>`;
  }
}

class Moved extends LiveView {
  override mount() {
    this.putFlash("info", "Moved.");
    this.redirect("/list", { status: 301 });
  }
  render() {
    return html`<p></p>`;
  }
}

class Other extends LiveView {
  render() {
    return html`<h1>other</h1>`;
  }
}

class Broken extends LiveView {
  override mount() {
    throw new Error("no items");
  }
  render() {
    return html`<p></p>`;
  }
}

let app: OverwireApp;
let view: LiveDriver<List>;
beforeEach(async () => {
  app = createApp({ secret: "s".repeat(32), report: () => {} });
  app.live("/list", List);
  app.live("/item/:id", Item);
  app.live("/moved", Moved);
  app.live("/broken", Broken);
  app.liveSession({ name: "other" }, (app) => app.live("/other", Other));
  app.get("/plain", (c) => c.html("<title>Plain</title><h1>plain</h1>"));
  view = await live(app, "/list");
});

describe("live patches", () => {
  test("by a link are followed and can be asserted", async () => {
    const { instance } = view;
    expect(await view.element("#patch").click()).toContain("page 2");
    expect(await view.assertPatch("/list?page=2")).toBe("/list?page=2");
    expect(view.url()).toBe("/list?page=2");
    expect(view.instance).toBe(instance);
    await view.refutePatch();
    await view.refuteRedirect();
  });

  test("by a link with commands that push nothing", async () => {
    expect(await view.element("#noop").click()).toContain("page 3");
    expect(await view.assertPatch()).toBe("/list?page=3");
  });

  test("by a command, and after an event", async () => {
    expect(await view.element("#js-patch").click()).toContain("page js");
    await view.assertPatch("/list?page=js");
    expect(await view.element("#both").click()).toContain("page both, 1");
    await view.assertPatch("/list?page=both");
  });

  test("by the view", async () => {
    expect(await view.element("#push-patch").click()).toContain("page pushed");
    await view.assertPatch("/list?page=pushed");
    expect(await view.element("#push-replace").click()).toContain("page replaced");
    await view.assertPatch("/list?page=replaced");
    expect(view.url()).toBe("/list?page=replaced");
  });

  test("by the test, as a user", async () => {
    expect(await view.patchTo("/list?page=9")).toContain("page 9");
    await view.assertPatch("/list?page=9");
    expect(view.instance.params.page).toBe("9");
  });

  test("to a page of another view are navigations", async () => {
    expect(await view.element("#elsewhere").click()).toContain("item 3");
    expect(await view.assertRedirect("/item/3")).toMatchObject({ kind: "navigate" });
    await view.refutePatch();
  });

  test("an assertion of another path, or of none", async () => {
    await expect(view.assertPatch("/x", soon)).rejects.toThrow(
      'expected List to patch to "/x", but got none',
    );
    await expect(view.assertRedirect(undefined, soon)).rejects.toThrow(
      "expected List to redirect, but got none",
    );
    await view.patchTo("/list?page=2");
    await expect(view.assertPatch("/x", soon)).rejects.toThrow(
      'expected List to patch to "/x", but got a patch to "/list?page=2"',
    );
    await expect(view.assertRedirect("/x", soon)).rejects.toThrow(
      'expected List to redirect to "/x", but got a patch to "/list?page=2"',
    );
    await expect(view.refutePatch()).rejects.toThrow(
      'expected List not to patch, but it did, to "/list?page=2"',
    );
    await view.refutePatch("/list?page=3");
  });

  test("an assertion waits for a patch that comes of itself", async () => {
    const asserted = view.assertPatch("/list?page=late");
    view.instance.setTimeout(() => view.instance.pushPatch("/list?page=late"), 5);
    expect(await asserted).toBe("/list?page=late");
  });
});

describe("live navigation", () => {
  test("to a view that pushes a live patch at once leads to that URL", async () => {
    class Moved extends LiveView {
      override handleParams() {
        if (!this.params.page) this.pushPatch("/moved?page=1");
      }
      render() {
        return html`<h1>${this.params.page}</h1>`;
      }
    }
    class Start extends LiveView {
      render() {
        return html`<p>start</p>`;
      }
    }
    const app = createApp({ secret: "s".repeat(32) });
    app.live("/start", Start);
    app.live("/moved", Moved);
    const page = await live(app, "/start");
    await page.navigateTo("/moved");
    expect([page.text("h1"), page.url()]).toEqual(["1", "/moved?page=1"]);
    await page.back();
    expect(page.url()).toBe("/start");
  });

  test("by a link leads the driver to the next view", async () => {
    expect(await view.element("#navigate").click()).toContain("item 1");
    expect(await view.assertRedirect("/item/1")).toEqual({
      to: "/item/1",
      kind: "navigate",
      replace: false,
      flash: {},
    });
    expect(view.instance).toBeInstanceOf(Item);
    expect(view.text("h1")).toBe("item 1");
    expect(view.container.querySelector("h1")?.textContent).toBe("item 1");
    expect(view.title()).toBe("Item");
    expect(view.url()).toBe("/item/1");
    expect(await view.followRedirect("/item/1")).toBe(view);
    expect(await view.element("#back").click()).toContain("page none");
    expect(view.instance).toBeInstanceOf(List);
  });

  test("by a link that replaces", async () => {
    await view.element("#replace").click();
    expect(await view.assertRedirect()).toMatchObject({ to: "/item/2", kind: "navigate", replace: true });
  });

  test("by commands, to push and to replace; the first one wins", async () => {
    await view.element("#js-navigate").click();
    expect(await view.assertRedirect("/item/4")).toMatchObject({ kind: "navigate", replace: false });
    await view.navigateTo("/list");
    await view.element("#js-replace").click();
    expect(await view.assertRedirect("/item/5")).toMatchObject({ kind: "navigate", replace: true });
    await view.navigateTo("/list");
    expect(await view.element("#first").click()).toContain("item 6");
    expect(view.url()).toBe("/item/6");
  });

  test("by the view, with its flash", async () => {
    expect(await view.element("#push-navigate").click()).toContain("item 7");
    expect(await view.assertRedirect("/item/7")).toEqual({
      to: "/item/7",
      kind: "navigate",
      replace: false,
      flash: { info: "Opened." },
    });
    expect(view.flash()).toEqual({ info: "Opened." });
    expect(view.flash("info")).toBe("Opened.");
    expect(view.flash("error")).toBeUndefined();
    expect(view.text("#flash")).toBe("Opened.");
  });

  test("back and forward", async () => {
    await view.patchTo("/list?page=2");
    await view.navigateTo("/item/1");
    expect(await view.back()).toContain("page 2");
    expect(view.url()).toBe("/list?page=2");
    expect(await view.back()).toContain("page none");
    await expect(view.back()).rejects.toThrow("There is no page to go back to.");
    expect(await view.forward()).toContain("page 2");
    expect(await view.forward()).toContain("item 1");
    await expect(view.forward()).rejects.toThrow("There is no page to go forward to.");
  });
});

describe("pages that are loaded", () => {
  test("because the view there cannot be mounted", async () => {
    await view.navigateTo("/broken");
    await expect(view.followRedirect("/broken")).rejects.toThrow("GET /broken answered 500: no items");
  });

  test("because the view there is of another live session", async () => {
    await view.navigateTo("/other");
    expect(await view.assertRedirect("/other")).toMatchObject({ kind: "navigate" });
    const next = await view.followRedirect("/other");
    expect(next).not.toBe(view);
    expect([next.text("h1"), next.url()]).toEqual(["other", "/other"]);
  });

  test("by a plain link: told, and followed", async () => {
    await view.element("#plain").click();
    expect(await view.assertRedirect("/plain?a=b")).toEqual({
      to: "/plain?a=b",
      kind: "redirect",
      replace: false,
      flash: {},
    });
    const page = await view.followRedirect<PlainPage>();
    expect(page).toBeInstanceOf(PlainPage);
    expect([page.status, page.text("h1"), page.title(), page.url()]).toEqual([
      200,
      "plain",
      "Plain",
      "/plain?a=b",
    ]);
    expect(page.html()).toContain("<h1>plain</h1>");
    expect(page.hasElement("h1", "plain")).toBe(true);
  });

  test("not by a link within the page", async () => {
    await view.element("#here").click();
    await view.refuteRedirect();
  });

  test("by the view, with its flash", async () => {
    await view.element("#redirect").click();
    expect(await view.assertRedirect("/plain")).toEqual({
      to: "/plain",
      kind: "redirect",
      replace: false,
      flash: { error: "Left." },
    });
    await expect(view.element("#patch").click()).rejects.toThrow(
      "The page goes to /plain, so there can be no click on",
    );
    expect((await view.followRedirect<PlainPage>("/plain")).text("h1")).toBe("plain");
  });

  test("beyond the app", async () => {
    await view.element("#external").click();
    expect(await view.assertRedirect()).toMatchObject({ to: "https://example.com/x", kind: "redirect" });
  });

  test("following another way than the page goes, or none", async () => {
    await view.element("#plain").click();
    await expect(view.followRedirect("/x")).rejects.toThrow(
      'expected LiveView to redirect to "/x", but got "/plain?a=b"',
    );
    const other = await live(app, "/list");
    await expect(other.followRedirect()).rejects.toThrow("expected List to redirect, but got none");
  });

  test("an assertion of a redirect tells of another one", async () => {
    await view.element("#plain").click();
    await expect(view.assertRedirect("/x", soon)).rejects.toThrow(
      'expected List to redirect to "/x", but got a redirect to "/plain?a=b"',
    );
    await expect(view.assertPatch("/x", soon)).rejects.toThrow(
      'expected List to patch to "/x", but got a redirect to "/plain?a=b"',
    );
    await expect(view.refuteRedirect()).rejects.toThrow(
      'expected List not to redirect, but it did, to "/plain?a=b"',
    );
  });
});

describe("opening a page", () => {
  test("that redirects tells where to", async () => {
    const failure = await live(app, "/moved").catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(RedirectError);
    expect(failure).toMatchObject({
      message: "GET /moved answered 301 and redirects to /list.",
      redirect: { to: "/list", kind: "redirect", status: 301, flash: { info: "Moved." } },
    });
  });

  test("that is not there, or without a path, or without a view", async () => {
    await expect(live(app, "/nowhere")).rejects.toThrow("GET /nowhere answered 404");
    await expect(live(app, "/plain")).rejects.toThrow(
      "GET /plain answered with a page that holds no live view:",
    );
    await expect(live(app, undefined as unknown as string)).rejects.toThrow(
      'live(app, path) expects the path of a page, such as "/", but got undefined.',
    );
  });
});
