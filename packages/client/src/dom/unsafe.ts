/** The rules of templates for attributes that commands set. */
import { read } from "./native.ts";

const reserved = /^(on|srcdoc$|data-ow-)/i;
const url = /^((xlink:)?href|src|(form)?action|data|to|from|by|values)$/i;
const image = /^(img|image|source|video|audio|track|input)$/;

/**
 * Tells if an attribute could run a script: by its name, as a URL, or as commands in a text.
 * @param value empty for commands that the author wrote
 */
export function isUnsafe(el: Element, name: string, value: string, prefix: string): boolean {
  // Browsers look past controls and spaces.
  const text = value.replace(/[\0-\x20]+/g, "");
  if (reserved.test(name)) return true;
  if (name.startsWith(prefix)) return text.startsWith("[[");
  if (!url.test(name)) return false;
  return (
    /(^|;)(java|vb)script:/i.test(text) ||
    (!image.test(read(el, "localName")) && /(^|;)data:[^,]*(html|xml)/i.test(text))
  );
}
