import { randomBytes, randomUUID } from "node:crypto";
import { startS3 } from "@overwire/test-support/s3-server";
import { afterAll, afterEach, describe, expect, test, vi } from "vitest";
import { type S3Meta, type S3MultipartMeta, type S3PutMeta, s3Storage } from "./s3.ts";

const MIB = 1024 * 1024;
const AWS = { bucket: "albums", accessKeyId: "id", secretAccessKey: "secret" };

const s3 = await startS3();
const storage = s3Storage(s3.bucket);

afterAll(() => s3.stop());
afterEach(() => {
  s3.fault = () => undefined;
  vi.useRealTimers();
});

const entry = (clientSize: number, clientType = "text/plain") => ({
  uuid: randomUUID(),
  clientSize,
  clientType,
});
const put = async (file: ReturnType<typeof entry>) => (await storage.presign(file)) as S3PutMeta;
const inParts = async (file: ReturnType<typeof entry>) => (await storage.presign(file)) as S3MultipartMeta;

async function send(method: string, url: string, body?: string | Uint8Array, headers = {}) {
  const response = await fetch(url, { method, headers, ...(body !== undefined && { body: body as string }) });
  const text = await response.text();
  const code = /<Code>(.*?)</.exec(text)?.[1];
  return { status: response.status, code, text, etag: response.headers.get("etag") ?? "" };
}

const joined = (etags: readonly string[]) =>
  `<CompleteMultipartUpload>${etags
    .map((etag, index) => `<Part><PartNumber>${index + 1}</PartNumber><ETag>${etag}</ETag></Part>`)
    .join("")}</CompleteMultipartUpload>`;

describe("one link", () => {
  test("stores the file that was agreed, under a key that is not the client's", async () => {
    const file = entry(5);
    const meta = await put(file);
    expect(meta).toMatchObject({ uploader: "S3", key: `uploads/${file.uuid}` });
    expect(await send("PUT", meta.url, "hello", meta.headers)).toMatchObject({ status: 200 });

    expect(await storage.head(meta.key)).toMatchObject({ size: 5, contentType: "text/plain" });
    expect(await send("GET", await storage.url(meta.key))).toMatchObject({ text: "hello" });
    await storage.delete(meta.key);
    expect(await storage.head(meta.key)).toBeUndefined();
  });

  const refused: Record<string, (meta: S3PutMeta) => Promise<{ status: number; code?: string | undefined }>> =
    {
      "a file that is larger": ({ url, headers }) => send("PUT", url, "hello and more", headers),
      "a file that is smaller": ({ url, headers }) => send("PUT", url, "hell", headers),
      "another type": ({ url }) => send("PUT", url, "hello", { "content-type": "text/html" }),
      "another key": ({ url, headers }) => send("PUT", url.replace("/uploads/", "/other/"), "hello", headers),
      "another method": ({ url }) => send("DELETE", url),
      "a forged signature": ({ url, headers }) =>
        send("PUT", url.replace(/(Signature=).{4}/, "$10000"), "hello", headers),
      "more time than was given": ({ url, headers }) =>
        send("PUT", url.replace("Expires=3600", "Expires=604800"), "hello", headers),
      "no signature": ({ url, headers }) => send("PUT", url.replace(/\?.*/, ""), "hello", headers),
    };
  test.each(Object.keys(refused))("does not allow %s", async (what) => {
    const meta = await put(entry(5));
    const answer = await refused[what]?.(meta);
    expect(answer).toMatchObject({
      status: 403,
      code: what === "no signature" ? "AccessDenied" : "SignatureDoesNotMatch",
    });
    expect(await storage.head(meta.key)).toBeUndefined();
  });

  test("puts a file once, so that it cannot be replaced after the server has checked it", async () => {
    const meta = await put(entry(5));
    await send("PUT", meta.url, "hello", meta.headers);
    const again = await send("PUT", meta.url, "HELLO", meta.headers);
    expect(again).toMatchObject({ status: 412, code: "PreconditionFailed" });
    const { "if-none-match": _, ...without } = meta.headers;
    expect(await send("PUT", meta.url, "HELLO", without)).toMatchObject({ code: "SignatureDoesNotMatch" });
    expect(await send("GET", await storage.url(meta.key))).toMatchObject({ text: "hello" });
  });

  test("may replace a file with `overwrite`", async () => {
    const options = { key: "avatars/7", overwrite: true };
    for (const text of ["first", "other"]) {
      const meta = (await storage.presign(entry(5), options)) as S3PutMeta;
      expect(meta.headers).toEqual({ "content-type": "text/plain" });
      expect(await send("PUT", meta.url, text, meta.headers)).toMatchObject({ status: 200 });
    }
    expect(await send("GET", await storage.url(options.key))).toMatchObject({ text: "other" });
  });

  test("is no longer good after its time", async () => {
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() - 61_000 });
    const meta = (await s3Storage({ ...s3.bucket, expires: 60 }).presign(entry(5))) as S3PutMeta;
    vi.useRealTimers();
    const answer = await send("PUT", meta.url, "hello", meta.headers);
    expect(answer).toMatchObject({ status: 403, code: "AccessDenied" });
    expect(answer.text).toContain("expired");
  });

  test("holds a key of the author's, with any characters, and more headers", async () => {
    const key = "Año 1/a+b & c's (1)*!.txt";
    const headers = { "content-disposition": "attachment" };
    const meta = (await storage.presign(entry(2), { key, contentType: "text/css", headers })) as S3PutMeta;
    expect(meta.headers).toEqual({
      "content-type": "text/css",
      "content-disposition": "attachment",
      "if-none-match": "*",
    });
    expect(await send("PUT", meta.url, "ok", meta.headers)).toMatchObject({ status: 200 });
    expect(await storage.head(key)).toMatchObject({ size: 2, contentType: "text/css" });
    const response = await fetch(await storage.url(key));
    expect(response.headers.get("content-disposition")).toBe("attachment");
    expect(await response.text()).toBe("ok");
    await storage.delete(key);
  });

  test("takes an empty file", async () => {
    const meta = await put(entry(0));
    expect(await send("PUT", meta.url, "", meta.headers)).toMatchObject({ status: 200 });
    expect(await storage.head(meta.key)).toMatchObject({ size: 0 });
  });

  test.each(["", "text", "text/html\r\nx-amz-acl: public-read", "image/png; a=b"])(
    "says that a file is of no known type where the client says %j",
    async (type) => {
      expect((await put(entry(1, type))).headers).toMatchObject({
        "content-type": "application/octet-stream",
      });
    },
  );

  test.each(["", "/a", "a//b", "../a", "a/./b", "a/", "a".repeat(1025)])(
    "has no key like %j",
    async (key) => {
      await expect(storage.presign(entry(1), { key })).rejects.toThrow("is no key for an object");
      await expect(storage.delete(key)).rejects.toThrow(TypeError);
    },
  );
});

describe("links for parts", () => {
  const file = randomBytes(11 * MIB);
  const pieces = [file.subarray(0, 5 * MIB), file.subarray(5 * MIB, 10 * MIB), file.subarray(10 * MIB)];

  test("store a file of two parts or more, byte for byte", async () => {
    const { key, multipart } = await inParts(entry(file.length, "image/png"));
    expect(multipart.partSize).toBe(5 * MIB);
    expect(multipart.parts).toHaveLength(3);

    const etags: string[] = [];
    for (const [index, piece] of pieces.entries()) {
      const { status, etag } = await send("PUT", multipart.parts[index] as string, piece);
      expect(status).toBe(200);
      etags.push(etag);
    }
    const { text } = await send("GET", multipart.list);
    expect(text.match(/<Size>\d+/g)).toEqual(pieces.map(({ length }) => `<Size>${length}`));

    expect(await storage.head(key)).toBeUndefined();
    expect(await send("POST", multipart.complete, joined(["x", "y", "z"]))).toMatchObject({ status: 400 });
    expect(await send("POST", multipart.complete, joined(etags))).toMatchObject({ status: 200 });
    expect(await storage.head(key)).toMatchObject({ size: file.length, contentType: "image/png" });
    const stored = await fetch(await storage.url(key));
    expect(Buffer.from(await stored.arrayBuffer()).equals(file)).toBe(true);
  });

  test("do not allow a part that is larger, or stands elsewhere", async () => {
    const { multipart } = await inParts(entry(file.length));
    const [first, , last] = multipart.parts as [string, string, string];
    const wrong = [
      send("PUT", first, file.subarray(0, 5 * MIB + 1)),
      send("PUT", last, pieces[0]),
      send("PUT", first.replace("partNumber=1", "partNumber=4"), pieces[0]),
      send("DELETE", multipart.list),
    ];
    for (const answer of await Promise.all(wrong)) {
      expect(answer).toMatchObject({ status: 403, code: "SignatureDoesNotMatch" });
    }
  });

  test("abort the upload: nothing of it is left", async () => {
    const { multipart } = await inParts(entry(file.length));
    await send("PUT", multipart.parts[0] as string, pieces[0]);
    expect(await send("DELETE", multipart.abort)).toMatchObject({ status: 204 });
    expect(await send("GET", multipart.list)).toMatchObject({ status: 404, code: "NoSuchUpload" });
  });

  test("go on with the upload that was begun for the same entry", async () => {
    const id = (meta: S3MultipartMeta) => new URL(meta.multipart.list).searchParams.get("uploadId");
    const one = entry(file.length);
    const [first, again, other] = [await inParts(one), await inParts(one), await inParts(entry(file.length))];
    expect(id(again)).toBe(id(first));
    expect(id(other)).not.toBe(id(first));
    const elsewhere = (await storage.presign(one, { key: "elsewhere" })) as S3MultipartMeta;
    expect(id(elsewhere)).not.toBe(id(first));
  });

  test("are no more than 1000, however large the file", async () => {
    const { multipart } = await inParts(entry(20_000 * MIB));
    expect(multipart.partSize).toBe(20 * MIB);
    expect(multipart.parts).toHaveLength(1000);
  });

  test("are for the sizes that the author says", async () => {
    const sized = s3Storage({ ...s3.bucket, partSize: 6 * MIB, multipartFrom: 7 * MIB });
    expect(await sized.presign(entry(7 * MIB - 1))).toHaveProperty("url");
    expect(await sized.presign(entry(7 * MIB))).toMatchObject({ multipart: { partSize: 6 * MIB } });
    const never = s3Storage({ ...s3.bucket, multipartFrom: Infinity });
    expect(await never.presign(entry(1000 * MIB))).toHaveProperty("url");
  });

  test("are made when the store could not begin the upload at first", async () => {
    const one = entry(file.length);
    s3.fault = () => ({ status: 403 });
    await expect(storage.presign(one)).rejects.toThrow(
      `The store refused POST uploads/${one.uuid}: 403 Fault.`,
    );
    let times = 0;
    s3.fault = () => (times++ === 0 ? { status: 503 } : undefined);
    expect(await storage.presign(one)).toHaveProperty("multipart");
    expect(times).toBe(2);

    s3.fault = () => "refuse";
    await expect(storage.presign(entry(file.length))).rejects.toThrow("cannot be reached");
  });
});

describe("addresses", () => {
  const at = async (options: object) =>
    new URL(((await s3Storage({ ...AWS, ...options }).presign(entry(1), { key: "k" })) as S3PutMeta).url);

  test("are signed as AWS's own example", async () => {
    vi.useFakeTimers({ toFake: ["Date"], now: Date.UTC(2013, 4, 24) });
    const example = s3Storage({
      endpoint: "https://s3.amazonaws.com",
      pathStyle: false,
      bucket: "examplebucket",
      accessKeyId: "AKIAIOSFODNN7EXAMPLE",
      secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    });
    const url = new URL(await example.url("test.txt", { expires: 86_400 }));
    expect(url.origin + url.pathname).toBe("https://examplebucket.s3.amazonaws.com/test.txt");
    expect(url.searchParams.get("X-Amz-Signature")).toBe(
      "aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404",
    );
  });

  test("name the bucket in the host at AWS, in the path elsewhere", async () => {
    expect((await at({ region: "eu-central-1" })).host).toBe("albums.s3.eu-central-1.amazonaws.com");
    expect((await at({ region: "eu-central-1" })).search).toContain("%2Feu-central-1%2Fs3%2F");
    expect((await at({ region: "eu-central-1", bucket: "a.b" })).pathname).toBe("/a.b/k");
    expect((await at({ endpoint: "https://store.example:9000/" })).href).toContain(
      "https://store.example:9000/albums/k?",
    );
    expect((await at({ endpoint: "https://store.example", pathStyle: false })).host).toBe(
      "albums.store.example",
    );
  });

  test("carry the session's token", async () => {
    const { searchParams } = await at({ region: "eu-central-1", sessionToken: "lent" });
    expect(searchParams.get("X-Amz-Security-Token")).toBe("lent");
  });

  test("save a file under a name", async () => {
    const meta = await put(entry(5));
    await send("PUT", meta.url, "hello", meta.headers);
    const response = await fetch(await storage.url(meta.key, { download: `année's "1".txt` }));
    expect(response.headers.get("content-disposition")).toBe(
      "attachment; filename*=UTF-8''ann%C3%A9e%27s%20%221%22.txt",
    );
  });

  test("need options that can work", () => {
    const made = (options: object) => () => s3Storage({ ...AWS, region: "eu-central-1", ...options });
    expect(made({ region: undefined })).toThrow("needs a region (of AWS) or an endpoint");
    expect(made({ bucket: "" })).toThrow("needs bucket");
    expect(made({ secretAccessKey: "" })).toThrow("needs secretAccessKey, and it is empty");
    expect(made({ partSize: MIB })).toThrow("5 MiB");
    expect(made({ expires: 0 })).toThrow("expires is in whole seconds");
    expect(made({ expires: 8 * 24 * 60 * 60 })).toThrow(RangeError);
  });
});

test("presigned links are JSON", async () => {
  const meta: S3Meta = await storage.presign(entry(12 * MIB));
  expect(JSON.parse(JSON.stringify(meta))).toEqual(meta);
});
