/** Parts that are rendered only when what they depend on changes. */
import type { Child } from "./html.ts";

export class Memo {
  readonly deps: readonly unknown[];
  readonly render: () => Child;
  constructor(deps: readonly unknown[], render: () => Child) {
    this.deps = deps;
    this.render = render;
  }
}

/**
 * Renders again only if one of `deps` is another value than before (`Object.is`).
 * @example memo([this.version], () => html`<${BigChart} data=${this.data} />`)
 */
export const memo = (deps: readonly unknown[], render: () => Child): Memo => new Memo([...deps], render);
