/** Templates as authors write them. */
import type { Each } from "./each.ts";
import type { Memo } from "./memo.ts";
import type { Raw } from "./raw.ts";

/** What may stand in a template as a child. `null`, `undefined` and booleans show nothing. */
export type Child = Template | Each | Memo | Raw | string | number | bigint | boolean | null | undefined | readonly Child[];

/** A function from props to HTML: `<${Card} title="x">…<//>`. What stands between its tags is `props.children`. */
export type Component<Props = Record<string, unknown>> = (props: Props) => Child;

/** Strings that never change, and the values between them. Everything else waits until it is rendered. */
export class Template {
  readonly strings: TemplateStringsArray;
  readonly values: readonly unknown[];
  constructor(strings: TemplateStringsArray, values: readonly unknown[]) {
    this.strings = strings;
    this.values = values;
  }
}

/**
 * Makes HTML. Values are escaped, what the author wrote is not.
 *
 * Slots may stand for a child (text, another template, an array, `each`, `raw`, `memo`), for an attribute's value or a part
 * of one, for attributes (`...${props}`), or for a component's tag. `null`, `undefined` and `false` drop an attribute,
 * `true` is a bare one; `class` takes strings, arrays and objects.
 *
 * Whitespace means what it means in an HTML file: a run of it is one space, in `pre`, `textarea`, `script` and `style` all
 * of it is kept. Dropped is only what no browser shows: at the start and the end of a template, and alone between the parts
 * of a table, of a select and of the head.
 * @throws TemplateError when it is first rendered, where it cannot be right: an element never closed, a slot in a tag's name
 */
export const html = (strings: TemplateStringsArray, ...values: unknown[]): Template => new Template(strings, values);
