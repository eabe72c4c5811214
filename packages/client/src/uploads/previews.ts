/** Images of files that have not been uploaded yet. */
import { findAll, invoke } from "../dom/native.ts";
import { ATTR_PREVIEW, ATTR_PREVIEW_OF } from "../wire/constants.ts";
import type { FileTracker } from "./file-tracker.ts";

/** @returns is to be called after each change of the page */
export function createPreviews(win: Window & typeof globalThis, tracking: FileTracker): () => void {
  const urls = new Map<HTMLImageElement, { readonly url: string; readonly key: string }>();
  const keyOf = (img: Element) =>
    `${invoke(img, "getAttribute", ATTR_PREVIEW_OF)} ${invoke(img, "getAttribute", ATTR_PREVIEW)}`;

  return () => {
    for (const [img, { url, key }] of urls) {
      if (img.isConnected && keyOf(img) === key) continue;
      urls.delete(img);
      win.URL.revokeObjectURL(url);
    }
    const files = new Map<string, File>();
    for (const { upload, files: tracked } of tracking.all)
      for (const { ref, file } of tracked) files.set(`${upload} ${ref}`, file);
    if (!files.size) return;
    for (const img of findAll<HTMLImageElement>(win.document, `img[${ATTR_PREVIEW}]`)) {
      const key = keyOf(img);
      const file = files.get(key);
      if (!file || urls.has(img)) continue;
      const url = win.URL.createObjectURL(file);
      urls.set(img, { url, key });
      img.src = url;
    }
  };
}
