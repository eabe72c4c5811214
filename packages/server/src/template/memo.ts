/** Parts that are rendered only when what they depend on changes. */
import { type Child, Memo } from "./nodes.ts";

export { Memo } from "./nodes.ts";

/**
 * Renders again only if one of `deps` is another value than before (`Object.is`).
 * @example memo([this.version], () => html`<${BigChart} data=${this.data} />`)
 */
// The author's array may change before the next rendering compares with it.
export const memo = (deps: readonly unknown[], render: () => Child): Memo => new Memo([...deps], render);
