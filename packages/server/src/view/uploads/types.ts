/**
 * Uploads as their author sees them: options, the files that the user has chosen, and the receivers of their
 * bytes.
 */
import type { Consumed } from "./postpone.ts";

/** A problem of an upload or of one of its files. */
export interface UploadProblem {
  /**
   * Of an upload: `too_many_files`. Of an entry: `too_large`, `not_accepted`, the code of `validator`,
   * `writer_failure`, `external_metadata_failure`, `external_client_failure`, `client_failure` (the browser
   * cannot read the file any more); and of clients that do not keep to the protocol, or are lost: `timeout`,
   * `out_of_order`, `too_fast`, `file_size_limit_exceeded`.
   */
  readonly code: string;
  /** Text for the user. */
  readonly message: string;
}

/**
 * A file that the user has chosen, with its current state. Properties that begin with `client` come from the
 * browser: do not rely on them.
 */
export interface UploadEntry {
  /** Names the file among those of its upload. It is the client's, and may come again in another upload. */
  readonly ref: string;
  /** Unguessable and unique: a safe name for the stored file. */
  readonly uuid: string;
  /** Ref of the upload. */
  readonly upload: string;
  /** The file's name, without directories. Never use it as a path. */
  readonly clientName: string;
  /** MIME type, empty if the browser knows none. */
  readonly clientType: string;
  /** Bytes. The server never accepts more. */
  readonly clientSize: number;
  /** Path of a file within the directory that was chosen. Never use it as a path on the server. */
  readonly clientRelativePath: string;
  /** When the file was changed last, in milliseconds since 1970. */
  readonly clientLastModified: number | undefined;
  /** Value that the page's own code has attached to the file. */
  readonly clientMeta: unknown;
  /** Progress in percent. An integer; 100 once the file is complete. */
  readonly progress: number;
  /** The file is complete, and may be consumed. */
  readonly done: boolean;
  /** True if it has no errors. */
  readonly valid: boolean;
  /** True once the client may upload it. */
  readonly preflighted: boolean;
  /** True once it was removed: by `cancel`, by a file that replaced it, or by the end of its view or component. */
  readonly cancelled: boolean;
  readonly errors: readonly UploadProblem[];
}

/** Argument of `consume` if the upload has no `writer` and is not `external`. */
export interface TempFile {
  /** Path of a temporary file. It is deleted after the callback: copy or move it. */
  readonly path: string;
}

/** Metadata that `external` returns for a file. All of it is sent to the client. */
export interface ExternalMeta {
  /** Name of the client's uploader. */
  readonly uploader: string;
}

/**
 * Takes the bytes of one file, instead of a temporary file. Its calls never overlap: each waits for the
 * promise of the one before it. An error fails the entry with `writer_failure`.
 */
export interface UploadWriter<Meta extends object = object> {
  /** The file's argument of `consume`. It is read when the file is complete. */
  readonly meta: Meta;
  /** Takes the next bytes. They are the writer's from then on. */
  write(chunk: Uint8Array): void | Promise<void>;
  /**
   * Called once, after the last write, whatever the outcome.
   * @param reason `done`: the file is complete. `cancel`: it is not needed any more. An error: the cause of
   *   the entry's failure, which may be the error of `write`.
   */
  close(reason: "done" | "cancel" | Error): void | Promise<void>;
  /** Called once when a complete file is no longer needed: it was consumed, cancelled, or its view ended. */
  dispose?(): void | Promise<void>;
}

type Given<T> = T | Promise<T>;

/** @typeParam Meta argument of `consume` */
export interface UploadOptions<Meta extends object = TempFile> {
  /**
   * Files that may be uploaded: file extensions (`.pdf`), MIME types (`image/png`), `image/*`, `audio/*`,
   * `video/*`. A file has to fit one of them, by its name or by its type. `any` for all files.
   */
  readonly accept: "any" | readonly string[];
  /** Most files. Default 1: a file that is chosen takes the place of the one before. */
  readonly maxEntries?: number | undefined;
  /** Default: the name of the field. An upload that is made later, in a handler, needs one. */
  readonly name?: string | undefined;
  /** `selected`: a file that is consumed makes room for another. `total`: it does not. Default `selected`. */
  readonly maxEntriesMode?: "selected" | "total" | undefined;
  /** Most bytes of a file. Default 8,000,000. */
  readonly maxFileSize?: number | undefined;
  /** Most bytes of a message. Default 64,000, and never more than the app's `limits.messageSize` has room for. */
  readonly chunkSize?: number | undefined;
  /** Longest silence of a connected client, in milliseconds. Default 10,000. */
  readonly chunkTimeout?: number | undefined;
  /** Files are uploaded as soon as they are chosen, not when their form is submitted. Default false. */
  readonly autoUpload?: boolean | undefined;
  /** Runs in the view's turn whenever a file's `progress` has changed, and when it has failed. The view is rendered after it. */
  readonly progress?: ((entry: UploadEntry) => unknown) | undefined;
  /** Returns a problem of a chosen file, as a code and a text for the user in one, or nothing. */
  readonly validator?: ((entry: UploadEntry) => string | undefined | void) | undefined;
  /** Makes the writer of a file's bytes, when its upload begins. */
  readonly writer?: ((entry: UploadEntry) => Given<UploadWriter<Meta>>) | undefined;
  /**
   * For uploads to another server: returns the data for an uploader, which `uploader` names among the client's
   * `uploaders`. An error that it throws fails the entry, with its message.
   */
  readonly external?: ((entry: UploadEntry) => Given<Meta & ExternalMeta>) | undefined;
}

/**
 * An upload: the files that the user has chosen, and their state. Render it with `liveFileInput`.
 * @typeParam Meta argument of `consume`
 */
export interface Upload<Meta extends object = TempFile> {
  /** Id of the file input, unique in the page: for labels, and for `phx-drop-target`. */
  readonly ref: string;
  /** Name of the file input: the field that holds the upload. @throws Error if it is in none */
  readonly name: string;
  /** As an attribute of the input: `image/*,.pdf`; undefined for any file. */
  readonly accept: string | undefined;
  readonly maxEntries: number;
  readonly autoUpload: boolean;
  /** Files in the order in which they were chosen, those with errors included. */
  readonly entries: readonly UploadEntry[];
  /** Problems of the upload as a whole; those of entries are with them. */
  readonly errors: readonly UploadProblem[];
  /**
   * Removes a file in any state.
   * @throws Error if there is no such entry
   */
  cancel(ref: string): void;
  /**
   * Hands the complete files over, one after the other, in order. After its callback an entry is gone, and so
   * is its file: also if the callback throws, but not if it returns `postpone(value)`. Entries with errors
   * stay.
   * @returns the results of the callbacks
   * @throws Error while entries are being uploaded or wait for it; nothing is consumed then
   * @example
   * const urls = await this.photos.consume(async ({ path }, entry) => storage.put(entry.uuid, path));
   */
  consume<Result>(callback: (meta: Meta, entry: UploadEntry) => Result): Promise<Consumed<Awaited<Result>>[]>;
  /**
   * Hands one complete file over, while others may be on the way.
   * @throws Error if there is no such entry, or it is not complete
   */
  consumeEntry<Result>(
    ref: string,
    callback: (meta: Meta, entry: UploadEntry) => Result,
  ): Promise<Consumed<Awaited<Result>>>;
}
