import { describe, expect, test } from "vitest";
import { z } from "zod";
import { inProcess, overPort, type Program, type Sent, type TestApi, testApi } from "../support/api.ts";
import { orderLines, orders, products, users } from "../support/factories.ts";
import { gatewayInMemory } from "../support/gateway-double.ts";
import { address } from "../support/order-world.ts";

interface Media {
  readonly content?: { readonly "application/json"?: { readonly schema: object } };
}
interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
  readonly requestBody?: Media;
  readonly responses: Readonly<Record<string, Media>>;
}
interface Document {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, { readonly example?: unknown }>> };
}

const readDocument = async (api: TestApi) =>
  (await api.withToken(undefined).sends("GET", "/openapi.json")).body as Document;

/** The document's own schemas, as a client's generator would read them. */
function schemaOf(document: Document, schema: object) {
  const text = JSON.stringify({ ...schema, $defs: document.components.schemas });
  return z.fromJSONSchema(JSON.parse(text.replaceAll("#/components/schemas/", "#/$defs/")));
}

const operationsOf = ({ paths }: Document) =>
  Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      ...operation,
      path,
      method: method.toUpperCase(),
    })),
  );

type Listed = ReturnType<typeof operationsOf>[number];

/** Fails if the answer is another than the document says. */
function expectDocumented(
  document: Document,
  { operationId, responses }: Listed,
  { status, body }: { readonly status: number; readonly body: unknown },
): void {
  const schema = responses[status]?.content?.["application/json"]?.schema;
  expect(schema, `${operationId} documents ${status}`).toBeDefined();
  const { error } = schemaOf(document, schema ?? {}).safeParse(body);
  expect(error, `${operationId} answers ${status} with ${JSON.stringify(body)}`).toBeUndefined();
}

/** Requests of an admin, of which each succeeds. */
const SENT: Readonly<Record<string, Sent & { readonly path?: string }>> = {
  showMe: {},
  listProducts: { query: { search: "cup", category: ["Cups"], sort: "cheapest", perPage: 5 } },
  showProduct: { path: "/products/cup" },
  addProduct: {
    body: {
      name: "Bowl",
      description: "Wide and deep.",
      category: "Bowls",
      brand: "Tonwerk",
      price: 1,
      isListed: true,
    },
  },
  changeProduct: { path: "/products/cup", body: { price: 2 } },
  changeStock: { path: "/products/cup/stock", body: { change: 2 } },
  listOrders: { query: { status: "pending", own: false } },
  showOrder: { path: "/orders/2026-1" },
  placeOrder: {
    body: { lines: [{ productId: 1, quantity: 1 }], address },
    headers: { "idempotency-key": "first" },
  },
};

describe.each([inProcess, overPort])("the document, $way", (driver) => {
  async function open() {
    const api = await testApi(driver);
    api.gateway.fallback(gatewayInMemory());
    const cup = await products(api.repo).insert({ slug: "cup" });
    const order = await orders(api.repo, await users(api.repo).insert()).insert({ number: "2026-1" });
    await orderLines(api.repo, order, cup).insert();
    const document = await readDocument(api);
    return { api, document, operations: operationsOf(document) };
  }
  const send = (program: Program, { operationId, path, method }: Listed, sent: Sent = {}) =>
    program.sends(method, SENT[operationId]?.path ?? path, { ...SENT[operationId], ...sent });

  test("every operation answers as its schema says", async () => {
    const { api, document, operations } = await open();
    expect(operations.map(({ operationId }) => operationId).toSorted()).toEqual(Object.keys(SENT).toSorted());
    const admin = await api.as(await users(api.repo).insert({ role: "admin" }));
    for (const operation of operations) {
      const answer = await send(admin, operation);
      expect(answer.status, operation.operationId).toBeLessThan(300);
      expectDocumented(document, operation, answer);
    }
  });

  test("every operation refuses as its schema says", async () => {
    const { api, document, operations } = await open();
    const admin = await api.as(await users(api.repo).insert({ role: "admin" }));
    const customer = await api.as(await users(api.repo).insert());
    for (const operation of operations) {
      const refuses = async (status: number, answer: ReturnType<Program["sends"]>) => {
        expect((await answer).status, operation.operationId).toBe(status);
        expectDocumented(document, operation, await answer);
      };
      const { method, path, parameters = [] } = operation;
      await refuses(401, send(api.withToken(undefined), operation));
      if (operation.responses[403]) await refuses(403, send(customer, operation));
      if (path.includes("{"))
        await refuses(404, admin.sends(method, path.replace(/\{\w+\}/, "none"), SENT[operation.operationId]));
      if (operation.requestBody) {
        await refuses(400, send(admin, operation, { body: "{" }));
        await refuses(422, send(admin, operation, { body: { isAdmin: true } }));
        await refuses(422, send(admin, operation, { body: [] }));
      }
      if (parameters.some((parameter) => parameter.in === "query"))
        await refuses(422, send(admin, operation, { query: { unknown: 1 } }));
    }
  });
});

test("the examples of the document fit their schemas", async () => {
  const document = await readDocument(await testApi());
  const examples = Object.entries(document.components.schemas).filter(
    ([, { example }]) => example !== undefined,
  );
  expect(examples.length).toBeGreaterThan(5);
  for (const [name, { example }] of examples) {
    const { error } = schemaOf(document, { $ref: `#/components/schemas/${name}` }).safeParse(example);
    expect(error, name).toBeUndefined();
  }
});

test("every operation has a summary, a name of its own and needs a token", async () => {
  const document = await readDocument(await testApi());
  const operations = operationsOf(document);
  expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length);
  for (const operation of operations)
    expect(operation).toMatchObject({ summary: expect.any(String), security: [{ token: [] }] });
  expect(document).toMatchObject({
    openapi: "3.1.0",
    servers: [{ url: "/api/v1" }],
    components: { securitySchemes: { token: { type: "http", scheme: "bearer" } } },
  });
});
