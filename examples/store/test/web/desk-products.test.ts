import { live } from "@overwire/testing";
import sharp from "sharp";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { memoryPictures } from "../../src/pictures/memory-pictures.ts";
import { products, users } from "../support/factories.ts";
import { sessionOf } from "../support/login.ts";
import { setStock } from "../support/stock.ts";
import { type TestStore, testStore } from "../support/test-store.ts";

let at: TestStore;
let pictures: ReturnType<typeof memoryPictures>;
let open: (path: string) => ReturnType<typeof live>;
beforeEach(async () => {
  pictures = memoryPictures();
  at = testStore({ pictures });
  const moderator = await users(at.repo).moderator().insert();
  open = async (path) => live(at.app, path, { session: await sessionOf(at.store, moderator) });
});

describe("the list of products", () => {
  test("has all of them, is searched in the URL, and goes on to further pages", async () => {
    for (let number = 10; number < 40; number++) await products(at.repo).insert({ name: `Cup ${number}` });
    await products(at.repo).insert({ name: "Vase", isListed: false });
    const view = await open("/desk/products");
    expect(view.text("#products")).toMatch(/Cup 10.*Cup 34/s);
    await view.element(".pages a", "Next").click();
    expect(view.text("#products")).toMatch(/Cup 35.*Vase\s*not listed/s);
    expect(view.hasElement(".pages a", "Next")).toBe(false);
    await view.element(".pages a", "Previous").click();
    await view.form("#filter", { q: "vase" }).change();
    expect(view.url()).toBe("/desk/products?q=vase");
    expect(view.text("#products")).not.toContain("Cup 1");
    await view.form("#filter", { q: "unicorn" }).change();
    expect(view.text()).toContain("No product is like this.");
  });

  test("shows the stock as it is now", async () => {
    const { id } = await products(at.repo).insert({ stock: 8 });
    const view = await open("/desk/products");
    await setStock(at.store, id, 0);
    await view.settled();
    expect(view.text("#products")).toContain("Sold out");
  });
});

describe("a product at the desk", () => {
  test("is new, and then has a page in the store", async () => {
    const view = await open("/desk/products");
    await view.element("a", "New product").click();
    await view.form("#draft", { name: "X", price: "cheap" }).submit();
    expect(view.text("#draft")).toContain("has at least 2 characters");
    expect(view.text("#draft")).toContain("is an amount such as 19.99");
    await view
      .form("#draft", {
        name: "Blue bowl",
        description: "Wide, deep and blue.",
        category: "Bowls",
        brand: "Tonwerk",
        price: "24,50",
      })
      .submit();
    expect(view.text("h1")).toBe("Blue bowl");
    expect(await at.store.catalogue.bySlug("blue-bowl")).toMatchObject({ price: 2450, stock: 0 });
    expect(await at.store.audit.list({ area: "product" })).toMatchObject([{ action: "product.saved" }]);
  });

  test.each(["0", "100000.01"])("does not cost %s euros, as for the API", async (price) => {
    const { id } = await products(at.repo).insert({ price: 1800 });
    const view = await open(`/desk/products/${id}`);
    await view.form("#draft", { price }).submit();
    expect(view.text("#draft [role=alert]")).toMatch(/is at least one cent|is too high/);
    expect(await at.store.catalogue.get(id)).toMatchObject({ price: 1800 });
  });

  test("has the stock that came while the page was read", async () => {
    const { id } = await products(at.repo).insert({ stock: 8 });
    const { catalogue } = at.store;
    const read = catalogue.get.bind(catalogue);
    vi.spyOn(catalogue, "get").mockImplementationOnce(async (id) => {
      const found = await read(id);
      await setStock(at.store, id, 3);
      return found;
    });
    const view = await open(`/desk/products/${id}`);
    await view.settled();
    expect(view.element("#stock [name=stock]").html()).toContain('value="3"');
  });

  test("is changed without touching its stock, which is set by itself", async () => {
    const { id, slug } = await products(at.repo).insert({ name: "Cup", price: 1800, stock: 5 });
    const view = await open(`/desk/products/${id}`);
    const shop = await live(at.app, `/products/${slug}`);
    await setStock(at.store, id, 4);
    await view.form("#draft", { price: "21" }).submit();
    expect(await at.store.catalogue.get(id)).toMatchObject({ price: 2100, stock: 4 });
    expect(view.text("#stock")).toContain("There are 4 pieces now.");
    await view.form("#stock", { stock: "40" }).submit();
    await shop.settled();
    expect(shop.text(".price")).toMatch(/€21\.00.*In stock/s);
    expect(await at.store.audit.list({ area: "product" })).toMatchObject([
      { action: "product.counted", details: { before: 4, stock: 40 } },
      { action: "product.saved" },
    ]);
    await view.form("#draft", { isListed: false }).submit();
    expect(await at.store.catalogue.bySlug(slug)).toBeUndefined();
  });

  test("is not counted over pieces that were sold while the user typed, nor on a page that was mounted anew", async () => {
    const { id } = await products(at.repo).insert({ stock: 5 });
    const view = await open(`/desk/products/${id}`);
    await view.form("#stock", { stock: "40" }).change();
    await at.store.catalogue.changeStock(id, -1);
    await view.settled();
    expect(view.text("#stock")).toContain("There are 4 pieces now.");
    await view.disconnect({ resume: false });
    await view.reconnect();
    await view.form("#stock").submit();
    expect(view.text("#stock [role=alert]")).toBe(
      "The stock has changed from 5 to 4 meanwhile. Count again, and save once more.",
    );
    expect(await at.store.catalogue.get(id)).toMatchObject({ stock: 4 });
    expect(await at.store.audit.list({ area: "product" })).toEqual([]);
    await view.form("#stock", { stock: "39" }).submit();
    expect(view.text("#stock")).toContain("There are 39 pieces now.");
    expect(view.hasElement("#stock [role=alert]")).toBe(false);
    expect(await at.store.audit.list({ area: "product" })).toMatchObject([
      { action: "product.counted", details: { before: 4, stock: 39 } },
    ]);
  });

  test.each(["404", "none", "0", "99999999999"])("of the id %s is not found", async (id) => {
    await expect(open(`/desk/products/${id}`)).rejects.toThrow("404");
  });

  test("is for moderators", async () => {
    const { id } = await products(at.repo).insert();
    const customer = await users(at.repo).insert();
    for (const path of ["/desk/products", "/desk/products/new", `/desk/products/${id}`])
      await expect(live(at.app, path, { session: await sessionOf(at.store, customer) })).rejects.toThrow();
  });
});

describe("the picture of a product", () => {
  const image = (width: number, height: number) =>
    sharp({ create: { width, height, channels: 3, background: "#0f766e" } })
      .jpeg()
      .toBuffer();

  test("is uploaded with a preview and progress, made small, and takes the place of the one before", async () => {
    const { id, slug } = await products(at.repo).insert();
    const view = await open(`/desk/products/${id}`);
    const shop = await live(at.app, `/products/${slug}`);
    for (const [width, height] of [
      [1600, 1000],
      [600, 600],
    ] as const) {
      const input = view.fileInput("#picture input[type=file]", [
        { name: "cup.jpg", content: new Uint8Array(await image(width, height)), type: "image/jpeg" },
      ]);
      await input.choose();
      expect(view.hasElement("#picture .chosen img")).toBe(true);
      await input.upload("cup.jpg", 50);
      expect(view.element("#picture progress").node.getAttribute("value")).not.toBe("0");
      await view.form("#picture").submit();
      await shop.settled();
    }
    const picture = (await at.store.catalogue.get(id))?.picture ?? "";
    expect(await sharp(await pictures.read(picture)).metadata()).toMatchObject({
      width: 600,
      format: "webp",
    });
    expect(pictures.names()).toHaveLength(2);
    expect(shop.element("article img").node.getAttribute("src")).toBe(`/pictures/${picture}`);
    await view.element("#picture button", "Back to the drawing").click();
    expect(await at.store.catalogue.get(id)).toMatchObject({ picture: null });
    expect(pictures.names()).toEqual([]);
  });

  test("is refused if it is no picture, is too large, or of another type", async () => {
    const { id } = await products(at.repo).insert();
    const view = await open(`/desk/products/${id}`);
    const choose = async (name: string, content: string, size?: number) => {
      const input = view.fileInput("#picture input[type=file]", [{ name, content, ...(size && { size }) }]);
      await input.choose();
    };
    await choose("cup.jpg", "not a picture");
    await view.form("#picture").submit();
    expect(view.text("#picture [role=alert]")).toContain("not a picture that can be read");
    expect(pictures.names()).toEqual([]);
    const isRefused = () => view.element("#picture button", "Use this picture").node.hasAttribute("disabled");
    await choose("cup.png", "another one");
    expect(view.hasElement("#picture [role=alert]")).toBe(false);
    expect(isRefused()).toBe(false);
    await view.element("#picture .chosen button").click();
    await choose("cup.jpg", "x", 8_000_001);
    expect(view.text("#picture [role=alert]")).toContain("too large");
    expect(isRefused()).toBe(true);
    await view.element("#picture .chosen button").click();
    expect(view.hasElement("#picture .chosen")).toBe(false);
    await choose("cup.svg", "<svg/>");
    expect(view.text("#picture .chosen [role=alert]")).not.toBe("");
  });
});
