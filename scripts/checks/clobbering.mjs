// Refuses members asked right of what may be a form or a document: fields and images stand in front of them under their names.
import { fileURLToPath } from "node:url";
import {
  isBindingElement,
  isElementAccessExpression,
  isIdentifier,
  isObjectBindingPattern,
  isPropertyAccessExpression,
  isStringLiteral,
} from "typescript/unstable/ast/is";
import { API, SymbolFlags } from "typescript/unstable/sync";

const CLOBBERED = ["HTMLFormElement", "Document"];

/** Nodes that ask something of an object by a name: `object.name`, `object["name"]`, `{ name } = object`. */
function* asking(node) {
  if (isPropertyAccessExpression(node) && isIdentifier(node.name))
    yield [node.expression, node.name.text, node];
  if (isElementAccessExpression(node) && isStringLiteral(node.argumentExpression))
    yield [node.expression, node.argumentExpression.text, node];
  if (isObjectBindingPattern(node))
    for (const each of node.elements) {
      const name = each.propertyName ?? each.name;
      const from = isBindingElement(node.parent) ? node : (node.parent.initializer ?? node);
      if (!each.dotDotDotToken && isIdentifier(name)) yield [from, name.text, each];
    }
  const inner = [];
  node.forEachChild((child) => void inner.push(child));
  for (const child of inner) yield* asking(child);
}

/** @param isChecked tells by its path if a file is */
export function directMembers(cwd, config, isChecked) {
  const api = new API({ cwd });
  try {
    const [{ program, checker }] = api.updateSnapshot({ openProject: config }).getProjects();
    const files = program.getSourceFileNames().filter(isChecked);
    const clobbered = CLOBBERED.map((name) =>
      checker.getDeclaredTypeOfSymbol(
        checker.resolveName(name, SymbolFlags.Interface, program.getSourceFile(files[0])),
      ),
    );

    /** Declarations of what a form or a document has of its own or inherits. */
    const own = new Set();
    const keysOf = (property) =>
      property.declarations.map(({ path, pos, index }) => `${path}:${pos ?? index}`);
    const seen = new Set();
    const take = (type) => {
      if (seen.has(type.id)) return;
      seen.add(type.id);
      for (const property of checker.getPropertiesOfType(type))
        for (const key of keysOf(property)) own.add(key);
      for (const base of checker.getBaseTypes(type)) take(base);
    };
    clobbered.forEach(take);

    /** By types and names. */
    const known = new Map();
    const isClobbered = (type, name) => {
      const key = `${type.id} ${name}`;
      if (!known.has(key)) {
        const is = (type.isUnionType() ? type.getTypes() : [type]).some((part) => {
          const actual = checker.getBaseConstraintOfType(part) ?? part;
          const property = checker.getPropertyOfType(actual, name);
          return (
            property &&
            keysOf(property).some((key) => own.has(key)) &&
            clobbered.some((one) => checker.isTypeAssignableTo(one, actual))
          );
        });
        known.set(key, is);
      }
      return known.get(key);
    };

    return files.flatMap((path) => {
      const file = program.getSourceFile(path);
      const all = [...asking(file)];
      const types = checker.getTypeAtLocation(all.map(([object]) => object));
      return all.flatMap(([object, name, node], at) => {
        const type = types[at] && checker.getNonNullableType(types[at]);
        if (!type || !isClobbered(type, name)) return [];
        const line = file.text.slice(0, node.getStart(file)).split("\n").length;
        return [`${path}:${line} asks ${object.getText(file)} for ${name}, which may be a field or an image`];
      });
    });
  } finally {
    api.close();
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = fileURLToPath(new URL("../../packages/client/", import.meta.url));
  const problems = directMembers(
    root,
    `${root}tsconfig.build.json`,
    // The one place that knows how to ask, and a copy that has a check of its own.
    (path) => path.startsWith(`${root}src/`) && !/\/(native|morphdom)\.ts$/.test(path),
  );
  for (const problem of problems) console.error(`${problem}: use dom/native.ts`);
  console.log(
    `clobbering: ${problems.length ? `${problems.length} wrong` : "forms and documents are asked safely"}`,
  );
  process.exitCode = problems.length ? 1 : 0;
}
