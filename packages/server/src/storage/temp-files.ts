/** Temporary files for uploads, in a private directory that is there as long as one of them is. */
import { createHash, randomUUID } from "node:crypto";
import { rmSync } from "node:fs";
import { type FileHandle, lstat, mkdtemp, open, readdir, rm } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import type { TempFile, UploadWriter } from "../view/uploads/types.ts";

/** The directory of now, and how many files are in it. */
let directory: { readonly path: Promise<string>; files: number } | undefined;
const made = new Set<string>();

/** Signals that end a process without asking it, unless there is a listener. */
const signals = ["SIGHUP", "SIGINT", "SIGTERM"] as const;

/** Differs by machine: one that shares the folder cannot tell if a process of another one lives. */
const prefix = `overwire-${createHash("sha256").update(hostname()).digest("hex").slice(0, 8)}-`;

/** Removes directories of processes that were killed and could not do it themselves. */
async function sweep(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const pid = name.startsWith(prefix) && /^(\d+)-\w+$/.exec(name.slice(prefix.length))?.[1];
    if (!pid || isAlive(Number(pid))) continue;
    const path = join(tmpdir(), name);
    const stats = await lstat(path);
    if (stats.isDirectory() && stats.uid === process.getuid?.())
      await rm(path, { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
}

let hasSwept = false;

async function makeDirectory(): Promise<string> {
  // Once, and without waiting: it removes directories of processes before this one.
  if (!hasSwept) void sweep().catch(() => {});
  hasSwept = true;
  const path = await mkdtemp(join(tmpdir(), `${prefix}${process.pid}-`));
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
  // Another listener has something to finish, and ends the process after that.
  if (process.listenerCount(signal) > 1) return;
  removeAll();
  process.off(signal, die);
  process.kill(process.pid, signal);
}

/**
 * Makes a place for a file that only this server's user can read. The file is made with its first bytes: what
 * waits for its turn holds nothing open.
 * @throws Error if the disk does not allow it
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
      // The directory may have been tidied away.
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

/** The disk's own message names directories: only the operator may see it. */
const unstored = (cause: unknown): Error => new Error("The server could not store the file.", { cause });
