/** The form of a product's picture: the one that it has, the chosen one with its progress, and what is wrong with it. */
import { type EventHandle, html, liveFileInput, liveImgPreview, type Upload } from "@overwire/server";
import type { Product } from "../../database/schema.ts";
import { pictureOf } from "../catalogue/pictures.ts";

export interface PictureFormProps {
  readonly product: Product;
  readonly upload: Upload;
  readonly save: EventHandle;
  readonly cancel: (payload: { ref: string }) => unknown;
  readonly remove: EventHandle;
  /** Of the file before: a new one has its own. */
  readonly problem: string;
}

export const PictureForm = ({ product, upload, save, cancel, remove, problem }: PictureFormProps) => {
  const canUse = upload.entries.length > 0 && upload.entries.every(({ errors }) => errors.length === 0);
  return html`
  <section class="card" aria-label="Picture">
    <form id="picture" class="form" phx-submit=${save} phx-drop-target=${upload.ref}>
      <img class="picture" src=${pictureOf(product, "full")} alt="The picture now" width="200" height="200">
      <div class="field">
        <label for=${upload.ref}>New picture</label>
        ${liveFileInput(upload)}
        <p class="hint">JPEG, PNG or WebP of at most 8 MB. You may drop it here.</p>
      </div>
      ${upload.entries.map(
        (entry) => html`
          <div class="row chosen">
            ${liveImgPreview(entry, { width: 75, alt: "" })} <span>${entry.clientName}</span>
            <progress max="100" value=${entry.progress} aria-label="Progress of ${entry.clientName}"></progress>
            <button type="button" class="quiet" phx-click=${cancel({ ref: entry.ref })} aria-label="Do not use ${entry.clientName}">✕</button>
            ${entry.errors.map(({ message }) => html`<p class="problem" role="alert">${message}</p>`)}
          </div>`,
      )}
      ${problem && upload.entries.length === 0 && html`<p class="problem" role="alert">${problem}</p>`}
      <div class="row">
        <button class="primary" disabled=${!canUse}>Use this picture</button>
        ${product.picture && html`<button type="button" phx-click=${remove}>Back to the drawing</button>`}
      </div>
    </form>
  </section>`;
};
