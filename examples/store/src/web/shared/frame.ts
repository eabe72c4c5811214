/** The frame around the content of every page: the header with its menu, messages, the footer. */
import { type Child, html, Link, type LiveView } from "@overwire/server";
import type { FlagStates } from "../../desk/flags.ts";
import { CartBadge } from "../cart/badge.ts";
import "./context.ts";

/** Renders a view's content in the frame. `render() { return frame(this, html`…`); }` */
export const frame = (view: LiveView, content: Child) => html`
  <a class="skip" href="#content">Skip to the content</a>
  <${Notice} flags=${view.context.flags} />
  <header class="site">
    <${Link} class="brand" navigate="/"><span>Overwire </span>Store<//>
    <nav aria-label="Store">
      ${links(view).map(([path, text]) => {
        const current = view.url.pathname === path;
        return html`
          <${Link} navigate=${path} class=${path === "/account" && "name"} aria-current=${current && "page"}>
            <span>${text}</span> ${path === "/cart" && html`<${CartBadge} id="cart-badge" sticky />`}
          <//>`;
      })}
    </nav>
  </header>
  <main id="content" tabindex="-1">
    <${Flashes} flash=${view.flash} />
    ${content}
  </main>
  <footer class="site"><p>A store made with Overwire. Nothing here is really for sale.</p></footer>`;

const links = ({ context: { user } }: LiveView): readonly (readonly [path: string, text: string])[] => [
  ["/cart", "Cart"],
  ...(user ? ([["/orders", "Orders"]] as const) : []),
  ...(user ? ([["/account", user.name]] as const) : ([["/login", "Log in"]] as const)),
  ...(user && user.role !== "customer" ? ([["/desk", "Desk"]] as const) : []),
];

/** A banner that admins put on all pages. */
export const Notice = ({ flags }: { readonly flags: FlagStates }) =>
  flags.maintenance_banner &&
  html`<p class="notice" role="status">The store will be closed for a short time soon. Please finish your order.</p>`;

/** Messages that are shown once. */
export const Flashes = ({ flash: { info, error } }: { readonly flash: LiveView["flash"] }) => html`
  ${info && html`<p class="flash" role="status">${info} <${Dismiss} kind="info" /></p>`}
  ${error && html`<p class="flash error" role="alert">${error} <${Dismiss} kind="error" /></p>`}`;

const Dismiss = ({ kind }: { readonly kind: string }) =>
  html`<button class="quiet" phx-click="lv:clear-flash" phx-value-key=${kind} aria-label="Dismiss">×</button>`;
