/** Portals: parts of a view that are shown elsewhere in the page, such as dialogs, menus and tooltips. */
import { ATTR_PORTAL } from "@overwire/client/wire";
import { ownAttributes } from "../../template/attributes.ts";
import { type Child, ownHtml as html, type Template } from "../../template/html.ts";

/** Props of {@link Portal}; any other attribute of a `div` too. */
export interface PortalProps {
  /** Id of the element that holds the children, unique in the page. */
  readonly id: string;
  /** Selector of the element in which the client shows it. */
  readonly target: string;
  readonly children?: Child;
  readonly [attribute: string]: unknown;
}

/**
 * Shows its children in another place of the page, outside of ancestors that clip or cover them. They stay a
 * part of the view: patched, with events and hooks. Until the client has moved them they are hidden.
 * @throws TypeError without an id or a target
 * @example html`<${Portal} id="confirm" target="body"><dialog open>…</dialog><//>`
 */
export function Portal({ id, target, children, ...rest }: PortalProps): Template {
  for (const [name, value] of Object.entries({ id, target })) {
    if (typeof value !== "string" || !value)
      throw new TypeError(
        `<Portal> needs ${name === "id" ? "an id" : "a target, a selector"}: <\${Portal} id="…" target="#modals">`,
      );
  }
  const own = ownAttributes({ [ATTR_PORTAL]: target });
  return html`<div ...${{ ...rest, id }} ...${own} hidden>${children}</div>`;
}
