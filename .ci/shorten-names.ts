/** Gives short names to properties that the prebuilt client has for itself. */
import { readFileSync } from "node:fs";
import { minifySync, type Plugin } from "vite";

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
/** In upper case, as no name on the wire is. */
const short = (index: number) => (LETTERS[Math.floor(index / 26) - 1] ?? "") + LETTERS[index % 26];

/**
 * @param list a JSON file of names. None of them may be one of the public API, of the wire or of the browser:
 * `checks/internal-names.mjs` looks after that
 */
export function shortenNames(list: string): Plugin {
  const names = JSON.parse(readFileSync(list, "utf8")) as string[];
  // All chunks get the same names, as they share objects.
  const mangleProps = {
    include: new RegExp(`^(${names.join("|")})$`),
    cache: Object.fromEntries(names.map((name, index) => [name, short(index)])),
  };
  return {
    name: "shorten-names",
    apply: "build",
    renderChunk(source, { fileName }) {
      const options = { module: true, sourcemap: true, compress: false, mangle: false, codegen: false };
      const { code, map, errors } = minifySync(fileName, source, { ...options, mangleProps });
      if (errors.length) throw new Error(errors.map(({ message }) => message).join("\n"));
      return { code, map: map ?? null };
    },
  };
}
