/** Files as a test describes them, made into files as a page has them. */
import type { File, Window } from "happy-dom";

/** A file that a test chooses. */
export interface TestFile {
  /** Without directories. */
  readonly name: string;
  readonly content: string | Uint8Array | ArrayBuffer | Blob;
  /** MIME type. Default: as browsers know it by the name's extension, or that of the blob; `""` for none. */
  readonly type?: string | undefined;
  /** In milliseconds since 1970. Default: now. */
  readonly lastModified?: number | undefined;
  /** Path within the directory that was chosen. */
  readonly relativePath?: string | undefined;
  /** Size that the browser claims, in bytes, if it differs. */
  readonly size?: number | undefined;
}

/** Types that browsers derive from extensions. */
const types: Readonly<Record<string, string>> = {
  avif: "image/avif",
  css: "text/css",
  csv: "text/csv",
  gif: "image/gif",
  htm: "text/html",
  html: "text/html",
  jpeg: "image/jpeg",
  jpg: "image/jpeg",
  js: "text/javascript",
  json: "application/json",
  m4a: "audio/mp4",
  mp3: "audio/mpeg",
  mp4: "video/mp4",
  ogg: "audio/ogg",
  pdf: "application/pdf",
  png: "image/png",
  svg: "image/svg+xml",
  txt: "text/plain",
  wav: "audio/wav",
  webm: "video/webm",
  webp: "image/webp",
  xml: "text/xml",
  zip: "application/zip",
};

/** Type of a file that a test describes. */
export function typeOfFile({ name, content, type }: TestFile): string {
  const extension = name.slice(name.lastIndexOf(".") + 1).toLowerCase();
  const isBlob = typeof content === "object" && "arrayBuffer" in content;
  return type ?? ((isBlob && content.type) || (types[extension] ?? ""));
}

/** Files that a test describes, in its order. */
export function makeFiles(window: Window, files: readonly TestFile[]): Promise<File[]> {
  return Promise.all(files.map((file) => makeFile(window, file)));
}

async function makeFile(window: Window, described: TestFile): Promise<File> {
  const { name, content, size, ...rest } = described;
  const isBlob = typeof content === "object" && "arrayBuffer" in content;
  const bytes = isBlob ? await content.arrayBuffer() : content;
  const type = typeOfFile(described);
  const file = new window.File(
    [typeof bytes === "string" ? bytes : Buffer.from(bytes as ArrayBuffer)],
    name,
    {
      type,
      ...(rest.lastModified !== undefined && { lastModified: rest.lastModified }),
    },
  );
  const own = { webkitRelativePath: rest.relativePath, size };
  for (const [key, value] of Object.entries(own))
    if (value !== undefined) Object.defineProperty(file, key, { configurable: true, value });
  return file;
}
