/** Mistakes of habit in a view: a test fails of what can never be right, and prints what may be meant. */
import { type Child, createApp, each, html, LiveComponent, LiveView, type Report } from "@overwire/server";
import { afterEach, beforeEach, expect, type MockInstance, test, vi } from "vitest";
import { z } from "zod";
import { live } from "../index.ts";

let warn: MockInstance<typeof console.warn>;
beforeEach(() => {
  warn = vi.spyOn(console, "warn").mockReturnValue(undefined);
});
afterEach(() => {
  warn.mockRestore();
});

/** A view of a template, with a button that shows another one. */
const showing = (first: () => Child, next: () => Child = first) =>
  class Page extends LiveView {
    isNext = false;
    go = this.event(() => {
      this.isNext = true;
    });
    render() {
      return html`<button phx-click=${this.go}>go</button>${this.isNext ? next() : first()}`;
    }
  };

test("a habit that can never be right fails the test that opens the page, with its place", async () => {
  await expect(live(showing(() => html`<p className="a">x</p>`))).rejects.toThrow(
    /^In what Page renders: className is no attribute of HTML\. Write class\.\n\n {2}<p className="a">x<\/p>\n {5}\^/,
  );
});

test("or the action that brings it, in each test anew", async () => {
  const Page = showing(
    () => "",
    () => html`<Card>x</Card>`,
  );
  for (let time = 0; time < 2; time++) {
    const view = await live(Page);
    await expect(view.element("button").click()).rejects.toThrow("Write <${Card} …>…<//> for a component.");
  }
});

test("a habit that may be meant is printed once", async () => {
  const view = await live(showing(() => html`<p>{name}</p>`));
  await view.element("button").click();
  expect(warn.mock.calls).toEqual([[expect.stringContaining("is a $ missing? Write ${…}.")]]);
});

test("a test says otherwise", async () => {
  const Page = showing(() => html`<p className="a">{name}</p>`);
  await live(Page, { onError: "ignore" });
  await live(Page, { onError: { mistake: "ignore", likelyMistake: "ignore" } });
  expect(warn).not.toHaveBeenCalled();
  await live(Page, { onError: { mistake: "warn" } });
  expect(warn).toHaveBeenCalledTimes(2);
  await expect(live(Page, { onError: { mistake: "warn", likelyMistake: "raise" } })).rejects.toThrow(
    "$ missing",
  );
});

test("mistakes of live components and nested views count too", async () => {
  class Box extends LiveComponent {
    render() {
      return html`<p phx-clik="a">x</p>`;
    }
  }
  class Inner extends LiveView {
    render() {
      return html`<p htmlFor="a">x</p>`;
    }
  }
  await expect(live(showing(() => html`<${Box} id="box" />`))).rejects.toThrow("Did you mean phx-click?");
  await expect(live(showing(() => html`<${Inner} id="inner" />`))).rejects.toThrow("In what Inner renders");
});

test("with a prefix of the page's own its bindings are checked", async () => {
  const socket = { bindingPrefix: "lv-" };
  const view = await live(
    showing(() => html`<b lv-click="go" phx-whatever="x">x</b>`),
    { socket },
  );
  await view.element("b").click();
  await expect(
    live(
      showing(() => html`<b lv-clik="go">x</b>`),
      { socket },
    ),
  ).rejects.toThrow('There is no binding lv-clik. Did you mean lv-click?\n\n    <b lv-clik="go">');
});

const list = (keys: readonly unknown[]) => () =>
  html`<ul>${each(
    keys,
    (key) => key as string,
    (key) => html`<li>${typeof key}</li>`,
  )}</ul>`;

test.each([
  ["equal", ["a", "b", "a"], 'Two items of an each have the key "a"'],
  ["undefined", [undefined], "The key of an item of an each is undefined"],
  ["null", ["a", null], "is null"],
  ["an object", [{}], "is an object"],
  ["not a number", [Number.NaN], "is NaN"],
])("a key that is %s is named with the place of its list", async (_, keys, problem) => {
  const atOnce = live(showing(list(keys)));
  await expect(atOnce).rejects.toThrow(problem);
  await expect(atOnce).rejects.toThrow("<ul>${…}</ul>\n      ^");
});

test("a list that gets equal keys later is named too", async () => {
  class Page extends LiveView {
    keys: unknown[] = ["a", "b"];
    set = this.event(() => {
      this.keys = ["b", "b"];
    });
    render() {
      return html`<button phx-click=${this.set}>x</button>${list(this.keys)()}`;
    }
  }
  const view = await live(Page);
  await expect(view.element("button").click()).rejects.toThrow('have the key "b"');
});

test("items of a stream that come together under one id are told of", async () => {
  class Page extends LiveView {
    rows = this.stream<{ id: number }>();
    override mount() {
      this.rows.insertMany([{ id: 1 }, { id: 2 }, { id: 1 }]);
    }
    render() {
      return html`<ul id="rows" phx-update="stream">${this.rows.each((id, { id: n }) => html`<li id=${id}>${n}</li>`)}</ul>`;
    }
  }
  await live(Page);
  expect(warn.mock.calls).toEqual([
    [expect.stringContaining('put into the stream rows together have the id "rows-1"')],
  ]);
});

test("development reports each once for an app, with its view and place; production nothing", async () => {
  const Page = showing(() => html`<p className="b">x</p>`);
  const open = async () => {
    const reports: Report[] = [];
    const app = createApp({
      secret: "k3Jx0-9sVbn_Qw7ZtYp2LmCd5Rf8Hg1Uo4Ae6Ti",
      report: (report) => reports.push(report),
    });
    app.live("/", Page);
    await app.request("/");
    await app.request("/");
    app.close();
    return reports;
  };
  expect(await open()).toMatchObject([
    {
      kind: "warning",
      view: "Page",
      event: "render",
      message: "className is no attribute of HTML. Write class.",
      error: { message: expect.stringContaining('<p className="b">x</p>') },
    },
  ]);
  vi.stubEnv("NODE_ENV", "production");
  try {
    expect(await open()).toEqual([]);
  } finally {
    vi.unstubAllEnvs();
  }
});

test("a handler without its payload says how it is given one", async () => {
  class Page extends LiveView {
    set = this.event(z.object({ to: z.string() }), () => {});
    render() {
      return html`<button phx-click=${this.set}>bare</button><button phx-click=${this.set} phx-value-ot="a">typed</button>`;
    }
  }
  const view = await live(Page);
  await expect(view.element("button", "bare").click()).rejects.toThrow(
    "Its element sends nothing along: write phx-click=${this.set({ … })}, or phx-value-… beside it",
  );
  await expect(view.element("button", "typed").click()).rejects.toThrow(/to: [^.]*$/);
});
