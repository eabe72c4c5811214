/**
 * The central property of `patcher.test.ts` in a real browser, with what only browsers have: tables and selects that mend
 * themselves, SVG, fields with values of their own; then what people see and hold while patches arrive.
 */
import { fileURLToPath } from "node:url";
import { type Diff, type FullInstance, readStatics, type Templates } from "@overwire/server/wire";
import fc from "fast-check";
import type { Page } from "playwright-core";
import { build, type Rolldown } from "vite";
import { beforeAll, beforeEach, expect, test } from "vitest";
import { describeBrowser } from "../../../../.ci/chromium.ts";
import { Differ } from "../../../server/src/template/diff.ts";
import { each } from "../../../server/src/template/each.ts";
import { html, Template } from "../../../server/src/template/html.ts";
import { memo } from "../../../server/src/template/memo.ts";
import { renderToHtml } from "../../../server/src/template/render.ts";
import { keepTemplate } from "../../../server/src/template/tree.ts";
import type * as focus from "../dom/focus.ts";
import type * as patching from "./patcher.ts";
import type * as policies from "./policy.ts";

/** What the page has of the client's. */
declare const client: typeof patching & typeof policies & typeof focus;
/** The patcher of a directed test, and what the test remembers of the page. */
declare const live: { patcher: patching.Patcher; kept: Element };

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));

async function bundle(): Promise<string> {
  const entry = path("./client-of-the-page.ts");
  const sources = ["./patcher.ts", "./policy.ts", "../dom/focus.ts"];
  const [output] = (await build({
    configFile: false,
    logLevel: "silent",
    resolve: { alias: { "@overwire/server/wire": path("../../../server/src/wire.ts") } },
    build: { write: false, minify: false, lib: { entry, formats: ["iife"], name: "client" } },
    plugins: [
      {
        name: "client",
        resolveId: (id) => (id === entry ? id : undefined),
        load: (id) =>
          id === entry
            ? sources.map((file) => `export * from ${JSON.stringify(path(file))};`).join("\n")
            : undefined,
      },
    ],
  })) as Rolldown.RolldownOutput[];
  return output?.output[0].code ?? "";
}

interface Step {
  readonly html: string;
  readonly templates: Templates | undefined;
  readonly full?: FullInstance;
  readonly diff?: Diff;
  /** Only one text or attribute changed. */
  readonly small?: boolean;
}

/** The server's side of a page: a message for each rendering. */
function server() {
  let seen = new Set<number>();
  let kept: ReturnType<typeof keepTemplate> | undefined;
  return (next: Template, rejoin = false): Step => {
    if (rejoin) seen = new Set();
    const differ = new Differ(seen);
    const same = !rejoin && kept?.strings === next.strings;
    const diff = same && kept ? differ.instance(kept, next) : undefined;
    if (!same) kept = keepTemplate(next);
    const full = !same && kept ? differ.full(kept) : undefined;
    for (const id in differ.fresh) seen.add(Number(id));
    const message = { html: renderToHtml(next), templates: differ.fresh, full, diff, small: isSmall(diff) };
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
    written[written.length - 1] += each.strings[0];
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
    const keys = [0, 1, 2, 3, 4, 5].filter((bit) => bits & (1 << bit));
    const at = (key: number) => (key * 7 + by * 13) % 11;
    return each(
      keys.sort((a, b) => at(a) - at(b)),
      (key) => key,
      (key) => item(next, `${path}/${key}`),
    );
  };

const option = shape("option", [part`${text}`], part` value=${text} selected=${flag} disabled=${flag}`);
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
  part`<input type=${oneOf("text", "number", "range", "hidden")} value=${oneOf("", "5", null)}>`,
  part`<textarea rows=${number}>${text}</textarea>`,
  part`<select>${list(option)}</select>`,
  part`<select multiple><optgroup label=${text}>${list(option)}</optgroup><option>${text}</option></select>`,
  part`<svg viewBox="0 0 ${number} 9"><circle r=${number} />${list(group)}</svg>`,
  part`<math><mi>${text}</mi>${list(mathRow)}</math>`,
];

const { flow } = fc.letrec<{ flow: Shape; part: Part; row: Shape }>((tie) => ({
  flow: fc.array(tie("part"), { minLength: 1, maxLength: 4 }).map((parts) => shape("div", parts)),
  row: fc.array(tie("part"), { minLength: 1, maxLength: 2 }).map((parts) =>
    shape(
      "tr",
      parts.map(({ strings: [first, ...strings], values }) => ({
        strings: [`<td>${first}`, ...strings].map(
          (each, at, all) => each + (at + 1 < all.length ? "" : "</td>"),
        ),
        values,
      })),
    ),
  ),
  part: fc.oneof(
    { depthSize: "small" },
    fc.constantFrom(...leaves),
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
    tie("flow").map((inner) => part`<details open=${flag}><summary>${text}</summary>${inner}</details>`),
    tie("flow").map((inner) => part`<dialog open=${flag}>${inner}</dialog>`),
    tie("flow").map((inner) => part`<x-box label=${text}>${list(inner)}</x-box>`),
    tie("flow").map((inner) => part`<svg><foreignObject x=${number}>${inner}</foreignObject></svg>`),
  ),
}));

/** In the page: plays a page's messages and says what went wrong first. */
function play(steps: Step[]): string | undefined {
  const main = document.createElement("main");
  document.body.replaceChildren(main);
  main.innerHTML = steps[0]?.html ?? "";
  const patcher = client.createPatcher(main, client.createPolicy("phx-update"));
  const observer = new MutationObserver(() => {});
  observer.observe(main, { subtree: true, childList: true, attributes: true, characterData: true });
  const keyed = () =>
    new Map([...main.querySelectorAll("[data-key]")].map((node) => [node.getAttribute("data-key"), node]));
  const fields = (root: Element) =>
    [...root.querySelectorAll<HTMLInputElement>("input, textarea, option[selected]")].map(
      ({ value, checked }) => `${value} ${checked}`,
    );
  for (const [at, { html, templates, full, diff, small }] of steps.entries()) {
    const before = keyed();
    if (full) patcher.load(full, templates);
    else if (diff) patcher.merge(diff, templates);
    const fresh = document.createElement("main");
    fresh.innerHTML = html;
    const records = observer.takeRecords();
    const told = (what: string) => `step ${at}: ${what}\n${main.innerHTML}\ninstead of\n${fresh.innerHTML}`;
    const merged = main.cloneNode(true);
    merged.normalize();
    if (!merged.isEqualNode(fresh)) return told("another page");
    if (String(fields(main)) !== String(fields(fresh))) return told(`fields hold ${fields(main)}`);
    if (main.outerHTML.includes("data-ow-")) return told("marks are left");
    for (const [key, node] of keyed())
      if (!full && !key?.includes("?") && before.has(key) && before.get(key) !== node)
        return told(`another node for ${key}`);
    const holders = new Set(
      records.map(({ target: node }) => (node.nodeType === 3 ? node.parentNode : node)),
    );
    const added = records.flatMap(({ addedNodes, removedNodes }) => [...addedNodes, ...removedNodes]);
    const most = small ? 1 : at === 0 || (!full && !diff) ? 0 : Number.POSITIVE_INFINITY;
    if (holders.size > most || (most < 2 && added.some((node) => node.nodeType !== 3)))
      return told(`changes ${records.map(({ type, target }) => `${type} in ${target.nodeName}`)}`);
  }
  return undefined;
}

describeBrowser("patching in a browser", (browser) => {
  let script: string;
  let page: Page;

  beforeAll(async () => {
    script = await bundle();
  });

  beforeEach(async () => {
    await page?.context().close();
    page = await (await browser().newContext()).newPage();
    await page.addScriptTag({ content: script });
    await page.evaluate(() => {
      customElements.define("x-box", class extends HTMLElement {});
    });
  });

  test("after any sequence of patches the page is that of a fresh render", async () => {
    const numbers = fc.array(fc.nat(255), { minLength: 3, maxLength: 40 });
    const states = fc.array(fc.tuple(numbers, fc.nat(9)), { minLength: 2, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(flow, states, async (shape, states) => {
        const message = server();
        const steps = states.map(([numbers, rejoin]) => {
          let at = 0;
          return message(
            shape(() => numbers[at++ % numbers.length] as number, ""),
            rejoin === 9,
          );
        });
        const wrong = await page.evaluate(play, steps);
        if (wrong) throw new Error(wrong);
      }),
      { seed: Number(process.env.FC_SEED ?? 1), numRuns: Number(process.env.FC_RUNS ?? 1000) },
    );
  });
});
