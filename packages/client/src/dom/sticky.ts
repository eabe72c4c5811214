/** Changes that client commands make and patches keep, until a command changes them again or takes them back. */

import { invoke, read } from "./native.ts";
import { type StickyOp, stickyOpsOf } from "./sticky-ops.ts";
import { setAttribute as setStyled } from "./style.ts";

/** Functions that take changes back, oldest first, by the thing they change. */
type Undoing = Map<string, { back(): void }[]>;

/** Collects functions that take changes back; a change made without it is for good. */
export type Rollback = (() => void)[];

const all = new WeakMap<Element, Undoing>();

/**
 * Makes a change and keeps it. Changes of one thing are taken back in any order: what a later one found is then what an
 * earlier one found. A change for good leaves nothing to take back.
 */
function change(
  el: Element,
  what: string,
  apply: StickyOp,
  back: () => void,
  collect: Rollback | undefined,
): void {
  const kept = stickyOpsOf(el);
  const undos: Undoing = all.get(el) ?? new Map();
  all.set(el, undos);
  const before = kept.get(what);
  const list = (collect && undos.get(what)) ?? [];
  undos.set(what, list);
  if (collect) {
    const own = {
      back() {
        if (before) kept.set(what, before);
        else kept.delete(what);
        back();
      },
    };
    list.push(own);
    collect.push(() => {
      const at = list.indexOf(own);
      if (at < 0 || undos.get(what) !== list) return;
      list.splice(at, 1);
      const later = list[at];
      if (later) later.back = own.back;
      else own.back();
    });
  }
  kept.set(what, apply);
  apply(el, el);
}

/** An element without classes has no attribute for them. */
const toggle = (el: Element, name: string, on: boolean) => {
  read(el, "classList").toggle(name, on);
  if (!read(el, "classList").length) invoke(el, "removeAttribute", "class");
};

export function setClass(el: Element, name: string, on: boolean, undos?: Rollback): void {
  const was = read(el, "classList").contains(name);
  change(
    el,
    `.${name}`,
    (to) => toggle(to, name, on),
    () => toggle(el, name, was),
    undos,
  );
}

/** Takes away a class that was set for a while only: from now on it is the server's again. */
export function dropClass(el: Element, name: string): void {
  stickyOpsOf(el).delete(`.${name}`);
  toggle(el, name, false);
}

const write = (el: Element, name: string, value: string | null) =>
  value === null ? invoke(el, "removeAttribute", name) : setStyled(el, name, value);

/** @param value `null` takes it away */
export function setAttribute(el: Element, name: string, value: string | null, undos?: Rollback): void {
  const was = invoke(el, "getAttribute", name);
  change(
    el,
    name,
    (to) => write(to, name, value),
    () => write(el, name, was),
    undos,
  );
}

const display = (el: Element, value: string) => {
  read(el as HTMLElement, "style").display = value;
};

export function setDisplay(el: Element, value: string, undos?: Rollback): void {
  const was = read(el as HTMLElement, "style").display;
  change(
    el,
    ".",
    (to) => display(to, value),
    () => display(el, was),
    undos,
  );
}

/** Leaves attributes to the page. @param names `*` in them stands for any text */
export function ignoreAttributes(el: Element, names: readonly string[]): void {
  const patterns = names.map((name) => name.replace(/[^\w*-]/g, "\\$&").replace(/\*/g, ".*"));
  const ignored = new RegExp(`^(${patterns.join("|")})$`);
  const keep: StickyOp = (to, from) => {
    for (const { name } of [...read(to, "attributes"), ...read(from, "attributes")])
      if (ignored.test(name)) write(to, name, invoke(from, "getAttribute", name));
  };
  change(el, "*", keep, () => {}, undefined);
}
