import { type LiveDriver, live } from "@overwire/testing";
import { afterEach, beforeEach, expect, test } from "vitest";
import { app } from "../app.ts";
import { network } from "./likes-store.ts";

const slow = network.travel;
/** Lets what is on the way to the store arrive. */
let arrive: () => void;

/** From now on what is saved waits for `arrive`. */
function hold() {
  const held = new Promise<void>((resolve) => {
    arrive = resolve;
  });
  network.travel = () => held;
}

beforeEach(() => {
  network.travel = () => Promise.resolve();
});

afterEach(() => {
  network.travel = slow;
});

const like = (view: LiveDriver, id: number) => view.element(`#like-${id}`);
/** The heart of a photo, as it is seen and as it is told. */
const heart = (view: LiveDriver, id: number) => {
  const { node } = like(view, id);
  return `${node.classList.contains("liked") ? "full" : "empty"}, pressed ${node.getAttribute("aria-pressed")}`;
};
const [FULL, EMPTY] = ["full, pressed true", "empty, pressed false"];
const likes = (view: LiveDriver, id: number) => Number.parseInt(view.text(`li:nth-child(${id}) output`), 10);

test("likes, and likes no more", async () => {
  const view = await live(app, "/likes");
  const before = likes(view, 1);
  expect(heart(view, 1)).toBe(EMPTY);
  await like(view, 1).click();
  expect(heart(view, 1)).toBe(FULL);
  expect(likes(view, 1)).toBe(before + 1);

  await like(view, 1).click();
  expect(heart(view, 1)).toBe(EMPTY);
  expect(likes(view, 1)).toBe(before);
});

test("shows the like and its number while it is being saved", async () => {
  const view = await live(app, "/likes");
  const before = likes(view, 2);
  hold();
  const clicked = like(view, 2).click();
  await expect.poll(() => likes(view, 2)).toBe(before + 1);
  expect(heart(view, 2)).toBe(FULL);
  expect(view.text("li:nth-child(2) small")).toBe("Saving…");

  arrive();
  await clicked;
  expect(heart(view, 2)).toBe(FULL);
  expect(likes(view, 2)).toBe(before + 1);
  expect(view.text("li:nth-child(2) small")).toBe("");
});

test("takes back what could not be saved, and says so", async () => {
  const view = await live(app, "/likes");
  const before = likes(view, 3);
  await view.element("label input").click();
  hold();
  const clicked = like(view, 3).click();
  await expect.poll(() => likes(view, 3)).toBe(before + 1);
  expect(view.hasElement("[role=alert]")).toBe(false);

  arrive();
  await clicked;
  expect(heart(view, 3)).toBe(EMPTY);
  expect(likes(view, 3)).toBe(before);
  expect(view.text("[role=alert] span")).toBe("“Night bus” could not be saved. Try again.");

  // Only the next one fails, and a new try takes the message away.
  await like(view, 3).click();
  expect(heart(view, 3)).toBe(FULL);
  expect(likes(view, 3)).toBe(before + 1);
  expect(view.hasElement("[role=alert]")).toBe(false);
});

test("the message can be put away", async () => {
  const view = await live(app, "/likes");
  await view.element("label input").click();
  await like(view, 1).click();
  await view.element("[aria-label='Close this message']").click();
  expect(view.hasElement("[role=alert]")).toBe(false);
});

test("others see what is saved, and only that", async () => {
  const [ann, bob] = [await live(app, "/likes"), await live(app, "/likes")];
  const before = likes(ann, 1);
  hold();
  const clicked = like(ann, 1).click();
  await expect.poll(() => likes(ann, 1)).toBe(before + 1);
  await bob.settled();
  expect(likes(bob, 1)).toBe(before);

  arrive();
  await clicked;
  await bob.settled();
  expect(likes(bob, 1)).toBe(before + 1);
  expect(heart(bob, 1)).toBe(EMPTY);
});
