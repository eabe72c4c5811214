import { describe, expect, test } from "vitest";
import { Accept } from "./accept.ts";

describe("an upload that accepts", () => {
  test("extensions takes files by them, in any case, and by the types that belong to them", () => {
    const accept = new Accept([".jpg", ".JPEG"]);
    expect(accept.attribute).toBe(".jpg,.JPEG");
    expect(accept.includes("photo.JPG", "application/octet-stream")).toBe(true);
    expect(accept.includes("photo.jpeg", "")).toBe(true);
    expect(accept.includes("photo", "image/jpeg")).toBe(true);
    expect(accept.includes("file.gif", "image/gif")).toBe(false);
    expect(accept.includes("file", "image/png")).toBe(false);
    expect(accept.includes(".jpg", "")).toBe(false);
  });

  test("types takes files by them alone", () => {
    const accept = new Accept(["image/png", "image/jpeg"]);
    expect(accept.includes("photo", "image/png")).toBe(true);
    expect(accept.includes("photo", "IMAGE/PNG")).toBe(true);
    expect(accept.includes("photo", "image/gif")).toBe(false);
    expect(accept.includes("photo.jpg", "application/x-httpd-php")).toBe(false);
    expect(new Accept(["text/plain"]).includes("notes", "text/plain;charset=utf-8")).toBe(true);
  });

  test("several of them takes what fits one", () => {
    const accept = new Accept(["image/*", ".pdf", "audio/mpeg"]);
    for (const type of ["image/jpeg", "image/png", "image/gif", "image/webp"]) {
      expect(accept.includes("photo", type)).toBe(true);
    }
    expect(accept.includes("x.pdf", "")).toBe(true);
    expect(accept.includes("x", "application/pdf")).toBe(true);
    expect(accept.includes("x.mp4", "audio/mpeg")).toBe(true);
    expect(accept.includes("x.mp4", "video/mp4")).toBe(false);
    expect(accept.includes("x", "imagery/png")).toBe(false);
  });

  test("any takes all", () => {
    const accept = new Accept("any");
    expect(accept.attribute).toBeUndefined();
    expect(accept.includes("", "")).toBe(true);
  });
});

test.each([
  [undefined, /^The accept option is required when allowing uploads\. Give a list .*"any" for all files/],
  [[], /^Invalid accept filter provided to allowUpload: \[\]\. Give a list/],
  ["image/png", /Invalid accept filter .*: "image\/png"/],
  [[5], /Invalid accept filter .*: 5/],
  [["jpg"], /Invalid accept filter .*: "jpg"/],
  [["text/*"], /Invalid accept filter .*: "text\/\*"/],
  [["image/png,image/gif"], /Invalid accept filter/],
  [[".tar.gz"], /Invalid accept filter/],
  [[".unheard"], /nothing is known of the file extension "\.unheard"\. Give its MIME type instead/],
])("accept: %j is refused, with what to write", (accept, message) => {
  expect(() => new Accept(accept)).toThrow(message);
});
