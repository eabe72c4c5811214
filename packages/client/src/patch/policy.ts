/** What patches leave alone: ignored elements, fields that people are using, classes that tell of pending events. */
import { isComposing, loadingClasses } from "../dom/element-state.ts";
import { hasFocus } from "../dom/focus.ts";
import { keepField, mergeAttributes } from "./fields.ts";
import type { Policy } from "./patcher.ts";

/** @param updateAttribute `phx-update`, with the client's prefix */
export function createPolicy(updateAttribute: string): Policy {
  return {
    before(from, to) {
      if (from.getAttribute(updateAttribute) === "ignore") {
        mergeAttributes(from, to, "", "data-");
        return false;
      }
      if (isComposing(from)) {
        // Touching its value or its content would end the composition.
        mergeAttributes(from, to, "value");
        return false;
      }
      const loading = loadingClasses(from);
      if (loading.length) to.classList.add(...loading);
      return keepField(from, to, hasFocus(from));
    },
    guard: (element) =>
      element.closest(`[${updateAttribute}=ignore]`) ?? (isComposing(element) ? element : undefined),
  };
}
