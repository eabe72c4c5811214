/** Elements that cannot be used while their event awaits its answer: disabled or readonly, maybe with another text. */

import { invoke, read } from "./native.ts";
import { type StickyOp, stickyOpsOf } from "./sticky-ops.ts";

interface Disabled {
  /** Events that it waits for. */
  readonly refs: Set<number>;
  readonly attribute: "disabled" | "readonly";
  /** Set if it had the attribute before. */
  had: boolean;
  /** Its former content. */
  nodes: ChildNode[] | undefined;
  /** An `<input type="submit">` has its text as value. */
  value: string | undefined;
  /** A browser takes the focus from a disabled element. */
  readonly focused: boolean;
}

const all = new WeakMap<Element, Disabled>();
/** Names the attributes that patches keep. */
const KEPT = "disabled";

/** @param text its text meanwhile; without one it stays as it is */
export function disable(el: Element, ref: number, attribute: Disabled["attribute"], text?: string): void {
  let state = all.get(el);
  if (!state) {
    state = {
      refs: new Set(),
      attribute,
      had: invoke(el, "hasAttribute", attribute),
      nodes: undefined,
      value: undefined,
      focused: read(read(el, "ownerDocument"), "activeElement") === el,
    };
    all.set(el, state);
    stickyOpsOf(el).set(KEPT, keepDisabled);
  }
  state.refs.add(ref);
  invoke(el, "toggleAttribute", state.attribute, true);
  if (!text || state.nodes || state.value !== undefined) return;
  if (read(el, "localName") === "input") {
    state.value = (el as HTMLInputElement).value;
    (el as HTMLInputElement).value = text;
  } else {
    state.nodes = [...read(el, "childNodes")];
    invoke(el, "replaceChildren", text);
  }
}

/** The event has its answer: restores the element, unless another event needs it. */
export function enable(el: Element, ref: number): void {
  const state = all.get(el);
  if (!state?.refs.delete(ref) || state.refs.size) return;
  all.delete(el);
  stickyOpsOf(el).delete(KEPT);
  invoke(el, "toggleAttribute", state.attribute, state.had);
  if (state.nodes) invoke(el, "replaceChildren", ...state.nodes);
  if (state.value !== undefined) (el as HTMLInputElement).value = state.value;
  const document = read(el, "ownerDocument");
  const active = read(document, "activeElement");
  if (state.focused && (!active || active === read(document, "body"))) invoke(el as HTMLElement, "focus");
}

/** Keeps it so through a patch; afterwards it is as the server rendered it. A text that is patched is the server's from then on. */
const keepDisabled: StickyOp = (to, from) => {
  const state = all.get(from);
  if (!state) return;
  state.had = invoke(to, "hasAttribute", state.attribute);
  invoke(to, "toggleAttribute", state.attribute, true);
  if (state.nodes) invoke(from, "replaceChildren", ...state.nodes);
  state.nodes = state.value = undefined;
};
