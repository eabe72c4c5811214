/** A menu behind a button, made of commands: selectors say what is open and where the focus is. */
import { type Child, html, JS, type JSCommands } from "@overwire/server";

interface MenuProps {
  /** The button's. */
  readonly id: string;
  readonly label: string;
  readonly items: readonly { readonly label: Child; readonly run: JSCommands }[];
}

/** Target of each key from the item that has the focus; from the last one it goes on with the first. */
const leads = (list: string): Readonly<Record<string, string>> => ({
  ArrowDown: `${list} > :has(:focus) + li > button, ${list}:has(> :last-child > :focus) > :first-child > button`,
  ArrowUp: `${list} > :has(+ li > :focus) > button, ${list}:has(> :first-child > :focus) > :last-child > button`,
  Home: `${list}:has(:focus) > :first-child > button`,
  End: `${list}:has(:focus) > :last-child > button`,
});

export const Menu = ({ id, label, items }: MenuProps) => {
  const list = `#${id}-items`;
  const button = `#${id}`;
  const opened = `${button}[aria-expanded=true]`;
  const toggle = JS.toggle({ to: list, in: ["fading", "faded", ""], time: 100 })
    .toggleAttribute("aria-expanded", "true", "false", { to: button })
    .focusFirst(list);
  const close = JS.exec("data-close", { to: opened });
  // Back to the button first: Tab goes on from there.
  const leave = JS.focus(opened).concat(close);
  return html`
    <div class="menu" phx-click-away=${close}>
      <button id=${id} aria-haspopup="menu" aria-expanded="false" aria-controls="${id}-items" aria-label=${label}
        phx-click=${toggle} data-close=${JS.hide(list).setAttribute("aria-expanded", "false")}>⋯</button>
      <ul id="${id}-items" class="card" role="menu" aria-labelledby=${id} hidden>
        ${items.map(
          ({ label, run }) => html`
            <li role="none"><button role="menuitem" tabindex="-1" phx-click=${JS.focus(button).concat(close, run)}>${label}</button></li>`,
        )}
      </ul>
      ${Object.entries(leads(list)).map(
        ([key, to]) => html`<i hidden phx-window-keydown=${JS.focus(to)} phx-key=${key}></i>`,
      )}
      ${["Escape", "Tab"].map((key) => html`<i hidden phx-window-keydown=${leave} phx-key=${key}></i>`)}
    </div>`;
};
