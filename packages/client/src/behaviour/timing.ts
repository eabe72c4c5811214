/** `phx-debounce` and `phx-throttle`: when a binding's event goes out. */

/** What an empty attribute means, in milliseconds. */
const DEFAULT = 300;

export interface Timing {
  /**
   * Runs an element's event now, later or never, as its attributes say.
   * @param key tells apart what is throttled on its own: each key of a keyboard
   */
  run(el: Element, action: () => void, key?: string): void;
  /** The element lost the focus: what waits goes out, and throttling ends. */
  blur(el: Element): void;
  /** The form is being submitted: what its fields held back is out of date. */
  submit(form: HTMLFormElement): void;
}

interface Pending {
  timer?: number | undefined;
  /** Held back. */
  action?: (() => void) | undefined;
  /** Throttled until the timer runs out: events with this key. */
  throttled?: string | undefined;
}

/** @param immediate nothing is held back or dropped */
export function createTiming(win: Window & typeof globalThis, prefix: string, immediate = false): Timing {
  const all = new WeakMap<Element, Pending>();

  const attribute = (el: Element, name: string) =>
    el.getAttribute(prefix + name) ?? (el as HTMLInputElement).form?.getAttribute(prefix + name) ?? undefined;

  const clear = (el: Element) => {
    const pending = all.get(el);
    win.clearTimeout(pending?.timer);
    all.delete(el);
    return pending?.action;
  };

  return {
    run(el, action, key = "") {
      const throttle = attribute(el, "throttle");
      const wait = throttle ?? attribute(el, "debounce");
      if (immediate || wait === undefined) return action();
      const pending = all.get(el) ?? {};
      if (throttle === undefined && wait === "blur") {
        all.set(el, { action });
        return;
      }
      const ms = wait === "" ? DEFAULT : Number(wait);
      if (Number.isNaN(ms)) {
        win.console.error(`Overwire: ${prefix}debounce and ${prefix}throttle take milliseconds, or "blur", but got ${JSON.stringify(wait)}`, el);
        return;
      }
      if (throttle !== undefined) {
        if (pending.throttled === key) return;
        clear(el);
        all.set(el, { throttled: key, timer: win.setTimeout(() => all.delete(el), ms) });
        return action();
      }
      win.clearTimeout(pending.timer);
      all.set(el, { action, timer: win.setTimeout(() => clear(el) && el.isConnected && action(), ms) });
    },
    blur: (el) => clear(el)?.(),
    submit(form) {
      for (const field of [form, ...form.elements]) clear(field);
    },
  };
}
