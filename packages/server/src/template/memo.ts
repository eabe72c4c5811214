/** Parts that are rendered only when what they depend on changes. */
import { type Child, Memo } from "./nodes.ts";
import { wrongMemo } from "./wrong-list.ts";

export { Memo } from "./nodes.ts";

/**
 * Renders again only if one of `deps` is another value than before (`Object.is`).
 * @example memo([this.version], () => html`<${BigChart} data=${this.data} />`)
 */
export const memo = (deps: readonly unknown[], render: () => Child): Memo =>
  // A wrong one is refused by the slot that holds it, whose error can name the place.
  (wrongMemo(deps, render) as unknown as Memo | undefined) ??
  // The author's array may change before the next rendering compares with it.
  new Memo([...deps], render);
