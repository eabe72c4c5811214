/** Modules of the client bundled for pages of tests that drive its parts themselves: a script whose exports are the global `client`. */
import { fileURLToPath } from "node:url";
import { build, type Rolldown } from "vite";

/** @param sources relative to the test, whose `import.meta.url` is `base` */
export async function bundleForPage(base: string, sources: readonly string[]): Promise<string> {
  const path = (relative: string) => fileURLToPath(new URL(relative, base));
  const entry = path("./client-of-the-page.ts");
  const reexports = sources.map((source) => `export * from ${JSON.stringify(path(source))};`).join("\n");
  const [output] = (await build({
    configFile: false,
    logLevel: "silent",
    build: { write: false, minify: false, lib: { entry, formats: ["iife"], name: "client" } },
    plugins: [
      {
        name: "client",
        resolveId: (id) => (id === entry ? id : undefined),
        load: (id) => (id === entry ? reexports : undefined),
      },
    ],
  })) as Rolldown.RolldownOutput[];
  return output?.output[0].code ?? "";
}
