import { readdirSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { OverwireApp } from "../app/overwire-app.ts";

vi.mock("node:fs", async (original) => ({
  ...(await original<object>()),
  readFileSync: vi.fn(),
  readdirSync: vi.fn(),
}));

const secret = "s".repeat(32);

/** A fresh module each time, as after a start of the server. */
async function makeApp(): Promise<{ app: OverwireApp; report: ReturnType<typeof vi.fn> }> {
  vi.resetModules();
  const { createApp } = await import("../app.ts");
  const { LiveView } = await import("../view/live-view.ts");
  const { html } = await import("../template/html.ts");
  class Plain extends LiveView {
    override render() {
      return html`<p>plain</p>`;
    }
  }
  const report = vi.fn();
  const app = createApp({ secret, report });
  app.live("/", Plain);
  return { app, report };
}

const clientOf = async (app: OverwireApp) =>
  /<script type="module" src="([^"]*)"><\/script>/.exec(await (await app.request("/")).text())?.[1] as string;

/** Output of a build. */
function build() {
  const files = ["client-Aa1_-b2C.js", "client-Aa1_-b2C.js.map", "features-Zz9.js", "channels-Cc3.js"];
  vi.mocked(readdirSync)
    .mockReset()
    .mockReturnValue(files as never);
  vi.mocked(readFileSync)
    .mockReset()
    .mockImplementation((file) => `${/(?:client|features|channels)(?=-)/.exec(String(file))}()`);
}

beforeEach(build);

describe("the client", () => {
  it("is read once and served for ever under the name that the build gave it", async () => {
    const { app } = await makeApp();
    const path = await clientOf(app);
    expect(path).toBe("/overwire/client-Aa1_-b2C.js");
    const response = await app.request(path);
    expect(await response.text()).toBe("client()");
    expect(Object.fromEntries(response.headers)).toEqual({
      "cache-control": "public, max-age=31536000, immutable",
      "content-type": "text/javascript; charset=utf-8",
      vary: "accept-encoding",
      "x-content-type-options": "nosniff",
    });
    await app.request("/");
    expect(readFileSync).toHaveBeenCalledTimes(3);
  });

  it("is zipped for who takes that", async () => {
    const { app } = await makeApp();
    const response = await app.request(await clientOf(app), { headers: { "accept-encoding": "br, gzip" } });
    expect(response.headers.get("content-encoding")).toBe("gzip");
    expect(gunzipSync(await response.arrayBuffer()).toString()).toBe("client()");
  });

  it("of another version is not kept under that name", async () => {
    const { app } = await makeApp();
    const response = await app.request("/overwire/client-0123456789ab.js");
    expect([response.status, response.headers.get("cache-control")]).toEqual([200, "no-cache"]);
  });

  it("loads its features beside itself, those of its own version only", async () => {
    const { app } = await makeApp();
    const response = await app.request("/overwire/features-Zz9.js");
    expect([response.status, await response.text()]).toEqual([200, "features()"]);
    expect((await app.request("/overwire/features-other.js")).status).toBe(404);
  });

  it("has channels for scripts of pages, under a name that they can write", async () => {
    const { app } = await makeApp();
    const ask = async (path: string) => {
      const response = await app.request(path);
      return [response.status, await response.text(), response.headers.get("cache-control")];
    };
    expect(await ask("/overwire/channels.js")).toEqual([200, "channels()", "no-cache"]);
    expect(await ask("/overwire/channels-Cc3.js")).toEqual([
      200,
      "channels()",
      "public, max-age=31536000, immutable",
    ]);
    for (const path of ["/overwire/features.js", "/overwire/channelsx.js", "/overwire/client.js"])
      expect((await app.request(path)).status).toBe(404);
  });

  it("that is not built is reported at its URL; pages show, and it is found once it is there", async () => {
    vi.mocked(readdirSync).mockImplementation(() => {
      throw new Error("ENOENT");
    });
    const { app, report } = await makeApp();
    const path = await clientOf(app);
    expect((await app.request(path)).status).toBe(500);
    expect(report.mock.calls).toMatchObject([
      [{ kind: "crash", message: expect.stringContaining("run `npm run build`") }],
    ]);
    build();
    expect((await app.request(path)).status).toBe(200);
    expect(await clientOf(app)).toMatch(/client-Aa1_-b2C/);
  });
});
