/** Stores of sessions that fail, or never answer, while views and handlers change sessions. */
import { openSocket, tokensOf } from "@overwire/test-support/fake-socket";
import { eventFrame, joinFrame } from "@overwire/test-support/frames";
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

describe("a store that never answers", () => {
  const hanging = () => new Promise<never>(() => {});
  const tooLate = "no_answer: The store of sessions did not answer within 10 s.";
  const fakeTime = () => vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });

  it("has setSession fail in the time of a ticket, and later ones go on", async () => {
    const { app, store, inner } = makeApps();
    const view = await live(app, "/");
    let setLate = () => {};
    store.set.mockImplementationOnce(
      (...row) =>
        new Promise((resolve) => {
          setLate = () => resolve(inner.set(...row));
        }),
    );
    fakeTime();
    const login = view.event("login");
    await vi.advanceTimersByTimeAsync(10_000);
    await login;
    vi.useRealTimers();
    expect([view.text("b"), view.text("p")]).toEqual([tooLate, "{}"]);
    // A session that was set too late is deleted.
    setLate();
    const [id = ""] = store.set.mock.calls[0] ?? [];
    await vi.waitFor(() => expect(store.delete).toHaveBeenCalledWith(id));
    await view.event("login");
    expect([view.text("b"), view.text("p")]).toEqual(["done", '{"userId":7}']);
  });

  it("leaves the page what is left of the time", async () => {
    const { app, store, inner } = makeApps();
    const line = openSocket(app);
    const [token] = await tokensOf(app, "/");
    await line.ask(joinFrame(1, token));
    fakeTime();
    store.set.mockImplementationOnce(async (...row) => {
      await new Promise((resolve) => setTimeout(resolve, 6000));
      return inner.set(...row);
    });
    line.send(eventFrame(1, 1, "login"));
    await vi.waitFor(() => expect(store.set).toHaveBeenCalled());
    await vi.advanceTimersByTimeAsync(6000);
    await vi.waitFor(() => expect(line.peer.frames).not.toEqual([]));
    expect(line.peer.take().map((frame) => frame[5])).toMatchObject([
      { n: ["s", "/overwire/session", 0, expect.any(String)] },
    ]);
    await vi.advanceTimersByTimeAsync(4000);
    expect(JSON.stringify(line.peer.take())).toContain("not_fetched");
  });

  it("holds neither a view that has ended, nor the page's other views", async () => {
    const { app, store } = makeApps();
    const line = openSocket(app);
    for (const view of [1, 2]) {
      const [token] = await tokensOf(app, "/");
      await line.ask(joinFrame(view, token));
    }
    store.set.mockImplementationOnce(hanging);
    line.send(eventFrame(1, 1, "login"));
    await vi.waitFor(() => expect(store.set).toHaveBeenCalled());
    line.send(["l", 1]);
    const [frame] = await line.ask(eventFrame(2, 1, "login"));
    expect(frame?.[5]).toMatchObject({ n: ["s", "/overwire/session", 0, expect.any(String)] });
  });

  it("holds no log-out back: other tabs end at once, and the deletion is given up", async () => {
    const { app, store, reports } = makeApps();
    const visitor = request(app);
    await visitor.post("/login");
    const [view, tab] = [await live(visitor, "/"), await live(visitor, "/")];
    store.delete.mockImplementation(hanging);
    fakeTime();
    const logOut = view.event("logOut");
    await vi.waitFor(() => expect(store.delete).toHaveBeenCalled());
    await tab.assertRedirect("/");
    await vi.advanceTimersByTimeAsync(10_000);
    await logOut;
    expect([view.text("b"), view.text("p")]).toEqual(["done", "{}"]);
    expect(reports).toMatchObject([{ kind: "crash", event: "session", error: { code: "no_answer" } }]);
  });
});
