/** Pages whose client comes, goes and comes back, in a whole app: changes made meanwhile reach it. */
import { openSocket, tokensOf } from "@overwire/test-support/fake-socket";
import { joinFrame } from "@overwire/test-support/frames";
import { live } from "@overwire/testing";
import { expect, test, vi } from "vitest";
import { createApp } from "../app.ts";
import { html } from "../template/html.ts";
import { LiveComponent } from "./live-component.ts";
import { LiveView } from "./live-view.ts";

/** Source for a feed of texts that a test says. */
class Speech implements AsyncIterable<string> {
  #waiting: string[] = [];
  #wake: () => void = () => {};

  say(text: string): void {
    this.#waiting.push(text);
    this.#wake();
  }

  /** All of it was taken. */
  get isHeard(): boolean {
    return this.#waiting.length === 0;
  }

  async *[Symbol.asyncIterator]() {
    for (;;) {
      yield* this.#waiting.splice(0);
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        if (!this.isHeard) resolve();
      });
    }
  }
}

test("a feed that goes on while the connection is lost has all of its text", async () => {
  const speech = new Speech();
  class Feeding extends LiveView {
    words = this.feed<string>();
    override mount() {
      this.words.start(speech);
    }
    render() {
      return html`<p>${this.words.each()}</p>`;
    }
  }
  const view = await live(Feeding);
  const { instance } = view;
  speech.say("one ");
  await vi.waitUntil(() => view.text("p") === "one");
  await view.disconnect();
  for (const word of ["two ", "three ", "four ", "five "]) {
    speech.say(word);
    await vi.waitUntil(() => speech.isHeard);
  }
  await view.reconnect();
  speech.say("six ");
  await vi.waitUntil(() => view.text("p").endsWith("six"));
  expect(view.text("p")).toBe("one two three four five six");
  expect(view.instance).toBe(instance);
});

test("an update that mount sends a component is applied: on a page load, a live navigation and a mount anew", async () => {
  class Part extends LiveComponent<{ name: string }> {
    render() {
      return html`<i>${this.props.name}</i>`;
    }
  }
  class Updating extends LiveView {
    crash = this.event(() => {
      throw new Error("crash");
    });
    override mount() {
      this.sendUpdate(Part, { id: "p", name: "new" });
    }
    render() {
      return html`<${Part} id="p" name="old" />`;
    }
  }
  class Start extends LiveView {
    render() {
      return html`<p></p>`;
    }
  }
  const app = createApp({ secret: "s".repeat(32), report: () => {} });
  app.live("/", Start);
  app.live("/updating", Updating);

  const loaded = await live(app, "/updating");
  await loaded.settled();
  expect(loaded.text("i")).toBe("new");

  const view = await live(app, "/");
  await view.navigateTo("/updating");
  await view.settled();
  expect(view.text("i")).toBe("new");

  await view.event("crash").catch(() => {});
  await vi.waitUntil(() => view.hasElement("i", "new"));
});

test("a client that does not read what is pushed is closed with 4408, and told all of it when it is back", async () => {
  class Flooding extends LiveView {
    pushed = 0;
    override handleInfo() {
      this.pushEvent("told", { n: this.pushed++ });
    }
    render() {
      return html`<p>page</p>`;
    }
  }
  const app = createApp({ secret: "s".repeat(32), report: () => {}, limits: { pushedEvents: 100 } });
  app.live("/", Flooding);
  const [token] = await tokensOf(app);
  const tab = openSocket(app);
  expect(tab.say(joinFrame(1, token, { attempt: 1 })).map(([kind]) => kind)).toEqual(["j"]);
  const { view } = tab.socket.process(1) as { view: LiveView };
  tab.peer.bufferedAmount = 10_000_000;
  for (let i = 0; i < 80; i++) view.send("push");
  expect([tab.peer.frames, tab.peer.closed?.[0]]).toEqual([[], 4408]);

  const back = openSocket(app);
  const [join] = back.say(joinFrame(1, token, { attempt: 2, seen: 1 }));
  expect(join?.[4]).toMatchObject({
    q: [0],
    e: Array.from({ length: 80 }, (_, n) => ["told", { n }]),
  });
  expect(back.socket.process(1)?.view).toBe(view);
});
