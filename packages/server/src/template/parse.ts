/** From a template's source to a tree of elements, by htm. */
import htm from "htm/mini";
import { SLOT } from "./errors.ts";
import type { ScannedTemplate } from "./htm-source.ts";

/** HTML, or the number of a slot. */
export type Piece = string | number;

/** An element of a template, or a component if `tag` is the number of its slot. */
export interface ElementNode {
  readonly tag: Piece;
  readonly attributes: readonly AttributeNode[];
  readonly children: readonly TemplateNode[];
}

/** `true` is an attribute without a value; a number as `name` is a spread. */
export interface AttributeNode {
  readonly name: Piece;
  readonly value: true | readonly Piece[];
}

export type TemplateNode = ElementNode | Piece;

type Build = (tag: string, props: object | null, ...children: (ElementNode | string)[]) => ElementNode;
type Result = string | ElementNode;
type Htm = {
  bind(build: Build): (parts: readonly string[], ...values: unknown[]) => undefined | Result | Result[];
};

/** Stands for a slot while htm works. */
const slotText = (index: number) => `${SLOT}s${index}${SLOT}`;
const reference = /\0(s?)(\d+)\0/;

export function parse({ parts, slots, chunks }: ScannedTemplate): readonly TemplateNode[] {
  // The second half of a component's tag is no slot for htm.
  const indexes = slots.flatMap(({ kind }, index) => (kind === "close" ? [] : [index]));
  const values = indexes.map((index) =>
    slots[index]?.kind === "spread" ? { [slotText(index)]: true } : slotText(index),
  );

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
  const attribute = ([key, value]: [string, unknown]): AttributeNode =>
    key.startsWith(SLOT)
      ? { name: pieces(key)[0] as number, value: true }
      : {
          name: chunks[Number(key.slice(1))] as string,
          value: value === true ? true : pieces(value as string),
        };
  const nodes = (children: readonly Result[]): TemplateNode[] =>
    children.flatMap((child): TemplateNode[] => (typeof child === "string" ? pieces(child) : [child]));
  const build: Build = (tag, props, ...children) => ({
    tag: tag.startsWith(SLOT) ? (pieces(tag)[0] as number) : tag,
    attributes: Object.entries(props ?? {}).map(attribute),
    children: nodes(children),
  });

  // Its types say that the module holds the function as `default`; it is the function.
  const result = (htm as unknown as Htm).bind(build)(parts, ...values);
  return nodes(result === undefined ? [] : Array.isArray(result) ? result : [result]);
}
