/** The frame around the pages of the desk: its own navigation, which shows what the user's role may do. */
import { type Child, html, Link, type LiveView } from "@overwire/server";
import { mayAdminister } from "../../accounts/roles.ts";
import "../shared/context.ts";
import { Flashes, Notice } from "../shared/frame.ts";

/** Renders a page of the desk. `render() { return deskFrame(this, html`…`); }` */
export const deskFrame = (view: LiveView, content: Child) => html`
  <a class="skip" href="#content">Skip to the content</a>
  <${Notice} flags=${view.context.flags} />
  <header class="site desk-header">
    <${Link} class="brand" navigate="/desk">Desk<//>
    <nav aria-label="Desk">${links(view).map(([path, text]) => {
      const current = path === "/desk" ? view.url.pathname === path : view.url.pathname.startsWith(path);
      return html`<${Link} navigate=${path} aria-current=${current && "page"}>${text}<//>`;
    })}</nav>
    <a href="/">Store</a>
  </header>
  <main id="content" tabindex="-1">
    <${Flashes} flash=${view.flash} />
    ${content}
  </main>`;

/** A moderator looks after products and orders, and sees what they did themselves. */
const links = ({ context: { user } }: LiveView): readonly (readonly [path: string, text: string])[] => {
  const isAdmin = user !== undefined && mayAdminister(user);
  return [
    ["/desk", "Dashboard"],
    ["/desk/orders", "Orders"],
    ["/desk/products", "Products"],
    ...(isAdmin ? ([["/desk/users", "Users"]] as const) : []),
    ["/desk/audit", "Audit log"],
    ...(isAdmin ? ([["/desk/flags", "Flags"]] as const) : []),
  ];
};
