/** The album with a bucket, as the environment has named one: photos go there and come from there, past the server. */

import { describeBrowser } from "@overwire/test-support/chromium";
import { afterAll, expect, test, vi } from "vitest";
import { openGallery } from "../shared/browser-harness.ts";

const s3 = await vi.hoisted(async () => {
  const { startS3 } = await import("@overwire/test-support/s3-server");
  const s3 = await startS3();
  const { endpoint, bucket, accessKeyId, secretAccessKey } = s3.bucket;
  process.env["S3_ENDPOINT"] = endpoint;
  process.env["S3_BUCKET"] = bucket;
  process.env["S3_ACCESS_KEY_ID"] = accessKeyId;
  process.env["S3_SECRET_ACCESS_KEY"] = secretAccessKey;
  return s3;
});

afterAll(() => s3.stop());

const PIXEL =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

describeBrowser("the album in a bucket", (browser) => {
  const { visit } = openGallery(browser);

  test("photos go to the store, are shown from there, and are deleted there", async () => {
    const page = await visit("/album");
    const buffer = Buffer.from(PIXEL, "base64");
    await page
      .getByLabel("Drop photos here, or choose some")
      .setInputFiles([{ name: "one.png", mimeType: "image/png", buffer }]);
    await page.getByRole("button", { name: "Add this photo" }).click();
    const image = page.locator(".photos img");
    await expect.poll(() => image.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(1);
    await page.getByRole("button", { name: "Delete one.png" }).click();
    await page.getByText("Nothing here yet.").waitFor();
    await expect.poll(() => s3.requests.at(-1)?.method).toBe("DELETE");
    expect(s3.requests.map(({ method, status }) => `${method} ${status}`)).toEqual([
      "PUT 200",
      "HEAD 200",
      "GET 200",
      "DELETE 204",
    ]);
  });
});
