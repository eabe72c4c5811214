/** Mistakes that a page would pass over in silence: commands for nothing, hooks and names forgotten. */
import { html, JS, LiveView, type Template } from "@overwire/server";
import { afterEach, beforeEach, expect, type MockInstance, test, vi } from "vitest";
import { live } from "../index.ts";

let warn: MockInstance<typeof console.warn>;
beforeEach(() => {
  warn = vi.spyOn(console, "warn").mockReturnValue(undefined);
});
afterEach(() => {
  warn.mockRestore();
});
const warnings = () => warn.mock.calls.map(([text]) => String(text));

const showing = (content: () => Template) =>
  class Page extends LiveView {
    done = 0;
    go = this.event(() => {
      this.done++;
    });
    render() {
      return content();
    }
  };

test("opening a dialog that is not there fails the action, after the other commands have run", async () => {
  const Page = showing(() => html`<button phx-click=${JS.showModal("#nope").push("go")}>open</button>`);
  const view = await live(Page);
  await expect(view.element("button").click()).rejects.toThrow(
    /^JS\.showModal\("#nope"\) found no element in the page, at:\n\n {4}<button phx-click=/,
  );
  expect(view.instance.done).toBe(1);
  const ignoring = await live(Page, { onError: { mistake: "ignore" } });
  await ignoring.element("button").click();
  expect(warnings()).toEqual([]);
});

test.each([
  ["show", JS.show("#nope"), 'JS.show("#nope")'],
  ["hide", JS.hide("#nope"), 'JS.hide("#nope")'],
  ["toggle", JS.toggle("#nope"), 'JS.toggle("#nope")'],
  ["close", JS.close("#nope"), 'JS.close("#nope")'],
  ["addClass", JS.addClass("a", { to: "#nope" }), 'JS.addClass("#nope")'],
  [
    "setAttribute",
    JS.setAttribute("title", "a", { to: { inner: "b" } }),
    'JS.setAttribute({ to: {"inner":"b"} })',
  ],
  ["dispatch", JS.dispatch("a", { to: { closest: "b" } }), 'JS.dispatch({ to: {"closest":"b"} })'],
  ["focus", JS.focus("#nope"), 'JS.focus("#nope")'],
  ["exec", JS.exec("data-a", { to: "#nope" }), 'JS.exec("#nope")'],
])("%s for nothing is warned of, once", async (_, commands, shown) => {
  const view = await live(showing(() => html`<button phx-click=${commands}>x</button>`));
  await view.element("button").click();
  await view.element("button").click();
  expect(warnings()).toEqual([expect.stringContaining(`${shown} found no element in the page, at:`)]);
  const strict = await live(
    showing(() => html`<button phx-click=${commands}>x</button>`),
    {
      onError: { likelyMistake: "raise" },
    },
  );
  await expect(strict.element("button").click()).rejects.toThrow("found no element");
});

test("commands for elements that are there, for their own, or for the server say nothing", async () => {
  const Page = showing(
    () =>
      html`<button phx-click=${JS.show("#p")
        .push("go")
        .toggle()
        .hide({ to: { closest: "button" } })}>x</button><p id="p"></p>`,
  );
  await (await live(Page)).element("button").click();
  expect(warnings()).toEqual([]);
});

test("commands for elements in a state that none is in say nothing", async () => {
  const states = [
    "#p[aria-expanded=true]",
    "#p.open",
    "#d:not([open])",
    "#p:not(#p)",
    "div > #p[title='a b']",
  ];
  const all = states.reduce((commands, to) => commands.hide({ to }), JS.showModal("#d:not([open])"));
  const Page = showing(
    () => html`<button phx-click=${all}>x</button><div><p id="p"></p></div><dialog id="d" open></dialog>`,
  );
  await (await live(Page)).element("button").click();
  expect(warnings()).toEqual([]);
  const wrong = ["#q[aria-expanded=true]", "#p .nope", ".nope", "div > #q"];
  const nothing = wrong.reduce((commands, to) => commands.hide({ to }), JS.show("[data-nope]"));
  await (await live(showing(() => html`<button phx-click=${nothing}>x</button><p id="p"></p>`)))
    .element("button")
    .click();
  expect(warnings()).toHaveLength(5);
});

test("a hook is warned of if the test gives none", async () => {
  const Page = showing(() => html`<p id="p" phx-hook="Chrat"></p>`);
  const view = await live(Page);
  expect(warnings()).toEqual([
    expect.stringMatching(/^there is no hook "Chrat"; live\(\) was given no hooks, .*\{ hooks \}: <p id="p"/),
  ]);
  await view.element("p").hook("go");
  await expect(live(Page, { hooks: {} })).rejects.toThrow('there is no hook "Chrat"');
  await expect(live(Page, { onError: "raise" })).rejects.toThrow('there is no hook "Chrat"');
});

test("a hook that is missing is warned of once, however many elements have it and however often they are mounted", async () => {
  const rows = (name: string, round: number) =>
    [1, 2].map((row) => html`<p id=${`${name}-${round}-${row}`} phx-hook=${name}></p>`);
  class Page extends LiveView {
    round = 0;
    go = this.event(() => {
      this.round++;
    });
    render() {
      return html`<button phx-click=${this.go}>x</button>${rows("Clock", this.round)}${this.round === 2 && rows("Map", 2)}`;
    }
  }
  const view = await live(Page);
  for (let round = 0; round < 2; round++) await view.element("button").click();
  expect(warnings()).toEqual(
    ["Clock", "Map"].map((name) => expect.stringContaining(`there is no hook "${name}"`)),
  );
});

test.each(["phx-submit", "phx-change"])(
  "a field without a name in a form with %s is warned of",
  async (binding) => {
    await live(
      showing(
        () => html`<form id="f" ...${{ [binding]: "go" }}><input id="a"><select name=""><option>a</option></select><textarea></textarea>
        <input name="b"><button>x</button><input type="submit"><input disabled><input phx-keyup="go"><fieldset></fieldset>
        <div id="picker" phx-hook="Picker"><input></div></form>
        <input id="outside" form="f"><form><input></form><input>`,
      ),
      { hooks: { Picker: {} } },
    );
    expect(warnings()).toEqual(
      ['<input id="a">', '<select name="">', "<textarea>", '<input id="outside" form="f">'].map((tag) =>
        expect.stringContaining(
          `A field without a name is in a form with ${binding}, so it is never sent; give it one:\n\n    ${tag}`,
        ),
      ),
    );
  },
);
