/** What stands around every page: header, navigation, and for an example its summary and its source. */
import { type Child, html } from "@overwire/server";
import { favicon, focus, nav, style } from "./assets.ts";
import { type Example, exampleAt, examples } from "./examples.ts";

interface PageProps {
  readonly title?: string | undefined;
  readonly url: URL;
  readonly children?: Child;
  /** The script of a live page. */
  readonly head?: Child;
}

/** Takes what a view's layout is given, so that live pages and plain ones look alike. */
export const page = ({ title, url, head, children }: PageProps) => {
  const example = exampleAt(url);
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title data-suffix=" · Overwire" data-default="Overwire gallery">${title ? `${title} · Overwire` : "Overwire gallery"}</title>
<link rel="icon" type="image/svg+xml" href=${favicon.path}>
${example?.styles?.map(({ path }) => html`<link rel="stylesheet" href=${path}>`)}
<link rel="stylesheet" href=${style.path}>
${example?.scripts?.map(({ path }) => html`<script defer src=${path}></script>`)}
<script defer src=${nav.path}></script>
${head}
${head && html`<script defer src=${focus.path}></script>`}
</head>
<body>
<header class="site">
  <a class="brand" href="/" aria-current=${url.pathname === "/" && "page"}><img src=${favicon.path} alt="" width="28" height="28"> Overwire <span>gallery</span></a>
  <nav aria-label="Examples">
    ${examples.map(({ path, name }) => html`<a href=${path} aria-current=${example?.path === path && "page"}>${name}</a>`)}
  </nav>
</header>
<main>
  ${example && html`<${Heading} ...${example} />`}
  ${children}
</main>
</body>
</html>`;
};

const Heading = ({ name, summary, files }: Example) => html`
  <div class="heading">
    <h1>${name}</h1>
    <p>${summary}</p>
    <p class="sources">Source: ${files.map((file) => html`<a href="/source/${file}">${file}</a> `)}</p>
  </div>`;
