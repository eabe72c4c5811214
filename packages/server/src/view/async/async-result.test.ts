/** Values loaded beside the mailbox, with everything around them: app, page, client. */
import { type Deferred, deferred } from "@overwire/test-support/deferred";
import { live } from "@overwire/testing";
import { expect, test } from "vitest";
import { createApp } from "../../app.ts";
import { html } from "../../template/html.ts";
import { LiveComponent } from "../live-component.ts";
import { LiveView } from "../live-view.ts";
import type { AsyncResult } from "./async-result.ts";
import { asyncResult } from "./async-result-view.ts";
import type { AsyncLoader } from "./task-run.ts";

/** State of a result: the value, marked if there is more to tell. */
const show = (value: AsyncResult<unknown>) =>
  html`<p>${asyncResult(value, {
    loading: "loading",
    ok: (value, { loading, failed }) =>
      `${value}${loading ? ", loading again" : ""}${failed ? `, but ${failed.message}` : ""}`,
    failed: (error) => `${error.name}: ${error.message}`,
  })}</p>`;

/** A view that loads what the loader loads. */
const viewOf = <T>(loader: AsyncLoader<T>) =>
  class View extends LiveView {
    data = this.assignAsync(loader);
    again = this.event(() => this.data.reload());
    anew = this.event(() => this.data.reload({ reset: true }));
    cancel = this.event(() => this.data.cancel());
    render() {
      return html`${show(this.data)}
        <button phx-click=${this.again}>again</button>
        <button phx-click=${this.anew}>anew</button>
        <button phx-click=${this.cancel}>cancel</button>`;
    }
  };

/** A loader whose runs the test answers one by one. */
function scripted<T>() {
  const runs: Deferred<T>[] = [];
  const signals: AbortSignal[] = [];
  const loader = (signal: AbortSignal) => {
    const run = deferred<T>();
    runs.push(run);
    signals.push(signal);
    return run.promise;
  };
  return { loader, runs, signals };
}

test("loading, then the value", async () => {
  const { loader, runs } = scripted<number>();
  const view = await live(viewOf(loader));
  expect(view.text("p")).toBe("loading");
  expect(view.instance.data).toMatchObject({
    loading: true,
    ok: false,
    failed: undefined,
    result: undefined,
  });
  runs[0]?.resolve(123);
  await view.settled();
  expect(view.text("p")).toBe("123");
  expect(view.instance.data).toMatchObject({ loading: false, ok: true, failed: undefined, result: 123 });
});

test("a first paint shows that it is loading, and loads nothing", async () => {
  const app = createApp({ secret: "x".repeat(32) });
  let runs = 0;
  app.live(
    "/",
    viewOf(() => ++runs),
  );
  const body = await (await app.request("/")).text();
  expect(body).toContain("<p>loading</p>");
  expect(runs).toBe(0);
});

test("any value is fine, undefined too", async () => {
  const view = await live(viewOf(() => undefined));
  await view.settled();
  expect(view.instance.data).toMatchObject({ loading: false, ok: true, result: undefined });
});

test("a loader that rejects has failed with its reason, and the view lives", async () => {
  const view = await live(viewOf(() => Promise.reject(new RangeError("no such user"))));
  await view.settled();
  expect(view.text("p")).toBe("RangeError: no such user");
  expect(view.instance.data).toMatchObject({ loading: false, ok: false });
});

test("a loader that throws at once has failed too; what is no error becomes one", async () => {
  const view = await live(
    viewOf(() => {
      throw "boom";
    }),
  );
  await view.settled();
  expect(view.text("p")).toBe("Error: boom");
  expect(view.instance.data.failed?.cause).toBe("boom");
});

test("loaded again, the old value stays until the new one is there", async () => {
  const { loader, runs } = scripted<number>();
  const view = await live(viewOf(loader));
  runs[0]?.resolve(123);
  await view.settled();
  await view.element("button", "again").click();
  expect(view.text("p")).toBe("123, loading again");
  runs[1]?.resolve(456);
  await view.settled();
  expect(view.text("p")).toBe("456");
});

test("loaded again with a reset, the old value is hidden", async () => {
  const { loader, runs } = scripted<number>();
  const view = await live(viewOf(loader));
  runs[0]?.resolve(123);
  await view.settled();
  await view.element("button", "anew").click();
  expect(view.text("p")).toBe("loading");
  runs[1]?.resolve(456);
  await view.settled();
  expect(view.text("p")).toBe("456");
});

test("of several values one may be reset and another kept", async () => {
  const one = scripted<string>();
  const two = scripted<string>();
  class View extends LiveView {
    one = this.assignAsync(one.loader);
    two = this.assignAsync(two.loader);
    again = this.event(() => {
      this.one.reload();
      this.two.reload({ reset: true });
    });
    render() {
      return html`${show(this.one)}${show(this.two)}<button phx-click=${this.again}>again</button>`;
    }
  }
  const view = await live(View);
  const texts = () => [...view.container.querySelectorAll("p")].map((p) => p.textContent);
  one.runs[0]?.resolve("1");
  two.runs[0]?.resolve("2");
  await view.settled();
  expect(texts()).toEqual(["1", "2"]);
  await view.element("button").click();
  expect(texts()).toEqual(["1, loading again", "loading"]);
  two.runs[1]?.resolve("22");
  one.runs[1]?.resolve("11");
  await view.settled();
  expect(texts()).toEqual(["11", "22"]);
});

test("a value that fails to load again stays; the failure is told, and over when it loads again", async () => {
  const { loader, runs } = scripted<number>();
  const view = await live(viewOf(loader));
  runs[0]?.resolve(1);
  await view.settled();
  await view.element("button", "again").click();
  runs[1]?.reject(new Error("it broke"));
  await view.settled();
  expect(view.text("p")).toBe("1, but it broke");
  await view.element("button", "again").click();
  expect(view.text("p")).toBe("1, loading again");
});

test("of two runs only the newer one counts, whichever is done first", async () => {
  const { loader, runs, signals } = scripted<string>();
  const view = await live(viewOf(loader));
  await view.element("button", "again").click();
  expect(signals.map(({ aborted }) => aborted)).toEqual([true, false]);
  runs[1]?.resolve("newer");
  runs[0]?.resolve("older");
  await view.settled();
  expect(view.text("p")).toBe("newer");
});

test("cancelled, it has failed with an AbortError, and a late result is not shown", async () => {
  const { loader, runs, signals } = scripted<string>();
  const view = await live(viewOf(loader));
  await view.element("button", "cancel").click();
  expect(view.text("p")).toBe("AbortError: Loading was cancelled.");
  expect(view.instance.data).toMatchObject({ loading: false, ok: false });
  expect(signals[0]).toMatchObject({ aborted: true, reason: view.instance.data.failed });
  runs[0]?.resolve("late");
  await view.settled();
  expect(view.text("p")).toContain("AbortError");
});

test("cancelling changes nothing if nothing is being loaded", async () => {
  const view = await live(viewOf(() => 1));
  await view.settled();
  await view.element("button", "cancel").click();
  expect(view.text("p")).toBe("1");
});

test("its run is aborted when the view ends", async () => {
  const { loader, signals } = scripted<string>();
  const view = await live(viewOf(loader));
  expect(signals[0]?.aborted).toBe(false);
  await view.close();
  expect(signals[0]?.aborted).toBe(true);
});

test("it may be made later than the view: in mount, or in a handler", async () => {
  const later = deferred<string>();
  class View extends LiveView<"/:id"> {
    declare early: AsyncResult<string>;
    late: AsyncResult<string> | undefined;
    override mount() {
      this.early = this.assignAsync(async () => `user ${this.params.id}`);
    }
    load = this.event(() => {
      this.late = this.assignAsync(() => later.promise);
    });
    render() {
      return html`${show(this.early)}<aside>${this.late && show(this.late)}</aside><button phx-click=${this.load}>load</button>`;
    }
  }
  const view = await live(View, { params: { id: "7" } });
  await view.settled();
  expect(view.text("p")).toBe("user 7");
  await view.element("button").click();
  expect(view.text("aside p")).toBe("loading");
  later.resolve("loaded");
  await view.settled();
  expect(view.text("aside p")).toBe("loaded");
});

class Card extends LiveComponent<{ load: (id: string, signal: AbortSignal) => Promise<string> }> {
  data = this.assignAsync((signal) => this.props.load(`${this.prefix} ${this.id}`, signal));
  prefix = "card";
  again = this.event(() => this.data.reload({ reset: true }));
  cancel = this.event(() => this.data.cancel());
  render() {
    return html`<section id=${this.id}>${show(this.data)}<button phx-click=${this.again}>again</button><button phx-click=${this.cancel}>cancel</button></section>`;
  }
}

test("in a component, from the first rendering and one that comes later", async () => {
  const asked: string[] = [];
  const load = async (id: string) => {
    asked.push(id);
    if (id.endsWith("bad")) throw new Error("not found");
    return `data of ${id}`;
  };
  class View extends LiveView {
    ids = ["a", "bad"];
    more = this.event(() => {
      this.ids = [...this.ids, "later"];
    });
    render() {
      return html`<button id="more" phx-click=${this.more}>more</button>${this.ids.map((id) => html`<${Card} id=${id} load=${load} />`)}`;
    }
  }
  const view = await live(View);
  await view.settled();
  expect(view.text("#a p")).toBe("data of card a");
  expect(view.text("#bad p")).toBe("Error: not found");
  await view.element("#more").click();
  await view.settled();
  expect(view.text("#later p")).toBe("data of card later");
  expect(asked).toEqual(["card a", "card bad", "card later"]);
});

test("in a component, cancelled and renewed", async () => {
  const { loader, runs } = scripted<string>();
  class View extends LiveView {
    render() {
      return html`<${Card} id="a" load=${() => loader(new AbortController().signal)} />`;
    }
  }
  const view = await live(View);
  await view.element("#a button", "cancel").click();
  expect(view.text("#a p")).toContain("AbortError");
  await view.element("#a button", "again").click();
  expect(view.text("#a p")).toBe("loading");
  runs[0]?.resolve("cancelled");
  runs[1]?.resolve("renewed");
  await view.settled();
  expect(view.text("#a p")).toBe("renewed");
});

test("a component that is removed aborts its run; nothing is left to wait for", async () => {
  let signal: AbortSignal | undefined;
  const load = (_id: string, given: AbortSignal) => {
    signal = given;
    return new Promise<string>(() => {});
  };
  class View extends LiveView {
    shown = true;
    hide = this.event(() => {
      this.shown = false;
    });
    render() {
      return html`<button id="hide" phx-click=${this.hide}>hide</button>${this.shown && html`<${Card} id="a" load=${load} />`}`;
    }
  }
  const view = await live(View);
  await view.element("#hide").click();
  expect(signal?.aborted).toBe(true);
  await view.settled();
});

test("settled names what is being loaded", async () => {
  const view = await live(viewOf(() => new Promise(() => {})));
  await expect(view.settled({ timeout: 1 })).rejects.toThrow("assignAsync data");
});

test("asyncResult shows nothing for a state that it is not told of", async () => {
  const { loader, runs } = scripted<string>();
  class View extends LiveView {
    data = this.assignAsync(loader);
    fail = this.event(() => this.data.cancel());
    again = this.event(() => this.data.reload());
    render() {
      const silent = asyncResult(this.data, {});
      const late = asyncResult(this.data, {
        loading: ({ loading }) => `${loading}`,
        failed: html`<b>failed</b>`,
      });
      return html`<p>${silent}</p><i>${late}</i><button phx-click=${this.fail}>fail</button><button phx-click=${this.again}>again</button>`;
    }
  }
  const view = await live(View);
  expect(view.text("p")).toBe("");
  expect(view.text("i")).toBe("true");
  await view.element("button", "fail").click();
  expect(view.text("p")).toBe("");
  expect(view.text("i b")).toBe("failed");
  await view.element("button", "again").click();
  runs[1]?.resolve("value");
  await view.settled();
  expect(view.text("p")).toBe("");
});
