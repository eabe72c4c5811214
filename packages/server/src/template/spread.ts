/** Attributes of a tag with a spread in it: those up to the last spread are made together, since a later one wins. */
import { attributeHtml, mayHold, mixedHtml, partHtml, readAttribute, reservedName } from "./attributes.ts";
import { writtenName } from "./class-and-style.ts";
import { TemplateValueError } from "./errors.ts";
import { Raw } from "./nodes.ts";
import type { Piece } from "./parse.ts";
import { isReserved, type UrlRisk, urlRisk } from "./urls.ts";

/** An attribute that the author wrote before a spread. */
interface WrittenAttribute {
  readonly name: string;
  /** Texts and numbers of values. A single number is the value itself. */
  readonly pieces: true | readonly Piece[];
  readonly risk: UrlRisk;
  /** Only all the pieces together show that it would run a script. */
  readonly open: boolean;
  /** The place in the template's source, for errors. */
  readonly at: number | undefined;
}

interface SpreadEntry {
  readonly name: undefined;
  /** Number of its value. */
  readonly value: number;
  /** The place in the template's source, for errors. */
  readonly at: number | undefined;
}

/** An attribute that the author wrote before a spread, or a spread. */
export type AttributeEntry = WrittenAttribute | SpreadEntry;

/** An attribute out of a spread. */
interface SpreadAttribute {
  readonly name: string;
  readonly value: unknown;
  readonly at: number | undefined;
}

/** Names that can stand in a tag without becoming something else. */
const attributeName = /^[^\s"'<>/=\0-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]+$/;

/**
 * HTML of the attributes up to a tag's last spread. Of two with one name the later counts, as in JSX: a browser would take
 * the first.
 * @param written names in lower case that the tag has after them
 * @throws TemplateValueError for a spread that is no object, and for names that cannot be an attribute's or would run a script
 */
export function entriesHtml(
  entries: readonly AttributeEntry[],
  written: readonly string[],
  element: string,
  values: readonly unknown[],
): string {
  const winners = new Map<string, WrittenAttribute | SpreadAttribute>();
  for (const entry of entries) {
    if (entry.name !== undefined) winners.set(entry.name.toLowerCase(), entry);
    else readSpread(winners, entry, values);
  }
  for (const name of written) winners.delete(name);
  // Their value stands between their tags. Attributes of a form's field are for any kind of field.
  if (element === "select" || element === "textarea") winners.delete("value");
  let html = "";
  for (const winner of winners.values()) html += winnerHtml(winner, element, values);
  return html;
}

/** @throws TemplateValueError for a value that cannot be the attribute's */
function winnerHtml(
  winner: WrittenAttribute | SpreadAttribute,
  element: string,
  values: readonly unknown[],
): string {
  try {
    if ("pieces" in winner) return writtenHtml(winner, values);
    const { name, value } = winner;
    return attributeHtml(name, readAttribute(name, value), urlRisk(name, element));
  } catch (error) {
    throw at(winner, error);
  }
}

function writtenHtml({ name, pieces, risk, open }: WrittenAttribute, values: readonly unknown[]): string {
  if (pieces === true) return ` ${name}`;
  const [first] = pieces;
  if (pieces.length === 1 && typeof first === "number")
    return attributeHtml(name, readAttribute(name, values[first]), risk);
  if (open) return mixedHtml(name, risk, pieces, values);
  const parts = pieces.map((piece) =>
    typeof piece === "string" ? piece : partHtml(readAttribute(name, values[piece])),
  );
  return ` ${writtenName(name)}="${parts.join("")}"`;
}

function readSpread(
  winners: Map<string, WrittenAttribute | SpreadAttribute>,
  entry: SpreadEntry,
  values: readonly unknown[],
): void {
  const attributes = values[entry.value];
  if (attributes === null || attributes === undefined || attributes === false) return;
  if (typeof attributes !== "object" || Array.isArray(attributes) || attributes instanceof Raw) {
    throw at(entry, new TemplateValueError("Only an object of attributes can stand after the three dots."));
  }
  for (const [name, value] of Object.entries(attributes)) {
    if (!attributeName.test(name))
      throw at(entry, new TemplateValueError(`${JSON.stringify(name)} cannot be the name of an attribute.`));
    if (isReserved(name) && !mayHold(attributes, name, value)) throw at(entry, reservedName(name));
    winners.set(name.toLowerCase(), { name, value, at: entry.at });
  }
}

/** The error with the place of the attribute at which it was thrown. */
function at({ at }: AttributeEntry | SpreadAttribute, error: unknown): unknown {
  if (error instanceof TemplateValueError) error.at ??= at;
  return error;
}
