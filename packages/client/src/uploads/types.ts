/** Services of the client for uploads, and the interface of an author's own uploaders. */
import type { BoundView } from "../bindings/host.ts";
import type { Socket } from "../net/socket.ts";
import type { ChunkFrame, Json } from "../wire/frames.ts";

/** A file that goes elsewhere than to the app: to a bucket, to a video service. */
export interface UploadEntry {
  readonly file: File;
  /** Metadata that the view's `external` made for it: its target, with fields or headers. */
  readonly meta: UploadMeta;
  /** Tells how much has been sent, in percent; with 100 the entry is done. Only an increase is told. */
  progress(percent: number): void;
  /** The upload has failed. @param reason of the entry's error. Default "failed" */
  error(reason?: string): void;
  /**
   * Calls back when the entry is cancelled: by the user, or because its view is gone. At once if it has been.
   */
  onCancel(run: () => void): void;
  /** Gives the upload up. */
  cancel(): void;
}

export interface UploadMeta {
  /** The name of the uploader that it is for. */
  readonly uploader: string;
  readonly [key: string]: Json;
}

/** Sends files past the app: those of one upload that begin together. An error of it fails its entries. */
export type Uploader = (
  entries: readonly UploadEntry[],
  context: UploaderContext,
) => void | PromiseLike<void>;

export interface UploaderContext {
  /** The page. */
  readonly window: Window & typeof globalThis;
}

/** By the names that `external` gives. */
export type Uploaders = { readonly [name: string]: Uploader };

/** The client, as uploads see it. */
export interface UploadsHost {
  readonly win: Window & typeof globalThis;
  /** Begins the names of all bindings. */
  readonly prefix: string;
  /** The innermost view that an element is in. */
  viewOf(el: Element): BoundView | undefined;
  readonly socket: Pick<Socket, "send" | "sendBytes" | "bufferedAmount" | "limit" | "connected">;
  readonly uploaders: Uploaders;
  /** For tests: a promise to await before a file may be sent beyond this, in bytes. */
  readonly gate?: ((file: File, sent: number) => PromiseLike<void> | undefined) | undefined;
}

/** The uploads of a page. */
export interface Uploads {
  /** To be called after each change of the page. */
  settle(): void;
  /** Acknowledges the bytes of a file that the server has. */
  acked(frame: ChunkFrame): void;
  /** The connection is lost, and its channels with it. */
  lost(): void;
  /** A view has been joined. @param resumed it goes on as it was before the connection was lost; else it was mounted anew */
  joined(view: BoundView, resumed: boolean): void;
  /**
   * Set while the server is being asked or sent something. A file that waits for a test's gate does not
   * count.
   */
  readonly busy: boolean;
}
