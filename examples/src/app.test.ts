import { request } from "@overwire/testing";
import { describe, expect, test } from "vitest";
import { app } from "./app.ts";
import { examples } from "./examples.ts";

const visitor = request(app);

test("the home page lists the examples", async () => {
  const text = (await visitor.get("/")).html();
  for (const { path, name, summary } of examples) {
    expect(text).toContain(`href="${path}"`);
    expect(text).toContain(name);
    expect(text).toContain(summary);
  }
});

describe.each(examples)("$name", ({ path, name, summary, files }) => {
  test("has a page that knows where it is and links its sources", async () => {
    const text = (await visitor.get(path)).html();
    expect(text).toMatch(new RegExp(`<title[^>]*>${name} · Overwire</title>`));
    expect(text).toContain(summary);
    expect(text).toMatch(new RegExp(`href="${path}"[^>]* aria-current="page"`));
    for (const file of files) expect(text).toContain(`href="/source/${file}"`);
  });

  test.each(files)("shows %s", async (file) => {
    const text = (await visitor.get(`/source/${file}`)).html();
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
    expect((await visitor.get(path)).status).toBe(404);
  }
});

test("a missing page looks like the rest", async () => {
  const res = await visitor.get("/nothing");
  expect(res.html(404)).toContain("Back to the gallery");
});

test("every page has the strict policy", async () => {
  for (const path of ["/", "/counter", "/source/counter.ts", "/nothing"]) {
    const policy = (await visitor.get(path)).header("content-security-policy");
    expect(policy).toContain("default-src 'self'; script-src 'self'; style-src 'self'; connect-src 'self'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain("unsafe");
  }
});

test("assets may be kept for good, and nothing in a page is inline", async () => {
  const text = (await visitor.get("/counter")).html();
  const assets = [...text.matchAll(/(?:href|src)="(\/assets\/[^"]+)"/g)].map(([, path]) => path as string);
  expect(assets.length).toBeGreaterThanOrEqual(3);
  for (const path of assets) {
    const res = await visitor.get(path);
    expect(res.status).toBe(200);
    expect(res.header("cache-control")).toContain("immutable");
  }
  expect(text).not.toMatch(/<style|<script(?![^>]*\ssrc=)|\sstyle=|\son\w+=/);
});
