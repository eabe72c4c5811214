import { randomBytes, randomUUID } from "node:crypto";
import { type S3MultipartMeta, s3Storage } from "@overwire/server/s3";
import { NodeXhr } from "@overwire/test-support/node-xhr";
import { type StoreRequest, startS3 } from "@overwire/test-support/s3-server";
import { afterAll, afterEach, describe, expect, test, vi } from "vitest";
import { S3 } from "./s3.ts";
import type { UploadEntry, UploadMeta } from "./types.ts";

const MIB = 1024 * 1024;
const within = (check: () => unknown) => vi.waitFor(check);

const s3 = await startS3();
const storage = s3Storage(s3.bucket);

afterAll(() => s3.stop());
afterEach(() => {
  s3.fault = () => undefined;
  s3.mend();
  s3.requests.length = 0;
});

/** A page of another origin than the store's. Its waits are over at once, and kept. */
function newPage() {
  const waits: number[] = [];
  const setTimeout = (run: () => void, time: number) => {
    waits.push(time);
    setImmediate(run);
  };
  const navigator = { onLine: true };
  const parts = { XMLHttpRequest: NodeXhr, FormData, setTimeout, navigator };
  const win = Object.assign(new EventTarget(), parts) as unknown as Window & typeof globalThis;
  return { win, waits, navigator };
}

/** Gives the uploader one file, as the client does. */
function upload(bytes: Uint8Array, meta: object, { win, waits } = newPage()) {
  const file = new File([bytes as Uint8Array<ArrayBuffer>], "photo.png", { type: "image/png" });
  const told: number[] = [];
  const cancels: (() => void)[] = [];
  let cancelled = false;
  const cancel = () => {
    cancelled = true;
    for (const run of cancels) run();
  };
  const ended = new Promise<string>((resolve) => {
    const entry: UploadEntry = {
      file,
      meta: meta as UploadMeta,
      progress(percent) {
        told.push(percent);
        if (percent === 100) resolve("done");
      },
      error: (reason = "failed") => resolve(reason),
      onCancel(run) {
        if (cancelled) run();
        cancels.push(run);
      },
      cancel,
    };
    // A turn later, so that a test may cancel before.
    queueMicrotask(() => void S3([entry], { window: win }));
  });
  return { ended, told, cancel, waits };
}

const entryOf = (bytes: Uint8Array) => ({
  uuid: randomUUID(),
  clientSize: bytes.length,
  clientType: "image/png",
});

/** State of the object under a key: `same` as it should be, `other`, or nothing. */
async function stored(
  key: string,
  bytes: Uint8Array = new Uint8Array(),
): Promise<"same" | "other" | undefined> {
  const response = await fetch(await storage.url(key));
  if (!response.ok) return undefined;
  return Buffer.from(await response.arrayBuffer()).equals(bytes) ? "same" : "other";
}

const isPart = ({ method, query }: StoreRequest) => method === "PUT" && query.has("partNumber");
const isComplete = ({ method, query }: StoreRequest) => method === "POST" && query.has("uploadId");
const is = (method: string) => (request: StoreRequest) => request.method === method;
const count = (matches: (request: StoreRequest) => boolean) => s3.requests.filter(matches).length;

describe("in one request", () => {
  const bytes = randomBytes(100_000);

  test("a file is stored as it is, and told of when it is", async () => {
    const meta = await storage.presign(entryOf(bytes));
    const { ended, told } = upload(bytes, meta);
    expect(await ended).toBe("done");
    expect(told.at(-1)).toBe(100);
    expect(told.filter((percent) => percent > 99)).toHaveLength(1);
    expect(await stored(meta.key, bytes)).toBe("same");
    expect(await storage.head(meta.key)).toMatchObject({ contentType: "image/png" });
  });

  test("an empty file is stored", async () => {
    const meta = await storage.presign(entryOf(new Uint8Array()));
    expect(await upload(new Uint8Array(), meta).ended).toBe("done");
    expect(await stored(meta.key)).toBe("same");
  });

  test("it is sent again if the connection or the store fails", async () => {
    const faults = ["refuse", { after: 50_000 }, { status: 503 }, "mute"] as const;
    let times = 0;
    s3.fault = () => faults[times++];
    const meta = await storage.presign(entryOf(bytes));
    const { ended, waits } = upload(bytes, meta);
    expect(await ended).toBe("done");
    expect(times).toBe(5);
    expect(waits).toEqual([1000, 2000, 4000, 8000]);
    expect(await stored(meta.key, bytes)).toBe("same");
  });

  test("it fails if another file is stored already", async () => {
    const meta = await storage.presign(entryOf(bytes));
    expect(await upload(bytes, meta).ended).toBe("done");
    const other = randomBytes(100_000);
    expect(await upload(other, meta).ended).toBe("The store answered 412 PreconditionFailed");
    expect(await stored(meta.key, bytes)).toBe("same");
  });

  test("it fails if the store refuses it, and is not sent again", async () => {
    const meta = await storage.presign({ ...entryOf(bytes), clientSize: 10 });
    expect(await upload(bytes, meta).ended).toBe("The store answered 403 SignatureDoesNotMatch");
    expect(s3.requests).toHaveLength(1);
  });

  test("it fails if the store cannot be reached for half a minute", async () => {
    s3.fault = () => "refuse";
    const { ended, waits } = upload(bytes, await storage.presign(entryOf(bytes)));
    expect(await ended).toBe("The store cannot be reached");
    expect(waits.reduce((sum, wait) => sum + wait)).toBe(31_000);
  });

  test("without a network it waits for one, however long", async () => {
    const page = newPage();
    page.navigator.onLine = false;
    s3.cut();
    const meta = await storage.presign(entryOf(bytes));
    const listen = vi.spyOn(page.win, "addEventListener");
    const { ended, waits } = upload(bytes, meta, page);
    await within(() => expect(listen).toHaveBeenCalledWith("online", expect.anything(), expect.anything()));
    s3.mend();
    page.navigator.onLine = true;
    page.win.dispatchEvent(new Event("online"));
    expect(await ended).toBe("done");
    expect(waits).toEqual([]);
  });

  test("it is given up when it is cancelled", async () => {
    s3.fault = () => "hold";
    const meta = await storage.presign(entryOf(bytes));
    const { cancel, told } = upload(bytes, meta);
    await within(() => expect(count(is("PUT"))).toBe(1));
    cancel();
    await within(() => expect(s3.requests[0]?.isGone).toBe(true));
    expect(s3.requests).toHaveLength(1);
    expect(told).not.toContain(100);
  });

  test("it is not begun when it is cancelled before", async () => {
    const { cancel } = upload(bytes, await storage.presign(entryOf(bytes)));
    cancel();
    const other = await storage.presign(entryOf(bytes));
    expect(await upload(bytes, other).ended).toBe("done");
    expect(s3.requests.map(({ key }) => key)).toEqual([other.key]);
  });

  test("it is posted as a form, its fields before it", async () => {
    const url = `${s3.bucket.endpoint}/${s3.bucket.bucket}`;
    const fields = { key: `forms/${randomUUID()}`, "Content-Type": "image/gif" };
    expect(await upload(bytes, { uploader: "S3", url, fields }).ended).toBe("done");
    expect(await stored(fields.key, bytes)).toBe("same");
    expect(await storage.head(fields.key)).toMatchObject({ contentType: "image/gif" });
  });
});

describe("in parts", () => {
  const bytes = randomBytes(22 * MIB);
  const presign = async () => (await storage.presign(entryOf(bytes))) as S3MultipartMeta;
  const partOf = ({ query }: StoreRequest) => Number(query.get("partNumber"));

  async function unfinished(meta: S3MultipartMeta): Promise<boolean> {
    return (await fetch(meta.multipart.list)).ok;
  }

  test("a file is stored as it is, three parts at once", async () => {
    const meta = await presign();
    const { ended, told } = upload(bytes, meta);
    expect(await ended).toBe("done");
    expect(await stored(meta.key, bytes)).toBe("same");
    expect(await storage.head(meta.key)).toMatchObject({ contentType: "image/png" });
    expect([...s3.partsTaken].sort()).toEqual([1, 2, 3, 4, 5]);
    expect(told.at(-1)).toBe(100);
    expect(told.some((percent) => percent > 20 && percent < 80)).toBe(true);
  });

  test("no more than three parts are under way", async () => {
    const meta = await presign();
    s3.fault = (request) => (isPart(request) ? "refuse" : undefined);
    expect(await upload(bytes, meta).ended).toBe("The store cannot be reached");
    // Each of the three tried one, six times: what fails is not followed by the next.
    expect(count(isPart)).toBe(18);
    expect(new Set(s3.requests.filter(isPart).map(partOf))).toEqual(new Set([1, 2, 3]));
  });

  test("started again for the same upload, those that the store has are not sent again", async () => {
    const meta = await presign();
    const { partSize, parts } = meta.multipart;
    for (const index of [0, 3]) {
      const body = bytes.subarray(index * partSize, (index + 1) * partSize);
      await fetch(parts[index] as string, { method: "PUT", body });
    }
    s3.requests.length = 0;
    const { ended, told } = upload(bytes, meta);
    expect(await ended).toBe("done");
    expect(told[0]).toBe(22);
    expect([...s3.partsTaken].sort()).toEqual([2, 3, 5]);
    expect(await stored(meta.key, bytes)).toBe("same");
  });

  test("after an outage it resumes", async () => {
    const meta = await presign();
    s3.fault = (request) => {
      if (!isPart(request)) return;
      // The line is cut in the middle of a part that goes up after two have arrived.
      return s3.partsTaken.length >= 2 && count(isPart) < 7 ? { after: 1 * MIB } : undefined;
    };
    const { ended } = upload(bytes, meta);
    expect(await ended).toBe("done");
    expect(count(isPart)).toBeGreaterThan(5);
    // None that had arrived is sent a second time.
    expect([...s3.partsTaken].sort()).toEqual([1, 2, 3, 4, 5]);
    expect(await stored(meta.key, bytes)).toBe("same");
  });

  test("over a bad line it takes its time, as long as it gets on", async () => {
    const meta = await presign();
    s3.fault = (request) => (isPart(request) && count(isPart) % 5 ? "refuse" : undefined);
    const { ended, waits } = upload(bytes, meta);
    expect(await ended).toBe("done");
    expect(waits.length).toBeGreaterThan(5);
    expect([...s3.partsTaken].sort()).toEqual([1, 2, 3, 4, 5]);
  });

  test("a part whose answer was lost is not sent again", async () => {
    const meta = await presign();
    s3.fault = (request) => (isPart(request) && partOf(request) === 2 ? "mute" : undefined);
    expect(await upload(bytes, meta).ended).toBe("done");
    expect(s3.requests.filter(isPart).filter((request) => partOf(request) === 2)).toHaveLength(1);
    expect(await stored(meta.key, bytes)).toBe("same");
  });

  test("a complete file whose answer was lost is complete", async () => {
    const meta = await presign();
    s3.fault = (request) => (isComplete(request) && count(isComplete) === 1 ? "mute" : undefined);
    expect(await upload(bytes, meta).ended).toBe("done");
    expect(s3.requests.filter(isComplete).map(({ status }) => status)).toEqual([200, 404]);
    expect(await stored(meta.key, bytes)).toBe("same");
  });

  test("an error in an answer that began well is an error, and passes", async () => {
    const meta = await presign();
    s3.fault = (request) => (isComplete(request) && count(isComplete) === 1 ? { status: 200 } : undefined);
    expect(await upload(bytes, meta).ended).toBe("done");
    expect(count(isComplete)).toBe(2);
    expect(await stored(meta.key, bytes)).toBe("same");
  });

  test("a refusal of the store ends the upload, there too", async () => {
    const meta = await presign();
    s3.fault = (request) => (isPart(request) && partOf(request) === 3 ? { status: 403 } : undefined);
    expect(await upload(bytes, meta).ended).toBe("The store answered 403 Fault");
    await within(async () => expect(await unfinished(meta)).toBe(false));
    expect(await stored(meta.key)).toBeUndefined();
  });

  test("a cancelled upload is aborted, there too", async () => {
    const meta = await presign();
    const { cancel, told } = upload(bytes, meta);
    await within(() => expect(s3.partsTaken.length).toBeGreaterThan(0));
    cancel();
    await within(async () => expect(await unfinished(meta)).toBe(false));
    expect(told).not.toContain(100);
    expect(await stored(meta.key)).toBeUndefined();
  });

  test("a complete upload is not aborted any more", async () => {
    const { ended, cancel } = upload(bytes, await presign());
    await ended;
    cancel();
    expect(count(is("DELETE"))).toBe(0);
  });
});

test("a store that hides ETag is told of, and how to mend it", async () => {
  const hiding = await startS3({ expose: [] });
  try {
    const bytes = randomBytes(11 * MIB);
    const meta = await s3Storage(hiding.bucket).presign(entryOf(bytes));
    expect(await upload(bytes, meta).ended).toContain("must name it in ExposeHeaders");
  } finally {
    await hiding.stop();
  }
});
