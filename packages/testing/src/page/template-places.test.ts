/** Errors and warnings of templates in a view: the line of the author's code, and the component whose template it is. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import {
  type Child,
  createApp,
  each,
  html,
  type Layout,
  Link,
  LiveComponent,
  LiveView,
  type Report,
  TemplateError,
} from "@overwire/server";
import { expect, test } from "vitest";
import { live } from "../index.ts";

const file = fileURLToPath(import.meta.url);
const lines = readFileSync(file, "utf8").split("\n");

/** The mark in a comment on the line of an error, or of what caused it, with the component. */
function placeOf(error: unknown): string {
  if (!(error instanceof TemplateError))
    return error instanceof Error && error.cause ? placeOf(error.cause) : `no place: ${String(error)}`;
  expect(error.file).toBe(file);
  return `${/\/\/ (.+)$/.exec(lines[(error.line ?? 0) - 1] ?? "")?.[1]} in ${error.component}`;
}

/** Reports while a view is opened, and while its button is clicked. */
async function reportsOf(first: () => Child, next: () => Child = first): Promise<readonly Report[]> {
  class Page extends LiveView {
    isNext = false;
    go = this.event(() => {
      this.isNext = true;
    });
    render() {
      const shown = this.isNext ? next() : first();
      return html`<button phx-click=${this.go}>go</button>${shown}`; // view
    }
  }
  const reports: Report[] = [];
  const app = createApp({ secret: "s".repeat(32), report: (report) => reports.push(report) });
  app.live("/", Page);
  try {
    const view = await live(app, "/", { onError: "ignore" });
    await view.element("button").click();
  } catch {
    // It is reported as well.
  }
  return reports;
}

const nothing = () => "";
const bad = Symbol("bad") as unknown as string;
const Card = ({ value, children }: { value?: Child; children?: Child }) => {
  return html`<b>${value}${children}</b>`; // card
};
class Cart extends LiveComponent<{ id: string; value?: Child }> {
  render() {
    return html`<p>${this.props.value}</p>`; // cart
  }
}
const item = () => html`<li>a</li>`;
const key = (value: unknown) => value as string;
const list = (keys: readonly unknown[]) => html`<ul>${each(keys, key, item)}</ul>`; // list

const camel = { href: "/", className: "a" };

const rows: readonly (readonly [what: string, make: () => Child, place: string])[] = [
  ["a value in the view", () => bad, "view in Page"],
  ["a value in a component", () => html`<${Card} value=${bad} />`, "card in Card"],
  ["a value in a live component", () => html`<${Cart} id="a" value=${bad} />`, "cart in Cart"],
  ["a template that cannot be read", () => html`<p>`, "read in Page"], // read
  ["a place in a component", () => html`<${Card}>${html`<tr></tr>`}<//>`, "placed in Page"], // placed
  ["a place in a live component", () => html`<${Cart} id="a" value=${html`<p>b</p>`} />`, "cart in Cart"],
  ["a place in a built-in component", () => html`<a><${Link} href="/">a<//></a>`, "nested in Page"], // nested
  ["a likely mistake", () => html`<i className="a"></i>`, "habit in Page"], // habit
  ["a mistake in a built-in component", () => html`<${Link} ...${camel}>a<//>`, "own in Page"], // own
  ["a key that is none", () => list([undefined]), "list in Page"],
  ["a key that is there twice", () => list([1, 1]), "list in Page"],
];

test.each(rows)("%s, in a first paint", async (_, make, place) => {
  const [report] = await reportsOf(make);
  expect(placeOf(report?.error)).toBe(place);
});

test.each(rows)("%s, in a patch", async (_, make, place) => {
  const [report] = await reportsOf(nothing, make);
  expect(placeOf(report?.error)).toBe(place);
});

test("the same mistake at two places is told of twice, at each of them once", async () => {
  const make = () => [html`<i className="a"></i>`, html`<i className="a"></i>`];
  const reports = await reportsOf(() => [make(), make()]);
  expect(reports.map(({ kind }) => kind)).toEqual(["warning", "warning"]);
});

test("an error in a layout names the layout", async () => {
  const reports: Report[] = [];
  const Shell: Layout = ({ children }) =>
    html`<!doctype html><html><body>${children}<p>${bad}</p></body></html>`; // shell
  const app = createApp({ secret: "s".repeat(32), layout: Shell, report: (report) => reports.push(report) });
  app.live(
    "/",
    class Page extends LiveView {
      render() {
        return html`<p>a</p>`;
      }
    },
  );
  expect((await app.request("/")).status).toBe(500);
  expect(placeOf(reports[0]?.error)).toBe("shell in Shell");
});
