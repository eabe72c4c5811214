/**
 * Texts that can be kept, and the schemas of all text that users send. Neither PostgreSQL's texts nor its JSON hold a NUL or half of a
 * character, so a field that is not one of these may end its page.
 */
import { z } from "zod";

const unprintable = /[^\P{Cc}\n\r\t]|\p{Cs}/u;
const notInLine = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u;

/** Tells if a text has no control characters but those of lines and tabs. */
export const isPrintable = (text: string): boolean => !unprintable.test(text);

/** As {@link isPrintable}, of a text in one line: a name cannot begin a paragraph of its own in a mail. */
export const isLine = (text: string): boolean => !notInLine.test(text);

/** In words for the user. */
export const NOT_A_LINE = "Use letters, digits and signs, in one line.";
const NOT_PRINTABLE = "Use letters, digits and signs.";

/** A text in one line that is kept, such as a name, without blanks around it. */
export const line = () => z.string().trim().refine(isLine, NOT_A_LINE);

/** A text of any number of lines that is kept. */
export const paragraphs = () => z.string().trim().refine(isPrintable, NOT_PRINTABLE);

/** Words that are looked for. Signs that no text has are left out, so that the rest is found. */
export const searched = (max: number) =>
  z
    .string()
    .max(max)
    .transform((text) => text.replace(/[\p{Cc}\p{Cs}]/gu, ""));

/** A value that the page itself has given, such as an id. */
export const token = () => z.string().max(200).refine(isLine, NOT_A_LINE);
