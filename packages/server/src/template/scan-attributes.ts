/** Reads the attributes of one tag. */
import { SLOT } from "./errors.ts";
import type { HtmSource } from "./htm-source.ts";
import type { SourceReader } from "./source-reader.ts";

const NAME = /[^\s"'<>/=\0]+/y;
/** A browser would take more, but these are mostly a quote that was forgotten. */
const UNQUOTED = /(?:(?!\/>)[^\s"'<>\0])+/y;

/**
 * Reads up to the end of a tag.
 * @param start beginning of the tag, for errors
 * @param element its name in lower case, empty for a component
 * @returns true if the tag closes itself
 */
export function readAttributes(
  input: SourceReader,
  output: HtmSource,
  start: number,
  element: string,
): boolean {
  const { source } = input;
  const names = new Set<string>();
  for (;;) {
    input.space();
    const { at } = input;
    if (at >= source.length) input.fail("This tag never ends. Write > where it does.", start);
    if (source[at] === ">") {
      input.at++;
      return false;
    }
    if (source.startsWith("/>", at)) {
      input.at += 2;
      return true;
    }
    if (source.startsWith(`...${SLOT}`, at)) {
      output.write(" ...");
      output.habits?.spread();
      output.slot("spread", element, at + 3);
      input.at = at + 4;
    } else if (source[at] === "/") {
      // Browsers pass over it.
      input.at++;
    } else {
      readAttribute(input, output, element, names);
    }
  }
}

function readAttribute(input: SourceReader, output: HtmSource, element: string, names: Set<string>): void {
  const { at, source } = input;
  const name = input.match(NAME);
  if (source[input.at] === SLOT) {
    const problem = name
      ? "A slot cannot stand in the name of an attribute. Write ...${{ [name]: value }}."
      : "A slot cannot stand alone in a tag. Write name=${value}, or ...${attributes}.";
    input.fail(problem);
  }
  if (!name || /["'<]/.test(source[input.at] ?? "")) {
    input.fail(`${source[input.at]} cannot stand here in a tag. Close the quotes and the tag before it.`);
  }
  // HTML's names are the same in any case, props are not.
  const key = element ? name.toLowerCase() : name;
  if (names.has(key)) input.fail(`The attribute ${name} stands here twice. Take one out.`, at);
  names.add(key);
  output.habits?.attribute(element, name, at);
  output.write(` ${output.attribute(name)}`);
  const end = input.at;
  input.space();
  if (source[input.at] !== "=") {
    input.at = end;
    return;
  }
  input.at++;
  input.space();
  output.write('="');
  readValue(input, output, name, element);
  output.write('"');
}

function readValue(input: SourceReader, output: HtmSource, name: string, element: string): void {
  const { at, source } = input;
  const quote = source[at];
  if (quote === '"' || quote === "'") {
    const end = source.indexOf(quote, at + 1);
    if (end < 0) input.fail(`The value of ${name} never ends. Close its quotes.`);
    input.at++;
    while (input.at < end) {
      if (source[input.at] === SLOT) readSlot(input, output, name, element);
      else readText(input, output, end, element);
    }
    input.at++;
    return;
  }
  while (input.at < source.length) {
    if (source[input.at] === SLOT) readSlot(input, output, name, element);
    else {
      const { at: from } = input;
      const end = from + input.match(UNQUOTED).length;
      input.at = from;
      if (end === from) break;
      readText(input, output, end, element);
    }
  }
  if (input.at === at) input.fail(`The value of ${name} is missing.`);
  if (/["'<]/.test(source[input.at] ?? "")) input.fail(`This value needs quotes: ${name}="…".`);
}

function readText(input: SourceReader, output: HtmSource, end: number, element: string): void {
  const slot = input.source.indexOf(SLOT, input.at);
  const stop = slot < 0 || slot > end ? end : slot;
  // A component gets text, no HTML that a value could become part of.
  const text = element ? input.reference(input.at, stop) : input.source.slice(input.at, stop);
  output.write(output.chunk(element ? text.replaceAll('"', "&quot;") : text));
  input.at = stop;
}

function readSlot(input: SourceReader, output: HtmSource, name: string, element: string): void {
  if (element && /^on/i.test(name)) {
    const binding = `phx-${name.slice(2).toLowerCase()}`;
    input.fail(
      `A slot cannot stand in ${name}, which is a script. Write ${binding}=\${…} with an event of the view.`,
    );
  }
  if (element && name.toLowerCase() === "srcdoc") {
    input.fail("A slot cannot stand in srcdoc, which is a page of its own. Write src=${…}.");
  }
  if (element && /^data-ow-/i.test(name)) {
    input.fail(`A slot cannot stand in ${name}: names that begin with data-ow- are Overwire's own.`);
  }
  output.slot("value", element, input.at++);
}
