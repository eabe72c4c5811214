// Holds the import order: a file imports from its own folder and from those above it in the list, and nothing in a circle.
// Type imports count. Tests import from any folder of their own package, but no other test; what they need of another package
// comes by its name.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";

/** In reading order. `roots` are files of src itself: a list is ordered, `true` lets them import anything. */
export const packages = [
  {
    src: "packages/server/src",
    folders: [
      "template",
      "view",
      "storage",
      "pubsub",
      "presence",
      "runtime",
      "http",
      "rate-limit",
      "connection",
      "channel",
      "app",
      "node",
    ],
    roots: true,
  },
  {
    src: "packages/client/src",
    folders: [
      "wire",
      "channels",
      "dom",
      "net",
      "patch",
      "bindings",
      "commands",
      "hooks",
      "uploads",
      "view",
      "navigation",
      "features",
      "page",
    ],
    roots: ["wire.ts", "channels.ts", "client.ts", "live-socket.ts", "index.ts", "prebuilt.ts"],
  },
  {
    src: "packages/testing/src",
    folders: [
      "errors",
      "runner",
      "double",
      "factory",
      "repo",
      "drizzle",
      "forms",
      "browser",
      "page",
      "request",
      "driver",
      "channels",
      "pubsub",
    ],
    roots: true,
  },
  // The one that reaches into the others, so that tests do not.
  { src: "packages/test-support/src", folders: null, roots: true, reaches: true },
  { src: "examples/src", folders: null, roots: true },
  {
    src: "examples/store/src",
    folders: [
      "shared",
      "database",
      "mail",
      "cache",
      "payments",
      "providers",
      "pictures",
      "services",
      "audit",
      "outbox",
      "accounts",
      "catalogue",
      "cart",
      "orders",
      "onboarding",
      "desk",
      "store",
      "gateway",
      "web",
      "api",
    ],
    roots: true,
  },
  { src: "bench/src", folders: null, roots: true },
  { src: "stress/src", folders: null, roots: true },
];

const importPattern =
  /^[ \t]*(?:import|export)\b(?:[^"'`;]*?\bfrom)?\s*["']([^"']+)["']|\bimport\(\s*["']([^"']+)["']\s*\)/gm;

/** Every import of a source text, with its line. Comments are blanked first. */
export function importsOf(text) {
  const code = text.replace(/\/\*[\s\S]*?\*\/|^[ \t]*\/\/.*$/gm, (comment) => comment.replace(/[^\n]/g, " "));
  return Array.from(code.matchAll(importPattern), (match) => ({
    specifier: match[1] ?? match[2],
    line: code.slice(0, match.index + match[0].search(/\S/)).split("\n").length,
  }));
}

/** Problems of one package, a line for each. */
export function checkPackage(root, { src, folders, roots, reaches = false }) {
  const base = resolve(root, src);
  if (!existsSync(base)) return [];
  const problems = [];
  const graph = new Map();

  const rank = (file) => {
    const [first, ...rest] = file.split("/");
    if (rest.length > 0) return folders === null ? 0 : folders.indexOf(first);
    if (roots === true || folders === null) return folders?.length ?? 0;
    const index = roots.indexOf(first);
    return index === -1 ? -1 : folders.length + index;
  };

  for (const file of sourceFiles(base)) {
    const edges = [];
    const ofTest = isTest(file);
    if (!ofTest) graph.set(file, edges);
    if (!ofTest && rank(file) === -1) problems.push(`${src}/${file}:1 has no place in the import order`);

    for (const { specifier, line } of importsOf(readFileSync(join(base, file), "utf8"))) {
      if (!specifier.startsWith(".")) continue;
      const at = `${src}/${file}:${line}`;
      const path = resolve(base, dirname(file), specifier);
      const target = relative(base, path).split(sep).join("/");
      if (target.startsWith("../")) {
        if (!reaches) problems.push(`${at} imports "${specifier}", which is outside of the package's src`);
        continue;
      }
      if (isTest(target)) problems.push(`${at} imports "${specifier}", which is a test`);
      edges.push({ target, line, specifier });
      const [from, to] = [rank(file), rank(target)];
      if (!ofTest && from !== -1 && to > from)
        problems.push(`${at} imports "${specifier}", which is below it in the order`);
    }
  }
  return [...problems, ...circles(src, graph)];
}

function isTest(file) {
  return /\.test(-d)?\.ts$/.test(file);
}

function sourceFiles(base) {
  return readdirSync(base, { recursive: true })
    .map((file) => file.split(sep).join("/"))
    .filter((file) => file.endsWith(".ts"))
    .sort();
}

/** Each circle once, as the import that closes it. */
function circles(src, graph) {
  const problems = [];
  const done = new Set();
  const path = [];
  const visit = (file) => {
    path.push(file);
    for (const { target, line, specifier } of graph.get(file) ?? []) {
      const start = path.indexOf(target);
      if (start !== -1) {
        const circle = [...path.slice(start), target].join(" → ");
        problems.push(`${src}/${file}:${line} imports "${specifier}", which closes a circle: ${circle}`);
      } else if (!done.has(target)) visit(target);
    }
    path.pop();
    done.add(file);
  };
  for (const file of graph.keys()) if (!done.has(file)) visit(file);
  return problems;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = fileURLToPath(new URL("../../", import.meta.url));
  const problems = packages.flatMap((one) => checkPackage(root, one));
  for (const problem of problems) console.error(problem);
  console.log(problems.length === 0 ? "imports: in order, no circles" : `imports: ${problems.length} wrong`);
  process.exitCode = problems.length === 0 ? 0 : 1;
}
