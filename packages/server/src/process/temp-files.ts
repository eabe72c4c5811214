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

/** What ends a process without asking it, unless somebody listens. */
const signals = ["SIGHUP", "SIGINT", "SIGTERM"] as const;

async function makeDirectory(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "overwire-"));
  if (made.size === 0) {
    process.on("exit", removeAll);
    for (const signal of signals) process.on(signal, die);
  }
  made.add(path);
  return path;
}

function forget(path: string): void {
  made.delete(path);
  if (made.size > 0) return;
  process.off("exit", removeAll);
  for (const signal of signals) process.off(signal, die);
}

function removeAll(): void {
  for (const path of made) rmSync(path, { recursive: true, force: true });
}

function die(signal: NodeJS.Signals): void {
  // Who listens too has something to finish, and ends the process when that is done.
  if (process.listenerCount(signal) > 1) return;
  removeAll();
  process.off(signal, die);
  process.kill(process.pid, signal);
}

/**
 * Makes a place for a file that only this server's user can read. The file is made with its first bytes: what waits for
 * its turn holds nothing open.
 * @throws Error where the disk does not allow it
 */
export async function openTempFile(): Promise<UploadWriter<TempFile>> {
  const place = (directory ??= { path: makeDirectory(), files: 0 });
  const abandon = () => {
    if (directory === place) directory = undefined;
  };
  place.files++;
  const leave = async () => {
    if (--place.files > 0) return;
    abandon();
    const path = await place.path;
    await rm(path, { recursive: true, force: true });
    forget(path);
  };
  try {
    return new TempFileWriter(join(await place.path, randomUUID()), leave, abandon);
  } catch (error) {
    await leave().catch(() => {});
    throw unstored(error);
  }
}

class TempFileWriter implements UploadWriter<TempFile> {
  readonly meta: TempFile;
  #file: FileHandle | undefined;
  readonly #leave: () => Promise<void>;
  readonly #abandon: () => void;

  /** @param abandon the directory is no good for other files */
  constructor(path: string, leave: () => Promise<void>, abandon: () => void) {
    this.meta = { path };
    this.#leave = leave;
    this.#abandon = abandon;
  }

  async write(chunk: Uint8Array): Promise<void> {
    try {
      const file = this.#file ?? (await this.#open());
      for (let at = 0; at < chunk.length; ) {
        at += (await file.write(chunk, at, chunk.length - at)).bytesWritten;
      }
    } catch (error) {
      throw unstored(error);
    }
  }

  async close(reason: "done" | "cancel" | Error): Promise<void> {
    try {
      if (reason === "done" && !this.#file) await this.#open();
      await this.#file?.close();
    } catch (error) {
      await this.dispose();
      throw unstored(error);
    }
    if (reason !== "done") await this.dispose();
  }

  async #open(): Promise<FileHandle> {
    try {
      return (this.#file = await open(this.meta.path, "wx", 0o600));
    } catch (error) {
      // Somebody may have tidied up.
      this.#abandon();
      throw error;
    }
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
