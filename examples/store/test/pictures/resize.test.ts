import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { preparePicture, UnreadablePicture } from "../../src/pictures/resize.ts";

const picture = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: "#0f766e" } });

describe("a picture for the page", () => {
  test.each(["jpeg", "png", "webp"] as const)(
    "may be a %s, and becomes a WebP in two sizes",
    async (format) => {
      const { type, full, thumb } = await preparePicture(
        await picture(1600, 1000).toFormat(format).toBuffer(),
      );
      expect(type).toBe("webp");
      expect(await sharp(full).metadata()).toMatchObject({ format: "webp", width: 800, height: 500 });
      expect(await sharp(thumb).metadata()).toMatchObject({ format: "webp", width: 200, height: 125 });
    },
  );

  test("is never made larger", async () => {
    const { full } = await preparePicture(await picture(120, 90).png().toBuffer());
    expect(await sharp(full).metadata()).toMatchObject({ width: 120, height: 90 });
  });

  test("stands upright, and loses the data that the camera has hidden in it", async () => {
    const sideways = await picture(400, 200)
      .withExif({ IFD0: { Copyright: "Ada", Make: "Camera" } })
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toBuffer();
    expect(await sharp(sideways).metadata()).toMatchObject({ orientation: 6 });
    const { exif, orientation, width, height } = await sharp(
      (await preparePicture(sideways)).full,
    ).metadata();
    expect({ exif, orientation, width, height }).toEqual({ width: 200, height: 400 });
  });
});

describe("a file is refused", () => {
  test.each<[string, () => Uint8Array | Promise<Uint8Array>]>([
    ["that is text", () => Buffer.from("hello")],
    ["that is empty", () => new Uint8Array()],
    ["that is an SVG", () => Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg"/>`)],
    ["that is a GIF", () => picture(2, 2).gif().toBuffer()],
    ["that only begins as a PNG", () => Buffer.from("\x89PNG\r\n\x1a\nand so on", "latin1")],
    [
      "that breaks off",
      async () => {
        const whole = await picture(600, 600).jpeg({ quality: 100 }).toBuffer();
        return whole.subarray(0, whole.length / 2);
      },
    ],
    ["that has more pixels than memory is for", () => picture(8000, 8000).png().toBuffer()],
  ])("%s", async (_, file) => {
    await expect(preparePicture(await file())).rejects.toThrow(UnreadablePicture);
  });
});

test("a machine without the decoder keeps the file as it is", async () => {
  const bytes = await picture(1600, 1000).jpeg().toBuffer();
  const without = async () => undefined;
  expect(await preparePicture(bytes, without)).toEqual({ type: "jpg", full: bytes, thumb: bytes });
  await expect(preparePicture(Buffer.from("hello"), without)).rejects.toThrow(UnreadablePicture);
});
