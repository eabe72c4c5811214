/** The frame of a user's own pages: their navigation beside the content. */
import { type Child, html, Link, type LiveView } from "@overwire/server";
import { CONNECTIONS } from "../oauth/tokens.ts";
import { frame } from "../shared/frame.ts";

const links = ({ context: { store } }: LiveView): readonly (readonly [path: string, text: string])[] => [
  ["/account", "Account"],
  ["/account/security", "Security"],
  ...(store.identities.providers.length > 0 ? ([[CONNECTIONS, "Connections"]] as const) : []),
  ["/account/tokens", "API tokens"],
  ["/orders", "Orders"],
];

/** Renders a page of a user's account. `render() { return accountFrame(this, html`…`); }` */
export const accountFrame = (view: LiveView, content: Child) =>
  frame(
    view,
    html`<div class="account">
      <nav aria-label="Account">${links(view).map(([path, text]) => {
        const current = view.url.pathname === path;
        return html`<${Link} navigate=${path} aria-current=${current && "page"}>${text}<//>`;
      })}</nav>
      <div class="stack">${content}</div>
    </div>`,
  );

/** One column in the middle, for pages outside of an account. */
export const narrow = (view: LiveView, content: Child) =>
  frame(view, html`<section class="narrow card stack">${content}</section>`);

/** In place of a form whose link does not count. */
export const SpentLink = ({ again }: { readonly again: string }) => html`
  <h1>This link does not count any more</h1>
  <p>Links work once, and for a short time.</p>
  <p><${Link} class="button" navigate=${again}>Ask for another one<//></p>`;

/** Problems of a form as a whole. */
export const Problems = ({ errors }: { readonly errors: readonly string[] }) =>
  html`${errors.map((error) => html`<p class="problem" role="alert">${error}</p>`)}`;
