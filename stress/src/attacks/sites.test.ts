/** Requests that other sites can make a browser send, and secrets that a page could give away. */
import { describe, expect, it } from "vitest";
import { rawRequest, sendRaw } from "../clients/raw-http.ts";
import { attacked } from "./rig.ts";

const rig = attacked();

const type = ["Content-Type", "application/x-www-form-urlencoded"] as const;

describe("a form that is posted", () => {
  it.each([
    ["from another origin", [["Origin", "http://evil.example"]]],
    ["from another port", [["Origin", "http://127.0.0.1:1"]]],
    ["from a sandboxed frame", [["Origin", "null"]]],
    ["from another site", [["Sec-Fetch-Site", "cross-site"]]],
    ["from another origin of this site", [["Sec-Fetch-Site", "same-site"]]],
    [
      "from another origin, as text",
      [
        ["Origin", "http://evil.example"],
        ["Content-Type", "text/plain"],
      ],
    ],
    [
      "from another origin, as files",
      [
        ["Origin", "http://evil.example"],
        ["Content-Type", "multipart/form-data; boundary=b"],
      ],
    ],
    [
      "from another origin, as nothing",
      [
        ["Origin", "http://evil.example"],
        ["Content-Type", "x"],
      ],
    ],
  ] as [string, [string, string][]][])("%s is refused, also for the log-in", async (_, headers) => {
    const has = headers.some(([name]) => name === "Content-Type");
    const bytes = rawRequest(
      "POST",
      "/login",
      [["Host", `127.0.0.1:${rig.port}`], ...(has ? [] : [type]), ...headers],
      "user=1",
    );
    const { status, text } = await sendRaw(rig.port, bytes);
    expect(status).toBe(403);
    expect(text).not.toMatch(/set-cookie: [^\r]*session/i);
  });

  it("from the app's own pages, or without a browser, is accepted", async () => {
    for (const headers of [
      [["Origin", rig.server.origin]],
      [
        ["Origin", rig.server.origin],
        ["Sec-Fetch-Site", "same-origin"],
      ],
    ] as [string, string][][]) {
      const bytes = rawRequest(
        "POST",
        "/login",
        [["Host", `127.0.0.1:${rig.port}`], type, ...headers],
        "user=1",
      );
      expect((await sendRaw(rig.port, bytes)).status).toBe(302);
    }
  });
});

describe("a page", () => {
  it("cannot be framed, sniffed or cached, and does not tell other sites its URL", async () => {
    const response = await rig.visitor().request("/", { headers: { accept: "text/html" } });
    const { headers } = response;
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("referrer-policy")).toMatch(
      /^(no-referrer|same-origin|strict-origin(-when-cross-origin)?)$/,
    );
    const policy = headers.get("content-security-policy") ?? "";
    expect(policy).toMatch(/frame-ancestors/);
    expect(policy).toMatch(/(default-src|script-src) [^;]*'self'/);
    expect(policy).not.toMatch(/script-src[^;]*'unsafe-(inline|eval)'/);
    expect(headers.get("cache-control")).toMatch(/no-store|private/);
    await response.text();
  });

  it("that is missing, or fails, reveals nothing of the code", async () => {
    for (const path of ["/nowhere", "/items/%ff", "/overwire/nothing", "/admin/panel"]) {
      const { html } = await rig.visitor().load(path);
      expect(html).not.toMatch(/node_modules|\n\s+at |\.js:\d|hono/i);
    }
  });
});

describe("a refusal", () => {
  it("tells a client neither the names of classes nor the messages of a schema", async () => {
    const { line } = await rig.open();
    const refused = JSON.stringify([
      await line.event(1, 1, "nothing"),
      await line.event(1, 2, "add", { by: "much" }),
      await line.event(1, 3, "ow:nothing"),
    ]);
    expect(refused).not.toMatch(/Counter|LiveView|ZodError|zod/);
  });
});
