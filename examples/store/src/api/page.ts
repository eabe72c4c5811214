/** The page of the API at `/api`, made of its document: operations with their parameters, bodies, answers and a line for curl. */
import { html, Link, LiveView, type OverwireApp } from "@overwire/server";
import { stylesheet } from "../web/shared/assets.ts";
import { frame } from "../web/shared/frame.ts";
import { API_PATH, type Document } from "./document.ts";
import { type Answer, type Operation, operationsOf, type Part } from "./operations.ts";

export const apiStyle = stylesheet("../api/page.css");

export function apiPage(app: OverwireApp, document: Document): void {
  class ApiPage extends LiveView<"/api"> {
    render() {
      return frame(this, reference(document, this.context.store.services.url));
    }
  }
  app.live("/api", ApiPage, { title: "API" });
}

function reference(document: Document, url: string) {
  const operations = operationsOf(document, url + API_PATH);
  const tags = [...new Set(operations.map(({ tag }) => tag))];
  return html`<div class="api stack">
    <h1>API</h1>
    <p>${document.info.description} A request has a token of a user: <code>authorization: Bearer ows_…</code>. You make
      one at <${Link} navigate="/account/tokens">API tokens<//>. Programs read this page as an
      <a href=${`${API_PATH}/openapi.json`}>OpenAPI document</a>.</p>
    <nav aria-label="Operations" class="card">
      <ul>${operations.map(
        ({ id, method, path, summary }) =>
          html`<li><a href=${`#${id}`}><${Method} of=${method} /> <code>${path}</code></a> ${summary}</li>`,
      )}</ul>
    </nav>
    ${tags.map(
      (tag) => html`<section class="stack" aria-labelledby=${tag}>
        <h2 id=${tag}>${tag}</h2>
        ${operations.filter((each) => each.tag === tag).map(article)}
      </section>`,
    )}
  </div>`;
}

/** Code stands between backticks. */
const prose = (text: string) =>
  text.split("`").map((part, at) => (at % 2 ? html`<code>${part}</code>` : part));

const Method = ({ of }: { readonly of: string }) => html`<b class=${`method ${of.toLowerCase()}`}>${of}</b>`;

const article = ({
  id,
  method,
  path,
  summary,
  description,
  parameters,
  body,
  answers,
  curl,
}: Operation) => html`
  <article class="card stack" id=${id} aria-labelledby=${`${id}-title`}>
    <h3 id=${`${id}-title`}>${summary}</h3>
    <p><${Method} of=${method} /> <code>${API_PATH}${path}</code></p>
    ${description && html`<p>${prose(description)}</p>`}
    ${parameters.length > 0 && table("Parameters", summary, parameters)}
    ${body && table("Body, JSON", summary, body)}
    <h4>Example</h4>
    <pre class="curl" tabindex="0" aria-label=${`Example: ${summary}`}><code>${curl}</code></pre>
    <h4>Answers</h4>
    <ul class="answers">${answers.map(answer)}</ul>
  </article>`;

const answer = ({ status, description, example }: Answer) => html`<li>
  <span class=${`badge ${status < "300" ? "good" : "warn"}`}>${status}</span> ${prose(description)}
  ${example && html`<pre tabindex="0" aria-label=${`Example of an answer ${status}`}><code>${example}</code></pre>`}
</li>`;

const table = (
  title: string,
  summary: string,
  parts: readonly Part[],
) => html`<div class="scroller" tabindex="0" role="region" aria-label=${`${title}: ${summary}`}>
  <table>
    <caption>${title}</caption>
    <thead><tr><th>Name</th><th>Type</th><th>Meaning</th></tr></thead>
    <tbody>${parts.map(
      ({ name, type, isRequired, meaning }) => html`<tr>
        <td><code>${name}</code> ${isRequired && html`<span class="badge">required</span>`}</td>
        <td>${type}</td>
        <td>${prose(meaning)}</td>
      </tr>`,
    )}</tbody>
  </table>
</div>`;
