/** An upload as the process sees it that runs its view, and that process as the upload sees it. */
import type { ChunkFrame } from "@overwire/client/wire";
import type { TempFile, UploadWriter } from "./types.ts";

/** A client's connection, as far as files go over it. */
export interface UploadConnection {
  /** A slow client's buffer is full. */
  readonly full: boolean;
  openChannel(receive: (offset: number, bytes: Uint8Array) => void): number;
  closeChannel(channel: number): void;
  send(frame: ChunkFrame): void;
}

/** Services of the process for uploads. */
export interface UploadServices {
  /** Undefined while no client is joined. */
  readonly connection: UploadConnection | undefined;
  /** Most bytes of a file that fit a message. */
  readonly roomInMessage: number;
  /** Makes the writer of a file if the author gives none. */
  tempFile(): Promise<UploadWriter<TempFile>>;
  /** Tells who runs the app of a failure that only ends an entry. */
  warn(event: string, message: string, error?: unknown): void;
  /** The upload is over. */
  forget(upload: UploadEndpoint): void;
}

/** Answers a client that asks to upload files. */
export interface StartReply {
  readonly chunkSize?: number;
  /** Bytes of a file that may be under way. */
  readonly window?: number;
  /** By their refs; one that is not here is not to be uploaded. */
  readonly entries?: { readonly [ref: string]: StartedEntry };
  readonly errors?: readonly (readonly [ref: string, code: string])[];
}

/** To be sent from `offset` on, or uploaded elsewhere as `meta` says. */
export type StartedEntry = { readonly channel: number; readonly offset: number } | { readonly meta: object };

/** Interface for the process, given by `ViewHost.allow`. Payloads are a client's, and unchecked. */
export interface UploadEndpoint {
  readonly ref: string;
  /** Said once, before anything else. */
  serve(base: UploadServices): void;
  /** Files were chosen. @throws InvalidPayloadError */
  files(payload: object): void;
  /** Files are to be uploaded, or to go on. @throws InvalidPayloadError, and errors of the author's code */
  start(payload: object): StartReply | Promise<StartReply>;
  /** Progress of a file that is uploaded elsewhere. @returns the result of the author's callback */
  progress(payload: object): unknown;
  /** The line is lost: its channels are forgotten, and their bytes are kept. */
  disconnected(): void;
  /** The line has room again. */
  drained(): void;
  /** The view or component is over. */
  end(): void;
}
