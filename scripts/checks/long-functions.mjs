// Finds functions that are longer than a reader can take in at once. A class is not one, its methods are; a function counts with
// those inside it.
import { parseSync } from "vite";

/** Names a function by what it is called, or assigned to. */
const nameOf = (node) => node.id?.name ?? node.key?.name ?? node.left?.name;

/**
 * @param name of the file, which tells its language
 * @returns the functions with more lines than the limit, outermost first
 */
export function longFunctions(name, text, limit) {
  const { program, errors } = parseSync(name, text);
  if (errors.length) throw new Error(`${name}: ${errors[0].message}`);
  const lineAt = (offset) => text.slice(0, offset).split("\n").length;
  const found = [];
  const visit = (node, owner) => {
    if (Array.isArray(node)) return node.forEach((each) => void visit(each, owner));
    if (typeof node?.type !== "string") return;
    const own = nameOf(node) ?? owner;
    if (/Function(Declaration|Expression)$/.test(node.type) && node.body) {
      const line = lineAt(node.start);
      const lines = lineAt(node.end) - line + 1;
      if (lines > limit) found.push({ name: own ?? "a function", line, lines });
    }
    for (const child of Object.values(node)) if (typeof child === "object") visit(child, own);
  };
  visit(program);
  return found;
}
