/** The parts of a page that belong to an upload: its file input, and previews of the images that were chosen. */
import {
  ATTR_AUTO,
  ATTR_DONE,
  ATTR_ENTRIES,
  ATTR_FAILED,
  ATTR_PREVIEW,
  ATTR_PREVIEW_OF,
  ATTR_UPLOAD,
} from "@overwire/client/wire";
import { ownAttributes } from "../../template/attributes.ts";
import { ownHtml as html, type Template } from "../../template/html.ts";
import type { Upload, UploadEntry } from "./types.ts";

/** Attributes of an element. */
export interface UploadAttributes {
  readonly [attribute: string]: unknown;
}

/**
 * The file input of an upload, for a form with a `phx-submit`. With a `phx-change` the form also reports the
 * choice.
 * @param attributes any others of an input: `class`, `disabled`, `webkitdirectory`, `form`, …
 * @throws Error for an upload that is kept in no field
 * @example html`<form phx-change=${this.check} phx-submit=${this.save}>${liveFileInput(this.photos, { class: "file" })}</form>`
 */
export function liveFileInput<Meta extends object>(
  upload: Upload<Meta>,
  attributes: UploadAttributes = {},
): Template {
  const { entries } = upload;
  const own = ownAttributes({
    [ATTR_UPLOAD]: upload.ref,
    [ATTR_AUTO]: upload.autoUpload,
    [ATTR_ENTRIES]: refs(entries),
    [ATTR_DONE]: refs(entries.filter((entry) => entry.done)),
    [ATTR_FAILED]: refs(entries.filter((entry) => !entry.valid)),
  });
  return html`<input ...${{
    id: upload.ref,
    name: upload.name,
    accept: upload.accept,
    multiple: upload.maxEntries > 1,
    ...attributes,
    type: "file",
  }} ...${own} />`;
}

/**
 * Shows an image that was chosen, from the user's own machine: nothing has to be uploaded for it.
 * @param attributes any others of an `img`: `width`, `alt`, `class`, …
 * @example html`${this.photos.entries.map((entry) => liveImgPreview(entry, { width: 75 }))}`
 */
export function liveImgPreview(entry: UploadEntry, attributes: UploadAttributes = {}): Template {
  const own = ownAttributes({ [ATTR_PREVIEW]: entry.ref, [ATTR_PREVIEW_OF]: entry.upload });
  const id = `${entry.upload}-preview-${entry.ref}`;
  return html`<img ...${{ id, ...attributes }} ...${own} phx-update="ignore" />`;
}

const refs = (entries: readonly UploadEntry[]) => entries.map((entry) => entry.ref).join(",");
