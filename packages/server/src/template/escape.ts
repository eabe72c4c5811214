/** Text as HTML, the same in content and attributes; and back. */

const special = /[&<>"'\r\0]/;
const all = /[&<>"'\r\0]/g;
const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
  // A browser reads these differently as raw characters, but not in a script's output.
  "\r": "&#13;",
  "\0": "\ufffd",
};

/** Most text holds nothing to escape, and asking first is faster than replacing. */
export const escapeHtml = (text: string): string =>
  special.test(text) ? text.replace(all, (char) => entities[char] as string) : text;

const named = new Map([
  ["amp", "&"],
  ["lt", "<"],
  ["gt", ">"],
  ["quot", '"'],
  ["apos", "'"],
  ["nbsp", "\u00a0"],
]);

/** The text that an author means by a component's attribute. Names rarer than these stay as they are. */
export const unescapeHtml = (text: string): string =>
  text.replace(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|(\w+));/gi, (entity, decimal, hex, name) => {
    if (name) return named.get(name) ?? entity;
    const code = Number.parseInt(decimal ?? hex, decimal ? 10 : 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : entity;
  });
