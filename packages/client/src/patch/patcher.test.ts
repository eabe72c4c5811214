/**
 * The central property: whatever templates an author writes and whatever values follow each other in them, patching the
 * page with differences leaves the very page that a fresh render would give, with the nodes of equal keys kept.
 */

import { each, html, memo, Portal, renderToHtml } from "@overwire/server";
import {
  Differ,
  type RenderedTemplate,
  Template,
  toRenderedTemplate,
} from "@overwire/test-support/server-side";
import { testWindow } from "@overwire/test-support/test-window";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { lock, unlock } from "../dom/locks.ts";
import { learnTemplates, Tree } from "../wire/client-tree.ts";
import { ATTR_KEEP, ATTR_MARK } from "../wire/constants.ts";
import type { TreeDiff } from "../wire/rendered.ts";
import { stringify } from "../wire/stringify.ts";
import type { ReadTemplate } from "../wire/template-steps.ts";
import { keepChoice } from "./chosen-options.ts";
import type { PatchCallbacks } from "./patch-context.ts";
import { createPatcher } from "./patcher.ts";
import { createPolicy } from "./policy.ts";
import { portalAt } from "./portals.ts";
import * as telling from "./update-notices.ts";

const { document } = testWindow();

/** Server and client of one page, without anything between them but the messages. */
function page(first: Template, callbacks?: PatchCallbacks) {
  const container = document.createElement("main");
  const seen = new Set<number>();
  const believed = new Tree();
  let kept: RenderedTemplate = toRenderedTemplate(first);
  document.body.innerHTML = '<aside id="a"></aside><aside id="b"></aside>';
  document.body.append(container);
  container.innerHTML = renderToHtml(first);
  const known = new Map<number, ReadTemplate>();
  const patcher = createPatcher(
    container,
    createPolicy("phx-", { telling: () => telling, keepChoice: () => keepChoice, ...callbacks }),
    known,
  );
  const travel = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;
  const sent = (differ: Differ) => {
    for (const id in differ.fresh) seen.add(Number(id));
    return travel(differ.fresh ?? {});
  };

  const differ = new Differ(seen);
  const tree = travel(differ.writeFull(kept));
  const templates = sent(differ);
  believed.learn(templates);
  believed.load(tree);
  learnTemplates(known, templates);
  patcher.load(tree);

  return {
    container,
    patcher,
    known,
    /** The client's tree, and the server's kept one, as HTML. */
    sides() {
      const server = new Tree();
      const differ = new Differ(new Set());
      const full = differ.writeFull(kept);
      server.learn(differ.fresh);
      server.load(full);
      return [stringify(believed.root), stringify(server.root)] as const;
    },
    show(next: Template): unknown {
      const differ = new Differ(seen);
      let diff: ReturnType<Differ["diffTemplate"]> | ReturnType<Differ["writeFull"]>;
      if (kept.strings === next.strings) diff = differ.diffTemplate(kept, next);
      else {
        kept = toRenderedTemplate(next);
        diff = differ.writeFull(kept);
      }
      if (diff === undefined) return undefined;
      const message = travel(diff);
      const templates = sent(differ);
      believed.learn(templates);
      believed.merge(message);
      learnTemplates(known, templates);
      patcher.merge(message);
      return message;
    },
  };
}

const fresh = (template: Template) => {
  const main = document.createElement("main");
  main.innerHTML = renderToHtml(template);
  return main.innerHTML;
};

/** A template that a test makes up, and how it gets its values from a source of numbers. */
interface Shape {
  readonly render: (next: () => number, path: string) => Template;
}

const strings = (...parts: string[]) =>
  Object.assign(parts, { raw: parts }) as unknown as TemplateStringsArray;
const texts = ["", "a", "<b>&\"'", "two words", " ", "0"];
const keysOf = (number: number) => [0, 1, 2, 3, 4, 5].filter((bit) => number & (1 << bit));
const shuffled = (keys: number[], by: number) =>
  keys.map((key) => ({ key, at: (key * 7 + by * 13) % 11 })).sort((a, b) => a.at - b.at);

type Part = {
  readonly before: string;
  readonly after: string;
  readonly value?: (next: () => number, path: string) => unknown;
};

/** @param more parts, beside those that every page may have */
const arbitraryShapes = (...more: fc.Arbitrary<Part>[]) =>
  fc.letrec<{ shape: Shape; part: Part; element: Part }>((tie) => ({
    shape: fc.array(tie("part"), { minLength: 1, maxLength: 4 }).map((parts) => shapeOf("div", parts)),
    element: fc
      .record({ before: fc.constantFrom("<p>text", "<section><i>x</i>", "<b>"), close: fc.nat() })
      .map(({ before }) => ({
        before,
        after: before.startsWith("<p") ? "</p>" : before.startsWith("<s") ? "</section>" : "</b>",
        value: (next) => texts[next() % texts.length],
      })),
    part: fc.oneof(
      { depthSize: "small" },
      tie("element"),
      fc.constant<Part>({ before: "", after: "", value: (next) => texts[next() % texts.length] }),
      fc.constant<Part>({ before: "<br>static <i>text</i>", after: "" }),
      fc.constant<Part>({
        before: "<input class=",
        after: ">",
        value: (next) => [texts[next() % texts.length], next() % 2 === 0, null][next() % 3],
      }),
      fc.constant<Part>({
        before: '<u title="x ',
        after: ' y">z</u>',
        value: (next) => texts[next() % texts.length],
      }),
      fc.tuple(tie("shape"), tie("shape")).map(
        ([a, b]): Part => ({
          before: "",
          after: "",
          value: (next, path) => {
            const choice = next() % 3;
            return choice === 0
              ? a.render(next, `${path}a`)
              : choice === 1
                ? b.render(next, `${path}b`)
                : null;
          },
        }),
      ),
      tie("shape").map(
        (item): Part => ({
          before: "<ul>",
          after: "</ul>",
          value: (next, path) =>
            each(
              shuffled(keysOf(next()), next()),
              ({ key }) => key,
              ({ key }) => item.render(next, `${path}/${key}`),
            ),
        }),
      ),
      tie("shape").map(
        (item): Part => ({
          before: "<ol>",
          after: "<li>last</li></ol>",
          value: (next) =>
            Array.from({ length: next() % 4 }, (_, index) =>
              index === 2 ? "text" : item.render(next, `?${next()}`),
            ),
        }),
      ),
      tie("shape").map(
        (inner): Part => ({
          before: "<div>",
          after: "</div>",
          value: (next, path) => {
            const seed = next() % 2;
            return memo([seed, path], () => inner.render(() => seed, `${path}m`));
          },
        }),
      ),
      ...more,
    ),
  }));

/** An element around parts; its root tells by `data-key` which item of which list it is. */
function shapeOf(tag: string, parts: readonly Part[]): Shape {
  const written = [`<${tag} data-key=`, ">"];
  for (const { before, after, value } of parts) {
    written[written.length - 1] += before;
    if (value) written.push(after);
    else written[written.length - 1] += after;
  }
  written[written.length - 1] += `</${tag}>`;
  const template = strings(...written);
  return {
    render: (next, path) =>
      new Template(template, [
        path,
        ...parts.filter(({ value }) => value).map(({ value }, index) => value?.(next, `${path}.${index}`)),
      ]),
  };
}

const source = (numbers: readonly number[]) => {
  let at = 0;
  return () => numbers[at++ % numbers.length] as number;
};

const keyed = (container: Element) =>
  new Map(
    [...container.querySelectorAll("[data-key]")].map((node) => [
      node.getAttribute("data-key") as string,
      node,
    ]),
  );

const numbers = fc.array(fc.nat(255), { minLength: 3, maxLength: 40 });
/** `FC_RUNS=2000` looks longer. */
const numRuns = Number(process.env["FC_RUNS"] ?? 240);
/** Another turn of the event loop lets the memory of a page go. */
const turn = () => new Promise((resolve) => setImmediate(resolve));

test("after any sequence of patches the page is that of a fresh render, and equal keys keep their nodes", async () => {
  await fc.assert(
    fc.asyncProperty(
      arbitraryShapes().shape,
      fc.array(numbers, { minLength: 2, maxLength: 5 }),
      async (shape, states) => {
        await turn();
        const render = (state: readonly number[]) => shape.render(source(state), "");
        const [first, ...rest] = states as [number[], ...number[][]];
        const { container, show, sides } = page(render(first));
        expect(container.innerHTML).toBe(fresh(render(first)));
        for (const state of rest) {
          const before = keyed(container);
          show(render(state));
          expect(container.innerHTML).toBe(fresh(render(state)));
          const [client, server] = sides();
          expect(client).toBe(server);
          expect(container.querySelector(`[${ATTR_MARK}], [${ATTR_KEEP}]`)).toBeNull();
          for (const [key, node] of keyed(container)) {
            // Arrays have no keys: their items are told apart by their place alone.
            if (!key.includes("?") && before.has(key))
              expect(node, `the node of ${key}`).toBe(before.get(key));
          }
        }
      },
    ),
    { numRuns },
  );
});

const render = (shape: Shape, state: readonly number[]) => shape.render(source(state), "");
const states = fc.array(numbers, { minLength: 3, maxLength: 6 });

test("once nothing is locked any more the page is that of a fresh render, whatever was locked meanwhile", async () => {
  await fc.assert(
    fc.asyncProperty(arbitraryShapes().shape, states, async (shape, states) => {
      await turn();
      const { container, patcher, show } = page(render(shape, states[0] as number[]));
      let locked: Element[] = [];
      for (const [index, state] of states.entries()) {
        const before = locked.map((el) => el.outerHTML);
        show(render(shape, state));
        // An element that is taken away goes with its locks.
        expect(locked.map((el, at) => el.isConnected && el.outerHTML !== before[at])).not.toContain(true);
        const all = [...container.querySelectorAll("*")];
        const next = all.filter((_, at) => (state[at % state.length] as number) % 9 === index);
        for (const el of next) lock(el, index + 1);
        for (const el of locked) unlock(el, index);
        patcher.refresh();
        locked = next;
      }
      for (const el of locked) unlock(el, states.length);
      patcher.refresh();
      expect(container.innerHTML).toBe(fresh(render(shape, states.at(-1) as number[])));
    }),
    { numRuns: Math.ceil(numRuns / 4) },
  );
});

test("an element that was locked while a view was joined again keeps its elements, and the text typed into them", () => {
  const form = (text: string) => html`
    <form class=${text}><h2>Title</h2><div><label>Name</label><input name="a"></div>${html`<p><b>${text}</b></p>`}</form>
    <i>${text}</i>`;
  const { container, patcher, known } = page(form("before"));
  const element = container.querySelector("form") as Element;
  const inside = [...element.querySelectorAll("*")];
  const input = element.querySelector("input") as HTMLInputElement;
  input.value = "typed";
  lock(element, 1);
  const differ = new Differ(new Set());
  const kept = toRenderedTemplate(form("again"));
  const full = differ.writeFull(kept);
  learnTemplates(known, differ.fresh);
  patcher.load(full);
  expect(container.querySelector("i")?.textContent).toBe("again");
  expect(container.querySelector("b")?.textContent).toBe("before");
  unlock(element, 1);
  // As an answer comes: it is merged, and then what was left alone is shown.
  patcher.merge(differ.diffTemplate(kept, form("after")) as TreeDiff);
  patcher.refresh();
  expect(container.querySelector("b")?.textContent).toBe("after");
  expect(inside.every((each, at) => each === element.querySelectorAll("*")[at])).toBe(true);
  expect(input.value).toBe("typed");
});

/** Contents of a view's elements, with its portals in the places in which the server rendered them. */
function assembled(node: Node): Node {
  const copy = node.cloneNode(false);
  for (const child of node.childNodes) copy.appendChild(assembled(portalAt(child) ?? child));
  return copy;
}

test("portals show the content of a fresh render, in their targets", async () => {
  const portal = fc.tuple(arbitraryShapes().shape, fc.boolean()).map(
    ([inner, nested]): Part => ({
      before: "<div><p>text</p>",
      after: "</div>",
      value(next, path) {
        const [target, id] = [next() % 2 ? "#a" : "#b", `p${path}`];
        // An id must be the only one.
        if (path.includes("?") || next() % 3 === 0) return null;
        const children = inner.render(next, `${path}o`);
        const within = Portal({ id: `${id}n`, target: "#a", children: html`<i>${next() % 2}</i>` });
        return Portal({ id, target, children: nested ? html`${children}${within}` : children });
      },
    }),
  );
  await fc.assert(
    fc.asyncProperty(arbitraryShapes(portal).shape, states, async (shape, states) => {
      await turn();
      const { container, patcher, show } = page(render(shape, states[0] as number[]));
      for (const state of [states[0] as number[], ...states]) {
        show(render(shape, state));
        const main = assembled(container) as Element;
        const should = fresh(render(shape, state)).replaceAll(' hidden=""', "");
        expect(main.innerHTML).toBe(should);
        const portals = [...document.querySelectorAll("[data-ow-portal]")];
        expect(portals.length).toBe(main.querySelectorAll("[data-ow-portal]").length);
        for (const el of portals) expect(`#${el.parentElement?.id}`).toBe(el.getAttribute("data-ow-portal"));
        expect(document.querySelector(`[${ATTR_MARK}], [${ATTR_KEEP}]`)).toBeNull();
      }
      patcher.destroy();
      expect(document.querySelector("[data-ow-portal]")).toBeNull();
    }),
    { numRuns: Math.ceil(numRuns / 4) },
  );
});

test("an element that goes by a transition stays in its place, and in nothing's way", async () => {
  await fc.assert(
    fc.asyncProperty(arbitraryShapes().shape, states, fc.nat(4), async (shape, states, pace) => {
      const ends: (() => void)[] = [];
      const removing = () => new Promise<void>((resolve) => ends.push(resolve));
      const { container, show } = page(render(shape, states[0] as number[]), { removing });
      for (const state of states) {
        const kept = [...container.querySelectorAll("[data-key]:not([inert] *)")];
        for (const el of kept) if (el.localName === "div") el.setAttribute("phx-remove", "");
        const before = keyed(container);
        show(render(shape, state));
        const all = container.cloneNode(true) as Element;
        for (const el of all.querySelectorAll("[inert]")) el.remove();
        for (const el of all.querySelectorAll("[phx-remove]")) el.removeAttribute("phx-remove");
        all.normalize();
        expect(all.innerHTML).toBe(fresh(render(shape, state)));
        for (const [key, node] of keyed(container)) {
          if (key.includes("?") || node.closest("[inert]") || before.get(key)?.closest("[inert]")) continue;
          if (before.has(key)) expect(node, `the node of ${key}`).toBe(before.get(key));
        }
        for (const end of ends.splice(0, pace)) end();
        await Promise.resolve();
      }
      for (const end of ends) end();
      await turn();
      expect(container.querySelector("[inert]")).toBeNull();
    }),
    { numRuns: Math.ceil(numRuns / 4) },
  );
});

describe("the smallest element is patched", () => {
  const rows = Array.from({ length: 5 }, (_, id) => ({ id, name: `row ${id}` }));
  const table = (rows: readonly { id: number; name: string }[], caption = "rows") => html`
    <table><caption>${caption}</caption><tbody>${each(
      rows,
      (row) => row.id,
      (row) => html`<tr><td>${row.id}</td><td>${row.name}</td></tr>`,
    )}</tbody></table>`;

  test("one cell travels as one cell, and no other node is touched", () => {
    const { container, show } = page(table(rows));
    const changes: string[] = [];
    const { MutationObserver } = container.ownerDocument.defaultView as unknown as typeof globalThis;
    const observer = new MutationObserver(() => {});
    observer.observe(container, { subtree: true, childList: true, attributes: true, characterData: true });
    const message = show(table(rows.map((row) => (row.id === 3 ? { ...row, name: "new" } : row))));
    expect(message).toEqual({ 1: { u: { 3: { 1: "new" } } } });
    for (const { target, type } of observer.takeRecords())
      changes.push(`${type} in ${target.parentElement?.localName}`);
    expect(changes).toEqual(["characterData in td"]);
    expect(container.querySelectorAll("td")[7]?.textContent).toBe("new");
  });

  test("a move travels as a move", () => {
    const { container, show } = page(table(rows));
    const nodes = [...container.querySelectorAll("tr")];
    const [a, b, c, d, e] = rows as [
      (typeof rows)[0],
      (typeof rows)[0],
      (typeof rows)[0],
      (typeof rows)[0],
      (typeof rows)[0],
    ];
    expect(show(table([e, a, b, c, d]))).toEqual({
      1: {
        o: [
          [4, 1],
          [0, 4],
        ],
      },
    });
    expect([...container.querySelectorAll("tr")]).toEqual([nodes[4], ...nodes.slice(0, 4)]);
  });

  test("nothing is sent if nothing changed", () => {
    expect(page(table(rows)).show(table(rows))).toBeUndefined();
  });

  test("statics travel once", () => {
    const { show } = page(table(rows));
    const message = JSON.stringify(show(table([...rows, { id: 9, name: "nine" }])));
    expect(message).not.toContain("<td>");
    expect(message).toContain("nine");
  });

  test("items that share a key are told apart by their order", () => {
    const { container, show } = page(table(rows));
    const twice = [...rows, { id: 1, name: "again" }];
    show(table(twice));
    show(table([...twice].reverse()));
    expect(container.innerHTML).toBe(fresh(table([...twice].reverse())));
  });
});
