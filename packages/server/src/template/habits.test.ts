/** Things that a habit from another framework writes: what development says to each, and what it lets alone. */
import { readdirSync, readFileSync } from "node:fs";
import { BINDINGS } from "@overwire/client/wire";
import { afterEach, describe, expect, test, vi } from "vitest";
import { each, html, raw, renderToHtml, type Template } from "../index.ts";
import { TemplateError } from "./errors.ts";
import type { Mistake } from "./mistakes.ts";
import { type RenderContext, withRenderContext } from "./render-context.ts";

afterEach(() => {
  vi.unstubAllEnvs();
});

/** Renders, and collects what is said to it. */
function mistakesOf(make: () => Template): Mistake[] {
  const found: Mistake[] = [];
  const placer = { mistakes: { add: (mistake: Mistake) => found.push(mistake) } } as unknown as RenderContext;
  withRenderContext(placer, () => renderToHtml(make()));
  return found;
}

/** Each row: the template, a part of the problem, and the column (from 0) of its place. */
function says(rows: readonly (readonly [make: () => Template, problem: string, at: number])[]) {
  test.each(rows)("%#: %s", (make, problem, at) => {
    const [first] = mistakesOf(make);
    expect(first?.problem).toContain(problem);
    expect(first?.at).toBe(at);
  });
}

const x = "x";
const Card = ({ children }: { children?: Template }) => html`<b>${children}</b>`;

describe("attributes", () => {
  says([
    [() => html`<p className="a"></p>`, "className is no attribute of HTML. Write class.", 3],
    [() => html`<p className=${x}></p>`, "className is no attribute of HTML. Write class.", 3],
    [() => html`<label htmlFor="a"></label>`, "Write for.", 7],
    [() => html`<input value=${x} defaultValue=${x}>`, "Write value:", 15],
    [() => html`<input type="checkbox" defaultChecked>`, "Write checked:", 23],
    [() => html`<div dangerouslySetInnerHTML=${x}></div>`, "Write ${raw(html)} between the tags", 5],
    [() => html`<li key=${1}>a</li>`, "A list with keys is each(", 4],
    [() => html`<p ref=${x}></p>`, "phx-hook", 3],
    [() => html`<${Card} key=${1} />`, "key is a prop like any other here", 3],
    [() => html`<path strokeWidth="2" />`, "Write stroke-width.", 6],
    [() => html`<use xlinkHref="#a" />`, "Write xlink:href.", 5],
    [() => html`<p ariaLabel="a"></p>`, "Write aria-label.", 3],
    [() => html`<p dataUserId="a"></p>`, "Write data-user-id.", 3],
    [() => html`<p phxClick="a"></p>`, "Write phx-click.", 3],
    [() => html`<p phx:click="a"></p>`, "Write phx-click.", 3],
    [() => html`<p @click="a"></p>`, "Write phx-click=${…}", 3],
    [() => html`<a :href="a"></a>`, "Write href=${…}", 3],
    [() => html`<p :if="a"></p>`, "is HEEx's. Write ${shown && html`…`}.", 3],
    [() => html`<p v-if="a"></p>`, "Write ${shown && html`…`}.", 3],
    [() => html`<p v-for="a in b"></p>`, "Write ${each(", 3],
    [() => html`<input v-model="a">`, "phx-change on the form", 7],
    [() => html`<input bind:value="a">`, "is Svelte's. Write name=${value}", 7],
    [() => html`<p on:click="a"></p>`, "is Svelte's. Write phx-click=${…}", 3],
    [() => html`<p class:active="a"></p>`, "Write class=${{ active: … }}.", 3],
    [() => html`<p wire:click="a"></p>`, "is Livewire's. Write phx-click=${…}", 3],
    [() => html`<p x-on:click="a"></p>`, "is Alpine's.", 3],
    [() => html`<p hx-get="/a"></p>`, "is htmx's.", 3],
    [() => html`<p (click)="a"></p>`, "is Angular's. Write phx-click=${…}", 3],
    [() => html`<p *ngIf="a"></p>`, "is Angular's. Write ${shown && html`…`}.", 3],
    [() => html`<p {...props}></p>`, "Write ...${attributes}", 3],
    [() => html`<p ...${{ className: "a" }}></p>`, "className is no attribute of HTML.", 6],
    [() => html`<p ...${{ "phx-clik": "a" }}></p>`, "Did you mean phx-click?", 6],
  ]);

  says([
    [() => html`<p phx-click={this.inc}></p>`, "is a $ missing? Write phx-click=${this.inc}.", 3],
    [() => html`<p phx-click="{this.inc}"></p>`, "is a $ missing? Write phx-click=${this.inc}.", 3],
    [() => html`<p phx-click={${x}}></p>`, "The braces are part of the value.", 3],
    [() => html`<p class="{{ name }}"></p>`, "{{ }} is text in HTML.", 3],
    [() => html`<p class="<%= a %>"></p>`, "<% %> is text in HTML.", 3],
    [() => html`<p phx-click="this.inc"></p>`, "Write phx-click=${this.…}.", 3],
    [() => html`<p phx-click="inc()"></p>`, "takes the name of an event here", 3],
    [() => html`<input disabled="false">`, 'disabled="false" means that it is so', 7],
    [() => html`<input type="checkbox" checked=${"false"}>`, "Write checked=${false}.", 31],
    [() => html`<p aria-expanded=${true}></p>`, "Write aria-expanded=${String(…)}.", 17],
    [() => html`<p spellcheck=${false}></p>`, "Write spellcheck=${String(…)}.", 14],
    [() => html`<p title=${`a ${{}}`}></p>`, "An object became the text of title.", 9],
    [() => html`<select value=${x}></select>`, "Write <option value=${…} selected=${… === chosen}>.", 8],
    [() => html`<textarea value=${x}></textarea>`, "Write <textarea>${value}</textarea>.", 10],
    [() => html`<textarea><b>a</b></textarea>`, "A textarea holds text", 10],
  ]);

  test("a handler in braces, which HTML cannot hold, says so in place of what HTML says of it", () => {
    expect(() => mistakesOf(() => html`<button onClick={() => this.inc()}>a</button>`)).toThrow(
      /^Braces are text in HTML: is a \$ missing\? Write onClick=\$\{…\}\.\n\n {2}<button onClick=/,
    );
  });

  test("but not those that HTML has, in whatever case, nor the author's own", () => {
    const fine =
      () => html`<form><input tabIndex="0" readOnly maxLength="3" data-whatever='{"a":1}' onfocus="a()"
      data-x={} class="a:b {c" checked=${false} disabled=${true} aria-hidden="true" enterkeyhint="go">
      <select><option selected=${true} value="a">a</option></select><b draggable="true" data-user-name="x"></b>
      <svg viewBox="0 0 1 1"><linearGradient gradientUnits="a"></linearGradient><foreignObject></foreignObject></svg>
      <my-element someProp="a"></my-element><${Card} className="a" onClick=${x} ref=${1} /></form>`;
    expect(mistakesOf(fine)).toEqual([]);
  });
});

describe("bindings", () => {
  says([
    [() => html`<p phx-clik="a"></p>`, "There is no binding phx-clik. Did you mean phx-click?", 3],
    [() => html`<p phx-clcik="a"></p>`, "Did you mean phx-click?", 3],
    [() => html`<form phx-sumbit="a"></form>`, "Did you mean phx-submit?", 6],
    [() => html`<p phx-vlaue-id="1"></p>`, "Did you mean phx-value-id?", 3],
    [() => html`<p phx-windowkeydown="a"></p>`, "Did you mean phx-window-keydown?", 3],
    [() => html`<p phx-frobnicate="a"></p>`, "An attribute of your own begins with data-.", 3],
    [() => html`<p phx-feedback-for="a"></p>`, "field.errors", 3],
    [() => html`<p phx-mouseenter="a"></p>`, "Write a hook (phx-hook)", 3],
    [() => html`<p phx-value-userId="1"></p>`, "arrives as userid", 3],
    [() => html`<input phx-debounce="1s">`, 'Write milliseconds, or "blur".', 7],
    [() => html`<input phx-throttle="blur">`, "Write milliseconds.", 7],
    [() => html`<ul id="a" phx-update="append"></ul>`, 'this.stream() and phx-update="stream"', 11],
    [() => html`<p phx-hook="Chart"></p>`, "An element with phx-hook needs an id", 3],
    [() => html`<p phx-update="ignore"></p>`, "needs an id", 3],
    [() => html`<button phx-submit="a">a</button>`, "Only a form is submitted", 8],
    [() => html`<p phx-change="a"></p>`, "Only fields change", 3],
  ]);

  test("but all that the client reads are known", () => {
    const root = new URL("../../../client/src/", import.meta.url);
    const read = new Set<string>();
    for (const file of readdirSync(root, { recursive: true }).map(String)) {
      if (!file.endsWith(".ts") || /test/.test(file)) continue;
      const source = readFileSync(new URL(file, root), "utf8");
      for (const [, a, b] of source.matchAll(/\$\{prefix\}([a-z-]+)|prefix \+ "([a-z-]+)"/g))
        read.add((a ?? b) as string);
    }
    expect(read.size).toBeGreaterThan(10);
    for (const name of read) if (!name.endsWith("-")) expect(BINDINGS).toContain(name);
    const known = Object.fromEntries([...BINDINGS].map((name) => [`phx-${name}`, ""]));
    const given = { ...known, "phx-update": "stream", "phx-value-id": "1", id: "a" };
    expect(mistakesOf(() => html`<form ...${given}></form>`)).toEqual([]);
  });
});

describe("values of event bindings", () => {
  /** Like a view whose methods are called instead of named. */
  class Page {
    count = 0;
    missing: undefined;
    declare optional: { pick: ((payload: object) => string) | undefined };
    inc(_by?: number): void {}
    next = () => ++this.count;
    toggle = () => true;
    async save() {}
    find = () => ({ name: "a" });
  }
  const page = new Page();
  const items: string[] = [];

  const say = function (this: Page) {
    return [
      [
        () => html`<p phx-click=${this.inc()}></p>`,
        "inc = this.event(() => …), and write phx-click=${this.inc}",
        13,
      ],
      [() => html`<p phx-click="${this.inc()}"></p>`, "calls this.inc while the page is rendered", 14],
      [() => html`<form phx-submit=${this.inc(/* ) */)}></form>`, "phx-submit=${this.inc()} calls", 17],
      [() => html`<form phx-change=${this.inc(1)}></form>`, "write phx-change=${this.inc({ … })}", 17],
      [
        () => html`<p>${1}</p><p phx-window-keydown=${this.inc(Number("}"))}></p>`,
        "phx-window-keydown=${this.inc(…)}",
        30,
      ],
      [
        () => html`<p>${html`<i>${"`"}</i>`}</p><p phx-mounted=${this.inc(items[0] === "a" ? 1 : 2)}></p>`,
        "this.inc(…)",
        23,
      ],
      [() => html`<p phx-click=${this.missing}></p>`, "missing = this.event(() => …)", 13],
      [
        () => html`<p phx-click=${this.next()}></p>`,
        "phx-click=${this.next()} is 1, which is no event. Declare it, next =",
        13,
      ],
      [() => html`<p phx-click=${this.toggle()}></p>`, "is true, which is no event.", 13],
      [() => html`<p phx-click=${items.length && "a"}></p>`, "write phx-click=${count > 0 && this.…}", 13],
      [() => html`<p ...${{ "phx-click": 1 }}></p>`, "phx-click=${…} is 1, which is no event.", 6],
    ] as const;
  };
  says(say.call(page));

  test("a value that becomes no text is refused with a correction", () => {
    expect(() => mistakesOf(() => html`<p phx-click=${page.save()}></p>`)).toThrow(
      "A promise cannot be the value of phx-click. Was a handler called? Declare it, name = this.event(() => …), and write phx-click=${this.name}",
    );
    expect(() => mistakesOf(() => html`<p phx-click=${page.find()}></p>`)).toThrow("Was a handler called?");
  });

  test("but not what is chosen, optional, or given by a function", () => {
    const { optional } = { optional: undefined as { pick(payload: object): string } | undefined };
    const Button = ({ click }: { click?: string }) => html`<button phx-click=${click}>a</button>`;
    const isOpen = items.length > 0;
    const fine = () => html`<form phx-submit=${isOpen && "a"} phx-change=${isOpen ? "a" : null}>
      <p phx-click=${isOpen ? "a" : undefined}></p><p phx-click=${undefined}></p><p phx-click=${null}></p>
      <p phx-click=${optional?.pick({})}></p><p phx-blur=${optional?.pick}></p><p phx-focus=${page.optional?.pick?.({})}></p>
      <p phx-click=${page.inc() ?? "a"}></p><p phx-click=${"a"}></p><p phx-click></p><p phx-value-id=${page.inc()}></p>
      <p title=${page.inc()}></p><${Button} click=${page.missing} /><${Button} click=${"a"} /><p ...${{ "phx-click": undefined }}></p></form>`;
    expect(mistakesOf(fine)).toEqual([]);
  });
});

describe("scripts and styles", () => {
  says([
    [
      () => html`<p onClick="inc"></p>`,
      "onClick is HTML's onclick: a script of the page, no event of the view. Write phx-click=${…}",
      3,
    ],
    [() => html`<form onSubmit="save()"></form>`, "Write phx-submit=${…}", 6],
    [() => html`<p onMouseEnter="a()"></p>`, "write a hook (phx-hook)", 3],
    [
      () => html`<p onclick="inc"></p>`,
      'onclick="inc" is a script that names something and calls nothing.',
      3,
    ],
    [() => html`<p onclick="this.inc"></p>`, "Write phx-click=${…}", 3],
    [
      () => html`<p style=${{ width: 10 }}></p>`,
      "width: 10 has no unit, so browsers drop it. Write width: 10px",
      9,
    ],
    [() => html`<p style=${{ opacity: 1, marginTop: "-4" }}></p>`, "Write margin-top: -4px", 9],
    [() => html`<p style=${{ padding: "0 8" }}></p>`, "padding: 8 has no unit", 9],
    [() => html`<p style=${{ transitionDuration: 200 }}></p>`, "Write transition-duration: 200ms", 9],
    [() => html`<p style="color: red; font-size: 12"></p>`, "font-size: 12 has no unit", 3],
    [() => html`<p style="width: ${10}; color: red"></p>`, "width: 10 has no unit", 17],
    [() => html`<p style="width: ${10}"></p>`, "width: 10 has no unit", 17],
    [() => html`<p ...${{ style: { height: 2.5 } }}></p>`, "height: 2.5 has no unit", 6],
  ]);

  test("but not what HTML and CSS mean", () => {
    const fine = () =>
      html`<p onclick="inc()" onfocus="this.form.submit()" style=${{
        width: 0,
        lineHeight: 1.5,
        opacity: 0.5,
        zIndex: 3,
        flex: 1,
        fontWeight: 700,
        order: 2,
        "--gap": 4,
        height: "10px",
        margin: "0 auto",
        zoom: 2,
        gridRow: 1,
        animationIterationCount: 3,
        aspectRatio: 2,
        borderRadius: "4px / 2px",
      }}></p><p style="width: ${10}%; height: ${5}px; left: calc(${3} * 1px); order: ${2}; top: ${0}"></p><p style=${null}></p>`;
    expect(mistakesOf(fine)).toEqual([]);
  });
});

describe("elements and texts", () => {
  says([
    [() => html`<Card>a</Card>`, "<Card> is no element of HTML. Write <${Card} …>…<//> for a component.", 0],
    [() => html`<Foo.Bar />`, "Write <${Foo.Bar} …>", 0],
    [() => html`<Button>a</Button>`, "<Button> is HTML's <button>.", 0],
    [() => html`<foo>a</foo>`, "<foo> is no element of HTML.", 0],
    [() => html`<p>{this.count}</p>`, "is a $ missing? Write ${this.…}.", 3],
    [() => html`<p>a {name}</p>`, "is a $ missing?", 5],
    [() => html`<p>{!done && "a"}</p>`, "is a $ missing?", 3],
    [() => html`<ul>{items.map((item) => (<li>{item}</li>))}</ul>`, "is a $ missing?", 4],
    [() => html`<p>{" "}</p>`, "Write the text itself.", 3],
    [() => html`<p>{{ name }}</p>`, "{{ }} is shown as it is.", 3],
    [() => html`<p><%= a %></p>`, "<% %> is shown as it is.", 3],
    [() => html`<p>{/* a */}</p>`, "Write <!-- -->", 3],
    [() => html`<p>{#if a}</p>`, "Svelte's blocks are text here.", 3],
    [() => html`<p>{% if a %}</p>`, "{% %} is shown as it is.", 3],
    [() => html`<.card>a`, "HEEx's tag", 0],
    [() => html`<p><>a</p>`, "A template may hold several elements", 3],
    [() => html`<title>{this.title}</title>`, "is a $ missing?", 7],
    [() => html`<p>${[{}].join("")}</p>`, "An object became text", 3],
    [
      () => html`<p>${"<li>a</li>"}</p>`,
      "This text is HTML, and is shown as text. Write html before the backtick",
      3,
    ],
  ]);

  test("a component without its slot says so when its closing tag fails", () => {
    expect(() => mistakesOf(() => html`<Link to="/">Home</Link>`)).toThrow("Write <${Link} …>…<//>");
  });

  test("but not code, nor what only looks like it", () => {
    const fine =
      () => html`<pre>{this.x}</pre><code>{{ a }} <%= b %></code><p>{ "a": 1 } { } {1, 2} a < b @media</p>
      <style>p { color: red }</style><script>if (a) { b() }</script><code>${"<b>a</b>"}</code><DIV>${"a <b> c"}</DIV>
      ${raw("<b>a</b>")}${0}${Number.NaN}${""}${[html`a`, "b"]}<circle /><mi>x</mi>`;
    expect(mistakesOf(fine)).toEqual([]);
  });
});

test("templates that are joined with text throw, with what to write", () => {
  const items = [1, 2];
  const parts = [
    () => items.map((item) => html`<li>${item}</li>`).join(""),
    () => `${each(items, String, String)}`,
  ];
  for (const make of [...parts, () => `${raw("a")}`]) {
    expect(make).toThrow(TemplateError);
    expect(make).toThrow("a list with each(items, (item) => item.id, (item) => html`…`)");
  }
});

test("production looks for nothing", () => {
  vi.stubEnv("NODE_ENV", "production");
  expect(mistakesOf(() => html`<Card className="a" phx-clik={this.x}>{this.x}${"<b>a</b>"}</Card>`)).toEqual(
    [],
  );
});

test("outside of a view the console is told once", () => {
  vi.stubEnv("NODE_ENV", "development");
  const warn = vi.spyOn(console, "warn").mockReturnValue();
  const make = () => html`<em className="only here">a</em>`;
  renderToHtml(make());
  renderToHtml(make());
  expect(warn.mock.calls.map(([said]) => said.replace(/at \S+:\d+:\d+$/m, "at …"))).toEqual([
    'Overwire: className is no attribute of HTML. Write class.\n\n  <em className="only here">a</em>\n      ^\n\n  at …\n',
  ]);
  warn.mockRestore();
});
