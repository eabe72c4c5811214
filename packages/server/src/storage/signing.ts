/** Requests to one bucket of an S3 store, signed by version 4: as links for others, or sent from here. */
import { AwsClient, AwsV4Signer } from "aws4fetch";

/** Location of a bucket, and the credentials for it. */
export interface S3Bucket {
  /** Name of the bucket. */
  readonly bucket: string;
  /** Address of the store, without the bucket, like `https://<account>.r2.cloudflarestorage.com`. Default: AWS in {@link region}. */
  readonly endpoint?: string | undefined;
  /** Region of the bucket. Default, with an endpoint: `us-east-1`. */
  readonly region?: string | undefined;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Token of temporary credentials. */
  readonly sessionToken?: string | undefined;
  /** The bucket is in the path (`https://store/bucket/key`), not in the host's name. Default: with an endpoint. */
  readonly pathStyle?: boolean | undefined;
}

/** Contents of a link besides method and key. */
export interface Signed {
  readonly query?: Readonly<Record<string, string>> | undefined;
  /** Headers that the request must have, exactly so. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** Times a request from here is sent again that the store could not serve. */
const RETRIES = 3;

export class Signing {
  readonly #base: string;
  readonly #keys: {
    accessKeyId: string;
    secretAccessKey: string;
    sessionToken?: string;
    region: string;
    service: string;
    cache: Map<string, ArrayBuffer>;
  };
  readonly #client: AwsClient;

  constructor(options: S3Bucket) {
    const { accessKeyId, secretAccessKey, sessionToken, region = "us-east-1" } = options;
    for (const name of ["bucket", "accessKeyId", "secretAccessKey"] as const) {
      if (!options[name]) throw new TypeError(`s3Storage() needs ${name}, and it is empty.`);
    }
    this.#base = bucketUrl(options);
    const token = sessionToken === undefined ? {} : { sessionToken };
    this.#keys = { accessKeyId, secretAccessKey, ...token, region, service: "s3", cache: new Map() };
    this.#client = new AwsClient({ ...this.#keys, retries: RETRIES });
  }

  /** A link for one request, valid for every bearer. @param expires seconds of its validity */
  async link(method: string, key: string, expires: number, signed: Signed = {}): Promise<string> {
    const signer = new AwsV4Signer({
      ...this.#keys,
      method,
      url: this.#url(key, { ...signed.query, "X-Amz-Expires": String(expires) }),
      headers: signed.headers ?? {},
      signQuery: true,
      // Size and type too, which are left out otherwise.
      allHeaders: true,
    });
    return (await signer.sign()).url.href;
  }

  /** Sends a request. @throws Error if the store refuses it; a 404 to HEAD is an answer */
  async send(method: string, key: string, { query, headers = {} }: Signed = {}): Promise<Response> {
    const doing = `${method} ${key}`;
    const response = await this.#client.fetch(this.#url(key, query), { method, headers }).catch((cause) => {
      throw new Error(`The store at ${this.#base} cannot be reached (${doing}).`, { cause });
    });
    if (response.ok || (method === "HEAD" && response.status === 404)) return response;
    const code = /<Code>([^<]*)/.exec(await response.text())?.[1] ?? response.statusText;
    throw new Error(`The store refused ${doing}: ${response.status} ${code}.`);
  }

  #url(key: string, query: Readonly<Record<string, string>> = {}): string {
    const url = new URL(`${this.#base}/${key.split("/").map(encodeURIComponent).join("/")}`);
    for (const name in query) url.searchParams.set(name, query[name] as string);
    return url.href;
  }
}

/** @throws TypeError for a key that a link cannot hold as it is */
export function checkKey(key: string): void {
  const bad =
    key === "" || Buffer.byteLength(key) > 1024 || key.split("/").some((part) => /^(\.\.?)?$/.test(part));
  if (bad) {
    throw new TypeError(
      `"${key}" is no key for an object: it must have 1 to 1024 bytes, and no part between slashes may be empty, "." or "..".`,
    );
  }
}

function bucketUrl({ bucket, endpoint, region, pathStyle }: S3Bucket): string {
  if (!endpoint && !region) throw new TypeError("s3Storage() needs a region (of AWS) or an endpoint.");
  const url = new URL(endpoint ?? `https://s3.${region}.amazonaws.com`);
  // A certificate for all buckets does not hold for names with dots.
  if (pathStyle ?? (endpoint !== undefined || bucket.includes("."))) {
    return `${url.href.replace(/\/$/, "")}/${bucket}`;
  }
  return `${url.protocol}//${bucket}.${url.host}`;
}
