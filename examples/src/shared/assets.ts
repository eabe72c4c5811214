/** Files of the page, read once. Their paths change with their content, so browsers may keep them for good. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename } from "node:path";

/** A file beside the sources; they are the same way up from src and from dist. */
export const readSource = (name: string): string =>
  readFileSync(new URL(`../src/${name}`, import.meta.url), "utf8");

export interface Asset {
  readonly path: string;
  readonly type: string;
  readonly text: string;
}

function asset(name: string, type: string, text = readSource(name)): Asset {
  const hash = createHash("sha256").update(text).digest("hex").slice(0, 12);
  return { path: `/assets/${hash}/${name}`, type: `${type}; charset=utf-8`, text };
}

const { resolve } = createRequire(import.meta.url);

/** A file of a package that is installed here. */
const packaged = (file: string, type: string): Asset =>
  asset(basename(file), type, readFileSync(resolve(file), "utf8"));

export const style = asset("style.css", "text/css");
/** One for each group of examples. */
export const groupStyles = {
  basics: asset("basics.css", "text/css"),
  forms: asset("forms.css", "text/css"),
  lists: asset("lists.css", "text/css"),
  async: asset("async.css", "text/css"),
  media: asset("media.css", "text/css"),
  components: asset("components.css", "text/css"),
};
export const focus = asset("focus.js", "text/javascript");
export const favicon = asset("favicon.svg", "image/svg+xml");
export const charts = asset("charts.js", "text/javascript");
export const logs = asset("logs.js", "text/javascript");
export const uPlot = packaged("uplot/dist/uPlot.iife.min.js", "text/javascript");
export const uPlotStyle = packaged("uplot/dist/uPlot.min.css", "text/css");

/** All that is served. */
export const assets: readonly Asset[] = [
  style,
  ...Object.values(groupStyles),
  focus,
  favicon,
  charts,
  logs,
  uPlot,
  uPlotStyle,
];
