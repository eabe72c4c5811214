/** The prebuilt client: read once, served under names that change with its content; channels under one that does not, too. */
import { readdirSync, readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { CLIENT_PATH } from "@overwire/client/wire";
import type { Context } from "hono";

// The same way up from src/http and from dist/http.
const folder = new URL("../../prebuilt/", import.meta.url);

/** The client itself, and the files that it loads when a page needs them. */
const part = "(client|features|streams|viewport|uploads|s3|rare|channels)";
/** Pages write the name of channels themselves, so it has no version. */
const scriptPath = new RegExp(
  `(?<=${CLIENT_PATH.replace(/\w+$/, "")})${part}(?:-[\\w-]+|(?<=channels))\\.js$`,
);
const built = new RegExp(`^${part}-[\\w-]+\\.js$`);

/** Tells if a path is that of the client, of any version. */
export const isClientPath = (path: string): boolean => scriptPath.test(path);

const MISSING = `${CLIENT_PATH}-missing.js`;

interface Script {
  readonly name: string;
  readonly text: string;
  readonly zipped: Uint8Array<ArrayBuffer>;
}

/** By the first part of their names. */
let scripts: ReadonlyMap<string, Script> | undefined;
let isMissing = false;

/** @throws Error saying how to build them, if they are not there */
function readScripts(): ReadonlyMap<string, Script> {
  if (scripts) return scripts;
  const read = new Map<string, Script>();
  try {
    for (const name of readdirSync(folder)) {
      const [, kind] = built.exec(name) ?? [];
      if (kind === undefined) continue;
      const text = readFileSync(new URL(name, folder), "utf8");
      read.set(kind, { name, text, zipped: new Uint8Array(gzipSync(text)) });
    }
  } catch {
    // Told below, in the same way as an empty folder.
  }
  if (!read.has("client")) {
    throw new Error(
      "Overwire's client is not built: run `npm run build` in the repository. Pages show, but do nothing.",
    );
  }
  isMissing = false;
  return (scripts = read);
}

/**
 * Path of the client below the app. A page can be painted without it: the sentence about the missing build is what the
 * browser gets in its place.
 */
export function clientPath(): string {
  // Looking for it again with every page would cost more than the page.
  if (isMissing) return MISSING;
  try {
    return CLIENT_PATH.replace(/\w+$/, readScripts().get("client")?.name ?? "");
  } catch {
    isMissing = true;
    return MISSING;
  }
}

/** Files that pages name. */
const isEntry = (kind: string) => kind === "client" || kind === "channels";

/** Answers with a file of the client. */
export function serveClient(c: Context): Response {
  const [name = "", kind = ""] = scriptPath.exec(c.req.path) ?? [];
  const script = readScripts().get(kind);
  const current = script?.name === name;
  // A page of another version of the app gets the client that is there; its own client loads no parts of another one.
  if (!script || (!isEntry(kind) && !current)) return c.notFound() as Response;
  const zip = /\bgzip\b/.test(c.req.header("accept-encoding") ?? "");
  return c.body(zip ? script.zipped : script.text, 200, {
    "content-type": "text/javascript; charset=utf-8",
    "cache-control": current ? "public, max-age=31536000, immutable" : "no-cache",
    "x-content-type-options": "nosniff",
    vary: "accept-encoding",
    ...(zip && { "content-encoding": "gzip" }),
  });
}
