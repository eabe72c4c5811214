/** The prebuilt client: read once, served under a name that changes with its content. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import type { Context } from "hono";
import { CLIENT_PATH } from "../wire/keys.ts";

// The same way up from src/http and from dist/http.
const file = new URL("../../prebuilt/client.js", import.meta.url);

const asked = new RegExp(`${CLIENT_PATH}-\\w+\\.js$`);

/** Whether a path is that of the client, of whatever version. */
export const isClientPath = (path: string): boolean => asked.test(path);

const MISSING = `${CLIENT_PATH}-missing.js`;

interface Script {
  readonly path: string;
  readonly text: string;
  readonly zipped: Uint8Array<ArrayBuffer>;
}

let script: Script | undefined;
let isMissing = false;

/** @throws Error saying how to build it, if it is not there */
function readScript(): Script {
  if (script) return script;
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw new Error(
      "Overwire's client is not built: run `npm run build` in the repository. Pages show, but do nothing.",
      {
        cause: error,
      },
    );
  }
  const hash = createHash("sha256").update(text).digest("hex").slice(0, 12);
  isMissing = false;
  return (script = { path: `${CLIENT_PATH}-${hash}.js`, text, zipped: new Uint8Array(gzipSync(text)) });
}

/**
 * Path of the client below the app. A page can be painted without it: the sentence about the missing build is what the
 * browser gets in its place.
 */
export function clientPath(): string {
  if (script) return script.path;
  // Looking for it again with every page would cost more than the page.
  if (isMissing) return MISSING;
  try {
    return readScript().path;
  } catch {
    isMissing = true;
    return MISSING;
  }
}

/** Answers with the client. */
export function serveClient(c: Context): Response {
  const { path, text, zipped } = readScript();
  const current = c.req.path.endsWith(path);
  const zip = /\bgzip\b/.test(c.req.header("accept-encoding") ?? "");
  return c.body(zip ? zipped : text, 200, {
    "content-type": "text/javascript; charset=utf-8",
    // A page of another version of the app gets the client that is there, but must not keep it under the other's name.
    "cache-control": current ? "public, max-age=31536000, immutable" : "no-cache",
    "x-content-type-options": "nosniff",
    vary: "accept-encoding",
    ...(zip && { "content-encoding": "gzip" }),
  });
}
