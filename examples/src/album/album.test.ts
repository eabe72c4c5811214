import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { type LiveDriver, live } from "@overwire/testing";
import { afterEach, beforeEach, expect, test } from "vitest";
import { app } from "../app.ts";
import { folder } from "./photo-folder.ts";
import { photoStore } from "./photo-store.ts";
import { addPhoto, allPhotos, forgetPhoto, KEPT } from "./photos.ts";

let view: LiveDriver;

beforeEach(async () => {
  view = await live(app, "/album");
});

afterEach(async () => {
  await view.close();
  for (const photo of allPhotos()) {
    forgetPhoto(photo);
    await photoStore.remove(photo);
  }
});

const png = (name: string, content = `the photo ${name}`) => ({ name, content });
const choose = (...files: { name: string; content: string; type?: string; size?: number }[]) =>
  view.fileInput("input[type=file]", files);
const add = () => view.form("#new-photos").submit();
/** The names that a page shows. */
const shown = ({ container }: LiveDriver) =>
  [...container.querySelectorAll(".photos .name")].map((name) => name.textContent);
const chosen = () => [...view.container.querySelectorAll(".entries li")];
const problems = () => [...view.container.querySelectorAll("[role=alert]")].map((alert) => alert.textContent);
const source = (name: string) =>
  view.element(`.photos img[alt="${name}"]`).node.getAttribute("src") as string;
const addBar = () => view.container.querySelector("#new-photos button.primary") as HTMLButtonElement | null;

test("adds what is chosen, the newest first, and serves it as what it was accepted as", async () => {
  await choose(png("one.png"), png("two.webp")).choose();
  expect(chosen().map((entry) => entry.querySelector("progress")?.value)).toEqual([0, 0]);
  expect(view.container.querySelectorAll(".entries img")).toHaveLength(2);
  expect(addBar()?.textContent).toBe("Add these 2 photos");
  await add();
  expect(shown(view)).toEqual(["two.webp", "one.png"]);
  expect(chosen()).toEqual([]);
  expect(addBar()).toBeNull();

  const res = await view.request.get(source("two.webp"));
  expect([res.text(200), res.type]).toEqual(["the photo two.webp", "image/webp"]);
  expect(res.header("x-content-type-options")).toBe("nosniff");
});

test("files may be dropped, and show how far they are", async () => {
  const files = choose(png("one.png", "x".repeat(1000)), png("two.png"));
  await files.drop();
  await files.upload("one.png", 40);
  expect(chosen().map((entry) => entry.querySelector("progress")?.value)).toEqual([40, 0]);
  await add();
  expect(shown(view)).toEqual(["two.png", "one.png"]);
});

test("a file that is not to be added is taken out", async () => {
  const files = choose(png("one.png"), png("two.png"));
  await files.upload("one.png", 50);
  await view.element("[aria-label='Do not add one.png']").click();
  expect(chosen()).toHaveLength(1);
  await add();
  expect(shown(view)).toEqual(["two.png"]);
});

test("says of each file what is wrong with it, and goes on without it", async () => {
  await choose(
    png("fine.png"),
    { name: "notes.txt", content: "no photo" },
    { ...png("huge.png"), size: 4_000_001 },
    { ...png("odd.png"), type: "image/png;charset=odd" },
  ).choose();
  const said = chosen().map((entry) => entry.querySelector("[role=alert]")?.textContent);
  expect(said).toEqual([
    undefined,
    expect.stringContaining("accept"),
    expect.stringContaining("large"),
    "This is not a photo.",
  ]);
  expect(addBar()?.disabled).toBe(true);

  for (const name of ["notes.txt", "huge.png", "odd.png"])
    await view.element(`[aria-label='Do not add ${name}']`).click();
  expect(problems()).toEqual([]);
  await add();
  expect(shown(view)).toEqual(["fine.png"]);
});

test("takes five at a time", async () => {
  await choose(...Array.from({ length: 6 }, (_, at) => png(`${at}.png`))).choose();
  expect(problems()).toEqual(["Only 5 files can be uploaded."]);
  expect(addBar()?.disabled).toBe(true);
  await view.element("[aria-label='Do not add 3.png']").click();
  expect(problems()).toEqual([]);
  await add();
  expect(shown(view)).toEqual(["5.png", "4.png", "2.png", "1.png", "0.png"]);
});

test("all who have the page open see the same photos", async () => {
  const other = await live(app, "/album");
  await choose(png("<b>one.png")).choose();
  await add();
  await other.settled();
  expect(shown(other)).toEqual(["<b>one.png"]);
  const late = await live(app, "/album");
  expect(shown(late)).toEqual(["<b>one.png"]);

  await other.element("[aria-label^=Delete]").click();
  await Promise.all([view.settled(), late.settled()]);
  for (const each of [view, other, late]) {
    expect(shown(each)).toEqual([]);
    await each.close();
  }
});

test("a deleted photo is deleted on disk too", async () => {
  await choose(png("one.png")).choose();
  await add();
  const url = source("one.png");
  const [name = ""] = await readdir(folder());
  expect(url).toBe(`/album/photos/${name}`);
  expect(await readFile(join(folder(), name), "utf8")).toBe("the photo one.png");

  await view.element("[aria-label='Delete one.png']").click();
  expect(await readdir(folder())).toEqual([]);
  expect((await view.request.get(url)).status).toBe(404);
  // Another user may have been faster.
  await view.event("remove", { id: name });
  expect(shown(view)).toEqual([]);
});

test("the oldest photos go when there are too many", async () => {
  await choose(png("first.png")).choose();
  await add();
  const url = source("first.png");
  for (let at = 1; at < KEPT; at++) addPhoto({ id: `${at}`, name: `${at}.png`, type: "image/png", size: 1 });
  await choose(png("last.png")).choose();
  await add();
  expect(allPhotos()).toHaveLength(KEPT);
  expect(shown(view)[0]).toBe("last.png");
  expect(shown(view)).not.toContain("first.png");
  expect((await view.request.get(url)).status).toBe(404);
  expect(await readdir(folder())).toHaveLength(1);
});

test("serves nothing else", async () => {
  for (const id of ["", "1", "..%2F..%2Fetc%2Fpasswd", "..", "%00"])
    expect((await view.request.get(`/album/photos/${id}`)).status).toBe(404);
});

test("a lost connection interrupts an upload, and no more", async () => {
  const files = choose(png("one.png", "x".repeat(300_000)));
  await files.upload("one.png", 50);
  await view.disconnect();
  await view.reconnect();
  await add();
  expect((await view.request.get(source("one.png"))).bytes().length).toBe(300_000);
});

test("takes away nothing that is not there", async () => {
  await view.event("cancel", { ref: "9" });
  await expect(view.event("cancel", { ref: 9 })).rejects.toThrow("refused");
  expect(chosen()).toEqual([]);
});
