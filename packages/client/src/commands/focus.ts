/** Commands of the focus: it is given to an element, or remembered and given back. */
import type { BoundView, Host } from "../bindings/host.ts";
import { focusFirst } from "../dom/focus-first.ts";
import { nextFrame } from "../dom/frame.ts";
import { invoke, read } from "../dom/native.ts";
import type { CommandSet } from "./command.ts";

export function createFocusCommands(host: Pick<Host, "win" | "views" | "viewOf">): CommandSet {
  const { win } = host;
  /** Elements to give the focus back to, with their views: those of views that are gone are forgotten. */
  let focused: (readonly [el: Element, view: BoundView | undefined])[] = [];
  /** An element that an earlier command shows may only be there two frames later, when it can take the focus. */
  const attempt = (run: () => void) => {
    const { document } = win;
    run();
    const active = read(document, "activeElement");
    nextFrame(win, () =>
      nextFrame(win, () => {
        // The user may have gone on meanwhile.
        if ([active, read(document, "body")].includes(read(document, "activeElement"))) run();
      }),
    );
  };
  const focus = (el: Element) => attempt(() => invoke(el as HTMLElement, "focus"));
  return {
    focus,
    focusFirst: (el) => attempt(() => focusFirst(el)),
    pushFocus: (el) => void focused.push([el, host.viewOf(el)]),
    popFocus() {
      focused = focused.filter(([, view]) => !view || [...host.views].includes(view));
      const [el] = focused.pop() ?? [];
      if (el) focus(el);
    },
  };
}
