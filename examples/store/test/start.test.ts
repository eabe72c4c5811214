/** The store's own server, in a process of its own: its data outlast it. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describePostgres, startPostgres } from "@overwire/test-support/postgres-server";
import { serverProcesses } from "@overwire/test-support/server-process";
import { afterAll, beforeAll, expect, test } from "vitest";
import { connectPostgres, openPglite } from "../src/database/database.ts";
import { users } from "./support/factories.ts";

const SERVER = fileURLToPath(new URL("../dist/server.js", import.meta.url));
const MIGRATE = fileURLToPath(new URL("../dist/migrate.js", import.meta.url));

let data: string;
beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), "overwire-store-"));
});
afterAll(() => rm(data, { recursive: true, force: true }));

const run = serverProcesses();
async function start() {
  const server = run(SERVER, { PORT: "0", STORE_DATA: data });
  await server.says("listens on");
  return server;
}

/** Does something with the data of a store that does not run. */
async function withData<T>(work: (repo: Awaited<ReturnType<typeof openPglite>>["repo"]) => Promise<T>) {
  const { repo, close } = await openPglite(join(data, "database"));
  try {
    return await work(repo);
  } finally {
    await close();
  }
}

const names = () => withData(async (repo) => (await repo.all("users")).map(({ name }) => name));

test("a signal closes the database, and the next start finds all that was there", async () => {
  const first = await start();
  first.process.kill("SIGTERM");
  expect(await first.closed).toEqual([0, null]);
  await withData((repo) => users(repo).insert({ name: "Grace" }));

  const second = await start();
  second.process.kill("SIGINT");
  expect(await second.closed).toEqual([0, null]);
  expect(await names()).toContain("Grace");
});

test("a store that was killed leaves data that the next one can open", async () => {
  const killed = await start();
  killed.process.kill("SIGKILL");
  await killed.closed;
  expect(await names()).toContain("Grace");
});

test("the store deletes users who have not confirmed their registration for a week", async () => {
  await withData((repo) => users(repo).unconfirmed().insert({ name: "Eve" }));
  const store = await start();
  store.process.kill("SIGTERM");
  expect(await store.closed).toEqual([0, null]);
  const left = await names();
  expect(left).toContain("Grace");
  expect(left).not.toContain("Eve");
});

test("two stores cannot work with the same folder", async () => {
  const first = await start();
  const second = run(SERVER, { PORT: "0", STORE_DATA: data });
  expect(await second.closed).toEqual([1, null]);
  expect(second.output()).toContain(`Process ${first.process.pid} works with the same data`);
  first.process.kill("SIGTERM");
  expect(await first.closed).toEqual([0, null]);
});

describePostgres("the step of a release that brings the tables up to date", () => {
  test("leaves an empty store, and may be repeated", async ({ onTestFinished }) => {
    const { url, stop } = await startPostgres();
    onTestFinished(stop);
    for (let time = 0; time < 2; time++) {
      const step = run(MIGRATE, { DATABASE_URL: url });
      expect(await step.closed).toEqual([0, null]);
      expect(step.output()).toContain("The tables are up to date.");
    }
    const { repo, close } = connectPostgres(url);
    expect(await repo.count("products")).toBe(0);
    await close();
  });
});

test("the step that brings tables up to date asks for the database", async () => {
  const step = run(MIGRATE, { DATABASE_URL: "" });
  expect(await step.closed).toEqual([1, null]);
  expect(step.output()).toContain("Set DATABASE_URL");
});

test("the step that brings tables up to date needs no other setting, also in production", async () => {
  const step = run(MIGRATE, { NODE_ENV: "production", DATABASE_URL: "postgres://127.0.0.1:1/store" });
  expect(await step.closed).toEqual([1, null]);
  expect(step.output()).toContain("ECONNREFUSED");
});

test("a store in production says which stand-ins have to be asked for, and starts with them", async () => {
  const production = {
    NODE_ENV: "production",
    PORT: "0",
    SECRET_KEY_BASE: "k3Jx0-9sVbn_Qw7ZtYp2LmCd5Rf8Hg1Uo4Ae6Ti",
  };
  const refused = run(SERVER, production);
  expect(await refused.closed).toEqual([1, null]);
  for (const line of [
    "The store cannot start.",
    "GATEWAY_URL: In production",
    "SMTP_URL: In",
    "DATABASE_URL: In",
  ])
    expect(refused.output()).toContain(line);
  const store = run(SERVER, {
    ...production,
    GATEWAY_URL: "stand-in",
    SMTP_URL: "console",
    DATABASE_URL: "memory",
  });
  await store.says("listens on");
  store.process.kill("SIGTERM");
  expect(await store.closed).toEqual([0, null]);
});

test("a store whose settings are wrong says so and ends", async () => {
  const server = run(SERVER, { PORT: "many" });
  expect(await server.closed).toEqual([1, null]);
  expect(server.output()).toContain("The store cannot start.");
});
