/** The frame around the pages of the desk: its own navigation, which shows what the user's role may do. */
import { type Child, html, Link, type LiveView } from "@overwire/server";
import "../shared/context.ts";
import { Flashes } from "../shared/frame.ts";

/** Renders a page of the desk. `render() { return deskFrame(this, html`…`); }` */
export const deskFrame = (view: LiveView, content: Child) => html`
  <a class="skip" href="#content">Skip to the content</a>
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

const links = ({ context: { user } }: LiveView): readonly (readonly [path: string, text: string])[] => [
  ["/desk", "Dashboard"],
  ["/desk/orders", "Orders"],
  ["/desk/products", "Products"],
  ...(user?.role === "admin"
    ? ([
        ["/desk/users", "Users"],
        ["/desk/audit", "Audit log"],
        ["/desk/flags", "Flags"],
      ] as const)
    : []),
];
