// Holds the names of declarations: no exported type twice in a package, none that hides a global, none that says too little.
import { relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import {
  isArrowFunction,
  isBindingElement,
  isClassDeclaration,
  isEnumDeclaration,
  isFunctionDeclaration,
  isFunctionExpression,
  isIdentifier,
  isImportSpecifier,
  isInterfaceDeclaration,
  isParameterDeclaration,
  isTypeAliasDeclaration,
  isVariableDeclaration,
  isVariableStatement,
} from "typescript/unstable/ast/is";
import { API } from "typescript/unstable/sync";

/** Globals of Node and of browsers that a reader takes for themselves. */
const GLOBALS = new Set(["process", "Screen", "Navigator", "Storage", "Node", "Location"]);
/** Names that say nothing of what a function does, unless there is a word beside them. */
const VAGUE = new Set(["settle", "tell", "told", "take", "place"]);

const isType = (node) =>
  isClassDeclaration(node) ||
  isInterfaceDeclaration(node) ||
  isTypeAliasDeclaration(node) ||
  isEnumDeclaration(node);

const isDeclaration = (node) =>
  isType(node) ||
  isFunctionDeclaration(node) ||
  isVariableDeclaration(node) ||
  isParameterDeclaration(node) ||
  isBindingElement(node) ||
  isImportSpecifier(node);

const isExported = (statement) =>
  statement.modifiers?.some((modifier) => modifier.getText() === "export") ?? false;

/** Names of the functions that a statement of a file exports. */
function functionsOf(statement) {
  if (isFunctionDeclaration(statement)) return [statement.name];
  if (!isVariableStatement(statement)) return [];
  return statement.declarationList.declarations
    .filter(
      ({ initializer }) => initializer && (isArrowFunction(initializer) || isFunctionExpression(initializer)),
    )
    .map(({ name }) => name);
}

/** Names that are declared anywhere in a node. */
function* declared(node) {
  if (isDeclaration(node) && node.name && isIdentifier(node.name)) yield node.name;
  const inner = [];
  node.forEachChild((child) => void inner.push(child));
  for (const child of inner) yield* declared(child);
}

/**
 * @param packages tells by its path which package a file is of; undefined if it is not checked
 * @returns a line for each problem
 */
export function wrongNames(cwd, config, packageOf) {
  const api = new API({ cwd });
  try {
    const [{ program }] = api.updateSnapshot({ openProject: config }).getProjects();
    const problems = [];
    /** Files that export a type, by package and name. */
    const types = new Map();
    for (const path of program.getSourceFileNames()) {
      const owner = packageOf(path);
      if (owner === undefined) continue;
      const file = program.getSourceFile(path);
      const shown = relative(cwd, path).split(sep).join("/");
      const at = (name) => `${shown}:${file.text.slice(0, name.getStart(file)).split("\n").length}`;
      for (const name of declared(file))
        if (GLOBALS.has(name.text)) problems.push(`${at(name)} hides the global ${name.text}`);
      for (const statement of file.statements.filter(isExported)) {
        for (const name of functionsOf(statement))
          if (VAGUE.has(name?.text))
            problems.push(`${at(name)} exports a function that is called only ${name.text}`);
        if (!isType(statement) || !statement.name) continue;
        const key = `${owner} ${statement.name.text}`;
        const other = types.get(key);
        if (other === undefined) types.set(key, { shown, place: at(statement.name) });
        else if (other.shown !== shown)
          problems.push(`${at(statement.name)} exports ${statement.name.text}, as ${other.place} does`);
      }
    }
    return problems;
  } finally {
    api.close();
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = fileURLToPath(new URL("../../", import.meta.url));
  const problems = wrongNames(root, `${root}tsconfig.json`, (path) =>
    /\.test(-d)?\.ts$/.test(path) ? undefined : new RegExp(`^${root}packages/(\\w+)/src/`).exec(path)?.[1],
  );
  for (const problem of problems) console.error(problem);
  console.log(
    `names: ${problems.length ? `${problems.length} wrong` : "each for one thing, no global hidden"}`,
  );
  process.exitCode = problems.length ? 1 : 0;
}
