/** Texts that can be kept. Neither PostgreSQL's texts nor its JSON hold a NUL or half of a character. */

const unprintable = /[^\P{Cc}\n\r\t]|\p{Cs}/u;
const notInLine = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u;

/** Tells if a text has no control characters but those of lines and tabs. */
export const isPrintable = (text: string): boolean => !unprintable.test(text);

/** As {@link isPrintable}, of a text in one line: a name cannot begin a paragraph of its own in a mail. */
export const isLine = (text: string): boolean => !notInLine.test(text);

/** In words for the user. */
export const NOT_A_LINE = "Use letters, digits and signs, in one line.";
