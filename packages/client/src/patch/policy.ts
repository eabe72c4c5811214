/**
 * Things that patches leave alone: ignored elements, nested views, fields in use, and changes of client
 * commands.
 */
import { applyPending, isComposing } from "../dom/element-state.ts";
import { hasFocus } from "../dom/focus.ts";
import { invoke, read } from "../dom/native.ts";
import { applyStickyOps } from "../dom/sticky-ops.ts";
import { ATTR_TOKEN } from "../wire/constants.ts";
import { keepField, mergeAttributes } from "./fields.ts";
import { keepOpen, noteOpen } from "./open-state.ts";
import type { PatchCallbacks, Policy } from "./patch-context.ts";

/** Elements with a content or a value that the user edits and no field shows: editable text, form-associated custom elements. */
const isEditor = (el: Element) =>
  invoke(el, "matches", "[contenteditable]:not([contenteditable=false])") ||
  (read(el, "localName").includes("-") &&
    !!(el.constructor as { readonly formAssociated?: boolean }).formAssociated);

/** @param prefix begins the names of all bindings */
export function createPolicy(prefix: string, callbacks: PatchCallbacks = {}): Policy {
  const ignores = (el: Element) => invoke(el, "getAttribute", `${prefix}update`) === "ignore";
  const isOpen = (el: Element) => invoke(el, "hasAttribute", `${prefix}patch-focused`);
  // Touching the value or the content would end a composition, or move the caret.
  const isEdited = (el: Element) => isComposing(el) || (hasFocus(el) && isEditor(el) && !isOpen(el));
  const ask = callbacks.onBeforeElUpdated;
  return {
    ...callbacks,
    allows:
      ask &&
      ((el) => {
        const to = invoke(el, "cloneNode") as Element;
        if (ask(el, to) === false) return false;
        mergeAttributes(el, to);
        return true;
      }),
    ignores,
    isEdited,
    // A script that works in it knows it by its id.
    isOther: (from, to) =>
      (invoke(from, "hasAttribute", `${prefix}hook`) || ignores(from)) &&
      invoke(from, "getAttribute", "id") !== invoke(to, "getAttribute", "id"),
    before(from, to, places) {
      if (invoke(from, "hasAttribute", ATTR_TOKEN) && invoke(to, "hasAttribute", ATTR_TOKEN)) {
        if (invoke(from, "getAttribute", ATTR_TOKEN) !== invoke(to, "getAttribute", ATTR_TOKEN)) {
          mergeAttributes(from, to);
          callbacks.renewed?.(from);
        }
        return false;
      }
      if (ask?.(from, to) === false) return false;
      const tell = callbacks.beforeUpdate?.(from);
      if (ignores(from)) {
        const [was, is] = [invoke(from, "cloneNode") as Element, invoke(from, "cloneNode") as Element];
        mergeAttributes(is, to, "", "data-");
        if (tell && !invoke(is, "isEqualNode", was)) tell(to);
        mergeAttributes(from, is);
        return false;
      }
      if (isEdited(from)) {
        mergeAttributes(from, to, "value");
        return undefined;
      }
      keepOpen(from, to);
      applyStickyOps(from, to);
      applyPending(from, to);
      if (tell && !callbacks.telling?.()?.isSame(from, to, places)) tell(to);
      return keepField(from, to, hasFocus(from) && !isOpen(to), callbacks.keepChoice?.());
    },
    coming(to, after) {
      noteOpen(to);
      callbacks.keepRadios?.()?.(to, after);
    },
    leaves: (el) => invoke(el, "hasAttribute", `${prefix}remove`),
  };
}
