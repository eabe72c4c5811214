/** Files that are uploaded elsewhere: hands them to the uploader that the server names, and tells the server of their progress. */
import type { UploadEntry, Uploader, UploadMeta, UploadsHost } from "./types.ts";

/** A file, and where its news go. */
export interface Elsewhere {
  readonly file: File;
  readonly meta: UploadMeta;
  /** Tells the server. */
  tell(news: { readonly progress: number }): Promise<unknown>;
  done(): void;
  /** The server is told. */
  failed(reason: string): void;
}

export interface External {
  /** Begins with files of one upload. @returns functions that end each of them, and that report it again */
  start(files: readonly Elsewhere[]): readonly { stop(): void; again(): void }[];
}

/** Runs an uploader's reaction to a cancelled entry, which stops nothing else. */
async function attempt({ console }: Window & typeof globalThis, run: () => unknown): Promise<void> {
  try {
    await run();
  } catch (error) {
    console.error("Overwire: what an uploader does when it is cancelled failed", error);
  }
}

/** Makes the entry of a file for its uploader. */
function createEntry({ win, gate }: UploadsHost, one: Elsewhere) {
  const { file, meta } = one;
  const cancelled: (() => void)[] = [];
  let state: "going" | "over" | "cancelled" = "going";
  let [progress, told] = [0, 0];
  let telling = false;

  /** One after the other, and only the newest: uploaders report more often than is useful. */
  const tell = async () => {
    if (telling) return;
    telling = true;
    try {
      while (told < progress && state === "going") {
        const now = progress;
        await gate?.(file, Math.ceil((file.size * now) / 100));
        // Complete: it cannot be cancelled any more.
        if (now === 100 && state === "going") state = "over";
        await one.tell({ progress: now });
        told = now;
        if (now === 100) one.done();
      }
    } catch {
      // Without a line. It is told again when there is one.
      if (state === "over") state = "going";
    }
    telling = false;
  };
  const stop = () => {
    if (state !== "going") return;
    state = "cancelled";
    for (const run of cancelled.splice(0)) attempt(win, run);
  };

  const entry: UploadEntry = {
    file,
    meta,
    progress(percent) {
      progress = Math.max(progress, Math.min(100, Math.floor(percent) || 0));
      void tell();
    },
    error(reason = "failed") {
      if (state !== "going") return;
      state = "over";
      one.failed(reason);
    },
    onCancel(run) {
      if (state === "cancelled") attempt(win, run);
      else cancelled.push(run);
    },
    cancel() {
      if (state !== "going") return;
      stop();
      one.failed("cancelled");
    },
  };
  return { entry, stop, again: () => void tell() };
}

export function createExternal(host: UploadsHost): External {
  const { win } = host;

  const uploaderOf = async (name: string): Promise<Uploader | undefined> =>
    Object.hasOwn(host.uploaders, name)
      ? host.uploaders[name]
      : name === "S3"
        ? (await import("./s3.ts")).S3
        : undefined;

  const run = async (name: string, entries: readonly UploadEntry[]) => {
    try {
      const uploader = await uploaderOf(name);
      if (!uploader) {
        const hint = `give it to LiveSocket, as { uploaders: { ${name} } }`;
        throw new Error(`Overwire: there is no uploader "${name}": ${hint}`);
      }
      await uploader(entries, { window: win });
    } catch (error) {
      win.console.error(error);
      for (const entry of entries) entry.error();
    }
  };

  return {
    start(files) {
      const groups = new Map<string, UploadEntry[]>();
      const parts = files.map((one) => {
        const { entry, ...part } = createEntry(host, one);
        const { uploader } = one.meta;
        groups.set(uploader, [...(groups.get(uploader) ?? []), entry]);
        return part;
      });
      for (const [name, entries] of groups) void run(name, entries);
      return parts;
    },
  };
}
