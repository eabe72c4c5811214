/**
 * Redirects of a view's page, without HTTP or sockets: live patches, navigation, and the flash that goes
 * along.
 */
import { createProcess, type ProcessOptions } from "@overwire/test-support/view-process";
import { expect, test } from "vitest";
import { html } from "../template/html.ts";
import { halt } from "../view/lifecycle-hooks.ts";
import { LiveView, type OnMount } from "../view/live-view.ts";
import type { EndReason } from "../view/view-host.ts";

/** A view whose pages are `/posts` and below. */
const open = <View extends LiveView>(View: new () => View, more: ProcessOptions = {}) =>
  createProcess(View, {
    url: new URL("http://localhost/posts?page=1"),
    params: { page: "1" },
    resolve: ({ pathname, searchParams }) =>
      pathname.startsWith("/posts") ? Object.fromEntries(searchParams) : undefined,
    createFlashToken: (flash) => JSON.stringify(flash),
    ...more,
  });

class Posts extends LiveView {
  seen: string[] = [];
  handleParams(): void | Promise<void> {
    this.seen.push(String(this.params["page"]));
  }
  go = this.event(({ to, flash, replace }) => {
    if (flash) this.putFlash("info", String(flash));
    this.pushPatch(String(to), { replace: replace === true });
    return "reply";
  });
  away = this.event(({ to, flash }) => {
    if (flash) this.putFlash("info", String(flash));
    this.pushEvent("bye");
    this.pushNavigate(String(to));
  });
  note = this.event(({ kind, text }) => this.putFlash(String(kind), String(text)));
  render() {
    return html`<p>${this.params["page"]}</p><i>${this.flash.info}</i><b>${this.flash.error}</b>`;
  }
}

test("a client's live patch runs handleParams with the new params, and its answer shows them", () => {
  const { viewProcess, join, sent } = open(Posts);
  viewProcess.start();
  join();
  viewProcess.patch(1, "/posts?page=2#top");
  expect(sent()).toEqual([["p", 1, 2, 1, { 0: "2" }]]);
  expect((viewProcess.view as Posts).seen).toEqual(["1", "2"]);
  expect(viewProcess.location.url.href).toBe("http://localhost/posts?page=2");
});

test("a live patch to another view's page is answered, and changes nothing", () => {
  const { viewProcess, join, sent } = open(Posts);
  viewProcess.start();
  join();
  viewProcess.patch(1, "/users?page=2");
  viewProcess.patch(2, "//evil.example/users");
  expect(sent()).toEqual([
    ["p", 1, 2, 1, 0, { x: { code: "elsewhere", message: "/users?page=2 is not a page of this view." } }],
    ["p", 1, 3, 2, 0, { x: { code: "elsewhere", message: expect.any(String) } }],
  ]);
  expect((viewProcess.view as Posts).seen).toEqual(["1"]);
});

test("pushPatch shows the new params and tells the client, with the reply of its handler", () => {
  const { viewProcess, join, sent } = open(Posts);
  viewProcess.start();
  join();
  viewProcess.event(1, "go", { to: "/posts?page=3", replace: true });
  expect(sent()).toEqual([["p", 1, 2, 1, { 0: "3" }, { r: "reply", n: ["patch", "/posts?page=3", 1] }]]);
});

test("an asynchronous handleParams is waited for, and holds the next message back", async () => {
  class Slow extends Posts {
    override async handleParams() {
      await Promise.resolve();
      super.handleParams();
    }
  }
  const { viewProcess, join, sent } = open(Slow);
  await viewProcess.start();
  join();
  viewProcess.event(1, "go", { to: "/posts?page=2" });
  viewProcess.event(2, "go", { to: "/posts?page=3" });
  await viewProcess.whenIdle();
  expect(sent().map((frame) => [frame[3], frame[4]])).toEqual([
    [1, { 0: "2" }],
    [2, { 0: "3" }],
  ]);
});

test("pushNavigate sends events that wait, then the way; the view ends without showing more", () => {
  const reasons: string[] = [];
  class Leaving extends Posts {
    override terminate(reason: string) {
      reasons.push(reason);
    }
  }
  const { viewProcess, join, sent } = open(Leaving);
  viewProcess.start();
  join();
  viewProcess.event(1, "away", { to: "/users", flash: "Bye" });
  expect(sent()).toEqual([
    ["p", 1, 2, 1, 0, { n: ["navigate", "/users", 0, '{"info":"Bye"}'], e: [["bye", {}]] }],
  ]);
  expect(reasons).toEqual(["redirected"]);
});

test("only messages of the same callback go along", () => {
  const { viewProcess, join, sent } = open(Posts);
  viewProcess.start();
  join();
  viewProcess.event(1, "note", { kind: "error", text: "old" });
  viewProcess.event(2, "go", { to: "/posts?page=2", flash: "new" });
  viewProcess.event(3, "away", { to: "/users" });
  expect(sent()).toEqual([
    ["p", 1, 2, 1, { 2: "old" }],
    ["p", 1, 3, 2, { 0: "2", 1: "new", 2: "" }, { r: "reply", n: ["patch", "/posts?page=2", 0] }],
    ["p", 1, 4, 3, 0, { n: ["navigate", "/users", 0], e: [["bye", {}]] }],
  ]);
});

test("a live patch by the user takes the messages away", () => {
  const { viewProcess, join, sent } = open(Posts, { flash: { info: "Welcome" } });
  viewProcess.start();
  expect(viewProcess.paint()).toContain("<i>Welcome</i>");
  join();
  viewProcess.patch(1, "/posts?page=2");
  expect(sent()).toEqual([["p", 1, 2, 1, { 0: "2", 1: "" }]]);
});

test("lv:clear-flash takes away one message or all", () => {
  const { viewProcess, join, sent } = open(Posts, { flash: { info: "a", error: "b" } });
  viewProcess.start();
  join();
  viewProcess.event(1, "lv:clear-flash", { key: "info" });
  viewProcess.event(2, "lv:clear-flash", {});
  expect(sent().map((frame) => frame[4])).toEqual([{ 1: "" }, { 2: "" }]);
});

test("pushPatch in mount is refused, with what to do instead", () => {
  class Early extends Posts {
    mount() {
      this.pushPatch("/posts?page=2");
    }
  }
  expect(() => open(Early).viewProcess.start()).toThrow("pushPatch while it mounts");
});

test("redirects in mount end the view before it renders", () => {
  class Guarded extends Posts {
    mount() {
      this.putFlash("error", "Log in first.");
      this.pushNavigate("/login");
    }
  }
  const { viewProcess } = open(Guarded);
  viewProcess.start();
  expect(viewProcess.ended).toBe(true);
  expect(viewProcess.completedRedirect).toEqual({
    kind: "navigate",
    to: "/login",
    replace: false,
    flash: '{"error":"Log in first."}',
  });
});

test("pushPatch in handleParams is a way elsewhere for a first paint", () => {
  class Moved extends Posts {
    override handleParams() {
      if (this.params["page"] === "1") this.pushPatch("/posts?page=2");
    }
  }
  const { viewProcess } = open(Moved, { painting: true });
  viewProcess.start();
  expect(viewProcess.completedRedirect).toMatchObject({ kind: "patch", to: "/posts?page=2" });
});

test("pushPatch in handleParams of a join runs it again, and the client is told", () => {
  class Moved extends Posts {
    override handleParams() {
      if (this.params["page"] === "1") this.pushPatch("/posts?page=2");
    }
  }
  const { viewProcess, join } = open(Moved);
  viewProcess.start();
  expect(join()).toEqual([
    [
      "j",
      1,
      1,
      [expect.any(Number), "2", "", ""],
      { s: expect.any(Object), n: ["patch", "/posts?page=2", 0] },
    ],
  ]);
});

test("live patches in a circle crash the view, naming its URL", () => {
  class Circle extends Posts {
    override handleParams() {
      if (this.connected) this.pushPatch(`/posts?page=${Number(this.params["page"]) + 1}`);
    }
  }
  const { viewProcess, join, reports } = open(Circle);
  viewProcess.start();
  join();
  viewProcess.patch(1, "/posts?page=2");
  expect(viewProcess.failure?.error).toMatchObject({
    message: expect.stringContaining("20 live patches in a row"),
  });
  expect(reports).toMatchObject([{ kind: "crash" }]);
});

test("pushPatch to another view's page crashes, with what to use instead", () => {
  const { viewProcess, join } = open(Posts);
  viewProcess.start();
  join();
  viewProcess.event(1, "go", { to: "/users" });
  expect(viewProcess.failure?.error).toMatchObject({
    message: expect.stringContaining("Use pushNavigate or redirect"),
  });
});

test("a page goes to one place at a time", () => {
  class Torn extends Posts {
    both = this.event(() => {
      this.pushNavigate("/a");
      this.redirect("/b");
    });
  }
  const { viewProcess, join } = open(Torn);
  viewProcess.start();
  join();
  viewProcess.event(1, "both", {});
  expect(viewProcess.failure?.error).toMatchObject({
    message: "Torn goes to /a already, and cannot go to /b too.",
  });
});

test.each([
  "//evil.example",
  "posts",
  "",
  "/a\\b",
  "/\t/evil.example",
  "/%09/evil.example",
  "/a\nb",
  "javascript:alert(1)",
])("%j is no path to go to", (to) => {
  const { viewProcess, join } = open(Posts);
  viewProcess.start();
  join();
  viewProcess.event(1, "away", { to });
  expect(viewProcess.failure?.error).toBeInstanceOf(TypeError);
});

test.each([undefined, null, 5])("a redirect to %j says what it takes", (to) => {
  class Out extends Posts {
    out = this.event(() => this.redirect(to as unknown as string));
  }
  const { viewProcess, join } = open(Out);
  viewProcess.start();
  join();
  viewProcess.event(1, "out", {});
  expect(String(viewProcess.failure?.error)).toBe(
    `TypeError: redirect expects a path that starts with one slash, but got ${to}.`,
  );
});

test.each(["javascript:alert(1)", " javascript:alert(1)", "HTTPS://x", "data:text/html,x", "/path"])(
  "%j is no external URL",
  (external) => {
    class Out extends Posts {
      out = this.event(() => this.redirect({ external }));
    }
    const { viewProcess, join } = open(Out);
    viewProcess.start();
    join();
    viewProcess.event(1, "out", {});
    expect(viewProcess.failure?.error).toBeInstanceOf(TypeError);
  },
);

test("onMount hooks run in order before mount, fill the context, and stop at a redirect", async () => {
  const ran: string[] = [];
  class Guarded extends LiveView {
    mount() {
      ran.push(`mount ${(this.context as { user?: string }).user}`);
    }
    render() {
      return html`<p></p>`;
    }
  }
  const first: OnMount = async (view) => {
    await Promise.resolve();
    (view.context as { user?: string }).user = "Ann";
    ran.push("first");
  };
  const second: OnMount = () => void ran.push("second");
  const away: OnMount = (view) => view.redirect("/login");
  await open(Guarded, { onMount: [first, second] }).viewProcess.start();
  expect(ran.splice(0)).toEqual(["first", "second", "mount Ann"]);
  const { viewProcess } = open(Guarded, { onMount: [away, second] });
  viewProcess.start();
  expect(ran).toEqual([]);
  expect(viewProcess.completedRedirect).toMatchObject({ kind: "redirect", to: "/login" });
});

test("hooks stand before events, and the first to halt answers", () => {
  class Hooked extends LiveView {
    count = 2;
    detach = this.attachHook("handleEvent", (name) => {
      if (name !== "inc") return;
      this.count *= 2;
      return halt({ by: "hook" });
    });
    second = this.attachHook("handleEvent", (name) => (name === "inc" ? halt("never") : undefined));
    inc = this.event(() => void this.count++);
    dec = this.event(() => void this.count--);
    off = this.event(() => {
      this.detach();
      this.second();
    });
    render() {
      return html`<p>${this.count}</p>`;
    }
  }
  const { viewProcess, join, sent } = open(Hooked);
  viewProcess.start();
  join();
  ["inc", "inc", "dec", "off", "inc"].forEach((name, index) => {
    viewProcess.event(index + 1, name, {});
  });
  expect(sent().map((frame) => frame.slice(4))).toEqual([
    [{ 0: "4" }, { r: { by: "hook" } }],
    [{ 0: "8" }, { r: { by: "hook" } }],
    [{ 0: "7" }],
    [0],
    [{ 0: "8" }],
  ]);
});

test("handleInfo hooks take messages until they are detached", async () => {
  class Informed extends LiveView {
    got: unknown[] = [];
    taken: unknown[] = [];
    detach = this.attachHook("handleInfo", (message) => {
      this.taken.push(message);
      return halt();
    });
    override handleInfo(message: unknown) {
      this.got.push(message);
    }
    render() {
      return html`<p></p>`;
    }
  }
  const { viewProcess } = open(Informed);
  viewProcess.start();
  const view = viewProcess.view as Informed;
  view.send("a");
  await viewProcess.whenIdle();
  view.detach();
  view.send("b");
  await viewProcess.whenIdle();
  expect([view.taken, view.got]).toEqual([["a"], ["b"]]);
});

test("handleParams hooks run without a method of the view's own", () => {
  const ran: string[] = [];
  class Bare extends LiveView {
    render() {
      return html`<p></p>`;
    }
  }
  const hook: OnMount = (view) => void view.attachHook("handleParams", () => void ran.push(view.url.search));
  const { viewProcess, join } = open(Bare, { onMount: [hook] });
  viewProcess.start();
  join();
  viewProcess.patch(1, "/posts?page=2");
  expect(ran).toEqual(["?page=1", "?page=2"]);
});

test("a change by an afterRender hook is shown by the next rendering", () => {
  class After extends LiveView {
    count = 0;
    detach = this.attachHook("afterRender", () => {
      this.count *= 10;
    });
    inc = this.event(() => void this.count++);
    render() {
      return html`<p>${this.count}</p>`;
    }
  }
  const { viewProcess, join, sent } = open(After);
  viewProcess.start();
  join();
  viewProcess.event(1, "inc", {});
  viewProcess.event(2, "inc", {});
  expect(sent().map((frame) => frame[4])).toEqual([{ 0: "1" }, { 0: "11" }]);
  expect((viewProcess.view as After).count).toBe(110);
});

test("a hook that returns something else is told so", () => {
  class Wrong extends LiveView {
    hook = this.attachHook("handleEvent", (() => "stop") as never);
    inc = this.event(() => {});
    render() {
      return html`<p></p>`;
    }
  }
  const { viewProcess, join } = open(Wrong);
  viewProcess.start();
  join();
  viewProcess.event(1, "inc", {});
  expect(viewProcess.failure?.error).toMatchObject({ message: expect.stringContaining("but returned stop") });
});

test("an optimistic change is shown at once, kept if its commit succeeds, and put back in place if it does not", async () => {
  let settle: { resolve(): void; reject(error: Error): void } | undefined;
  class Likes extends LiveView {
    likes = 0;
    people = [{ name: "Ann", likes: 0 }];
    like = this.event(() =>
      this.optimistic(
        () => {
          this.likes++;
          this.people[0]!.likes++;
        },
        () =>
          new Promise<void>((resolve, reject) => {
            settle = { resolve, reject };
          }),
      ),
    );
    render() {
      return html`<p>${this.likes}</p><p>${this.people[0]?.likes}</p>`;
    }
  }
  const { viewProcess, join, sent, reports } = open(Likes);
  viewProcess.start();
  join();
  viewProcess.event(1, "like", {});
  expect(sent()).toEqual([["p", 1, 2, 0, { 0: "1", 1: "1" }, { f: 1 }]]);
  settle?.resolve();
  await viewProcess.whenIdle();
  expect(sent()).toEqual([["p", 1, 3, 1, 0]]);
  viewProcess.event(2, "like", {});
  expect(sent()).toEqual([["p", 1, 4, 0, { 0: "2", 1: "2" }, { f: 2 }]]);
  settle?.reject(new Error("the database is away"));
  await viewProcess.whenIdle();
  expect(sent()).toEqual([
    ["p", 1, 5, 2, { 0: "1", 1: "1" }, { x: { code: "rolled_back", message: expect.any(String) } }],
  ]);
  expect(viewProcess.ended).toBe(false);
  expect(reports).toMatchObject([
    { kind: "warning", message: expect.stringContaining("the database is away") },
  ]);
});

test("a guard that returns something lets no client through", () => {
  class Guarded extends LiveView {
    render() {
      return html`<p>secret</p>`;
    }
  }
  const wrong = (() => halt()) as never as OnMount;
  expect(() => open(Guarded, { onMount: [wrong] }).viewProcess.start()).toThrow("must return nothing");
});

test("a guard that returns something is named, with its place and its live session", () => {
  class Guarded extends LiveView {
    render() {
      return html`<p>secret</p>`;
    }
  }
  const fine: OnMount = () => {};
  const checkRole = (() => true) as never as OnMount;
  const start = (onMount: readonly OnMount[], liveSession?: string) => () =>
    void open(Guarded, { onMount, liveSession }).viewProcess.start();
  expect(start([fine, checkRole, fine], "admin")).toThrow(
    'The onMount hook checkRole, number 2 of 3, of the live session "admin" must return nothing, but returned true for Guarded',
  );
  expect(start([(() => 7) as never as OnMount], "default")).toThrow(
    'The onMount hook without a name of the live session "default" must return nothing, but returned 7',
  );
});

test("terminate runs if and only if mount has begun", async () => {
  const log: string[] = [];
  class Ending extends LiveView {
    override mount() {
      log.push("mount");
      if (this.params.fails) throw new Error("no database");
    }
    override terminate(reason: EndReason) {
      log.push(reason);
    }
    render() {
      return html`<p></p>`;
    }
  }
  const redirects: OnMount = (view) => view.redirect("/login");
  const throws: OnMount = () => {
    throw new Error("forbidden");
  };
  const throwsLater: OnMount = async () => {
    await Promise.resolve();
    throw new Error("forbidden");
  };
  open(Ending, { onMount: [redirects] }).viewProcess.start();
  expect(() => open(Ending, { onMount: [throws] }).viewProcess.start()).toThrow("forbidden");
  await expect(open(Ending, { onMount: [throwsLater] }).viewProcess.start()).rejects.toThrow("forbidden");
  expect(log).toEqual([]);
  expect(() => open(Ending, { params: { fails: "1" } }).viewProcess.start()).toThrow("no database");
  expect(log).toEqual(["mount", "crashed"]);
});

test("a view that is ended while a hook or mount takes time does not begin afterwards", async () => {
  const log: string[] = [];
  let go = () => {};
  const waits = () => new Promise<void>((resolve) => (go = resolve));
  class Slow extends LiveView {
    override async mount() {
      log.push("mount");
      await waits();
    }
    override handleParams() {
      log.push("handleParams");
    }
    render() {
      return html`<p></p>`;
    }
  }
  const guarded = open(Slow, { onMount: [waits] });
  const started = guarded.viewProcess.start();
  guarded.viewProcess.end("closed");
  go();
  await started;
  expect([log.splice(0), guarded.viewProcess.ended]).toEqual([[], true]);

  const mounting = open(Slow);
  const mounted = mounting.viewProcess.start();
  mounting.viewProcess.end("closed");
  go();
  await mounted;
  expect([log, mounting.viewProcess.ended]).toEqual([["mount"], true]);
});
