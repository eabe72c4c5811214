/** One file of an upload: its state, and the look at it that authors are given. */
import type { ChosenFile } from "./parse-entries.ts";
import type { FileTransfer } from "./transfer.ts";
import type { UploadEntry, UploadProblem } from "./types.ts";

export class EntryState {
  readonly chosen: ChosenFile;
  readonly upload: string;
  readonly uuid: string = crypto.randomUUID();
  /** For authors. */
  readonly view: UploadEntry = new EntryView(this);
  progress = 0;
  isDone = false;
  isPreflighted = false;
  isCancelled = false;
  errors: readonly UploadProblem[] = [];
  /** Receives its bytes, once the upload has begun. */
  transfer: FileTransfer | undefined;
  /** Argument of `consume`. Of an external upload it is known before the end. */
  meta: object | undefined;
  /** An author's callback has it: others may not have it, and its file stays until then. */
  isClaimed = false;
  /** News of it wait for the view's turn. */
  isTold = false;

  constructor(upload: string, chosen: ChosenFile) {
    this.upload = upload;
    this.chosen = chosen;
  }

  get ref(): string {
    return this.chosen.ref;
  }

  get size(): number {
    return this.chosen.size ?? 0;
  }

  get isValid(): boolean {
    return this.errors.length === 0;
  }

  fail(code: string, message: string): void {
    if (this.errors.some((error) => error.code === code)) return;
    this.errors = [...this.errors, { code, message }];
  }
}

class EntryView implements UploadEntry {
  readonly #state: EntryState;

  constructor(state: EntryState) {
    this.#state = state;
  }

  get ref(): string {
    return this.#state.ref;
  }

  get uuid(): string {
    return this.#state.uuid;
  }

  get upload(): string {
    return this.#state.upload;
  }

  get clientName(): string {
    return this.#state.chosen.name;
  }

  get clientType(): string {
    return this.#state.chosen.type;
  }

  get clientSize(): number {
    return this.#state.size;
  }

  get clientRelativePath(): string {
    return this.#state.chosen.relativePath;
  }

  get clientLastModified(): number | undefined {
    return this.#state.chosen.lastModified;
  }

  get clientMeta(): unknown {
    return this.#state.chosen.meta;
  }

  get progress(): number {
    return this.#state.progress;
  }

  get done(): boolean {
    return this.#state.isDone;
  }

  get valid(): boolean {
    return this.#state.isValid;
  }

  get preflighted(): boolean {
    return this.#state.isPreflighted;
  }

  get cancelled(): boolean {
    return this.#state.isCancelled;
  }

  get errors(): readonly UploadProblem[] {
    return this.#state.errors;
  }
}
