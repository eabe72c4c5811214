/** The views that take files: into temporary files, as views do that say nothing else, or nowhere. */
import { html, LiveView, liveFileInput, type Upload, type UploadOptions } from "@overwire/server";

const settings = { accept: "any", maxFileSize: 1_000_000_000, autoUpload: true } satisfies UploadOptions;

/** A counter beside the file input, as events and files go over the same socket. */
abstract class Receiving extends LiveView {
  abstract files: Upload<object>;
  count = 0;
  inc = this.event(() => {
    this.count++;
  });
  choose = this.event(() => {});

  render() {
    return html`
      <h1>Count: ${this.count}</h1>
      <button phx-click=${this.inc}>+</button>
      <form id="files" phx-change=${this.choose}>
        ${liveFileInput(this.files)}
        ${this.files.entries.map((entry) => html`<progress max="100" value=${entry.progress}></progress>`)}
      </form>`;
  }
}

export class Kept extends Receiving {
  override files: Upload<object> = this.allowUpload(settings);
}

export class Discarded extends Receiving {
  override files: Upload<object> = this.allowUpload<object>({
    ...settings,
    writer: () => ({ meta: {}, write() {}, close() {} }),
  });
}
