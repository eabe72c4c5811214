/** Lost connections with everything around them: what was under way is neither lost nor done twice. */
import { type LiveDriver, live } from "@overwire/testing";
import { expect, test, vi } from "vitest";
import { createApp } from "../app.ts";
import { html } from "../template/html.ts";
import { LiveView } from "./live-view.ts";

/** Methods that the hook of a page may call. */
interface Asking {
  pushEvent(name: string, payload: object): Promise<unknown>;
}

class Page extends LiveView {
  count = 0;
  /** Called when an event has come; what it returns is waited for. */
  arrived: () => unknown = () => {};
  items = this.stream<{ id: number }>();
  ask = this.event(async () => {
    const number = ++this.count;
    await this.arrived();
    return { number };
  });
  askBeside = this.event(
    async () => {
      const number = ++this.count;
      await this.arrived();
      return { number };
    },
    { overlap: "parallel" },
  );
  /** Its answer is sent, and the line is lost before it arrives. */
  tell = this.event(() => {
    queueMicrotask(() => this.arrived());
    return { number: ++this.count };
  });
  refuse = this.event(() => {
    queueMicrotask(() => this.arrived());
    return this.optimistic(
      () => this.count++,
      () => {
        throw new Error("not saved");
      },
    );
  });
  add = this.event(() => {
    this.items.insert({ id: ++this.count });
    queueMicrotask(() => this.arrived());
  });
  override mount() {
    this.items.insertMany([{ id: 100 }, { id: 101 }]);
  }
  render() {
    return html`<p id="hook" phx-hook="Hook">${this.count}</p>
      <ul>${this.items.each((id) => html`<li id=${id}></li>`)}</ul>`;
  }
}

async function open() {
  let hook!: Asking;
  const Hook = {
    mounted(this: Asking) {
      hook = this;
    },
  };
  const view = await live(Page, { hooks: { Hook } });
  await view.settled();
  return { view, hook, instance: view.instance };
}

const ids = (view: LiveDriver) => [...view.container.querySelectorAll("li")].map(({ id }) => id);

test.each(["ask", "askBeside"])(
  "a handler that ends while the line is lost: its reply is there when the line is (%s)",
  async (name) => {
    const { view, hook, instance } = await open();
    let end = () => {};
    instance.arrived = () =>
      new Promise<void>((resolve) => {
        end = resolve;
      });
    const reply = hook.pushEvent(name, {});
    await vi.waitUntil(() => instance.count === 1);
    await view.disconnect();
    end();
    await view.reconnect();
    expect(await reply).toEqual({ number: 1 });
    expect([view.instance, view.text("#hook")]).toEqual([instance, "1"]);
  },
);

test("so is an answer that was lost with the line", async () => {
  const { view, hook, instance } = await open();
  let lost: Promise<void> | undefined;
  instance.arrived = () => {
    lost ??= view.disconnect();
  };
  const reply = hook.pushEvent("tell", {});
  await vi.waitUntil(() => lost !== undefined);
  await lost;
  await view.reconnect();
  expect(await reply).toEqual({ number: 1 });
  // Told once: another loss brings nothing up again.
  await view.disconnect();
  await view.reconnect();
  expect([view.instance, view.text("#hook")]).toEqual([instance, "1"]);
});

test("that an event was refused is told too", async () => {
  const { view, hook, instance } = await open();
  let lost: Promise<void> | undefined;
  instance.arrived = () => {
    lost ??= view.disconnect();
  };
  const refused = hook.pushEvent("refuse", {}).catch(String);
  await vi.waitUntil(() => lost !== undefined);
  await lost;
  await view.reconnect();
  expect(await refused).toContain("could not be kept");
  expect(view.text("#hook")).toBe("0");
});

/** A view whose connection is lost as soon as it has sent a message, before it arrives. */
class Pushing extends LiveView {
  arrived: () => unknown = () => {};
  push = this.event(({ names }) => {
    for (const name of String(names).split(" ")) this.pushEvent("told", { name });
    queueMicrotask(() => this.arrived());
  });
  ask = this.event(({ number }) => {
    if (Number(number) === 24) queueMicrotask(() => this.arrived());
    return { number };
  });
  render() {
    return html`<p id="hook" phx-hook="Hook"></p>`;
  }
}

async function openPushing() {
  let hook!: Asking;
  const Hook = {
    mounted(this: Asking) {
      hook = this;
    },
  };
  const view = await live(Pushing, { hooks: { Hook } });
  await view.settled();
  const told: string[] = [];
  view.window.addEventListener("phx:told", (event) => {
    told.push((event as unknown as CustomEvent<{ name: string }>).detail.name);
  });
  let lost: Promise<void> | undefined;
  view.instance.arrived = () => {
    lost ??= view.disconnect();
  };
  const wasLost = async () => {
    await vi.waitUntil(() => lost !== undefined);
    await lost;
  };
  return { view, hook, told, wasLost };
}

test("events for the page that were lost with the connection are dispatched once, in order, before newer ones", async () => {
  const { view, hook, told, wasLost } = await openPushing();
  const { instance } = view;
  const pushed = hook.pushEvent("push", { names: "a b" });
  await wasLost();
  instance.pushEvent("told", { name: "c" });
  await view.reconnect();
  await pushed;
  instance.arrived = () => {};
  await view.event("push", { names: "d" });
  await view.disconnect();
  await view.reconnect();
  expect([view.instance, told]).toEqual([instance, ["a", "b", "c", "d"]]);
});

test("24 answers that were lost with the connection are the replies of the 24 events", async () => {
  const { view, hook, wasLost } = await openPushing();
  const replies = Array.from({ length: 24 }, (_, index) => hook.pushEvent("ask", { number: index + 1 }));
  await wasLost();
  await view.reconnect();
  expect(await Promise.all(replies)).toEqual(replies.map((_, index) => ({ number: index + 1 })));
});

test("events that a view pushes before it redirects are dispatched first, from any callback", async () => {
  class Start extends LiveView {
    override handleInfo() {
      this.pushEvent("hi", { from: "away" });
      this.pushNavigate("/end");
    }
    render() {
      return html`<p>start</p>`;
    }
  }
  class Through extends LiveView {
    override mount() {
      this.pushEvent("hi", { from: "mount" });
      this.pushNavigate("/end");
    }
    render() {
      return html`<p></p>`;
    }
  }
  class End extends LiveView {
    render() {
      return html`<p>end</p>`;
    }
  }
  const app = createApp({ secret: "s".repeat(32) });
  app.live("/start", Start);
  app.live("/through", Through);
  app.live("/end", End);

  const view = await live(app, "/start");
  const heard: unknown[] = [];
  view.window.addEventListener("phx:hi", (event) => {
    heard.push((event as unknown as CustomEvent).detail, view.text("p"));
  });
  await view.navigateTo("/through");
  await vi.waitUntil(() => view.text("p") === "end");
  expect(heard).toEqual([{ from: "mount" }, "start"]);

  const away = await live(app, "/start");
  const late: unknown[] = [];
  away.window.addEventListener("phx:hi", (event) => {
    late.push((event as unknown as CustomEvent).detail, away.text("p"));
  });
  const { instance } = away as LiveDriver<Start>;
  await away.disconnect();
  instance.send("leave");
  await away.reconnect();
  await vi.waitUntil(() => away.text("p") === "end");
  expect(late).toEqual([{ from: "away" }, "start"]);
});

test("items that come while the line is lost are there once it is back, in order, once", async () => {
  const { view, instance } = await open();
  await view.event("add");
  const first = view.element("#items-100").node;
  await view.disconnect();
  instance.items.insert({ id: 7 }, { at: 0 });
  instance.items.delete({ id: 101 });
  await view.reconnect();
  expect(view.instance).toBe(instance);
  expect(ids(view)).toEqual(["items-7", "items-100", "items-1"]);
  expect(view.element("#items-100").node).toBe(first);
});

test("items that were lost with the connection are there once it is back, each once", async () => {
  const { view, hook, instance } = await open();
  let lost: Promise<void> | undefined;
  instance.arrived = () => {
    lost ??= view.disconnect();
  };
  const added = hook.pushEvent("add", {}).catch(String);
  await vi.waitUntil(() => lost !== undefined);
  await lost;
  await view.reconnect();
  await added;
  expect(view.instance).toBe(instance);
  expect(ids(view)).toEqual(["items-100", "items-101", "items-1"]);
  await view.event("add");
  expect(ids(view)).toEqual(["items-100", "items-101", "items-1", "items-2"]);
});

test("a sticky view that has come to another page goes on with its items", async () => {
  class Player extends LiveView {
    tracks = this.stream<{ id: number }>();
    override mount() {
      this.tracks.insertMany([{ id: 1 }]);
    }
    add = this.event(() => this.tracks.insert({ id: 2 }));
    render() {
      return html`<button phx-click=${this.add}>add</button><ul>${this.tracks.each((id) => html`<li id=${id}></li>`)}</ul>`;
    }
  }
  class There extends LiveView {
    render() {
      return html`<${Player} id="player" sticky />`;
    }
  }
  class Here extends There {}
  const app = createApp({ secret: "s".repeat(32) });
  app.live("/here", Here);
  app.live("/there", There);
  const view = await live(app, "/here");
  await view.navigateTo("/there");
  await view.element("#player button").click();
  const player = view.child("player").instance;
  await view.disconnect();
  await view.reconnect();
  expect(view.child("player").instance).toBe(player);
  expect(ids(view)).toEqual(["tracks-1", "tracks-2"]);
});

test("a nested view whose first items were lost with the line has them", async () => {
  let lost: Promise<void> | undefined;
  let isJoined = () => {};
  class Inner extends LiveView {
    items = this.stream<{ id: number }>();
    override mount() {
      this.items.insertMany([{ id: 1 }, { id: 2 }]);
    }
    render() {
      if (this.connected) queueMicrotask(isJoined);
      return html`<ul>${this.items.each((id) => html`<li id=${id}></li>`)}</ul>`;
    }
  }
  class Outer extends LiveView {
    isShown = false;
    show = this.event(() => {
      this.isShown = true;
    });
    render() {
      return html`<button phx-click=${this.show}>show</button>${this.isShown && html`<${Inner} id="inner" />`}`;
    }
  }
  const view = await live(Outer);
  const { instance } = view;
  isJoined = () => {
    lost ??= view.disconnect();
  };
  const shown = view.element("button").click();
  await vi.waitUntil(() => lost !== undefined);
  await lost;
  await view.reconnect();
  await shown;
  expect(view.instance).toBe(instance);
  expect(ids(view)).toEqual(["items-1", "items-2"]);
});
