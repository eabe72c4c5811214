import { describe, expect, test } from "vitest";
import { productTopic } from "../../src/catalogue/topics.ts";
import { inProcess, overPort, refusalOf, testApi } from "../support/api.ts";
import { draft } from "../support/draft.ts";
import { products, users } from "../support/factories.ts";

describe.each([inProcess, overPort])("products, $way", (driver) => {
  const open = () => testApi(driver);

  test("a program searches, narrows by facets and price, and sorts", async () => {
    const api = await open();
    const tonwerk = products(api.repo).derive({ brand: "Tonwerk" });
    await tonwerk.insert({ name: "Blue bowl", category: "Bowls", price: 2450 });
    await tonwerk.insert({ name: "Red cup", category: "Cups", price: 900, stock: 0 });
    await products(api.repo).insert({
      name: "Blue cup",
      category: "Cups",
      brand: "Lehm & Feuer",
      price: 1800,
    });
    const shop = await api.as(await users(api.repo).insert());
    const names = async (query: Parameters<typeof shop.listsProducts>[0]) =>
      (await shop.listsProducts(query)).products.map(({ name }) => name);

    expect(await names({ search: "blu", sort: "cheapest" })).toEqual(["Blue cup", "Blue bowl"]);
    expect(await names({ category: "Cups", sort: "dearest" })).toEqual(["Blue cup", "Red cup"]);
    expect(await names({ brand: ["Tonwerk", "Lehm & Feuer"], category: "Bowls" })).toEqual(["Blue bowl"]);
    expect(await names({ priceFrom: 900, priceTo: 1800, inStock: true })).toEqual(["Blue cup"]);
    expect(await names({ inStock: false, sort: "cheapest" })).toHaveLength(3);
    const categories = [
      { value: "Bowls", count: 1 },
      { value: "Cups", count: 1 },
    ];
    expect(await shop.listsProducts({ search: "blue" })).toMatchObject({ total: 2, facets: { categories } });
  });

  test("a program follows the links from page to page", async () => {
    const api = await open();
    const all = await products(api.repo).insertList(5);
    const shop = await api.as(await users(api.repo).insert());
    const seen: string[] = [];
    let { answer, links } = await shop.pageOf("/products?perPage=2&inStock=true");
    expect(Object.keys(links)).toEqual(["first", "next", "last"]);
    for (;;) {
      seen.push(...answer.products.map(({ slug }) => slug));
      if (!links.next) break;
      ({ answer, links } = await shop.pageOf(links.next));
    }
    expect(seen.toSorted()).toEqual(all.map(({ slug }) => slug).toSorted());
    expect(links).toEqual({
      first: "/api/v1/products?perPage=2&inStock=true&page=1",
      prev: "/api/v1/products?perPage=2&inStock=true&page=2",
      last: "/api/v1/products?perPage=2&inStock=true&page=3",
    });
  });

  test("a page beyond the last is empty, and leads back", async () => {
    const api = await open();
    await products(api.repo).insert();
    const shop = await api.as(await users(api.repo).insert());
    const { answer, links } = await shop.pageOf("/products?page=10000");
    expect([answer.products, answer.total]).toEqual([[], 1]);
    expect(Object.keys(links)).toEqual(["first", "last"]);
  });

  test("a customer reads what is listed, and changes nothing", async () => {
    const api = await open();
    const listed = await products(api.repo).insert();
    const hidden = await products(api.repo).insert({ isListed: false });
    const shop = await api.as(await users(api.repo).insert());
    expect(await shop.readsProduct(listed.slug)).toMatchObject({ id: listed.id, price: 1800 });
    expect(await refusalOf(shop.readsProduct(hidden.slug))).toMatchObject({
      status: 404,
      error: "not_found",
      message: "There is no such product.",
    });
    for (const call of [
      shop.addsProduct(draft),
      shop.changesProduct(listed.slug, { price: 1 }),
      shop.changesStock(listed.slug, 1),
    ])
      expect(await refusalOf(call)).toMatchObject({ status: 403, error: "forbidden" });
    expect(await api.repo.get("products", listed.id)).toEqual(listed);
  });

  test("a moderator adds a product, changes it and counts pieces in; pages and the audit log hear of it", async () => {
    const api = await open();
    const keeper = await api.as(await users(api.repo).insert({ role: "moderator" }));
    const added = await keeper.addsProduct(draft);
    expect(added).toMatchObject({ slug: "blue-bowl", stock: 0 });
    const heard: number[] = [];
    api.app.subscribe(productTopic(added.id), ({ stock }) => void heard.push(stock));
    const changed = await keeper.changesProduct("blue-bowl", { price: 1990, isListed: false });
    expect(changed).toMatchObject({ price: 1990, name: "Blue bowl" });
    expect(await keeper.changesStock("blue-bowl", 3)).toMatchObject({ stock: 3 });
    expect(await keeper.readsProduct("blue-bowl")).toMatchObject({ stock: 3, isListed: false });
    await expect.poll(() => heard).toEqual([0, 3]);
    const log = await api.store.audit.list({ area: "product" });
    expect(log.map(({ action }) => action)).toEqual([
      "product.stock_changed",
      "product.changed",
      "product.added",
    ]);
  });

  test("the answer to a new product names its address", async () => {
    const api = await open();
    const keeper = await api.as(await users(api.repo).insert({ role: "admin" }));
    const { status, headers } = await keeper.sends("POST", "/products", { body: draft });
    expect([status, headers.get("location")]).toEqual([201, "/api/v1/products/blue-bowl"]);
    expect((await keeper.sends("GET", headers.get("location") ?? "")).status).toBe(200);
  });

  test("ten programs take pieces at the same time, and no more than there are", async () => {
    const api = await open();
    const { slug } = await products(api.repo).insert({ stock: 7 });
    const keeper = await api.as(await users(api.repo).insert({ role: "moderator" }));
    const takes = Array.from({ length: 10 }, () => keeper.changesStock(slug, -1));
    const outcomes = await Promise.allSettled(takes);
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(7);
    expect(await refusalOf(keeper.changesStock(slug, -1))).toMatchObject({
      status: 409,
      error: "out_of_stock",
    });
    expect(await keeper.readsProduct(slug)).toMatchObject({ stock: 0 });
  });
});
