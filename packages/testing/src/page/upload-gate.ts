/** Files that tests choose: each is sent as far as its test says, and the app's answers about it are remembered. */
import type { UploadEntry, Uploader, Uploaders } from "@overwire/client";
import { ATTR_UPLOAD, type ChunkFrame, OWN_FILES, OWN_PROGRESS, OWN_START } from "@overwire/server/wire";
import type { File, HTMLFormElement, HTMLInputElement, Window } from "happy-dom";
import type { Activity } from "./wait.ts";

/** A file that a test has chosen. */
interface Held {
  readonly file: File;
  readonly input: HTMLInputElement;
  /** Share that may be sent. */
  percent: number;
  /** Bytes that have been sent, or will be with the chunk that is being read. */
  sent: number;
  /** The chunk that is being read ends here instead of where its reader says. */
  cut: { readonly end: number; readonly at: number } | undefined;
  /** Lets its sender look again how far it may go. */
  go: (() => void) | undefined;
  /** The client's name for it. */
  ref: string | undefined;
  /** Answer of the app when it was asked to take it; undefined until then. */
  taken: boolean | undefined;
  readonly codes: Set<string>;
  /**
   * Progress in percent of a file that does not go to the app, as its uploader reports it; 100 at its end
   * too.
   */
  elsewhere: number | undefined;
  /** The driver's report of a file that is not sent. */
  entry: UploadEntry | undefined;
}

/** Announcement of a chosen file. */
interface Told {
  readonly ref: string;
  readonly name: string;
  readonly size: number;
}

export class UploadGate {
  /** The page has had an input for files. */
  hasInput = false;
  readonly #activity: Activity;
  readonly #files = new Map<File, Held>();
  /** Requested files, by view and ref of the event. */
  readonly #asked = new Map<string, readonly string[]>();
  readonly #channels = new Map<number, Held>();

  constructor(activity: Activity) {
    this.#activity = activity;
  }

  /** A test chooses a file: nothing of it is sent until it says so. */
  hold(file: File, input: HTMLInputElement): void {
    const known = this.#files.get(file);
    const held: Held = {
      file,
      input,
      percent: 0,
      sent: 0,
      cut: undefined,
      go: undefined,
      ref: undefined,
      taken: undefined,
      codes: new Set(),
      elsewhere: undefined,
      entry: undefined,
    };
    this.#files.set(file, held);
    if (known) return;
    const slice = file.slice.bind(file);
    file.slice = (start, end, type) => {
      const { cut } = this.#files.get(file) as Held;
      return slice(start, cut?.end === end ? cut?.at : end, type);
    };
  }

  /** Lets more of a file go. */
  letGo(file: File, percent: number): void {
    const held = this.#files.get(file);
    if (!held) return;
    held.percent = Math.min(100, held.percent + percent);
    held.entry?.progress(held.percent);
    held.go?.();
  }

  /** A form is submitted: its files go. */
  submit(window: Window): void {
    window.addEventListener(
      "submit",
      ({ target }) => {
        const inputs = (target as unknown as HTMLFormElement).querySelectorAll(`[${ATTR_UPLOAD}]`);
        const uploads = Array.from(inputs, (el) => el.getAttribute(ATTR_UPLOAD));
        for (const { file, input } of this.#files.values()) {
          // It may have left the page, and another has come for the same upload.
          const isOwn = input.form === target || uploads.includes(input.getAttribute(ATTR_UPLOAD));
          if (isOwn) this.letGo(file, 100);
        }
      },
      { capture: true },
    );
  }

  /** Holds the client back before it sends more of a file than this. */
  gate(file: File, sent: number): Promise<void> | undefined {
    const held = this.#files.get(file);
    return held && !this.#passes(held, sent) ? this.#wait(held, sent) : undefined;
  }

  /** Tells if any part of a chunk may go that ends there. */
  #passes(held: Held, end: number): boolean {
    const limit = Math.ceil((held.file.size * held.percent) / 100);
    held.cut = undefined;
    if (held.percent === 100 || (end <= limit && held.percent)) held.sent = end;
    else if (held.sent >= limit || held.elsewhere !== undefined) return false;
    else {
      held.cut = { end, at: limit };
      held.sent = limit;
    }
    return true;
  }

  async #wait(held: Held, end: number): Promise<void> {
    do {
      const going = new Promise<void>((go) => {
        held.go = go;
      });
      // Once the client has taken note of it.
      queueMicrotask(() => this.#activity.notify());
      await going;
    } while (!this.#passes(held, end));
    held.go = undefined;
  }

  /** A new connection: messages under way on the former one may have to be sent again. */
  connected(): void {
    for (const held of this.#files.values()) held.sent = 0;
    this.#channels.clear();
    this.#asked.clear();
  }

  /** The client pushes an event of its own. @param key under which it is answered */
  asks(key: string, name: string, payload: object): void {
    if (name === OWN_FILES) for (const told of (payload as { entries: Told[] }).entries) this.#tell(told);
    if (name === OWN_START) {
      const { upload, entries } = payload as { upload: string; entries: string[] };
      this.#asked.set(key, [upload, ...entries]);
    }
    if (name !== OWN_PROGRESS) return;
    const { entry, progress, error } = payload as { entry: string; progress?: number; error?: string };
    const held = [...this.#files.values()].find(({ ref }) => ref === entry);
    if (held?.elsewhere === undefined) return;
    held.elsewhere = progress ?? 100;
    if (error !== undefined) held.codes.add("external_client_failure");
  }

  /** The files that are told one after the other are those that were chosen so. */
  #tell({ ref, name, size }: Told): void {
    const all = [...this.#files.values()];
    if (all.some((held) => held.ref === ref)) return;
    const held = all.find(({ file, ref }) => ref === undefined && file.name === name && file.size === size);
    if (held) held.ref = ref;
  }

  /** The app answers such an event. */
  answers(key: string, reply: unknown): void {
    const [upload, ...refs] = this.#asked.get(key) ?? [];
    this.#asked.delete(key);
    const { entries = {}, errors = [] } = (reply ?? {}) as {
      entries?: Record<string, { channel?: number }>;
      errors?: [ref: string, code: string][];
    };
    for (const held of this.#files.values()) {
      if (held.ref === undefined || !refs.includes(held.ref)) continue;
      const { channel } = entries[held.ref] ?? {};
      held.taken = held.ref in entries;
      held.codes.clear();
      // An error of all of them together concerns only those that are left out.
      for (const [ref, code] of errors)
        if (ref === held.ref || (ref === upload && !held.taken)) held.codes.add(code);
      if (channel !== undefined) this.#channels.set(channel, held);
    }
  }

  /** The app says how far a file has come. */
  received([, channel, , code]: ChunkFrame): void {
    if (code !== undefined) this.#channels.get(channel)?.codes.add(code);
  }

  /** Outcome of a file that was to be uploaded. */
  outcome(file: File): Pick<Held, "ref" | "taken" | "codes"> | undefined {
    return this.#files.get(file);
  }

  /** Names of files that uploaders have not brought as far as they may go. */
  get moving(): readonly string[] {
    const all = [...this.#files.values()];
    const moving = all.filter(({ elsewhere = 100, percent, go }) => elsewhere < percent && !go);
    return moving.map(({ file }) => file.name);
  }

  /** Uploaders of a test; for all others one that sends nothing and reports as much as the test lets go. */
  uploaders(own: Uploaders = {}): Uploaders {
    const standIn: Uploader = (entries) => {
      for (const entry of entries) {
        const held = this.#find(entry);
        if (held) held.entry = entry;
        const percent = held?.percent ?? 100;
        if (percent) entry.progress(percent);
      }
    };
    const choose = (name: string): Uploader => {
      const uploader = own[name] ?? standIn;
      return (entries, context) => {
        for (const entry of entries) {
          const held = this.#find(entry);
          if (!held) continue;
          held.elsewhere = 0;
          entry.onCancel(() => {
            held.elsewhere = 100;
            this.#activity.notify();
          });
        }
        return uploader(entries, context);
      };
    };
    const describe = (_: Uploaders, name: string | symbol) => ({
      configurable: true,
      enumerable: true,
      value: choose(String(name)),
    });
    // There is one of every name.
    return new Proxy(own, {
      get: (target, name) => describe(target, name).value,
      getOwnPropertyDescriptor: describe,
    });
  }

  #find({ file }: UploadEntry): Held | undefined {
    return this.#files.get(file as unknown as File);
  }
}
