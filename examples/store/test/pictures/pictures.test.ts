import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { folderPictures } from "../../src/pictures/folder-pictures.ts";
import { memoryPictures } from "../../src/pictures/memory-pictures.ts";
import { isPictureName, type Pictures, thumbOf } from "../../src/pictures/pictures.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "store-pictures-"));
});
afterAll(() => rm(folder, { recursive: true }));

describe.each<[string, () => Pictures]>([
  ["in memory", memoryPictures],
  ["in a folder", () => folderPictures(join(folder, "pictures"))],
])("%s", (_, make) => {
  test("a picture is kept until it is deleted", async () => {
    const pictures = make();
    expect(await pictures.read("cup.webp")).toBeUndefined();
    await pictures.save("cup.webp", new Uint8Array([1, 2, 3]));
    expect(new Uint8Array((await pictures.read("cup.webp")) ?? [])).toEqual(new Uint8Array([1, 2, 3]));
    await pictures.delete("cup.webp");
    await pictures.delete("cup.webp");
    expect(await pictures.read("cup.webp")).toBeUndefined();
  });
});

test("a folder has pictures only, whole ones, under names of the store", async () => {
  const pictures = folderPictures(join(folder, "own"));
  await pictures.save("cup.webp", new Uint8Array([1]));
  expect(await readdir(join(folder, "own"))).toEqual(["cup.webp"]);
  await expect(pictures.save("../cup.webp", new Uint8Array([1]))).rejects.toThrow("no name of a picture");
  await expect(pictures.read("../../etc/passwd")).rejects.toThrow("no name of a picture");
});

test("a folder that cannot be read is an error, and not a picture that is missing", async () => {
  const pictures = folderPictures(join(folder, "file"));
  await folderPictures(folder).save("x.png", new Uint8Array([1]));
  await expect(folderPictures(join(folder, "x.png")).read("cup.webp")).rejects.toThrow();
  expect(await pictures.read("cup.webp")).toBeUndefined();
});

test("names are letters, digits and dashes with the ending of a picture", () => {
  expect(isPictureName(thumbOf("0b1c-2d.webp"))).toBe(true);
  for (const name of ["a.svg", "a", ".webp", "a/b.png", "..png/", "a.png.exe", "ä.jpg"])
    expect(isPictureName(name)).toBe(false);
});
