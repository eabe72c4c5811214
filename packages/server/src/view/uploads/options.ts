/** The options of an upload, checked and complete. */
import { refuseGuard } from "../check-arguments.ts";
import { Accept } from "./accept.ts";
import type { UploadOptions } from "./types.ts";

type Callbacks<Meta extends object> = Pick<
  UploadOptions<Meta>,
  "progress" | "validator" | "writer" | "external"
>;

export interface ParsedUploadOptions<Meta extends object> extends Callbacks<Meta> {
  readonly name: string | undefined;
  readonly accept: Accept;
  readonly maxEntries: number;
  readonly maxEntriesMode: "selected" | "total";
  readonly maxFileSize: number;
  readonly chunkSize: number;
  readonly chunkTimeout: number;
  readonly autoUpload: boolean;
}

const refuse = (option: string, value: unknown, expected: string): never => {
  const got = typeof value === "function" ? "a function" : (JSON.stringify(value) ?? String(value));
  throw new TypeError(
    `Invalid ${option} value provided to allowUpload: expected ${expected}, but got ${got}.`,
  );
};

function count(option: string, value: unknown, standard: number, unit = ""): number {
  if (value === undefined) return standard;
  const expected = `a positive integer${unit} (default ${standard})`;
  return Number.isSafeInteger(value) && Number(value) > 0 ? Number(value) : refuse(option, value, expected);
}

function callback(option: string, value: unknown): void {
  if (value !== undefined && typeof value !== "function") refuse(option, value, "a function of the entry");
}

/** @throws TypeError for invalid options, with the correction */
export function parseUploadOptions<Meta extends object>(
  options: UploadOptions<Meta>,
): ParsedUploadOptions<Meta> {
  if (typeof options !== "object" || options === null) {
    throw new TypeError("allowUpload expects an object of options, of which accept is required.");
  }
  refuseGuard(options, "allowUpload");
  const { name, maxEntriesMode = "selected", autoUpload = false } = options;
  const { progress, validator, writer, external } = options;
  const accept = new Accept(options.accept);
  if (name !== undefined && (typeof name !== "string" || !name)) refuse("name", name, "a text");
  if (maxEntriesMode !== "selected" && maxEntriesMode !== "total") {
    refuse("maxEntriesMode", maxEntriesMode, '"selected" or "total" (default "selected")');
  }
  if (typeof autoUpload !== "boolean") refuse("autoUpload", autoUpload, "true or false (default false)");
  for (const [option, value] of Object.entries({ progress, validator, writer, external })) {
    callback(option, value);
  }
  if (writer && external) {
    throw new TypeError(
      "allowUpload was given both writer and external. A file goes through the server, to its writer, or past it: give one of them.",
    );
  }
  return {
    name,
    accept,
    maxEntries: count("maxEntries", options.maxEntries, 1),
    maxEntriesMode,
    maxFileSize: count("maxFileSize", options.maxFileSize, 8_000_000, " of bytes"),
    chunkSize: count("chunkSize", options.chunkSize, 64_000, " of bytes"),
    chunkTimeout: count("chunkTimeout", options.chunkTimeout, 10_000, " of milliseconds"),
    autoUpload,
    progress,
    validator,
    writer,
    external,
  };
}
