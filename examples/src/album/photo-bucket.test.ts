import type { UploadEntry } from "@overwire/server";
import type { S3PutMeta } from "@overwire/server/s3";
import { startS3 } from "@overwire/test-support/s3-server";
import { afterAll, expect, test } from "vitest";
import { photoBucket } from "./photo-bucket.ts";

const s3 = await startS3();
const store = photoBucket(s3.bucket);

afterAll(() => s3.stop());

const photo = { id: "d5cc", name: "one.png", type: "image/png", size: 9 };
const entry = { uuid: photo.id, clientType: photo.type, clientSize: photo.size } as UploadEntry;

/** Answer to the page. It fits into one request. */
const agree = async () => (await store.external(entry)) as S3PutMeta;

/** As the page's uploader does. */
async function send(content: string) {
  const meta = await agree();
  expect((await fetch(meta.url, { method: "PUT", headers: meta.headers, body: content })).status).toBe(200);
  return meta;
}

const shown = async () => {
  const answer = await store.show(photo);
  expect(answer?.status).toBe(302);
  return fetch(answer?.headers.get("location") ?? "");
};

test("keeps what a page sent to the bucket, and leads to it", async () => {
  const meta = await send("the photo");
  expect(await store.keep(photo, meta)).toBe(true);
  const response = await shown();
  expect(await response.text()).toBe("the photo");
  expect(response.headers.get("content-type")).toBe("image/png");

  await store.remove(photo);
  expect((await shown()).status).toBe(404);
});

test("keeps nothing that has not come, or is not what was agreed", async () => {
  expect(await store.keep(photo, await agree())).toBe(false);
  const meta = await send("the photo");
  expect(await store.keep({ ...photo, size: 10 }, meta)).toBe(false);
  expect((await shown()).status).toBe(404);
});

test("pages may send there", () => {
  expect(store.origins).toEqual([s3.bucket.endpoint]);
});
