/** Compiles a template's strings into statics that never change, and slots between them. Once per call site. */
import { MARK_CLOSE, MARK_OPEN, type Statics } from "@overwire/client/wire";
import type { Children, Prop } from "./call-component.ts";
import { type CallSite, callSiteOf } from "./call-site.ts";
import { writtenName } from "./class-and-style.ts";
import { isForeign, type OpenElement } from "./content-model.ts";
import { voids } from "./elements.ts";
import { TemplateError } from "./errors.ts";
import { Habits } from "./habits.ts";
import type { ScannedSlot } from "./htm-source.ts";
import type { Mistake } from "./mistakes.ts";
import { isProduction } from "./mode.ts";
import { asText } from "./noscript.ts";
import { type AttributeNode, type ElementNode, type Piece, parse, type TemplateNode } from "./parse.ts";
import { reportMistake } from "./render-context.ts";
import { scan, sourceOf } from "./scan.ts";
import { createSlot, type Slot, type SlotKind } from "./slot.ts";
import type { CheckedElement } from "./slot-position.ts";
import type { AttributeEntry } from "./spread.ts";
import { urlRisk, urlStart } from "./urls.ts";

/** A template that was understood. */
export interface CompiledTemplate {
  /** Tells it from all others of this process. */
  readonly id: number;
  /** HTML, one string more than there are slots. */
  readonly statics: readonly string[];
  /** The same, with the marks of the wire. */
  readonly marked: Statics;
  readonly slots: readonly Slot[];
  /** Kind of its only root node, if there is only one. */
  readonly root: "element" | "slot" | undefined;
  /** All of it, as the author wrote it. */
  readonly source: string;
  /** Its place in the author's code, in development. */
  readonly site: CallSite | undefined;
  /** Its elements, in development. */
  readonly elements: readonly CheckedElement[];
  /** A text stands in none of its elements. */
  readonly hasText: boolean;
  /**
   * Slot `i` takes value `i` for all of them, and `resolve` leaves texts, numbers, booleans and the like as they are, so
   * they can be compared without it.
   */
  readonly plain: boolean;
  /** Likely mistakes in it, in development. */
  readonly mistakes: readonly Mistake[] | undefined;
}

let compiled = 0;
const cache = new WeakMap<TemplateStringsArray, CompiledTemplate>();

/**
 * Understands a template; the second time it is only looked up.
 * @throws TemplateError if the template cannot be right
 */
export function compile(strings: TemplateStringsArray): CompiledTemplate {
  let template = cache.get(strings);
  if (!template) {
    template = understand(strings);
    cache.set(strings, template);
  }
  if (template.mistakes) for (const mistake of template.mistakes) reportMistake(mistake);
  return template;
}

function understand(strings: TemplateStringsArray): CompiledTemplate {
  const source = sourceOf(strings);
  const site = callSiteOf(strings);
  const habits = isProduction() ? undefined : new Habits(source, site);
  try {
    const scanned = scan(source, habits);
    return new Compiler({ source, site }, scanned.slots, habits).compile(parse(scanned));
  } catch (error) {
    throw habits ? habits.cause(error) : error;
  }
}

const isSlot = (piece: Piece | TemplateNode): piece is number => typeof piece === "number";
const isDynamic = (node: TemplateNode) => isSlot(node) || (typeof node === "object" && isSlot(node.tag));
/** Parts without text: space, comments, a doctype. */
const blank = /^(?:[ \t\n\r\f]|<!--[\s\S]*?-->|<![^>]*>)*$/;
const isDynamicAttribute = ({ name, value }: AttributeNode) =>
  isSlot(name) || (value !== true && value.some(isSlot));
/** A slot stands in it, however deep. */
const hasSlot = (node: TemplateNode): boolean =>
  isDynamic(node) ||
  (typeof node === "object" && (node.attributes.some(isDynamicAttribute) || node.children.some(hasSlot)));
/** An element whose content is no part of the page. */
const inertOf = ({ key, foreign }: OpenElement) =>
  !foreign && (key === "template" || key === "noscript") ? key : undefined;
/** Numbers of the values that an attribute or a spread takes. */
const valuesOf = (entry: AttributeEntry): number[] => {
  if (entry.name === undefined) return [entry.value];
  return entry.pieces === true ? [] : entry.pieces.filter(isSlot);
};
const rootOf = (node: TemplateNode) =>
  isDynamic(node) ? "slot" : typeof node === "object" ? "element" : undefined;
const plainKinds: ReadonlySet<Slot["kind"]> = new Set(["child", "text", "attribute", "part"]);

/** The author's source, and its place. */
interface Source {
  readonly source: string;
  readonly site: CallSite | undefined;
}

class Compiler {
  readonly #from: Source;
  readonly #places: readonly ScannedSlot[];
  /**
   * Indexes of the whole template's values that a component's children take, in their order; undefined for
   * all.
   */
  readonly #picks: number[] | undefined;
  readonly #statics: string[] = [""];
  readonly #marked: string[] = [""];
  readonly #slots: Slot[] = [];
  /** Elements that are open, outermost first. */
  readonly #open: OpenElement[] = [];
  /** Elements for development's checks. */
  readonly #elements: CheckedElement[] | undefined = isProduction() ? undefined : [];
  /** Set while the part that is read is not of the page. */
  #inert: Slot["inert"];
  readonly #habits: Habits | undefined;

  constructor(from: Source, places: readonly ScannedSlot[], habits?: Habits, picks?: number[]) {
    this.#habits = habits;
    this.#from = from;
    this.#places = places;
    this.#picks = picks;
  }

  compile(nodes: readonly TemplateNode[]): CompiledTemplate {
    // Its elements must not be taken for those of another template in the same place.
    this.#nodes(nodes, true);
    const slots = this.#slots;
    return {
      id: ++compiled,
      statics: this.#statics,
      marked: this.#marked,
      slots,
      root: nodes.length === 1 ? rootOf(nodes[0] as TemplateNode) : undefined,
      source: this.#from.source,
      site: this.#from.site,
      elements: this.#elements ?? [],
      hasText: nodes.some((node) => typeof node === "string" && !blank.test(node)),
      plain: slots.every(
        ({ kind, value, inert }, index) => value === index && plainKinds.has(kind) && !inert,
      ),
      mistakes: this.#picks || !this.#habits?.found.length ? undefined : this.#habits.found,
    };
  }

  #write(text: string): void {
    this.#statics[this.#statics.length - 1] += text;
    this.#mark(text);
  }

  #mark(text: string): void {
    // A client's parser knows no content of this kind, in which tags are text.
    this.#marked[this.#marked.length - 1] += this.#inert === "noscript" ? asText(text) : text;
  }

  /** Index of a slot's value among the values of this template. */
  #value(slot: number): number {
    return this.#picks ? this.#picks.push(slot) - 1 : slot;
  }

  /** @param value is known already if the slot takes several, of which it is the first */
  #slot(slot: number, kind: SlotKind, value = this.#value(slot)): void {
    const place = this.#places[slot] as ScannedSlot;
    const facts = {
      value,
      element: place.element,
      inert: this.#inert,
      open: this.#elements && [...this.#open],
      source: this.#from.source,
      at: place.at,
      site: this.#from.site,
      look: this.#habits?.look(place, "name" in kind ? kind.name : "", reportMistake),
    };
    this.#slots.push(createSlot(kind, facts));
    this.#statics.push("");
    this.#marked.push("");
  }

  /** @param beside elements are marked for what stands beside them, even if nothing in them changes */
  #nodes(nodes: readonly TemplateNode[], beside: boolean): void {
    for (const node of nodes) {
      if (typeof node === "string") this.#write(node);
      else if (isSlot(node))
        this.#slot(node, { kind: this.#places[node]?.kind === "text" ? "text" : "child" });
      else if (isSlot(node.tag)) this.#component(node, node.tag);
      else this.#element(node, node.tag, beside);
    }
  }

  #element({ attributes, children }: ElementNode, tag: string, beside: boolean): void {
    const around = { key: tag.toLowerCase(), foreign: isForeign(tag.toLowerCase(), this.#open.at(-1)) };
    const inert = this.#inert === "noscript" ? this.#inert : (inertOf(around) ?? this.#inert);
    const holdsSlot = children.some(inert ? hasSlot : isDynamic);
    const isMarked = !this.#inert && (beside || holdsSlot || attributes.some(isDynamicAttribute));
    const isShadow =
      around.key === "template" && attributes.some(({ name }) => /^shadowrootmode$/i.test(`${name}`));
    this.#elements?.push({ key: around.key, open: [...this.#open], isShadow });
    this.#write(`<${tag}`);
    if (isMarked) this.#mark(MARK_OPEN);
    const spread = attributes.findLastIndex(({ name }) => isSlot(name));
    if (spread >= 0) this.#spread(attributes, spread, tag);
    for (const attribute of attributes.slice(spread + 1)) this.#attribute(attribute, tag);
    this.#write(">");
    if (!voids.has(around.key)) {
      const outer = this.#inert;
      this.#open.push(around);
      this.#inert = inert;
      // Beside a slot things come and go; what stays must not be taken for something else.
      this.#nodes(children, holdsSlot);
      this.#inert = outer;
      this.#open.pop();
      this.#write(`</${tag}>`);
    }
    if (isMarked) this.#mark(MARK_CLOSE);
  }

  /** A browser takes the first of two attributes with one name, an author means the last: they are made together. */
  #spread(attributes: readonly AttributeNode[], last: number, tag: string): void {
    const entries = attributes.slice(0, last + 1).map((each) => this.#entry(each, tag));
    const written = attributes.slice(last + 1).map(({ name }) => (name as string).toLowerCase());
    const value = entries.flatMap(valuesOf)[0] as number;
    this.#slot(attributes[last]?.name as number, { kind: "spread", entries, written }, value);
  }

  #entry({ name, value }: AttributeNode, tag: string): AttributeEntry {
    if (isSlot(name)) {
      return { name: undefined, value: this.#value(name), at: this.#places[name]?.at };
    }
    if (value === true) return { name, pieces: true, risk: "none", open: false, at: undefined };
    const slot = value.find(isSlot);
    const at = slot === undefined ? undefined : this.#places[slot]?.at;
    const open = slot !== undefined && value.length > 1 && this.#isOpen(name, tag, value);
    return { name, pieces: value.map((piece) => this.#piece(piece)), risk: urlRisk(name, tag), open, at };
  }

  #piece(piece: Piece): Piece {
    return isSlot(piece) ? this.#value(piece) : piece;
  }

  #attribute({ name, value }: AttributeNode, tag: string): void {
    if (isSlot(name)) return;
    const [first] = value === true ? [] : value;
    if (value === true) this.#write(` ${name}`);
    else if (value.length === 1 && typeof first === "number") {
      this.#slot(first, { kind: "attribute", name, risk: urlRisk(name, tag) });
    } else if (value.some(isSlot) && this.#isOpen(name, tag, value)) {
      const pieces = value.map((piece) => this.#piece(piece));
      const at = value.find(isSlot) as number;
      const kind = { kind: "mixed", name, risk: urlRisk(name, tag), pieces } as const;
      this.#slot(at, kind, pieces.find(isSlot));
    } else {
      this.#write(` ${this.#inert === "template" ? name : writtenName(name)}="`);
      for (const piece of value) {
        if (isSlot(piece)) this.#slot(piece, { kind: "part", name });
        else this.#write(piece);
      }
      this.#write('"');
    }
  }

  /** Tells if only the whole value shows that it would run a script. @throws TemplateError for a slot in commands */
  #isOpen(name: string, tag: string, value: readonly Piece[]): boolean {
    const risk = urlRisk(name, tag);
    const [first] = value;
    if (risk === "binding" && typeof first === "string") {
      if (!first.startsWith("[")) return false;
      const { at } = this.#places[value.find(isSlot) as number] as ScannedSlot;
      const message = `A slot cannot stand in the commands of ${name}. Write ${name}=\${JS.…} with the value in it.`;
      throw new TemplateError(message, this.#from.source, at, this.#from.site);
    }
    return (
      risk === "list" || (risk !== "none" && (typeof first !== "string" || urlStart(first) !== "settled"))
    );
  }

  #component({ attributes, children }: ElementNode, slot: number): void {
    const value = this.#value(slot);
    const props = attributes.map(
      ({ name, value: given }): Prop =>
        isSlot(name)
          ? { name: undefined, value: this.#value(name) }
          : { name, pieces: given === true || given.map((piece) => this.#piece(piece)) },
    );
    const inner = children.length ? this.#children(children) : undefined;
    this.#slot(slot, { kind: "component", props, children: inner }, value);
  }

  /** The content between a component's tags: a template of its own, over some values of the outer one. */
  #children(nodes: readonly TemplateNode[]): Children {
    const picks: number[] = [];
    const template = new Compiler(this.#from, this.#places, this.#habits, picks).compile(nodes);
    // No author's strings stand for its place in the code, so its statics do.
    const strings = Object.assign([...template.statics], { raw: template.statics });
    cache.set(strings, template);
    return { strings, values: picks.map((slot) => this.#value(slot)) };
  }
}
