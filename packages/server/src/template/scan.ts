/** Reads a template as people write HTML: checks it, says where each slot stands, and rewrites it for htm, which knows no HTML. */
import { MARK_CLOSE, MARK_OPEN } from "../wire/keys.ts";
import { misplaced, preserving, rawText, structural, textOnly, voids } from "./elements.ts";
import { TemplateError } from "./errors.ts";

/** Where a slot stands. `close` is the second half of `<${Card}>…</${Card}>` and says nothing. */
export interface SlotPlace {
  readonly kind: "child" | "text" | "attribute" | "part" | "spread" | "component" | "close";
  /** The element whose attribute or content it is. */
  readonly element: string;
  /** Position in the template, for errors. */
  readonly at: number;
}

/** A template for htm: plain tags, names and texts replaced by numbers where htm would not leave them alone. */
export interface Scanned {
  /** As the author wrote it, slots as NUL. */
  readonly parts: readonly string[];
  readonly slots: readonly SlotPlace[];
  /** What `\0n\0` in a text or a value, and an attribute `an`, stand for. */
  readonly chunks: readonly string[];
}

const SLOT = "\0";
const SPACE = /\s+/y;
const NAME = /[a-zA-Z][^\s/>\0"'=<]*/y;
const ATTRIBUTE = /[^\s"'<>/=\0]+/y;
const UNQUOTED = /[^\s"'=<>`\0]+/y;

interface Open {
  readonly name: string;
  readonly at: number;
}

/** The number of a chunk as text for htm. */
const reference = (index: number) => `\0${index}\0`;

export function scan(strings: readonly string[]): Scanned {
  return new Scanner(strings).run();
}

class Scanner {
  readonly #strings: readonly string[];
  readonly #source: string;
  #at = 0;
  readonly #parts: string[] = [""];
  readonly #slots: SlotPlace[] = [];
  readonly #chunks: string[] = [];
  readonly #open: Open[] = [];

  constructor(strings: readonly string[]) {
    this.#strings = strings;
    for (const [index, part] of strings.entries()) {
      const bad = part.search(new RegExp(`[\0${MARK_OPEN}${MARK_CLOSE}]`));
      if (bad >= 0) throw this.#error("This character cannot stand in HTML.", strings.slice(0, index).join(SLOT).length + (index ? 1 : 0) + bad);
    }
    this.#source = strings.join(SLOT);
  }

  run(): Scanned {
    while (this.#at < this.#source.length) {
      if (this.#source[this.#at] !== "<") this.#text();
      else if (this.#source.startsWith("<!--", this.#at)) this.#comment();
      else if (/^<!doctype/i.test(this.#source.slice(this.#at, this.#at + 9))) this.#doctype();
      else if (this.#source[this.#at + 1] === "/") this.#close();
      else if (/[a-zA-Z\0]/.test(this.#source[this.#at + 1] ?? "")) this.#tag();
      else this.#text();
    }
    const last = this.#open.at(-1);
    if (last) throw this.#error(`<${last.name}> is never closed. Write ${endTag(last.name)} where it ends.`, last.at);
    return { parts: this.#parts, slots: this.#slots, chunks: this.#chunks };
  }

  get #parent(): string {
    return this.#open.at(-1)?.name ?? "";
  }

  #error(problem: string, at: number): TemplateError {
    return new TemplateError(problem, this.#strings, at);
  }

  #write(text: string): void {
    this.#parts[this.#parts.length - 1] += text;
  }

  #chunk(text: string): string {
    return reference(this.#chunks.push(text) - 1);
  }

  #slot(kind: SlotPlace["kind"], element: string, at = this.#at): void {
    this.#slots.push({ kind, element, at });
    if (kind !== "close") this.#parts.push("");
  }

  #match(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#source)?.[0] ?? "";
    this.#at += found.length;
    return found;
  }

  /** Text and child slots up to the next tag. */
  #text(): void {
    const start = this.#at;
    const parent = this.#parent;
    let end = start + 1;
    if (this.#source[start] === SLOT) {
      this.#leadingNewline(start);
      this.#slot("child", parent);
    } else {
      while (end < this.#source.length && !/[<\0]/.test(this.#source[end] as string)) end++;
      const text = this.#source.slice(start, end).replace("<", "&lt;");
      if (this.#open.some(({ name }) => preserving.has(name))) this.#write(this.#chunk(text));
      else this.#write(this.#collapse(text, start, end));
    }
    this.#at = end;
  }

  #collapse(text: string, start: number, end: number): string {
    const blank = /^\s*$/.test(text);
    const parent = this.#parent;
    if (structural.has(parent) && blank) return "";
    if (/^(table|thead|tbody|tfoot|tr|colgroup)$/.test(parent)) {
      throw this.#error(`Text cannot stand in <${parent}>: a browser moves it out of the table. Put it into a cell.`, start + text.search(/\S/));
    }
    let collapsed = text.replace(/\s+/g, " ");
    if (start === 0) collapsed = collapsed.trimStart();
    if (end === this.#source.length) collapsed = collapsed.trimEnd();
    return collapsed;
  }

  /** A browser drops a newline that opens these elements; a value that starts with one must not lose it. */
  #leadingNewline(at: number): void {
    const { name, at: tag } = this.#open.at(-1) ?? { name: "", at: 0 };
    if (preserving.has(name) && this.#source.indexOf(">", tag) === at - 1) this.#write(this.#chunk("\n"));
  }

  #comment(): void {
    const end = this.#source.indexOf("-->", this.#at + 4);
    if (end < 0) throw this.#error("This comment never ends. Write --> where it does.", this.#at);
    const text = this.#source.slice(this.#at, end + 3);
    const slot = text.indexOf(SLOT);
    if (slot >= 0) throw this.#error("A slot cannot stand in a comment. Take it out, or use a comment of TypeScript's.", this.#at + slot);
    this.#write(this.#chunk(text));
    this.#at = end + 3;
  }

  #doctype(): void {
    const end = this.#source.indexOf(">", this.#at);
    const text = this.#source.slice(this.#at, end + 1);
    if (end < 0 || text.includes(SLOT)) throw this.#error("A doctype is written <!doctype html>.", this.#at);
    this.#write(this.#chunk(text));
    this.#at = end + 1;
    // As at the start of a template.
    this.#match(SPACE);
  }

  #close(): void {
    const start = this.#at;
    this.#at += 2;
    const name = this.#source[this.#at] === SLOT ? SLOT : this.#source[this.#at] === "/" ? "/" : this.#match(NAME);
    if (name === SLOT) this.#slot("close", "", this.#at);
    if (name === SLOT || name === "/") this.#at++;
    this.#match(SPACE);
    if (this.#source[this.#at] !== ">") throw this.#error("This closing tag never ends. Write </name>.", start);
    this.#at++;
    const open = this.#open.pop();
    const isComponent = name === SLOT || name === "/";
    if (voids.has(name.toLowerCase())) throw this.#error(`<${name}> has no content and no closing tag. Take </${name}> out.`, start);
    if (!open) throw this.#error(`${endTag(name)} closes nothing: no element is open here.`, start);
    if (isComponent !== (open.name === SLOT) || (!isComponent && name.toLowerCase() !== open.name)) {
      throw this.#error(`${endTag(name)} does not close <${shown(open.name)}>, which is open here. Write ${endTag(open.name)} first.`, start);
    }
    this.#write("<//>");
  }

  #tag(): void {
    const start = this.#at++;
    const isComponent = this.#source[this.#at] === SLOT;
    const written = isComponent ? SLOT : this.#match(NAME);
    const name = written.toLowerCase();
    this.#write("<");
    if (isComponent) {
      this.#slot("component", this.#parent);
      this.#at++;
    } else {
      if (this.#source[this.#at] === SLOT) throw this.#error("A slot cannot stand in the name of a tag. Choose between two templates instead.", this.#at);
      const wrong = misplaced(name, this.#open.map((open) => open.name));
      if (wrong) throw this.#error(wrong, start);
      this.#write(written);
    }
    const selfClosing = this.#attributes(start, isComponent ? "" : name);
    if (selfClosing || voids.has(name)) this.#write("/>");
    else {
      this.#write(">");
      this.#open.push({ name, at: start });
      if (rawText.has(name) || textOnly.has(name)) this.#content(name, start);
    }
  }

  /** @returns whether the tag closes itself */
  #attributes(start: number, element: string): boolean {
    const names = new Set<string>();
    for (;;) {
      this.#match(SPACE);
      const at = this.#at;
      if (at >= this.#source.length) throw this.#error("This tag never ends. Write > where it does, and close its quotes.", start);
      if (this.#source[at] === ">") {
        this.#at++;
        return false;
      }
      if (this.#source.startsWith("/>", at)) {
        this.#at += 2;
        return true;
      }
      if (this.#source.startsWith(`...${SLOT}`, at)) {
        this.#at += 3;
        this.#write(" ...");
        this.#slot("spread", element);
        this.#at++;
        continue;
      }
      const name = this.#match(ATTRIBUTE);
      if (!name || this.#source[this.#at] === SLOT) {
        const isSlot = this.#source[this.#at] === SLOT;
        throw this.#error(
          isSlot
            ? "A slot cannot stand in the name of an attribute, nor alone in a tag. Write name=${value}, or ...${attributes}."
            : `${JSON.stringify(this.#source[this.#at])} cannot stand here in a tag.`,
          this.#at,
        );
      }
      if (names.has(name.toLowerCase())) throw this.#error(`The attribute ${name} stands here twice.`, at);
      names.add(name.toLowerCase());
      this.#write(` a${this.#chunks.push(name) - 1}`);
      this.#value(name, element);
    }
  }

  #value(name: string, element: string): void {
    const before = this.#at;
    this.#match(SPACE);
    if (this.#source[this.#at] !== "=") {
      this.#at = before;
      return;
    }
    this.#at++;
    this.#match(SPACE);
    this.#write("=");
    const quote = this.#source[this.#at] as string;
    if (quote === SLOT) {
      this.#attributeSlot("attribute", name, element);
      if (/[^\s/>]/.test(this.#source[this.#at] ?? ">")) throw this.#error(`A value with more than a slot needs quotes: ${name}="…".`, this.#at);
    } else if (quote === '"' || quote === "'") {
      const end = this.#source.indexOf(quote, this.#at + 1);
      if (end < 0) throw this.#error(`The value of ${name} never ends. Close its quotes.`, this.#at);
      this.#quoted(name, element, end);
    } else {
      const value = this.#match(UNQUOTED);
      if (!value) throw this.#error(`The value of ${name} is missing.`, this.#at);
      if (this.#source[this.#at] === SLOT) throw this.#error(`A value with more than a slot needs quotes: ${name}="…".`, this.#at);
      this.#write(`"${this.#chunk(value)}"`);
    }
  }

  #quoted(name: string, element: string, end: number): void {
    const alone = this.#source[this.#at + 1] === SLOT && end === this.#at + 2;
    this.#at++;
    if (alone) this.#attributeSlot("attribute", name, element);
    else {
      this.#write('"');
      while (this.#at < end) {
        if (this.#source[this.#at] === SLOT) this.#attributeSlot("part", name, element);
        else {
          const slot = this.#source.indexOf(SLOT, this.#at);
          const stop = slot < 0 || slot > end ? end : slot;
          this.#write(this.#chunk(this.#source.slice(this.#at, stop).replaceAll('"', "&quot;")));
          this.#at = stop;
        }
      }
      this.#write('"');
    }
    this.#at = end + 1;
  }

  #attributeSlot(kind: "attribute" | "part", name: string, element: string): void {
    if (element && /^on/i.test(name)) {
      throw this.#error(`A slot cannot stand in ${name}: no escaping makes a script of it that is safe. Use phx-${name.slice(2).toLowerCase()} with an event.`, this.#at);
    }
    if (element && name.toLowerCase() === "srcdoc") throw this.#error("A slot cannot stand in srcdoc: it is a page of its own. Use src.", this.#at);
    this.#slot(kind, element);
    this.#at++;
  }

  /** What stands in an element that holds no other: a script, a style, a text. */
  #content(name: string, start: number): void {
    const rest = this.#source.slice(this.#at);
    const length = rest.search(new RegExp(`</${name}[\\s>/]`, "i"));
    if (length < 0) throw this.#error(`<${name}> is never closed. Write </${name}> where it ends.`, start);
    const end = this.#at + length;
    while (this.#at < end) {
      if (this.#source[this.#at] !== SLOT) {
        const slot = this.#source.indexOf(SLOT, this.#at);
        const stop = slot < 0 || slot > end ? end : slot;
        this.#write(this.#chunk(this.#source.slice(this.#at, stop)));
        this.#at = stop;
      } else if (rawText.has(name)) {
        throw this.#error(`A slot cannot stand in <${name}>, where nothing can be escaped. Put the value into a data-* attribute${name === "style" ? " or style=${…}" : ""}.`, this.#at);
      } else {
        this.#leadingNewline(this.#at);
        this.#slot("text", name);
        this.#at++;
      }
    }
  }
}

const shown = (name: string) => (name === SLOT ? "${…}" : name);
const endTag = (name: string) => (name === SLOT || name === "/" ? "<//>" : `</${name}>`);
