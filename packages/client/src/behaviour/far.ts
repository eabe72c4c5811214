/** Bindings for what happens elsewhere in the page: clicks away from an element, keys, the window's focus. */
import type { Json } from "@overwire/server/wire";
import { findAll, invoke, isElement } from "../dom/native.ts";
import { isVisible } from "./effects.ts";
import type { EventType, Host } from "./host.ts";

export function bindFar(host: Host): void {
  const { win, prefix } = host;
  const { document } = win;
  const on = <Type extends Event>(type: string, listener: (event: Type, target: Element) => void) =>
    win.addEventListener(type, (event) => listener(event as Type, event.target as Element));

  /** All that have a binding, in whatever view. */
  const allBound = (name: string) => findAll(document, `[${prefix}${name}]`).filter((el) => host.viewOf(el));

  const run = (
    type: EventType,
    name: string,
    source: Element,
    event: Event,
    payload: { readonly [key: string]: Json } = {},
  ) => {
    const given = { ...payload, ...host.metadata[type]?.(event as never, source) };
    host.commands.run(invoke(source, "getAttribute", prefix + name) ?? "", {
      source,
      type,
      event,
      payload: given,
    });
  };

  const isInViewport = (el: Element) => {
    const { top, bottom, left, right } = invoke(el, "getBoundingClientRect");
    return bottom >= 0 && right >= 0 && top <= win.innerHeight && left <= win.innerWidth;
  };

  /** Where the button of the mouse went down: a click that began in an element is not away from it. */
  let pressed: Element | null = null;
  on("mousedown", (_event, target) => {
    pressed = target;
  });
  on<MouseEvent>("click", (event, target) => {
    // What a script or a key clicked was not pressed.
    const started = event.detail && pressed ? pressed : target;
    pressed = null;
    // A window or a document is in no view.
    if (!isElement(target)) return;
    const away = allBound("click-away").filter((el) => !invoke(el, "contains", started));
    // Asking what is visible makes the browser lay out a page that has changed: not where nobody wants to know.
    if (!away.length || !isVisible(started)) return;
    for (const el of away) if (isVisible(el) && isInViewport(el)) run("click", "click-away", el, event);
  });

  /** Autocompletion sends key events without a key; and what is pressed to compose a word is meant for the input method. */
  const matchesKey = (el: Element, { key, isComposing }: KeyboardEvent) => {
    const wanted = invoke(el, "getAttribute", `${prefix}key`);
    return key !== undefined && (!wanted || (!isComposing && wanted.toLowerCase() === key.toLowerCase()));
  };
  for (const type of ["keydown", "keyup"] as const) {
    on<KeyboardEvent>(type, (event, target) => {
      const { key } = event;
      const isOwn = isElement(target) && invoke(target, "hasAttribute", prefix + type);
      const name = isOwn ? type : `window-${type}`;
      for (const el of isOwn ? [target] : allBound(name)) {
        if (!matchesKey(el, event)) continue;
        host.timing.run(el, type, () => run(type, name, el, event, { key }), type === "keydown" ? key : "");
      }
    });
  }

  for (const type of ["focus", "blur"] as const) {
    on(type, (event, target) => {
      if ((target as unknown) !== win) return;
      for (const el of allBound(`window-${type}`)) run(type, `window-${type}`, el, event);
    });
  }
}
