/** Parses the file metadata that a client announces, and limits its size. */
import { InvalidPayloadError } from "../events/event.ts";

/** A file that was chosen, as its browser describes it. */
export interface ChosenFile {
  readonly ref: string;
  readonly name: string;
  /** Undefined if it is no number of bytes. */
  readonly size: number | undefined;
  readonly type: string;
  readonly relativePath: string;
  readonly lastModified: number | undefined;
  readonly meta: unknown;
}

/** Most files that one message may name. */
const MOST_FILES = 1000;
/** Most characters. */
const NAME = 255;
const PATH = 1024;
const META = 4096;

const refused = (event: string, message: string) => new InvalidPayloadError(event, [{ message }]);

/** @throws InvalidPayloadError if it is no list of files with refs */
export function parseEntries(event: string, entries: unknown): readonly ChosenFile[] {
  return list(event, entries).map((entry) => {
    if (typeof entry !== "object" || entry === null)
      throw refused(event, "expected entries that are objects");
    const { ref, name, size, type, relativePath, lastModified, meta } = entry as Record<string, unknown>;
    const hasMeta = meta !== undefined && meta !== null;
    if (hasMeta && lengthOf(meta) > META) {
      throw refused(event, `an entry's meta may have ${META} characters of JSON`);
    }
    return {
      ref: parseRef(event, ref),
      name: nameOf(text(name)),
      size: isCount(size) ? size : undefined,
      type: part(text(type), 0, NAME),
      relativePath: part(text(relativePath), 0, PATH),
      lastModified: isCount(lastModified) ? lastModified : undefined,
      meta: hasMeta ? meta : undefined,
    };
  });
}

/** @throws InvalidPayloadError if it is no list of refs */
export function parseRefs(event: string, entries: unknown): ReadonlySet<string> {
  return new Set(list(event, entries).map((ref) => parseRef(event, ref)));
}

/** @throws InvalidPayloadError if it is no ref */
export function parseRef(event: string, ref: unknown): string {
  // They stand beside one another in an attribute, with commas between.
  if (typeof ref === "string" && /^[^\s,]{1,64}$/.test(ref)) return ref;
  throw refused(event, "expected refs of entries: texts of up to 64 characters without spaces or commas");
}

function list(event: string, entries: unknown): readonly unknown[] {
  if (!Array.isArray(entries)) throw refused(event, "expected a list of entries");
  if (entries.length > MOST_FILES) throw refused(event, `a message may name ${MOST_FILES} files`);
  return entries;
}

const text = (value: unknown): string => (typeof value === "string" ? value.replaceAll("\0", "") : "");
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

/** A browser's names have no directories. One that leads out of a directory is an attacker's. */
function nameOf(name: string): string {
  const base = Math.max(name.lastIndexOf("/"), name.lastIndexOf("\\")) + 1;
  // Its end has the extension.
  const kept = part(name, Math.max(base, name.length - NAME));
  return /^\.{1,2}$/.test(kept) ? "" : kept;
}

/** Copied: a part that is not would keep the whole text in memory. */
function part(text: string, from: number, to?: number): string {
  const part = text.slice(from, to);
  return part.length < text.length ? Buffer.from(part).toString() : text;
}

/** Characters of a value as JSON, or more than any if it is too deep to be written. */
function lengthOf(value: unknown): number {
  try {
    return JSON.stringify(value).length;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}
