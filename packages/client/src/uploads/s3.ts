/** Puts files straight into an S3 store, by links that the server has signed: in one request, by a form, or in parts. */
import { type Multipart, sendParts } from "./s3-parts.ts";
import { type Headers, persistOnce, request, stop, type Transfer } from "./s3-transfer.ts";
import type { UploadEntry, Uploader, UploadMeta } from "./types.ts";

type S3Meta = UploadMeta & {
  readonly url?: string;
  readonly headers?: Headers;
  readonly fields?: Headers;
  readonly multipart?: Multipart;
};

/**
 * The uploader of metas by `s3Storage` of `@overwire/server/s3`: `{ url, headers }` puts a file in one request,
 * `{ url, fields }` posts it as a form, `{ multipart }` sends it in parts, and goes on with those that the store has not.
 */
export const S3: Uploader = (entries, { window }) => {
  for (const entry of entries) void upload(entry, window);
};

/** Sends a file in one request. The link takes it once: 412 says that it has. */
function sendWhole(transfer: Transfer, { url = "", headers, fields }: S3Meta): Promise<unknown> {
  const { win, file, sent } = transfer;
  let body: File | FormData = file;
  if (fields) {
    body = new win.FormData();
    for (const name in fields) body.append(name, fields[name] as string);
    // Fields after the file are not read.
    body.append("file", file);
  }
  return persistOnce(transfer, 412, () =>
    request(transfer, fields ? "POST" : "PUT", url, body, sent, headers),
  );
}

async function upload(entry: UploadEntry, win: Window & typeof globalThis): Promise<void> {
  const { file } = entry;
  const meta = entry.meta as S3Meta;
  const { multipart } = meta;
  const transfer: Transfer = {
    win,
    file,
    running: new Set(),
    failures: 0,
    isOver: false,
    // 100 is said when the store has said so.
    sent: (bytes) => entry.progress(Math.min(99, Math.floor((bytes / (file.size || 1)) * 100))),
  };
  const end = () => {
    transfer.isOver = true;
    stop(transfer);
    if (multipart) request(transfer, "DELETE", multipart.abort).catch(() => {});
  };

  entry.onCancel(() => transfer.isOver || end());
  try {
    if (!transfer.isOver) await (multipart ? sendParts(transfer, multipart) : sendWhole(transfer, meta));
    if (transfer.isOver) return;
    transfer.isOver = true;
    entry.progress(100);
  } catch (error) {
    if (transfer.isOver) return;
    end();
    entry.error((error as Error).message);
  }
}
