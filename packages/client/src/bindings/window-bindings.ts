/** Bindings for events beyond their elements: clicks away from an element, keys, the window's focus. */
import { isVisible } from "../dom/effects.ts";
import { findAll, invoke, isElement, read } from "../dom/native.ts";
import { takeClosed } from "../patch/open-state.ts";
import { portalOwner } from "../patch/portals.ts";
import { allSteps, isForComposing } from "./composing.ts";
import type { Host, UserActions } from "./host.ts";
import { runBinding } from "./push.ts";

/** All elements with a binding, of any view. */
const allBound = ({ win, prefix, viewOf }: Host, name: string) =>
  findAll(win.document, `[${prefix}${name}]`).filter((el) => viewOf(el));

const isInViewport = (win: Window, el: Element) => {
  const { top, bottom, left, right } = invoke(el, "getBoundingClientRect");
  return bottom >= 0 && right >= 0 && top <= win.innerHeight && left <= win.innerWidth;
};

/** A press on a modal dialog that is beside its box is on its backdrop. */
const isOnBackdrop = ({ target, detail, clientX, clientY }: MouseEvent) => {
  if (!detail || !isElement(target) || read(target, "localName") !== "dialog") return false;
  const { top, bottom, left, right } = invoke(target, "getBoundingClientRect");
  return clientX < left || clientX > right || clientY < top || clientY > bottom;
};

/** @returns a function that finds the elements that a click is away from */
function createAway(host: Host): UserActions["away"] {
  const { win } = host;
  /** Elements in which the button of the mouse went down or up: a click that began or ended in one is not away from it. */
  const touched = new Set<Node>();
  /** The field that the browser clicks itself after its label: one click of the user is one. */
  let labelled: Element | null | undefined;

  /** Notes an element and all that it is in, as the view has it too: a portal only shows its content elsewhere. */
  const touch = (el: Element | null | undefined) => {
    for (let from = el; from; from = portalOwner(from))
      for (let at: Element | null = from; at; at = read(at, "parentElement")) touched.add(at);
  };
  const press = (event: MouseEvent) => {
    const { target } = event;
    if (isElement(target)) touch(isOnBackdrop(event) ? read(target, "parentElement") : target);
  };
  win.addEventListener(
    "mousedown",
    (event) => {
      touched.clear();
      press(event);
    },
    true,
  );
  win.addEventListener("mouseup", press, true);

  /** The button of the mouse may have gone down long before a script or a key clicks. */
  return (event) => {
    const { target } = event;
    const again = labelled === target;
    labelled = undefined;
    if (!event.detail) touched.clear();
    press(event);
    const control =
      isElement(target) && (invoke(target, "closest", "label") as HTMLLabelElement | null)?.control;
    if (control && control !== target) {
      touch(control);
      labelled = control;
      win.setTimeout(() => (labelled = undefined));
    }
    // A window or a document is in no view.
    const found =
      again || !isElement(target) ? [] : allBound(host, "click-away").filter((el) => !touched.has(el));
    touched.clear();
    // Asking for visibility makes the browser lay out a page that has changed: only if there is something to know.
    const isSeen = found.length > 0 && isVisible(target as Element);
    const shown = isSeen ? found.filter((el) => isVisible(el) && isInViewport(win, el)) : [];
    return () => {
      for (const el of shown) if (read(el, "isConnected")) runBinding(host, "click", "click-away", el, event);
    };
  };
}

function bindKeys(host: Host): void {
  const { win, prefix } = host;
  /** Keys that are down for an input method: they come up for it too. */
  const composing = new Set<string>();
  for (const type of ["keydown", "keyup"] as const) {
    win.addEventListener(type, (event) => {
      const { key, code, target } = event;
      // Autocompletion sends key events without a key.
      if (key === undefined) return;
      const wasComposing = type === "keyup" && composing.delete(code);
      const isComposing = wasComposing || isForComposing(event);
      if (type === "keydown") composing[isComposing ? "add" : "delete"](code);
      const isOwn = isElement(target) && invoke(target, "hasAttribute", prefix + type);
      const name = isOwn ? type : `window-${type}`;
      for (const el of isOwn ? [target] : allBound(host, name)) {
        const wanted = invoke(el, "getAttribute", `${prefix}key`);
        if (isComposing && !invoke(el, "hasAttribute", allSteps(prefix))) continue;
        if (wanted && wanted.toLowerCase() !== key.toLowerCase()) continue;
        host.actions.rateLimit.run(
          el,
          type,
          () => runBinding(host, type, name, el, event, { key }),
          type === "keydown" ? key : "",
        );
      }
    });
  }
}

function bindDialogs(host: Host): void {
  const { win, prefix } = host;
  // Events of dialogs do not bubble, but can be caught on their way.
  for (const type of ["cancel", "close"] as const) {
    win.addEventListener(
      type,
      (event) => {
        const el = event.target as HTMLDialogElement;
        if (!isElement(el) || !invoke(el, "hasAttribute", prefix + type) || !host.viewOf(el)) return;
        // Commands decide about Escape.
        if (type === "cancel") event.preventDefault();
        else if (takeClosed(el)) return;
        runBinding(host, type, type, el, event, el.returnValue ? { value: el.returnValue } : {});
      },
      true,
    );
  }
}

/** @returns a function that finds the elements that a click is away from */
export function bindWindow(host: Host): UserActions["away"] {
  const { win } = host;
  const away = createAway(host);
  bindKeys(host);
  bindDialogs(host);
  for (const type of ["focus", "blur"] as const) {
    win.addEventListener(type, (event) => {
      if (event.target !== win) return;
      const name = `window-${type}`;
      for (const el of allBound(host, name)) runBinding(host, type, name, el, event);
    });
  }

  return away;
}
