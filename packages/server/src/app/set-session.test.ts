/** Sessions that views set, over the whole way: a ticket, the page's request for its cookies, and what sees them afterwards. */
import { deferred } from "@overwire/test-support/deferred";
import { connect, live, request, type Visitor } from "@overwire/testing";
import { afterEach, describe, expect, it, vi } from "vitest";
import { createApp } from "../app.ts";
import { Channel } from "../channel/channel.ts";
import { memorySessions, type SessionStore } from "../http/session-store.ts";
import { html } from "../template/html.ts";
import { LiveComponent } from "../view/live-component.ts";
import { LiveView } from "../view/live-view.ts";
import type { SessionError } from "../view/session-error.ts";
import type { Session } from "../view/view-host.ts";

const user = (userId: number) => ({ userId }) as Session;
const shown = (session: Session) => JSON.stringify(session);

class Login extends LiveView {
  done = "";
  login = this.event(async () => {
    await this.setSession(user(7));
    this.done = shown(this.session);
  });
  enter = this.event(async () => {
    await this.setSession(user(7));
    this.putFlash("info", "Welcome");
    this.redirect("/home");
  });
  go = this.event(async () => {
    await this.setSession(user(7));
    this.pushNavigate("/home");
  });
  logOut = this.event(async () => {
    await this.clearSession();
    this.done = shown(this.session);
  });
  render() {
    return html`<p>${shown(this.session)}</p><b>${this.done}</b>
      <button phx-click=${this.login}>Log in</button><button phx-click=${this.enter}>Enter</button>
      <button phx-click=${this.go}>Go</button><button phx-click=${this.logOut}>Log out</button>`;
  }
}

class Home extends LiveView {
  render() {
    return html`<h1>Home</h1><p>${shown(this.session)}</p><i>${this.flash.info ?? ""}</i>`;
  }
}

function makeApp() {
  const app = createApp({ secret: "s".repeat(32), report: () => {} });
  app.live("/", Login);
  app.live("/home", Home);
  return { app };
}

describe("a session that was read", () => {
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  class Assigning extends LiveView {
    said = "";
    assign = this.event(() => this.#try(() => Object.assign(this.session, user(8))));
    add = this.event(() => this.#try(() => Object.assign(this.session, { cartId: 8 })));
    forget = this.event(() => this.#try(() => Reflect.deleteProperty(this.session, "userId")));
    again = this.event(async () => {
      await this.setSession({ ...this.session, ...user(9) });
      await this.setSession(this.session);
    });
    #try(run: () => unknown) {
      try {
        run();
        this.said = "done";
      } catch (error) {
        this.said = `${(error as SessionError).code}: ${(error as Error).message}`;
      }
    }
    render() {
      return html`<p>${shown(this.session)}</p><b>${this.said}</b>
        <button phx-click=${this.assign}>Assign</button><button phx-click=${this.add}>Add</button>
        <button phx-click=${this.forget}>Forget</button><button phx-click=${this.again}>Again</button>`;
    }
  }

  it.each([{}, { session: user(7) }])(
    "cannot be assigned to, and says what to write instead: %o",
    async (options) => {
      const view = await live(Assigning, options);
      for (const [button, name] of [
        ["Assign", "userId"],
        ["Add", "cartId"],
        ["Forget", "userId"],
      ] as const) {
        await view.element("button", button).click();
        expect(view.text("b")).toContain(`read_only: session.${name} was changed`);
        expect(view.text("b")).toContain(`await this.setSession({ ...this.session, ${name}: value })`);
      }
      expect(view.text("p")).toBe(shown(options.session ?? ({} as Session)));
    },
  );

  it("can be set again, as a whole or with changes", async () => {
    const view = await live(Assigning, { session: user(7) });
    await view.element("button", "Again").click();
    expect(view.text("p")).toBe('{"userId":9}');
  });

  it("is read-only in a handler too", async () => {
    const { app } = makeApp();
    app.get("/assign", async (c) => {
      Object.assign(await app.getSession(c), { userId: 7 });
      return c.text("no");
    });
    await expect(request(app).get("/assign")).rejects.toMatchObject({ cause: { code: "read_only" } });
  });

  it("is the object itself in production", async () => {
    vi.stubEnv("NODE_ENV", "production");
    const given = user(7);
    const app = createApp({
      secret: "qT7vLz2RkXw9BnD4sHf6YgJ1mCpA8uEo",
      report: () => {},
      session: () => given,
    });
    let found: unknown;
    app.get("/own", async (c) => {
      found = await app.getSession(c);
      return c.text("ok");
    });
    await app.request("/own");
    expect(found).toBe(given);
  });
});

describe("this.setSession", () => {
  it("goes on when the page has the cookie, with the new session", async () => {
    const { app } = makeApp();
    const view = await live(app, "/");
    expect(view.text("p")).toBe("{}");
    await view.element("button", "Log in").click();
    expect(view.text("b")).toBe('{"userId":7}');
    expect(view.text("p")).toBe('{"userId":7}');
  });

  it("is in the page that is loaded next, with its flash", async () => {
    const { app } = makeApp();
    const view = await live(app, "/");
    await view.element("button", "Enter").click();
    const next = await view.followRedirect("/home");
    expect(next.text("p")).toBe('{"userId":7}');
    expect(next.text("i")).toBe("Welcome");
  });

  it("is in the view that the page goes to over its socket", async () => {
    const { app } = makeApp();
    const view = await live(app, "/");
    await view.element("button", "Go").click();
    expect(view.text("h1")).toBe("Home");
    expect(view.text("p")).toBe('{"userId":7}');
  });

  it("takes the place of the session that the test began with", async () => {
    const { app } = makeApp();
    const view = await live(app, "/", { session: user(3) });
    expect(view.text("p")).toBe('{"userId":3}');
    await view.element("button", "Enter").click();
    expect((await view.followRedirect("/home")).text("p")).toBe('{"userId":7}');
  });

  it("works in a view without an app around it", async () => {
    const view = await live(Login);
    await view.element("button", "Log in").click();
    expect(view.text("b")).toBe('{"userId":7}');
  });

  it("lets the view be resumed after a lost connection, and mounted anew", async () => {
    const { app } = makeApp();
    const view = await live(app, "/");
    const { instance } = view;
    await view.element("button", "Log in").click();
    await view.disconnect();
    await view.reconnect();
    expect(view.instance).toBe(instance);
    expect(view.text("b")).toBe('{"userId":7}');
    await view.disconnect({ resume: false });
    await view.reconnect();
    expect(view.instance).not.toBe(instance);
    expect(view.text("p")).toBe('{"userId":7}');
  });

  it("runs one after the other, and the last one counts", async () => {
    class Twice extends LiveView {
      both = this.event(async () => {
        await Promise.all([this.setSession(user(1)), this.setSession(user(2))]);
        this.redirect("/home");
      });
      render() {
        return html`<button phx-click=${this.both}>Both</button>`;
      }
    }
    const { app } = makeApp();
    app.live("/twice", Twice);
    const view = await live(app, "/twice");
    await view.element("button").click();
    expect((await view.followRedirect("/home")).text("p")).toBe('{"userId":2}');
  });

  it("works from a component, from a nested view and from a message, for all views of the page", async () => {
    class Part extends LiveComponent {
      login = this.event(() => this.setSession(user(1)));
      render() {
        return html`<button id="part" phx-click=${this.login}>${shown(this.session)}</button>`;
      }
    }
    class Nested extends LiveView {
      login = this.event(() => this.setSession(user(2)));
      look = this.event(() => {});
      render() {
        return html`<button id="nested" phx-click=${this.login}>${shown(this.session)}</button><i phx-click=${this.look}></i>`;
      }
    }
    class Around extends LiveView {
      look = this.event(() => {});
      later = this.event(() => this.send("login"));
      override async handleInfo() {
        await this.setSession(user(3));
      }
      render() {
        return html`<p phx-click=${this.look}>${shown(this.session)}</p><${Part} id="a" />
          <b phx-click=${this.later}></b><${Nested} id="inner" session=${{ theme: "dark" }} />`;
      }
    }
    const { app } = makeApp();
    app.liveSession({ session: { area: "shop" } as object }, (app) => app.live("/around", Around));
    const view = await live(app, "/around");
    await view.element("#part").click();
    expect(view.text("#part")).toBe('{"userId":1,"area":"shop"}');
    await view.element("i").click();
    expect(view.text("#nested")).toBe('{"userId":1,"area":"shop","theme":"dark"}');
    await view.element("#nested").click();
    expect(view.text("#nested")).toBe('{"userId":2,"area":"shop","theme":"dark"}');
    await view.element("p").click();
    expect(view.text("p")).toBe('{"userId":2,"area":"shop"}');
    await view.element("b").click();
    await view.settled();
    expect(view.text("p")).toBe('{"userId":3,"area":"shop"}');
  });

  it("goes on in a sticky view, over navigation, with nested views to be asked afterwards", async () => {
    class Bar extends LiveView {
      login = this.event(() => this.setSession(user(4)));
      render() {
        return html`<button id="bar" phx-click=${this.login}>${shown(this.session)}</button>`;
      }
    }
    class One extends LiveView {
      go = this.event(() => this.pushNavigate("/two"));
      render() {
        return html`<${Bar} id="sticky" sticky /><i phx-click=${this.go}></i><p>${shown(this.session)}</p>`;
      }
    }
    class Two extends LiveView {
      look = this.event(() => {});
      render() {
        return html`<h1 phx-click=${this.look}>Two</h1><${Bar} id="sticky" sticky /><p>${shown(this.session)}</p>`;
      }
    }
    const { app } = makeApp();
    app.live("/one", One);
    app.live("/two", Two);
    const view = await live(app, "/one");
    await view.element("i").click();
    await view.child("sticky").element("button").click();
    expect(view.child("sticky").text("button")).toBe('{"userId":4}');
    await view.element("h1").click();
    expect(view.text("p")).toBe('{"userId":4}');
    await view.disconnect();
    await view.reconnect();
    await view.child("sticky").element("button").click();
    expect(view.text("p")).toBe('{"userId":4}');
  });

  it("renders the other views of the page, and components of them", async () => {
    class Part extends LiveComponent {
      render() {
        return html`<i>${shown(this.session)}</i>`;
      }
    }
    class Nested extends LiveView {
      login = this.event(() => this.setSession(user(2)));
      render() {
        return html`<button id="nested" phx-click=${this.login}>${shown(this.session)}</button>`;
      }
    }
    class Around extends LiveView {
      login = this.event(() => this.setSession(user(3)));
      render() {
        return html`<p phx-click=${this.login}>${shown(this.session)}</p><${Part} id="part" /><${Nested} id="inner" />`;
      }
    }
    const { app } = makeApp();
    app.live("/around", Around);
    const view = await live(app, "/around");
    await view.element("#nested").click();
    await view.settled();
    expect([view.text("p"), view.text("#nested")]).toEqual(['{"userId":2}', '{"userId":2}']);
    await view.element("p").click();
    await view.settled();
    expect([view.text("p"), view.text("#nested")]).toEqual(['{"userId":3}', '{"userId":3}']);
    expect(view.text("i")).toBe('{"userId":3}');
  });

  it("waits for a page that has lost its connection while the event ran", async () => {
    const [begun, go] = [deferred(), deferred()];
    class Slow extends LiveView {
      login = this.event(async () => {
        begun.resolve();
        await go.promise;
        await this.setSession(user(7));
      });
      render() {
        return html`<button phx-click=${this.login}>${shown(this.session)}</button>`;
      }
    }
    const { app } = makeApp();
    app.live("/slow", Slow);
    const view = await live(app, "/slow");
    const { instance } = view;
    const clicked = view.element("button").click();
    await begun.promise;
    await view.disconnect();
    go.resolve();
    await view.reconnect();
    await clicked;
    await view.settled();
    expect(view.instance).toBe(instance);
    expect(view.text("button")).toBe('{"userId":7}');
  });

  it("says that it is to be awaited before the view redirects", async () => {
    let error: Promise<unknown> | undefined;
    class Hasty extends LiveView {
      login = this.event(() => {
        error = this.setSession(user(7)).catch((error: unknown) => error);
        this.redirect("/home");
      });
      render() {
        return html`<button phx-click=${this.login}></button>`;
      }
    }
    const { app } = makeApp();
    app.live("/hasty", Hasty);
    const view = await live(app, "/hasty");
    await view.element("button").click();
    await view.followRedirect("/home");
    expect(String(await error)).toContain("Await it before the view redirects.");
  });

  it("goes with the visitor's flash that a live patch has", async () => {
    class Patching extends LiveView {
      go = this.event(async () => {
        await this.setSession(user(7));
        this.putFlash("info", "Here");
        this.pushPatch("/patching?x=1");
      });
      render() {
        return html`<button phx-click=${this.go}>${this.flash.info}</button>`;
      }
    }
    const { app } = makeApp();
    app.live("/patching", Patching);
    const view = await live(app, "/patching");
    await view.element("button").click();
    expect([view.text("button"), view.url()]).toEqual(["Here", "/patching?x=1"]);
  });
});

describe("this.setSession refuses", () => {
  /** Has a view call it at a moment, and gets the error. */
  async function refusal(View: new (tell: never) => LiveView) {
    const view = await live(View as unknown as new () => LiveView);
    await view.element("button").click();
    return view;
  }

  it("in a field, in mount and in handleParams of a painted page, and while it renders", async () => {
    const errors: Promise<string>[] = [];
    const note = (promise: Promise<void>) =>
      void errors.push(
        promise.then(
          () => "no error",
          (error: SessionError) => `${error.code}: ${error.message}`,
        ),
      );
    let isAsked = false;
    class Early extends LiveView {
      field = note(this.setSession(user(1)));
      ask = this.event(() => {
        isAsked = true;
      });
      override mount() {
        if (!this.connected) note(this.setSession(user(1)));
      }
      override handleParams() {
        note(this.clearSession());
      }
      override terminate() {
        note(this.setSession(user(1)));
      }
      render() {
        if (isAsked) note(this.setSession(user(1)));
        isAsked = false;
        return html`<button phx-click=${this.ask}></button>`;
      }
    }
    const view = await refusal(Early);
    await view.close();
    const all = await Promise.all(errors);
    expect(all.map((error) => error.split(":", 1)[0])).toEqual([
      "no_client",
      "no_client",
      "no_client",
      "in_render",
      "no_client",
    ]);
    expect(all[1]).toContain("Early called setSession, but has no page now that could get the cookies.");
    expect(all[2]).toContain("app.clearSession(c)");
  });

  it("data that is no object, or does not fit into a cookie, and the session stays", async () => {
    class Wrong extends LiveView {
      error = "";
      try = this.event(async ({ size }) => {
        const data = size ? { text: "x".repeat(Number(size)) } : (null as unknown);
        await this.setSession(data as Session).catch((error: Error) => {
          this.error = `${error.name}: ${error.message}`;
        });
      });
      render() {
        return html`<p>${this.error}</p><i>${shown(this.session)}</i>`;
      }
    }
    const view = await live(Wrong, { session: user(3) });
    await view.event("try", { size: 4000 });
    expect(view.text("p")).toMatch(/^RangeError: The session makes a cookie of \d+ bytes/);
    await view.event("try", { size: 0 });
    expect(view.text("p")).toMatch(/^TypeError: A session is an object of values, but it is null/);
    expect(view.text("i")).toBe('{"userId":3}');
  });

  it("for an app whose sessions are its own", async () => {
    class Own extends LiveView {
      set = this.event(() => this.setSession(user(1)));
      clear = this.event(() => this.clearSession());
      render() {
        return html`<p></p>`;
      }
    }
    const app = createApp({ secret: "s".repeat(32), session: () => user(9), report: () => {} });
    app.live("/", Own);
    const view = await live(app, "/");
    await expect(view.event("set")).rejects.toThrow("but createApp was given a session function");
    const again = await live(app, "/");
    await expect(again.event("clear")).rejects.toThrow("clearSession writes Overwire's cookie");
  });
});

describe("this.clearSession", () => {
  it("ends the session, and all other views of it", async () => {
    const { app } = makeApp();
    const view = await live(app, "/");
    await view.element("button", "Log in").click();
    await view.element("button", "Log out").click();
    expect(view.text("b")).toBe("{}");
    expect(view.text("p")).toBe("{}");
    await view.element("button", "Go").click();
    expect(view.text("p")).toBe('{"userId":7}');
  });
});

describe("another tab of the browser", () => {
  const newest = async (visitor: Visitor) => (await visitor.get("/home")).session();

  it.each([{ session: user(3) }, undefined])(
    "sets the session after the first has, from %j",
    async (options) => {
      const visitor = request(makeApp().app, options);
      const tabs = [await live(visitor, "/"), await live(visitor, "/"), await live(visitor, "/")] as const;
      for (const tab of [...tabs, ...tabs]) {
        await tab.element("button", "Log in").click();
        expect(tab.text("b")).toBe('{"userId":7}');
      }
      expect(await newest(visitor)).toEqual(user(7));
    },
  );

  it.each([{ session: user(3) }, undefined])(
    "logs out the session that the first has set, from %j",
    async (options) => {
      const visitor = request(makeApp().app, options);
      const [one, two, three] = [
        await live(visitor, "/"),
        await live(visitor, "/"),
        await live(visitor, "/"),
      ];
      await one.element("button", "Log in").click();
      await two.element("button", "Log out").click();
      expect(two.text("b")).toBe("{}");
      expect(await newest(visitor)).toEqual({});
      await one.assertRedirect("/");
      await three.assertRedirect("/");
    },
  );

  it("does so after a handler has set the session", async () => {
    const { app } = makeApp();
    app.post("/switch", async (c) => {
      await app.setSession(c, user(9));
      return c.body(null);
    });
    const visitor = request(app, { session: user(3) });
    const [one, two] = [await live(visitor, "/"), await live(visitor, "/")];
    await visitor.post("/switch");
    await one.element("button", "Log in").click();
    expect(await newest(visitor)).toEqual(user(7));
    await two.element("button", "Log out").click();
    expect(await newest(visitor)).toEqual({});
  });

  it("leaves no session in the store that was replaced", async () => {
    const rows = new Set<string>();
    const inner = memorySessions();
    const store: SessionStore = {
      ...inner,
      get: (id) => inner.get(id),
      touch: (id, seconds) => inner.touch(id, seconds),
      set: (id, ...rest) => {
        rows.add(id);
        return inner.set(id, ...rest);
      },
      delete: (id) => {
        rows.delete(id);
        return inner.delete(id);
      },
    };
    const app = createApp({ session: { store } });
    app.live("/", Login);
    app.live("/home", Home);
    const visitor = request(app);
    const [one, two] = [await live(visitor, "/"), await live(visitor, "/")];
    await one.element("button", "Log in").click();
    await two.element("button", "Log in").click();
    expect(rows.size).toBe(1);
    await one.element("button", "Log out").click();
    expect(rows.size).toBe(0);
  });
});

describe("channels of a session", () => {
  const reasons: string[] = [];
  class Room extends Channel {
    join() {
      return { session: shown(this.session) };
    }
    override terminate(reason: string) {
      reasons.push(`${shown(this.session)} ${reason}`);
    }
  }

  function withChannels() {
    const { app } = makeApp();
    app.channels("/socket", { connect: () => ({}) }, (socket) => void socket.channel("room", Room));
    app.post("/login", async (c) => {
      await app.setSession(c, user(7));
      return c.text("in");
    });
    return app;
  }

  it("end when a view of the same browser logs out", async () => {
    const visitor = request(withChannels());
    await visitor.post("/login");
    const view = await live(visitor, "/");
    const socket = await connect(visitor, "/socket");
    const room = await socket.subscribeAndJoin("room");
    expect(room.reply).toEqual({ session: '{"userId":7}' });
    await view.element("button", "Log out").click();
    await expect.poll(() => reasons).toEqual(['{"userId":7} disconnected']);
    expect((await visitor.get("/home")).html()).toContain("<p>{}</p>");
    await socket.close();
  });
});
