/**
 * Things that patches leave alone: ignored elements, nested views, fields in use, and changes of client
 * commands.
 */
import { applyPending, isComposing } from "../dom/element-state.ts";
import { hasFocus } from "../dom/focus.ts";
import { invoke, read } from "../dom/native.ts";
import { applyStickyOps } from "../dom/sticky-ops.ts";
import { ATTR_TOKEN } from "../wire/constants.ts";
import { type KeepChoice, type KeepRadios, keepField, mergeAttributes } from "./fields.ts";
import { keepOpen, noteOpen } from "./open-state.ts";
import type { UpdateNotices } from "./patch-context.ts";
import type { Policy } from "./patcher.ts";

/** Callbacks of a patch that changes the page. */
export interface PatchCallbacks {
  /**
   * Is shown each element before it is patched and those around it, from the outside in, with its new state,
   * and may change that; `false` leaves the element alone. Elements around a patch come without their
   * content.
   */
  onBeforeElUpdated?(from: Element, to: Element): unknown;
  /** Function to call before something in an element changes. */
  beforeUpdate?(el: Element): ((to: Element) => void) | undefined;
  /** Reports changes, once it is loaded. */
  telling?(): UpdateNotices | undefined;
  /** Starts the transition of an element that goes. @returns a promise of its end */
  removing?(el: Element): Promise<unknown> | undefined;
  /** Keeps the choice in selects, once it is loaded. */
  keepChoice?(): KeepChoice | undefined;
  /** Keeps the choice in groups of radio buttons, once it is loaded. */
  keepRadios?(): KeepRadios | undefined;
  /** Another nested view is to be joined in this container. */
  renewed?(container: Element): void;
}

/** Elements with a content or a value that the user edits and no field shows: editable text, form-associated custom elements. */
const isEditor = (el: Element) =>
  invoke(el, "matches", "[contenteditable]:not([contenteditable=false])") ||
  (read(el, "localName").includes("-") &&
    !!(el.constructor as { readonly formAssociated?: boolean }).formAssociated);

/** @param prefix begins the names of all bindings */
export function createPolicy(prefix: string, callbacks: PatchCallbacks = {}): Policy {
  const ignores = (el: Element) => invoke(el, "getAttribute", `${prefix}update`) === "ignore";
  const beforeUpdate = (el: Element) => callbacks.beforeUpdate?.(el);
  const isOpen = (el: Element) => invoke(el, "hasAttribute", `${prefix}patch-focused`);
  // Touching the value or the content would end a composition, or move the caret.
  const holds = (el: Element) => isComposing(el) || (hasFocus(el) && isEditor(el) && !isOpen(el));
  const ask = callbacks.onBeforeElUpdated;
  return {
    lets:
      ask &&
      ((el) => {
        const to = invoke(el, "cloneNode") as Element;
        if (ask(el, to) === false) return false;
        mergeAttributes(el, to);
        return true;
      }),
    ignores,
    holds,
    // A script that works in it knows it by its id.
    isOther: (from, to) =>
      (invoke(from, "hasAttribute", `${prefix}hook`) || ignores(from)) &&
      invoke(from, "getAttribute", "id") !== invoke(to, "getAttribute", "id"),
    beforeUpdate,
    before(from, to, isSame) {
      if (invoke(from, "hasAttribute", ATTR_TOKEN) && invoke(to, "hasAttribute", ATTR_TOKEN)) {
        if (invoke(from, "getAttribute", ATTR_TOKEN) !== invoke(to, "getAttribute", ATTR_TOKEN)) {
          mergeAttributes(from, to);
          callbacks.renewed?.(from);
        }
        return false;
      }
      if (ask?.(from, to) === false) return false;
      const tell = beforeUpdate(from);
      if (ignores(from)) {
        const [was, is] = [invoke(from, "cloneNode") as Element, invoke(from, "cloneNode") as Element];
        mergeAttributes(is, to, "", "data-");
        if (tell && !invoke(is, "isEqualNode", was)) tell(to);
        mergeAttributes(from, is);
        return false;
      }
      if (holds(from)) {
        mergeAttributes(from, to, "value");
        return undefined;
      }
      keepOpen(from, to);
      applyStickyOps(from, to);
      applyPending(from, to);
      if (tell && !isSame(from, to)) tell(to);
      return keepField(from, to, hasFocus(from) && !isOpen(to), callbacks.keepChoice?.());
    },
    telling: () => callbacks.telling?.(),
    coming(to, after) {
      noteOpen(to);
      callbacks.keepRadios?.()?.(to, after);
    },
    leaves: (el) => invoke(el, "hasAttribute", `${prefix}remove`),
    removing: (el) => callbacks.removing?.(el),
  };
}
