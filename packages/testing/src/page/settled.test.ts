/** Waiting for all that is under way: messages, and the work that views do beside them. */

import { type AsyncOutcome, asyncResult, html, LiveComponent, LiveView } from "@overwire/server";
import { deferred } from "@overwire/test-support/deferred";
import { expect, test, vi } from "vitest";
import { live } from "../index.ts";

/** A promise that a test settles. */
class Profile extends LiveView {
  name = deferred<string>();
  user = this.assignAsync(() => this.name.promise);
  again = this.event(() => this.startAsync("again", async () => "once more"));
  said = "";
  override handleAsync(_key: unknown, result: AsyncOutcome<unknown>) {
    this.said = result.ok ? String(result.value) : "";
  }
  render() {
    return html`<p>${asyncResult(this.user, { loading: "…", ok: (name: string) => name, failed: "none" })}</p>
      <button phx-click=${this.again}>again</button><b>${this.said}</b>`;
  }
}

test("a page is open while its view still loads; settled waits for what it loads", async () => {
  const view = await live(Profile);
  expect(view.text("p")).toBe("…");
  const settled = view.settled();
  view.instance.name.resolve("Ann");
  expect(await settled).toContain("<p>Ann</p>");
});

test("an action does not wait for what it starts, settled does", async () => {
  const view = await live(Profile);
  view.instance.name.resolve("Ann");
  await view.settled();
  await view.element("button").click();
  expect(await view.settled()).toContain("<b>once more</b>");
});

test("work that other work starts at its end is waited for too", async () => {
  class Chain extends LiveView {
    done: number[] = [];
    override mount() {
      this.whenever(0);
    }
    whenever(step: number) {
      this.startAsync(step, async () => {
        await new Promise((next) => setImmediate(next));
        return step;
      });
    }
    override handleAsync(step: number) {
      this.done.push(step);
      if (step < 3) this.whenever(step + 1);
    }
    render() {
      return html`<p>${this.done.join()}</p>`;
    }
  }
  const view = await live(Chain);
  expect(await view.settled()).toBe("<p>0,1,2,3</p>");
});

test("an answer that comes in parts is waited for to its end", async () => {
  class Answer extends LiveView {
    answer = this.feed<string>();
    ask = this.event(() =>
      this.answer.start(async function* () {
        for (const word of ["one", " ", "two"]) {
          await new Promise((next) => setImmediate(next));
          yield word;
        }
      }),
    );
    render() {
      return html`<button phx-click=${this.ask}>ask</button><p id="answer" phx-update="stream">${this.answer.each()}</p>`;
    }
  }
  const view = await live(Answer);
  await view.element("button").click();
  await view.settled();
  expect(view.text("#answer")).toBe("one two");
});

test("nested views and components count", async () => {
  const figures = deferred<number>();
  class Figure extends LiveComponent {
    value = this.assignAsync(() => figures.promise);
    render() {
      return html`<i>${this.value.ok ? this.value.result : "…"}</i>`;
    }
  }
  class Inner extends LiveView {
    value = this.assignAsync(async () => (await figures.promise) + 1);
    render() {
      return html`<b>${this.value.ok ? this.value.result : "…"}</b>`;
    }
  }
  class Outer extends LiveView {
    render() {
      return html`<${Figure} id="figure" /><${Inner} id="inner" />`;
    }
  }
  const view = await live(Outer);
  expect(view.text()).toBe("……");
  const settled = view.settled();
  figures.resolve(1);
  await settled;
  expect(view.text()).toBe("12");
});

test("work that does not end is named", async () => {
  class Inner extends LiveView {
    value = this.assignAsync(() => new Promise(() => {}));
    render() {
      return html``;
    }
  }
  class Stuck extends LiveView {
    value = this.assignAsync(() => new Promise(() => {}));
    answer = this.feed<string>();
    hold = this.event(() => {
      this.send("hold");
    });
    override async handleInfo() {
      await new Promise(() => {});
    }
    override mount() {
      this.startAsync("report", () => new Promise(() => {}));
    }
    override handleAsync() {}
    render() {
      return html`<button phx-click=${this.hold}>hold</button><${Inner} id="inner" />`;
    }
  }
  const view = await live(Stuck);
  const late = await view.settled({ timeout: 10 }).catch((error: unknown) => String(error));
  expect(late).toMatch(
    /Waited 10 ms for the page to settle, in vain\. Stuck still works at: .*value.*report/,
  );
  expect(late).toMatch(/; Inner still works at: .*value/);
  await view.element("button").click();
  await expect(view.settled({ timeout: 10 })).rejects.toThrow("Stuck still works at: its messages, ");
});

test("work of an ended view is not waited for", async () => {
  const view = await live(Profile);
  const { instance } = view;
  await view.disconnect({ resume: false });
  await view.reconnect();
  expect(view.instance).not.toBe(instance);
  view.instance.name.resolve("Bob");
  expect(await view.settled()).toContain("<p>Bob</p>");
});

test("a clock that a test holds still holds no wait", async () => {
  vi.useFakeTimers();
  try {
    const view = await live(Profile);
    view.instance.name.resolve("Ann");
    expect(await view.settled()).toContain("<p>Ann</p>");
  } finally {
    vi.useRealTimers();
  }
});

test("a machine that stands still uses up no time of a wait", async () => {
  const standStill = (ms: number) => {
    for (const end = performance.now() + ms; performance.now() < end; );
  };
  class Busy extends LiveView {
    done = 0;
    override mount() {
      this.startAsync("work", async () => {
        for (let step = 0; step < 5; step++) {
          await new Promise((next) => setImmediate(next));
          standStill(100);
        }
        await new Promise((next) => setImmediate(next));
      });
    }
    override handleAsync() {
      this.done++;
    }
    render() {
      return html`<p>${this.done}</p>`;
    }
  }
  const view = await live(Busy);
  expect(await view.settled({ timeout: 400 })).toContain("<p>1</p>");
});
