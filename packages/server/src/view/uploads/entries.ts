/** The files of an upload: which are there, which of them may be uploaded, taking them away and handing them over. */
import type { EntryState } from "./entry.ts";
import type { ParsedUploadOptions } from "./options.ts";
import { type Consumed, consumed, isPostponed } from "./postpone.ts";
import type { UploadEntry, UploadProblem } from "./types.ts";

/** Files beyond `maxEntries` that are kept, to be shown with their errors. */
const SURPLUS = 100;

export class UploadEntries {
  readonly #settings: Pick<ParsedUploadOptions<object>, "maxEntries" | "maxEntriesMode">;
  /** For messages. */
  readonly #label: () => string;
  #all: readonly EntryState[] = [];
  #views: readonly UploadEntry[] = [];
  /** Entries that are gone, and count all the same with `maxEntriesMode: "total"`. */
  #spent = 0;

  constructor(
    settings: Pick<ParsedUploadOptions<object>, "maxEntries" | "maxEntriesMode">,
    label: () => string,
  ) {
    this.#settings = settings;
    this.#label = label;
  }

  get all(): readonly EntryState[] {
    return this.#all;
  }

  /** The author's view of them. */
  get views(): readonly UploadEntry[] {
    return this.#views;
  }

  get errors(): readonly UploadProblem[] {
    if (this.#all.length <= this.#room) return [];
    const { maxEntries } = this.#settings;
    const files = maxEntries === 1 ? "one file" : `${maxEntries} files`;
    return [{ code: "too_many_files", message: `Only ${files} can be uploaded.` }];
  }

  at(ref: string): EntryState | undefined {
    return this.#all.find((entry) => entry.ref === ref);
  }

  /** @throws Error if there is no such entry */
  find(ref: string): EntryState {
    const entry = this.at(ref);
    if (!entry) throw new Error(`There is no entry in upload "${this.#label()}" with ref "${ref}".`);
    return entry;
  }

  has(entry: EntryState): boolean {
    return this.#all.includes(entry);
  }

  /** Adds chosen files. */
  add(chosen: readonly EntryState[]): void {
    const { maxEntries } = this.#settings;
    // A user who chooses another file wants that one instead.
    if (maxEntries === 1 && chosen.length === 1) this.clear();
    this.#put([...this.#all, ...chosen].slice(0, maxEntries + SURPLUS));
  }

  cancel(entry: EntryState): void {
    this.#remove(entry);
    end(entry);
  }

  /** Cancels all. */
  clear(): void {
    const all = this.#all;
    this.#put([]);
    for (const entry of all) end(entry);
  }

  /** Nothing is wrong with it, and there is room for it. */
  mayStart(entry: EntryState): boolean {
    return entry.isValid && (entry.isPreflighted || this.#all.indexOf(entry) < this.#room);
  }

  /** @throws Error while some are on the way, or about to be */
  async consume<Result>(
    callback: (meta: never, entry: UploadEntry) => Result,
  ): Promise<Consumed<Awaited<Result>>[]> {
    const busy = this.#all.filter((entry) => this.mayStart(entry) && !entry.isDone);
    if (busy.length) throw this.#unfinished(busy);
    return this.#handOver(
      this.#all.filter((entry) => entry.isDone && !entry.isClaimed),
      callback,
    );
  }

  /** @throws Error if it is not there, not complete, or being consumed */
  async consumeEntry<Result>(
    ref: string,
    callback: (meta: never, entry: UploadEntry) => Result,
  ): Promise<Consumed<Awaited<Result>>> {
    const entry = this.find(ref);
    if (!entry.isDone) throw this.#unfinished([entry]);
    if (entry.isClaimed) {
      throw new Error(`Entry "${ref}" of upload "${this.#label()}" is being consumed already.`);
    }
    const [result] = await this.#handOver([entry], callback);
    return result as Consumed<Awaited<Result>>;
  }

  async #handOver<Result>(
    entries: readonly EntryState[],
    callback: (meta: never, entry: UploadEntry) => Result,
  ): Promise<Consumed<Awaited<Result>>[]> {
    const results: Consumed<Awaited<Result>>[] = [];
    // Entries that an author has begun to take stay until they are taken, even if the user leaves the page
    // meanwhile.
    for (const entry of entries) entry.isClaimed = true;
    try {
      for (const entry of entries) {
        let isKept = false;
        try {
          const result = await callback(entry.meta as never, entry.view);
          isKept = isPostponed(result);
          results.push(consumed(result));
        } finally {
          if (!isKept) await this.#spend(entry);
        }
      }
    } finally {
      for (const entry of entries) {
        entry.isClaimed = false;
        if (!this.has(entry)) entry.transfer?.stop();
      }
    }
    return results;
  }

  async #spend(entry: EntryState): Promise<void> {
    this.#remove(entry);
    if (this.#settings.maxEntriesMode === "total") this.#spent++;
    await entry.transfer?.stop();
  }

  get #room(): number {
    return this.#settings.maxEntries - this.#spent;
  }

  #remove(entry: EntryState): void {
    this.#put(this.#all.filter((one) => one !== entry));
  }

  #put(entries: readonly EntryState[]): void {
    this.#all = entries;
    this.#views = entries.map((entry) => entry.view);
  }

  #unfinished(entries: readonly EntryState[]): Error {
    const names = entries.map((entry) => JSON.stringify(entry.view.clientName)).join(", ");
    return new Error(
      `Cannot consume uploaded files of "${this.#label()}" when entries are still in progress: ${names}. Wait until they are done, or cancel them.`,
    );
  }
}

function end(entry: EntryState): void {
  entry.isCancelled = true;
  if (!entry.isClaimed) entry.transfer?.stop();
}
