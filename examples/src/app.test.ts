import { describe, expect, test } from "vitest";
import { app } from "./app.ts";
import { examples } from "./examples.ts";

const get = async (path: string) => {
  const response = await app.request(path);
  return { response, text: await response.text() };
};

test("the home page lists the examples", async () => {
  const { response, text } = await get("/");
  expect(response.status).toBe(200);
  for (const { path, name, summary } of examples) {
    expect(text).toContain(`href="${path}"`);
    expect(text).toContain(name);
    expect(text).toContain(summary);
  }
});

describe.each(examples)("$name", ({ path, name, summary, files }) => {
  test("has a page that knows where it is and links its sources", async () => {
    const { response, text } = await get(path);
    expect(response.status).toBe(200);
    expect(text).toMatch(new RegExp(`<title[^>]*>${name} · Overwire</title>`));
    expect(text).toContain(summary);
    expect(text).toMatch(new RegExp(`href="${path}"[^>]* aria-current="page"`));
    for (const file of files) expect(text).toContain(`href="/source/${file}"`);
  });

  test.each(files)("shows %s", async (file) => {
    const { response, text } = await get(`/source/${file}`);
    expect(response.status).toBe(200);
    expect(text).toMatch(file.endsWith(".js") ? /\/\/ / : /export |import \{/);
    expect(text).not.toContain("=> html`<");
  });
});

test("shows no other file", async () => {
  for (const path of [
    "/source/server.ts",
    "/source/..%2Fpackage.json",
    "/source/%2Fetc%2Fpasswd",
    "/source/",
    "/source/constructor",
  ]) {
    expect((await get(path)).response.status).toBe(404);
  }
});

test("a missing page looks like the rest", async () => {
  const { response, text } = await get("/nothing");
  expect(response.status).toBe(404);
  expect(text).toContain("Back to the gallery");
});

test("every page has the strict policy", async () => {
  for (const path of ["/", "/counter", "/source/counter.ts", "/nothing"]) {
    const policy = (await get(path)).response.headers.get("content-security-policy");
    expect(policy).toContain("default-src 'self'; script-src 'self'; style-src 'self'; connect-src 'self'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain("unsafe");
  }
});

test("assets may be kept for good, and nothing in a page is inline", async () => {
  const { text } = await get("/counter");
  const assets = [...text.matchAll(/(?:href|src)="(\/assets\/[^"]+)"/g)].map(([, path]) => path as string);
  expect(assets.length).toBeGreaterThanOrEqual(3);
  for (const path of assets) {
    const { response } = await get(path);
    expect(response.status).toBe(200);
    expect(response.headers.get("cache-control")).toContain("immutable");
  }
  expect(text).not.toMatch(/<style|<script(?![^>]*\ssrc=)|\sstyle=|\son\w+=/);
});
