// Makes the client's copy of morphdom: what the client uses of it, with all that it asks of nodes asked past their own properties.
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { parseSync } from "vite";

const require = createRequire(new URL("../packages/client/package.json", import.meta.url));
const from = require.resolve("morphdom/package.json").replace(/package\.json$/, "");

/** The copy, which is part of the repository. */
export const COPY = fileURLToPath(new URL("../packages/client/src/patch/morphdom.ts", import.meta.url));

/** A function in the factory. */
const inner = (name) => new RegExp(` {4}function ${name}\\([\\s\\S]*?\\n {4}\\}\\n`);

/** Cuts, each with its replacement. All of them have to match. */
const CUTS = [
  // HTML, documents, virtual nodes: the client gives elements, and no two of other names.
  [
    / {4}if \(typeof toNode === 'string'\)[\s\S]*?\n {4}\} else if \(.*DOCUMENT_FRAGMENT_NODE\$1\) \{[\s\S]*?\n {4}\}\n/,
    "",
  ],
  [/ {12}if \(curToNodeChild\.actualize\) \{[\s\S]*?\n {12}\}\n/, ""],
  [/ {4}var morphedNodeType = [\s\S]*?\n {4}if \(morphedNode === toNode\) \{[\s\S]*?\} else \{\n/, ""],
  [/ {6}if \(toNode\.isSameNode && toNode\.isSameNode\(morphedNode\)\) \{[\s\S]*?\n {6}\}\n/, ""],
  [/ {4}\}\n\n {4}if \(!childrenOnly && morphedNode !== fromNode[\s\S]*?\n {4}\}\n/, ""],
  [/ else if \(beforeUpdateResult instanceof HTMLElement\) \{[\s\S]*?\n {8}\}\n/, "\n"],
  // Attributes and fields: the client has rules of its own.
  [/function morphAttrs\([\s\S]*?\n\}\n/, ""],
  [
    / {6}if \(fromEl\.nodeName !== 'TEXTAREA'\) \{\n( {8}morphChildren\(fromEl, toEl\);\n)[\s\S]*?\n {6}\}\n/,
    "$1",
  ],
  [/ {6}var specialElHandler = [\s\S]*?\n {6}\}\n/, ""],
  // The order of children, and what goes: `skipFromChildren` is always true.
  [/ {8}while \(!skipFrom && curFromNodeChild\) \{[\s\S]*?\} \/\/ END: while\(curFromNodeChild\) \{\}\n/, ""],
  [/ {6}cleanupFromEl\(fromEl, curFromNodeChild, curFromNodeKey\);\n/, ""],
  [/ {6}if \(keyedRemovalList\) \{[\s\S]*?\n {6}\}\n/, ""],
  [/ {4}var keyedRemovalList = .*\n/, ""],
  [/ {6}var curFromNodeChild = .*\n/, ""],
  [/ {6}var curFromNodeKey;\n/, ""],
  [/ {6}var fromNextSibling;\n/, ""],
  [/ {8}curFromNodeChild = fromNextSibling;\n {6}\}\n\n/, "      }\n"],
  [/outer: while/, "while"],
  [inner("addKeyedRemoval"), ""],
  [inner("walkDiscardedChildNodes"), ""],
  [inner("removeNode"), ""],
  [inner("cleanupFromEl"), ""],
  // Elements that go on in new ones, also those from elsewhere, are put there by the client.
  [inner("handleNodeAdded"), ""],
  [/ {12}handleNodeAdded\(curToNodeChild\);\n/, ""],
  [/ {4}var onNodeAdded = .*\n/, ""],
  [/ && compareNodeNames\(matchingFromEl, curToNodeChild\)/, ""],
  // The client finds what a node corresponds to: the key of one that comes is the node of the page.
  [inner("indexTree"), ""],
  [/ {4}indexTree\(fromNode\);\n/, ""],
  [/ {4}var fromNodesLookup = .*\n/, ""],
  [/ {6}var toElKey = getNodeKey\(toEl\);\n[\s\S]*?\n {6}\}\n/, ""],
  [
    /curToNodeKey && \(matchingFromEl = fromNodesLookup\[curToNodeKey\]\)/,
    "(matchingFromEl = getNodeKey(curToNodeChild))",
  ],
  [/ {8}curToNodeKey = getNodeKey\(curToNodeChild\);\n/, ""],
  [/ {6}var curToNodeKey;\n/, ""],
  [/ {4}var onBeforeNodeAdded = .*\n/, ""],
  [/ {10}var onBeforeNodeAddedResult = [\s\S]*?(?= {12}addChild)/, ""],
  [/( {12}addChild\(fromEl, curToNodeChild\);\n) {10}\}\n/, "$1"],
  // Callbacks that the client does not give, and what stands in for those that it gives.
  [/ {4}var onElUpdated = .*\n/, ""],
  [/ {8}\/\/ optional\n {8}onElUpdated\(fromEl\);\n/, ""],
  [/ {4}if \(!options\) \{[\s\S]*?\n {4}\}\n/, ""],
  [/ \|\| (?:noop|defaultGetNodeKey|function\(parent, child\)\{.*?\})(?=;\n)/g, ""],
  [/ {10}if\(!skipFrom\)\{ addChild\(fromEl, matchingFromEl\); \}\n/, ""],
  [/var skipFrom = skipFromChildren/, "skipFromChildren"],
  [/ {4}var on(?:BeforeNodeDiscarded|NodeDiscarded) = .*\n {4}var onNodeDiscarded = .*\n/, ""],
];

/** Objects that are no nodes. */
const PLAIN = /^(options|\w*Name)$/;

const HEAD = (licence, version) => `/**
 * The part of morphdom ${version} that the client uses, made by \`.ci/morphdom.mjs\`, not by hand. A field of a form stands in
 * for the form's own property of its name, so members of nodes are asked of their prototypes.
 *
${licence.trim().replace(/^/gm, " * ").replace(/ +$/gm, "")}
 */
// @ts-nocheck
import { assign, invoke, read } from "../dom/native.ts";
import type { Morphdom, MorphAttributes } from "./morphdom-types.ts";
`;

function each(node, visit) {
  if (Array.isArray(node)) for (const item of node) each(item, visit);
  else if (node && typeof node === "object") {
    if (typeof node.type === "string" && visit(node) === false) return;
    for (const key in node) if (key !== "parent") each(node[key], visit);
  }
}

/** Members that are asked of what may be a node. */
export function membersOf(code) {
  const found = [];
  each(parseSync("morphdom.ts", code).program, (node) => {
    if (node.type !== "MemberExpression") return;
    const object = code.slice(node.object.start, node.object.end);
    if (!PLAIN.test(object)) found.push(code.slice(node.start, node.end));
  });
  return found;
}

/** Declarations that nothing needs go, and what only they need. */
function used(code) {
  for (;;) {
    const { program } = parseSync("morphdom.js", code);
    const names = (node) => (node.declarations ?? [node]).map(({ id }) => id?.name);
    const unused = program.body.filter((own) => {
      if (own.type === "ExportDefaultDeclaration" || names(own)[0] === "morphdomFactory") return false;
      let uses = 0;
      for (const other of program.body)
        if (other !== own)
          each(
            other,
            (node) => void (node.type === "Identifier" && names(own).includes(node.name) && uses++),
          );
      return uses === 0;
    });
    if (!unused.length) return code;
    for (const { start, end } of unused.reverse()) code = code.slice(0, start) + code.slice(end);
  }
}

/** Writes a piece of code with members of nodes asked of their prototypes. */
function asked(code, root) {
  const write = (node) => {
    const edits = [];
    each(node, (inner) => {
      if (inner === node && !special(inner)) return;
      const text = special(inner)?.();
      if (text === undefined) return;
      edits.push([inner.start, inner.end, text]);
      return false;
    });
    let text = "";
    let at = node.start;
    for (const [start, end, own] of edits) {
      text += code.slice(at, start) + own;
      at = end;
    }
    return text + code.slice(at, node.end);
  };
  const isMember = (node) =>
    node.type === "MemberExpression" && !PLAIN.test(code.slice(node.object.start, node.object.end));
  const parts = ({ object, property, computed }) => [
    write(object),
    computed ? write(property) : JSON.stringify(property.name),
  ];
  const special = (node) => {
    if (node.type === "CallExpression" && isMember(node.callee))
      return () => `invoke(${[...parts(node.callee), ...node.arguments.map(write)].join(", ")})`;
    if (node.type === "AssignmentExpression" && isMember(node.left))
      return () => `assign(${[...parts(node.left), write(node.right)].join(", ")})`;
    if (isMember(node)) return () => `read(${parts(node).join(", ")})`;
    return undefined;
  };
  return write(root);
}

export function makeCopy() {
  const { version } = JSON.parse(readFileSync(`${from}package.json`, "utf8"));
  let code = readFileSync(`${from}dist/morphdom-esm.js`, "utf8");
  for (const [what, instead] of CUTS) {
    if (what.global ? !what.test(code) : code.match(new RegExp(what, "g"))?.length !== 1)
      throw new Error(`not in morphdom ${version} once: ${what}`);
    what.lastIndex = 0;
    code = code.replace(what, instead);
  }
  code = code.replace(/var morphdom = morphdomFactory[\s\S]*$/, "");
  const comments = parseSync("morphdom.js", code).comments;
  for (const { start, end } of comments.reverse()) code = code.slice(0, start) + code.slice(end);
  code = used(code);
  code = asked(code, parseSync("morphdom.js", code).program);
  code = code.replace(
    "function morphdomFactory(morphAttrs) {",
    "export function morphdomFactory(morphAttrs: MorphAttributes): Morphdom {",
  );
  code = code.replace(/[ \t]+$/gm, "").replace(/\n{2,}/g, "\n");
  return `${HEAD(readFileSync(`${from}LICENSE`, "utf8"), version) + code.trim()}\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(COPY, makeCopy());
