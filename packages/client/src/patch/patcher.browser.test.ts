/**
 * The central property of `patcher.test.ts` in a real browser, with behaviour that only browsers have: tables
 * and selects that mend themselves, SVG, fields with values of their own; then the user's state while patches
 * arrive.
 */

import { each, html, memo, Portal, renderToHtml } from "@overwire/server";
import { describeBrowser } from "@overwire/test-support/chromium";
import { bundleForPage } from "@overwire/test-support/page-bundle";
import { Differ, Template, toRenderedTemplate } from "@overwire/test-support/server-side";
import fc from "fast-check";
import type { Locator, Page } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import type * as state from "../dom/element-state.ts";
import type * as focus from "../dom/focus.ts";
import type * as locks from "../dom/locks.ts";
import type { FullInstance, Templates, TreeDiff } from "../wire/rendered.ts";
import type { ReadTemplate } from "../wire/template-steps.ts";
import type * as merging from "../wire.ts";
import type * as choice from "./chosen-options.ts";
import type * as patching from "./patcher.ts";
import type * as policies from "./policy.ts";

/** Globals of the page for the client. */
declare const client: typeof patching &
  typeof choice &
  typeof policies &
  typeof focus &
  typeof locks &
  typeof state &
  typeof merging;
/** That of a directed test. */
declare let patcher: patching.Patcher;
declare let known: Map<number, ReadTemplate>;

/** Modules of the page. */
const sources = [
  "./patcher.ts",
  "./policy.ts",
  "./chosen-options.ts",
  "../wire/client-tree.ts",
  "../dom/focus.ts",
  "../dom/locks.ts",
  "../dom/element-state.ts",
];

interface Step {
  readonly html: string;
  readonly templates: Templates | undefined;
  readonly full?: unknown;
  readonly diff?: unknown;
  /** Only one text or attribute changed. */
  readonly small?: boolean;
}

/** The server's side of a page: a message for each rendering. */
function server() {
  let seen = new Set<number>();
  let kept: ReturnType<typeof toRenderedTemplate> | undefined;
  return (next: Template, rejoin = false, again = next): Step => {
    if (rejoin) seen = new Set();
    const differ = new Differ(seen);
    const same = !rejoin && kept?.strings === next.strings;
    const diff = same && kept ? differ.diffTemplate(kept, next) : undefined;
    if (!same) kept = toRenderedTemplate(next);
    const full = !same && kept ? differ.writeFull(kept) : undefined;
    for (const id in differ.fresh) seen.add(Number(id));
    const message = { html: renderToHtml(again), templates: differ.fresh, full, diff, small: isSmall(diff) };
    return JSON.parse(JSON.stringify(message)) as Step;
  };
}

function isSmall(diff: unknown): boolean {
  if (typeof diff === "string") return true;
  if (!diff || typeof diff !== "object" || Array.isArray(diff) || "i" in diff || "o" in diff) return false;
  const changes = Object.values("u" in diff ? (diff.u as object) : diff);
  return changes.length === 1 && isSmall(changes[0]);
}

type Next = () => number;
type Value = (next: Next, path: string) => unknown;
type Shape = (next: Next, path: string) => Template;
interface Part {
  readonly strings: readonly string[];
  readonly values: readonly Value[];
}

const part = (strings: TemplateStringsArray, ...values: Value[]): Part => ({ strings, values });

/** An element around parts; its root tells by `data-key` which item of which list it is. */
function shape(tag: string, parts: readonly Part[], attributes: Part = part``): Shape {
  const written = [`<${tag} data-key=`, ""];
  const values: Value[] = [];
  for (const each of [attributes, { strings: [">"], values: [] }, ...parts, part([`</${tag}>`] as never)]) {
    written.push(`${written.pop()}${each.strings[0]}`);
    written.push(...each.strings.slice(1));
    values.push(...each.values);
  }
  const strings = Object.assign(written, { raw: written });
  return (next, path) =>
    new Template(strings, [path, ...values.map((value, at) => value(next, `${path}.${at}`))]);
}

const oneOf =
  (...values: unknown[]): Value =>
  (next) =>
    values[next() % values.length];
const text = oneOf("", "a", "<b>&\"'", "two words", " ", "0", "\nline");
const flag = oneOf(true, false);
const number = oneOf(1, 2, 3);
const id: Value = (next, path) => [null, `${path}-a`, `${path}-b`][next() % 3];
const list =
  (item: Shape): Value =>
  (next, path) => {
    const [bits, by] = [next(), next()];
    const keys = [0, 1, 2, 3, 4].filter((bit) => bits & (1 << bit));
    const at = (key: number) => (key * 7 + by * 13) % 9;
    return each(
      keys.sort((a, b) => at(a) - at(b)),
      (key) => key,
      (key) => item(next, `${path}/${key}`),
    );
  };

const option = shape(
  "option",
  [part`${text}`],
  part` value=${(_, path) => path} selected=${flag} disabled=${flag}`,
);
const circle = shape("circle", [], part` r=${number} id=${id}`);
const group = shape("g", [part`<text x=${number}>${text}</text><a xlink:href=${text}>${list(circle)}</a>`]);
const mathRow = shape("mrow", [part`<mi>${text}</mi><mn mathvariant=${text}>1</mn>`]);

const leaves = [
  part`${text}`,
  part`<p>text${text}</p>`,
  part`<section><i>x</i>${text}</section>`,
  part`<br>static <i>text</i>`,
  part`<u title="x ${text} y">z</u>`,
  part`<b id=${id}>${text}</b>`,
  part`<input class=${oneOf("", "a", true, null)} value=${text}>`,
  part`<input type="checkbox" checked=${flag} disabled=${flag}>`,
  part`<input type=${oneOf("text", "password")} value=${text}><input type="range" value=${number}>`,
  part`<textarea rows=${number}>${text}</textarea>`,
  part`<select>${list(option)}</select>`,
  part`<select><option value="same">a</option><option value="same" selected=${flag}>${text}</option>${list(option)}</select>`,
  part`<select multiple><optgroup label=${text}>${list(option)}</optgroup><option>${text}</option></select>`,
  part`<svg viewBox="0 0 ${number} 9"><circle r=${number} />${list(group)}</svg>`,
  part`<math><mi>${text}</mi>${list(mathRow)}</math>`,
];

const { flow } = fc.letrec<{ flow: Shape; part: Part; row: Shape }>((tie) => ({
  flow: fc.array(tie("part"), { minLength: 1, maxLength: 4 }).map((parts) => shape("div", parts)),
  row: tie("flow").map((cell) => shape("tr", [part`<td>${cell}</td><td>${text}</td>`])),
  part: fc.oneof(
    { depthSize: "small" },
    { weight: 12, arbitrary: fc.constantFrom(...leaves) },
    fc.tuple(tie("flow"), tie("flow")).map(([a, b]) => {
      const either: Value = (next, path) =>
        [() => a(next, `${path}a`), () => b(next, `${path}b`), () => null][next() % 3]?.();
      return part`${either}`;
    }),
    tie("flow").map((item) => part`<ul>${list(item)}</ul>`),
    tie("flow").map((item) => {
      // Arrays have no keys: their items are told apart by their place alone.
      const items: Value = (next, path) =>
        Array.from({ length: next() % 4 }, (_, at) => (at === 2 ? "text" : item(next, `${path}?${at}`)));
      return part`<ol>${items}<li>last</li></ol>`;
    }),
    tie("flow").map((inner) => {
      const remembered: Value = (next, path) => {
        const seed = next() % 2;
        return memo([seed, path], () => inner(() => seed, `${path}m`));
      };
      return part`<div>${remembered}</div>`;
    }),
    tie("row").map((row) => part`<table><caption>${text}</caption><tbody>${list(row)}</tbody></table>`),
    tie("flow").map((inner) => {
      // A card that has an id goes from one parent to another. What is in it has no places of its own.
      const card: Value = (next, path) => {
        const key = `${path}-card`;
        const card = html`<article id=${key} data-key=${key}>${inner(next, `${path}?`)}</article>`;
        return [
          html`<div>${card}</div><nav></nav>`,
          html`<div></div><nav>${card}</nav>`,
          html`<fieldset><legend>${card}</legend></fieldset>`,
          card,
          null,
        ][next() % 5];
      };
      return part`${card}`;
    }),
    tie("flow").map((inner) => part`<details open=${flag}><summary>${text}</summary>${inner}</details>`),
    tie("flow").map((inner) => part`<dialog open=${flag}>${inner}</dialog>`),
    tie("flow").map((inner) => part`<x-box label=${text}>${list(inner)}</x-box>`),
    tie("flow").map((inner) => part`<svg><foreignObject x=${number}>${inner}</foreignObject></svg>`),
  ),
}));

/** In the page: plays a page's messages and says what went wrong first. With `isUsed` a user changes fields between them. */
function play([steps, isUsed]: [Step[], isUsed: boolean]): string | undefined {
  const main = document.createElement("main");
  document.body.replaceChildren(main);
  main.innerHTML = steps[0]?.html ?? "";
  const known = new Map<number, ReadTemplate>();
  const patcher = client.createPatcher(
    main,
    client.createPolicy("phx-", { keepChoice: () => client.keepChoice }),
    known,
  );
  const observer = new MutationObserver(() => {});
  observer.observe(main, { subtree: true, childList: true, attributes: true, characterData: true });
  const keyed = () =>
    new Map([...main.querySelectorAll("[data-key]")].map((node) => [node.getAttribute("data-key"), node]));
  const fields = (root: Element) =>
    [...root.querySelectorAll<HTMLInputElement>("input, textarea, option[selected]")].map(
      ({ value, checked }) => `${value} ${checked}`,
    );
  /** Changes fields. @returns a function that names the first wrong one after a patch */
  const use = () => {
    const checks: (() => string | false)[] = [];
    const said = (el: Element) =>
      `${el.getAttribute("value")} ${el.hasAttribute("checked")} ${el.textContent}`;
    for (const el of main.querySelectorAll<HTMLInputElement>("input:not([type=range]), textarea")) {
      const before = said(el);
      const what = el.type === "checkbox" ? "checked" : "value";
      if (what === "checked") el.checked = !el.checked;
      else el.value = "typed";
      const now = el[what];
      checks.push(
        () => el.isConnected && said(el) === before && el[what] !== now && `${el.outerHTML} has ${el[what]}`,
      );
    }
    for (const el of main.querySelectorAll("select")) {
      const said = () =>
        [...el.options]
          .map((x) => [x.hasAttribute("selected"), !!x.closest(":disabled"), x.value, x.text])
          .join();
      const [before, options] = [said(), [...el.options]];
      const last = options.findLast((x) => !x.matches(":disabled"));
      if (last) last.selected = true;
      const chosen = options.map((x) => x.selected);
      checks.push(() => {
        const isLike = el.isConnected && said() === before && options.every((x, at) => el.options[at] === x);
        return (
          isLike && options.some((x, at) => x.selected !== chosen[at]) && `${el.outerHTML} has another choice`
        );
      });
    }
    return () => checks.map((check) => check()).find(Boolean);
  };
  for (const [at, { html, templates, full, diff, small }] of steps.entries()) {
    const before = keyed();
    const used = isUsed && at ? use() : undefined;
    client.learnTemplates(known, templates);
    if (full) patcher.load(full as FullInstance);
    else if (diff) patcher.merge(diff as TreeDiff);
    const fresh = document.createElement("main");
    fresh.innerHTML = html;
    const records = observer.takeRecords();
    const told = (what: string) => {
      const [is, should] = [main.innerHTML, fresh.innerHTML];
      const from = [...should].findIndex((char, at) => char !== is[at]) - 200;
      return `step ${at}: ${what}\n${is.slice(Math.max(from, 0))}\ninstead of\n${should.slice(Math.max(from, 0))}`;
    };
    const merged = main.cloneNode(true);
    merged.normalize();
    if (!merged.isEqualNode(fresh)) return told("another page");
    const lost = used?.();
    if (lost) return told(lost);
    if (!isUsed && String(fields(main)) !== String(fields(fresh))) return told(`fields hold ${fields(main)}`);
    if (main.outerHTML.includes("data-ow-")) return told("marks are left");
    for (const [key, node] of keyed())
      if (!full && !key?.includes("?") && before.has(key) && before.get(key) !== node)
        return told(`another node for ${key}`);
    // The chosen option is a matter of the whole select.
    const holders = new Set(
      records.map(
        ({ target: node }) =>
          node.parentElement?.closest("select") ?? (node.nodeType === 3 ? node.parentNode : node),
      ),
    );
    const added = records.flatMap(({ addedNodes }) => [...addedNodes]);
    const most = small ? 1 : at === 0 || (!full && !diff) ? 0 : Number.POSITIVE_INFINITY;
    if (holders.size > most || (most < 2 && added.some((node) => node.nodeType !== 3)))
      return told(`changes ${records.map(({ type, target }) => `${type} in ${target.nodeName}`)}`);
  }
  return undefined;
}

/** In the page: takes one message as a live view does. */
function receive({ html, templates, full, diff }: Step): void {
  if (full) known = new Map();
  client.learnTemplates(known, templates);
  if (full) {
    document.body.className = "";
    document.body.innerHTML = `<main>${html}</main><aside></aside>`;
    const removing = (el: Element) => {
      const [fade] = el.animate({ opacity: [1, 0] }, 1e6) ? el.getAnimations() : [];
      return fade?.finished;
    };
    patcher = client.createPatcher(
      document.body.firstChild as Element,
      client.createPolicy("phx-", { removing, keepChoice: () => client.keepChoice }),
      known,
    );
    patcher.load(full as FullInstance);
  } else if (diff) client.keepFocus(document, () => patcher.merge(diff as TreeDiff));
}

/**
 * The user's state in a page: its HTML, its use, and the part that must stay; `still`: unless it moves
 * itself.
 */
type Held = [
  x: (note: string) => Template,
  use: (x: Locator) => unknown,
  read: (x: never) => unknown,
  still?: true,
];

const type = (text: string) => async (x: Locator) => {
  await x.pressSequentially(text);
  await x.evaluate((x: HTMLInputElement) => x.type === "number" || x.setSelectionRange(1, 3));
};
const field = (x: HTMLInputElement) => [
  [document.activeElement === x, x.value, x.selectionStart, x.selectionEnd],
  [x.validity.badInput, x.checked, x.files?.[0]?.name],
];
const select = (note: string) =>
  html`<select class="x" title=${note}><option>${note}</option><option>b</option><option value="c">${note}</option></select>`;
const file = { name: "a.txt", mimeType: "text/plain", buffer: Buffer.from("a") };

const held: Record<string, Held> = {
  "an input": [(note) => html`<input class="x" title=${note}>`, type("typed"), field],
  "an input after a text": [(note) => html`<label>${note}<input class="x"></label>`, type("typed"), field],
  "an input after what is not always there": [
    (note) => html`<div>${note && html`<p>${note}</p>`}<input class="x"></div>`,
    type("typed"),
    field,
  ],
  "a textarea": [(note) => html`<textarea class="x" title=${note}>${note}</textarea>`, type("typed"), field],
  "a number half typed": [(note) => html`<input type="number" class="x" title=${note}>`, type("1e"), field],
  "a number half typed and left": [
    (note) => html`<input type="number" class="x" title=${note}>`,
    (x) => type("1e")(x).then(() => x.blur()),
    field,
  ],
  "a select": [select, (x) => x.selectOption("c").then(() => x.focus()), field],
  "a select that was left": [select, (x) => x.selectOption("c").then(() => x.blur()), field],
  "a checkbox": [(note) => html`<input type="checkbox" class="x" title=${note}>`, (x) => x.check(), field],
  "a radio button": [(note) => html`<input type="radio" class="x" title=${note}>`, (x) => x.check(), field],
  "a chosen file": [
    (note) => html`<input type="file" class="x" title=${note}>`,
    (x) => x.setInputFiles(file),
    field,
  ],
  "what is ignored": [
    (note) => html`<div class="x" phx-update="ignore" title=${note}>${note}</div>`,
    (x) => x.evaluate((x) => x.replaceChildren("of a library")),
    (x: Element) => x.textContent,
  ],
  "a caret in editable text": [
    (note) => html`<div class="x" contenteditable title=${note}>some text</div>`,
    (x) => x.evaluate((x) => getSelection()?.collapse(x.firstChild, 4)),
    (x: Element) => [document.activeElement === x, getSelection()?.anchorOffset],
    true,
  ],
  "a scrolled box": [
    (note) => html`<div class="x" title=${note}><p>${note}</p></div>`,
    (x) => x.evaluate((x) => x.scrollTo(0, 123)),
    (x: Element) => x.scrollTop,
    true,
  ],
  "an animation and a transition": [
    (note) => html`<b class="x" title=${note}>${note}</b>`,
    (x) =>
      x.evaluate((x) => {
        getComputedStyle(x).opacity;
        document.body.className = "on";
        return Promise.all(x.getAnimations().map(({ ready }) => ready)).then(() => {});
      }),
    (x: Element) => x.getAnimations().map(({ startTime }) => startTime),
    true,
  ],
  "a document in a frame": [
    (note) => html`<iframe class="x" src="about:blank" title=${note}></iframe>`,
    (x) => x.evaluate((x: HTMLIFrameElement) => x.contentDocument?.body.append("mine")),
    (x: HTMLIFrameElement) => x.contentDocument?.body.textContent,
    true,
  ],
  "a video that plays": [
    (note) => html`<video class="x" muted title=${note}></video>`,
    (x) =>
      x.evaluate((x: HTMLVideoElement) => {
        x.srcObject = document.createElement("canvas").captureStream();
        void x.play();
      }),
    (x: HTMLVideoElement) => x.paused,
    true,
  ],
};

describeBrowser("patching in a browser", (browser) => {
  let page: Page;

  beforeAll(async () => {
    page = await browser().newPage();
    await page.addScriptTag({ content: await bundleForPage(import.meta.url, sources) });
    await page.addStyleTag({
      content: `div.x { height: 50px; overflow: auto } .x p { height: 999px }
        b.x { animation: 99s move; transition: opacity 99s } .on b.x { opacity: 0 } @keyframes move { to { left: 0 } }`,
    });
    await page.evaluate(() => {
      customElements.define("x-box", class extends HTMLElement {});
    });
  });

  test.each([
    ["the page is that of a fresh render", false],
    ["fields have what the user made of them, unless the server says something else", true],
  ])("after any sequence of patches %s", async (_, isUsed) => {
    const numbers = fc.array(fc.nat(255), { minLength: 3, maxLength: 40 });
    const states = fc.array(fc.tuple(numbers, fc.nat(9)), { minLength: 2, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(flow, states, async (shape, states) => {
        const message = server();
        const steps = states.map(([numbers, rejoin]) => {
          const render = (at = 0) => shape(() => numbers[at++ % numbers.length] as number, "");
          return message(render(), rejoin === 9, render());
        });
        const wrong = await page.evaluate(play, [steps, isUsed] as [Step[], boolean]);
        if (wrong) throw new Error(wrong);
      }),
      {
        seed: Number(process.env.FC_SEED ?? 1),
        numRuns: Number(process.env.FC_RUNS ?? 300),
        // Shrinking ends before the test does.
        interruptAfterTimeLimit: 45_000,
      },
    );
  });

  /** Opens a page; what it gives shows the next rendering. */
  async function open(first: Template): Promise<(next: Template) => Promise<void>> {
    const message = server();
    const show = (next: Template) => page.evaluate(receive, message(next));
    await show(first);
    return show;
  }

  test.each(Object.entries(held))("%s stays as it is", async (_, [x, use, read, still]) => {
    const view = (ids: string, title = "", note = "") =>
      html`<h1>${title}</h1><ul>${each(
        [...ids],
        (id) => id,
        (id) => html`<li>${id}${id === "x" ? x(note) : ""}</li>`,
      )}</ul><p>${title}</p>`;
    const show = await open(view("abxcd"));
    await use(page.locator(".x"));
    const state = () => page.locator(".x").evaluate(read as (x: Element) => string);
    const before = await state();
    const changes: [change: string, next: Template][] = [
      ["a text elsewhere changes", view("abxcd", "new")],
      ["it changes itself", view("abxcd", "new", "new")],
      ["rows come behind it", view("abxcdef", "new", "new")],
      ["rows come before it", view("12ab3xcdef", "new", "new")],
      ["rows before it go", view("2b3xcdef", "new", "new")],
      ["rows before it change places", view("b32xcdef", "new", "new")],
      ["a row from behind comes before it", view("fb32xcde", "new", "new")],
    ];
    if (!still) changes.push(["it moves", view("xfb32cde")], ["it moves back", view("fb32cxde")]);
    for (const [change, next] of changes) {
      await show(next);
      expect.soft(await state(), change).toEqual(before);
    }
  });

  test("the server's state of a box, a radio group and a select wins over the user's choice", async () => {
    const view = (on: string, ids = "abc") =>
      html`${each(
        [...ids],
        (id) => id,
        (id) => html`<p><input type="radio" name="r" value=${id} checked=${id === on}></p>`,
      )}<input type="checkbox" checked=${on === "a"}><select>${each(
        [...ids],
        (id) => id,
        (id) => html`<option value=${id} selected=${id === on}>${id}</option>`,
      )}</select>`;
    const show = await open(view("a"));
    const state = () =>
      page.evaluate(() =>
        [...document.querySelectorAll<HTMLInputElement>(":checked")].map((x) => `${x.localName} ${x.value}`),
      );
    await page.locator("[value=b]").first().check();
    await page.locator("[type=checkbox]").uncheck();
    await page.locator("select").selectOption("b");
    await show(view("a", "dcba"));
    expect(await state()).toEqual(["input b", "option b"]);
    await show(view("c", "dcba"));
    expect(await state()).toEqual(["input c", "option c"]);
    await page.locator("[type=checkbox]").check();
    await show(view("a", "abc"));
    expect(await state()).toEqual(["input a", "input on", "option a"]);
  });

  test("a dialog, a popover and details that the user opened stay open until the server's rendering changes", async () => {
    const view = (note: string, open = false) => html`<section title=${note}>
      <dialog class="x" open=${open} title=${note}><input>${note}</dialog>
      <details open=${open} title=${note}><summary>s</summary>${note}</details>
      <p popover title=${note}>${note}</p></section>`;
    const show = await open(view("1"));
    await page.evaluate(() => {
      (document.querySelector("details") as HTMLDetailsElement).open = true;
      document.querySelector("dialog")?.showModal();
      document.querySelector("p")?.showPopover();
    });
    await page.keyboard.type("typed");
    const state = () =>
      page.evaluate(() => [
        !!document.querySelector("dialog:modal"),
        !!document.querySelector("p:popover-open"),
        !!document.querySelector("details[open]"),
        document.activeElement?.localName,
        document.querySelector("input")?.value,
      ]);
    expect(await state()).toEqual([true, true, true, "input", "typed"]);
    await show(view("2"));
    expect(await state()).toEqual([true, true, true, "input", "typed"]);
    await show(view("3", true));
    await show(view("4", false));
    expect((await state()).slice(0, 3)).toEqual([false, true, false]);
    // Nothing is left inert behind a dialog that the server closed.
    expect(await page.evaluate(() => document.elementFromPoint(20, 20)?.closest("section") !== null)).toBe(
      true,
    );
  });

  test("a word that is being composed goes on through patches, of its field and around it", async () => {
    const view = (note: string) =>
      html`<p title=${note}>${note}<input class="x" title=${note} value=${note}></p>`;
    const show = await open(view("1"));
    await page.evaluate(() => {
      const x = document.querySelector(".x") as HTMLInputElement;
      x.value = "";
      for (const type of ["compositionstart", "compositionend"])
        x.addEventListener(type, () => client.setComposing(x, type === "compositionstart"));
    });
    await page.locator(".x").focus();
    const session = await page.context().newCDPSession(page);
    await session.send("Input.imeSetComposition", { text: "に", selectionStart: 1, selectionEnd: 1 });
    await show(view("2"));
    await session.send("Input.imeSetComposition", { text: "にほ", selectionStart: 2, selectionEnd: 2 });
    await show(view("3"));
    await session.send("Input.insertText", { text: "日本" });
    expect(await page.locator(".x").inputValue()).toBe("日本");
    await show(view("4"));
    expect(await page.locator(".x").evaluate((x: HTMLInputElement) => [x.value, x.title])).toEqual([
      "日本",
      "4",
    ]);
  });

  test("a locked element keeps what is in it, its frames too, and shows the newest at last", async () => {
    const view = (note: string) =>
      html`<p>${note}</p><div class="x" title=${note}><iframe></iframe><b>${note}</b></div>`;
    const show = await open(view("1"));
    await page.evaluate(() => {
      const x = document.querySelector(".x") as Element;
      x.querySelector("iframe")?.contentDocument?.body.append("mine");
      client.lock(x, 1);
    });
    await show(view("2"));
    const state = () =>
      page.evaluate(() => [
        document.querySelector("p")?.textContent,
        document.querySelector("b")?.textContent,
        document.querySelector("iframe")?.contentDocument?.body.textContent,
      ]);
    expect(await state()).toEqual(["2", "1", "mine"]);
    await page.evaluate(() => {
      client.unlock(document.querySelector(".x") as Element, 1);
      patcher.refresh();
    });
    expect(await state()).toEqual(["2", "2", "mine"]);
  });

  test("an element that goes by a transition is not moved, nor the frames and animations beside it", async () => {
    const row = (id: string) =>
      html`<li phx-remove="x" id=${id}>${id}${id === "x" ? html`<iframe></iframe><b class="x">b</b>` : ""}</li>`;
    const view = (ids: string) => html`<ul>${each([...ids], (id) => id, row)}</ul>`;
    const show = await open(view("abxcd"));
    await page.evaluate(() => document.querySelector("iframe")?.contentDocument?.body.append("mine"));
    const state = () =>
      page.evaluate(() => [
        document.querySelector("iframe")?.contentDocument?.body.textContent,
        document.querySelector("b")?.getAnimations()[0]?.startTime,
      ]);
    await page.evaluate(() =>
      Promise.all(
        document
          .querySelector("b")
          ?.getAnimations()
          .map(({ ready }) => ready) ?? [],
      ).then(() => {}),
    );
    const before = await state();
    await show(view("xd"));
    await show(view("1x2"));
    await show(view("31x"));
    expect(await state()).toEqual(before);
    const leaving = () =>
      page.evaluate(() =>
        [...document.querySelectorAll("[inert]")].map((el) => [el.id, el.getAnimations().length]),
      );
    expect((await leaving()).sort()).toEqual(["2", "a", "b", "c", "d"].map((id) => [id, 1]));
    await page.evaluate(() => {
      for (const el of document.querySelectorAll("[inert]")) el.getAnimations()[0]?.finish();
    });
    await expect.poll(leaving).toEqual([]);
  });

  test("the content of a portal is patched in place: focus, text and frames stay", async () => {
    const view = (note: string) => html`<div title=${note}>
      <${Portal} id="x" target="aside"><input title=${note}><iframe></iframe><i>${note}</i><//></div>`;
    const show = await open(view("1"));
    await page.evaluate(() => document.querySelector("iframe")?.contentDocument?.body.append("mine"));
    await page.locator("input").pressSequentially("typed");
    await show(view("2"));
    await show(view("3"));
    expect(
      await page.evaluate(() => [
        document.querySelector("aside i")?.textContent,
        document.activeElement === document.querySelector("aside input"),
        document.querySelector("input")?.value,
        document.querySelector("iframe")?.contentDocument?.body.textContent,
      ]),
    ).toEqual(["3", true, "typed", "mine"]);
    expect(await page.locator("#x").isVisible()).toBe(true);
  });
});
