// Refuses names for the build to shorten that are of the client's public API, on the wire or in bindings, or the browser's.
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { API, SignatureKind, SymbolFlags } from "typescript/unstable/sync";

const root = fileURLToPath(new URL("../../packages/client/", import.meta.url));
const list = JSON.parse(readFileSync(`${root}internal-names.json`, "utf8"));
/** Types of what travels as JSON. */
const WIRE = {
  "src/commands/command.ts": ["Args", "To"],
  "src/wire/frames.ts": ["JoinRequest", "Extras"],
};
/** Number of commands at least, so a set of them that is not found is noticed. */
const COMMANDS = 22;

const api = new API({ cwd: root });
const [project] = api.updateSnapshot({ openProject: `${root}tsconfig.build.json` }).getProjects();
const { program, checker } = project;
const isBrowsers = (path) => /\/lib\.[^/]*\.d\.ts$/.test(path);

/** By names: what has them. */
const taken = new Map();
const seen = new Set();
const take = (type, owner) => {
  if (!type || seen.has(type.id)) return;
  seen.add(type.id);
  for (const part of type.isUnionType() || type.isIntersectionType() ? type.getTypes() : [])
    take(part, owner);
  for (const each of type.isTypeReference() ? checker.getTypeArguments(type) : []) take(each, owner);
  if (!type.isObjectType() || type.getSymbol()?.declarations.some(({ path }) => isBrowsers(path))) return;
  for (const property of checker.getPropertiesOfType(type)) {
    if (/^__#/.test(property.name)) continue;
    taken.set(property.name, owner);
    take(checker.getTypeOfSymbol(property), owner);
  }
  for (const { valueType } of checker.getIndexInfosOfType(type)) take(valueType, owner);
  for (const kind of [SignatureKind.Call, SignatureKind.Construct])
    for (const signature of checker.getSignaturesOfType(type, kind)) {
      for (const parameter of signature.getParameters()) take(checker.getTypeOfSymbol(parameter), owner);
      take(checker.getReturnTypeOfSignature(signature), owner);
    }
};

const exportsOf = (file) =>
  checker.getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(file)));

for (const path of program.getSourceFileNames().filter(isBrowsers))
  for (const [, name] of readFileSync(path, "utf8").matchAll(/^ +(?:readonly )?([a-z]\w*)\??[(:<]/gim))
    taken.set(name, "the browser");
for (const each of exportsOf(`${root}src/index.ts`)) {
  const symbol = checker.getAliasedSymbol(each);
  take(checker.getDeclaredTypeOfSymbol(symbol), `the public ${symbol.name}`);
  take(checker.getTypeOfSymbol(symbol), `the public ${symbol.name}`);
}

for (const [file, types] of Object.entries(WIRE))
  for (const name of types) {
    const source = program.getSourceFile(fileURLToPath(new URL(file, `file://${root}`)));
    const symbol = checker.resolveName(name, SymbolFlags.Type, source);
    if (!symbol) throw new Error(`There is no ${name} in ${file}.`);
    take(checker.getDeclaredTypeOfSymbol(symbol), `${name}, which travels`);
  }

// Commands are told by their names, which sets of them have as keys: `const …: CommandSet = {`, or `return {` of a function.
let commands = 0;
for (const file of readdirSync(`${root}src/commands`).filter((name) => /^(?!js\.)[^.]+\.ts$/.test(name))) {
  const text = readFileSync(`${root}src/commands/${file}`, "utf8");
  for (const [, indent, set] of text.matchAll(
    /^( *)(?:(?:export )?const \w+: CommandSet = |return )\{\n(.*?)\n\1\}/gms,
  ))
    for (const [, name] of set.matchAll(new RegExp(`^${indent} {2}(\\w+)[:(,]`, "gm"))) {
      taken.set(name, "a command");
      commands++;
    }
}
if (commands < COMMANDS) throw new Error(`Only ${commands} commands are found, of at least ${COMMANDS}.`);

// A name in quotes stays as it is.
for (const file of program.getSourceFileNames().filter((name) => name.startsWith(root)))
  for (const [, name] of readFileSync(file, "utf8").matchAll(/["'`](\w+)["'`](?= in )/g))
    taken.set(name, `something that ${file.slice(root.length)} names in quotes`);

// An export of a file that is loaded later is taken out of it by its name.
for (const file of program.getSourceFileNames().filter((name) => name.startsWith(root)))
  for (const [, path] of readFileSync(file, "utf8").matchAll(/(?<!typeof )import\("(\.[^"]+)"\)/g))
    for (const { name } of exportsOf(fileURLToPath(new URL(path, `file://${file}`))))
      taken.set(name, `an export of ${path}, which is loaded later`);

const wrong = list.filter((name) => taken.has(name));
for (const name of wrong)
  console.error(`internal-names.json: "${name}" is also a name of ${taken.get(name)}`);
console.log(
  `internal names: ${list.length} to shorten, ${wrong.length} wrong (of ${taken.size} that are taken)`,
);
process.exitCode = wrong.length ? 1 : 0;
api.close();
