/** A view whose onMount hook redirects or throws: nothing else of it runs, and what was begun for it ends. */
import { live, RedirectError } from "@overwire/testing";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createApp } from "../app.ts";
import { html } from "../template/html.ts";
import { LiveComponent } from "../view/live-component.ts";
import { LiveView, type OnMount } from "../view/live-view.ts";
import { topic } from "../view/topic.ts";

const news = topic<string>("news");
let log: string[] = [];
let isGuarded = true;
/** Times that the guard has ended a view. */
let ended = 0;

class Part extends LiveComponent<{ id: string }> {
  override mount() {
    log.push("component");
  }
  override joined() {
    log.push("component joined");
  }
  override terminate() {
    log.push("component terminated");
  }
  render() {
    return html`<i>part</i>`;
  }
}

class Inner extends LiveView {
  override mount() {
    log.push("nested");
  }
  override terminate() {
    log.push("nested terminated");
  }
  render() {
    return html`inner`;
  }
}

class Guarded extends LiveView {
  file = this.allowUpload({ accept: "any" });
  tick = this.setInterval(() => void log.push("field's timer"), 5);
  heard = this.subscribe(news, (message) => log.push(`field heard ${message}`));
  answer = this.assignAsync(async (signal) => {
    signal.addEventListener("abort", () => log.push("work stopped"));
    await new Promise(() => {});
  });
  override mount() {
    log.push("mount");
  }
  override handleParams() {
    log.push("handleParams");
  }
  override joined() {
    log.push("joined");
  }
  override handleInfo(message: unknown) {
    log.push(`info ${message}`);
  }
  override terminate() {
    log.push("terminate");
  }
  render() {
    log.push("render");
    return html`<${Part} id="part" /><${Inner} id="inner" />`;
  }
}

/** Begins all that a hook can begin for its view. */
const begins: OnMount = (view) => {
  view.setTimeout(() => log.push("hook's timer"), 5);
  view.subscribe(news, (message) => log.push(`hook heard ${message}`));
  view.send("hello");
  view.attachHook("handleParams", () => void log.push("hook of handleParams"));
  view.attachHook("handleInfo", () => void log.push("hook of handleInfo"));
  view.attachHook("afterRender", () => void log.push("hook of afterRender"));
};

class Speaker extends LiveView {
  say = this.event(() => this.publish(news, "hi"));
  render() {
    return html`<button phx-click=${this.say}>say</button>`;
  }
}

beforeEach(() => {
  log = [];
  isGuarded = true;
  ended = 0;
});
afterEach(() => {
  vi.useRealTimers();
});

const guards: [name: string, ends: OnMount][] = [
  ["redirects", (view) => view.redirect("/away")],
  [
    "redirects later",
    async (view) => {
      await Promise.resolve();
      view.redirect("/away");
    },
  ],
  [
    "throws",
    () => {
      throw new Error("forbidden");
    },
  ],
  [
    "throws later",
    async () => {
      await Promise.resolve();
      throw new Error("forbidden");
    },
  ],
];

function makeApp(ends: OnMount) {
  const app = createApp({ secret: "s".repeat(32), report: () => {} });
  const guard: OnMount = (view) => {
    if (!isGuarded) return undefined;
    ended++;
    return ends.call(view, view);
  };
  app.liveSession({ onMount: [begins, guard] }, (app) => app.live("/", Guarded));
  app.live("/speaker", Speaker);
  app.get("/away", (c) => c.html("away"));
  return app;
}

/** Gives all that was left behind a chance to run. */
async function passTime(app: ReturnType<typeof makeApp>) {
  const speaker = await live(app, "/speaker");
  await speaker.element("button").click();
  await vi.advanceTimersByTimeAsync(1000);
  await speaker.close();
}

test.each(guards)("nothing of a view runs at the request if its hook %s", async (name, ends) => {
  const app = makeApp(ends);
  const opening = live(app, "/");
  if (name.startsWith("redirects")) await expect(opening).rejects.toBeInstanceOf(RedirectError);
  else await expect(opening).rejects.toThrow("forbidden");
  vi.useFakeTimers({ toFake: ["setTimeout", "setInterval", "clearTimeout", "clearInterval"] });
  await passTime(app);
  expect(log.filter((entry) => entry !== "work stopped")).toEqual([]);
});

test.each(guards)("nor if it is mounted anew over the socket, if its hook %s", async (name, ends) => {
  const app = makeApp(ends);
  isGuarded = false;
  const view = await live(app, "/");
  await view.disconnect({ resume: false });
  isGuarded = true;
  log = [];
  const back = view.reconnect().catch(() => {});
  await vi.waitUntil(() => ended > 0);
  if (name.startsWith("redirects")) await back;
  await view.close();
  vi.useFakeTimers({ toFake: ["setTimeout", "setInterval", "clearTimeout", "clearInterval"] });
  await passTime(app);
  expect(log.filter((entry) => entry !== "work stopped")).toEqual([]);
});
