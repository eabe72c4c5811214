import { type LiveDriver, live } from "@overwire/testing";
import { afterEach, expect, test } from "vitest";
import { app } from "../app.ts";
import { left } from "./products.ts";

let pages: LiveDriver[] = [];

async function open(): Promise<LiveDriver> {
  const page = await live(app, "/cart");
  pages.push(page);
  return page;
}

// The contents of an abandoned cart go back.
afterEach(async () => {
  await Promise.all(pages.map((page) => page.close()));
  pages = [];
  expect(left("mug")).toBe(12);
});

const add = (view: LiveDriver, name: string) => view.element(`[aria-label='Add ${name}']`).click();
const quantity = (view: LiveDriver, name: string) => view.element(`[aria-label='Quantity of ${name}']`);
const typed = (view: LiveDriver, name: string) =>
  (quantity(view, name).node as unknown as HTMLInputElement).value;
const type = (view: LiveDriver, name: string, quantity: string) =>
  view.form(`.line:has([aria-label='Quantity of ${name}']) .quantity`, { quantity }).change();

test("an added product is in the cart once, and in the total", async () => {
  const view = await open();
  expect(view.text(".sum")).toBe("0 things €0.00");
  await add(view, "Enamel mug");
  await add(view, "Notebook");
  expect(view.text(".sum")).toBe("2 things €23.50");
  expect(view.text("[aria-label='Add Notebook']")).toBe("In the cart");
  await expect(add(view, "Notebook")).rejects.toThrow("disabled");
});

test("a line counts for itself, and tells the view", async () => {
  const view = await open();
  await add(view, "Enamel mug");
  await add(view, "Notebook");
  await view.element("[aria-label='One Enamel mug more']").click();
  expect(typed(view, "Enamel mug")).toBe("2");
  expect(typed(view, "Notebook")).toBe("1");
  expect(view.text(".sum")).toBe("3 things €37.50");

  await type(view, "Notebook", "4");
  expect(view.text(".sum")).toBe("6 things €66.00");
  await view.element("[aria-label='One Enamel mug less']").click();
  await expect(view.element("[aria-label='One Enamel mug less']").click()).rejects.toThrow("disabled");
});

test("a text that is no quantity stays as it was typed, with the reason", async () => {
  const view = await open();
  await add(view, "Enamel mug");
  await type(view, "Enamel mug", "many");
  expect(view.text("[role=alert]")).toBe("Must be a number.");
  expect(view.hasElement("[name=quantity][aria-invalid=true]")).toBe(true);
  await view.element("[aria-label='Add Notebook']").click();
  expect(typed(view, "Enamel mug")).toBe("many");
  expect(view.text(".sum")).toBe("2 things €23.50");

  await type(view, "Enamel mug", "");
  expect(view.text("[role=alert]")).toBe("Must be a number.");
  await type(view, "Enamel mug", "0");
  expect(view.text("[role=alert]")).toBe("At least one.");
  await type(view, "Enamel mug", "13");
  expect(view.text("[role=alert]")).toBe("Only 12 there.");
  await type(view, "Enamel mug", "12");
  expect(view.hasElement("[role=alert]")).toBe(false);
});

test("a line that is removed goes, and the others keep what they were doing", async () => {
  const view = await open();
  for (const name of ["Enamel mug", "Notebook", "Umbrella"]) await add(view, name);
  await view.element(".line:nth-child(2) .note button", "Gift note").click();
  await view.element("[aria-label='Remove Enamel mug']").click();
  expect(view.container.querySelectorAll(".line")).toHaveLength(2);
  expect(view.hasElement(".line:nth-child(1) [aria-label='Note with Notebook']")).toBe(true);
  expect(view.hasElement("[aria-label='Note with Umbrella']")).toBe(false);

  // Added again it is a new line.
  await add(view, "Enamel mug");
  expect(view.hasElement("[aria-label='Note with Enamel mug']")).toBe(false);
});

test("a note can be the same for all lines", async () => {
  const view = await open();
  for (const name of ["Enamel mug", "Notebook"]) await add(view, name);
  await view.element(".line:nth-child(1) .note button", "Gift note").click();
  await view.form(".note form", { note: "For <you>" }).change();
  expect(view.text(".line:nth-child(2) .note button")).toBe("Gift note");

  await view.form(".note form", { note: "For <you>" }).submit();
  const notes = [...view.container.querySelectorAll("[name=note]")] as unknown as HTMLInputElement[];
  expect(notes.map(({ value }) => value)).toEqual(["For <you>", "For <you>"]);
  expect(view.text(".line:nth-child(2) .note button[aria-expanded]")).toBe("Gift note ✓");

  // A line's change since then is the same again too.
  await view.form(".line:nth-child(2) .note form", { note: "For me" }).change();
  await view.form(".line:nth-child(1) .note form", { note: "For <you>" }).submit();
  const again = [...view.container.querySelectorAll("[name=note]")] as unknown as HTMLInputElement[];
  expect(again.map(({ value }) => value)).toEqual(["For <you>", "For <you>"]);
});

test("all carts take from the same shelf", async () => {
  const [ann, bob] = [await open(), await open()];
  await add(ann, "Enamel mug");
  await type(ann, "Enamel mug", "10");
  await bob.settled();
  expect(bob.text(".products li:first-child .stock")).toBe("2 left");

  await add(bob, "Enamel mug");
  await type(bob, "Enamel mug", "3");
  expect(bob.text("[role=alert]")).toBe("Only 2 there.");
  await ann.element("[aria-label='Remove Enamel mug']").click();
  await type(bob, "Enamel mug", "3");
  expect(bob.text(".products li:first-child .stock")).toBe("9 left");
});

test("sells nothing else", async () => {
  const view = await open();
  await view.element("[aria-label='Add Notebook']").click({ id: "yacht" });
  expect(view.text(".sum")).toBe("0 things €0.00");
});
