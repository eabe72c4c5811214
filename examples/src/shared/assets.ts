/** Files of the page, read once. Their paths change with their content, so browsers may keep them for good. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename } from "node:path";

/** A source file by its path in src, which is the same way up from src and from dist. */
export const readSource = (path: string): string =>
  readFileSync(new URL(`../../src/${path}`, import.meta.url), "utf8");

export interface Asset {
  readonly path: string;
  readonly type: string;
  readonly text: string;
}

function asset(file: string, type: string, text = readSource(file)): Asset {
  const hash = createHash("sha256").update(text).digest("hex").slice(0, 12);
  return { path: `/assets/${hash}/${basename(file)}`, type: `${type}; charset=utf-8`, text };
}

const { resolve } = createRequire(import.meta.url);

/** A file of a package that is installed here. */
const packaged = (file: string, type: string): Asset =>
  asset(file, type, readFileSync(resolve(file), "utf8"));

export const stylesheet = (file: string): Asset => asset(file, "text/css");
export const script = (file: string): Asset => asset(file, "text/javascript");

export const style = stylesheet("shared/style.css");
export const conversation = stylesheet("shared/conversation.css");
export const focus = script("shared/focus.js");
export const favicon = asset("shared/favicon.svg", "image/svg+xml");
export const uPlot = packaged("uplot/dist/uPlot.iife.min.js", "text/javascript");
export const uPlotStyle = packaged("uplot/dist/uPlot.min.css", "text/css");
