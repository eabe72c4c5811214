/** Messages to the server about files: announces the chosen ones, begins uploads, and resumes them. */
import { OWN_FILES, OWN_PROGRESS, OWN_START } from "../wire/constants.ts";
import type { Json } from "../wire/frames.ts";
import type { ChunkSender } from "./chunk-sender.ts";
import { createExternal, type Elsewhere } from "./external.ts";
import { describe, entriesOf, type FileSelection, isAuto, type TrackedFile } from "./file-selection.ts";
import type { UploadMeta, UploadsHost } from "./types.ts";

/** The answer to a request to upload files. */
interface Started {
  readonly chunkSize: number;
  readonly window: number;
  readonly entries?: {
    readonly [ref: string]:
      | { readonly channel: number; readonly offset: number }
      | { readonly meta: UploadMeta };
  };
  readonly errors?: readonly unknown[];
}

/** Characters and refs that a message has room for, at most. */
const MESSAGE = 40_000;
const MANY = 1000;
/** Bytes that a character, and a ref, may take. */
const CHARACTER = 3;
const REF = 32;

export interface Preflight {
  /** Tells the server of files that it does not know. */
  announce(selection: FileSelection): void;
  /** Uploads those that it knows. */
  begin(selection: FileSelection): void;
  /** Set while an answer is awaited. */
  readonly busy: boolean;
}

export interface PreflightOptions {
  readonly sender: ChunkSender;
  /** A file got on, or came to its end. */
  changed(selection: FileSelection): void;
  /** A file failed: a submit that waits for this input's files must not go on. */
  failed(selection: FileSelection): void;
}

type Ask = (
  selection: FileSelection,
  event: string,
  payload: { readonly [key: string]: Json },
) => Promise<unknown>;

/** Asks about files, which are in one stage until the answer is there, and then in another. */
const createMove =
  (ask: Ask, { changed, failed }: PreflightOptions) =>
  async (
    selection: FileSelection,
    files: readonly TrackedFile[],
    [from, during, to]: readonly [TrackedFile["stage"], TrackedFile["stage"], TrackedFile["stage"]],
    [event, entries]: readonly [string, Json],
    take: (reply: unknown) => void,
  ) => {
    const { epoch } = selection;
    const turn = (stage: TrackedFile["stage"]) => {
      for (const file of files) if (file.stage === during) file.stage = stage;
    };
    for (const file of files) file.stage = during;
    try {
      const reply = await ask(selection, event, { entries });
      if (epoch !== selection.epoch) return;
      turn(to);
      take(reply);
    } catch {
      if (epoch !== selection.epoch) return;
      turn(from);
      selection.stuck = true;
      failed(selection);
    }
    changed(selection);
  };

/** Begins with files that the server expects: by chunks to the app, or elsewhere. */
function createStart(host: UploadsHost, ask: Ask, { sender, changed, failed }: PreflightOptions) {
  const external = createExternal(host);
  return (
    selection: FileSelection,
    files: readonly TrackedFile[],
    { entries = {}, chunkSize, window }: Started,
  ) => {
    const elsewhere: [TrackedFile, Elsewhere][] = [];
    for (const file of files) {
      const answer = Object.hasOwn(entries, file.ref) && entries[file.ref];
      if (!answer || file.stage !== "uploading") continue;
      const end = (stage: "done" | "failed") => {
        if (file.stage !== "uploading") return;
        file.stage = stage;
        file.stop = file.again = undefined;
        if (stage === "failed" && !isAuto(selection)) failed(selection);
        changed(selection);
      };
      const tell = (news: { readonly [key: string]: Json }) =>
        ask(selection, OWN_PROGRESS, { entry: file.ref, ...news });
      const shared = {
        file: file.file,
        done: () => end("done"),
        failed(error?: string) {
          end("failed");
          if (error === undefined) return;
          // Without a line it is told again when there is one.
          file.again = () => void tell({ error }).catch(() => {});
          file.again();
        },
      };
      if ("meta" in answer) elsewhere.push([file, { ...shared, meta: answer.meta, tell }]);
      else file.stop = sender.add({ ...shared, ...answer, chunkSize, window });
    }
    const parts = external.start(elsewhere.map(([, one]) => one));
    for (const [index, [file]] of elsewhere.entries()) Object.assign(file, parts[index]);
  };
}

export function createPreflight(host: UploadsHost, options: PreflightOptions): Preflight {
  let asking = 0;

  const ask: Ask = async ({ input, upload }, event, payload) => {
    asking++;
    try {
      const view = host.viewOf(input);
      if (!view) throw new Error("Overwire: the file input is in no view");
      return await view.push({ type: "hook", event, source: input, payload: { upload, ...payload } });
    } finally {
      asking--;
    }
  };

  const move = createMove(ask, options);
  const start = createStart(host, ask, options);

  return {
    announce(selection) {
      const files: TrackedFile[] = [];
      const entries: Json[] = [];
      let size = 0;
      const room = Math.min(MESSAGE, host.socket.limit / CHARACTER);
      for (const file of selection.files.filter(({ stage }) => stage === "new")) {
        const entry = describe(file);
        size += JSON.stringify(entry).length;
        // Others follow when these are answered.
        if (files.length && size > room) break;
        files.push(file);
        entries.push(entry);
      }
      if (files.length)
        void move(selection, files, ["new", "announcing", "registered"], [OWN_FILES, entries], () => {});
    },
    begin(selection) {
      const at = entriesOf(selection);
      const files = selection.files
        .filter(({ stage, refused }) => stage === "registered" && refused !== at)
        .slice(0, Math.max(1, Math.min(MANY, host.socket.limit / REF)));
      if (!files.length) return;
      const refs = files.map(({ ref }) => ref);
      void move(selection, files, ["registered", "uploading", "uploading"], [OWN_START, refs], (reply) => {
        const started = reply as Started;
        const isRefused = started.errors?.length && !isAuto(selection);
        if (isRefused) options.failed(selection);
        else start(selection, files, started);
        for (const file of files) {
          if (file.stage !== "uploading" || file.stop) continue;
          file.stage = "registered";
          if (!isRefused) file.refused = at;
        }
      });
    },
    get busy() {
      return asking > 0;
    },
  };
}
