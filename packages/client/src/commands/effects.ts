/** Commands with a visible effect: elements are shown and hidden, get classes, and run transitions. */
import type { Host } from "../bindings/host.ts";
import { createEffects, namesOf } from "../dom/effects.ts";
import { read } from "../dom/native.ts";
import type { Command, CommandSet } from "./command.ts";

export function createEffectCommands({ win, hold }: Pick<Host, "win" | "hold">): CommandSet {
  const effects = createEffects(win, hold);
  const setClasses =
    (on: (el: Element, name: string) => boolean): Command =>
    (el, args, undos) =>
      effects.classes(el, new Map(namesOf(args.names).map((name) => [name, on(el, name)])), args, undos);
  return {
    show: (el, args, undos) => effects.show(el, true, args, args.display, undos),
    hide: (el, args, undos) => effects.show(el, false, args, args.display, undos),
    toggle(el, args, undos) {
      const on = !effects.isShown(el);
      effects.show(el, on, { ...args, transition: on ? args.in : args.out }, args.display, undos);
    },
    addClass: setClasses(() => true),
    removeClass: setClasses(() => false),
    toggleClass: setClasses((el, name) => !read(el, "classList").contains(name)),
    transition: (el, args, undos) => effects.classes(el, new Map(), args, undos),
  };
}
