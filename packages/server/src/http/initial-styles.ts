/** Styles of a page until its client sets them: a style sheet that the page's policy lets through by its nonce. */
import { ATTR_STYLE } from "@overwire/client/wire";

/** Most characters of the rules: a list whose rows all differ in style is not to double its page. */
const MAX_RULES = 16_384;

const attribute = new RegExp(` ${ATTR_STYLE}="([^"]*)"`, "g");

/**
 * Adds the styles of a page's `style` attributes to its head, as rules that hold until the client has set the
 * styles. Values that could be read as more than declarations are left to the client.
 * @param nonce asked for its text only if there is a rule
 */
export function withInitialStyles(page: string, nonce: { toString(): string }): string {
  if (!page.includes(ATTR_STYLE)) return page;
  const head = page.indexOf("</head>");
  if (head < 0) return page;
  let rules = "";
  for (const value of new Set(Array.from(page.matchAll(attribute), ([, value]) => value as string))) {
    const declarations = importantDeclarations(value);
    if (declarations === undefined) continue;
    const rule = `[${ATTR_STYLE}="${value}"]{${declarations}}`;
    if (rules.length + rule.length > MAX_RULES) break;
    rules += rule;
  }
  if (rules === "") return page;
  return `${page.slice(0, head)}<style nonce="${nonce}">${rules}</style>${page.slice(head)}`;
}

/** Declarations that win over the author's style sheets, as a `style` attribute does; undefined if they may be anything else. */
function importantDeclarations(value: string): string | undefined {
  // A value may hold user input. Without braces, quotes and escapes, and with its parentheses closed, it cannot leave its rule.
  if (!/^[\w .,:;%#()+*/!-]+$/.test(value) || value.includes("/*") || !isBalanced(value)) return undefined;
  const all: string[] = [];
  for (const declaration of value.split(";")) {
    if (declaration.trim() === "") continue;
    if (!/^\s*-{0,2}[a-z][\w-]*\s*:[^:!]+(!\s*important\s*)?$/i.test(declaration)) return undefined;
    all.push(declaration.includes("!") ? declaration : `${declaration}!important`);
  }
  return all.length ? all.join(";") : undefined;
}

/** Every parenthesis is closed within its own declaration. */
function isBalanced(value: string): boolean {
  let depth = 0;
  for (const char of value) {
    if (char === "(") depth++;
    else if ((char === ")" && --depth < 0) || (char === ";" && depth > 0)) return false;
  }
  return depth === 0;
}
