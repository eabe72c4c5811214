/** The attribute `required` of file inputs. */

import { invoke } from "../dom/native.ts";
import { stickyOpsOf } from "../dom/sticky-ops.ts";
import { ATTR_UPLOAD } from "../wire/constants.ts";
import type { FileSelection } from "./file-selection.ts";

const REQUIRED = "required";
/** Its name among the kept changes of an input. */
const KEY = `${ATTR_UPLOAD} ${REQUIRED}`;

/** Inputs that are freed of it, each with the way back. */
const lifted = new WeakMap<Element, () => void>();

/** Frees an input that has files of `required`, as the browser may take it for empty, and gives it back to others. */
export function settleRequired({ input, files }: FileSelection): void {
  if (!files.length) {
    lifted.get(input)?.();
    lifted.delete(input);
  } else if (!lifted.has(input)) {
    let required = false;
    const lift = (el: Element) => {
      required = invoke(el, "hasAttribute", REQUIRED);
      invoke(el, "removeAttribute", REQUIRED);
    };
    const kept = stickyOpsOf(input);
    kept.set(KEY, lift);
    lift(input);
    lifted.set(input, () => {
      kept.delete(KEY);
      input.toggleAttribute(REQUIRED, required);
    });
  }
}
