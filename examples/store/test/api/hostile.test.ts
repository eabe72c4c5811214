import { expect, test } from "vitest";
import { inProcess, type Program, refusalOf, type TestApi, testApi } from "../support/api.ts";
import { draft } from "../support/draft.ts";
import { products, users } from "../support/factories.ts";
import { onPglite } from "../support/pglite.ts";

// On PostgreSQL, which refuses some values itself: no request may get that far, and none is an error of the server.
const { repo } = onPglite();

async function openAs(role: "customer" | "admin"): Promise<{ api: TestApi; program: Program }> {
  const api = await testApi(inProcess, { repo });
  await products(repo).insert({ slug: "cup", name: "Blue cup", stock: 5 });
  return { api, program: await api.as(await users(repo).insert({ role })) };
}

test.each([
  "' or 1=1 --",
  "'; drop table products; --",
  "cup & | ! :* <-> ()",
  "\\",
  "%",
  "_",
  "🏺".repeat(80),
  "((((((((((",
])("a search for %s is a search", async (search) => {
  const { program } = await openAs("customer");
  const { products } = await program.listsProducts({ search });
  expect(products.length).toBeLessThanOrEqual(1);
  expect(await program.listsProducts()).toMatchObject({ total: 1 });
});

test.each([
  ["page", { page: "0" }],
  ["page", { page: "-1" }],
  ["page", { page: "1.5" }],
  ["page", { page: "1e3" }],
  ["page", { page: "99999999999999999999" }],
  ["page", { page: "" }],
  ["page", { page: ["1", "2"] }],
  ["page", { page: "eyJpZCI6MX0" }],
  ["perPage", { perPage: "1000" }],
  ["priceFrom", { priceFrom: "2147483648" }],
  ["priceTo", { priceTo: "free" }],
  ["inStock", { inStock: "yes" }],
  ["sort", { sort: "price; drop table products" }],
  ["search", { search: "x".repeat(201) }],
  ["search", { search: "a\0b" }],
  ["category.1", { category: ["Cups", "\0"] }],
  ["category", { category: Array.from({ length: 21 }, () => "Cups") }],
  ["serach", { serach: "cup" }],
  ["__proto__", { ["__proto__"]: "x" }],
])("a query with a wrong %s is refused by its name: %j", async (field, query) => {
  const { program } = await openAs("customer");
  const refusal = await refusalOf(program.listsProducts(query));
  expect(refusal).toMatchObject({ status: 422, error: "unprocessable_entity" });
  expect(refusal.issues.map((issue) => [issue.in, issue.field])).toContainEqual(["query", field]);
});

test.each([
  ["", []],
  ["", null],
  ["", '"text"'],
  ["name", { ...draft, name: undefined }],
  ["name", { ...draft, name: 7 }],
  ["name", { ...draft, name: "  " }],
  ["name", { ...draft, name: "Bowl\0" }],
  ["description", { ...draft, description: "Half of a character: \ud800." }],
  ["brand", { ...draft, brand: "x".repeat(41) }],
  ["price", { ...draft, price: -1 }],
  ["price", { ...draft, price: 19.99 }],
  ["price", { ...draft, price: "1800" }],
  ["price", { ...draft, price: 1e12 }],
  ["isListed", { ...draft, isListed: "true" }],
  ["stock", { ...draft, stock: 1000 }],
  ["id", { ...draft, id: 1 }],
])("a product with a wrong %s is refused by its name: %j", async (field, body) => {
  const { program } = await openAs("admin");
  const { status, body: refusal } = await program.sends("POST", "/products", { body });
  expect(status).toBe(422);
  const { issues } = refusal as { issues: { in: string; field: string }[] };
  expect(issues.map((issue) => [issue.in, issue.field])).toContainEqual(["json", field]);
  expect(await repo.count("products")).toBe(1);
});

test("a body may not change the kind of the object that is made of it", async () => {
  const { program } = await openAs("admin");
  const body = '{"__proto__": {"isListed": true}, "price": 5}';
  expect(await program.sends("PATCH", "/products/cup", { body })).toMatchObject({ status: 422 });
});

test.each([{}, { stock: 1 }, { slug: "other" }, { createdAt: "2020-01-01T00:00:00Z" }])(
  "a change of nothing, or of what is not to be changed, is refused: %j",
  async (changes) => {
    const { program } = await openAs("admin");
    expect(await program.sends("PATCH", "/products/cup", { body: changes })).toMatchObject({ status: 422 });
  },
);

test.each([0, 0.5, 1e9, -1e9, Number.MAX_SAFE_INTEGER])("a stock is not changed by %d", async (change) => {
  const { program } = await openAs("admin");
  expect(await refusalOf(program.changesStock("cup", change))).toMatchObject({ status: 422 });
});

test("more pieces than there are cannot be taken, and all of them can", async () => {
  const { program } = await openAs("admin");
  expect(await refusalOf(program.changesStock("cup", -6))).toMatchObject({ status: 409 });
  expect(await program.changesStock("cup", -5)).toMatchObject({ stock: 0 });
});

test.each([
  ["none", 404],
  ["' or 1=1", 404],
  ["..%2Fme", 404],
  ["a\0b", 422],
  ["x".repeat(300), 422],
])("there is no product %s", async (slug, status) => {
  const { program } = await openAs("admin");
  expect(await refusalOf(program.readsProduct(slug))).toMatchObject({ status });
});

test("a body that is no JSON, of another type or too large is refused", async () => {
  const { program } = await openAs("admin");
  const send = (body: string, type = "application/json") =>
    program.sends("POST", "/products", { body, headers: { "content-type": type } });
  expect(await send('{"name": ')).toMatchObject({ status: 400, body: { error: "bad_request" } });
  expect(await send("")).toMatchObject({ status: 400 });
  expect(await send("[".repeat(50_000))).toMatchObject({ status: 400 });
  expect(await send("name=Bowl", "application/x-www-form-urlencoded")).toMatchObject({ status: 415 });
  const large = JSON.stringify({ ...draft, description: "x".repeat(70_000) });
  expect(await send(large)).toMatchObject({ status: 413, body: { message: "A body has at most 64 KiB." } });
});

test("two products of one name have addresses of their own", async () => {
  const { program } = await openAs("admin");
  const added = [await program.addsProduct(draft), await program.addsProduct(draft)];
  expect(added.map(({ slug }) => slug)).toEqual(["blue-bowl", "blue-bowl-2"]);
});
