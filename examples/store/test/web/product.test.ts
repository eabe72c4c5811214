import { live, request } from "@overwire/testing";
import { beforeEach, describe, expect, test } from "vitest";
import { products } from "../support/factories.ts";
import { setStock } from "../support/stock.ts";
import { type TestStore, testStore } from "../support/test-store.ts";

let at: TestStore;
beforeEach(() => {
  at = testStore();
});

test("a product's page shows what it is, what it costs, and others like it", async () => {
  await products(at.repo).insert({ name: "Mug", category: "Cups" });
  const cup = await products(at.repo).insert({
    name: "Dipped cup",
    slug: "dipped-cup",
    description: "Dipped by hand.",
    category: "Cups",
    price: 1950,
    stock: 3,
  });
  const view = await live(at.app, `/products/${cup.slug}`);
  expect(view.title()).toContain("Dipped cup");
  expect(view.text("article")).toMatch(/Dipped cup.*Dipped by hand\..*€19\.50.*3 left/s);
  expect(view.text(".related")).toContain("Mug");
  expect(view.text(".related")).not.toContain("Dipped cup");
  await view.element(".crumbs a", "Cups").click();
  expect(decodeURI(view.url())).toBe("/?category[]=Cups");
});

test.each([
  ["that is unknown", async () => "unicorn"],
  ["that is not listed", async () => (await products(at.repo).insert({ isListed: false })).slug],
])("there is no page of a product %s", async (_, slug) => {
  const page = await request(at.app).get(`/products/${await slug()}`);
  expect(page.status).toBe(404);
});

test("the stock is live in all tabs, down to the last piece", async () => {
  const cup = await products(at.repo).insert({ stock: 8 });
  const tabs = [await live(at.app, `/products/${cup.slug}`), await live(at.app, `/products/${cup.slug}`)];
  for (const [stock, text] of [
    [3, "3 left"],
    [0, "Sold out"],
    [50, "In stock"],
  ] as const) {
    await setStock(at.store, cup.id, stock);
    for (const tab of tabs) {
      await tab.settled();
      expect(tab.text(".price .badge")).toBe(text);
    }
  }
});

test("a product that is taken off the shop says so to those who look at it", async () => {
  const { id, slug, name, description, category, brand, price } = await products(at.repo).insert();
  const view = await live(at.app, `/products/${slug}`);
  await at.store.catalogue.save({ name, description, category, brand, price, isListed: false }, id);
  await view.settled();
  expect(view.text(".price")).toContain("No longer sold");
  expect(view.hasElement("article button")).toBe(false);
});

describe("visitors who look", () => {
  test("two visitors see each other, and one who leaves is gone", async () => {
    const { slug } = await products(at.repo).insert();
    const ann = await live(at.app, `/products/${slug}`);
    expect(ann.text(".lookers")).toBe("");
    const bob = await live(at.app, `/products/${slug}`);
    const cem = await live(at.app, `/products/${slug}`);
    await ann.settled();
    expect(ann.text(".lookers")).toBe("2 others are looking at this");
    await cem.close();
    await ann.settled();
    expect(ann.text(".lookers")).toBe("1 other is looking at this");
    await bob.close();
    await ann.settled();
    expect(ann.text(".lookers")).toBe("");
  });

  test("one who goes on looks at the other product, and a page that was only painted looks at none", async () => {
    const [cup, mug] = await products(at.repo).insertPair();
    const ann = await live(at.app, `/products/${cup.slug}`);
    const dan = await live(at.app, `/products/${mug.slug}`);
    const bob = await live(at.app, `/products/${cup.slug}`);
    (await request(at.app).get(`/products/${cup.slug}`)).html();
    await ann.settled();
    expect(ann.text(".lookers")).toBe("1 other is looking at this");
    await bob.element(".related a", mug.name).click();
    for (const view of [ann, bob, dan]) await view.settled();
    expect([ann, bob, dan].map((view) => view.text(".lookers"))).toEqual([
      "",
      "1 other is looking at this",
      "1 other is looking at this",
    ]);
  });

  test("tabs of one visitor count once, and those of another product not at all", async () => {
    const { slug } = await products(at.repo).insert();
    const other = await products(at.repo).insert();
    const visitor = request(at.app);
    const first = await live(visitor, `/products/${slug}`);
    const second = await live(visitor, `/products/${slug}`);
    await live(at.app, `/products/${other.slug}`);
    for (const tab of [first, second]) {
      await tab.settled();
      expect(tab.text(".lookers")).toBe("");
    }
    const bob = await live(at.app, `/products/${slug}`);
    await bob.settled();
    expect(bob.text(".lookers")).toBe("1 other is looking at this");
  });
});

describe("pictures", () => {
  test("of products without one are drawings that browsers keep", async () => {
    const { slug } = await products(at.repo).insert({ name: "Blue bowl" });
    const view = await live(at.app, `/products/${slug}`);
    const path = view.element("article img").node.getAttribute("src") ?? "";
    const drawing = await request(at.app).get(path);
    expect(drawing.status).toBe(200);
    expect(drawing.headers.get("content-type")).toContain("image/svg+xml");
    expect(drawing.headers.get("cache-control")).toContain("immutable");
    expect(drawing.text()).toContain("<svg");
  });

  test.each(["/drawings/1/unicorn-00000000.svg", "/drawings/0/mug-00000000.svg", "/drawings/1/mug.svg"])(
    "%s is not found",
    async (path) => {
      expect((await request(at.app).get(path)).status).toBe(404);
    },
  );

  test("that were uploaded are served as what they are", async () => {
    await at.store.services.pictures.save("abc.webp", new Uint8Array([1, 2]));
    const found = await request(at.app).get("/pictures/abc.webp");
    expect(found.headers.get("content-type")).toBe("image/webp");
    expect(found.headers.get("x-content-type-options")).toBe("nosniff");
    expect((await request(at.app).get("/pictures/other.webp")).status).toBe(404);
    expect((await request(at.app).get("/pictures/..%2Fpackage.json")).status).toBe(404);
  });
});
