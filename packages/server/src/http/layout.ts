/** The layout around a view in its page. */
import type { Template } from "../template/html.ts";
import { ownHtml as html } from "../template/html.ts";
import type { Raw } from "../template/raw.ts";
import type { Nonce } from "./response-headers.ts";

/** Props of a layout. */
export interface LayoutProps {
  /** The view: put it into the body, exactly once. */
  readonly children: Raw;
  /** Tags of the client: put them into the head. */
  readonly head: Raw;
  /** The view's `pageTitle`, or the title of its route. */
  readonly title: string | undefined;
  /** The page's URL. */
  readonly url: URL;
  /** Name of the view's class. */
  readonly view: string;
  /** For inline scripts and styles, which the page's policy blocks without it: `<script nonce=${nonce}>`. */
  readonly nonce: Nonce;
}

/**
 * A function component that makes a page of a view. It is rendered once, for the first paint.
 * @example
 * const layout: Layout = ({ children, head, title }) => html`<!doctype html>
 *   <html lang="en"><head><title>${title}</title>${head}</head><body>${children}</body></html>`;
 */
export type Layout = (props: LayoutProps) => Template;

/** A page with nothing but the view. */
export const defaultLayout: Layout = ({ children, head, title }) => html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title ?? ""}</title>
${head}
</head>
<body>${children}</body>
</html>`;
