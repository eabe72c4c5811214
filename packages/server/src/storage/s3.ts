/** `s3Storage`: lets a browser put its files into an S3 store itself, each of the agreed size and type. */
import { checkKey, type S3Bucket, Signing } from "./signing.ts";

/** The bucket, its links, and the time for which a browser may use them. */
export interface S3StorageOptions extends S3Bucket {
  /** Seconds that links are good for: an upload must have begun its last part by then. Default 3600, at most 7 days. */
  readonly expires?: number | undefined;
  /** Bytes of a part. Default and least 5 MiB, and more for files that would have more than 1000 parts. */
  readonly partSize?: number | undefined;
  /**
   * Size in bytes from which a file is sent in parts and resumes after an outage. Default: two parts;
   * `Infinity`: never.
   */
  readonly multipartFrom?: number | undefined;
}

/** An upload's entry, as far as storing it needs one. */
export interface StorableEntry {
  readonly uuid: string;
  /** In bytes. */
  readonly clientSize: number;
  readonly clientType: string;
}

/** Options for storing one file. */
export interface PresignOptions {
  /** Default `uploads/<uuid of the entry>`. Never the client's name for a file as it is: it would let one put a file over another's. */
  readonly key?: string | undefined;
  /** Default: the type that the client claims. */
  readonly contentType?: string | undefined;
  /** The file may replace one under the same key. Default false: a link stores a file once. */
  readonly overwrite?: boolean | undefined;
  /** More headers to store with the file, like `content-disposition` and `cache-control`. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** For the browser: a file goes up in one request. */
export interface S3PutMeta {
  readonly uploader: "S3";
  readonly key: string;
  readonly url: string;
  readonly headers: Record<string, string>;
}

/** For the browser: a file goes up in parts. */
export interface S3MultipartMeta {
  readonly uploader: "S3";
  readonly key: string;
  readonly multipart: {
    /** Bytes of each part but the last. */
    readonly partSize: number;
    /** Links for the parts, in order. */
    readonly parts: string[];
    readonly list: string;
    readonly complete: string;
    readonly abort: string;
  };
}

export type S3Meta = S3PutMeta | S3MultipartMeta;

/** Metadata of a stored object. */
export interface S3Object {
  /** In bytes. */
  readonly size: number;
  readonly contentType: string;
  readonly etag: string;
}

/** Files in one bucket. */
export interface S3Storage {
  /**
   * Answer of an upload's `external` option for an entry. The links allow that very file, once: its size and type
   * are signed, and that nothing is stored under its key yet. Asked again for the same entry and key, an upload in parts goes on.
   * @throws Error when an upload in parts cannot be begun; TypeError for a key that cannot be
   */
  presign(entry: StorableEntry, options?: PresignOptions): Promise<S3Meta>;
  /**
   * Metadata of the object under a key; `undefined` if there is none. In `consume` it shows if the client did
   * as it claims.
   */
  head(key: string): Promise<S3Object | undefined>;
  /**
   * A link to read an object.
   * @param options.expires seconds, default as for uploads
   * @param options.download name under which a browser saves it, and so does not show it
   */
  url(
    key: string,
    options?: { readonly expires?: number | undefined; readonly download?: string | undefined },
  ): Promise<string>;
  /** Removes an object, if there is one. */
  delete(key: string): Promise<void>;
}

const MIB = 1024 * 1024;
/** Smallest size that S3 accepts for a part other than the last. */
const LEAST_PART = 5 * MIB;
/** As many as a store lists at once, though S3 has room for ten times as many. */
const MOST_PARTS = 1000;
const WEEK = 7 * 24 * 60 * 60;

/**
 * Lets browsers upload into a bucket of S3, or of a store that speaks like it, past this server.
 * @example
 * const storage = s3Storage({ region: "eu-central-1", bucket: "albums", accessKeyId, secretAccessKey });
 * album = this.allowUpload({ accept: ["image/*"], external: (entry) => storage.presign(entry) });
 * await this.album.consume(async ({ key }) => (await storage.head(key)) && this.photos.push(key));
 * @throws TypeError or RangeError for options that cannot work
 */
export function s3Storage(options: S3StorageOptions): S3Storage {
  return new S3Store(options);
}

class S3Store implements S3Storage {
  readonly #signing: Signing;
  readonly #expires: number;
  readonly #partSize: number;
  readonly #multipartFrom: number;
  /** Uploads in parts that were begun, by entry and key. */
  readonly #begun = new WeakMap<StorableEntry, Map<string, Promise<string>>>();

  constructor(options: S3StorageOptions) {
    const { expires = 3600, partSize = LEAST_PART, multipartFrom = 2 * partSize } = options;
    checkExpires(expires);
    if (!(Number.isInteger(partSize) && partSize >= LEAST_PART)) {
      throw new RangeError(`partSize must be a whole number of ${LEAST_PART} bytes (5 MiB) or more.`);
    }
    this.#signing = new Signing(options);
    this.#expires = expires;
    this.#partSize = partSize;
    this.#multipartFrom = multipartFrom;
  }

  async presign(entry: StorableEntry, options: PresignOptions = {}): Promise<S3Meta> {
    const { key = `uploads/${entry.uuid}`, contentType = typeOf(entry), overwrite = false } = options;
    checkKey(key);
    const headers = { ...options.headers, "content-type": contentType };
    if (entry.clientSize >= Math.max(1, this.#multipartFrom)) return this.#parts(entry, key, headers);
    // Otherwise a browser could replace the file after the server has checked it.
    const sent = overwrite ? headers : { ...headers, "if-none-match": "*" };
    const url = await this.#signing.link("PUT", key, this.#expires, {
      headers: { ...sent, "content-length": String(entry.clientSize) },
    });
    return { uploader: "S3", key, url, headers: sent };
  }

  async head(key: string): Promise<S3Object | undefined> {
    checkKey(key);
    const { status, headers } = await this.#signing.send("HEAD", key);
    if (status === 404) return undefined;
    return {
      size: Number(headers.get("content-length")),
      contentType: headers.get("content-type") ?? "",
      etag: headers.get("etag") ?? "",
    };
  }

  async url(
    key: string,
    options: { readonly expires?: number | undefined; readonly download?: string | undefined } = {},
  ): Promise<string> {
    const { expires = this.#expires, download } = options;
    checkKey(key);
    checkExpires(expires);
    const query = download !== undefined && { "response-content-disposition": attachment(download) };
    return this.#signing.link("GET", key, expires, query ? { query } : {});
  }

  async delete(key: string): Promise<void> {
    checkKey(key);
    await this.#signing.send("DELETE", key);
  }

  async #parts(
    entry: StorableEntry,
    key: string,
    headers: Readonly<Record<string, string>>,
  ): Promise<S3MultipartMeta> {
    const size = entry.clientSize;
    const partSize = Math.max(this.#partSize, Math.ceil(size / MOST_PARTS / MIB) * MIB);
    const uploadId = await this.#begin(entry, key, headers);
    const link = (method: string, query: Record<string, string> = {}, headers = {}) =>
      this.#signing.link(method, key, this.#expires, { query: { ...query, uploadId }, headers });
    const parts = Array.from({ length: Math.ceil(size / partSize) }, (_, index) =>
      link(
        "PUT",
        { partNumber: String(index + 1) },
        { "content-length": String(Math.min(partSize, size - index * partSize)) },
      ),
    );
    const [list, complete, abort] = await Promise.all([link("GET"), link("POST"), link("DELETE")]);
    const multipart = { partSize, parts: await Promise.all(parts), list, complete, abort };
    return { uploader: "S3", key, multipart };
  }

  #begin(entry: StorableEntry, key: string, headers: Readonly<Record<string, string>>): Promise<string> {
    const keys = this.#begun.get(entry) ?? new Map<string, Promise<string>>();
    this.#begun.set(entry, keys);
    let begun = keys.get(key);
    if (!begun) {
      begun = this.#create(key, headers);
      keys.set(key, begun);
      begun.catch(() => keys.delete(key));
    }
    return begun;
  }

  async #create(key: string, headers: Readonly<Record<string, string>>): Promise<string> {
    const response = await this.#signing.send("POST", key, { query: { uploads: "" }, headers });
    const id = /<UploadId>([^<]+)/.exec(await response.text())?.[1];
    if (id === undefined) {
      throw new Error(`The store began no upload for ${key}, though it answered ${response.status}.`);
    }
    return id.replace(/&amp;/g, "&");
  }
}

function checkExpires(seconds: number): void {
  if (Number.isInteger(seconds) && seconds >= 1 && seconds <= WEEK) return;
  throw new RangeError(`expires is in whole seconds, from 1 to ${WEEK} (7 days); it was ${seconds}.`);
}

/** The type that the client claims, if it can be a header. */
function typeOf({ clientType }: StorableEntry): string {
  return /^[\w.+-]+\/[\w.+-]+$/.test(clientType) ? clientType : "application/octet-stream";
}

function attachment(name: string): string {
  return `attachment; filename*=UTF-8''${encodeURIComponent(name).replace(/['()*]/g, (char) => `%${char.charCodeAt(0).toString(16)}`)}`;
}
