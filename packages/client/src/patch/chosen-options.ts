/** Options of a select that stay chosen when it is patched: the choice is the user's, and goes with its option wherever that moves. */
import { invoke } from "../dom/native.ts";
import { type KeepChoice, options } from "./fields.ts";

/** Tells if the server chose an option. */
const isPreset = (option: Element) => invoke(option, "hasAttribute", "selected");

/** Chooses the server's options, as a browser does when a page is loaded. */
export function choosePreset(select: HTMLSelectElement): void {
  const all = options(select);
  for (const option of all) option.selected = isPreset(option);
  if (isMenu(select) && !all.some(isPreset)) select.selectedIndex = all.findIndex(isEnabled);
}

/** One of its options is always chosen, unless there is none that can be. */
const isMenu = (select: HTMLSelectElement) => !select.multiple && select.size < 2;
const isEnabled = (option: HTMLOptionElement) => !option.disabled && !option.closest("optgroup[disabled]");

interface Choice {
  readonly option: HTMLOptionElement;
  readonly value: string;
  readonly text: string;
  readonly preset: boolean;
  readonly chosen: boolean;
  /** Its counterpart before the morph. */
  old?: Choice;
}

const choices = (select: HTMLSelectElement) =>
  options(select).map((option): Choice => {
    const { value, text, selected: chosen } = option;
    return { option, value, text, preset: isPreset(option), chosen };
  });

/** Likelihood that an option goes on as another one: neither element, value nor text alone is an option's own. */
const likeness = (a: Choice, b: Choice) =>
  +(a.option === b.option) + 2 * +(a.text === b.text) + 4 * +(a.value === b.value);

/**
 * Remembers which options of a select are chosen. @returns a function that chooses them after the morph, or
 * the server's
 */
export const keepChoice: KeepChoice = (select, focused, isReset) => {
  if (isReset) return () => choosePreset(select);
  const before = choices(select);
  const isUsable = options(select).some(isEnabled);
  return () => {
    const now = choices(select);
    const rest = new Set(before);
    for (let least = 7; least > 2; least--)
      for (const own of now)
        for (const old of own.old ? [] : rest)
          if (likeness(own, old) >= least) {
            own.old = old;
            rest.delete(old);
            break;
          }
    const isSaid = ({ preset, old }: Choice) => !focused && preset !== !!old?.preset;
    if (select.multiple) {
      for (const own of now) own.option.selected = isSaid(own) ? own.preset : (own.old?.chosen ?? own.preset);
      return;
    }
    const chosen = now.findIndex(({ old }) => old?.chosen);
    const isCleared = !before.some(({ chosen }) => chosen) && (isUsable || !isMenu(select));
    if (!now.some(isSaid) && (chosen >= 0 || isCleared)) select.selectedIndex = chosen;
    else choosePreset(select);
  };
};
