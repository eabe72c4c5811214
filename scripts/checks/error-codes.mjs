// Holds docs/errors.md: every code that the sources give an error stands on it, and every code on it is one of theirs.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Shapes in which the sources write a code. */
const SHAPES = [
  /\bcode: "([a-z][a-z_]*)"/g,
  /\bget code\(\): "([a-z][a-z_]*)"/g,
  /\b(?:fail|codes\.add)\("([a-z][a-z_]*)"/g,
  /\brefuse\("([a-z]+_[a-z_]+)"/g,
  /\bthis\.#end\(\w+, "([a-z][a-z_]*)"/g,
  /\bcode = [^;]*?"([a-z]+_[a-z_]+)"(?: : "([a-z]+_[a-z_]+)")?;/g,
  /\[\.\.\.codes\] : \["([a-z_]+)"\]/g,
  /\bCLOSE_\w+ = (\d{4});/g,
];
/** Types whose members are codes. */
const UNIONS =
  /export type (?:RefusalCode|EndCode|ChannelErrorCode|SessionErrorCode|RepoErrorCode) =([^;]*);/g;
/** Errors that are answers, whose code is their status in words. */
const ANSWERS = /export class (\w+) extends HttpError\b/g;

/** @returns the codes that a source text gives to errors */
export function codesOf(text) {
  const codes = SHAPES.flatMap((shape) => [...text.matchAll(shape)].flatMap(([, ...found]) => found));
  for (const [, members] of text.matchAll(UNIONS)) codes.push(...members.match(/[a-z_]+/g));
  for (const [, name] of text.matchAll(ANSWERS))
    codes.push(name.replace(/\B[A-Z]/g, (letter) => `_${letter}`).toLowerCase());
  return new Set(codes.filter(Boolean));
}

/** @returns the codes with which rows of a page begin */
export const documentedCodes = (page) =>
  new Set([...page.matchAll(/^\| `([a-z_]+|\d{4})` \|/gm)].map(([, code]) => code));

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = fileURLToPath(new URL("../../", import.meta.url));
  const given = new Map();
  for (const name of readdirSync(join(root, "packages"), { recursive: true })) {
    if (!/^\w+[\\/]src[\\/].*\.ts$/.test(name) || /\.test(-d)?\.ts$/.test(name)) continue;
    for (const code of codesOf(readFileSync(join(root, "packages", name), "utf8"))) given.set(code, name);
  }
  const documented = documentedCodes(readFileSync(join(root, "docs/errors.md"), "utf8"));
  const problems = [
    ...[...given]
      .filter(([code]) => !documented.has(code))
      .map(([code, name]) => `${code} of ${name} is missing`),
    ...[...documented].filter((code) => !given.has(code)).map((code) => `${code} is no code of the sources`),
  ];
  for (const problem of problems) console.error(`docs/errors.md: ${problem}`);
  console.log(
    `error codes: ${documented.size} on the page${problems.length ? `, ${problems.length} wrong` : ""}`,
  );
  process.exitCode = problems.length ? 1 : 0;
}
