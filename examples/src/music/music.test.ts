import { type LiveDriver, live, request } from "@overwire/testing";
import { expect, test } from "vitest";
import { app } from "../app.ts";
import type { Player } from "./player.ts";
import { tracks, wav } from "./tracks.ts";

const player = (view: LiveDriver) => view.child<Player>("player");
const audio = (view: LiveDriver) => view.container.ownerDocument.querySelector("audio");

test("plays the user's choice, in the player", async () => {
  const view = await live(app, "/music");
  expect(player(view).text("[role=status]")).toBe("Nothing plays. Choose a track.");
  await view.element("[aria-label='Play Evening']").click();
  expect(player(view).text("[role=status]")).toBe("Evening Hours");
  expect(audio(view)?.getAttribute("src")).toBe("/music/tracks/2.wav");
  expect(player(view).text(".played")).toBe("1 played");

  const element = audio(view);
  await view.element("[aria-label='Play Steps']").click();
  expect(audio(view)).toBe(element);
  expect(audio(view)?.getAttribute("src")).toBe("/music/tracks/3.wav");

  await player(view).element("button", "Stop").click();
  expect(audio(view)).toBeNull();
  expect(player(view).text(".played")).toBe("2 played");
});

test("goes from tab to tab over one socket; the player stays the same", async () => {
  const view = await live(app, "/music");
  await view.element("[aria-label='Play Morning']").click();
  const [element, process] = [audio(view), player(view).instance];

  await view.element("nav a", "Albums").click();
  expect(view.url()).toBe("/music/albums");
  expect(view.text("[aria-current=page]")).toBe("Albums");
  expect(view.title()).toBe("Music · Overwire");
  expect(audio(view)).toBe(element);
  expect(player(view).instance).toBe(process);

  await view.element("[aria-label='Play Landing']").click();
  await view.element("nav a", "About").click();
  expect(view.text("h2")).toBe("About");
  expect(player(view).text("[role=status]")).toBe("Landing Stairs");
  expect(player(view).text(".played")).toBe("2 played");
  expect(audio(view)).toBe(element);

  await view.back();
  expect(view.text("[aria-current=page]")).toBe("Albums");
  expect(audio(view)).toBe(element);
});

test("knows no other track", async () => {
  const view = await live(app, "/music");
  await player(view).event("play", { id: 99 });
  expect(player(view).text(".played")).toBe("0 played");
  await expect(player(view).event("play", { id: "1" })).rejects.toThrow("refused");
});

test.each(tracks)("serves $title", async ({ id }) => {
  const res = await request(app).get(`/music/tracks/${id}.wav`);
  expect(res.type).toBe("audio/wav");
  const file = new DataView(res.bytes().buffer);
  expect(file.getUint32(0)).toBe(0x52494646);
  expect(file.getUint32(4, true)).toBe(file.byteLength - 8);
  expect(file.getUint32(40, true)).toBe(file.byteLength - 44);
});

test("serves nothing else", async () => {
  for (const file of ["5.wav", "1", "1.mp3", "..%2Fapp.ts"])
    expect((await request(app).get(`/music/tracks/${file}`)).status).toBe(404);
  expect(wav({ id: 9, title: "", album: "" })).toHaveLength(44);
});
