/** Stores of sessions that fail, or never answer, while views and handlers change sessions. */
import { live, request } from "@overwire/testing";
import { afterEach, describe, expect, it, vi } from "vitest";
import { createApp } from "../app.ts";
import { memorySessions, type SessionStore } from "../http/session-store.ts";
import { createPubSub } from "../pubsub/create-pubsub.ts";
import type { Report } from "../runtime/services.ts";
import { html } from "../template/html.ts";
import { LiveView } from "../view/live-view.ts";
import type { SessionError } from "../view/session-error.ts";
import type { Session } from "../view/view-host.ts";

const user = (userId: number) => ({ userId }) as Session;
const away = async () => {
  throw new Error("the store is away");
};

class Page extends LiveView {
  result = "";
  login = this.event(() => this.#note(this.setSession(user(7))));
  logOut = this.event(() => this.#note(this.clearSession()));
  async #note(change: Promise<void>) {
    this.result = await change.then(
      () => "done",
      (error: SessionError) => `${error.code}: ${error.message}`,
    );
  }
  render() {
    return html`<p>${JSON.stringify(this.session)}</p><b>${this.result}</b>`;
  }
}

/** Two nodes with one store. */
function makeApps() {
  const inner = memorySessions();
  const set = vi.fn(inner.set);
  const store = {
    set,
    get: vi.fn(inner.get),
    touch: vi.fn(inner.touch),
    delete: vi.fn(inner.delete),
  } satisfies SessionStore;
  const reports: Report[] = [];
  const pubsub = createPubSub();
  const make = () => {
    const app = createApp({
      secret: "s".repeat(32),
      pubsub,
      session: { store },
      report: (report) => void reports.push(report),
    });
    app.live("/", Page);
    app.get("/session", async (c) => c.json(await app.getSession(c)));
    app.post("/login", async (c) => {
      await app.setSession(c, user(9));
      return c.text("in");
    });
    app.post("/logout", async (c) => {
      await app.clearSession(c);
      return c.text("out");
    });
    return app;
  };
  return { app: make(), other: make(), store, inner, reports };
}

const cookiesOf = (answer: Response) =>
  answer.headers
    .getSetCookie()
    .filter((cookie) => !cookie.includes("Max-Age=0"))
    .map((cookie) => cookie.split(";", 1)[0])
    .join("; ");
const read = async (app: ReturnType<typeof createApp>, cookie: string) =>
  (await app.request("/session", { headers: { cookie } })).json();
const failure = { kind: "crash", event: "session", error: { message: "the store is away" } };

afterEach(() => {
  vi.useRealTimers();
});

describe("a store that cannot delete", () => {
  it("holds no log-out of a view back: other tabs end, and the page goes on", async () => {
    const { app, store, reports } = makeApps();
    const visitor = request(app);
    await visitor.post("/login");
    const [view, tab] = [await live(visitor, "/"), await live(visitor, "/")];
    store.delete.mockImplementation(away);
    await view.event("logOut");
    expect([view.text("b"), view.text("p")]).toEqual(["done", "{}"]);
    await tab.assertRedirect("/");
    expect((await visitor.get("/")).session()).toEqual({});
    expect(reports).toMatchObject([failure]);
  });

  it("holds no session of a view back", async () => {
    const { app, store, reports } = makeApps();
    const view = await live(app, "/");
    await view.event("login");
    store.delete.mockImplementation(away);
    await view.event("login");
    expect([view.text("b"), view.text("p")]).toEqual(["done", '{"userId":7}']);
    // Of the session before, and of the visitor's before that.
    expect(reports).toMatchObject([failure, failure]);
  });

  it("holds no log-out of a handler back, and its cookies count on no node", async () => {
    const { app, other, store, reports } = makeApps();
    // Nodes hear of each other's log-outs once they have clients.
    await live(other, "/");
    const cookie = cookiesOf(await app.request("/login", { method: "POST" }));
    expect(await read(other, cookie)).toEqual({ userId: 9 });
    store.delete.mockImplementation(away);
    const out = await app.request("/logout", { method: "POST", headers: { cookie } });
    expect([out.status, cookiesOf(out)]).toEqual([200, expect.stringMatching(/^ow_visitor=[\w-]{22}$/)]);
    expect([await read(app, cookie), await read(other, cookie)]).toEqual([{}, {}]);
    const again = await app.request("/login", {
      method: "POST",
      headers: { cookie: cookiesOf(await app.request("/login", { method: "POST" })) },
    });
    expect(again.status).toBe(200);
    expect(await read(app, cookiesOf(again))).toEqual({ userId: 9 });
    expect(reports).toMatchObject([failure, failure]);
  });
});

it("a store that cannot set leaves the session as it is", async () => {
  const { app, store } = makeApps();
  const view = await live(app, "/");
  await view.event("login");
  store.set.mockImplementation(away);
  await view.event("login");
  expect([view.text("b"), view.text("p")]).toEqual(["undefined: the store is away", '{"userId":7}']);
});
