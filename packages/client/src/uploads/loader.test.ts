import { testWindow } from "@overwire/test-support/test-window";
import { expect, test, vi } from "vitest";
import type { Host } from "../bindings/host.ts";
import { createUploadsLoader } from "./loader.ts";
import type { Uploads, UploadsHost } from "./uploads.ts";

/** A page with a form that has a file input of an upload, and another form. */
function open() {
  const { win, $ } = testWindow(
    `<form id="f"><input type="file" data-ow-upload="u"></form><form id="g"></form>`,
  );
  const calls: string[] = [];
  const uploads: Uploads = {
    settle: () => void calls.push("settle"),
    acked: () => void calls.push("acked"),
    joined: () => void calls.push("joined"),
    lost: () => void calls.push("lost"),
    busy: false,
  };
  let come = () => {};
  const startUploads = vi.fn((_host: UploadsHost) => uploads);
  const load = vi.fn(
    () =>
      new Promise<{ startUploads: typeof startUploads }>(
        (resolve) => (come = () => resolve({ startUploads })),
      ),
  );
  const uploading = createUploadsLoader({ win } as unknown as Host & UploadsHost, load);
  const seen: string[] = [];
  for (const type of ["submit", "track-uploads"])
    win.addEventListener(type, (event) => {
      event.preventDefault();
      seen.push(`${type} ${(event.target as Element).id}`);
    });
  return {
    win,
    uploading,
    calls,
    load,
    startUploads,
    seen,
    $,
    come: async () => {
      come();
      await Promise.resolve();
      await Promise.resolve();
    },
  };
}

test("are loaded once, when the page has an input for them", async () => {
  const { uploading, load, startUploads, calls, come } = open();
  uploading.settle();
  expect([load.mock.calls.length, uploading.busy]).toEqual([0, false]);
  uploading.need();
  uploading.need();
  uploading.settle();
  expect([load.mock.calls.length, uploading.busy]).toEqual([1, true]);
  await come();
  expect([startUploads.mock.calls.length, uploading.busy, calls]).toEqual([1, false, ["settle"]]);
  uploading.settle();
  expect(calls).toEqual(["settle", "settle"]);
});

test("files from hooks, and a form with files that is submitted too early, wait for them", async () => {
  const { win, uploading, seen, $, come } = open();
  const input = $("input");
  input.id = "i";
  uploading.need();
  input.dispatchEvent(
    new win.CustomEvent("track-uploads", { bubbles: true, cancelable: true, detail: { files: [] } }),
  );
  Object.defineProperty(input, "files", { value: [new win.File(["x"], "x")] });
  $<HTMLFormElement>("#f").requestSubmit();
  $<HTMLFormElement>("#g").requestSubmit();
  expect(seen).toEqual(["submit g"]);
  await come();
  expect(seen).toEqual(["submit g", "track-uploads i", "submit f"]);
  $<HTMLFormElement>("#f").requestSubmit();
  expect(seen).toHaveLength(4);
});
