// Random pages with a stream, as the messages that a real view sends: for tests that show them, in whatever kind of page.
import fc from "fast-check";
import type { ServerFrame } from "../../client/src/wire/frames.ts";
import { each } from "../../server/src/template/each.ts";
import { type Child, html, type Template } from "../../server/src/template/html.ts";
import { memo } from "../../server/src/template/memo.ts";
import { renderToHtml } from "../../server/src/template/render.ts";
import { LiveView } from "../../server/src/view/live-view.ts";
import { startProcess, throwReport } from "./view-process.ts";

interface Item {
  readonly key: number;
  readonly version: number;
}

/** Calls on a stream; versions identify the newest item of a key. */
type Op =
  | {
      readonly kind: "insert";
      readonly keys: readonly number[];
      readonly at: number;
      readonly updateOnly: boolean;
    }
  | {
      readonly kind: "limited";
      readonly keys: readonly number[];
      readonly at: number;
      readonly limit: number;
    }
  | { readonly kind: "delete"; readonly key: number }
  | { readonly kind: "reset"; readonly keys: readonly number[] };

/** Calls between two renderings. */
interface Turn {
  readonly ops: readonly Op[];
  readonly title: string;
  readonly shown: boolean;
}

export interface Script {
  readonly shape: number;
  readonly first: readonly number[];
  readonly turns: readonly Turn[];
}

/** A message, and what the page must be after it. */
export interface Step {
  readonly painted?: string;
  readonly message: Message;
  readonly html: string;
  /** Ids of elements that are the same ones as before. */
  readonly stay: readonly string[];
}

const keys = fc.integer({ min: 0, max: 9 });
const block = fc.uniqueArray(keys, { maxLength: 6 });
const insert = fc.record({
  kind: fc.constant("insert" as const),
  keys: block,
  at: fc.constantFrom(-1, -1, 0, 0, 1, 3, 20),
  updateOnly: fc.boolean().map((value) => value && true),
});
const remove = fc.record({ kind: fc.constant("delete" as const), key: keys });
const reset = fc.record({ kind: fc.constant("reset" as const), keys: block });
const limited = fc.record({
  kind: fc.constant("limited" as const),
  keys: block,
  at: fc.constantFrom(-1, 0, 2),
  limit: fc.constantFrom(1, 3, 5, -1, -3, -5),
});

export const scripts: fc.Arbitrary<Script> = fc.record({
  shape: fc.nat(7),
  first: block,
  turns: fc.array(
    fc.record({
      ops: fc.array(fc.oneof(insert, insert, remove, remove, reset, limited), { maxLength: 6 }),
      title: fc.constantFrom("", "one", "two"),
      shown: fc.oneof(
        { weight: 8, arbitrary: fc.constant(true) },
        { weight: 1, arbitrary: fc.constant(false) },
      ),
    }),
    { minLength: 1, maxLength: 8 },
  ),
});

const domId = ({ key }: Item) => `item-${key}`;

/** Some items change their template from one version to the next, some only something in them. */
function row(id: string, { key, version }: Item, isTable: boolean): Template {
  if (isTable) return html`<tr id=${id}><td>${version}</td></tr>`;
  if (key > 7 && version % 2) return html`<li id=${id} title="odd">${version}</li>`;
  return html`<li id=${id} class=${version}><b>${key}</b>${version % 3 ? html`<i>${version}</i>` : "zero"} &amp; <input></li>`;
}

function page(shape: number, title: string, shown: boolean, region: () => Child): Template {
  const all = () => (shown ? region() : null);
  switch (shape) {
    case 0:
      return html`<ul id="list">${all()}</ul>`;
    case 1:
      return html`<p>${title}</p><ul><li id="head">${title}</li>${all()}${title && html`<li id="tail">${title}</li>`}</ul>`;
    case 2:
      return html`<table><tbody>${all()}</tbody></table>`;
    case 3:
      return html`${all()}`;
    case 4:
      return html`<div>${title}<ul>
        ${all()}
      </ul></div>`;
    case 5:
      return html`<div>${each(
        title === "one" ? [2, 1] : [1, 2],
        (group) => group,
        (group) => html`<ul>${group === 1 ? all() : html`<li>none</li>`}</ul>`,
      )}</div>`;
    case 6:
      return html`${memo([shown], () => html`<ol>${all()}</ol>`)}${title}`;
    default:
      return title === "two"
        ? html`<section><ul>${all()}</ul></section>`
        : html`<main>${title}<ul>${all()}</ul></main>`;
  }
}

/** A plain array that does what the stream is to do. */
class Model {
  list: readonly Item[];
  /** A limited block that may grow, and the list before it. */
  #last:
    | { readonly before: readonly Item[]; readonly at: number; readonly limit: number; items: Item[] }
    | undefined;

  constructor(list: readonly Item[]) {
    this.list = list;
  }

  rendered(): void {
    this.#last = undefined;
  }

  apply(op: Op, version: number): void {
    if (op.kind === "limited") return this.#limited(op.at, op.limit, op.keys, version);
    if (op.kind === "insert" && !op.keys.length) return;
    this.#last = undefined;
    if (op.kind === "delete") this.list = this.list.filter(({ key }) => key !== op.key);
    else {
      const items = op.keys.map((key) => ({ key, version }));
      this.list = op.kind === "reset" ? items : inserted(this.list, items, op.at, op.updateOnly);
    }
  }

  /**
   * Keys that are not in the limited block to which they would go: the model cannot know if they are there.
   */
  fresh(op: Op): readonly number[] {
    const keys = "keys" in op ? op.keys : [];
    if (op.kind !== "limited" || !this.#goesOn(op.at, op.limit)) return keys;
    return keys.filter((key) => !this.#last?.items.some((item) => item.key === key));
  }

  #goesOn(at: number, limit: number): boolean {
    return this.#last?.at === at && this.#last.limit === limit && at <= 0;
  }

  #limited(at: number, limit: number, keys: readonly number[], version: number): void {
    const last = this.#goesOn(at, limit) ? this.#last : undefined;
    const block = last ?? { before: this.list, at, limit, items: [] };
    const added = keys.map((key) => ({ key, version }));
    block.items = at < 0 ? [...block.items, ...added] : [...added, ...block.items];
    const next = inserted(block.before, block.items, at, false);
    this.list = limit > 0 ? next.slice(0, limit) : next.slice(limit);
    this.#last = block;
  }
}

function inserted(list: readonly Item[], items: readonly Item[], at: number, updateOnly: boolean): Item[] {
  const next = list.map((item) => items.find(({ key }) => key === item.key) ?? item);
  const fresh = items.filter(({ key }) => !list.some((item) => item.key === key));
  if (!updateOnly) next.splice(at < 0 ? next.length : at, 0, ...fresh);
  return next;
}

/** Messages to a client, as they come out of JSON. */
export interface Message {
  readonly tree?: unknown;
  readonly diff?: unknown;
  readonly templates: unknown;
  readonly components: unknown;
}

/** A real view with a client that takes what it sends. */
export function serve<V extends LiveView>(View: new () => V) {
  const { viewProcess, view, join, does } = startProcess(View, { report: throwReport });
  const painted = viewProcess.paint() as string;
  const [joined] = join();
  const [, , , tree, { s: templates }] = joined as Extract<ServerFrame, readonly ["j", ...unknown[]]>;
  const first: Message = { tree, templates, components: undefined };
  /** Does something in the view's turn. @returns the resulting message to the client, if there is one */
  const turn = (run: (view: V) => void): Message | undefined => {
    const [patch] = does(run);
    if (!patch) return undefined;
    const [, , , , diff, extras = {}] = patch as Extract<ServerFrame, readonly ["p", ...unknown[]]>;
    return { diff, templates: extras.s, components: extras.c };
  };
  return { view, painted, first, turn, end: () => viewProcess.end("left") };
}

export function messagesOf({ shape, first, turns }: Script): Step[] {
  const isTable = shape === 2;
  class Page extends LiveView {
    items = this.stream<Item>({ domId });
    title = "";
    shown = true;
    override mount() {
      this.items.insertMany(first.map((key) => ({ key, version: 0 })));
    }
    render() {
      return page(shape, this.title, this.shown, () => this.items.each((id, item) => row(id, item, isTable)));
    }
  }
  const { view, painted, first: joined, turn: take, end } = serve(Page);
  const model = new Model(first.map((key) => ({ key, version: 0 })));
  const expected = () =>
    renderToHtml(
      page(shape, view.title, view.shown, () =>
        each(model.list, domId, (item) => row(domId(item), item, isTable)),
      ),
    );
  const steps: Step[] = [
    { painted, message: joined, html: expected(), stay: first.map((key) => domId({ key, version: 0 })) },
  ];
  let version = 0;
  for (const turn of turns) {
    const before = view.shown ? model.list : [];
    if (!turn.shown && view.shown) model.list = [];
    view.title = turn.title;
    view.shown = turn.shown;
    for (const op of turn.ops) {
      version++;
      const keys = model.fresh(op);
      const items = keys.map((key) => ({ key, version }));
      model.apply({ ...op, keys } as Op, version);
      if (op.kind === "delete") view.items.deleteById(domId({ key: op.key, version }));
      else if (op.kind === "reset") view.items.reset(items);
      else if (op.kind === "limited") view.items.insertMany(items, { at: op.at, limit: op.limit });
      else view.items.insertMany(items, { at: op.at, updateOnly: op.updateOnly });
    }
    const message = take(() => {});
    if (view.shown) model.rendered();
    if (!message) continue;
    const there = new Set(view.shown ? model.list.map(domId) : []);
    const stay = before.map(domId).filter((id) => there.has(id));
    steps.push({ message, html: expected(), stay });
  }
  end();
  return steps;
}
