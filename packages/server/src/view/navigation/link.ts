/** Links: to another page over the same socket, to another URL of the same view, or anywhere. */
import { ATTR_LINK, ATTR_REPLACE } from "@overwire/client/wire";
import { ownAttributes } from "../../template/attributes.ts";
import { type Child, ownHtml as html, type Template } from "../../template/html.ts";
import { reportUnsafe } from "../../template/urls.ts";
import { checkExternal, checkPath, isExternal } from "./navigation.ts";

/** Props of {@link Link}; any other attribute of an `a` element too. */
export interface LinkProps {
  /** Another view of the live session. Takes precedence over the other two. */
  readonly navigate?: string | undefined;
  /** The same view with other params, as its `handleParams` gets them. */
  readonly patch?: string | undefined;
  /** A page to be loaded; without it, and without the other two, `#`. */
  readonly href?: string | URL | null | undefined;
  /** Takes the place of the current entry of the browser's history. */
  readonly replace?: boolean | undefined;
  readonly children?: Child;
  readonly [attribute: string]: unknown;
}

/**
 * A link. Its `href` is left out if it could run a script or has an unknown scheme.
 * @throws TypeError for a `navigate` or `patch` that would be refused as a redirect as well
 * @example html`<${Link} patch=${path("/posts/:id", { id }, { page: 2 })} class="next">Next page<//>`
 */
export function Link({ navigate, patch, href, replace, children, ...rest }: LinkProps): Template {
  const kind = navigate != null ? "navigate" : patch != null ? "patch" : undefined;
  const to = kind ? live(navigate ?? patch, kind) : anywhere(href);
  // Stands last, so that no other spelling of its name in `rest` can take its place.
  const own = ownAttributes({ href: to, ...(kind && { [ATTR_LINK]: kind, [ATTR_REPLACE]: !!replace }) });
  return html`<a href=${to} ...${rest} ...${own}>${children}</a>`;
}

/** A path of this app, another query of this page, or a URL of the host that only the browser knows. */
function live(to: unknown, kind: string): string {
  const what = `<Link ${kind}>`;
  const url = String(to);
  if (/^https?:/.test(url)) return checkExternal(url, what);
  if (url.startsWith("?")) checkPath(`/${url}`, what);
  else checkPath(url, what);
  return url;
}

function anywhere(href: LinkProps["href"]): string | undefined {
  if (href === null || href === undefined || href === "") return "#";
  const url = String(href);
  // A URL without a scheme stays on the web.
  const [scheme] = /^[^:/?#]*:/.exec(url) ?? [];
  if (scheme === undefined || isExternal(scheme.toLowerCase() + url.slice(scheme.length))) return url;
  reportUnsafe("<Link href>", url);
  return undefined;
}
