/** Presence on one node, as views, live components and the app see it. */

import { startProcess } from "@overwire/test-support/view-process";
import { type LiveDriver, live } from "@overwire/testing";
import { describe, expect, test, vi } from "vitest";
import { createApp } from "../app.ts";
import { createPubSub } from "../pubsub/create-pubsub.ts";
import type { Report } from "../runtime/services.ts";
import { each } from "../template/each.ts";
import { html } from "../template/html.ts";
import type { Joined } from "../view/live.ts";
import { LiveComponent } from "../view/live-component.ts";
import { LiveView } from "../view/live-view.ts";
import { type Presence, type PresenceDiff, presence, type Tracked } from "../view/presence.ts";
import { Presences } from "./presences.ts";

interface Meta {
  readonly name: string;
  readonly status?: string;
}

const lobby = presence<Meta>("lobby");

/** Tracks its `?as=` and shows everyone. */
class Lobby extends LiveView {
  rendered = 0;
  people = this.present(lobby);
  me: Tracked<Meta> | undefined;
  override mount() {
    const { as } = this.params;
    if (typeof as === "string") this.me = this.track(lobby, as, { name: as.toUpperCase() });
  }
  away = this.event(() => this.me?.update((meta) => ({ ...meta, status: "away" })));
  leave = this.event(() => this.me?.untrack());
  again = this.event(() => void this.track(lobby, "ada", { name: "Again" }));
  render() {
    this.rendered++;
    const shown = ({ name, status }: Meta) => html`[${name}${status && ` ${status}`}]`;
    return html`<ul>${each(
      this.people.list(),
      ({ key }) => key,
      ({ metas }) => html`<li>${metas.map(shown)}</li>`,
    )}</ul><b>${this.people.size}</b>`;
  }
}

function lobbyApp(options: Parameters<typeof createApp>[0] = {}) {
  const reports: Report[] = [];
  const app = createApp({
    secret: "s".repeat(32),
    report: (report) => void reports.push(report),
    ...options,
  });
  app.live("/", Lobby);
  const keys = () =>
    app
      .present(lobby)
      .list()
      .map(({ key }) => key);
  return { app, reports, keys };
}

const shows = (view: LiveDriver, text: string) => vi.waitFor(() => expect(view.text("ul")).toBe(text));

describe("presence", () => {
  test("names have to be strings, and fetch a function", () => {
    expect(() => presence(undefined as never)).toThrow(
      'A presence has a name, presence("lobby"), but it is missing.',
    );
    expect(() => presence("lobby", { fetch: {} as never })).toThrow(
      "The fetch of a presence expects a function",
    );
  });

  test("views see everyone who is there, sorted by arrival, and those who leave no more", async () => {
    const { app, keys } = lobbyApp();
    const ada = await live(app, "/?as=ada");
    const bob = await live(app, "/?as=bob");
    await shows(ada, "[ADA][BOB]");
    await shows(bob, "[ADA][BOB]");
    expect(keys()).toEqual(["ada", "bob"]);
    expect(app.present(lobby).size).toBe(2);
    expect(app.present(lobby).get("bob")).toEqual({
      key: "bob",
      metas: [{ name: "BOB", ref: bob.instance instanceof Lobby && bob.instance.me?.ref }],
    });
    expect(app.present(lobby).get("eve")).toBeUndefined();
    await ada.close();
    await shows(bob, "[BOB]");
    expect(keys()).toEqual(["bob"]);
  });

  test("a page that has settled shows those who came before", async () => {
    const { app } = lobbyApp();
    const ada = await live(app, "/?as=ada");
    expect(ada.text("ul")).toBe("[ADA]");
    const bob = await live<Lobby>(app, "/?as=bob");
    expect(bob.text("ul")).toBe("[ADA][BOB]");
    await ada.settled();
    expect(ada.text("ul")).toBe("[ADA][BOB]");
    await bob.event("away");
    await ada.settled();
    expect(ada.text("ul")).toBe("[ADA][BOB away]");
    await bob.close();
    await ada.settled();
    expect(ada.text("ul")).toBe("[ADA]");
  });

  test("a painted page that no client has joined is not present", async () => {
    const { app, keys } = lobbyApp({ limits: { waitingTime: 20 } });
    expect(await (await app.request("/?as=ada")).text()).toContain("<b>0</b>");
    expect(keys()).toEqual([]);
    const bob = await live(app, "/?as=bob");
    await shows(bob, "[BOB]");
    expect(keys()).toEqual(["bob"]);
  });

  test("an update takes the place of the meta, with its previous reference", async () => {
    const { app } = lobbyApp();
    const diffs: PresenceDiff<Meta>[] = [];
    const ada = await live<Lobby>(app, "/?as=ada");
    await live(app, "/?as=bob");
    await vi.waitFor(() => expect(app.present(lobby).size).toBe(2));
    const stop = app.subscribe(lobby, (diff) => diffs.push(diff));
    const before = ada.instance.me?.ref;
    await ada.event("away");
    const ref = ada.instance.me?.ref;
    expect(ref).not.toBe(before);
    await shows(ada, "[ADA away][BOB]");
    await vi.waitFor(() => expect(diffs).toHaveLength(1));
    expect(diffs).toEqual([
      {
        joins: [{ key: "ada", metas: [{ name: "ADA", status: "away", ref, previousRef: before }] }],
        leaves: [{ key: "ada", metas: [{ name: "ADA", ref: before }] }],
      },
    ]);
    stop();
    await ada.event("leave");
    await shows(ada, "[BOB]");
    expect(diffs).toHaveLength(1);
  });

  test("several tabs of a key are several metas; closing one of two keeps the key", async () => {
    const { app } = lobbyApp();
    const one = await live(app, "/?as=ada");
    const two = await live(app, "/?as=ada");
    await shows(two, "[ADA][ADA]");
    expect(two.text("b")).toBe("1");
    await one.close();
    await shows(two, "[ADA]");
    expect(app.present(lobby).get("ada")?.metas).toHaveLength(1);
  });

  test("a view tracks a key once; untracked it may track it again", async () => {
    const { app, reports } = lobbyApp();
    const ada = await live<Lobby>(app, "/?as=ada");
    await expect(ada.event("again")).rejects.toThrow(
      'Lobby tracks "ada" in the presence "lobby" already. Keep what this.track returned: me.update(…) changes its meta, me.untrack() ends it.',
    );
    expect(reports[0]?.kind).toBe("crash");
    await ada.close();
    const bob = await live<Lobby>(app, "/?as=ada");
    await bob.event("leave");
    await bob.event("leave");
    await bob.event("again");
    await shows(bob, "[Again]");
    expect(() => bob.instance.me?.update({ name: "Bob" })).toThrow(
      '"ada" of the presence "lobby" was untracked, so its meta cannot be updated. Track it anew.',
    );
  });

  test("a view is rendered again when the presence has changed, and only then", async () => {
    const { app } = lobbyApp();
    class Other extends LiveView {
      override mount() {
        this.track(presence("other"), "ada", {});
      }
      render() {
        return html`<p></p>`;
      }
    }
    app.live("/other", Other);
    const ada = await live<Lobby>(app, "/?as=ada");
    await shows(ada, "[ADA]");
    await ada.settled();
    const { rendered } = ada.instance;
    const list = app.present(lobby).list();
    await live(app, "/other");
    await vi.waitFor(() => expect(app.present(presence("other")).size).toBe(1));
    await ada.settled();
    expect(ada.instance.rendered).toBe(rendered);
    expect(app.present(lobby).list()).toBe(list);
    await live(app, "/?as=bob");
    await shows(ada, "[ADA][BOB]");
    expect(ada.instance.rendered).toBe(rendered + 1);
    expect(app.present(lobby).list()[0]).toBe(list[0]);
  });

  test("keys are any strings; numbers become strings", async () => {
    const { app } = lobbyApp();
    const keys = ["__proto__", "constructor", "toString", "", "7", "hasOwnProperty"];
    const diffs: PresenceDiff<Meta>[] = [];
    app.subscribe(lobby, (diff) => diffs.push(diff));
    class Keys extends LiveView {
      override mount() {
        for (const key of keys) this.track(lobby, key === "7" ? 7 : key, { name: key });
      }
      render() {
        return html`<p></p>`;
      }
    }
    app.live("/keys", Keys);
    const view = await live(app, "/keys");
    await vi.waitFor(() => expect(diffs).toHaveLength(1));
    const present = app.present(lobby);
    expect(present.list().map(({ key, metas }) => [key, metas[0]?.name])).toEqual(
      keys.map((key) => [key, key]),
    );
    expect(diffs[0]?.joins.map(({ key }) => key)).toEqual(keys);
    for (const key of keys) expect(present.get(key)?.metas[0]?.name).toBe(key);
    expect(present.get(7)?.key).toBe("7");
    expect(present.get("valueOf")).toBeUndefined();
    await view.close();
    await vi.waitFor(() => expect(diffs[1]?.leaves.map(({ key }) => key)).toEqual(keys));
    expect(present.list()).toEqual([]);
  });

  test("keys, metas and presences that are none are refused", async () => {
    const view = await live(Lobby);
    const { instance } = view;
    const wrong = (run: () => unknown) => expect(run);
    wrong(() => instance.track(lobby, {} as never, { name: "" })).toThrow(
      "A key of a presence is a string or a number",
    );
    wrong(() => instance.track(lobby, "a", "ada" as never)).toThrow(
      'The meta of a presence is an object, { name: "Ada" }, but it is the text "ada".',
    );
    wrong(() => instance.track(lobby, "a", { name: () => 1 } as never)).toThrow(
      "The meta of a presence has to be data, for other nodes: its name cannot be sent.",
    );
    wrong(() => instance.track(lobby, "k".repeat(70_000), { name: "" })).toThrow(
      "A name, key and meta of a presence have 70020 characters together, and at most 65536 are told to all nodes.",
    );
    wrong(() => instance.track("lobby" as never, "a", {} as never)).toThrow(
      'this.track expects what presence<Meta>("lobby") made, but it is the text "lobby".',
    );
    wrong(() => instance.present({ name: "lobby" } as never)).toThrow("this.present expects");
    wrong(() => instance.publish(lobby as never, 1)).toThrow("A topic is a name");
  });

  test("metas are copied: what the author changes later changes nothing", async () => {
    const { app } = lobbyApp();
    const list = ["a"];
    const tags = presence<{ list: string[] }>("tags");
    let me: Tracked<{ list: string[] }> | undefined;
    class Tags extends LiveView {
      override joined() {
        me = this.track(tags, "ada", { list });
      }
      render() {
        return html`<p></p>`;
      }
    }
    app.live("/tags", Tags);
    await live(app, "/tags");
    const [before] = app.present(tags).list();
    list.push("b");
    me?.update((meta) => {
      meta.list.push("c");
      return meta;
    });
    expect(before?.metas[0]?.list).toEqual(["a"]);
    expect(app.present(tags).get("ada")?.metas[0]?.list).toEqual(["a", "c"]);
  });
});

describe("live components", () => {
  const seen: string[] = [];
  class Who extends LiveComponent<{ as: string }> {
    people = this.present(lobby);
    rendered = 0;
    override mount() {
      this.track(lobby, this.props.as, { name: this.props.as });
      this.subscribe(lobby, ({ joins, leaves }) => {
        for (const { key } of joins) seen.push(`+${key}`);
        for (const { key } of leaves) seen.push(`-${key}`);
      });
    }
    render() {
      this.rendered++;
      return html`<i>${this.people.list().map(({ key }) => `[${key}]`)}</i>`;
    }
  }
  class Page extends LiveView {
    shown = ["a", "b"];
    fewer = this.event(() => void this.shown.pop());
    render() {
      return html`<ul>${this.shown.map((id) => html`<${Who} id=${id} as=${id} />`)}</ul>`;
    }
  }

  test("track, see and hear as views do, each on its own", async () => {
    const { app } = lobbyApp();
    app.live("/page", Page);
    const view = await live(app, "/page");
    await shows(view, "[a][b][a][b]");
    await vi.waitFor(() => expect(seen).toEqual(["+a", "+b", "+a", "+b"]));
    await view.event("fewer");
    await shows(view, "[a]");
    await vi.waitFor(() => expect(seen.slice(4)).toEqual(["-b"]));
  });
});

test("apps that share a PubSub are nodes, and see each other's", async () => {
  const pubsub = createPubSub();
  const [one, two] = [lobbyApp({ pubsub }), lobbyApp({ pubsub })];
  const ada = await live(one.app, "/?as=ada");
  const bob = await live(two.app, "/?as=bob");
  await shows(bob, "[ADA][BOB]");
  await shows(ada, "[ADA][BOB]");
  await one.app.close();
  await shows(bob, "[BOB]");
});

describe("a lost connection", () => {
  /** Every change of the lobby, as one word. */
  function watched(options: Parameters<typeof createApp>[0]) {
    const made = lobbyApp(options);
    const log: string[] = [];
    made.app.subscribe(lobby as Presence<Meta>, ({ joins, leaves }) => {
      for (const { key } of leaves) log.push(`-${key}`);
      for (const { key } of joins) log.push(`+${key}`);
    });
    return { ...made, log };
  }

  test("counts as there until it is back", async () => {
    const { app, log } = watched({});
    const ada = await live<Lobby>(app, "/?as=ada");
    await vi.waitFor(() => expect(log).toEqual(["+ada"]));
    const ref = ada.instance.me?.ref;
    await ada.disconnect();
    const bob = await live(app, "/?as=bob");
    await shows(bob, "[ADA][BOB]");
    await ada.reconnect();
    await shows(ada, "[ADA][BOB]");
    expect(ada.instance.me?.ref).toBe(ref);
    expect(log).toEqual(["+ada", "+bob"]);
  });

  test("leaves after graceTime, and joins anew when it is back after that", async () => {
    const { app, log } = watched({ presence: { graceTime: 10 } });
    const ada = await live<Lobby>(app, "/?as=ada");
    const bob = await live(app, "/?as=bob");
    await shows(bob, "[ADA][BOB]");
    const ref = ada.instance.me?.ref;
    await ada.disconnect();
    await shows(bob, "[BOB]");
    await ada.reconnect();
    await shows(bob, "[BOB][ADA]");
    expect(ada.instance.me?.ref).not.toBe(ref);
    expect(log).toEqual(["+ada", "+bob", "-ada", "+ada"]);
  });

  test("updates while it is away are seen when it is back", async () => {
    const { app } = watched({ presence: { graceTime: 1 } });
    const ada = await live<Lobby>(app, "/?as=ada");
    const bob = await live(app, "/?as=bob");
    const { instance } = ada;
    await ada.disconnect();
    await shows(bob, "[BOB]");
    instance.me?.update({ name: "Ada", status: "back" });
    await ada.reconnect();
    await shows(bob, "[BOB][Ada back]");
  });

  test("does not flicker if the client is back in time and its view has to be mounted anew", async () => {
    const { app, log } = watched({ limits: { resumeTime: 0 } });
    const ada = await live<Lobby>(app, "/?as=ada");
    const { instance } = ada;
    await vi.waitFor(() => expect(log).toEqual(["+ada"]));
    await ada.disconnect();
    await ada.reconnect();
    expect(ada.instance).not.toBe(instance);
    await shows(ada, "[ADA][ADA]");
    expect(log).toEqual(["+ada", "+ada"]);
  });

  test("a component that is gone when the client is back has left", async () => {
    const { app } = lobbyApp();
    class Part extends LiveComponent {
      override mount() {
        this.track(lobby, this.props.id, { name: this.props.id });
      }
      render() {
        return html`<i></i>`;
      }
    }
    class Page extends LiveView {
      parts = ["a", "b"];
      render() {
        return html`<div>${this.parts.map((id) => html`<${Part} id=${id} />`)}</div>`;
      }
    }
    app.live("/page", Page);
    const view = await live<Page>(app, "/page");
    const bob = await live(app, "/?as=bob");
    await shows(bob, "[a][b][BOB]");
    const { instance } = view;
    await view.disconnect();
    instance.parts = ["a"];
    await view.reconnect();
    await shows(bob, "[a][BOB]");
  });

  test("leaves at once if its user is disconnected meanwhile", async () => {
    const { app, log } = watched({ identify: () => "ada" });
    const ada = await live<Lobby>(app, "/?as=ada");
    await vi.waitFor(() => expect(log).toEqual(["+ada"]));
    await ada.disconnect();
    app.disconnect("ada");
    await vi.waitFor(() => expect(log).toEqual(["+ada", "-ada"]));
  });

  test("leaves at once with graceTime 0, and in time even if its view lives on", async () => {
    const { app } = watched({ presence: { graceTime: 0 } });
    const ada = await live<Lobby>(app, "/?as=ada");
    const bob = await live(app, "/?as=bob");
    await shows(bob, "[ADA][BOB]");
    await ada.disconnect();
    await shows(bob, "[BOB]");
  });
});

describe("the times of an app", () => {
  test.each([
    [{ graceTime: -1 }, "presence.graceTime is a time in milliseconds, but it is -1."],
    [{ heartbeat: 0 }, "presence.heartbeat is a time in milliseconds, but it is 0."],
    [{ silence: Number.NaN }, "presence.silence is a time in milliseconds, but it is NaN."],
    [{ silence: "10s" as never }, "presence.silence is a time in milliseconds, but it is 10s."],
    [{ heartbeat: 5000 }, "presence.silence has to be at least 3 times presence.heartbeat"],
  ])("are refused if they cannot be right: %o", (presence, message) => {
    expect(() => lobbyApp({ presence })).toThrow(message);
  });
});

test("a view that has ended watches nothing: an empty presence is forgotten", () => {
  const presences = new Presences(undefined, undefined, () => {});
  const { viewProcess } = startProcess(Lobby, { presences });
  expect(presences.find(lobby)?.size).toBe(0);
  viewProcess.end("unclaimed");
  expect(presences.find(lobby)).toBeUndefined();
});

describe("changes", () => {
  class Watcher extends LiveView {
    log: string[] = [];
    override mount() {
      this.subscribe(lobby);
    }
    override joined(_: Joined) {
      this.track(lobby, "watcher", { name: "W" });
    }
    override handleInfo({ joins, leaves }: PresenceDiff<Meta>) {
      this.log.push(...joins.map(({ key }) => `+${key}`), ...leaves.map(({ key }) => `-${key}`));
    }
    render() {
      return html`<ul>${this.log.join(" ")}</ul>`;
    }
  }

  test("without a handler go to handleInfo", async () => {
    const { app } = lobbyApp();
    app.live("/watcher", Watcher);
    const view = await live(app, "/watcher");
    await shows(view, "+watcher");
    const ada = await live(app, "/?as=ada");
    await ada.close();
    await shows(view, "+watcher +ada -ada");
  });

  test("of one turn of the event loop are one diff; what came and went in it is none", async () => {
    const { app } = lobbyApp();
    const diffs: PresenceDiff<Meta>[] = [];
    app.subscribe(lobby, (diff) => diffs.push(diff));
    class Busy extends LiveView {
      override joined() {
        const one = this.track(lobby, "one", { name: "1" });
        const two = this.track(lobby, "two", { name: "2" });
        one.update({ name: "1b" });
        one.update({ name: "1c" });
        two.untrack();
      }
      render() {
        return html`<p></p>`;
      }
    }
    app.live("/busy", Busy);
    await live(app, "/busy");
    await vi.waitFor(() => expect(diffs).toHaveLength(1));
    expect(diffs[0]?.leaves).toEqual([]);
    expect(diffs[0]?.joins).toEqual([{ key: "one", metas: [{ name: "1c", ref: expect.any(String) }] }]);
  });

  test("a view that changes its meta at each change of the presence is ended", async () => {
    class Endless extends LiveView {
      override mount() {
        const me = this.track(lobby, "me", { name: "0" });
        this.subscribe(lobby, () => me.update(({ name }) => ({ name: String(Number(name) + 1) })));
      }
      render() {
        return html`<p></p>`;
      }
    }
    const presences = new Presences(undefined, undefined, () => {});
    const { join, reports } = startProcess(Endless, { presences });
    join();
    await vi.waitFor(() => expect(reports).toHaveLength(1));
    expect(String(reports[0]?.error)).toContain(
      '"change of presence "lobby"" caused 10,000 messages in a row',
    );
    expect(presences.find(lobby)?.list() ?? []).toEqual([]);
  });

  test("an app's handler that throws is reported", async () => {
    const { app, reports } = lobbyApp();
    app.subscribe(lobby, () => {
      throw new Error("no");
    });
    await live(app, "/?as=ada");
    await vi.waitFor(() =>
      expect(reports).toEqual([
        expect.objectContaining({
          kind: "crash",
          event: 'change of presence "lobby"',
          message: "app.subscribe's handler threw",
        }),
      ]),
    );
  });
});
