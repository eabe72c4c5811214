/** Feeds with everything around them: app, page, client. */
import { live } from "@overwire/testing";
import { expect, test, vi } from "vitest";
import { html } from "../../template/html.ts";
import { LiveComponent } from "../live-component.ts";
import { LiveView } from "../live-view.ts";

/** A source whose chunks the test gives. */
function pipe() {
  const chunks: string[] = [];
  let wake = () => {};
  let ended: { error?: Error } | undefined;
  const signals: AbortSignal[] = [];
  async function* read(signal: AbortSignal) {
    signals.push(signal);
    for (;;) {
      while (!chunks.length && !ended) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      const chunk = chunks.shift();
      if (chunk !== undefined) yield chunk;
      else if (ended?.error) throw ended.error;
      else return;
    }
  }
  return {
    read,
    signals,
    /** Chunks that have not been read. */
    left: () => chunks.length,
    give(...more: string[]) {
      chunks.push(...more);
      wake();
    },
    end(error?: Error) {
      ended = error ? { error } : {};
      wake();
    },
  };
}

const until = (condition: () => boolean) => vi.waitUntil(condition, { interval: 5 });

test("text grows on the page as it comes, and is done at its end", async () => {
  const source = pipe();
  class Chat extends LiveView {
    answer = this.feed<string>();
    ask = this.event(() => this.answer.start(source.read));
    render() {
      const { running, done } = this.answer;
      return html`<p>${this.answer.each()}</p><i>${running ? "writing" : done ? "done" : "idle"}</i><button phx-click=${this.ask}>ask</button>`;
    }
  }
  const view = await live(Chat);
  expect(view.text("i")).toBe("idle");
  await view.element("button").click();
  expect(view.text("i")).toBe("writing");
  source.give("The <b>");
  await until(() => view.text("p") === "The <b>");
  source.give(" cat", " sat");
  await until(() => view.text("p") === "The <b> cat sat");
  source.end();
  await view.settled();
  expect(view.text("i")).toBe("done");
  expect(view.text("p")).toBe("The <b> cat sat");
});

test("another answer takes the place of the one before; what the page does meanwhile changes nothing of it", async () => {
  const sources = [pipe(), pipe()];
  class Chat extends LiveView {
    asked = 0;
    count = 0;
    answer = this.feed<string>();
    ask = this.event(() => this.answer.start((signal) => sources[this.asked++]!.read(signal)));
    inc = this.event(() => {
      this.count++;
    });
    render() {
      return html`<p>${this.answer.each((text) => html`<b>${text}</b>`)}</p><button phx-click=${this.ask}>ask</button><button phx-click=${this.inc}>${this.count}</button>`;
    }
  }
  const view = await live(Chat);
  await view.element("button", "ask").click();
  sources[0]?.give("first");
  await until(() => view.text("p") === "first");
  await view.element("button", "0").click();
  expect(view.element("p").html()).toContain("<b>first</b>");
  await view.element("button", "ask").click();
  expect(view.text("p")).toBe("");
  expect(sources[0]?.signals[0]?.aborted).toBe(true);
  sources[1]?.give("second");
  await until(() => view.text("p") === "second");
});

test("a source that throws is told of, the view lives and what came stays", async () => {
  const source = pipe();
  class Chat extends LiveView {
    answer = this.feed<string>();
    override mount() {
      this.answer.start(source.read);
    }
    render() {
      return html`<p>${this.answer.each()}</p><i>${this.answer.failed?.message}</i>`;
    }
  }
  const view = await live(Chat);
  source.give("half");
  source.end(new Error("the model is gone"));
  await view.settled();
  expect(view.text("p")).toBe("half");
  expect(view.text("i")).toBe("the model is gone");
});

test("a first paint reads nothing; stopping ends what is read", async () => {
  const source = pipe();
  class Chat extends LiveView {
    answer = this.feed<string>();
    override mount() {
      this.answer.start(source.read);
      expect(source.signals).toEqual([]);
    }
    stop = this.event(() => this.answer.stop());
    render() {
      return html`<p>${this.answer.each()}</p><button phx-click=${this.stop}>stop</button>`;
    }
  }
  const view = await live(Chat);
  source.give("text");
  await until(() => view.text("p") === "text");
  await expect(view.settled({ timeout: 1 })).rejects.toThrow("feed answer");
  await view.element("button").click();
  expect(source.signals[0]?.aborted).toBe(true);
  await view.settled();
  expect(view.text("p")).toBe("text");
});

test("a component that is removed ends what it reads", async () => {
  const source = pipe();
  class Answer extends LiveComponent {
    text = this.feed<string>();
    override mount() {
      this.text.start(source.read);
    }
    render() {
      return html`<p>${this.text.each()}</p>`;
    }
  }
  class View extends LiveView {
    shown = true;
    hide = this.event(() => {
      this.shown = false;
    });
    render() {
      return html`<button phx-click=${this.hide}>hide</button>${this.shown && html`<${Answer} id="answer" />`}`;
    }
  }
  const view = await live(View);
  source.give("text");
  await until(() => view.text("p") === "text");
  await view.element("button").click();
  expect(source.signals[0]?.aborted).toBe(true);
  await view.settled();
});

test("text outlives a lost connection", async () => {
  const source = pipe();
  class Chat extends LiveView {
    answer = this.feed<string>();
    override mount() {
      this.answer.start(source.read);
    }
    render() {
      return html`<p>${this.answer.each()}</p>`;
    }
  }
  const view = await live(Chat);
  source.give("before, ");
  await until(() => view.text("p") === "before,");
  await view.disconnect();
  source.give("meanwhile, ");
  await view.reconnect();
  source.give("after");
  source.end();
  await view.settled();
  expect(view.text("p")).toBe("before, meanwhile, after");
});

test("a feed that is shown when it has ended reads to its end, and all of it is there", async () => {
  const words = Array.from({ length: 3000 }, (_, number) => `${number} `);
  class Chat extends LiveView {
    answer = this.feed<string>();
    ask = this.event(() =>
      this.answer.start(async function* () {
        yield* words;
      }),
    );
    render() {
      return html`<button phx-click=${this.ask}>ask</button>${this.answer.running ? html`<i>thinking</i>` : html`<p>${this.answer.each()}</p>`}`;
    }
  }
  const view = await live(Chat);
  await view.element("button").click();
  await view.settled();
  expect(view.text("p")).toBe(words.join("").trim());
});

test("one that leaves the page while its chunks are not taken is read on", async () => {
  const source = pipe();
  class Chat extends LiveView {
    isShown = true;
    answer = this.feed<string>();
    override mount() {
      this.answer.start(source.read);
      this.subscribe("hide", () => {
        this.isShown = false;
      });
    }
    render() {
      return html`<i>${this.answer.done ? "done" : ""}</i>${this.isShown && html`<p>${this.answer.each()}</p>`}`;
    }
  }
  const view = await live(Chat);
  const { instance } = view;
  source.give("before");
  await until(() => view.text("p") === "before");
  await view.disconnect();
  source.give(...Array.from({ length: 2500 }, () => "x"));
  source.end();
  await until(() => source.left() < 2500);
  instance.publish("hide", 0);
  await view.reconnect();
  expect(view.instance).toBe(instance);
  await until(() => view.text("i") === "done");
});
