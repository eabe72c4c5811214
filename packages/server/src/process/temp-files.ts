/** Temporary files for uploads, in a private directory that is there as long as one of them is. */
import { randomUUID } from "node:crypto";
import { rmSync } from "node:fs";
import { type FileHandle, mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TempFile, UploadWriter } from "../view/upload-types.ts";

/** The directory of now, and how many files are in it. */
let directory: { readonly path: Promise<string>; files: number } | undefined;
const made = new Set<string>();

async function makeDirectory(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "overwire-"));
  if (made.size === 0) process.once("exit", removeAll);
  made.add(path);
  return path;
}

function removeAll(): void {
  for (const path of made) rmSync(path, { recursive: true, force: true });
}

/**
 * Makes an empty file that only this server's user can read.
 * @throws Error where the disk does not allow it
 */
export async function openTempFile(): Promise<UploadWriter<TempFile>> {
  const place = (directory ??= { path: makeDirectory(), files: 0 });
  place.files++;
  const leave = async () => {
    if (--place.files > 0) return;
    if (directory === place) directory = undefined;
    const path = await place.path;
    await rm(path, { recursive: true, force: true });
    made.delete(path);
    if (made.size === 0) process.off("exit", removeAll);
  };
  try {
    const path = join(await place.path, randomUUID());
    return new TempFileWriter(path, await open(path, "wx", 0o600), leave);
  } catch (error) {
    await leave().catch(() => {});
    throw unstored(error);
  }
}

class TempFileWriter implements UploadWriter<TempFile> {
  readonly meta: TempFile;
  readonly #file: FileHandle;
  readonly #leave: () => Promise<void>;

  constructor(path: string, file: FileHandle, leave: () => Promise<void>) {
    this.meta = { path };
    this.#file = file;
    this.#leave = leave;
  }

  async write(chunk: Uint8Array): Promise<void> {
    try {
      for (let at = 0; at < chunk.length; ) {
        at += (await this.#file.write(chunk, at, chunk.length - at)).bytesWritten;
      }
    } catch (error) {
      throw unstored(error);
    }
  }

  async close(reason: "done" | "cancel" | Error): Promise<void> {
    try {
      await this.#file.close();
    } catch (error) {
      await this.dispose();
      throw unstored(error);
    }
    if (reason !== "done") await this.dispose();
  }

  async dispose(): Promise<void> {
    try {
      await rm(this.meta.path, { force: true });
    } finally {
      await this.#leave();
    }
  }
}

/** A disk's own words name its directories, and are for no person but who runs the server. */
const unstored = (cause: unknown): Error => new Error("The server could not store the file.", { cause });
