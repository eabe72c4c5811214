/** From a template's strings to a tree of elements, by htm. */
import htm from "htm/mini";
import type { Scanned } from "./scan.ts";

/** Text, or the number of a slot. */
export type Piece = string | number;

/** An element of a template, or a component where `tag` is the number of its slot. */
export interface ElementNode {
  readonly tag: Piece;
  readonly attributes: readonly Attribute[];
  readonly children: readonly Node[];
}

/** `true` is an attribute without a value; a lone number as `name` is a spread. */
export interface Attribute {
  readonly name: Piece;
  readonly value: true | readonly Piece[];
}

export type Node = ElementNode | Piece;

/** Stands for a slot while htm works. */
const slotText = (index: number) => `\0s${index}\0`;
const reference = /\0(s?)(\d+)\0/;

export function parse({ parts, slots, chunks }: Scanned): readonly Node[] {
  // The second half of a component's tag is no slot for htm.
  const indexes = slots.flatMap(({ kind }, index) => (kind === "close" ? [] : [index]));
  const values = indexes.map((index) => (slots[index]?.kind === "spread" ? { [slotText(index)]: true } : slotText(index)));

  const pieces = (text: string): Piece[] => {
    const split = text.split(reference);
    const found: Piece[] = [];
    for (let at = 0; at < split.length; at += 3) {
      if (split[at]) found.push(split[at] as string);
      if (at + 2 < split.length) {
        const index = Number(split[at + 2]);
        found.push(split[at + 1] ? index : (chunks[index] as string));
      }
    }
    return found;
  };
  const attribute = ([key, value]: [string, unknown]): Attribute => {
    if (key.startsWith("\0")) return { name: pieces(key)[0] as number, value: true };
    return { name: chunks[Number(key.slice(1))] as string, value: value === true ? true : pieces(String(value)) };
  };
  const nodes = (children: readonly (ElementNode | string)[]): Node[] =>
    children.flatMap((child): Node[] => (typeof child === "string" ? pieces(child) : [child]));
  const build = (tag: string, props: Record<string, unknown> | null, ...children: (ElementNode | string)[]): ElementNode => ({
    tag: tag.startsWith("\0") ? (pieces(tag)[0] as number) : tag,
    attributes: Object.entries(props ?? {}).map(attribute),
    children: nodes(children),
  });

  // Typed as a bundle's default export in one entry and as the function itself in the other; it is the function.
  const read = (htm as unknown as { bind(build: unknown): (strings: readonly string[], ...values: unknown[]) => unknown }).bind(build);
  const result = read(parts, ...values) as undefined | string | ElementNode | (string | ElementNode)[];
  return nodes(result === undefined ? [] : Array.isArray(result) ? result : [result]);
}
