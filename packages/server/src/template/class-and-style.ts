/** Texts that `class` and `style` make of other values, and the name under which a style travels. */
import { ATTR_STYLE } from "@overwire/client/wire";

/** The name of an attribute in HTML for a page with a client. */
export const writtenName = (name: string): string =>
  name.length === 5 && name.toLowerCase() === "style" ? ATTR_STYLE : name;

/** HTML for use without a client, such as a mail: styles under their own name. No value can hold an unescaped quote. */
export const withPlainStyles = (html: string): string =>
  html.includes(ATTR_STYLE) ? html.replaceAll(` ${ATTR_STYLE}="`, ' style="') : html;

/** Names of classes from text, lists, and objects whose keys are names and whose values say whether they count. */
export function classNames(value: unknown): string {
  if (typeof value === "string") return value;
  if (Array.isArray(value) || value instanceof Set) {
    let names = "";
    for (const each of value) {
      const name = classNames(each);
      if (name) names += names ? ` ${name}` : name;
    }
    return names;
  }
  if (typeof value === "object" && value !== null) {
    return Object.entries(value)
      .flatMap(([name, counts]) => (counts ? [name] : []))
      .join(" ");
  }
  return typeof value === "number" || typeof value === "bigint" ? String(value) : "";
}

/** Declarations from an object: `{ color: "red", backgroundColor: "blue", "--gap": "1px" }`. */
export const styles = (value: object): string =>
  Object.entries(value)
    .filter(([, each]) => each !== null && each !== undefined && typeof each !== "boolean")
    .map(([name, each]) => `${property(name)}: ${String(each)}`)
    .join("; ");

const property = (name: string) =>
  name.startsWith("--") ? name : name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
