/** The uploads of one view: finds the one that a client speaks of, and gives them its connection and temporary files. */
import { CHUNK_OVERHEAD, OWN_FILES, OWN_PROGRESS, OWN_START } from "@overwire/client/wire";
import { openTempFile } from "../storage/temp-files.ts";
import { chain } from "../view/chain.ts";
import { InvalidPayloadError, readPayload } from "../view/events/event.ts";
import type { UploadConnection, UploadEndpoint, UploadServices } from "../view/uploads/ports.ts";
import type { TempFile, UploadWriter } from "../view/uploads/types.ts";
import type { Limits } from "./services.ts";
import type { ViewReports } from "./view-reports.ts";

/** Room for what frames a message, whatever the transport. */
const FRAMING = 64;

export class ViewUploads implements UploadServices {
  readonly roomInMessage: number;
  readonly #reports: ViewReports;
  readonly #uploads = new Map<string, UploadEndpoint>();
  #line: UploadConnection | undefined;

  constructor(reports: ViewReports, limits: Pick<Limits, "messageSize">) {
    this.#reports = reports;
    this.roomInMessage = Math.max(1, limits.messageSize - Math.max(FRAMING, CHUNK_OVERHEAD));
  }

  get connection(): UploadConnection | undefined {
    return this.#line;
  }

  add(upload: UploadEndpoint): void {
    this.#uploads.set(upload.ref, upload);
    upload.serve(this);
  }

  forget(upload: UploadEndpoint): void {
    this.#uploads.delete(upload.ref);
  }

  tempFile(): Promise<UploadWriter<TempFile>> {
    return openTempFile();
  }

  warn(event: string, message: string, error?: unknown): void {
    this.#reports.warn(event, message, error);
  }

  /**
   * A client's `ow:files`, `ow:start` or `ow:progress`, in the view's turn.
   * @returns the reply; may be a promise
   * @throws InvalidPayloadError, and errors of the author's code
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
      case OWN_PROGRESS:
        return chain<unknown, object>(upload?.progress(given), () => ({}));
      default:
        throw new InvalidPayloadError(name, [{ message: "there is no such event" }]);
    }
  }

  /** A client is joined. */
  attached(line: UploadConnection): void {
    this.#useConnection(line);
  }

  /** Its connection is lost; it may come back on another. */
  detached(): void {
    this.#useConnection(undefined);
  }

  /** The client's buffer has room again. */
  drained(): void {
    for (const upload of this.#uploads.values()) upload.drained();
  }

  /** The view is over. */
  end(): void {
    for (const upload of [...this.#uploads.values()]) upload.end();
  }

  #useConnection(line: UploadConnection | undefined): void {
    for (const upload of this.#uploads.values()) upload.disconnected();
    this.#line = line;
  }
}
