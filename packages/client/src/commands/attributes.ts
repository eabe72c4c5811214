/** Commands of attributes, by the rules of templates: text runs neither as a script nor as commands. */
import type { Host } from "../bindings/host.ts";
import { namesOf } from "../dom/effects.ts";
import { invoke } from "../dom/native.ts";
import { ignoreAttributes, type Rollback, setAttribute } from "../dom/sticky.ts";
import { isUnsafe } from "../dom/unsafe.ts";
import type { CommandSet } from "./command.ts";

export function createAttributeCommands({ win, prefix }: Pick<Host, "win" | "prefix">): CommandSet {
  const write = (el: Element, name: string, value: unknown, undos: Rollback | undefined) => {
    const isText = typeof value === "string";
    if (value !== null && isUnsafe(el, name, isText ? value : "", prefix))
      win.console.error(`Overwire: ${name} was not set, as it could run a script`);
    else setAttribute(el, name, isText || value === null ? value : JSON.stringify(value), undos);
  };
  return {
    setAttribute: (el, { attr: [name, value] = [] }, undos) => write(el, name as string, value, undos),
    removeAttribute: (el, { attr }, undos) => setAttribute(el, attr as string, null, undos),
    toggleAttribute(el, { attr = [] }, undos) {
      const [name = "", on = "", off] = attr as readonly string[];
      const now = invoke(el, "getAttribute", name);
      write(el, name, now !== null && off === undefined ? null : now === on ? (off ?? null) : on, undos);
    },
    ignoreAttributes: (el, { names }) => ignoreAttributes(el, namesOf(names)),
  };
}
