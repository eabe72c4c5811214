/** The document around every page. */
import { type Child, html, type Template } from "@overwire/server";
import { type Asset, favicon, style } from "./assets.ts";

export interface DocumentProps {
  readonly children: Child;
  readonly head?: Child;
  readonly title: string | undefined;
}

/** A layout whose pages have style sheets and scripts beside the store's own. */
export const document =
  (styles: readonly Asset[] = [], scripts: readonly Asset[] = []) =>
  ({ children, head, title }: DocumentProps): Template =>
    html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title data-suffix=" · Overwire Store" data-default="Overwire Store">${title ? `${title} · Overwire Store` : "Overwire Store"}</title>
<link rel="icon" type="image/svg+xml" href=${favicon.path}>
${[style, ...styles].map(({ path }) => html`<link rel="stylesheet" href=${path}>`)}
${scripts.map(({ path }) => html`<script defer src=${path}></script>`)}
${head}
</head>
<body>${children}</body>
</html>`;
