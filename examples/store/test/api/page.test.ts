import { live, request } from "@overwire/testing";
import { expect, test } from "vitest";
import { testStore } from "../support/test-store.ts";

test("the page shows every operation of the document, with its parameters, body, answers and a line for curl", async () => {
  const { app } = testStore();
  const page = await live(app, "/api", { hooks: { Copy() {} } });
  const { paths } = (await request(app).get("/api/v1/openapi.json")).json<{
    paths: Record<string, Record<string, { operationId: string; summary: string }>>;
  }>();
  const operations = Object.values(paths).flatMap((methods) => Object.values(methods));
  expect(operations.length).toBeGreaterThan(8);
  for (const { operationId, summary } of operations) {
    expect(page.text(`#${operationId} h3`)).toBe(summary);
    expect(page.hasElement(`nav a[href="#${operationId}"]`)).toBe(true);
    expect(page.text(`#${operationId} .curl`)).toContain("curl ");
    expect(page.text(`#${operationId} .answers`)).toContain("401 There is no token, or it is not valid.");
  }
  expect(page.text("#placeOrder [aria-label^=Parameters]")).toContain("idempotency-key required");
  expect(page.text("#placeOrder")).toContain("lines[].quantity required");
  expect(page.text("#placeOrder .curl")).toBe(
    [
      'curl -X POST "http://store.test/api/v1/orders"',
      '-H "authorization: Bearer $TOKEN"',
      '-H "idempotency-key: 5f0c1c7e-order-1"',
      '-H "content-type: application/json"',
      `-d '{"lines":[{"productId":7,"quantity":2}],"address":{"name":"Ada Lovelace","street":"Lindenstr. 1","postcode":"10969","city":"Berlin","country":"DE"},"total":3600}'`,
    ].join(" \\ "),
  );
  expect(page.text("#showProduct .curl")).toContain('curl "http://store.test/api/v1/products/stoneware-cup"');
  expect(page.text("#listProducts .curl")).toContain("products?search=cup");
  expect(page.text("#listProducts table")).toContain("integer, 1 to 100, in the query");
  expect(page.text("#listProducts .answers")).toContain('"slug": "stoneware-cup"');
});

test("the page has no script or style of its own in it", async () => {
  const page = (await request(testStore().app).get("/api")).html();
  expect(page).not.toMatch(/<style(?![^>]*nonce)|<script(?![^>]* src=)|\son\w+=/);
});
