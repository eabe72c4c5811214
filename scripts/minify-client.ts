/** Makes the prebuilt client small: with short names for properties that it has for itself, and by two minifiers in turn. */
import { readFileSync } from "node:fs";
import { minify } from "terser";
import { minifySync, type Plugin } from "vite";

const SINGLE = "ABCDEFGHIJKLMNOPQRSTUVWXYZ$_";
/** Found by trial: what makes the compressed file smallest. `unsafe` takes it that no page replaces what JavaScript has. */
const SMALLEST = {
  passes: 3,
  hoist_funs: true,
  unsafe: true,
  unsafe_arrows: true,
  inline: 1,
  sequences: false,
};
/** Pairs of letters that are frequent anyway take less when they are compressed. */
const FIRST = "snrlhc";
const SECOND = "etnraisolcuhdmpfgvbwyxkjqz";

const short = (index: number) => {
  const at = index - SINGLE.length;
  return (
    SINGLE[index] ??
    (FIRST[Math.floor(at / SECOND.length)] as string) + (SECOND[at % SECOND.length] as string)
  );
};

/**
 * @param list a JSON file of names, those that occur most first. None of them may be one of the public API, of the wire or
 * of the browser: `checks/internal-names.mjs` looks after that
 */
export function minifyClient(list: string): Plugin[] {
  const names = JSON.parse(readFileSync(list, "utf8")) as string[];
  // All chunks get the same names, as they share objects.
  const mangleProps = {
    include: new RegExp(`^(${names.join("|")})$`),
    cache: Object.fromEntries(names.map((name, index) => [name, short(index)])),
  };
  const given = Object.values(mangleProps.cache).join("|").replaceAll("$", "\\$");
  const taken = new RegExp(`\\.(${given})\\b|\\b(${given}):`);
  const options = { module: true, sourcemap: true };
  const minified: Plugin = {
    name: "minify-client",
    apply: "build",
    async renderChunk(source, { fileName }) {
      const found = !fileName.startsWith("channels") && taken.exec(source);
      if (found) throw new Error(`${fileName} has a property that another one is to be called: ${found[0]}`);
      // Its properties are public, or private to its classes, which a minifier shortens by itself.
      const names = fileName.startsWith("channels") ? {} : { mangleProps };
      const options = { module: true, sourcemap: true, compress: true, mangle: false, codegen: false };
      const named = minifySync(fileName, source, { ...options, ...names });
      if (named.errors.length) throw new Error(named.errors.map(({ message }) => message).join("\n"));
      const { code = "", map } = await minify(named.code, {
        module: true,
        ecma: 2020,
        compress: SMALLEST,
        sourceMap: { content: JSON.stringify(named.map), asObject: true },
      });
      return { code, map: (map as object as typeof named.map) ?? null };
    },
  };
  // Its names for variables compress better than those of the other minifier.
  const renamed: Plugin = {
    name: "rename-variables",
    apply: "build",
    renderChunk(source, { fileName }) {
      const { code, map = null } = minifySync(fileName, source, {
        ...options,
        compress: false,
        mangle: true,
      });
      return { code, map };
    },
  };
  return [minified, renamed];
}
