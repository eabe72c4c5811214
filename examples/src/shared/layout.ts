/** The layout of every page: the header with its menu, and for an example its summary and its source. */
import { type Child, html } from "@overwire/server";
import { type Example, exampleAt, groups } from "../examples.ts";
import { favicon, focus, style } from "./assets.ts";

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
<link rel="stylesheet" href=${style.path}>
${example?.styles.map(({ path }) => html`<link rel="stylesheet" href=${path}>`)}
${example?.scripts?.map(({ path }) => html`<script defer src=${path}></script>`)}
${head}
${head && html`<script defer src=${focus.path}></script>`}
</head>
<body>
<header class="site">
  <a class="brand" href="/" aria-current=${url.pathname === "/" && "page"}><img src=${favicon.path} alt="" width="28" height="28"> <span>Overwire <i>gallery</i></span></a>
  ${title && html`<p class="here">${title}</p>`}
  <${Index} current=${example} />
</header>
<main>
  ${example && html`<${Heading} ...${example} />`}
  ${children}
</main>
</body>
</html>`;
};

/** A popover: the browser opens and closes it, and knows where the keyboard goes, without a script. */
const Index = ({ current }: { readonly current: Example | undefined }) => html`
  <button class="quiet" popovertarget="index">
    <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true"><path d="M2 4h12M2 8h12M2 12h12"></path></svg>
    <span>Examples</span>
  </button>
  <nav id="index" class="index" popover aria-label="Examples">
    ${groups.map(
      ({ name, examples }) => html`
        <div>
          <h2>${name}</h2>
          <ul>
            ${examples.map(
              ({ path, name }) =>
                html`<li><a href=${path} aria-current=${path === current?.path && "page"}>${name}</a></li>`,
            )}
          </ul>
        </div>`,
    )}
  </nav>`;

const Heading = ({ name, summary, files }: Example) => html`
  <div class="heading">
    <h1>${name}</h1>
    <p>${summary}</p>
    <p class="sources">Source: ${files.map((file) => html`<a href="/source/${file}">${file}</a> `)}</p>
  </div>`;
