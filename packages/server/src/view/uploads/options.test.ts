import { expect, test } from "vitest";
import { parseUploadOptions } from "./options.ts";
import type { UploadOptions } from "./types.ts";

test("options have defaults", () => {
  expect(parseUploadOptions({ accept: "any" })).toMatchObject({
    maxEntries: 1,
    maxEntriesMode: "selected",
    maxFileSize: 8_000_000,
    chunkSize: 64_000,
    chunkTimeout: 10_000,
    autoUpload: false,
  });
});

test.each([
  [
    { maxEntries: 0 },
    "Invalid maxEntries value provided to allowUpload: expected a positive integer (default 1), but got 0.",
  ],
  [{ maxEntries: "2" }, 'expected a positive integer (default 1), but got "2".'],
  [
    { maxEntriesMode: "all" },
    'Invalid maxEntriesMode value provided to allowUpload: expected "selected" or "total"',
  ],
  [{ maxFileSize: -1 }, "Invalid maxFileSize value"],
  [{ maxFileSize: 1.5 }, "expected a positive integer of bytes (default 8000000), but got 1.5."],
  [{ chunkSize: 0 }, "Invalid chunkSize value"],
  [{ chunkTimeout: Infinity }, "expected a positive integer of milliseconds (default 10000)"],
  [{ autoUpload: "yes" }, "Invalid autoUpload value"],
  [
    { progress: true },
    "Invalid progress value provided to allowUpload: expected a function of the entry, but got true.",
  ],
  [{ validator: {} }, "Invalid validator value"],
  [{ writer: "file" }, "Invalid writer value"],
  [{ external: 1 }, "Invalid external value"],
  [{ name: "" }, "Invalid name value"],
  [{ writer: () => {}, external: () => {} }, "give one of them"],
])("%j is refused, with what is expected", (options, message) => {
  expect(() => parseUploadOptions({ accept: "any", ...options } as UploadOptions)).toThrow(message);
});

test("options are an object", () => {
  expect(() => parseUploadOptions(undefined as unknown as UploadOptions)).toThrow(
    "expects an object of options",
  );
});
