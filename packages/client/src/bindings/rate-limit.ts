/** `phx-debounce` and `phx-throttle`: when a binding's event goes out. */

import { formOf } from "../dom/form-of.ts";
import { invoke, read } from "../dom/native.ts";

/** Meaning of an empty attribute, in milliseconds. */
const DEFAULT = 300;

export interface RateLimit {
  /**
   * Runs an element's event now, later or never, as its attributes say.
   * @param type events of one type replace each other, those of several do not: `change`, `click`, …
   * @param key tells apart events that are throttled on their own: each key of a keyboard
   */
  run(el: Element, type: string, action: () => void, key?: string): void;
  /** The element lost the focus: its pending event goes out, and throttling ends. */
  blur(el: Element): void;
  /** The browser filled the element in, which has no focus to lose: what waits for that goes out. */
  filled(el: Element): void;
  /** The form is being submitted: pending events of its fields are out of date, and throttling ends. */
  submit(form: HTMLFormElement): void;
}

interface Pending {
  timer?: number;
  /** Held back. */
  action?: () => void;
  /** Throttled until the timer runs out: events with this key. */
  throttled?: string;
}

/** @param immediate nothing is held back or dropped */
export function createRateLimit(
  win: Window & typeof globalThis,
  prefix: string,
  immediate = false,
): RateLimit {
  const all = new WeakMap<Element, Map<string, Pending>>();

  const clear = (el: Element, type: string) => {
    const pending = all.get(el)?.get(type);
    win.clearTimeout(pending?.timer);
    all.get(el)?.delete(type);
    return pending?.action;
  };

  return {
    run(el, type, action, key = "") {
      // A form may say it for the changes of all its fields.
      const form = type === "change" && formOf(el);
      const given = (name: string) =>
        invoke(el, "getAttribute", prefix + name) ??
        (form ? invoke(form, "getAttribute", prefix + name) : null);
      const throttle = given("throttle");
      const wait = throttle ?? given("debounce");
      if (immediate || wait == null) return action();
      const ms = wait === "" ? DEFAULT : Number(wait);
      const untilBlur = wait === "blur" && throttle == null;
      if (Number.isNaN(ms) && !untilBlur) {
        win.console.error(
          `Overwire: ${prefix}debounce and ${prefix}throttle take milliseconds or "blur", not ${JSON.stringify(wait)}`,
          el,
        );
        return;
      }
      const pending: Pending = {};
      if (throttle != null) {
        if (all.get(el)?.get(type)?.throttled === key) return;
        pending.throttled = key;
      } else pending.action = action;
      clear(el, type);
      if (!untilBlur) {
        pending.timer = win.setTimeout(() => {
          const held = clear(el, type);
          if (read(el, "isConnected")) held?.();
        }, ms);
      }
      all.set(el, (all.get(el) ?? new Map()).set(type, pending));
      if (throttle != null) action();
    },
    filled(el) {
      for (const [type, { timer }] of [...(all.get(el) ?? [])]) if (!timer) clear(el, type)?.();
    },
    blur(el) {
      for (const type of [...(all.get(el)?.keys() ?? [])]) clear(el, type)?.();
    },
    submit(form) {
      for (const field of [form, ...read(form, "elements")]) clear(field, "change");
    },
  };
}
