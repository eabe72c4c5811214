import { createPubSub, type PubSub } from "@overwire/server";
import { deferred } from "@overwire/test-support/deferred";
import { double } from "@overwire/testing";
import { beforeEach, describe, expect, test, vi } from "vitest";
import type { Cache } from "../../src/cache/cache.ts";
import { memoryCache } from "../../src/cache/memory-cache.ts";
import { Catalogue } from "../../src/catalogue/catalogue.ts";
import { StockChanged } from "../../src/catalogue/errors.ts";
import { type ProductChange, productTopic, stockTopic } from "../../src/catalogue/topics.ts";
import type { StoreRepo } from "../../src/database/schema.ts";
import { memoryPictures } from "../../src/pictures/memory-pictures.ts";
import { draft } from "../support/draft.ts";
import { products } from "../support/factories.ts";
import { memory } from "../support/memory.ts";
import { onPglite } from "../support/pglite.ts";

describe("on PGlite", () => {
  const { repo } = onPglite();
  catalogueTests(() => repo);
});

describe("in memory", () => {
  catalogueTests(memory);
});

test("the page of a product is kept for 15 seconds, as a node may be killed between a change and its news", async () => {
  const repo = memory();
  const cache = double<Cache>("Cache");
  cache.fallback(memoryCache());
  const catalogue = new Catalogue({ repo, pubsub: createPubSub(), cache, pictures: memoryPictures() });
  const { slug } = await products(repo).insert();
  await catalogue.bySlug(slug);
  expect(cache.calls("get")).toEqual([[`product:${slug}`, expect.any(Function), { ttl: 15_000 }]]);
});

test("pages end with the stock that is there, though the node that changed it first tells of it last", async () => {
  const services = {
    repo: memory(),
    pubsub: createPubSub(),
    cache: memoryCache(),
    pictures: memoryPictures(),
  };
  const reached = deferred<void>();
  const cache: Cache = {
    ...services.cache,
    invalidate: async (key) => {
      await reached.promise;
      return services.cache.invalidate(key);
    },
  };
  const [slow, quick] = [new Catalogue({ ...services, cache }), new Catalogue(services)];
  const { id } = await products(services.repo).insert({ stock: 10 });
  const heard: number[] = [];
  services.pubsub.subscribe(stockTopic, (changes) => {
    for (const { stock, product } of changes) heard.push(stock, product.stock);
  });
  const first = slow.changeStock(id, -1);
  await vi.waitFor(async () => expect(await quick.get(id)).toMatchObject({ stock: 9 }));
  await quick.changeStock(id, -1);
  reached.resolve();
  expect(await first).toMatchObject({ stock: 9 });
  await vi.waitFor(() => expect(heard).toEqual([8, 8, 8, 8]));
});

function catalogueTests(repoOf: () => StoreRepo) {
  let repo: StoreRepo;
  let pubsub: PubSub;
  let catalogue: Catalogue;
  beforeEach(() => {
    repo = repoOf();
    pubsub = createPubSub();
    catalogue = new Catalogue({ repo, pubsub, cache: memoryCache(), pictures: memoryPictures() });
  });

  test("a product has a page by its name, until it is not listed any more", async () => {
    const { id, slug } = await catalogue.save(draft);
    expect(slug).toBe("blue-bowl");
    expect(await catalogue.bySlug(slug)).toMatchObject({ id, name: "Blue bowl", stock: 0 });
    await catalogue.save({ ...draft, isListed: false }, id);
    expect(await catalogue.bySlug(slug)).toBeUndefined();
    expect(await catalogue.get(id)).toMatchObject({ isListed: false });
  });

  test("two products of one name have pages of their own, and a new name leaves the page where it was", async () => {
    const first = await catalogue.save(draft);
    const second = await catalogue.save(draft);
    expect(second.slug).toBe("blue-bowl-2");
    await catalogue.save({ ...draft, name: "Green bowl" }, first.id);
    expect(await catalogue.bySlug("blue-bowl")).toMatchObject({ id: first.id, name: "Green bowl" });
  });

  test("the page of a product comes from the cache, and is new after each change", async () => {
    const { id, slug } = await catalogue.save(draft);
    await catalogue.bySlug(slug);
    await repo.update("products", id, { price: 1 });
    expect(await catalogue.bySlug(slug)).toMatchObject({ price: 2450 });
    await catalogue.setStock(id, 3, 0);
    expect(await catalogue.bySlug(slug)).toMatchObject({ price: 1, stock: 3 });
    await repo.query("takeStock", id, 2);
    await catalogue.stockChanged([{ id, slug }]);
    expect(await catalogue.bySlug(slug)).toMatchObject({ stock: 1 });
    expect((await catalogue.bySlug(slug))?.createdAt).toBeInstanceOf(Date);
  });

  test("every change is told to the pages that show the product", async () => {
    const { id, slug } = await products(repo).insert({ stock: 5 });
    const all: ProductChange[] = [];
    const own: ProductChange[] = [];
    const other: ProductChange[] = [];
    pubsub.subscribe(stockTopic, (changes) => all.push(...changes));
    pubsub.subscribe(productTopic(id), (change) => own.push(change));
    pubsub.subscribe(productTopic(id + 1), (change) => other.push(change));
    await catalogue.setStock(id, 4, 5);
    await repo.query("takeStock", id, 1);
    await catalogue.stockChanged([{ id, slug }]);
    await vi.waitFor(() => expect(all.map(({ stock }) => stock)).toEqual([4, 3]));
    expect(own).toEqual(all);
    expect(own[1]?.product).toMatchObject({ id, stock: 3 });
    expect(other).toEqual([]);
  });

  test("a count is refused if the stock is another than the one that it began with", async () => {
    const { id } = await products(repo).insert({ stock: 5 });
    await catalogue.changeStock(id, -1);
    const late = catalogue.setStock(id, 40, 5);
    await expect(late).rejects.toThrow("The stock has changed from 5 to 4 meanwhile.");
    await expect(late).rejects.toMatchObject({ code: "stock_changed", stock: 4 });
    expect(await catalogue.get(id)).toMatchObject({ stock: 4 });
    expect(await catalogue.setStock(id, 40, 4)).toMatchObject({ stock: 40 });
  });

  test("products whose stock has changed together are told together", async () => {
    const [cup, bowl] = await products(repo).insertPair();
    const heard = vi.fn();
    pubsub.subscribe(stockTopic, (changes) => heard(changes.map(({ productId }) => productId)));
    await catalogue.stockChanged([bowl, cup]);
    await vi.waitFor(() => expect(heard.mock.calls).toEqual([[[cup.id, bowl.id]]]));
  });

  test("a product that is gone is not told", async () => {
    const told = vi.fn();
    pubsub.subscribe(stockTopic, told);
    await catalogue.stockChanged([{ id: 404, slug: "gone" }]);
    await expect(catalogue.setStock(404, 1, 0)).rejects.toThrow(StockChanged);
    expect(told).not.toHaveBeenCalled();
  });

  test("related products are others of the category that are listed", async () => {
    const cup = await products(repo).insert({ name: "Cup", category: "Cups" });
    await products(repo).insert({ name: "Mug", category: "Cups" });
    await products(repo).insert({ name: "Old mug", category: "Cups", isListed: false });
    await products(repo).insert({ name: "Bowl", category: "Bowls" });
    expect((await catalogue.related(cup)).map(({ name }) => name)).toEqual(["Mug"]);
  });

  test("the desk finds products by a part of their name, brand or category, listed or not", async () => {
    await products(repo).insert({ name: "Teapot 50%", brand: "Tonwerk", category: "Tea" });
    await products(repo).insert({ name: "Napkin", brand: "Flachs", category: "Textiles", isListed: false });
    const names = async (text: string) =>
      (await catalogue.all({ text, limit: 10, offset: 0 })).map(({ name }) => name);
    expect(await names("")).toEqual(["Napkin", "Teapot 50%"]);
    expect(await names("TON")).toEqual(["Teapot 50%"]);
    expect(await names("texti")).toEqual(["Napkin"]);
    expect(await names("%")).toEqual(["Teapot 50%"]);
  });

  test("find and facets answer for listed products", async () => {
    await products(repo).insert({ name: "Cup", category: "Cups", brand: "Tonwerk" });
    await products(repo).insert({ name: "Bowl", category: "Bowls", brand: "Tonwerk" });
    await products(repo).insert({ name: "Plate", category: "Plates", isListed: false });
    const query = {
      text: "",
      categories: ["Cups"],
      brands: [],
      sort: "newest",
      limit: 9,
      offset: 0,
    } as const;
    expect((await catalogue.find(query)).map(({ name }) => name)).toEqual(["Cup"]);
    expect(await catalogue.facets(query)).toEqual({
      categories: [
        { value: "Bowls", count: 1 },
        { value: "Cups", count: 1 },
      ],
      brands: [{ value: "Tonwerk", count: 1 }],
      total: 1,
    });
  });
}
