/** Sessions that views set, in a real browser: its cookies, its other tabs, and a request that reaches another node. */
import { describeBrowser } from "@overwire/test-support/chromium";
import { serveViews } from "@overwire/test-support/served-view";
import type { Page as BrowserPage } from "playwright-core";
import { expect, test } from "vitest";
import { z } from "zod";
import { createApp } from "../app.ts";
import { guard } from "../http/guard.ts";
import { createPubSub } from "../pubsub/create-pubsub.ts";
import { html } from "../template/html.ts";
import { LiveView } from "../view/live-view.ts";
import type { Session } from "../view/view-host.ts";

const user = (userId: number) => ({ userId }) as Session;

class Door extends LiveView {
  count = 0;
  login = this.event(async () => {
    await this.setSession(user(7));
    this.redirect("/home");
  });
  stay = this.event(async () => {
    await this.setSession(user(8));
  });
  go = this.event(async () => {
    await this.setSession(user(9));
    this.pushNavigate("/home");
  });
  logOut = this.event(async () => {
    await this.clearSession();
  });
  inc = this.event(() => {
    this.count++;
  });
  render() {
    return html`<p>${JSON.stringify(this.session)}</p><output>${this.count}</output>
      <button phx-click=${this.login}>Log in</button><button phx-click=${this.stay}>Stay</button>
      <button phx-click=${this.go}>Go</button><button phx-click=${this.logOut}>Log out</button>
      <button phx-click=${this.inc}>Count</button>`;
  }
}

class Home extends LiveView {
  render() {
    return html`<h1>Home</h1><p>${JSON.stringify(this.session)}</p>`;
  }
}

class Note extends LiveView {
  note = this.form(z.object({ text: z.string(), color: z.string(), big: z.boolean().optional() }));
  mount() {
    if (!Object.keys(this.session).length) this.redirect("/");
  }
  render() {
    const { text, color } = this.note.fields;
    return html`<form id="note" phx-change=${this.note.change}>
        <textarea ...${text.attributes}>${text.value}</textarea>
        <select ...${color.attributes}><option>red</option><option>blue</option></select>
        <input type="checkbox" name="big" value="true"><input type="password" name="secret">
      </form>
      <form id="plain"><input name="city"></form>
      <form id="never" phx-auto-recover="ignore"><input name="pin"></form>
      <output>${this.note.value.text}/${this.note.value.color}</output>`;
  }
}

let mayStay = true;
class Kept extends Note {
  static readonly guard = guard(() => mayStay, { otherwise: "/home" });
}

const views = { "/": Door, "/home": Home, "/note": Note, "/kept": Kept };
const press = (page: BrowserPage, name: string) => page.getByRole("button", { name, exact: true }).click();
const session = (page: BrowserPage) => page.locator("p").textContent();

describeBrowser("a session that a view sets", (browser) => {
  const pubsub = createPubSub();
  const served = serveViews(browser, views, {
    pubsub,
    identify: (session) => `user:${(session as { userId?: number }).userId}`,
  });
  /** A page without forms, which has not loaded the features that fetch a session. */
  const open = async () => {
    const page = await (await browser().newContext()).newPage();
    await page.goto(served.url());
    await page.locator(".phx-connected").waitFor();
    return page;
  };

  test("is in an HttpOnly cookie when the handler goes on, so that the next page has it", async () => {
    const page = await open();
    const before = await page.context().cookies();
    await press(page, "Log in");
    await page.waitForURL("**/home");
    expect(await session(page)).toBe('{"userId":7}');
    const cookies = await page.context().cookies();
    expect(cookies.map(({ name, httpOnly, sameSite }) => [name, httpOnly, sameSite]).sort()).toEqual([
      ["ow_session", true, "Lax"],
      ["ow_visitor", true, "Lax"],
    ]);
    const visitor = (all: typeof cookies) => all.find(({ name }) => name === "ow_visitor")?.value;
    expect(visitor(cookies)).not.toBe(visitor(before));
    await page.context().close();
  });

  test("stays over a lost connection without a load, and over a live navigation", async () => {
    const page = await open();
    await page.evaluate(() => Object.assign(window, { mark: 1 }));
    await press(page, "Count");
    await press(page, "Stay");
    await expect.poll(() => session(page)).toBe('{"userId":8}');
    served.cut();
    await press(page, "Count");
    await expect.poll(() => page.locator("output").textContent()).toBe("2");
    expect(await session(page)).toBe('{"userId":8}');
    await press(page, "Go");
    await page.locator("h1").waitFor();
    expect(await session(page)).toBe('{"userId":9}');
    expect(await page.evaluate(() => (window as { mark?: number }).mark)).toBe(1);
    await page.context().close();
  });

  test("ends in all tabs when one logs out, and this one goes on", async () => {
    const page = await open();
    await press(page, "Stay");
    await expect.poll(() => session(page)).toBe('{"userId":8}');
    const other = await page.context().newPage();
    await other.goto(served.url());
    await other.locator(".phx-connected").waitFor();
    expect(await session(other)).toBe('{"userId":8}');
    await press(page, "Count");
    await press(page, "Log out");
    await expect.poll(() => session(page)).toBe("{}");
    await expect.poll(() => session(other)).toBe("{}");
    expect(await page.locator("output").textContent()).toBe("1");
    const cookies = await page.context().cookies();
    expect(cookies.map(({ name }) => name)).toEqual(["ow_visitor"]);
    await page.context().close();
  });

  test("keeps the drafts of a page when it ends, until its address is opened again", async () => {
    const page = await open();
    await press(page, "Stay");
    await expect.poll(() => session(page)).toBe('{"userId":8}');
    const note = await page.context().newPage();
    await note.goto(served.url("/note"));
    await note.locator(".phx-connected").waitFor();
    await note.locator("select").selectOption("blue");
    await note.locator("textarea").fill("Dear Ada");
    await expect.poll(() => note.locator("output").textContent()).toBe("Dear Ada/blue");
    await note.locator("textarea").pressSequentially(", hello");
    await note.locator("[type=checkbox]").check();
    for (const name of ["city", "secret", "pin"]) await note.locator(`[name=${name}]`).fill(name);
    await press(page, "Log out");
    await note.waitForURL(served.url("/"));
    await press(page, "Stay");
    await expect.poll(() => session(page)).toBe('{"userId":8}');
    await note.goto(served.url("/note"));
    await expect.poll(() => note.locator("output").textContent()).toBe("Dear Ada, hello/blue");
    const value = (selector: string) => note.locator(selector).inputValue();
    expect([await value("textarea"), await value("[name=city]"), await value("select")]).toEqual([
      "Dear Ada, hello",
      "city",
      "blue",
    ]);
    expect(await note.locator("[type=checkbox]").isChecked()).toBe(true);
    expect([await value("[name=secret]"), await value("[name=pin]")]).toEqual(["", ""]);
    await note.goto(served.url("/note"));
    await note.locator(".phx-connected").waitFor();
    expect(await value("textarea")).toBe("");
    await page.context().close();
  });

  test("keeps the drafts of a page that a recheck sends elsewhere", async () => {
    const page = await open();
    await press(page, "Stay");
    await expect.poll(() => session(page)).toBe('{"userId":8}');
    const kept = await page.context().newPage();
    await kept.goto(served.url("/kept"));
    await kept.locator(".phx-connected").waitFor();
    await kept.locator("textarea").fill("Dear Ada");
    await kept.locator("[name=city]").fill("Paris");
    mayStay = false;
    served.app.recheck("user:8");
    await kept.waitForURL(served.url("/home"));
    mayStay = true;
    await kept.goto(served.url("/kept"));
    await expect.poll(() => kept.locator("output").textContent()).toBe("Dear Ada/red");
    expect(await kept.locator("[name=city]").inputValue()).toBe("Paris");
    await page.context().close();
  });

  test("is fetched from another node than the one of the socket", async () => {
    const other = createApp({ secret: "x".repeat(32), report: () => {}, pubsub });
    for (const [path, View] of Object.entries(views)) other.live(path, View);
    const { fetch } = served.app;
    let asked = 0;
    served.app.fetch = (request, env, context) => {
      if (request.method !== "POST") return fetch(request, env, context);
      asked++;
      return other.fetch(request, env, context);
    };
    const page = await open();
    await press(page, "Log in");
    await page.waitForURL("**/home");
    expect(await session(page)).toBe('{"userId":7}');
    expect(asked).toBe(1);
    served.app.fetch = fetch;
    await page.context().close();
  });
});
