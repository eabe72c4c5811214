import { deferred } from "@overwire/test-support/deferred";
import { double, live, request, stubQuery } from "@overwire/testing";
import { beforeEach, describe, expect, test, vi } from "vitest";
import type { StoreRepo } from "../../src/database/schema.ts";
import { products } from "../support/factories.ts";
import { setStock } from "../support/stock.ts";
import { type TestStore, testStore } from "../support/test-store.ts";

let at: TestStore;
beforeEach(() => {
  at = testStore();
});
const shop = (path = "/") => live(at.app, path);
const names = async (path: string) => {
  const view = await shop(path);
  return Array.from(view.container.querySelectorAll(".product h2"), (h2) => h2.textContent);
};

describe("the shop", () => {
  test("shows products with price and stock, and hides those that are not listed", async () => {
    await products(at.repo).insert({ name: "Blue bowl", price: 2450, stock: 12 });
    await products(at.repo).insert({ name: "Last cup", stock: 1 });
    await products(at.repo).soldOut().insert({ name: "Gone plate" });
    await products(at.repo).insert({ name: "Secret vase", isListed: false });
    const view = await shop();
    expect(view.text(".product:first-child")).toMatch(/Blue bowl.*€24\.50.*In stock/s);
    expect(view.text(".products")).toMatch(/Last cup.*1 left.*Gone plate.*Sold out/s);
    expect(view.text()).not.toContain("Secret vase");
    expect(view.text("[role=status]")).toContain("3 products");
    expect(view.element(".product:first-child img").node.getAttribute("loading")).toBe("lazy");
  });

  test("finds products while a user types, announces their number, and keeps the words in the URL", async () => {
    await products(at.repo).insert({ name: "Blue bowl" });
    await products(at.repo).insert({ name: "Linen napkin" });
    const view = await shop();
    await view.form("#search", { q: "bl" }).change();
    expect(await view.assertPatch()).toBe("/?q=bl");
    await view.settled();
    expect(view.text(".products")).toContain("Blue bowl");
    expect(view.text(".products")).not.toContain("Linen napkin");
    expect(view.text("[role=status]")).toContain("1 product for “bl”");
    expect(view.title()).toContain("“bl”");
  });

  test("goes back to the page before the search in one step, however much was typed", async () => {
    await products(at.repo).insert({ name: "Blue bowl" });
    const view = await shop();
    for (const q of ["b", "bl", "blu"]) await view.form("#search", { q }).change();
    await view.settled();
    expect(view.url()).toBe("/?q=blu");
    await view.back();
    await view.settled();
    expect(view.url()).toBe("/");
    expect((view.element("#q").node as unknown as HTMLInputElement).value).toBe("");
    await view.forward();
    await view.settled();
    expect(view.text("[role=status]")).toContain("for “blu”");
  });

  test("narrows by category, brand, price and stock, and says how many each would leave", async () => {
    await products(at.repo).insert({ name: "Cup A", category: "Cups", brand: "Tonwerk", price: 1000 });
    await products(at.repo).insert({ name: "Cup B", category: "Cups", brand: "Havn", price: 3000 });
    await products(at.repo).insert({
      name: "Bowl C",
      category: "Bowls",
      brand: "Havn",
      price: 2000,
      stock: 0,
    });
    const view = await shop();
    await view.form("#search", { "category[]": ["Cups"] }).change();
    await view.settled();
    expect(view.text(".products")).toMatch(/Cup A.*Cup B/s);
    expect(view.text("#facets")).toMatch(/Bowls\s*1.*Cups\s*2.*Havn\s*1.*Tonwerk\s*1/s);
    expect(decodeURI(view.url())).toBe("/?category[]=Cups");

    expect(await names("/?brand[]=Havn&stock=in")).toEqual(["Cup B"]);
    expect(await names("/?from=15&to=20,00")).toEqual(["Bowl C"]);
    expect(await names("/?sort=dearest")).toEqual(["Cup B", "Bowl C", "Cup A"]);
    expect(await names("/?sort=cheapest")).toEqual(["Cup A", "Bowl C", "Cup B"]);
  });

  test("lets a user take back a choice that has no products any more", async () => {
    const view = await shop("/?category[]=Cups");
    expect(view.text(".empty")).toContain("Nothing fits");
    expect(view.hasElement("input[name='category[]'][value=Cups][checked]")).toBe(true);
    await view.element("a", "Clear all").click();
    expect(await view.assertPatch()).toBe("/");
  });

  test("takes a wrong part of a URL as not given", async () => {
    await products(at.repo).insert({ name: "Cup" });
    expect(await names("/?sort=worst&from=cheap&category=x&stock=maybe&brand[a]=b")).toEqual(["Cup"]);
  });

  test("works as a plain form, too", async () => {
    await products(at.repo).insert({ name: "Blue bowl", category: "Bowls" });
    await products(at.repo).insert({ name: "Cup" });
    const page = await request(at.app).get("/?q=cup&category%5B%5D=Cups&sort=newest");
    expect(page.html()).toContain("1 product for “cup”");
  });

  test("drops the answer to an older search that comes late", async () => {
    await products(at.repo).insert({ name: "Blue bowl" });
    await products(at.repo).insert({ name: "Linen napkin" });
    const answers = new Map<string, () => void>();
    const repo = stubQuery(at.repo, "findProducts", async (query) => {
      const { text } = query;
      if (text) await new Promise<void>((go) => answers.set(text, go));
      return at.repo.query("findProducts", query);
    });
    const { app } = testStore({ repo });
    const view = await live(app, "/");
    await view.form("#search", { q: "blue" }).change();
    await view.form("#search", { q: "linen" }).change();
    expect(view.hasElement("[aria-busy=true]")).toBe(true);
    answers.get("linen")?.();
    answers.get("blue")?.();
    await view.settled();
    expect(view.text(".products")).toContain("Linen napkin");
    expect(view.text(".products")).not.toContain("Blue bowl");
  });

  test("shows the stock as it is when its results come, though they were read before it changed", async () => {
    const bowl = await products(at.repo).insert({ name: "Blue bowl", stock: 8 });
    const [read, goOn] = [deferred(), deferred()];
    const repo = stubQuery(at.repo, "findProducts", async (query) => {
      const found = await at.repo.query("findProducts", query);
      if (query.text) {
        read.resolve();
        await goOn.promise;
      }
      return found;
    });
    const { app, store } = testStore({ repo });
    const view = await live(app, "/");
    await view.form("#search", { q: "blue" }).change();
    await read.promise;
    await setStock(store, bowl.id, 2);
    await vi.waitFor(() => expect(view.text(".products")).toContain("2 left"));
    goOn.resolve();
    await view.settled();
    expect(view.text("[role=status]")).toContain("for “blue”");
    expect(view.text(".products")).toContain("2 left");
  });

  test("says that the products cannot be loaded, and goes on", async () => {
    await products(at.repo).insert({ name: "Blue bowl" });
    const repo = double<StoreRepo>("StoreRepo");
    repo.fallback(at.repo);
    const view = await live(testStore({ repo }).app, "/");
    repo.expect("query", async () => Promise.reject(new Error("no database")), { times: 2 });
    await view.form("#search", { q: "blue" }).change();
    await view.settled();
    expect(view.flash("error")).toContain("cannot be loaded");
    await view.form("#search", { q: "blu" }).change();
    await view.settled();
    expect(view.text(".products")).toContain("Blue bowl");
  });
});

describe("the endless list", () => {
  const shownNames = (view: Awaited<ReturnType<typeof shop>>) =>
    Array.from(view.container.querySelectorAll(".product h2"), (h2) => h2.textContent);
  const hook = (view: Awaited<ReturnType<typeof shop>>, name: "above" | "below") =>
    view.element("#products").hook(name, {});

  test("loads more at its end, keeps a window of the products, and loads again at its top", async () => {
    for (let number = 100; number < 250; number++)
      await products(at.repo).insert({ name: `Cup ${number}`, price: number });
    const view = await shop("/?sort=cheapest");
    expect(shownNames(view)).toHaveLength(24);
    await hook(view, "below");
    expect(shownNames(view)).toHaveLength(48);
    for (let page = 0; page < 4; page++) await hook(view, "below");
    expect(shownNames(view)).toHaveLength(96);
    expect(shownNames(view).at(0)).toBe("Cup 148");
    expect(shownNames(view).at(-1)).toBe("Cup 243");
    await hook(view, "below");
    expect(shownNames(view).at(-1)).toBe("Cup 249");
    await hook(view, "below");
    expect(shownNames(view).at(-1)).toBe("Cup 249");
    for (let page = 0; page < 3; page++) await hook(view, "above");
    expect(shownNames(view).at(0)).toBe("Cup 100");
    expect(shownNames(view)).toHaveLength(96);
    await hook(view, "above");
    expect(shownNames(view)).toEqual(Array.from({ length: 96 }, (_, index) => `Cup ${100 + index}`));
  });
});

test("the stock of every product is live in all open shops", async () => {
  const bowl = await products(at.repo).insert({ name: "Blue bowl", stock: 8 });
  await products(at.repo).insert({ name: "Linen napkin", stock: 8 });
  const [one, other] = [await shop(), await shop("/?q=napkin")];
  await setStock(at.store, bowl.id, 2);
  for (const view of [one, other]) await view.settled();
  expect(one.text(`#products-${bowl.id}`)).toContain("2 left");
  expect(other.text(".products")).not.toContain("Blue bowl");
});
