import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { createApp, html, LiveView } from "@overwire/server";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { closeAll, live } from "../index.ts";

const root = fileURLToPath(new URL("../../../../", import.meta.url));

class Counter extends LiveView {
  count = 0;
  ends: string[] = [];
  inc = this.event(() => {
    this.count++;
  });
  override terminate() {
    this.ends.push("ended");
  }
  override render() {
    return html`<button phx-click=${this.inc}>${this.count}</button>`;
  }
}

describe("a page", () => {
  let ends: string[];

  test("of a test", async () => {
    ends = (await live(Counter)).instance.ends;
    expect(ends).toEqual([]);
  });

  test("is closed when its test has ended", () => {
    expect(ends).toEqual(["ended"]);
  });

  describe("of beforeAll", () => {
    let shared: Awaited<ReturnType<typeof live<Counter>>>;
    beforeAll(async () => {
      shared = await live(Counter);
    });

    test("is there for the first test", async () => {
      expect(await shared.element("button").click()).toContain("1");
    });

    test("and for the next, until it is closed with all others", async () => {
      expect(await shared.element("button").click()).toContain("2");
      const { ends } = shared.instance;
      await closeAll();
      expect(ends).toEqual(["ended"]);
    });
  });

  test("with a view that crashes once it is joined is closed, and the error is the cause", async () => {
    const app = createApp({ secret: "a secret for this test of 32 bytes and some more", report: () => {} });
    const views: Failing[] = [];
    const error = new Error("no client is welcome");
    class Failing extends Counter {
      override joined() {
        views.push(this);
        throw error;
      }
    }
    app.live("/", Failing);
    await expect(live(app, "/")).rejects.toMatchObject({
      message: expect.stringContaining("Failing crashed in joined"),
      cause: error,
    });
    expect(views.map(({ ends }) => ends)).toEqual([["ended"]]);
  });

  test("has no client any more once its app was closed", async () => {
    const app = createApp({ secret: "a secret for this test of 32 bytes and some more" });
    app.live("/", Counter);
    const view = await live(app, "/");
    app.close();
    await expect(view.element("button").click()).rejects.toThrow("The app was closed");
  });
});

describe.concurrent("pages of tests that run at the same time", () => {
  let arrived = 0;
  const all: (() => void)[] = [];
  const meet = () =>
    new Promise<void>((resolve) => {
      all.push(resolve);
      if (++arrived === 2) for (const go of all) go();
    });

  test("the first ends", async () => {
    await live(Counter);
    await meet();
  });

  test("the second goes on", async () => {
    const view = await live(Counter);
    await meet();
    for (let at = 0; at < 5; at++) await new Promise((resolve) => setImmediate(resolve));
    expect(await view.element("button").click()).toContain("1");
  });
});

describe("under other runners", () => {
  let folder: string;

  const views = `
    import { live } from ${JSON.stringify(new URL("../../dist/index.js", import.meta.url).href)};
    import { html, LiveView } from ${JSON.stringify(new URL("../../../server/dist/index.js", import.meta.url).href)};
    const ends = [];
    class Clock extends LiveView {
      seconds = 0;
      mount() { this.setInterval(() => { this.seconds++; }, 600_000); }
      terminate() { ends.push("ended"); }
      render() { return html\`<p>\${this.seconds}</p>\`; }
    }`;

  beforeAll(async () => {
    await mkdir(join(root, ".cache"), { recursive: true });
    folder = await mkdtemp(join(root, ".cache/open-pages-"));
  });

  afterAll(() => rm(folder, { recursive: true, force: true }));

  async function run(name: string, code: string, args: string[]): Promise<string> {
    await writeFile(join(folder, name), views + code);
    const { NODE_TEST_CONTEXT: _, VITEST: __, ...env } = process.env;
    const { stdout } = await promisify(execFile)(process.execPath, [...args, join(folder, name)], { env });
    return stdout;
  }

  test("node:test closes a test's page, and ends by itself", async () => {
    const code = `
      import assert from "node:assert";
      import { before, describe, test } from "node:test";
      test("opens", async () => { await live(Clock); });
      test("finds it closed", () => { assert.deepEqual(ends, ["ended"]); });
      describe("shared", () => {
        let shared;
        before(async () => { shared = await live(Clock); });
        test("first", () => { assert.equal(shared.text("p"), "0"); });
        test("second", () => { assert.equal(shared.text("p"), "0"); assert.equal(ends.length, 1); });
      });
      test("with parts", async (t) => {
        const view = await live(Clock);
        await t.test("one", () => { assert.equal(view.text("p"), "0"); });
        await t.test("two", () => { assert.equal(view.text("p"), "0"); });
      });`;
    expect(await run("pages.test.mjs", code, ["--test", "--test-reporter=tap"])).toMatch(/# fail 0/);
  });

  test("a script ends although its pages are open", async () => {
    expect(await run("script.mjs", `await live(Clock); console.log("opened");`, [])).toBe("opened\n");
  });
});
