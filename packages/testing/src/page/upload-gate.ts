/** Files that tests choose: each is sent as far as its test says, and the app's answers about it are remembered. */
import type { UploadEntry, Uploader, Uploaders } from "@overwire/client";
import { ATTR_UPLOAD, type ChunkFrame, OWN_FILES, OWN_PROGRESS, OWN_START } from "@overwire/server/wire";
import type { File, HTMLFormElement, HTMLInputElement, Window } from "happy-dom";
import type { Activity } from "./wait.ts";

/** A file that a test has chosen. */
interface GatedFile {
  readonly file: File;
  readonly input: HTMLInputElement;
  /** Share that may be sent. */
  percent: number;
  /** Bytes that have been sent, or will be with the chunk that is being read. */
  sent: number;
  /** The chunk that is being read ends here instead of where its reader says. */
  cut: { readonly end: number; readonly at: number } | undefined;
  /** Lets its sender look again how far it may go. */
  resume: (() => void) | undefined;
  /** The client's name for it. */
  ref: string | undefined;
  /** Answer of the app when it was asked to take it; undefined until then. */
  accepted: boolean | undefined;
  readonly codes: Set<string>;
  /**
   * Progress in percent of a file that does not go to the app, as its uploader reports it; 100 at its end
   * too.
   */
  externalProgress: number | undefined;
  /** The driver's report of a file that is not sent. */
  entry: UploadEntry | undefined;
}

/** Announcement of a chosen file. */
interface AnnouncedEntry {
  readonly ref: string;
  readonly name: string;
  readonly size: number;
}

export class UploadGate {
  /** The page has had an input for files. */
  hasInput = false;
  readonly #activity: Activity;
  readonly #files = new Map<File, GatedFile>();
  /** Uploads and refs of preflighted files, by view and ref of the event. */
  readonly #preflights = new Map<string, readonly string[]>();
  readonly #channels = new Map<number, GatedFile>();

  constructor(activity: Activity) {
    this.#activity = activity;
  }

  /** A test chooses a file: nothing of it is sent until it says so. */
  hold(file: File, input: HTMLInputElement): void {
    const known = this.#files.get(file);
    const gated: GatedFile = {
      file,
      input,
      percent: 0,
      sent: 0,
      cut: undefined,
      resume: undefined,
      ref: undefined,
      accepted: undefined,
      codes: new Set(),
      externalProgress: undefined,
      entry: undefined,
    };
    this.#files.set(file, gated);
    if (known) return;
    const slice = file.slice.bind(file);
    file.slice = (start, end, type) => {
      const { cut } = this.#files.get(file) as GatedFile;
      return slice(start, cut?.end === end ? cut?.at : end, type);
    };
  }

  /** Lets more of a file go. */
  letGo(file: File, percent: number): void {
    const gated = this.#files.get(file);
    if (!gated) return;
    gated.percent = Math.min(100, gated.percent + percent);
    gated.entry?.progress(gated.percent);
    gated.resume?.();
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
    const gated = this.#files.get(file);
    return gated && !this.#passes(gated, sent) ? this.#wait(gated, sent) : undefined;
  }

  /** Tells if any part of a chunk may go that ends there. */
  #passes(gated: GatedFile, end: number): boolean {
    const limit = Math.ceil((gated.file.size * gated.percent) / 100);
    gated.cut = undefined;
    if (gated.percent === 100 || (end <= limit && gated.percent)) gated.sent = end;
    else if (gated.sent >= limit || gated.externalProgress !== undefined) return false;
    else {
      gated.cut = { end, at: limit };
      gated.sent = limit;
    }
    return true;
  }

  async #wait(gated: GatedFile, end: number): Promise<void> {
    do {
      const resumed = new Promise<void>((resume) => {
        gated.resume = resume;
      });
      // Once the client has taken note of it.
      queueMicrotask(() => this.#activity.notify());
      await resumed;
    } while (!this.#passes(gated, end));
    gated.resume = undefined;
  }

  /** A new connection: messages under way on the former one may have to be sent again. */
  connected(): void {
    for (const gated of this.#files.values()) gated.sent = 0;
    this.#channels.clear();
    this.#preflights.clear();
  }

  /** The client pushes an event of its own. @param key under which it is answered */
  asks(key: string, name: string, payload: object): void {
    if (name === OWN_FILES)
      for (const entry of (payload as { entries: AnnouncedEntry[] }).entries) this.#announce(entry);
    if (name === OWN_START) {
      const { upload, entries } = payload as { upload: string; entries: string[] };
      this.#preflights.set(key, [upload, ...entries]);
    }
    if (name !== OWN_PROGRESS) return;
    const { entry, progress, error } = payload as { entry: string; progress?: number; error?: string };
    const gated = [...this.#files.values()].find(({ ref }) => ref === entry);
    if (gated?.externalProgress === undefined) return;
    gated.externalProgress = progress ?? 100;
    if (error !== undefined) gated.codes.add("external_client_failure");
  }

  /** Entries are announced in the order in which their files were chosen. */
  #announce({ ref, name, size }: AnnouncedEntry): void {
    const all = [...this.#files.values()];
    if (all.some((gated) => gated.ref === ref)) return;
    const gated = all.find(({ file, ref }) => ref === undefined && file.name === name && file.size === size);
    if (gated) gated.ref = ref;
  }

  /** The app answers such an event. */
  answers(key: string, reply: unknown): void {
    const [upload, ...refs] = this.#preflights.get(key) ?? [];
    this.#preflights.delete(key);
    const { entries = {}, errors = [] } = (reply ?? {}) as {
      entries?: Record<string, { channel?: number }>;
      errors?: [ref: string, code: string][];
    };
    for (const gated of this.#files.values()) {
      if (gated.ref === undefined || !refs.includes(gated.ref)) continue;
      const { channel } = entries[gated.ref] ?? {};
      gated.accepted = gated.ref in entries;
      gated.codes.clear();
      // An error of all of them together concerns only those that are left out.
      for (const [ref, code] of errors)
        if (ref === gated.ref || (ref === upload && !gated.accepted)) gated.codes.add(code);
      if (channel !== undefined) this.#channels.set(channel, gated);
    }
  }

  /** The app says how far a file has come. */
  received([, channel, , code]: ChunkFrame): void {
    if (code !== undefined) this.#channels.get(channel)?.codes.add(code);
  }

  /** Outcome of a file that was to be uploaded. */
  outcome(file: File): Pick<GatedFile, "ref" | "accepted" | "codes"> | undefined {
    return this.#files.get(file);
  }

  /** Names of files that uploaders have not brought as far as they may go. */
  get moving(): readonly string[] {
    const all = [...this.#files.values()];
    const moving = all.filter(
      ({ externalProgress = 100, percent, resume }) => externalProgress < percent && !resume,
    );
    return moving.map(({ file }) => file.name);
  }

  /** Uploaders of a test; for all others one that sends nothing and reports as much as the test lets go. */
  uploaders(own: Uploaders = {}): Uploaders {
    const standIn: Uploader = (entries) => {
      for (const entry of entries) {
        const gated = this.#find(entry);
        if (gated) gated.entry = entry;
        const percent = gated?.percent ?? 100;
        if (percent) entry.progress(percent);
      }
    };
    const choose = (name: string): Uploader => {
      const uploader = own[name] ?? standIn;
      return (entries, context) => {
        for (const entry of entries) {
          const gated = this.#find(entry);
          if (!gated) continue;
          gated.externalProgress = 0;
          entry.onCancel(() => {
            gated.externalProgress = 100;
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

  #find({ file }: UploadEntry): GatedFile | undefined {
    return this.#files.get(file as unknown as File);
  }
}
