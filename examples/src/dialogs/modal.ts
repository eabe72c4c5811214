/** A modal dialog made of commands: opening, closing and the keyboard need no script of the page and no server. */
import { type Child, html, JS, type JSCommands } from "@overwire/server";

const time = 150;

/** @param opener gets the focus back; without it, the element that the command stands on */
export const openModal = (id: string, opener?: string): JSCommands =>
  JS.pushFocus(opener)
    .setAttribute("data-open", "", { to: `#${id}` })
    .show({ to: `#${id}`, display: "grid", transition: ["fading", "faded", ""], time })
    .focusFirst(`#${id}-dialog`);

/** If the selector finds nothing, nothing happens. */
export const closeModal = (id: string): JSCommands => JS.exec("data-close", { to: `#${id}[data-open]` });

interface ModalProps {
  readonly id: string;
  readonly title: string;
  readonly children?: Child;
}

export const Modal = ({ id, title, children }: ModalProps) => {
  const closing = JS.removeAttribute("data-open")
    .hide({ transition: ["fading", "", "faded"], time })
    .popFocus();
  // Tabbing out at one end comes in at the other.
  return html`
    <div id=${id} class="modal" hidden data-close=${closing} phx-window-keydown=${closeModal(id)} phx-key="Escape">
      <span tabindex="0" aria-hidden="true" phx-focus=${JS.focus(`#${id}-close`)}></span>
      <div id="${id}-dialog" class="card" role="dialog" aria-modal="true" aria-labelledby="${id}-title" tabindex="-1"
        phx-click-away=${closeModal(id)}>
        <h2 id="${id}-title">${title}</h2>
        ${children}
        <button id="${id}-close" type="button" class="quiet" phx-click=${closeModal(id)} aria-label="Close">✕</button>
      </div>
      <span tabindex="0" aria-hidden="true" phx-focus=${JS.focusFirst(`#${id}-dialog`)}></span>
    </div>`;
};
