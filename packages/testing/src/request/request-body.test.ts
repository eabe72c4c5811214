/** Content of requests as it reaches a handler. */
import { createApp } from "@overwire/server";
import { describe, expect, test } from "vitest";
import { request } from "../index.ts";

const app = createApp({ secret: "s".repeat(32), report: () => {} });
app.all("/echo", async (c) =>
  c.json({
    query: decodeURIComponent(new URL(c.req.url).search),
    type: c.req.header("content-type") ?? null,
    accept: c.req.header("accept") ?? null,
    body: await c.req.text(),
  }),
);
app.post("/parts", async (c) => {
  const parts: unknown[] = [];
  for (const [name, value] of await c.req.formData())
    parts.push(
      typeof value === "string" ? [name, value] : [name, value.name, value.type, await value.text()],
    );
  return c.json({ type: c.req.header("content-type")?.split(";")[0], parts });
});

interface Echo {
  readonly query: string;
  readonly type: string | null;
  readonly accept: string | null;
  readonly body: string;
}
interface Received {
  readonly type: string;
  readonly parts: unknown[];
}

const visitor = request(app);
const echo = async (options: Parameters<typeof visitor.post>[1]) =>
  (await visitor.post("/echo", options)).json<Echo>();
const parts = async (options: Parameters<typeof visitor.post>[1]) =>
  (await visitor.post("/parts", options)).json<Received>();

describe("form", () => {
  test("is encoded as a browser's form, nested names in brackets", async () => {
    const { type, body } = await echo({
      form: {
        title: "a b&c",
        user: { name: "Ann", langs: ["de", "en"] },
        "tags[]": ["x", "y"],
        lines: [{ sku: 1 }, { sku: 2n }],
        done: true,
        at: new Date(0),
        none: null,
        missing: undefined,
      },
    });
    expect(type).toMatch(/^application\/x-www-form-urlencoded/);
    expect(decodeURIComponent(body).split("&")).toEqual([
      "title=a+b",
      "c",
      "user[name]=Ann",
      "user[langs][]=de",
      "user[langs][]=en",
      "tags[]=x",
      "tags[]=y",
      "lines[0][sku]=1",
      "lines[1][sku]=2",
      "done=true",
      "at=1970-01-01T00:00:00.000Z",
    ]);
  });

  test("may be empty, or encoded already", async () => {
    expect(await echo({ form: {} })).toMatchObject({ body: "" });
    const form = new URLSearchParams([
      ["tags", "a"],
      ["tags", "b"],
    ]);
    expect((await echo({ form })).body).toBe("tags=a&tags=b");
  });

  test("is sent in parts if it has a file", async () => {
    const photo = new File(["meow"], "cat.png", { type: "image/png" });
    expect(await parts({ form: { title: "Cat", photos: [photo, new Blob(["x"])] } })).toEqual({
      type: "multipart/form-data",
      parts: [
        ["title", "Cat"],
        ["photos", "cat.png", "image/png", "meow"],
        ["photos", "blob", "application/octet-stream", "x"],
      ],
    });
    const data = new FormData();
    data.append("a", "1");
    expect(await parts({ form: data })).toEqual({ type: "multipart/form-data", parts: [["a", "1"]] });
  });

  test("may have fields called name and content", async () => {
    const { body } = await echo({ form: { post: { name: "a", content: "b" } } });
    expect(decodeURIComponent(body)).toBe("post[name]=a&post[content]=b");
  });

  test("has no bytes or functions as values", async () => {
    await expect(visitor.post("/echo", { form: { a: new Uint8Array(2) as never } })).rejects.toThrow(
      'The field "a" cannot be a Uint8Array. Bytes are sent as a file: { files: { a: { name: "cat.png", content } } }.',
    );
    await expect(visitor.post("/echo", { form: { a: (() => 1) as never } })).rejects.toThrow(
      'The field "a" cannot be a function',
    );
  });
});

describe("multipart and files", () => {
  test("describe files, with the types that browsers know", async () => {
    const bytes = new Uint8Array([104, 105]);
    expect(
      await parts({
        multipart: {
          title: "Cat",
          photo: { name: "cat.png", content: "meow" },
          post: { docs: [{ name: "a.txt", content: bytes, type: "text/x-own" }] },
          meta: { name: "x", other: "y" },
        },
      }),
    ).toEqual({
      type: "multipart/form-data",
      parts: [
        ["title", "Cat"],
        ["photo", "cat.png", "image/png", "meow"],
        ["post[docs]", "a.txt", "text/x-own", "hi"],
        ["meta[name]", "x"],
        ["meta[other]", "y"],
      ],
    });
  });

  test("stand beside the fields of a form", async () => {
    const photo = { name: "cat.png", content: "meow" };
    expect(
      await parts({ form: { title: "Cat" }, files: { photo, more: [photo, new File(["x"], "x")] } }),
    ).toEqual({
      type: "multipart/form-data",
      parts: [
        ["title", "Cat"],
        ["photo", "cat.png", "image/png", "meow"],
        ["more", "cat.png", "image/png", "meow"],
        ["more", "x", "application/octet-stream", "x"],
      ],
    });
    expect((await parts({ files: { photo } })).parts).toHaveLength(1);
  });
});

test("json is sent and asked for as JSON", async () => {
  expect(await echo({ json: { id: 1, list: [null] } })).toEqual({
    query: "",
    type: "application/json",
    accept: "application/json",
    body: '{"id":1,"list":[null]}',
  });
  expect((await echo({ json: null })).body).toBe("null");
  const headers = { "Content-Type": "application/vnd.api+json", Accept: "*/*" };
  expect(await echo({ json: [], headers })).toMatchObject({
    type: "application/vnd.api+json",
    accept: "*/*",
  });
});

test("body is sent as it is", async () => {
  expect(await echo({ body: "raw" })).toMatchObject({ type: "text/plain;charset=UTF-8", body: "raw" });
  expect(await echo({ body: "<a/>", headers: { "content-type": "text/xml" } })).toMatchObject({
    type: "text/xml",
    body: "<a/>",
  });
  expect(await echo({ body: new TextEncoder().encode("bytes") })).toMatchObject({
    type: null,
    body: "bytes",
  });
  expect(await echo({ body: new Blob(["stream"]).stream() })).toMatchObject({ body: "stream" });
});

test("query is added to that of the path", async () => {
  const query = { page: 2, filter: { tag: ["a", "b"] }, q: "a b+c", none: undefined };
  const res = await visitor.get("/echo?x=1", { query });
  expect(res.json<Echo>().query).toBe("?x=1&page=2&filter[tag][]=a&filter[tag][]=b&q=a+b+c");
  expect(res.url()).toBe("/echo?x=1&page=2&filter%5Btag%5D%5B%5D=a&filter%5Btag%5D%5B%5D=b&q=a+b%2Bc");
  const next = await visitor.get("/echo", { query: new URLSearchParams("a=1&a=2") });
  expect(next.json<Echo>().query).toBe("?a=1&a=2");
  await expect(visitor.get("/echo", { query: { file: new Blob([]) as never } })).rejects.toThrow(
    'The field "file" cannot be a Blob',
  );
});

test("a request has one content, and GET none", async () => {
  await expect(visitor.post("/echo", { form: {}, json: {} })).rejects.toThrow(
    "A request has one content, but got form and json.",
  );
  await expect(visitor.post("/echo", { json: {}, files: {} })).rejects.toThrow(
    "Files go with the fields of a form, but got json beside files.",
  );
  await expect(visitor.get("/echo", { form: { q: "a" } })).rejects.toThrow(
    "GET /echo has no body: fields go into the query, { query: { … } }.",
  );
});
