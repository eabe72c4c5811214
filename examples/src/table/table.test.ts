import { type LiveDriver, live } from "@overwire/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { app } from "../app.ts";

/** Opening it takes a test longer than all that is done with it, so it is opened once. */
let view: LiveDriver;
const open = () => live(app, "/table");
const PATIENCE = 120_000;

beforeAll(async () => {
  view = await open();
}, PATIENCE);
afterAll(() => view.close());

const column = (view: LiveDriver, name: string) =>
  [...view.container.querySelectorAll(`td.${name}`)].map((cell) => cell.textContent?.trim() ?? "");
const cell = (view: LiveDriver, id: string) => view.element(`#${id}`);
const sorted = (values: readonly string[]) => [...values].sort(new Intl.Collator("en").compare);

test("shows a thousand rows, by name", () => {
  const names = column(view, "name");
  expect(names).toHaveLength(1000);
  expect(names).toEqual(sorted(names));
  expect(view.text("[aria-sort=ascending]")).toBe("name");
});

test("sorts by any column, both ways", async () => {
  await view.element("th button", "age").click();
  const ages = column(view, "age").map(Number);
  expect(ages).toEqual([...ages].sort((a, b) => a - b));
  expect(view.text("[aria-sort=ascending]")).toBe("age");

  await view.element("th button", "age").click();
  expect(column(view, "age").map(Number)).toEqual([...ages].reverse());
  expect(view.text("[aria-sort=descending]")).toBe("age");
  expect(view.hasElement("[aria-sort=ascending]")).toBe(false);

  await view.element("th button", "city").click();
  const cities = column(view, "city");
  expect(cities).toEqual(sorted(cities));
});

test("filters, in the order that was chosen", async () => {
  await view.form("form[role=search]", { query: "osaka" }).change();
  const cities = column(view, "city");
  expect(new Set(cities)).toEqual(new Set(["Osaka"]));
  expect(view.text("output")).toBe(`${cities.length} of 1000`);

  await view.form("form[role=search]", { query: "nobody is called so" }).change();
  expect(column(view, "name")).toEqual([]);
  expect(view.text("output")).toBe("0 of 1000");

  await view.form("form[role=search]", { query: "" }).submit();
  expect(column(view, "name")).toHaveLength(1000);
});

describe("a cell", () => {
  /** Ids of the few rows that are shown, which no test edits twice. */
  let ids: string[];

  beforeAll(async () => {
    await view.form("form[role=search]", { query: "Liskov" }).change();
    ids = [...view.container.querySelectorAll("td.name button")].map(({ id }) => id.replace("name-", ""));
  });

  test("is edited", async () => {
    const id = `name-${ids[0]}`;
    await cell(view, id).click();
    expect(view.container.querySelectorAll("td input")).toHaveLength(1);

    await view.form("td form", { value: " Zoe <Z> " }).submit();
    expect(view.hasElement("td input")).toBe(false);
    expect(view.text(`#${id}`)).toBe("Zoe <Z>");
  });

  test("saves what was typed when the field is left", async () => {
    const id = `city-${ids[1]}`;
    await cell(view, id).click();
    const field = view.element("#editor");
    (field.node as unknown as HTMLInputElement).value = "Paris";
    await field.blur();
    expect(view.text(`#${id}`)).toBe("Paris");
  });

  test("stays as it was after Escape", async () => {
    const id = `role-${ids[2]}`;
    const before = view.text(`#${id}`);
    await cell(view, id).click();
    const field = view.element("#editor");
    (field.node as unknown as HTMLInputElement).value = "Nothing";
    await field.keydown("Escape");
    expect(view.text(`#${id}`)).toBe(before);
  });

  test("says what is wrong with a value, and lets it be mended", async () => {
    const id = `age-${ids[3]}`;
    await cell(view, id).click();
    await view.form("td form", { value: "young" }).submit();
    expect(view.text("[role=alert]")).toBe("Must be a number.");
    expect(view.hasElement("#editor[aria-invalid=true]")).toBe(true);

    await view.form("td form", { value: "7" }).submit();
    expect(view.text("[role=alert]")).toBe("At least 16.");

    await view.form("td form", { value: "77" }).submit();
    expect(view.hasElement("[role=alert]")).toBe(false);
    expect(view.text(`#${id}`)).toBe("77");
  });

  test("that is not there is refused", async () => {
    const name = `name-${ids[4]}`;
    await expect(cell(view, name).click({ id: 1000 })).rejects.toThrow("refused");
    await expect(cell(view, name).click({ column: "id" })).rejects.toThrow("refused");
    expect(view.hasElement("#editor")).toBe(false);
  });
});

test(
  "an edit shows in other tabs, and leaves alone what they are editing",
  async () => {
    const [ann, bob] = [view, await open()];
    await ann.form("form[role=search]", { query: "" }).change();
    await cell(bob, "name-8").click();
    await cell(ann, "name-9").click();
    await ann.form("td form", { value: "Seen by Bob" }).submit();
    await bob.settled();
    expect(bob.text("#name-9")).toBe("Seen by Bob");
    expect(bob.hasElement("#editor")).toBe(true);

    await bob.form("td form", { value: "Seen by Ann" }).submit();
    await ann.settled();
    expect(ann.text("#name-8")).toBe("Seen by Ann");
    expect((await ann.request.get("/table")).html()).toContain("Seen by Ann");
    await bob.close();
  },
  PATIENCE,
);
