/**
 * An upload of a view or component: the files that the user has chosen, their progress, and handing them
 * over.
 */
import { OWN_FILES, OWN_PROGRESS, OWN_START } from "@overwire/client/wire";
import { fieldName, InvalidPayloadError, type Named } from "../events/event.ts";
import type { ViewHost } from "../view-host.ts";
import { UploadEntries } from "./entries.ts";
import { EntryState } from "./entry.ts";
import { type ParsedUploadOptions, parseUploadOptions } from "./options.ts";
import { type ChosenFile, parseEntries, parseRef, parseRefs } from "./parse-entries.ts";
import type { StartedEntry, StartReply, UploadEndpoint, UploadServices } from "./ports.ts";
import type { Consumed } from "./postpone.ts";
import { FileTransfer, messageOf, type TransferOwner } from "./transfer.ts";
import type { TempFile, Upload, UploadEntry, UploadOptions, UploadProblem } from "./types.ts";

/** Messages of a file that may be under way unanswered. */
const WINDOW = 4;
/** Most characters of a client's reason. */
const REASON = 255;

/** @throws TypeError for options that cannot be right */
export function createUpload<Meta extends object = TempFile>(
  host: ViewHost,
  options: UploadOptions<Meta>,
): Upload<Meta> {
  const upload = new LiveUpload(host, parseUploadOptions(options));
  host.registerUpload(upload);
  return upload;
}

class LiveUpload<Meta extends object> implements Upload<Meta>, UploadEndpoint, Named {
  readonly ref: string = `upload-${crypto.randomUUID().slice(0, 8)}`;
  readonly #host: ViewHost;
  readonly #settings: ParsedUploadOptions<Meta>;
  #name: string | undefined;
  #base: UploadServices | undefined;
  readonly #entries: UploadEntries;

  constructor(host: ViewHost, settings: ParsedUploadOptions<Meta>) {
    this.#host = host;
    this.#settings = settings;
    this.#name = settings.name;
    this.#entries = new UploadEntries(settings, () => this.#label);
  }

  [fieldName](name: string): void {
    this.#name ??= name;
  }

  get name(): string {
    if (this.#name) return this.#name;
    throw new Error(
      "An upload has no name: keep what this.allowUpload(…) returns in a public field of the view itself, or give it one with the name option.",
    );
  }

  get accept(): string | undefined {
    return this.#settings.accept.attribute;
  }

  get maxEntries(): number {
    return this.#settings.maxEntries;
  }

  get autoUpload(): boolean {
    return this.#settings.autoUpload;
  }

  get entries(): readonly UploadEntry[] {
    return this.#entries.views;
  }

  get errors(): readonly UploadProblem[] {
    return this.#entries.errors;
  }

  cancel(ref: string): void {
    this.#entries.cancel(this.#entries.find(ref));
  }

  consume<Result>(
    callback: (meta: Meta, entry: UploadEntry) => Result,
  ): Promise<Consumed<Awaited<Result>>[]> {
    return this.#entries.consume(callback);
  }

  consumeEntry<Result>(
    ref: string,
    callback: (meta: Meta, entry: UploadEntry) => Result,
  ): Promise<Consumed<Awaited<Result>>> {
    return this.#entries.consumeEntry(ref, callback);
  }

  serve(base: UploadServices): void {
    this.#base = base;
  }

  files(payload: { readonly entries?: unknown }): void {
    const fresh = new Map<string, ChosenFile>();
    for (const file of parseEntries(OWN_FILES, payload.entries)) {
      if (!this.#entries.at(file.ref) && !fresh.has(file.ref)) fresh.set(file.ref, file);
    }
    this.#entries.add(Array.from(fresh.values(), (file) => this.#check(file)));
  }

  async start(payload: { readonly entries?: unknown }): Promise<StartReply> {
    const refs = parseRefs(OWN_START, payload.entries);
    const requested = this.#entries.all.filter(({ ref }) => refs.has(ref));
    const fresh = requested.filter((entry) => !entry.isPreflighted);
    if (!this.autoUpload && fresh.length && this.#problems().length) return { errors: this.#problems() };
    const startable = requested.filter((entry) => this.#entries.mayStart(entry));
    for (const entry of startable) entry.isPreflighted = true;
    await Promise.all(
      startable.map((entry) => (this.#settings.external ? this.#refer(entry) : this.#receive(entry))),
    );
    if (!this.autoUpload && fresh.some((entry) => !entry.isValid)) {
      // All of a form's files, or none.
      for (const entry of fresh) entry.isPreflighted = false;
      return { errors: this.#problems() };
    }
    const errors = this.autoUpload ? this.#problems(requested) : [];
    return { ...this.#pace, entries: this.#started(startable), ...(errors.length && { errors }) };
  }

  progress(payload: { readonly [key: string]: unknown }): unknown {
    const entry = this.#entries.at(parseRef(OWN_PROGRESS, payload.entry));
    if (!entry?.isPreflighted || entry.isDone || !entry.isValid) return undefined;
    const { progress, error } = payload;
    if (typeof error === "string") this.#giveUp(entry, error.slice(0, REASON));
    else if (typeof progress !== "number" || !(progress >= 0 && progress <= 100)) {
      throw new InvalidPayloadError(OWN_PROGRESS, [
        { message: "expected progress from 0 to 100, or an error" },
      ]);
    } else {
      // The server knows better about bytes of a channel.
      if (!entry.meta || Math.floor(progress) === entry.progress) return undefined;
      entry.progress = Math.floor(progress);
      entry.isDone = entry.progress === 100;
    }
    return this.#settings.progress?.(entry.view);
  }

  disconnected(): void {
    for (const { transfer } of this.#entries.all) transfer?.disconnected();
  }

  drained(): void {
    for (const { transfer } of this.#entries.all) transfer?.drained();
  }

  end(): void {
    this.#entries.clear();
    this.#base?.forget(this);
  }

  /** For messages. */
  get #label(): string {
    return this.#name ?? this.ref;
  }

  get #pace() {
    const chunkSize = Math.min(this.#settings.chunkSize, this.#base?.roomInMessage ?? Infinity);
    return { chunkSize, window: WINDOW * chunkSize };
  }

  #check(file: ChosenFile): EntryState {
    const { accept, maxFileSize, validator } = this.#settings;
    const entry = new EntryState(this.ref, file);
    if (file.size === undefined || file.size > maxFileSize) {
      entry.fail("too_large", `The file is too large: it may have ${inWords(maxFileSize)}.`);
    } else if (!accept.includes(file.name, file.type)) {
      entry.fail("not_accepted", "Files of this kind are not accepted.");
    } else {
      const problem: unknown = validator?.(entry.view);
      if (typeof problem === "string" && problem) entry.fail(problem, problem);
      else if (problem !== undefined && problem !== null && problem !== "") {
        throw new TypeError(
          `The validator of upload "${this.#label}" must return a text or nothing, and at once, but returned ${String(problem)}.`,
        );
      }
    }
    return entry;
  }

  /** The client cannot go on with a file. */
  #giveUp(entry: EntryState, reason: string): void {
    entry.transfer?.stop(new Error(reason));
    const code = this.#settings.external ? "external_client_failure" : "client_failure";
    entry.fail(code, reason || "The file could not be uploaded.");
  }

  #problems(entries = this.#entries.all): (readonly [ref: string, code: string])[] {
    return [
      ...this.errors.map(({ code }) => [this.ref, code] as const),
      ...entries.flatMap(({ ref, errors }) => errors.map(({ code }) => [ref, code] as const)),
    ];
  }

  /** Asks the author for the target of a file that the client uploads itself. */
  async #refer(entry: EntryState): Promise<void> {
    if (entry.meta) return;
    let meta: (object & { readonly uploader?: unknown }) | undefined;
    try {
      meta = await this.#settings.external?.(entry.view);
    } catch (error) {
      entry.fail("external_metadata_failure", messageOf(error));
      this.#warn("external", error);
      return;
    }
    if (typeof meta?.uploader !== "string") {
      throw new TypeError(
        `External uploader metadata requires an uploader key: what external of upload "${this.#label}" returns must be an object like { uploader: "S3", … }.`,
      );
    }
    entry.meta = meta;
  }

  async #receive(entry: EntryState): Promise<void> {
    if (entry.transfer) return;
    const { writer, chunkTimeout } = this.#settings;
    const limits = { size: entry.size, timeout: chunkTimeout, ...this.#pace };
    entry.transfer = new FileTransfer(limits, this.#owner(entry));
    await entry.transfer.open(() =>
      writer ? writer(entry.view) : (this.#base as UploadServices).tempFile(),
    );
  }

  #started(entries: readonly EntryState[]): { readonly [ref: string]: StartedEntry } {
    const line = this.#base?.connection;
    const started = entries.flatMap((entry): [string, StartedEntry][] => {
      const { ref, transfer, meta } = entry;
      if (entry.isCancelled || !entry.isValid) return [];
      if (transfer) return line ? [[ref, transfer.connect(line)]] : [];
      return meta && !entry.isDone ? [[ref, { meta }]] : [];
    });
    return Object.fromEntries(started);
  }

  #owner(entry: EntryState): TransferOwner {
    return {
      advanced: (written) => {
        const percent = Math.floor((written * 100) / entry.size);
        if (percent === entry.progress) return;
        entry.progress = percent;
        this.#tell(entry);
      },
      completed: (meta) => {
        entry.progress = 100;
        entry.isDone = true;
        entry.meta = meta;
        this.#tell(entry);
      },
      failed: (code, message, error) => {
        entry.fail(code, message);
        if (error !== undefined) this.#warn("writer", error);
        this.#tell(entry);
      },
      lateError: (error) => this.#warn("writer", error),
    };
  }

  /** Shows the state of an entry, in the view's turn. Changes until then are shown with it. */
  #tell(entry: EntryState): void {
    if (entry.isTold) return;
    entry.isTold = true;
    this.#host.post(`progress of upload "${this.#label}"`, () => {
      entry.isTold = false;
      if (this.#entries.has(entry)) return this.#settings.progress?.(entry.view);
    });
  }

  #warn(what: "external" | "writer", error: unknown): void {
    this.#base?.warn(`${what} of upload "${this.#label}"`, messageOf(error), error);
  }
}

/** A number of bytes in words. */
function inWords(bytes: number): string {
  for (const [unit, size] of [
    ["GB", 1e9],
    ["MB", 1e6],
    ["KB", 1e3],
  ] as const)
    if (bytes >= size) return `${Number((bytes / size).toFixed(1))} ${unit}`;
  return bytes === 1 ? "1 byte" : `${bytes} bytes`;
}
