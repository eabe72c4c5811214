/** Content of a request as a test describes it, made into a body with its headers. */
import { type TestFile, typeOfFile } from "../page/files.ts";

/** A file as a test sends it. */
export type SentFile = Blob | TestFile;

/** A single value of a form. `null` and `undefined` are left out; a `File` or `Blob` makes the form one in parts. */
type Scalar = string | number | bigint | boolean | Date | Blob | null | undefined;

/**
 * A value of a form, nested as names with brackets say it: `{ user: { name: "Ann" } }` is `user[name]`, and a list is `tags[]`.
 * A list of files has the name as it is.
 */
export type FieldValue = Scalar | readonly FieldValue[] | Fields;

/** Fields of a form, by their names. */
export interface Fields {
  readonly [name: string]: FieldValue;
}

/** A value of a form in parts, in which files may be described too. */
export type PartValue = Scalar | TestFile | readonly PartValue[] | Parts;

/** Fields of a form in parts, by their names. */
export interface Parts {
  readonly [name: string]: PartValue;
}

/** Content of a request: one of these at most, but `files` may stand beside a form. */
export interface RequestContent {
  /** Fields as a form sends them; `URLSearchParams` and `FormData` go as they are. */
  readonly form?: Fields | URLSearchParams | FormData | undefined;
  /** Fields of a form in parts (`multipart/form-data`); in them a file can be `{ name, content, type }`. */
  readonly multipart?: Parts | FormData | undefined;
  /** Files by the names of their inputs, beside the fields of a form; they make it one in parts. */
  readonly files?: { readonly [name: string]: SentFile | readonly SentFile[] } | undefined;
  /** Any JSON. */
  readonly json?: unknown;
  /** Sent as it is: as `text/plain` if it is a text and no header says otherwise. */
  readonly body?: BodyInit | undefined;
}

/** A body, and the headers that go with it unless a test has others. */
export interface EncodedContent {
  readonly body: BodyInit | undefined;
  readonly headers: Readonly<Record<string, string>>;
}

/** Order of the types that a browser accepts for a page. */
const ACCEPTS_PAGE = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

type Entry = readonly [name: string, value: string | Blob];

const fileKeys = new Set(["name", "content", "type", "lastModified", "relativePath", "size"]);

function isTestFile(value: object): value is TestFile {
  const { name, content } = value as Partial<TestFile>;
  return (
    typeof name === "string" &&
    content !== undefined &&
    Object.keys(value).every((key) => fileKeys.has(key)) &&
    (typeof content === "string" || content instanceof Blob || isBytes(content))
  );
}

const isBytes = (value: unknown): value is Uint8Array | ArrayBuffer =>
  value instanceof ArrayBuffer || ArrayBuffer.isView(value);

function fileOf(file: SentFile): Blob {
  if (file instanceof Blob) return file;
  const { name, content, lastModified } = file;
  return new File([content as BlobPart], name, {
    type: typeOfFile(file),
    ...(lastModified !== undefined && { lastModified }),
  });
}

/** Fields by their names with brackets. @param mayDescribe objects may describe files */
function* entriesOf(name: string, value: PartValue, mayDescribe: boolean): Generator<Entry> {
  if (value === null || value === undefined) return;
  if (typeof value === "symbol" || typeof value === "function") throw wrongValue(name, value);
  if (typeof value !== "object") return yield [name, String(value)];
  if (value instanceof Blob) return yield [name, value];
  if (value instanceof Date) return yield [name, value.toISOString()];
  if (isBytes(value)) throw wrongValue(name, value);
  if (Array.isArray(value)) return yield* entriesOfList(name, value, mayDescribe);
  if (mayDescribe && isTestFile(value)) return yield [name, fileOf(value)];
  for (const [key, each] of Object.entries(value)) yield* entriesOf(`${name}[${key}]`, each, mayDescribe);
}

function* entriesOfList(name: string, list: readonly PartValue[], mayDescribe: boolean): Generator<Entry> {
  const bare = name.replace(/\[\]$/, "");
  for (const [at, each] of list.entries()) {
    const isObject = typeof each === "object" && each !== null && !(each instanceof Date);
    const isFile = isObject && (each instanceof Blob || (mayDescribe && isTestFile(each)));
    yield* entriesOf(isFile ? name : `${bare}[${isObject ? at : ""}]`, each, mayDescribe);
  }
}

function wrongValue(name: string, value: unknown): TypeError {
  const shown = typeof value === "object" ? (value?.constructor.name ?? "object") : typeof value;
  return new TypeError(
    `The field ${JSON.stringify(name)} cannot be a ${shown}. Bytes are sent as a file: { files: { ${name}: { name: "cat.png", content } } }.`,
  );
}

const allEntries = (fields: Parts, mayDescribe: boolean): Entry[] =>
  Object.entries(fields).flatMap(([name, value]) => [...entriesOf(name, value, mayDescribe)]);

/** Adds the fields of a query to a URL. */
export function addQuery(url: URL, query: Fields | URLSearchParams): void {
  const entries = query instanceof URLSearchParams ? [...query] : allEntries(query, false);
  for (const [name, value] of entries) {
    if (typeof value !== "string") throw wrongValue(name, value);
    url.searchParams.append(name, value);
  }
}

function inParts(entries: Iterable<readonly [string, string | Blob]>): FormData {
  const data = new FormData();
  for (const [name, value] of entries) {
    // A `Blob` without a name is a field's text to some parsers.
    if (typeof value === "string") data.append(name, value);
    else data.append(name, value, value instanceof File ? value.name : "blob");
  }
  return data;
}

/** @throws TypeError if there are two contents */
export function encodeContent(content: RequestContent): EncodedContent {
  const { form, multipart, files, json, body } = content;
  const given = Object.entries({ form, multipart, json, body }).filter(([, value]) => value !== undefined);
  const names = given.map(([name]) => name);
  if (names.length > 1) throw new TypeError(`A request has one content, but got ${names.join(" and ")}.`);
  if (files && (json ?? body) !== undefined)
    throw new TypeError(`Files go with the fields of a form, but got ${names.join()} beside files.`);
  const page = { accept: ACCEPTS_PAGE };
  if (json !== undefined)
    return {
      body: JSON.stringify(json),
      headers: { accept: "application/json", "content-type": "application/json" },
    };
  if (body !== undefined) return { body, headers: page };
  const fields = form ?? multipart;
  if (!fields && !files) return { body: undefined, headers: page };
  const sent = Object.entries(files ?? {}).flatMap(([name, value]) =>
    [value].flat().map((file) => [name, fileOf(file as SentFile)] as const),
  );
  const isEncoded = fields instanceof URLSearchParams || fields instanceof FormData;
  const entries = isEncoded ? [...fields] : allEntries(fields ?? {}, multipart !== undefined);
  const isInParts =
    files ||
    multipart ||
    fields instanceof FormData ||
    entries.some(([, value]) => typeof value !== "string");
  if (isInParts) return { body: inParts([...entries, ...sent]), headers: page };
  return { body: new URLSearchParams(entries as [string, string][]), headers: page };
}
