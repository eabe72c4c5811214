/** Puts files straight into an S3 store, by links that the server has signed: in one request, by a form, or in parts. */
import type { UploadEntry, Uploader, UploadMeta } from "./types.ts";

/** Links for one upload in parts. */
interface Multipart {
  /** Bytes of each part but the last. */
  readonly partSize: number;
  /** URL of each part, in order. */
  readonly parts: readonly string[];
  /** Says which parts the store has. */
  readonly list?: string;
  readonly complete: string;
  readonly abort: string;
}

type Headers = Readonly<Record<string, string>>;

type S3Meta = UploadMeta & {
  readonly url?: string;
  readonly headers?: Headers;
  readonly fields?: Headers;
  readonly multipart?: Multipart;
};

/** Of one file, under way at once. */
const LANES = 3;
/** Times in a row that something may fail: half a minute. Time without a network does not count. */
const TRIES = 5;

/** Status of the store's answer, or 0 if it cannot be reached. */
class Failure extends Error {
  readonly status: number;
  constructor(status: number, text = "") {
    super(
      status
        ? `The store answered ${status} ${/<Code>([^<]*)/.exec(text)?.[1] ?? ""}`.trim()
        : "The store cannot be reached",
    );
    this.status = status;
  }
}

/**
 * The uploader of metas by `s3Storage` of `@overwire/server/s3`: `{ url, headers }` puts a file in one request,
 * `{ url, fields }` posts it as a form, `{ multipart }` sends it in parts, and goes on with those that the store has not.
 */
export const S3: Uploader = (entries, { window }) => {
  for (const entry of entries) void upload(entry, window);
};

async function upload(entry: UploadEntry, win: Window & typeof globalThis): Promise<void> {
  const { file } = entry;
  const { url = "", headers, fields, multipart } = entry.meta as S3Meta;
  const running = new Set<XMLHttpRequest>();
  let isOver = false;
  let failed = 0;

  /** @throws Failure */
  const request = (
    method: string,
    to: string,
    body?: Blob | FormData | string,
    onSent?: (bytes: number) => void,
    fixed?: Headers,
  ) =>
    new Promise<XMLHttpRequest>((resolve, reject) => {
      const xhr = new win.XMLHttpRequest();
      running.add(xhr);
      xhr.open(method, to);
      for (const name in fixed) xhr.setRequestHeader(name, fixed[name] as string);
      if (onSent) xhr.upload.onprogress = ({ loaded }) => onSent(loaded);
      xhr.onloadend = () => {
        running.delete(xhr);
        const { status, responseText } = xhr;
        if (status >= 200 && status < 300) resolve(xhr);
        else reject(new Failure(status, responseText));
      };
      xhr.send(body);
    });

  /** Does something again that has failed, as long as that may help. */
  const persist = async (run: () => Promise<unknown>) => {
    for (;;) {
      try {
        return await run();
      } catch (error) {
        if (isOver || !mayPass(error) || ++failed > TRIES) throw error;
        await new Promise((done) => {
          if (win.navigator.onLine) win.setTimeout(done, 500 * 2 ** failed);
          else win.addEventListener("online", done, { once: true });
        });
        if (isOver) throw error;
      }
    }
  };

  const stop = () => {
    for (const xhr of running) xhr.abort();
  };

  const end = () => {
    isOver = true;
    stop();
    if (multipart) request("DELETE", multipart.abort).catch(() => {});
  };

  /** 100 is said when the store has said so. */
  const told = (bytes: number) => entry.progress(Math.min(99, Math.floor((bytes / (file.size || 1)) * 100)));

  const sendParts = async ({ partSize, parts, list, complete }: Multipart) => {
    const etags: string[] = [];
    const sent = parts.map(() => 0);
    const sizeOf = (index: number) => Math.min(partSize, file.size - index * partSize);
    const count = (index: number, bytes: number) => {
      sent[index] = bytes;
      told(sent.reduce((sum, one) => sum + one));
    };
    const has = (index: number, etag: string) => {
      etags[index] = etag;
      count(index, sizeOf(index));
    };

    await persist(async () => {
      const stored = list ? (await request("GET", list)).responseText : "";
      for (const [part] of stored.matchAll(/<Part>.*?<\/Part>/gs)) {
        const [number, size, etag] = ["PartNumber", "Size", "ETag"].map(
          (name) => part.split(`<${name}>`)[1]?.split("<")[0] ?? "",
        ) as [string, string, string];
        if (+size === sizeOf(+number - 1)) has(+number - 1, etag);
      }
      const missing = [...parts.keys()].filter((index) => !etags[index]);
      const lane = async () => {
        for (let index: number | undefined; (index = missing.shift()) !== undefined; ) {
          const at = index;
          const piece = file.slice(at * partSize, at * partSize + sizeOf(at));
          const xhr = await request("PUT", parts[at] as string, piece, (bytes) => count(at, bytes));
          const etag = xhr.getResponseHeader("ETag");
          if (!etag)
            throw new Error(
              "The store hides ETag: the CORS rules of its bucket must name it in ExposeHeaders",
            );
          has(at, etag);
          failed = 0;
        }
      };
      const errors: unknown[] = [];
      const ended = (error: unknown) => {
        errors.push(error);
        if (mayPass(error)) return;
        // The others need not go on: it would come to nothing.
        missing.length = 0;
        stop();
      };
      await Promise.all(Array.from({ length: LANES }, () => lane().catch(ended)));
      if (errors.length) throw errors.find((error) => !mayPass(error)) ?? errors[0];
    });

    const xml = etags
      .map((etag, index) => `<Part><PartNumber>${index + 1}</PartNumber><ETag>${etag}</ETag></Part>`)
      .join("");
    let isAsked = false;
    await persist(async () => {
      try {
        const { responseText } = await request(
          "POST",
          complete,
          `<CompleteMultipartUpload>${xml}</CompleteMultipartUpload>`,
        );
        // It answers before it knows, and so may say later that it could not.
        if (/<Error>/.test(responseText)) throw new Failure(500, responseText);
      } catch (error) {
        // It was complete the first time, but the answer was lost.
        if (isAsked && (error as Failure).status === 404) return;
        isAsked = true;
        throw error;
      }
    });
  };

  const sendWhole = () => {
    let body: File | FormData = file;
    if (fields) {
      body = new win.FormData();
      for (const name in fields) body.append(name, fields[name] as string);
      // Fields after the file are not read.
      body.append("file", file);
    }
    let isAsked = false;
    return persist(async () => {
      try {
        await request(fields ? "POST" : "PUT", url, body, told, headers);
      } catch (error) {
        // A link puts a file once: it was stored the first time, only the answer was lost.
        if (isAsked && (error as Failure).status === 412) return;
        isAsked = true;
        throw error;
      }
    });
  };

  entry.onCancel(() => isOver || end());
  try {
    if (!isOver) await (multipart ? sendParts(multipart) : sendWhole());
    if (isOver) return;
    isOver = true;
    entry.progress(100);
  } catch (error) {
    if (isOver) return;
    end();
    entry.error((error as Error).message);
  }
}

/** The network or the store has failed, and not the request: 409 says that the same file is being stored already. */
function mayPass(error: unknown): boolean {
  return error instanceof Failure && (!error.status || error.status === 409 || error.status >= 500);
}
