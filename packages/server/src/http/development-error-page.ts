/** The page of an error in development: the thrown value, its view, its stack and causes. Production has none. */
import { TemplateError } from "../template/errors.ts";
import { ownHtml as html, type Template } from "../template/html.ts";
import { raw } from "../template/raw.ts";

/** Texts of the page. */
export interface DevelopmentError {
  readonly status: number;
  readonly phrase: string;
  readonly error: unknown;
  /** View and callback that threw, if a view did: `Checkout · mount`. */
  readonly place: string | undefined;
  readonly request: string;
  /** Nonce of the page's style. */
  readonly nonce: string | undefined;
}

const MOST_CAUSES = 5;
const MOST_CHARACTERS = 20_000;

const style = raw(`
:root { color-scheme: light dark; --ink: #1c2024; --dim: #60646c; --line: #e0e1e6; --paper: #fcfcfd; --box: #fff; --red: #b4232c; --tint: #fff1f0; }
@media (prefers-color-scheme: dark) { :root { --ink: #edeef0; --dim: #a3a8b1; --line: #363a3f; --paper: #111113; --box: #18191b; --red: #ff9592; --tint: #2e1a1c; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; border-top: 4px solid var(--red); }
main { max-width: 64rem; margin: 0 auto; padding: 2.5rem 1.5rem 4rem; }
p { margin: 0; }
.status { color: var(--dim); font-size: .875rem; }
h1 { margin: .25rem 0 .75rem; font-size: 1.5rem; line-height: 1.3; color: var(--red); overflow-wrap: anywhere; }
h2 { margin: 0; font-size: 1rem; overflow-wrap: anywhere; }
dl { display: flex; flex-wrap: wrap; gap: .25rem 2rem; margin: 0 0 1.5rem; }
dl div { display: flex; gap: .5rem; min-width: 0; }
dt { color: var(--dim); }
dd { margin: 0; font-weight: 600; overflow-wrap: anywhere; }
pre { margin: 0; padding: 1rem 1.25rem; overflow-x: auto; font: 13px/1.7 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; tab-size: 2; }
section { margin: 0 0 1.5rem; background: var(--box); border: 1px solid var(--line); border-radius: 8px; overflow: hidden; }
section > h2, section > p { padding: .75rem 1.25rem; border-bottom: 1px solid var(--line); background: var(--tint); }
.far { color: var(--dim); }
.near { font-weight: 600; }
.note { color: var(--dim); font-size: .875rem; }
`);

export const developmentErrorPage = ({
  status,
  phrase,
  error,
  place,
  request,
  nonce,
}: DevelopmentError): Template => {
  const title = titleOf(error);
  const [headline = "", ...rest] = title.split("\n");
  const template = templateOf(error);
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${status} ${headline}</title>
<link rel="icon" href="data:,">
${raw(`<style${nonce === undefined ? "" : ` nonce="${nonce}"`}>${style.html}</style>`)}
</head>
<body>
<main>
<p class="status">${status} ${phrase}</p>
<h1>${headline}</h1>
<dl>
${place && html`<div><dt>View</dt><dd>${place}</dd></div>`}
${template && html`<div><dt>Template</dt><dd>${template}</dd></div>`}
<div><dt>Request</dt><dd>${request}</dd></div>
</dl>
${rest.some((line) => line.trim()) && html`<section><pre>${rest.join("\n").replace(/^\n+|\s+$/g, "")}</pre></section>`}
${stackOf(error)}
${causesOf(error).map((cause) => html`<section><h2>Caused by ${titleOf(cause)}</h2>${linesOf(cause)}</section>`)}
<p class="note">Shown in development only. With NODE_ENV=production this page says no more than “${status} ${phrase}”.</p>
</main>
</body>
</html>`;
};

const titleOf = (error: unknown): string =>
  (error instanceof Error ? `${error.name}: ${error.message}` : String(error)).slice(0, MOST_CHARACTERS);

/** The template that cannot be right, with the component whose it is: `src/shop.ts:41:12 (in Cart)`. */
const templateOf = (error: unknown): string | undefined =>
  [error, ...causesOf(error)].find((each): each is TemplateError => each instanceof TemplateError)?.place;

const stackOf = (error: unknown) => framesOf(error).length > 0 && html`<section>${linesOf(error)}</section>`;

function linesOf(error: unknown): Template {
  return html`<pre>${framesOf(error).map(
    (frame, index) => html`${index ? "\n" : ""}<span class=${isFar(frame) ? "far" : "near"}>${frame}</span>`,
  )}</pre>`;
}

/** Frames of the stack, without the message, which may be long. */
function framesOf(error: unknown): string[] {
  if (!(error instanceof Error && typeof error.stack === "string")) return [];
  const { stack, message } = error;
  const start = stack.indexOf(message);
  const frames = start < 0 ? stack : stack.slice(start + message.length);
  return frames
    .slice(0, MOST_CHARACTERS + frames.indexOf("\n    at "))
    .split("\n")
    .filter((line) => /^\s+(at|->) /.test(line))
    .map((line) => line.trim());
}

/** Code that is not the author's. */
const isFar = (frame: string) => /node:|node_modules|<anonymous>|overwire\/(server|client)\//.test(frame);

function causesOf(error: unknown): unknown[] {
  const causes: unknown[] = [];
  for (let at = error; at instanceof Error && at.cause !== undefined && causes.length < MOST_CAUSES; )
    causes.push((at = at.cause));
  return causes;
}
