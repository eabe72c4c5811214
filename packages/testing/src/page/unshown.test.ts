/** Fields that change when no handler of the view runs, so that nothing shows it. */
import { createApp, html, LiveComponent, LiveView, type Report } from "@overwire/server";
import { afterEach, beforeEach, describe, expect, type MockInstance, test, vi } from "vitest";
import { live } from "../index.ts";

let warn: MockInstance<typeof console.warn>;
beforeEach(() => {
  warn = vi.spyOn(console, "warn").mockReturnValue(undefined);
});
afterEach(() => {
  warn.mockRestore();
  vi.unstubAllEnvs();
});

const late = (field: string) =>
  `${field} changed after its handler had ended, so no patch showed it. Await the work, or use this.setTimeout, this.startAsync or this.send.`;

/** Work that ends when a test says so. */
let finish = () => {};
const work = () =>
  new Promise<void>((resolve) => {
    finish = resolve;
  });
/** Ends the work, and all that follows from it at once. */
const finished = async () => {
  finish();
  await new Promise((resolve) => setImmediate(resolve));
};

class Clock extends LiveView {
  seconds = 0;
  rows: string[] = [];
  timer: NodeJS.Timeout | undefined;
  #hidden = 0;
  load = this.event(() => {
    void this.#load();
  });
  async #load() {
    await work();
    this.seconds++;
    this.rows.push("row");
    this.#hidden++;
    this.timer = setTimeout(() => {}).unref();
  }
  careful = this.event(() => {
    void work().then(() => {
      this.seconds++;
      this.send("loaded");
    });
  });
  flushing = this.event(() => {
    void work().then(() => {
      this.seconds++;
      this.flush();
    });
  });
  started = this.event(() => {
    this.startAsync("work", async () => {
      this.seconds++;
      await work();
    });
  });
  beside = this.event(async () => {
    this.seconds++;
    await work();
    this.seconds++;
  });
  nothing = this.event(() => {});
  handleInfo() {}
  handleAsync() {}
  render() {
    return html`<b>${this.seconds} ${this.rows.length} ${this.#hidden}</b><button phx-click=${this.nothing}>nothing</button>`;
  }
}

describe("a field that changes after its handler had ended", () => {
  test("is warned of when the page rests, once for each", async () => {
    const view = await live(Clock);
    await view.event("load");
    await finished();
    await view.settled();
    await view.settled();
    await view.event("nothing");
    expect(warn.mock.calls).toEqual([[late("Clock.seconds")], [late("Clock.rows")]]);
    await view.event("load");
    await finished();
    await view.settled();
    expect(warn).toHaveBeenCalledTimes(2);
    await view.close();
  });

  test("is warned of at the next action", async () => {
    const view = await live(Clock);
    await view.event("load");
    await finished();
    await view.element("button").click();
    expect(warn.mock.calls).toEqual([[late("Clock.seconds")], [late("Clock.rows")]]);
  });

  test("is raised or ignored as a likely mistake", async () => {
    const raising = await live(Clock, { onError: { likelyMistake: "raise" } });
    await raising.event("load");
    await finished();
    await expect(raising.settled()).rejects.toThrow(late("Clock.seconds"));
    const ignoring = await live(Clock, { onError: { likelyMistake: "ignore" } });
    await ignoring.event("load");
    await finished();
    await ignoring.settled();
    expect(warn).not.toHaveBeenCalled();
  });

  test("is reported once for an app in development, and in production never", async () => {
    for (const mode of ["development", "production"]) {
      vi.stubEnv("NODE_ENV", mode);
      const reports: Report[] = [];
      const app = createApp({
        secret: "qX7vB2mK9pL4tR8wZ1cN6yF3hJ5dG0sA",
        report: (report) => reports.push(report),
      });
      app.live("/", Clock);
      for (const _ of [1, 2]) {
        const view = await live(app, "/", { onError: "ignore" });
        await view.event("load");
        await finished();
        await view.event("nothing");
      }
      const found = reports.filter(({ message }) => message.includes("after its handler"));
      const expected = ["Clock.seconds", "Clock.rows"].map((field) => ({
        kind: "warning",
        view: "Clock",
        message: late(field),
      }));
      expect(found).toMatchObject(mode === "production" ? [] : expected);
    }
  });

  test("is found in a live component as well", async () => {
    class Card extends LiveComponent<{ id: string }> {
      open = false;
      toggle = this.event(() => {
        void work().then(() => {
          this.open = true;
        });
      });
      render() {
        return html`<p phx-click=${this.toggle}>${this.open}</p>`;
      }
    }
    class Board extends LiveView {
      render() {
        return html`<${Card} id="a" /><${Card} id="b" />`;
      }
    }
    const view = await live(Board);
    await view.element("p:first-child").click();
    await finished();
    await view.element("p:first-child").click();
    expect(warn.mock.calls).toEqual([[late("Card.open")]]);
  });
});

describe("no warning is given of", () => {
  test.each(["careful", "flushing", "started", "beside"])("work that is shown: %s", async (name) => {
    const view = await live(Clock, { onError: "raise" });
    const action = view.event(name);
    await new Promise((resolve) => setImmediate(resolve));
    await finished();
    await action;
    await view.settled();
    await view.event("nothing");
    await view.settled();
  });

  test("fields that change on the way: of data that is loaded, timers, props, forms, patches and other clients", async () => {
    class Row extends LiveComponent<{ id: string; n: number }> {
      double = 0;
      renders = 0;
      update() {
        this.double = this.props.n * 2;
      }
      render() {
        this.renders++;
        return html`<i>${this.double}</i>`;
      }
    }
    class Busy extends LiveView {
      n = 0;
      ticks = 0;
      told = 0;
      path = "";
      list = this.stream<{ id: number }>();
      data = this.assignAsync(async () => 1);
      latest = this.event(async () => {
        this.n++;
        await this.optimistic(
          () => {
            this.n += 10;
          },
          () => {
            throw new Error("not kept");
          },
        );
      });
      mount() {
        this.setTimeout(() => this.ticks++, 0);
        this.attachHook("afterRender", () => {
          this.told++;
        });
      }
      joined() {
        this.told++;
      }
      handleParams() {
        this.path = String(this.params.q);
        this.list.insert({ id: 1 });
      }
      add = this.event(() => {
        this.n++;
      });
      render() {
        this.told++;
        return html`${this.n} ${this.ticks} ${this.path}<${Row} id="row" n=${this.n} />`;
      }
    }
    const view = await live(Busy, { onError: "raise" });
    await view.event("add");
    await view.event("latest").catch(() => {});
    await view.event("add");
    await view.patchTo("/?q=2");
    await view.settled();
    await view.disconnect();
    await view.reconnect();
    await view.event("add");
    view.instance.n = 40;
    view.instance.flush();
    await view.settled();
    expect(await view.event("add")).toContain("41");
  });
});
