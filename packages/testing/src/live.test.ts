/** Opening pages, and what a driver tells of them. */
import { createApp, html, LiveView } from "@overwire/server";
import { getByRole, getByText } from "@testing-library/dom";
import { expect, test, vi } from "vitest";
import { z } from "zod";
import { live } from "./index.ts";

declare module "@overwire/server" {
  interface Session {
    person?: string;
  }
}

class Counter extends LiveView {
  count = 0;
  inc = this.event(() => {
    this.count++;
  });
  add = this.event(z.object({ by: z.coerce.number().int() }), ({ by }) => {
    this.count += by;
  });
  fail = this.event(() => {
    throw new Error("no more");
  });
  slow = this.event(async () => {
    await new Promise((resolve) => setImmediate(resolve));
    this.count = 100;
  });
  later = this.event(() => {
    this.send("later");
  });
  override async handleInfo() {
    await new Promise((resolve) => setImmediate(resolve));
    this.count = 50;
  }
  render() {
    return html`
      <h1>Count: ${this.count}</h1>
      <button phx-click=${this.inc}>+</button>
      <button phx-click=${this.add({ by: 10 })}>+10</button>
      <button phx-click="add" phx-value-by="5">+5</button>
      <button phx-click=${this.add({ by: "many" })}>wrong</button>
      <button phx-click=${this.fail}>fail</button>
      <button phx-click=${this.slow}>slow</button>
      <button phx-click=${this.later}>later</button>
      <button phx-click="missing">missing</button>`;
  }
}

test("the first test of the README", async () => {
  const view = await live(Counter);
  expect(await view.element("button", "+").click()).toContain("Count: 1");
  expect(view.hasElement("h1", "Count: 1")).toBe(true);
});

test("a driver shows the page, and the view behind it", async () => {
  const view = await live(Counter);
  expect(view.text("h1")).toBe("Count: 0");
  expect(view.text()).toContain("Count: 0 + +10 +5");
  expect(view.html()).toMatch(/^<h1>Count: 0<\/h1> <button phx-click="inc">/);
  expect(view.url()).toBe("/");
  expect(view.instance.count).toBe(0);
  await view.element("button", "+10").click();
  expect(view.instance.count).toBe(10);
  await view.close();
});

test("Testing Library's queries work on the container", async () => {
  const view = await live(Counter);
  expect(getByRole(view.container, "heading").textContent).toBe("Count: 0");
  getByText(view.container, "+5").click();
  await view.settled();
  expect(getByRole(view.container, "heading").textContent).toBe("Count: 5");
});

test("an action waits for its handler, settled for all the rest", async () => {
  const view = await live(Counter);
  expect(await view.element("button", "slow").click()).toContain("Count: 100");
  expect(await view.element("button", "later").click()).toContain("Count: 100");
  expect(await view.settled()).toContain("Count: 50");
});

test("an action rejects with what its handler threw, and the client mounts the view again", async () => {
  const view = await live(Counter);
  await view.element("button", "+").click();
  const failure = await view
    .element("button", "fail")
    .click()
    .catch((error: unknown) => error);
  expect(String(failure)).toBe(
    'Error: Counter crashed in fail, at click on "button" with text "fail": no more',
  );
  expect((failure as Error).cause).toEqual(new Error("no more"));
  expect(await view.settled()).toContain("Count: 0");
  expect(await view.element("button", "+").click()).toContain("Count: 1");
});

test("an action rejects if the view refuses its event, and nothing else happens", async () => {
  const view = await live(Counter);
  await view.element("button", "+").click();
  await expect(view.element("button", "wrong").click()).rejects.toThrow(
    /Counter refused an event, at click on "button" with text "wrong": .*"add".*by: /,
  );
  await expect(view.element("button", "missing").click()).rejects.toThrow(
    /Counter declares no event "missing"/,
  );
  expect(await view.element("button", "+").click()).toContain("Count: 2");
});

test("a lost connection comes back to the view that waited for it", async () => {
  const view = await live(Counter);
  await view.element("button", "+").click();
  const { instance } = view;
  await view.disconnect();
  expect(view.text("h1")).toBe("Count: 1");
  expect(view.container.className).toContain("phx-client-error");
  expect(await view.reconnect()).toContain("Count: 1");
  expect(view.instance).toBe(instance);
  expect(view.container.className).toBe("phx-connected");
  expect(await view.element("button", "+").click()).toContain("Count: 2");
});

test("a connection that is lost for good comes back with a fresh view", async () => {
  const view = await live(Counter);
  await view.element("button", "+").click();
  await view.disconnect({ resume: false });
  expect(view.text("h1")).toBe("Count: 1");
  expect(await view.reconnect()).toContain("Count: 0");
});

test("several views on one app talk to each other", async () => {
  class Room extends LiveView {
    said: unknown[] = [];
    override mount() {
      this.subscribe("room", (text) => void this.said.push(text));
    }
    say = this.event(z.object({ text: z.string() }), ({ text }) => this.publish("room", text));
    render() {
      return html`<form phx-submit=${this.say}><input name="text"></form><p>${this.said.join(", ")}</p>`;
    }
  }
  const app = createApp({ secret: "s".repeat(32) });
  app.live("/room", Room);
  const ann = await live(app, "/room");
  const bob = await live(app, "/room");
  await ann.form("form", { text: "hello" }).submit();
  await bob.form("form", { text: "hi" }).submit();
  await ann.settled();
  expect(ann.text("p")).toBe("hello, hi");
  expect(bob.text("p")).toBe("hello, hi");
  await ann.close();
  await bob.close();
});

test("options of mounting a view", async () => {
  class Profile extends LiveView<"/users/:id"> {
    override pageTitle = `User ${this.params.id}`;
    render() {
      return html`<p>${this.params.id} ${this.params.tab} ${this.session.person} ${this.url.pathname}</p>`;
    }
  }
  const alone = await live(Profile, {
    params: { id: "7", tab: "posts" },
    session: { person: "ann" },
    url: "/users/7",
  });
  expect(alone.text()).toBe("7 posts ann /users/7");
  expect(alone.title()).toBe("User 7");

  const app = createApp({ secret: "s".repeat(32) });
  app.use(async (c, next) => (c.req.header("x-blocked") ? c.text("no entry", 403) : next()));
  app.get("/old", (c) => c.redirect("/users/1"));
  app.get("/plain", (c) => c.text("no view here"));
  app.live("/users/:id", Profile);
  const page = await live(app, "/users/8?tab=likes", { session: { person: "bob" } });
  expect(page.text()).toBe("8 likes bob /users/8");
  expect(page.url()).toBe("/users/8?tab=likes");
  await page.disconnect();
  await page.reconnect();
  expect(page.text()).toBe("8 likes bob /users/8");

  await expect(live(app, "/users/8", { headers: { "x-blocked": "1" } })).rejects.toThrow(
    "GET /users/8 answered 403:\n\n    no entry",
  );
  await expect(live(app, "/nowhere")).rejects.toThrow("GET /nowhere answered 404");
  await expect(live(app, "/old")).rejects.toThrow("GET /old answered 302 and redirects to /users/1.");
  await expect(live(app, "/plain")).rejects.toThrow(
    "GET /plain answered with a page that holds no live view:\n\n    no view here",
  );
});

test("a view that throws while it mounts fails the test with its own error", async () => {
  class Broken extends LiveView {
    override mount() {
      throw new Error("no database");
    }
    render() {
      return html`<p></p>`;
    }
  }
  await expect(live(Broken)).rejects.toThrow("no database");
});

test("an action that is not waited for goes on beside the next one", async () => {
  const answers: (() => void)[] = [];
  class Search extends LiveView {
    shown = "";
    find = this.event(
      z.object({ q: z.string() }),
      async ({ q }, { wanted }) => {
        await wanted(new Promise<void>((answer) => answers.push(answer)));
        this.shown = q;
      },
      { overlap: "latest" },
    );
    render() {
      return html`<form phx-change=${this.find}><input name="q"></form><p>${this.shown}</p>`;
    }
  }
  const view = await live(Search);
  const first = view.form("form", { q: "a" }).change();
  const second = view.form("form", { q: "ab" }).change();
  await vi.waitUntil(() => answers.length === 2);
  for (const answer of answers) answer();
  expect(await second).toContain("<p>ab</p>");
  expect(await first).toContain("<p>ab</p>");
});

test("settled tells of a view that crashes meanwhile", async () => {
  let fail = (_: Error) => {};
  class Report extends LiveView {
    load = this.event(() => {
      this.startAsync("figures", () => new Promise((_, reject) => (fail = reject)));
    });
    override handleAsync(_key: unknown, result: { ok: boolean; error?: Error }) {
      if (!result.ok) throw result.error;
    }
    render() {
      return html`<button phx-click=${this.load}>load</button>`;
    }
  }
  const view = await live(Report);
  await view.element("button").click();
  const settled = view.settled();
  fail(new Error("no figures"));
  await expect(settled).rejects.toThrow(/Report crashed in handleAsync.*no figures/);
});
