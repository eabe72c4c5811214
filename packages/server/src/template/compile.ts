/** From a template's strings to what is rendered: statics that never change, and slots between them. Once per call site. */
import { MARK_CLOSE, MARK_OPEN } from "../wire/keys.ts";
import type { Statics } from "../wire/tree.ts";
import { urlAttributes, voids } from "./elements.ts";
import { type Attribute, type ElementNode, type Node, parse } from "./parse.ts";
import { type SlotPlace, scan } from "./scan.ts";
import type { Prop, Slot } from "./slot.ts";

export interface CompiledTemplate {
  /** Tells it from all others of this process. */
  readonly id: number;
  /** One more than there are slots. */
  readonly statics: readonly string[];
  /** The same, with the marks of the wire. */
  readonly marked: Statics;
  readonly slots: readonly Slot[];
  /** Slot `i` takes value `i` as it is, for all of them: they can be compared before anything is made of them. */
  readonly plain: boolean;
}

let compiled = 0;
const cache = new WeakMap<TemplateStringsArray, CompiledTemplate>();

/** @throws TemplateError where the template cannot be right */
export function compile(strings: TemplateStringsArray): CompiledTemplate {
  let template = cache.get(strings);
  if (!template) {
    const scanned = scan(strings);
    template = new Compiler(strings, scanned.slots).compile(parse(scanned));
    cache.set(strings, template);
  }
  return template;
}

const isSlot = (piece: Node): piece is number => typeof piece === "number";

class Compiler {
  readonly #strings: TemplateStringsArray;
  readonly #places: readonly SlotPlace[];
  readonly #statics: string[] = [""];
  readonly #marked: string[] = [""];
  readonly #slots: Slot[] = [];

  constructor(strings: TemplateStringsArray, places: readonly SlotPlace[]) {
    this.#strings = strings;
    this.#places = places;
  }

  compile(nodes: readonly Node[]): CompiledTemplate {
    const [root, ...others] = nodes;
    const isOnlyRoot = others.length === 0 && typeof root === "object" && !isSlot(root.tag);
    for (const node of nodes) this.#node(node, isOnlyRoot);
    const slots = this.#slots;
    return {
      id: ++compiled,
      statics: this.#statics,
      marked: this.#marked,
      slots,
      plain: slots.every(({ kind, value }, index) => value === index && /^(child|text|attribute|part)$/.test(kind)),
    };
  }

  #write(text: string): void {
    this.#statics[this.#statics.length - 1] += text;
    this.#mark(text);
  }

  #mark(text: string): void {
    this.#marked[this.#marked.length - 1] += text;
  }

  #slot(kind: Slot["kind"], value: number, more: Partial<Slot> = {}): void {
    const { element, at } = this.#places[value] as SlotPlace;
    this.#slots.push({ kind, value, element, strings: this.#strings, at, ...more });
    this.#statics.push("");
    this.#marked.push("");
  }

  #node(node: Node, isOnlyRoot: boolean): void {
    if (typeof node === "string") this.#write(node);
    else if (isSlot(node)) this.#slot(this.#places[node]?.kind === "text" ? "text" : "child", node);
    else if (isSlot(node.tag)) this.#component(node, node.tag);
    else this.#element(node, node.tag, isOnlyRoot);
  }

  #element({ attributes, children }: ElementNode, tag: string, isOnlyRoot: boolean): void {
    const marked =
      isOnlyRoot ||
      children.some((child) => isSlot(child) || (typeof child === "object" && isSlot(child.tag))) ||
      attributes.some(({ name, value }) => isSlot(name) || (value !== true && value.some(isSlot)));
    this.#write(`<${tag}`);
    if (marked) this.#mark(MARK_OPEN);
    for (const attribute of attributes) this.#attribute(attribute);
    this.#write(">");
    if (!voids.has(tag.toLowerCase())) {
      for (const child of children) this.#node(child, false);
      this.#write(`</${tag}>`);
    }
    if (marked) this.#mark(MARK_CLOSE);
  }

  #attribute({ name, value }: Attribute): void {
    if (isSlot(name)) this.#slot("spread", name);
    else if (value === true) this.#write(` ${name}`);
    else if (value.length === 1 && isSlot(value[0] as Node)) this.#slot("attribute", value[0] as number, { name });
    else if (urlAttributes.has(name.toLowerCase()) && value.some(isSlot)) {
      // What a URL does shows only when all of it is there.
      this.#slot("mixed", value.find(isSlot) as number, { name, pieces: value });
    } else {
      this.#write(` ${name}="`);
      for (const piece of value) {
        if (isSlot(piece)) this.#slot("part", piece, { name });
        else this.#write(piece);
      }
      this.#write('"');
    }
  }

  #component({ attributes, children }: ElementNode, value: number): void {
    const props = attributes.map(({ name, value }): Prop => {
      if (isSlot(name)) return { name: undefined, pieces: [name] };
      return { name, pieces: value === true ? true : value };
    });
    let inner: TemplateStringsArray | undefined;
    if (children.length) {
      // A template of its own, over the values of the outer one; its statics serve as the key of its place in the code.
      const template = new Compiler(this.#strings, this.#places).compile(children);
      inner = template.statics as unknown as TemplateStringsArray;
      cache.set(inner, template);
    }
    this.#slot("component", value, { props, children: inner });
  }
}
