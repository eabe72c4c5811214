/** Uploaded pictures made ready for pages: decoded, turned upright, made small, and written anew without their hidden data. */

import type { SharpConstructor } from "sharp";

/** A file that is no picture, or none that is accepted. */
export class UnreadablePicture extends Error {
  override readonly name = "UnreadablePicture";
  readonly code = "unreadable_picture";

  constructor(cause?: unknown) {
    super("This file is not a picture that can be read. Use a JPEG, PNG or WebP.", { cause });
  }
}

export interface PreparedPicture {
  /** Ending of its file. */
  readonly type: "webp" | "jpg" | "png";
  /** At most 800 pixels wide and high. */
  readonly full: Uint8Array;
  /** At most 200 pixels wide and high. */
  readonly thumb: Uint8Array;
}

/** A small file can be a huge picture. */
const MOST_PIXELS = 50_000_000;

/** The decoder is native code, which not every machine has. */
const loadSharp = (): Promise<SharpConstructor | undefined> =>
  import("sharp").then(
    ({ default: sharp }) => sharp,
    () => undefined,
  );

/**
 * @param load is replaced in tests. Without a decoder the file is kept as it is, if it begins as a picture does
 * @throws UnreadablePicture
 */
export async function preparePicture(bytes: Uint8Array, load = loadSharp): Promise<PreparedPicture> {
  const type = typeOf(bytes);
  if (!type) throw new UnreadablePicture();
  const sharp = await load();
  if (!sharp) return { type, full: bytes, thumb: bytes };
  const within = (size: number) =>
    sharp(bytes, { limitInputPixels: MOST_PIXELS, failOn: "error" })
      .autoOrient()
      .resize({ width: size, height: size, fit: "inside", withoutEnlargement: true })
      .webp({ quality: 82 })
      .toBuffer();
  try {
    const [full, thumb] = await Promise.all([within(800), within(200)]);
    return { type: "webp", full, thumb };
  } catch (error) {
    throw new UnreadablePicture(error);
  }
}

/** The type by the first bytes: the name of a file is the user's. */
function typeOf(bytes: Uint8Array): PreparedPicture["type"] | undefined {
  const text = Buffer.from(bytes.subarray(0, 12)).toString("latin1");
  if (text.startsWith("\xff\xd8\xff")) return "jpg";
  if (text.startsWith("\x89PNG\r\n\x1a\n")) return "png";
  if (text.startsWith("RIFF") && text.slice(8) === "WEBP") return "webp";
  return undefined;
}
