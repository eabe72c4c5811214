/** Files of the page, read once. Their paths change with their content, so browsers may keep them for good. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";

/** A file beside the sources; they are the same way up from src and from dist. */
export const readSource = (name: string): string =>
  readFileSync(new URL(`../src/${name}`, import.meta.url), "utf8");

export interface Asset {
  readonly path: string;
  readonly type: string;
  readonly text: string;
}

function asset(name: string, type: string): Asset {
  const text = readSource(name);
  const hash = createHash("sha256").update(text).digest("hex").slice(0, 12);
  return { path: `/assets/${hash}/${name}`, type: `${type}; charset=utf-8`, text };
}

export const style = asset("style.css", "text/css");
export const focus = asset("focus.js", "text/javascript");
export const favicon = asset("favicon.svg", "image/svg+xml");
