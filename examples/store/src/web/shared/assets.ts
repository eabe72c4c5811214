/** Files of the pages, read once. Their paths change with their content, so browsers may keep them for good. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { basename } from "node:path";

export interface Asset {
  readonly path: string;
  readonly type: string;
  readonly text: string;
}

const all = new Map<string, Asset>();

function asset(file: string, type: string, text: string): Asset {
  const hash = createHash("sha256").update(text).digest("hex").slice(0, 12);
  const made = { path: `/assets/${hash}/${basename(file)}`, type: `${type}; charset=utf-8`, text };
  all.set(made.path, made);
  return made;
}

/** A file of src/web. The path is the same way up from src and from dist. */
const own = (file: string, type: string): Asset =>
  asset(file, type, readFileSync(new URL(`../../../src/web/${file}`, import.meta.url), "utf8"));

export const stylesheet = (file: string): Asset => own(file, "text/css");
export const script = (file: string): Asset => own(file, "text/javascript");

/** The asset at a path of the site. */
export const assetAt = (path: string): Asset | undefined => all.get(path);

export const style = stylesheet("shared/store.css");
export const favicon = own("shared/favicon.svg", "image/svg+xml");
