/** For random trees of views and components: what a fresh paint shows, what the server believes, and what the client has are one. */
import { type Instance, stringify, Tree, type Value } from "@overwire/client/wire";
import { receiveFrame } from "@overwire/test-support/receive-frame";
import { startProcess, throwReport } from "@overwire/test-support/view-process";
import fc from "fast-check";
import { expect, test } from "vitest";
import { each } from "../../template/each.ts";
import { type Child, html, type Template } from "../../template/html.ts";
import { memo } from "../../template/memo.ts";
import { LiveComponent } from "../../view/live-component.ts";
import { LiveView } from "../../view/live-view.ts";

/** A node of a page: the state that its component shows tells how long it has lived. */
type Plan =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "element" | "wrapped" | "memo"; readonly inner: Plan; readonly version: number }
  | { readonly kind: "list" | "array"; readonly items: readonly (readonly [key: number, Plan])[] }
  | {
      readonly kind: "component";
      readonly id: number;
      readonly other: boolean;
      readonly root: number;
      readonly inner: Plan;
    };

type Component = Extract<Plan, { kind: "component" }>;

let born = 0;
/** Components that live, by name. */
const alive = new Map<string, Cell>();

class Cell extends LiveComponent<{ plan: Component }> {
  readonly birth = ++born;
  count = 0;
  inc = this.event(() => {
    this.count++;
  });
  get name() {
    return `${this.constructor.name} ${this.id}`;
  }
  override mount() {
    expect(alive.has(this.name), `${this.name} is mounted once`).toBe(false);
    alive.set(this.name, this);
  }
  override terminate() {
    expect(alive.get(this.name)).toBe(this);
    alive.delete(this.name);
  }
  render() {
    const { inner, root } = this.props.plan;
    if (root === 0) return html`<p>${this.birth}.${this.count}</p>${show(inner)}`;
    if (root === 1) return html`<section title=${this.count}>${show(inner)}${this.props.children}</section>`;
    return html`${show(inner)}`;
  }
}

class Other extends Cell {
  static updates: string[] = [];
  static updateMany(components: readonly Other[]) {
    Other.updates.push(...components.map(({ id }) => id));
  }
}

const Box = ({ children }: { children?: Child }) => html`<div>${children}</div>`;

function show(plan: Plan): Child {
  switch (plan.kind) {
    case "text":
      return plan.text;
    case "element":
      return html`<i>${show(plan.inner)}</i>`;
    case "wrapped":
      return html`<${Box}>${show(plan.inner)} <b>beside</b><//>`;
    case "memo":
      return html`<u>${memo([JSON.stringify(plan)], () => html`<s>${show(plan.inner)}</s>`)}</u>`;
    case "array":
      return plan.items.map(([, item]) => show(item));
    case "list":
      return html`<ul>${each(
        plan.items,
        ([key]) => key,
        ([, item]) => (item.kind === "component" ? html`<li>${show(item)}</li>` : show(item)),
      )}</ul>`;
    case "component":
      return html`<${plan.other ? Other : Cell} id=${plan.id} plan=${plan}>${plan.root === 1 ? html`<q>${plan.id}</q>` : null}<//>`;
  }
}

const plans = fc.letrec<{ plan: Plan }>((tie) => ({
  plan: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.constantFrom("", "a", "<b>").map((text): Plan => ({ kind: "text", text })),
    fc
      .record({ kind: fc.constantFrom("element", "wrapped", "memo"), inner: tie("plan"), version: fc.nat(1) })
      .map((plan) => plan as Plan),
    fc
      .record({
        kind: fc.constantFrom("list", "array"),
        items: fc.uniqueArray(fc.tuple(fc.nat(5), tie("plan")), { selector: ([key]) => key, maxLength: 4 }),
      })
      .map((plan) => plan as Plan),
    {
      weight: 3,
      arbitrary: fc
        .record({ id: fc.nat(7), other: fc.boolean(), root: fc.nat(2), inner: tie("plan") })
        .map((plan): Plan => ({ kind: "component", ...plan })),
    },
  ),
})).plan;

/** Leaves each component in one place only. */
function once(plan: Plan, seen = new Set<string>()): Plan {
  switch (plan.kind) {
    case "text":
      return plan;
    case "list":
    case "array":
      return { ...plan, items: plan.items.map(([key, item]) => [key, once(item, seen)]) };
    case "component": {
      const name = `${plan.other} ${plan.id}`;
      if (seen.has(name)) return once(plan.inner, seen);
      seen.add(name);
      return { ...plan, inner: once(plan.inner, seen) };
    }
    default:
      return { ...plan, inner: once(plan.inner, seen) };
  }
}

const names = (plan: Plan): string[] => {
  switch (plan.kind) {
    case "text":
      return [];
    case "list":
    case "array":
      return plan.items.flatMap(([, item]) => names(item));
    case "component":
      return [`${plan.other ? "Other" : "Cell"} ${plan.id}`, ...names(plan.inner)];
    default:
      return names(plan.inner);
  }
};

/** HTML of a plan whose components have the states that they have. */
function expected(plan: Plan): string {
  switch (plan.kind) {
    case "text":
      return plan.text.replaceAll("<", "&lt;").replaceAll(">", "&gt;");
    case "element":
      return `<i>${expected(plan.inner)}</i>`;
    case "wrapped":
      return `<div>${expected(plan.inner)} <b>beside</b></div>`;
    case "memo":
      return `<u><s>${expected(plan.inner)}</s></u>`;
    case "array":
      return plan.items.map(([, item]) => expected(item)).join("");
    case "list":
      return `<ul>${plan.items
        .map(([, item]) => (item.kind === "component" ? `<li>${expected(item)}</li>` : expected(item)))
        .join("")}</ul>`;
    case "component": {
      const { birth, count } = alive.get(`${plan.other ? "Other" : "Cell"} ${plan.id}`) as Cell;
      const inner = expected(plan.inner);
      if (plan.root === 0) return `<p>${birth}.${count}</p>${inner}`;
      return plan.root === 1 ? `<section title="${count}">${inner}<q>${plan.id}</q></section>` : inner;
    }
  }
}

/** Changes a plan here and there: rows move and go, components go and come to stand elsewhere. */
function edited(plan: Plan, next: () => number): Plan {
  const choice = next();
  if (choice % 13 === 0) return { kind: "text", text: String(choice) };
  switch (plan.kind) {
    case "text":
      return choice % 3 ? plan : { kind: "text", text: String(choice) };
    case "list":
    case "array": {
      const items = plan.items
        .filter(() => next() % 7)
        .map(([key, item]) => ({ item: [key, edited(item, next)] as const, at: choice % 2 ? next() : 0 }));
      return { ...plan, items: items.sort((a, b) => a.at - b.at).map(({ item }) => item) };
    }
    case "component":
      return { ...plan, root: choice % 5 ? plan.root : choice % 3, inner: edited(plan.inner, next) };
    default:
      return choice % 11 ? { ...plan, inner: edited(plan.inner, next) } : edited(plan.inner, next);
  }
}

const source = (numbers: readonly number[]) => {
  let at = 0;
  return () => numbers[at++ % numbers.length] as number;
};

const steps = fc.array(
  fc.oneof(
    fc.record({
      kind: fc.constant("show" as const),
      plan: plans.map((plan) => once(plan)),
      root: fc.boolean(),
    }),
    fc.record({
      kind: fc.constant("edit" as const),
      numbers: fc.array(fc.integer({ min: 1, max: 255 }), { minLength: 5, maxLength: 20 }),
    }),
    fc.record({ kind: fc.constantFrom("inc" as const, "touch" as const), which: fc.nat(20) }),
  ),
  { minLength: 1, maxLength: 8 },
);

test("after any changes the client's tree is that of a fresh render, and components that stay keep their state", () => {
  fc.assert(
    fc.property(
      plans.map((plan) => once(plan)),
      steps,
      (first, steps) => {
        alive.clear();
        class Root extends LiveView {
          plan = first;
          root = false;
          render(): Template {
            return this.root ? html`<main>${show(this.plan)}</main>` : html`${show(this.plan)}<hr>`;
          }
        }
        const { viewProcess, view, sink, sent } = startProcess(Root, { report: throwReport });
        const written = new Map<number, string>();
        const shown = () =>
          view.root ? `<main>${expected(view.plan)}</main>` : `${expected(view.plan)}<hr>`;
        const painted = viewProcess.paint();
        expect(painted).toBe(shown());
        const tree = new Tree();
        viewProcess.attach(1, sink);
        let ref = 0;
        const take = () => {
          for (const frame of sent()) if (!receiveFrame(tree, frame)) throw new Error(`a ${frame[0]} frame`);
          expect(stringify(tree.root)).toBe(shown());
          // An untouched part is as it was: patches leave it alone.
          visit(tree.root, (instance) => {
            const html = stringify(instance);
            if (instance.touched !== tree.merges) expect(html).toBe(written.get(instance.id));
            written.set(instance.id, html);
          });
          expect([...alive.keys()].sort()).toEqual(names(view.plan).sort());
          for (const cell of alive.values()) {
            const { parent, at, component } = tree.component(cell.target) as Instance;
            expect(component).toBe(cell.target);
            expect(JSON.stringify(holds((parent as Instance).slots[at]))).toContain(`"${component}"`);
          }
        };
        take();
        for (const step of steps) {
          const before = new Map(alive);
          if (step.kind === "show" || step.kind === "edit") {
            view.plan = step.kind === "show" ? step.plan : edited(view.plan, source(step.numbers));
            if (step.kind === "show") view.root = step.root;
            viewProcess.post("show", () => {});
            for (const [name, cell] of alive) if (before.has(name)) expect(cell).toBe(before.get(name));
          } else {
            const cell = [...alive.values()][step.which % (alive.size || 1)];
            if (step.kind === "inc") viewProcess.event(++ref, "inc", {}, cell?.target ?? 1000);
            else if (cell) view.sendUpdate(cell.constructor as typeof Cell, { id: cell.id });
          }
          take();
        }
        viewProcess.end("left");
        expect(alive.size).toBe(0);
      },
    ),
    { numRuns: Number(globalThis.process.env.FC_RUNS ?? 1000) },
  );
});

/** Numbers of the components that are a slot's value, or items of its lists. */
function holds(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  if ("items" in value) return (value as { items: unknown[] }).items.flatMap(holds);
  return "component" in value ? [String(value.component)] : [];
}

function visit(value: Value, see: (instance: Instance) => void): void {
  if (typeof value === "string") return;
  if ("items" in value) for (const item of value.items) visit(item, see);
  else {
    see(value);
    for (const slot of value.slots) visit(slot, see);
  }
}
