/** Background work on demand, with everything around it: app, page, client. */
import { deferred } from "@overwire/test-support/deferred";
import { live } from "@overwire/testing";
import { expect, test } from "vitest";
import { html } from "../../template/html.ts";
import { LiveComponent } from "../live-component.ts";
import { LiveView } from "../live-view.ts";
import type { AsyncLoader, AsyncOutcome } from "./task-run.ts";

/** Starts what the test gives it, and keeps what comes of it. */
class Tasks extends LiveView {
  heard: (readonly [key: unknown, AsyncOutcome<unknown>])[] = [];
  todo: ((view: Tasks) => void) | undefined;
  go = this.event(() => this.todo?.(this));
  override handleAsync(key: unknown, result: AsyncOutcome<unknown>) {
    this.heard = [...this.heard, [key, result]];
  }
  render() {
    const told = this.heard.map(([key, result]) =>
      result.ok
        ? `${JSON.stringify(key)}: ${result.value}`
        : `${JSON.stringify(key)} failed: ${result.error.message}`,
    );
    return html`<p>${told.join("; ")}</p><button phx-click=${this.go}>go</button>`;
  }
}

const open = async () => {
  const view = await live(Tasks);
  const run = async (todo: (view: Tasks) => void) => {
    view.instance.todo = todo;
    return view.element("button").click();
  };
  return { view, run };
};

test("the handler gets the result, once", async () => {
  const { view, run } = await open();
  await run((view) => view.startAsync("job", async () => "good"));
  await view.settled();
  expect(view.text("p")).toBe('"job": good');
});

test("a task that rejects or throws is delivered as an error; the view lives", async () => {
  const { view, run } = await open();
  await run((view) => view.startAsync("job", () => Promise.reject(new RangeError("boom"))));
  await run((view) =>
    view.startAsync("other", () => {
      throw "text";
    }),
  );
  await view.settled();
  expect(view.text("p")).toBe('"job" failed: boom; "other" failed: text');
  expect(view.instance.heard[0]?.[1]).toEqual({ ok: false, error: expect.any(RangeError) });
});

test("keys may have a structure, and are the same if their JSON is", async () => {
  const { view, run } = await open();
  const older = deferred<string>();
  const newer = deferred<string>();
  const key = () => ({ user: 7, parts: ["a"] });
  await run((view) => view.startAsync(key(), () => older.promise));
  await run((view) => view.startAsync(key(), () => newer.promise));
  await run((view) => view.startAsync({ user: 8 }, () => "another"));
  older.resolve("older");
  newer.resolve("newer");
  await view.settled();
  expect(view.instance.heard).toEqual([
    [{ user: 8 }, { ok: true, value: "another" }],
    [
      { user: 7, parts: ["a"] },
      { ok: true, value: "newer" },
    ],
  ]);
});

test("started again, the older run is aborted and its result dropped", async () => {
  const { view, run } = await open();
  const signals: AbortSignal[] = [];
  const older = deferred<string>();
  const start = (loader: AsyncLoader<string>) => (view: Tasks) =>
    view.startAsync("job", (signal) => {
      signals.push(signal);
      return loader(signal);
    });
  await run(start(() => older.promise));
  await run(start(() => "newer"));
  older.resolve("older");
  await view.settled();
  expect(view.text("p")).toBe('"job": newer');
  expect(signals.map(({ aborted }) => aborted)).toEqual([true, false]);
});

test("cancelled, the handler gets the reason; a new start works", async () => {
  const { view, run } = await open();
  let signal: AbortSignal | undefined;
  const wait = (given: AbortSignal) => {
    signal = given;
    return new Promise(() => {});
  };
  await run((view) => view.startAsync("job", wait));
  await run((view) => view.cancelAsync("job", new Error("not needed")));
  await view.settled();
  expect(view.text("p")).toBe('"job" failed: not needed');
  expect(signal?.reason).toEqual(new Error("not needed"));
  await run((view) => view.startAsync("job", () => "renewed"));
  await view.settled();
  expect(view.text("p")).toBe('"job" failed: not needed; "job": renewed');
});

test("cancelled without a reason it is an AbortError; cancelled and started again at once, only the new run counts", async () => {
  const { view, run } = await open();
  const wait = () => new Promise(() => {});
  await run((view) => view.startAsync("job", wait));
  await run((view) => view.cancelAsync("job"));
  await view.settled();
  expect(view.instance.heard[0]?.[1]).toMatchObject({ ok: false, error: { name: "AbortError" } });
  await run((view) => view.startAsync("other", wait));
  await run((view) => {
    view.cancelAsync("other");
    view.startAsync("other", () => "renewed");
  });
  await view.settled();
  expect(view.instance.heard.slice(1)).toEqual([["other", { ok: true, value: "renewed" }]]);
});

test("cancelling what does not run does nothing", async () => {
  const { view, run } = await open();
  await run((view) => view.cancelAsync("job"));
  await view.settled();
  expect(view.instance.heard).toEqual([]);
});

test("a task is aborted when its view ends", async () => {
  const { view, run } = await open();
  let signal: AbortSignal | undefined;
  await run((view) =>
    view.startAsync("job", (given) => {
      signal = given;
      return new Promise(() => {});
    }),
  );
  expect(signal?.aborted).toBe(false);
  await view.close();
  expect(signal?.aborted).toBe(true);
});

test("a test that waits for the view waits for its tasks", async () => {
  const { view, run } = await open();
  const job = deferred<string>();
  await run((view) => view.startAsync("job", () => job.promise));
  await expect(view.settled({ timeout: 1 })).rejects.toThrow('handleAsync "job"');
  queueMicrotask(() => job.resolve("done"));
  expect(await view.settled()).toContain("done");
});

test("started while the view mounts, a task begins when a client is there", async () => {
  let runs = 0;
  class View extends LiveView {
    heard = "";
    override mount() {
      this.startAsync("job", () => ++runs);
    }
    override handleAsync(_key: unknown, result: AsyncOutcome<unknown>) {
      this.heard = result.ok ? `run ${result.value}` : "failed";
    }
    render() {
      return html`<p>${this.heard}</p>`;
    }
  }
  const view = await live(View);
  await view.settled();
  expect(view.text("p")).toBe("run 1");
});

test("a view that does not handle results cannot start tasks", async () => {
  class View extends LiveView {
    go = this.event(() => this.startAsync("job", () => 1));
    render() {
      return html`<button phx-click=${this.go}>go</button>`;
    }
  }
  const view = await live(View);
  await expect(view.element("button").click()).rejects.toThrow(/View\.startAsync.*handleAsync/);
});

test("a key that has no JSON is told at once", async () => {
  const { run } = await open();
  await expect(run((view) => view.startAsync(Symbol("job"), () => 1))).rejects.toThrow(
    "A task's key must have a JSON",
  );
});

/** Does with a result what the key says. */
function handle(view: LiveView | LiveComponent, key: unknown) {
  if (key === "navigate") view.pushNavigate("/elsewhere");
  if (key === "redirect") view.redirect("/elsewhere");
  if (key === "patch") view.pushPatch("/?patched=yes");
  view.putFlash("info", `by ${key}`);
}

const buttons = (go: (payload: { key: string }) => unknown) =>
  ["navigate", "redirect", "patch", "flash"].map(
    (key) => html`<button phx-click=${go({ key })}>${key}</button>`,
  );

class Part extends LiveComponent {
  go = this.event(({ key }) => this.startAsync(key, () => 1));
  override handleAsync(key: unknown) {
    handle(this, key);
  }
  render() {
    return html`<div><i>${this.flash.info}</i>${buttons(this.go)}</div>`;
  }
}

class Whole extends LiveView {
  go = this.event(({ key }) => this.startAsync(key, () => 1));
  override handleAsync(key: unknown) {
    handle(this, key);
  }
  render() {
    return html`<i>${this.flash.info}</i>${buttons(this.go)}`;
  }
}

class Around extends LiveView {
  override handleParams() {}
  render() {
    return html`<${Part} id="part" />`;
  }
}

for (const View of [Whole, Around] as (new () => LiveView)[]) {
  const where = View === Whole ? "view" : "component";
  test(`the handler of a ${where} navigates, redirects, patches, puts a flash`, async () => {
    for (const kind of ["navigate", "redirect"] as const) {
      const view = await live(View);
      await view.element("button", kind).click();
      expect(await view.assertRedirect("/elsewhere")).toMatchObject({ kind, flash: { info: `by ${kind}` } });
    }
    const view = await live(View);
    await view.element("button", "patch").click();
    await view.assertPatch("/?patched=yes");
    await view.element("button", "flash").click();
    await view.settled();
    expect(view.text("i")).toBe("by flash");
  });
}

test("a component that is removed hears of nothing any more", async () => {
  const job = deferred<string>();
  const heard: unknown[] = [];
  class Part extends LiveComponent {
    go = this.event(() => this.startAsync("job", () => job.promise));
    override handleAsync(key: unknown) {
      heard.push(key);
    }
    render() {
      return html`<aside><button phx-click=${this.go}>go</button></aside>`;
    }
  }
  class View extends LiveView {
    shown = true;
    hide = this.event(() => {
      this.shown = false;
    });
    render() {
      return html`<button id="hide" phx-click=${this.hide}>hide</button>${this.shown && html`<${Part} id="part" />`}`;
    }
  }
  const view = await live(View);
  await view.element("aside button").click();
  await view.element("#hide").click();
  job.resolve("late");
  await view.settled();
  expect(heard).toEqual([]);
});
