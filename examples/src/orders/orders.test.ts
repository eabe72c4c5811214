import { type LiveDriver, live } from "@overwire/testing";
import { describe, expect, test } from "vitest";
import { app } from "../app.ts";
import { pageNumbers } from "./orders.ts";

const cells = (view: LiveDriver, column: number) =>
  [...view.container.querySelectorAll(`td:nth-child(${column})`)].map(
    (cell) => cell.textContent?.trim() ?? "",
  );
const numbers = (view: LiveDriver) => cells(view, 1).map(Number);
const falling = (values: readonly number[]) => [...values].sort((a, b) => b - a);

test("shows the newest orders first", async () => {
  const view = await live(app, "/orders");
  expect(view.text("form output")).toBe("236 orders");
  expect(numbers(view)).toHaveLength(12);
  expect(numbers(view)).toEqual(falling(numbers(view)));
  expect(view.text("[aria-sort=descending]")).toBe("placed");
  expect(view.text("[aria-current=page]")).toBe("1");
});

test("a link of a column sorts by it, and by the same again the other way", async () => {
  const view = await live(app, "/orders?page=3");
  await view.element("th a", "customer").click();
  await view.assertPatch("/orders?sort=customer&order=ascending");
  const customers = cells(view, 2);
  expect(customers).toEqual([...customers].sort());
  expect(view.text("[aria-sort]")).toBe("customer");

  await view.element("th a", "customer").click();
  await view.assertPatch("/orders?sort=customer");
  expect(view.text("[aria-sort=descending]")).toBe("customer");
});

test("goes through the pages, in whatever order they are", async () => {
  const view = await live(app, "/orders?sort=number&order=ascending");
  expect(view.hasElement("nav a[rel=prev]")).toBe(false);
  await view.element("nav a", "Next").click();
  await view.assertPatch("/orders?sort=number&order=ascending&page=2");
  expect(numbers(view)[0]).toBe(1013);

  await view.element("[aria-label='Page 20']").click();
  expect(numbers(view)).toEqual([1229, 1230, 1231, 1232, 1233, 1234, 1235, 1236]);
  expect(view.hasElement("nav a[rel=next]")).toBe(false);
});

test("filters from the first page on, and keeps the order", async () => {
  const view = await live(app, "/orders?sort=number&page=5");
  await view.form("form", { q: "books", status: "paid" }).change();
  await view.assertPatch("/orders?q=books&status=paid&sort=number");
  expect(new Set(cells(view, 2))).toEqual(new Set(["Eastside Books"]));
  expect(new Set(cells(view, 4))).toEqual(new Set(["paid"]));
  expect(numbers(view)).toEqual(falling(numbers(view)));

  await view.form("form", { q: "nobody" }).submit();
  expect(view.text("form output")).toBe("0 orders");
  await view.element("td a", "Show all orders").click();
  await view.assertPatch("/orders");
  expect(view.text("form output")).toBe("236 orders");
  expect(view.hasElement("option[value=all][selected]")).toBe(true);
});

test("a bookmark shows what it showed", async () => {
  const first = await live(app, "/orders");
  await first.form("form", { q: "kettle" }).change();
  await first.element("th a", "total").click();
  const second = await live(app, first.url());
  expect(cells(second, 5)).toEqual(cells(first, 5));
  expect((second.element("[name=q]").node as unknown as HTMLInputElement).value).toBe("kettle");
});

test.each(["page=0", "page=many", "sort=secret", "order=sideways", "status=lost", "q[]=a", "page[a]=1"])(
  "what is asked for wrongly (%s) is what is shown first",
  async (query) => {
    const view = await live(app, `/orders?${query}`);
    expect(view.text("form output")).toBe("236 orders");
    expect(view.text("[aria-sort=descending]")).toBe("placed");
    expect(view.text("[aria-current=page]")).toBe("1");
  },
);

test("past the last page there is a way back", async () => {
  const view = await live(app, "/orders?page=99");
  expect(view.hasElement("td", "Nothing here.")).toBe(true);
  await view.element("td a").click();
  expect(numbers(view)).toHaveLength(12);
});

describe("page numbers", () => {
  test.each([
    [1, 1, "1"],
    [1, 3, "1 2 3"],
    [1, 20, "1 2 … 20"],
    [4, 20, "1 … 3 4 5 … 20"],
    [20, 20, "1 … 19 20"],
  ])("on page %d of %d: %s", (page, pages, shown) => {
    expect(
      pageNumbers(page, pages)
        .map((at) => at ?? "…")
        .join(" "),
    ).toBe(shown);
  });
});
