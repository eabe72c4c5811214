/** A bound on the nesting of JSON texts, checked before anything walks the value. */

/** Levels of arrays and objects that a client's message may have, the message itself included. */
export const MAX_DEPTH = 64;

const QUOTE = 34;
const BACKSLASH = 92;

/** @returns true if a JSON text has more than {@link MAX_DEPTH} levels; anything if it is not JSON */
export function isTooDeep(text: string): boolean {
  // Each level takes two characters, and most messages have fewer brackets than levels are allowed.
  if (text.length <= 2 * MAX_DEPTH || !hasMany(text)) return false;
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      at = endOfString(text, at);
      if (at < 0) return false;
    } else if (code === 91 || code === 123) {
      if (++depth > MAX_DEPTH) return true;
    } else if (code === 93 || code === 125) depth--;
  }
  return false;
}

/** Tells if there are more opening brackets than levels are allowed. */
function hasMany(text: string): boolean {
  let count = 0;
  for (const bracket of ["[", "{"]) {
    for (let at = text.indexOf(bracket); at >= 0; at = text.indexOf(bracket, at + 1)) {
      if (++count > MAX_DEPTH) return true;
    }
  }
  return false;
}

/** Index of the quote that ends the string that begins at `start`; -1 if none does. */
function endOfString(text: string, start: number): number {
  for (let at = text.indexOf('"', start + 1); at >= 0; at = text.indexOf('"', at + 1)) {
    let before = at - 1;
    while (text.charCodeAt(before) === BACKSLASH) before--;
    if ((at - before) % 2 === 1) return at;
  }
  return -1;
}
