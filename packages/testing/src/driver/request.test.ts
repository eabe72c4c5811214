/** Pages that are asked for as a browser does it: its cookies, and the forms it sends itself. */
import { createApp, html, LiveView, type OverwireApp } from "@overwire/server";
import { beforeEach, describe, expect, test } from "vitest";
import { type LiveDriver, live, type PlainPage } from "../index.ts";

declare module "@overwire/server" {
  interface Session {
    person?: string;
  }
}

class Login extends LiveView {
  ready = false;
  typed = "";
  check = this.event((payload) => {
    this.typed = String(payload.name);
  });
  save = this.event(() => {
    this.ready = true;
  });
  searching = false;
  search = this.event(() => {
    this.searching = true;
  });
  render() {
    return html`
      <p>${this.session.person ?? "nobody"} ${this.params.name}</p>
      <form id="login" action="/login?from=form" method="post" phx-change=${this.check} phx-submit=${this.save} phx-trigger-action=${this.ready}>
        <input name="name"><input type="hidden" name="token" value="t"><button name="by" value="button">Log in</button>
      </form>
      <form id="search" phx-submit=${this.search} phx-trigger-action=${this.searching}>
        <input name="name" value="query">
      </form>
      <form id="upload" action="/login" method="post" enctype="multipart/form-data"><input name="name"></form>
      <form id="elsewhere" action="/plain"><input name="q" value="a b"></form>
      <form id="bare"></form>`;
  }
}

let app: OverwireApp;
beforeEach(() => {
  app = createApp({ secret: "s".repeat(32), report: () => {} });
  app.live("/", Login);
  app.post("/login", async (c) => {
    const fields = await c.req.parseBody();
    if (fields.name === "") return c.text("Who are you?", 422);
    await app.setSession(c, { person: `${fields.name} ${fields.by ?? ""}${c.req.query("from") ?? ""}` });
    return c.redirect("/");
  });
  app.get("/plain", (c) => c.html(`<h1>${c.req.query("q")}</h1>`));
});

describe("a form that the view hands to the browser", () => {
  test("is sent from a page of https too, as a proxy says it", async () => {
    const view = await live(app, "/", { headers: { "x-forwarded-proto": "https" } });
    const next = await view.form("#login", { name: "Ann" }).submitNative("[name=by]");
    expect(next.text("p")).toBe("Ann buttonform");
  });

  test("is sent with its values to its action, and the answer is followed", async () => {
    const view = await live(app, "/");
    const next = await view.form("#login", { name: "Ann" }).submitNative("[name=by]");
    expect(next.text("p")).toBe("Ann buttonform");
    expect(next.url()).toBe("/");
    await next.reconnect();
    expect(next.text("p")).toBe("Ann buttonform");
  });

  test("as soon as it is marked with phx-trigger-action", async () => {
    const view = await live(app, "/");
    const form = view.form("#login", { name: "Bob" });
    await expect(form.followTriggerAction()).rejects.toThrow(
      '"#login" does not have a phx-trigger-action attribute:\n\n    <form id="login"',
    );
    await form.submit();
    const next = await form.followTriggerAction();
    expect(next.text("p")).toBe("Bob form");
    expect(next).not.toBe(view);
  });

  test("as the button says by which it was submitted, then as the values that are given", async () => {
    class Publish extends LiveView {
      ready = false;
      save = this.event(() => {
        this.ready = true;
      });
      render() {
        return html`<form id="f" action="/sent?form" method="post" phx-submit=${this.save} phx-trigger-action=${this.ready}>
            <input name="text" value="1">
            <button id="named" name="intent" value="publish" disabled=${this.ready}>publish</button>
            <button id="elsewhere" name="intent" value="draft" formaction="/sent?button">draft</button>
            <input type="image" id="image" name="at" alt="image" src="data:,">
          </form>
          <button id="outside" name="intent" value="outside" form="f">outside</button>`;
      }
    }
    app.live("/publish", Publish);
    app.post("/sent", async (c) => c.text(`${new URL(c.req.url).search} ${await c.req.text()}`));
    const sent = async (submit: (view: LiveDriver) => Promise<string>, values = {}) => {
      const view = await live(app, "/publish");
      await submit(view);
      return (await view.form("#f", values).followTriggerAction<PlainPage>()).text();
    };
    const press = (id: string) => (view: LiveDriver) => view.form("#f").submit(`#${id}`);
    expect(await sent(press("named"))).toBe("?form text=1&intent=publish");
    expect(await sent(press("named"), { text: "3" })).toBe("?form text=3&intent=publish");
    expect(await sent(press("elsewhere"))).toBe("?button text=1&intent=draft");
    expect(await sent(press("image"))).toBe("?form text=1&at.x=0&at.y=0");
    expect(await sent(press("outside"))).toBe("?form text=1&intent=outside");
    expect(await sent((view) => view.element("#elsewhere").click())).toBe("?button text=1&intent=draft");
    expect(await sent((view) => view.form("#f").submit())).toBe("?form text=1");
  });

  test("by GET to the page's own path if it has no action", async () => {
    const view = await live(app, "/?name=old");
    await view.form("#search").submit();
    await view.assertRedirect("/?name=query");
    const next = await view.form("#search", { name: "new" }).followTriggerAction();
    expect(next.url()).toBe("/?name=new");
    expect(next.text("p")).toBe("nobody new");
  });

  test("in parts, if its enctype says so; a plain page has the answer", async () => {
    const view = await live(app, "/");
    const refused = await view.form("#upload", { name: "" }).submitNative<PlainPage>();
    expect([refused.status, refused.html()]).toEqual([422, "Who are you?"]);
    const other = await live(app, "/");
    const found = await other.form("#elsewhere").submitNative<PlainPage>();
    expect([found.url(), found.text("h1")]).toEqual(["/plain?q=a+b", "a b"]);
  });

  test("must be one", async () => {
    const view = await live(app, "/");
    await expect(view.form("p").followTriggerAction()).rejects.toThrow(
      'a form element was given but the selected node is not a form, got "p"',
    );
    await expect(view.form("p").submitNative()).rejects.toThrow("is not a form");
    await expect(view.form("#bare").followTriggerAction()).rejects.toThrow(
      '"#bare" does not have a phx-trigger-action attribute',
    );
    await expect(view.form("#bare").submitNative()).rejects.toThrow(
      '"#bare" does not have an action attribute',
    );
  });

  test("a click on a button of a form that no view is bound to sends it", async () => {
    class Plain extends LiveView {
      render() {
        return html`<form action="/plain"><input name="q" value="x"><button>Go</button></form>`;
      }
    }
    app.live("/form", Plain);
    const view = await live(app, "/form");
    await view.element("button").click();
    const next = await view.followRedirect<PlainPage>("/plain?q=x");
    expect(next.text("h1")).toBe("x");
  });
});

test("cookies of the test go with all requests, and those of the app are kept", async () => {
  class Cookies extends LiveView {
    render() {
      return html`<a href="/show">show</a>`;
    }
  }
  app.use(async (c, next) => {
    c.header("set-cookie", "mine=1; Path=/", { append: true });
    c.header("set-cookie", "theirs=; Max-Age=0; Path=/", { append: true });
    await next();
  });
  app.live("/cookies", Cookies);
  app.get("/show", (c) => c.text(c.req.header("cookie") ?? ""));
  const view = await live(app, "/cookies", { headers: { cookie: "theirs=2; test=3" } });
  await view.element("a").click();
  const next = await view.followRedirect<PlainPage>();
  expect(next.html()).toMatch(/^test=3; .*mine=1/);
});

test("scripts of a page share the cookies of its requests", async () => {
  class Shared extends LiveView {
    render() {
      return html`<a href="/show">show</a>`;
    }
  }
  app.use(async (c, next) => {
    c.header("set-cookie", "secret=1; Path=/; HttpOnly", { append: true });
    c.header("set-cookie", "theme=dark; Path=/", { append: true });
    await next();
  });
  app.live("/shared", Shared);
  app.get("/show", (c) => c.text(c.req.header("cookie") ?? ""));
  const view = await live(app, "/shared");
  const { document } = view.window;
  expect(document.cookie).toBe("theme=dark");
  document.cookie = "theme=; max-age=0";
  document.cookie = "seen=yes";
  expect(document.cookie).toBe("seen=yes");
  await view.element("a").click();
  expect((await view.followRedirect<PlainPage>()).html()).toMatch(/^secret=1; .*seen=yes$/);
});

describe("the session that a test gives", () => {
  test("is in the app's cookie, which the app can change", async () => {
    const view = await live(app, "/", { session: { person: "Ann" } });
    expect(view.text("p")).toBe("Ann");
    const next = await view.form("#login", { name: "Bob" }).submitNative("[name=by]");
    expect(next.text("p")).toBe("Bob buttonform");
  });

  test("stands in for the function of an app that has sessions of its own", async () => {
    const own = createApp({ secret: "s".repeat(32), session: () => ({ person: "Eve" }) });
    own.live("/", Login);
    own.get("/who", async (c) => c.text((await own.getSession(c)).person ?? "nobody"));
    expect((await live(own, "/")).text("p")).toBe("Eve");
    const view = await live(own, "/", { session: { person: "Ann" } });
    expect(view.text("p")).toBe("Ann");
    await view.disconnect({ resume: false });
    await view.reconnect();
    expect(view.text("p")).toBe("Ann");
  });

  test("may hold any object for a view on its own", async () => {
    const session: object = { person: new Date(0) };
    class Dated extends LiveView {
      render() {
        return html`${(this.session.person as unknown as Date).getTime()}`;
      }
    }
    expect((await live(Dated, { session })).text()).toBe("0");
  });
});
