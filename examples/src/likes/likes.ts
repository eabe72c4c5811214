/** Likes that show before they are saved: the heart at once, the number with the server's first word, and both go back if need be. */
import { html, JS, LiveView } from "@overwire/server";
import { z } from "zod";
import { liked, NotSaved, type Photo, photosNow, saveLike } from "./likes-store.ts";

const heart = html`<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M12 21C5 15 2 12 2 8a5 5 0 0 1 10-1 5 5 0 0 1 10 1c0 4-3 7-10 13z"></path></svg>`;

export class Likes extends LiveView {
  photos = photosNow();
  /** Photos that this user likes. */
  mine: readonly number[] = [];
  saving: number | undefined;
  failsNext = false;

  mount() {
    this.subscribe(liked, (photo) => this.replace(photo));
  }

  toggle = this.event(z.object({ id: z.number() }), async ({ id }) => {
    const photo = this.photos.find((photo) => photo.id === id);
    if (!photo) return;
    const likes = !this.mine.includes(id);
    const by = likes ? 1 : -1;
    const fails = this.failsNext;
    this.failsNext = false;
    this.clearFlash();
    try {
      const saved = await this.optimistic(
        () => {
          this.saving = id;
          this.mine = likes ? [...this.mine, id] : this.mine.filter((other) => other !== id);
          this.replace({ ...photo, likes: photo.likes + by });
        },
        () => saveLike(id, by, fails),
      );
      this.saving = undefined;
      this.publish(liked, saved);
    } catch (error) {
      // All fields are as before. What is not a failed save is a mistake of ours.
      if (!(error instanceof NotSaved)) throw error;
      this.putFlash("error", `“${photo.title}” could not be saved. Try again.`);
    }
  });

  /** For you to see what happens. */
  fail = this.event(() => {
    this.failsNext = !this.failsNext;
  });

  private replace(photo: Photo) {
    this.photos = this.photos.map((other) => (other.id === photo.id ? photo : other));
  }

  render() {
    const { error } = this.flash;
    return html`
      <div class="likes">
        ${
          error &&
          html`
            <p class="flash" role="alert">
              <span>${error}</span>
              <button class="quiet" phx-click="lv:clear-flash" phx-value-key="error" aria-label="Close this message">✕</button>
            </p>`
        }
        <ul>${this.photos.map((photo) => this.photo(photo))}</ul>
        <label class="switch"><input type="checkbox" checked=${this.failsNext} phx-click=${this.fail}> The next save fails</label>
      </div>`;
  }

  private photo({ id, title, picture, likes }: Photo) {
    const mine = this.mine.includes(id);
    // The page does not wait for the server to show the heart; it does take it back if the server says so.
    const toggle = JS.push(this.toggle({ id }), {
      optimistic: JS.toggleClass("liked").toggleAttribute("aria-pressed", "true", "false"),
    });
    return html`
      <li class="card photo">
        <svg class="scene" viewBox="0 0 24 14" aria-hidden="true"><path d=${picture}></path></svg>
        <strong>${title}</strong>
        <button id="like-${id}" class=${["heart", mine && "liked"]} aria-pressed=${String(mine)} aria-label="Like ${title}" phx-click=${toggle}>${heart}</button>
        <output>${likes} likes</output>
        <small>${this.saving === id && "Saving…"}</small>
      </li>`;
  }
}
