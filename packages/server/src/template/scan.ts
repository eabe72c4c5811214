/**
 * Scans a template as authors write HTML: finds the position of each slot, and rewrites it for htm, which
 * knows no HTML.
 */
import { MARK_CLOSE, MARK_OPEN } from "@overwire/client/wire";
import { isForeign, misplaced, type OpenElement } from "./content-model.ts";
import { preserving, rawText, structural, textless, textOnly, voids } from "./elements.ts";
import { SLOT, TemplateError } from "./errors.ts";
import type { Habits } from "./habits.ts";
import { HtmSource, type ScannedTemplate } from "./htm-source.ts";
import { readAttributes } from "./scan-attributes.ts";
import { SourceReader } from "./source-reader.ts";

interface Open extends OpenElement {
  /** As the author wrote it. */
  readonly name: string;
  readonly at: number;
  /** All whitespace in it counts. */
  readonly keeps: boolean;
}

const NAME = /[a-zA-Z][^\s/>\0"'=<`]*/y;
const CLOSING = /^<\/[a-zA-Z/>\0]/;
/** A `<` that is not text. */
const MARKUP = /^<[a-zA-Z/!?\0]/;
const SPACES = /[ \t\n\r\f]+/g;
const BLANK = /^[ \t\n\r\f]*$/;

/** A template's strings as one text. Slots are NUL in it, which no HTML can contain, so the strings' own are dropped. */
export function sourceOf(strings: readonly string[]): string {
  const source = strings.map((part) => (part ?? "\ufffd").replaceAll(SLOT, "")).join(SLOT);
  const broken = (strings as readonly (string | undefined)[]).indexOf(undefined);
  if (broken >= 0) {
    const at = source.split(SLOT).slice(0, broken).join(SLOT).length + Math.min(broken, 1);
    throw new TemplateError("An escape sequence (\\u…, \\x…) is not a valid one here.", source, at);
  }
  const reserved = source.search(new RegExp(`[${MARK_OPEN}${MARK_CLOSE}]`));
  if (reserved >= 0)
    throw new TemplateError("This character cannot stand in HTML. Take it out.", source, reserved);
  return source;
}

/**
 * @param habits looks for likely mistakes on the way
 * @throws TemplateError if the template cannot be right
 */
export function scan(source: string, habits?: Habits): ScannedTemplate {
  return new Scanner(source, habits).run();
}

class Scanner {
  readonly #in: SourceReader;
  readonly #out: HtmSource;
  readonly #open: Open[] = [];
  /** Nothing has been read yet of the template, or of what stands between a component's tags. */
  #fresh = true;

  constructor(source: string, habits: Habits | undefined) {
    this.#in = new SourceReader(source);
    this.#out = new HtmSource(habits);
  }

  run(): ScannedTemplate {
    const { source } = this.#in;
    while (this.#in.at < source.length) {
      const next = source.slice(this.#in.at, this.#in.at + 9);
      const fresh = this.#fresh;
      this.#fresh = false;
      if (next[0] === SLOT) this.#slot();
      else if (!MARKUP.test(next)) this.#text(fresh);
      else if (CLOSING.test(next)) this.#close();
      else if (next.startsWith("<!--")) this.#comment();
      else if (/^<!doctype/i.test(next)) this.#doctype();
      else if (/^<[a-zA-Z\0]/.test(next)) this.#tag();
      else this.#in.fail("A browser takes this for a comment. Write &lt; to show <, or <!-- for a comment.");
    }
    const last = this.#open.at(-1);
    if (last)
      this.#in.fail(`${startTag(last)} is never closed. Write ${endTag(last)} where it ends.`, last.at);
    return this.#out;
  }

  get #parent(): Open | undefined {
    return this.#open.at(-1);
  }

  #slot(): void {
    this.#out.slot("child", this.#parent?.key ?? "", this.#in.at++);
  }

  /** Text up to the next slot or tag. */
  #text(fresh: boolean): void {
    const start = this.#in.at;
    const { source } = this.#in;
    let end = start;
    while (end < source.length && source[end] !== SLOT) {
      if (source[end] === "<" && MARKUP.test(source.slice(end, end + 2))) break;
      end++;
    }
    const text = this.#in.reference(start, end).replaceAll("<", "&lt;");
    this.#in.at = end;
    this.#out.habits?.text(start, end, this.#open);
    if (this.#parent?.keeps) this.#out.write(this.#out.chunk(text));
    else this.#collapsed(text, start, fresh);
  }

  #collapsed(text: string, start: number, fresh: boolean): void {
    const parent = this.#parent;
    const blank = BLANK.test(text);
    if (parent && !parent.foreign) {
      if (blank && structural.has(parent.key)) return;
      if (!blank && textless.has(parent.key)) {
        const place = parent.key === "html" || parent.key === "head" ? "<body>" : "a cell";
        this.#in.fail(
          `Text cannot stand in <${parent.key}> directly: a browser moves it out. Put it into ${place}.`,
          start + text.search(/[^ \t\n\r\f]/),
        );
      }
    }
    let collapsed = text.replace(SPACES, " ");
    if (fresh) collapsed = collapsed.replace(/^ /, "");
    if (this.#endsHere()) collapsed = collapsed.replace(/ $/, "");
    this.#out.write(collapsed);
  }

  /** Nothing follows in the template, or between a component's tags. */
  #endsHere(): boolean {
    const rest = this.#in.source.slice(this.#in.at, this.#in.at + 3);
    return rest === "" || (this.#parent?.key === "" && CLOSING.test(rest));
  }

  #comment(): void {
    const start = this.#in.at;
    // Browsers end a comment in more ways than one.
    const end = this.#in.match(/<!--(?:>|->|[\s\S]*?--!?>)/y);
    if (!end) this.#in.fail("This comment never ends. Write --> where it does.", start);
    const slot = end.indexOf(SLOT);
    if (slot >= 0) {
      this.#in.fail(
        "A slot cannot stand in a comment. Take it out, or comment it in TypeScript.",
        start + slot,
      );
    }
    this.#out.write(this.#out.chunk(end));
  }

  #doctype(): void {
    const start = this.#in.at;
    const text = this.#in.match(/<!doctype[^>\0]*>/iy);
    if (!text || this.#parent)
      this.#in.fail("A layout begins with <!doctype html>, and nothing else has one.", start);
    this.#out.write(this.#out.chunk(text));
    this.#fresh = true;
  }

  #close(): void {
    const start = this.#in.at;
    const { source } = this.#in;
    this.#in.at += 2;
    const isComponent = source[this.#in.at] === SLOT;
    const name = isComponent ? "" : this.#in.match(NAME) || this.#in.match(/\/?/y);
    if (isComponent) this.#out.slot("close", "", this.#in.at++);
    this.#in.space();
    if (source[this.#in.at] !== ">")
      this.#in.fail("This closing tag never ends. Write > after its name.", start);
    this.#in.at++;
    const key = name.toLowerCase();
    if (voids.has(key) && !this.#parent?.foreign) {
      this.#in.fail(`<${name}> has no content and so no closing tag. Take </${name}> out.`, start);
    }
    const open = this.#parent;
    const written = isComponent || name === "/" ? "<//>" : `</${name}>`;
    if (!open) this.#in.fail(`${written} closes nothing: no element is open here.`, start);
    const fits = open.key ? key === open.key : isComponent || name === "/";
    if (!fits) {
      const isOpen = this.#open.some(
        (each) => each.key === key || (each.key === "" && (isComponent || name === "/")),
      );
      if (isOpen)
        this.#in.fail(`${startTag(open)} is never closed. Write ${endTag(open)} where it ends.`, open.at);
      this.#in.fail(
        `${written} closes nothing: ${startTag(open)} is open here. Write ${endTag(open)}.`,
        start,
      );
    }
    this.#open.pop();
    this.#out.write("<//>");
  }

  #tag(): void {
    const start = this.#in.at++;
    const { source } = this.#in;
    const isComponent = source[this.#in.at] === SLOT;
    const name = isComponent ? "" : this.#in.match(NAME);
    const key = name.toLowerCase();
    this.#out.write(`<${name}`);
    this.#out.habits?.open(name, start);
    if (isComponent) this.#out.slot("component", this.#parent?.key ?? "", this.#in.at++);
    if (source[this.#in.at] === SLOT) {
      const choose = "Choose between two templates, or between two components.";
      this.#in.fail(`A slot cannot stand in the name of a tag. ${choose}`);
    }
    if (!isComponent) {
      const wrong = misplaced(key, this.#open);
      if (wrong) this.#in.fail(wrong, start);
      const odd = source[this.#in.at] ?? "";
      if (/["'=<`]/.test(odd))
        this.#in.fail(`${odd} cannot stand in the name of a tag. Write > where the tag ends.`);
    }
    const foreign = !isComponent && isForeign(key, this.#parent);
    const closed = readAttributes(this.#in, this.#out, start, key);
    this.#out.habits?.end(key);
    if (closed || (voids.has(key) && !foreign)) {
      this.#out.write(" />");
      return;
    }
    this.#out.write(">");
    const keeps = !!this.#parent?.keeps || (preserving.has(key) && !foreign);
    this.#open.push({ name, key, at: start, foreign, keeps });
    this.#fresh = isComponent;
    if (rawText.has(key) || (textOnly.has(key) && !this.#open.at(-2)?.foreign)) this.#content(key, start);
    else if (key === "pre" && !foreign) this.#leadingNewline();
  }

  /** A browser drops a newline that opens these elements; a value that starts with one must not lose it. */
  #leadingNewline(): void {
    const { source, at } = this.#in;
    if (source[at] === SLOT || source.startsWith(`<${SLOT}`, at)) this.#out.write(this.#out.chunk("\n"));
  }

  /** Content of an element that holds no other: a script, a style, a text. */
  #content(key: string, start: number): void {
    const { source } = this.#in;
    const ending = new RegExp(`</${key}(?=[ \\t\\n\\r\\f/>])`, "gi");
    ending.lastIndex = this.#in.at;
    const end = ending.exec(source)?.index;
    if (end === undefined) this.#in.fail(`<${key}> is never closed. Write </${key}> where it ends.`, start);
    if (key === "textarea") this.#leadingNewline();
    while (this.#in.at < end) {
      const { at } = this.#in;
      const slot = source.indexOf(SLOT, at);
      const stop = slot < 0 || slot > end ? end : slot;
      if (stop > at) {
        if (!rawText.has(key)) this.#out.habits?.text(at, stop, this.#open);
        const text = rawText.has(key) ? source.slice(at, stop) : this.#in.reference(at, stop);
        this.#out.write(this.#out.chunk(this.#contentOf(key, text, start)));
        this.#in.at = stop;
      } else if (rawText.has(key)) {
        const where = key === "style" ? "a style=${…} attribute" : "a data-* attribute";
        this.#in.fail(
          `A slot cannot stand in <${key}>, where nothing can be escaped. Put the value into ${where}.`,
        );
      } else {
        this.#out.slot("text", key, this.#in.at++);
      }
    }
  }

  #contentOf(key: string, text: string, start: number): string {
    if (rawText.has(key) && this.#parent?.foreign && /[<&]/.test(text)) {
      this.#in.fail(
        `In SVG a browser reads the content of <${key}> as markup. Put it outside of the SVG.`,
        start,
      );
    }
    if (key === "script" && text.includes("<!--")) {
      this.#in.fail("A browser reads a script with <!-- in it in a way of its own. Take it out.", start);
    }
    return key === "title" ? text.replace(SPACES, " ") : text;
  }
}

const startTag = ({ key, name }: Open) => (key ? `<${name}>` : "<${…}>");
const endTag = ({ key, name }: Open) => (key ? `</${name}>` : "<//>");
