/**
 * An album: users drop photos in, see them arrive, and delete them again. All who have the page open see the
 * same ones.
 */
import { each, html, LiveView, liveFileInput, liveImgPreview, type UploadEntry } from "@overwire/server";
import { z } from "zod";
import { photoStore } from "./photo-store.ts";
import {
  added,
  addPhoto,
  allPhotos,
  findPhoto,
  forgetPhoto,
  KEPT,
  type Photo,
  photosLearned,
  photoTypes,
  removed,
} from "./photos.ts";

const MEGABYTE = 1_000_000;
const MOST = 5;
const LARGEST = 4 * MEGABYTE;

export class Album extends LiveView {
  photos = this.stream<Photo>();

  chosen = this.allowUpload<object>({
    accept: photoTypes,
    maxEntries: MOST,
    maxFileSize: LARGEST,
    // The type goes into a header as it is.
    validator: ({ clientType }) => (photoTypes.includes(clientType) ? undefined : "This is not a photo."),
    external: photoStore.external,
  });

  mount() {
    this.photos.reset(allPhotos());
    this.subscribe(added, (photo) => this.photos.insert(photo, { at: 0, limit: KEPT }));
    this.subscribe(removed, (photo) => this.photos.delete(photo));
    this.subscribe(photosLearned, () => this.photos.reset(allPhotos()));
  }

  /** Nothing to be done: what was chosen has been checked when it comes. */
  choose = this.event(() => {});

  cancel = this.event(z.object({ ref: z.string() }), ({ ref }) => {
    if (this.chosen.entries.some((entry) => entry.ref === ref)) this.chosen.cancel(ref);
  });

  /** Comes when all files are there. */
  add = this.event(async () => {
    this.clearFlash();
    await this.chosen.consume(async (meta, { uuid, clientName, clientType, clientSize }) => {
      const photo = { id: uuid, name: clientName, type: clientType, size: clientSize };
      if (!(await photoStore.keep(photo, meta))) {
        this.putFlash("error", `“${photo.name}” has not arrived. Add it again.`);
        return;
      }
      const gone = addPhoto(photo);
      this.publish(added, photo);
      for (const photo of gone) await this.takeAway(photo);
    });
  });

  remove = this.event(z.object({ id: z.string() }), async ({ id }) => {
    const photo = findPhoto(id);
    if (photo && forgetPhoto(photo)) await this.takeAway(photo);
  });

  private async takeAway(photo: Photo) {
    this.publish(removed, photo);
    await photoStore.remove(photo);
  }

  render() {
    const { entries, errors, ref } = this.chosen;
    const { error } = this.flash;
    const problems = errors.length > 0 || entries.some((entry) => !entry.valid);
    return html`
      <div class="album">
        <form id="new-photos" class="card" phx-change=${this.choose} phx-submit=${this.add} phx-drop-target=${ref}>
          <div class="drop">
            <label for=${ref}>Drop photos here, or choose some</label>
            ${liveFileInput(this.chosen)}
            <small>Up to ${MOST} at a time, ${LARGEST / MEGABYTE} MB each</small>
          </div>
          ${errors.map(({ message }) => html`<p class="problem" role="alert">${message}</p>`)}
          ${error && html`<p class="problem" role="alert">${error}</p>`}
          ${
            entries.length > 0 &&
            html`
              <ul class="entries" aria-label="Chosen photos">${each(
                entries,
                (entry) => entry.ref,
                (entry) => this.entry(entry),
              )}</ul>
              <button class="primary" disabled=${problems}>Add ${entries.length === 1 ? "this photo" : `these ${entries.length} photos`}</button>`
          }
        </form>
        <ul id="photos" class="photos" phx-update="stream" aria-label="Photos">
          <li id="no-photos" class="empty">Nothing here yet.</li>
          ${this.photos.each((id, photo) => this.photo(id, photo))}
        </ul>
        <p class="hint">Everybody who has this page open sees these photos. No more than ${KEPT} are kept; the oldest go.</p>
      </div>`;
  }

  private entry(entry: UploadEntry) {
    const { ref, clientName, progress, errors, valid } = entry;
    return html`
      <li>
        ${valid ? liveImgPreview(entry, { alt: "" }) : html`<span></span>`}
        <div>
          ${clientName}
          ${valid && html`<progress max="100" value=${progress} aria-label="Upload of ${clientName}"></progress>`}
          ${errors.map(({ message }) => html`<p class="problem" role="alert">${message}</p>`)}
        </div>
        <button type="button" class="quiet" phx-click=${this.cancel({ ref })} aria-label="Do not add ${clientName}">✕</button>
      </li>`;
  }

  private photo(id: string, photo: Photo) {
    return html`
      <li id=${id} class="card">
        <img src="/album/photos/${photo.id}" alt=${photo.name} loading="lazy">
        <span class="name">${photo.name}</span>
        <button class="quiet" phx-click=${this.remove({ id: photo.id })} aria-label="Delete ${photo.name}">✕</button>
      </li>`;
  }
}
