/** Methods of views that are given something else: the error comes at once, with what to write. */
import { live } from "@overwire/testing";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { asyncResult, createApp, html, JS, LiveComponent, LiveView } from "../index.ts";

type Any = { [method: string]: (...given: unknown[]) => unknown };
const none = (): void => {};
const secret = "correct horse battery staple, twice";

/** A view whose constructor, or mount, does something that TypeScript would refuse. */
function viewOf(field: (self: Any) => unknown, mount?: (self: Any) => unknown): new () => LiveView {
  return class Page extends LiveView {
    field = field(this as unknown as Any);
    override mount() {
      mount?.(this as unknown as Any);
    }
    handleAsync() {}
    render() {
      return html`<p>a</p>`;
    }
  };
}

test.each<[given: (self: Any) => unknown, problem: string]>([
  [
    (self) => self["event"]?.(),
    "The handler of this.event expects a function, but it is missing. Write save = this.event(",
  ],
  [
    (self) => self["event"]?.("save", none),
    'this.event("save", …) takes no name: an event goes by the name of its field. Write save = this.event(',
  ],
  [
    (self) => self["event"]?.(z.object({})),
    "The handler of this.event expects a function, but it is missing. Write this.event(schema,",
  ],
  [(self) => self["event"]?.({ by: Number }, none), "The schema of this.event has to be a Standard Schema"],
  [
    (self) => self["form"]?.(),
    "The schema of this.form has to be a Standard Schema (zod from 3.24, valibot from 1.0, arktype), but it is missing.",
  ],
  [(self) => self["form"]?.({ title: "" }), "but it is an object. Write this.form(z.object({ … })"],
  [(self) => self["stream"]?.("posts"), "this.stream() takes options only"],
  [(self) => self["stream"]?.([1, 2]), "filled in mount, this.posts.insertMany(items)"],
  [
    (self) => self["assignAsync"]?.(Promise.resolve(1)),
    "but it is a promise. Write this.assignAsync((signal) => load(signal)).",
  ],
  [(self) => self["assignAsync"]?.(), "What this.assignAsync loads with expects a function"],
  [(self) => self["assignAsync"]?.("user", none), 'but it is the text "user"'],
])("%#: a field says what it cannot be", async (given, problem) => {
  await expect(live(viewOf(given))).rejects.toThrow(problem);
});

test.each<[given: (self: Any) => unknown, problem: string]>([
  [
    (self) => self["setInterval"]?.(1000, none),
    "The handler of this.setInterval expects a function, but it is the number 1000.",
  ],
  [
    (self) => self["setInterval"]?.(none),
    "The milliseconds of this.setInterval are missing. Write this.setInterval(() => { … }, 1000).",
  ],
  [
    (self) => self["setTimeout"]?.(undefined, 5),
    "The handler of this.setTimeout expects a function, but it is missing.",
  ],
  [
    (self) => self["subscribe"]?.(),
    'A topic is a name, "posts", or what topic<Post>("posts") made, but it is missing.',
  ],
  [(self) => self["subscribe"]?.("posts", 5), "The handler of this.subscribe expects a function"],
  [(self) => self["startAsync"]?.(none), 'Write this.startAsync("key", (signal) => load(signal)).'],
  [(self) => self["startAsync"]?.("key", Promise.resolve(1)), "but it is a promise."],
  [
    (self) => (self["stream"]?.() as Any | undefined)?.["each"]?.(html`a`),
    "each takes a function that renders an item",
  ],
])("%#: mount says what it cannot do", async (given, problem) => {
  await expect(live(viewOf(none, given))).rejects.toThrow(problem);
});

test("an optimistic change needs both of its functions, and begins with none", async () => {
  class Page extends LiveView {
    n = 0;
    go = this.event(() => (this as unknown as Any)["optimistic"]?.(() => this.n++));
    render() {
      return html`<button phx-click=${this.go}>${this.n}</button>`;
    }
  }
  const view = await live(Page);
  await expect(view.element("button").click()).rejects.toThrow(
    "What this.optimistic makes certain expects a function, but it is missing.",
  );
});

test("commands and results say what they cannot take", () => {
  const loose = { push: JS.push.bind(JS), asyncResult } as unknown as Any;
  for (const given of [undefined, none, 5])
    expect(() => loose["push"]?.(given)).toThrow("JS.push expects an event of the view, but it is");
  expect(() => loose["asyncResult"]?.({}, { ok: html`a` })).toThrow(
    "The ok of asyncResult expects a function",
  );
});

class Box extends LiveComponent {
  render() {
    return html`<p>a</p>`;
  }
}
class Page extends LiveView {
  render() {
    return html`<p>a</p>`;
  }
}

describe("a live route", () => {
  test.each<[View: unknown, problem: string]>([
    [
      new Page(),
      "The view at / is an object of Page: each page gets its own, so give the class, without new.",
    ],
    [undefined, "is undefined. Is it exported under this name?"],
    [() => html`<p>a</p>`, "and not a class. A function component stands in what a view renders."],
    [html`<p>a</p>`, "is a template, and not a class."],
    [Box, 'is Box, a live component, which stands in what a view renders: <${Box} id="…" />.'],
    ["Page", 'is the text "Page", and not a class. Write app.live("/", Counter)'],
    [LiveView, "is LiveView itself, which renders nothing."],
  ])("%#: says what is no view", (View, problem) => {
    const app = createApp({ secret, report: none });
    expect(() => app.live("/", View as typeof Page)).toThrow(problem);
  });

  test("says what is no path, no layout and no group", async () => {
    const app = createApp({ secret, report: none });
    const loose = { live: app.live.bind(app), liveSession: app.liveSession.bind(app) } as unknown as Any;
    expect(() => loose["live"]?.(Page)).toThrow("The path of a live route is the function Page.");
    expect(() => loose["liveSession"]?.({})).toThrow("Write app.liveSession({ onMount }, (app) =>");
    expect(() => loose["live"]?.("/a", Page, { layout: html`a` })).toThrow(
      "The layout of /a expects a function",
    );
    app.live("/", Page, { layout: (() => "<body></body>") as never });
    await expect(live(app, "/")).rejects.toThrow(
      "must return html`…`, but returned a string: is html missing before its backtick?",
    );
  });
});

describe("render", () => {
  test("is missing", async () => {
    // @ts-expect-error: it has no render
    class Empty extends LiveView {}
    // @ts-expect-error: it has no render
    class EmptyBox extends LiveComponent {}
    class Outer extends LiveView {
      render() {
        return html`<${EmptyBox} id="box" />`;
      }
    }
    const loose = live as unknown as (View: unknown) => Promise<unknown>;
    await expect(loose(Empty)).rejects.toThrow(
      "Empty has no render(). Write render() { return html`…`; } in the class.",
    );
    await expect(loose(Outer)).rejects.toThrow("EmptyBox has no render().");
    await expect(loose(new Page())).rejects.toThrow("A view is opened by its class: live(Counter).");
  });

  test("is no method, or gives no template", async () => {
    const loose = live as unknown as (View: unknown) => Promise<unknown>;
    const rendering = (render: unknown) =>
      class Odd extends LiveView {
        override render = render as never;
      };
    await expect(loose(rendering(html`a`))).rejects.toThrow("Odd.render is a template.");
    await expect(loose(rendering(() => html))).rejects.toThrow(
      "Odd.render() must return html`…`, but returned html itself",
    );
    await expect(loose(rendering(() => [html`a`]))).rejects.toThrow(
      "but returned an array: put it into a template",
    );
    await loose(rendering(() => html`<p>a</p>`));
  });
});
