/** Files that go elsewhere than to the app: nothing is sent anywhere, unless the test brings uploaders of its own. */
import type { UploadEntry as Bound } from "@overwire/client";
import { html, LiveView, liveFileInput, type UploadEntry } from "@overwire/server";
import { describe, expect, test, vi } from "vitest";
import { live, UploadError } from "../index.ts";

const files = ["good.png", "bad.png"].map((name) => ({ name, content: "x".repeat(100) }));
const prepare = (entry: UploadEntry) => {
  if (entry.clientName === "bad.png") throw new Error("bad name");
  return { uploader: "Bucket", url: `https://bucket.example/${entry.clientName}` };
};

class Album extends LiveView {
  asked: string[] = [];
  files = this.allowUpload({ accept: "any", maxEntries: 2, external: (entry) => this.prepare(entry) });
  prepare(entry: UploadEntry) {
    this.asked.push(entry.clientName);
    return prepare(entry);
  }
  check = this.event(() => {});
  cancel = this.event(({ ref }) => this.files.cancel(String(ref)));
  stored: string[] = [];
  save = this.event(async () => {
    this.stored = await this.files.consume(({ url }) => url);
  });
  render() {
    return html`<form id="form" phx-change=${this.check} phx-submit=${this.save}>${liveFileInput(this.files)}
      ${this.files.entries.map(
        (
          entry,
        ) => html`<p>${entry.clientName} ${entry.progress}% ${entry.errors.map(({ code, message }) => `${code}: ${message}`)}</p>
          <button type="button" phx-click=${this.cancel({ ref: entry.ref })}>${entry.clientName}</button>`,
      )}</form>`;
  }
}
class Fine extends Album {
  override prepare(entry: UploadEntry) {
    this.asked.push(entry.clientName);
    return { uploader: "Bucket", url: `https://bucket.example/${entry.clientName}` };
  }
}
class Auto extends Fine {
  override files = this.allowUpload({
    accept: "any",
    maxEntries: 2,
    maxFileSize: 200,
    autoUpload: true,
    external: (entry) => {
      this.asked.push(entry.clientName);
      return prepare(entry);
    },
  });
}

const lines = (view: { readonly container: HTMLElement }) =>
  [...view.container.querySelectorAll("p")].map((line) => line.textContent?.trim());
const failure = async (work: Promise<unknown>) => {
  const error = await work.catch((error: unknown) => error);
  expect(error).toBeInstanceOf(UploadError);
  return error as UploadError;
};

describe("without an uploader", () => {
  test("a file is as far as the test lets it go", async () => {
    const view = await live(Fine);
    const input = view.fileInput("input", files);
    expect(await input.upload("good.png", 20)).toContain("good.png 20%");
    expect(await input.upload("good.png", 25)).toContain("good.png 45%");
    expect(view.instance.asked).toContain("good.png");
    await input.upload("good.png");
    await input.upload("bad.png");
    expect(lines(view)).toEqual(["good.png 100%", "bad.png 100%"]);
    await view.form("form").submit();
    expect(view.instance.stored).toEqual([
      "https://bucket.example/good.png",
      "https://bucket.example/bad.png",
    ]);
  });

  test("a submit lets it go to the end", async () => {
    const view = await live(Fine);
    await view.fileInput("input", files).upload("good.png", 1);
    await view.form("form").submit();
    expect(view.instance.stored).toHaveLength(2);
  });

  test("an error of the view for one file holds all of them back", async () => {
    const view = await live(Album);
    const error = await failure(view.fileInput("input", files).upload("bad.png"));
    expect(error.codes).toEqual(["external_metadata_failure"]);
    expect(lines(view)).toEqual(["good.png 0%", "bad.png 0% external_metadata_failure: bad name"]);
  });

  test("but not of those that are uploaded on their own", async () => {
    const view = await live(Auto);
    const input = view.fileInput("input", files);
    expect(await input.upload("good.png", 1)).toContain("good.png 1%");
    expect((await failure(input.upload("bad.png"))).codes).toEqual(["external_metadata_failure"]);
    expect(lines(view)).toEqual(["good.png 1%", "bad.png 0% external_metadata_failure: bad name"]);
  });

  test("a file that is too large is not asked about", async () => {
    const view = await live(Auto);
    const large = { name: "large.png", content: "x".repeat(201) };
    expect((await failure(view.fileInput("input", [large]).upload("large.png"))).codes).toEqual([
      "too_large",
    ]);
    expect(view.instance.asked).toEqual([]);
  });
});

describe("with uploaders of the test", () => {
  test("they are given the files, and settled waits for them", async () => {
    const sent: string[] = [];
    const Bucket = async (entries: readonly Bound[]) => {
      for (const { file, meta, progress } of entries) {
        await new Promise((next) => setImmediate(next));
        progress(50);
        sent.push(`${meta.url}: ${(await file.text()).length}`);
        progress(100);
      }
    };
    const view = await live(Fine, { uploaders: { Bucket } });
    await view.fileInput("input", files).upload("good.png");
    expect(lines(view)[0]).toBe("good.png 100%");
    expect(sent).toContain("https://bucket.example/good.png: 100");
    await view.form("form").submit();
    expect(view.instance.stored).toHaveLength(2);
  });

  test("their progress is shown as far as the test lets the file go", async () => {
    const view = await live(Fine, {
      uploaders: { Bucket: (entries) => entries.forEach((entry) => void entry.progress(100)) },
    });
    expect(await view.fileInput("input", files).upload("good.png", 60)).toContain("good.png 0%");
    expect(lines(view)).toEqual(["good.png 0%", "bad.png 0%"]);
  });

  test("their failure fails the upload", async () => {
    const view = await live(Fine, {
      uploaders: { Bucket: (entries) => entries.forEach((entry) => void entry.error("no such bucket")) },
    });
    const error = await failure(view.fileInput("input", files).upload("good.png"));
    expect(error.codes).toEqual(["external_client_failure"]);
    expect(lines(view)[0]).toBe("good.png 0% external_client_failure: no such bucket");
  });

  test("they hear that a file is cancelled", async () => {
    const cancelled: string[] = [];
    const view = await live(Fine, {
      uploaders: {
        Bucket: (entries) => {
          for (const { file, progress, onCancel } of entries) {
            progress(10);
            onCancel(() => void cancelled.push(file.name));
          }
        },
      },
    });
    await view.fileInput("input", files).upload("good.png", 10);
    expect(lines(view)[0]).toBe("good.png 10%");
    await view.element("button", "good.png").click();
    expect(cancelled).toEqual(["good.png"]);
    await view.settled();
  });

  test("one that takes its time is waited for, and named by what waits in vain", async () => {
    const given: Bound[] = [];
    const view = await live(Fine, { uploaders: { Bucket: (entries) => void given.push(...entries) } });
    const uploaded = view.fileInput("input", files).upload("good.png", 10);
    await vi.waitFor(() => expect(given).not.toEqual([]));
    await expect(view.settled({ timeout: 10 })).rejects.toThrow(
      'in vain. "good.png" is still being uploaded.',
    );
    given.find(({ file }) => file.name === "good.png")?.progress(10);
    expect(await uploaded).toContain("good.png 10%");
  });

  test("a submit waits for them too", async () => {
    const given: Bound[] = [];
    const view = await live(Fine, { uploaders: { Bucket: (entries) => void given.push(...entries) } });
    await view.fileInput("input", files).choose();
    const saved = view.form("form").submit();
    await vi.waitFor(() => expect(given).toHaveLength(2));
    for (const { progress } of given) progress(100);
    await saved;
    expect(view.instance.stored).toHaveLength(2);
  });
});
