// Makes the client's copy of morphdom: its algorithm as it is, with all that it asks of nodes asked past their own properties.
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { parseSync } from "vite";

const require = createRequire(new URL("../packages/client/package.json", import.meta.url));
const from = require.resolve("morphdom/package.json").replace(/package\.json$/, "");
const source = (name) => readFileSync(from + name, "utf8");

/** The copy, which is part of the repository. */
export const COPY = fileURLToPath(new URL("../packages/client/src/patch/morphdom.ts", import.meta.url));

/** Ways into morphdom that no call of the client takes. Each of them has to be there, once. */
const CUTS = [
  // The client gives elements, neither HTML nor fragments.
  / {4}if \(typeof toNode === 'string'\)[\s\S]*?\n {4}\} else if \(.*DOCUMENT_FRAGMENT_NODE\) \{[\s\S]*?\n {4}\}\n/,
  // They are nodes, so there are no virtual ones to be made real, or to be named in small letters.
  / {12}if \(curToNodeChild\.actualize\) \{[\s\S]*?\n {12}\}\n/,
  / {4}var fromCodeStart.*\n/,
  / {4}fromCodeStart = [\s\S]*?return false;\n {4}\}\n/,
  // The first element is of one kind with the one it becomes, so it is never replaced.
  / {4}if \(!childrenOnly\) \{\n {6}\/\/ Handle the case[\s\S]*?\n {4}\}\n(?=\n {4}if \(morphedNode === toNode\))/,
  / {4}if \(!childrenOnly && morphedNode !== fromNode[\s\S]*?\n {4}\}\n/,
  // New nodes are never in the page already.
  / {10}if \(curToNodeChild\.isSameNode[\s\S]*?\n {10}\}\n/,
  / {6}if \(toNode\.isSameNode[\s\S]*?\n {6}\}\n/,
  // The client gives all that there are defaults for.
  /function defaultGetNodeKey[\s\S]*?\n\}\n/,
  / \|\| defaultGetNodeKey/,
  / \|\| function\(parent, child\)\{.*?\}(?=;)/,
  / {4}if \(!options\) \{[\s\S]*?\n {4}\}\n/,
  // Fields are done with before.
  / {6}if \(fromEl\.nodeName !== 'TEXTAREA'\) \{\n/,
  / {6}\} else \{\n {8}specialElHandlers[^}]*\}\n/,
  / {6}var specialElHandler[\s\S]*?\n {6}\}\n/,
  // The client's callback never gives another element, and the window it works in need not be the global one.
  / else if \(beforeUpdateResult instanceof HTMLElement\) \{[\s\S]*?\n {8}\}/,
  // It has no others, and takes nodes away itself, when all is done.
  ...["onBeforeNodeAdded", "onBeforeElUpdated", "onBeforeNodeDiscarded", "skipFromChildren"].map(
    (name) => new RegExp(`(?<=options\\.${name}) \\|\\| noop`),
  ),
  ...["onNodeAdded", "onElUpdated", "onNodeDiscarded", "onBeforeElChildrenUpdated"].map(
    (name) => new RegExp(` {4}var ${name} .*\\n`),
  ),
  /function noop.*\n/,
  / {6}onNodeAdded\(el\);\n/,
  / {8}onElUpdated\(fromEl\);\n/,
  / {8}if \(onBeforeElChildrenUpdated[\s\S]*?\n {8}\}\n/,
  / {4}function walkDiscardedChildNodes[\s\S]*?\n {4}\}\n/,
  / {6}if \(parentNode\) \{[\s\S]*?walkDiscardedChildNodes.*\n/,
  /if \(morphedNode === toNode\) \{[\s\S]*?\} else (?=\{)/,
  / {4}var morphedNodeType.*\n/,
  / {4}var toNodeType.*\n/,
  / {4}return morphedNode;\n/,
  / \|\| node\.nodeType === DOCUMENT_FRAGMENT_NODE/,
];

/** Objects that are no nodes. */
const PLAIN = /^(options|fromNodesLookup|keyedRemovalList|Object|\w*Name)$/;

const HEAD = (licence, version) => `/**
 * morphdom ${version}, made by \`scripts/copy-morphdom.mjs\`, not by hand. A field of a form stands in for the form's own property of
 * its name, so members of nodes are asked of their prototypes.
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
    if (node.type === "CallExpression" && isMember(node.callee)) {
      const args = node.arguments.map(write);
      // An element that goes on in a new one is moved, not taken out and put in.
      if (node.callee.property.name === "replaceChild")
        return () => `options.replaceChild(${args.join(", ")})`;
      return () => `invoke(${[...parts(node.callee), ...args].join(", ")})`;
    }
    if (node.type === "AssignmentExpression" && isMember(node.left))
      return () => `assign(${[...parts(node.left), write(node.right)].join(", ")})`;
    if (isMember(node)) return () => `read(${parts(node).join(", ")})`;
    return undefined;
  };
  return write(root);
}

export function makeCopy() {
  const { version } = JSON.parse(source("package.json"));
  const [compare] = source("src/util.js").match(/export function compareNodeNames[\s\S]*?\n\}\n/);
  let code =
    compare.replace("export ", "") + source("src/morphdom.js").replace(/^'use strict';|^import .*$/gm, "");
  for (const what of CUTS) {
    if (code.match(new RegExp(what, "g"))?.length !== 1)
      throw new Error(`not in morphdom ${version} once: ${what}`);
    code = code.replace(what, "");
  }
  for (const { start, end } of parseSync("morphdom.js", code).comments.reverse())
    code = code.slice(0, start) + code.slice(end);
  code = asked(code, parseSync("morphdom.js", code).program).replace(
    "export default function morphdomFactory(morphAttrs) {",
    "export function morphdomFactory(morphAttrs: MorphAttributes): Morphdom {",
  );
  code = code.replace(/[ \t]+$/gm, "").replace(/\n{2,}/g, "\n");
  return `${HEAD(source("LICENSE"), version) + code.trim()}\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(COPY, makeCopy());
