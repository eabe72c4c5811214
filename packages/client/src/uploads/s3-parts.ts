/** Uploads in parts to an S3 store: several at once, and only those that the store does not have yet. */
import { Failure, mayPass, persist, persistOnce, request, stop, type Transfer } from "./s3-transfer.ts";

/** Links for one upload in parts. */
export interface Multipart {
  /** Bytes of each part but the last. */
  readonly partSize: number;
  /** URL of each part, in order. */
  readonly parts: readonly string[];
  /** Says which parts the store has. */
  readonly list?: string;
  readonly complete: string;
  readonly abort: string;
}

/** Parts of a file, under way at once. */
const LANES = 3;

/** The parts of a file, by their indexes. */
interface Parts {
  sizeOf(index: number): number;
  /** Tells of the bytes of a part that have been sent. */
  count(index: number, bytes: number): void;
  /** Those that the store has. */
  readonly etags: string[];
  has(index: number, etag: string): void;
}

function createParts({ file, sent: told }: Transfer, { partSize, parts }: Multipart): Parts {
  const etags: string[] = [];
  const sent = parts.map(() => 0);
  const sizeOf = (index: number) => Math.min(partSize, file.size - index * partSize);
  const count = (index: number, bytes: number) => {
    sent[index] = bytes;
    told(sent.reduce((sum, one) => sum + one));
  };
  return {
    sizeOf,
    count,
    etags,
    has(index, etag) {
      etags[index] = etag;
      count(index, sizeOf(index));
    },
  };
}

/** Takes up the parts that an answer of the store lists. Those of another size are sent anew. */
function readStored(xml: string, { sizeOf, has }: Parts): void {
  for (const [part] of xml.matchAll(/<Part>.*?<\/Part>/gs)) {
    const [number, size, etag] = ["PartNumber", "Size", "ETag"].map(
      (name) => part.split(`<${name}>`)[1]?.split("<")[0] ?? "",
    ) as [string, string, string];
    if (+size === sizeOf(+number - 1)) has(+number - 1, etag);
  }
}

async function sendMissing(
  transfer: Transfer,
  { partSize, parts }: Multipart,
  { sizeOf, count, etags, has }: Parts,
): Promise<void> {
  const missing = [...parts.keys()].filter((index) => !etags[index]);
  const lane = async () => {
    for (let index: number | undefined; (index = missing.shift()) !== undefined; ) {
      const at = index;
      const piece = transfer.file.slice(at * partSize, at * partSize + sizeOf(at));
      const xhr = await request(transfer, "PUT", parts[at] as string, piece, (bytes) => count(at, bytes));
      const etag = xhr.getResponseHeader("ETag");
      if (!etag)
        throw new Error("The store hides ETag: the CORS rules of its bucket must name it in ExposeHeaders");
      has(at, etag);
      transfer.failures = 0;
    }
  };
  const errors: unknown[] = [];
  const ended = (error: unknown) => {
    errors.push(error);
    if (mayPass(error)) return;
    // The others need not go on: it would come to nothing.
    missing.length = 0;
    stop(transfer);
  };
  await Promise.all(Array.from({ length: LANES }, () => lane().catch(ended)));
  if (errors.length) throw errors.find((error) => !mayPass(error)) ?? errors[0];
}

export async function sendParts(transfer: Transfer, multipart: Multipart): Promise<void> {
  const { list, complete } = multipart;
  const parts = createParts(transfer, multipart);
  await persist(transfer, async () => {
    if (list) readStored((await request(transfer, "GET", list)).responseText, parts);
    await sendMissing(transfer, multipart, parts);
  });
  const xml = parts.etags
    .map((etag, index) => `<Part><PartNumber>${index + 1}</PartNumber><ETag>${etag}</ETag></Part>`)
    .join("");
  const body = `<CompleteMultipartUpload>${xml}</CompleteMultipartUpload>`;
  await persistOnce(transfer, 404, async () => {
    const { responseText } = await request(transfer, "POST", complete, body);
    // It answers before it knows, and so may say later that it could not.
    if (/<Error>/.test(responseText)) throw new Failure(500, responseText);
  });
}
