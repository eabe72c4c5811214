/** The uploads of one view: finds the one that a client speaks of, and gives them its connection and temporary files. */
import { openTempFile } from "../storage/temp-files.ts";
import { InvalidPayload, readPayload } from "../view/events/event.ts";
import type { UploadBase, UploadLine, UploadSide } from "../view/uploads/ports.ts";
import type { TempFile, UploadWriter } from "../view/uploads/types.ts";
import { CHUNK_OVERHEAD } from "../wire/chunk.ts";
import { OWN_FILES, OWN_PROGRESS, OWN_START } from "../wire/constants.ts";
import type { Limits } from "./services.ts";

/** What is told of failures that only end an entry. */
export interface Warned {
  warn(event: string, message: string, error?: unknown): void;
}

/** Room for what frames a message, whatever the transport. */
const FRAMING = 64;

export class Uploads implements UploadBase {
  readonly roomInMessage: number;
  readonly #warned: Warned;
  readonly #uploads = new Map<string, UploadSide>();
  #line: UploadLine | undefined;

  constructor(warned: Warned, limits: Pick<Limits, "messageSize">) {
    this.#warned = warned;
    this.roomInMessage = Math.max(1, limits.messageSize - Math.max(FRAMING, CHUNK_OVERHEAD));
  }

  get line(): UploadLine | undefined {
    return this.#line;
  }

  add(upload: UploadSide): void {
    this.#uploads.set(upload.ref, upload);
    upload.serve(this);
  }

  forget(upload: UploadSide): void {
    this.#uploads.delete(upload.ref);
  }

  tempFile(): Promise<UploadWriter<TempFile>> {
    return openTempFile();
  }

  warn(event: string, message: string, error?: unknown): void {
    this.#warned.warn(event, message, error);
  }

  /**
   * A client's `ow:files`, `ow:start` or `ow:progress`, in the view's turn.
   * @returns the reply; may be a promise
   * @throws InvalidPayload, and what the author's code throws
   */
  event(name: string, payload: unknown): unknown {
    const given = readPayload(name, payload);
    // An object may have no text.
    const upload = typeof given.upload === "string" ? this.#uploads.get(given.upload) : undefined;
    switch (name) {
      case OWN_FILES:
        upload?.files(given);
        return {};
      case OWN_START:
        // It may have gone with its component while the event was on its way.
        return upload ? upload.start(given) : {};
      case OWN_PROGRESS: {
        const done = upload?.progress(given);
        return done instanceof Promise ? done.then(() => ({})) : {};
      }
      default:
        throw new InvalidPayload(name, [{ message: "there is no such event" }]);
    }
  }

  /** A client is joined. */
  attached(line: UploadLine): void {
    this.#turnTo(line);
  }

  /** Its connection is lost; it may come back on another. */
  detached(): void {
    this.#turnTo(undefined);
  }

  /** The client's buffer has room again. */
  drained(): void {
    for (const upload of this.#uploads.values()) upload.drained();
  }

  /** The view is over. */
  end(): void {
    for (const upload of [...this.#uploads.values()]) upload.end();
  }

  #turnTo(line: UploadLine | undefined): void {
    for (const upload of this.#uploads.values()) upload.hangUp();
    this.#line = line;
  }
}
