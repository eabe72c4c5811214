import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const root = fileURLToPath(new URL("../../../../", import.meta.url));
const dist = (file: string) => JSON.stringify(new URL(`packages/${file}`, `file://${root}`).href);

let folder: string;
beforeAll(async () => {
  await mkdir(join(root, ".cache"), { recursive: true });
  folder = await mkdtemp(join(root, ".cache/doubles-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function run(name: string, code: string, args: string[]): Promise<string> {
  await writeFile(join(folder, name), code);
  const { NODE_TEST_CONTEXT: _, VITEST: __, ...env } = process.env;
  const child = promisify(execFile)(process.execPath, args, { env: { ...env, NO_COLOR: "1" }, cwd: folder });
  // A run with tests that fail exits with an error.
  const { stdout, stderr } = await child.catch((error: { stdout: string; stderr: string }) => error);
  return stdout + stderr;
}

/** Messages of the tests that failed, by their names; empty for the others. */
async function vitest(
  code: string,
  setup = true,
): Promise<{ results: Record<string, string>; printed: string }> {
  const setupFiles = setup ? [fileURLToPath(new URL(JSON.parse(dist("testing/dist/vitest.js"))))] : [];
  const config = {
    test: { include: ["*.fixture.mjs"], setupFiles, maxConcurrency: 2, reporters: ["json", "default"] },
  };
  await writeFile(
    join(folder, "vitest.config.mjs"),
    `export default ${JSON.stringify({ ...config, root: folder })}`,
  );
  const out = "result.json";
  const args = [join(root, "node_modules/vitest/vitest.mjs"), "run", `--outputFile.json=${out}`];
  const printed = await run("one.fixture.mjs", code, args);
  const result = JSON.parse(await readFile(join(folder, out), "utf8").catch(() => expect.fail(printed)));
  const tests: { title: string; status: string; failureMessages: string[] }[] =
    result.testResults[0].assertionResults;
  const messages = tests.map(({ title, status, failureMessages }) => [
    title,
    status === "passed" ? "" : failureMessages.join("\n"),
  ]);
  return { results: Object.fromEntries(messages), printed };
}

/** One double for all tests, and a view that calls it wherever it runs. */
const shared = `
  import { double, live, withDoubles } from ${dist("testing/dist/index.js")};
  import { createApp, html, LiveView, topic } from ${dist("server/dist/index.js")};
  const gateway = double("PaymentGateway");
  const app = createApp({ secret: "a secret for this test of 32 bytes and some more" });
  const news = topic("news");
  class Shop extends LiveView {
    log = [];
    note(by) { this.log.push(gateway.charge(by)); }
    mount() { this.note("mount"); this.subscribe(news, (by) => this.note(by)); }
    buy = this.event(async () => { await null; this.note("event"); this.setTimeout(() => this.note("timer"), 1); });
    work = this.event(() => this.startAsync("work", async () => { await null; return gateway.charge("task"); }));
    handleAsync(name, { value }) { this.log.push(value); }
    render() { return html\`<button id="buy" phx-click=\${this.buy}></button><button id="work" phx-click=\${this.work}></button><p>\${this.log.join()}</p>\`; }
  }
  app.live("/", Shop);
  app.get("/charge", async (c) => { await null; return c.text(String(gateway.charge("request"))); });
  const waiting = [];
  const meet = (count) => new Promise((resolve) => {
    waiting.push(resolve);
    if (waiting.length === count) for (const go of waiting.splice(0)) go();
  });
  const until = async (done) => { while (!done()) await new Promise(setImmediate); };
  async function shop(own) {
    gateway.stub("charge", (by) => own + by);
    await meet(2);
    const view = await live(app, "/");
    await meet(2);
    await view.element("#buy").click();
    await view.element("#work").click();
    await meet(2);
    if (own === "B") app.publish(news, "news");
    const text = () => view.text("p");
    await until(() => text().includes(own + "news") && text().includes(own + "timer") && text().includes(own + "task"));
    const wrong = view.instance.log.filter((each) => each[0] !== own);
    const response = await app.request("/charge");
    await meet(2);
    return [text().includes("mount"), wrong, await response.text(), new Set(gateway.calls("charge").map(([by]) => by)).size];
  }
`;

describe("Vitest with the setup file", () => {
  let results: Record<string, string>;
  let printed: string;

  beforeAll(async () => {
    ({ results, printed } = await vitest(`
      import { beforeAll, beforeEach, describe, expect, test } from "vitest";
      ${shared}
      test("missing", () => {
        gateway.expect("charge", () => 1, { times: 2 });
        gateway.charge({ id: "o1" });
      });
      test("unexpected", async () => {
        gateway.expect("refund", () => 1);
        gateway.refund("r");
        await Promise.resolve().then(() => gateway.charge({ id: "o2" })).catch(() => {});
      });
      test("begins without", () => { expect(gateway.calls("charge")).toEqual([]); });
      test("printed", () => { expect({ gateway }).toEqual({ gateway: 1 }); });
      describe.concurrent("views", () => {
        for (const own of ["A", "B"])
          test("view " + own, async () => { expect(await shop(own)).toEqual([true, [], own + "request", 6]); });
      });
      describe("with hooks", () => {
        const base = double("Base");
        beforeAll(() => { base.stub("all", () => "all"); });
        beforeEach(({ task }) => { base.stub("each", () => task.name); });
        for (const name of ["hook 1", "hook 2", "hook 3", "hook 4"])
          test.concurrent(name, async () => {
            await meet(2);
            expect([base.all(), base.each()]).toEqual(["all", name]);
          });
        test("set for one", () => { base.stub("all", () => "one"); expect(base.all()).toBe("one"); });
        test("not set for another", () => { expect(base.all()).toBe("all"); });
      });
      let tries = 0;
      test("retried", { retry: 1 }, () => { gateway.expect("charge", () => 1); if (tries++ > 0) gateway.charge(); });
      test("lost context", async () => {
        gateway.stub("charge", () => "found");
        expect(await new Promise((resolve) => { outside.ask = resolve; })).toBe("found");
      });
      const outside = {};
      setInterval(() => {
        const { ask } = outside;
        outside.ask = undefined;
        ask?.(gateway.charge());
      }, 1).unref();
    `));
  });

  test("names a call that did not come, with its arguments and its place", () => {
    expect(results["missing"]).toMatch(
      /^DoubleError: PaymentGateway: charge is expected twice \(at one\.fixture\.mjs:\d+\) and came once\. Calls: charge\({ id: 'o1' }\)\.\n +at .*one\.fixture/,
    );
    expect(printed).toMatch(/gateway\.expect\("charge", \(\) => 1, { times: 2 }\);\n +\| +\^/);
  });

  test("names a call that came unexpectedly, though its error was caught", () => {
    expect(results["unexpected"]).toContain(
      "PaymentGateway.charge({ id: 'o2' }) came unexpectedly: refund is expected once (at one.fixture.mjs:",
    );
  });

  test("shows a double in an assertion, and does not call it", () => {
    expect(printed).toContain("[Function double PaymentGateway]");
    expect(results["printed"]).not.toContain("unexpectedly");
  });

  test("lets all others pass", () => {
    const failed = Object.keys(results).filter((name) => results[name] !== "");
    expect(failed, printed).toEqual(["missing", "unexpected", "printed"]);
    expect(Object.keys(results)).toHaveLength(14);
  });
});

test("Vitest without the setup file warns", async () => {
  const { results, printed } = await vitest(
    `import { test } from "vitest";
    ${shared}
    test("missing", () => { gateway.expect("charge", () => 1); });`,
    false,
  );
  expect(results["missing"]).toBe("");
  expect(printed).toMatch(/charge is expected once .* setupFiles: \["@overwire\/testing\/vitest"\]/s);
});

describe("node:test", () => {
  let printed: string;
  beforeAll(async () => {
    const code = `
      import assert from "node:assert";
      import test, { before, beforeEach, describe, it } from "node:test";
      ${shared}
      test("missing", () => { gateway.expect("charge", () => 1); });
      test("unexpected", async () => { try { gateway.charge({ id: "o2" }); } catch {} });
      describe("views", { concurrency: true }, () => {
        for (const own of ["A", "B"])
          it("view " + own, async () => { assert.deepEqual(await shop(own), [true, [], own + "request", 6]); });
      });
      describe("with hooks", { concurrency: true }, () => {
        const base = double("Base");
        before(() => { base.stub("all", () => "all"); });
        beforeEach((t) => { base.stub("each", () => t.name); });
        for (const name of ["hook 1", "hook 2"])
          it(name, async (t) => {
            await meet(2);
            assert.deepEqual([base.all(), base.each()], ["all", name]);
            base.expect("once", () => 1);
            await t.test(name + " sub", () => { assert.deepEqual([base.once(), base.each()], [1, name + " sub"]); });
            assert.deepEqual(base.calls("once"), [[]]);
          });
        it("callback", (t, done) => { setTimeout(() => { assert.equal(base.each(), "callback"); done(); }, 1); });
      });
    `;
    printed = await run("node.test.mjs", code, ["--test", "--test-reporter=tap", "node.test.mjs"]);
  });

  test("verifies at the end of each test", () => {
    expect(printed).toMatch(
      /not ok \d+ - missing.*?charge is expected once \(at node\.test\.mjs:\d+\) and came never/s,
    );
    expect(printed).toMatch(/not ok \d+ - unexpected.*?charge\({ id: 'o2' }\) came unexpectedly/s);
  });

  test("tells tests apart that run at the same time, and subtests belong to theirs", () => {
    expect(printed).toMatch(/# fail 2\n/);
    expect(printed).toMatch(/# pass 7\n/);
  });
});
