import { openTab } from "@overwire/test-support/upload-tab";
import { expect, test } from "vitest";
import { html } from "../../template/html.ts";
import { LiveView } from "../live-view.ts";
import { liveFileInput, liveImgPreview } from "./file-input.ts";

class Page extends LiveView {
  photos = this.allowUpload({ accept: ["image/*", ".pdf"], maxEntries: 2, maxFileSize: 100 });
  draft = this.allowUpload({ accept: "any", autoUpload: true });
  isOff = true;
  toggle = this.event(() => {
    this.isOff = !this.isOff;
  });
  render() {
    return html`<form id="f"></form>
      ${liveFileInput(this.photos, { disabled: this.isOff, class: { off: this.isOff }, form: "f" })}
      ${liveFileInput(this.draft, { webkitdirectory: true, accept: ".txt" })}
      ${this.photos.entries.map((entry) => liveImgPreview(entry, { width: 75, alt: entry.clientName }))}`;
  }
}

test("a file input says all that the client has to know of its upload", async () => {
  const tab = await openTab(Page);
  const { photos, draft } = tab.view;
  expect(photos.ref).toMatch(/^[a-z]/);
  expect(photos.ref).not.toBe(draft.ref);
  expect(tab.page).toContain(
    `<input id="${photos.ref}" name="photos" accept="image/*,.pdf" multiple disabled class="off" form="f" type="file" ` +
      `data-ow-upload="${photos.ref}" data-ow-entries="" data-ow-done="" data-ow-failed="">`,
  );
  expect(tab.page).toContain(
    `<input id="${draft.ref}" name="draft" accept=".txt" webkitdirectory type="file" ` +
      `data-ow-upload="${draft.ref}" data-ow-auto data-ow-entries="" data-ow-done="" data-ow-failed="">`,
  );
});

test("and of its entries, and images show what was chosen", async () => {
  const tab = await openTab(Page);
  const { photos } = tab.view;
  await tab.event("toggle");
  await tab.choose(
    photos,
    { ref: "1", type: "image/png", size: 3 },
    { ref: "2", type: "image/png", size: 101 },
  );
  expect(tab.page).toContain('data-ow-entries="1,2" data-ow-done="" data-ow-failed="2"');
  expect(tab.page).toContain(
    `<img id="${photos.ref}-preview-1" width="75" alt="1.txt" data-ow-preview="1" data-ow-of="${photos.ref}" phx-update="ignore">`,
  );
  photos.cancel("2");
  await tab.upload(photos, "1", "abc");
  expect(tab.page).toContain('data-ow-entries="1" data-ow-done="1" data-ow-failed=""');
});

test("its attributes follow the view", async () => {
  const tab = await openTab(Page);
  expect(tab.page).toContain('disabled class="off"');
  await tab.event("toggle");
  expect(tab.page).not.toContain("disabled");
  await tab.event("toggle");
  expect(tab.page).toContain('disabled class="off"');
});

test("an upload that is kept in no field of the view says so when it is shown", async () => {
  class Lost extends LiveView {
    #hidden = this.allowUpload({ accept: "any" });
    named = this.allowUpload({ accept: "any", name: "other" });
    isShown = false;
    show = this.event(() => {
      this.isShown = true;
    });
    render() {
      return html`<p>${this.named.name}${this.isShown && liveFileInput(this.#hidden)}</p>`;
    }
  }
  const tab = await openTab(Lost);
  expect(tab.page).toBe("<p>other</p>");
  await tab.event("show");
  expect(tab.ended).toBe("crashed");
  expect(String(tab.reports.at(-1)?.error)).toContain(
    "keep what this.allowUpload(…) returns in a public field",
  );
});
