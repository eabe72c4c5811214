import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createApp } from "../app.ts";
import { developmentSecret } from "./development-secret.ts";
import { resolveSecret } from "./secret.ts";

let project: string;
const folder = () => join(project, "node_modules/.cache/overwire");
const file = () => join(folder(), "development-secret");

beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), "ow-secret-"));
  mkdirSync(join(project, "node_modules"));
  mkdirSync(join(project, "src/deep"), { recursive: true });
  vi.spyOn(process, "cwd").mockImplementation(() => join(project, "src"));
});

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  rmSync(project, { recursive: true, force: true });
});

const resolve = (mode: string) => {
  vi.stubEnv("NODE_ENV", mode);
  const warnings: string[] = [];
  return [resolveSecret(undefined, (message) => warnings.push(message)), warnings.length] as const;
};

it("is kept between starts, readable by its owner alone, and by any folder of the project", () => {
  const [secret, warnings] = resolve("development");
  expect(warnings).toBe(0);
  expect(resolve("")[0]).toBe(secret);
  expect(developmentSecret(join(project, "src/deep"))).toBe(secret);
  expect(statSync(file()).mode & 0o777).toBe(0o600);
  expect(readdirSync(folder())).toEqual(["development-secret"]);
});

it("keeps sessions over a restart", async () => {
  vi.stubEnv("NODE_ENV", "development");
  const start = () => {
    const app = createApp({ report: () => {} });
    app.get("/in", async (c) => {
      await app.setSession(c, { user: "ada" } as object);
      return c.text("in");
    });
    app.get("/", async (c) => c.json(await app.getSession(c)));
    return app;
  };
  const entered = await start().request("/in");
  const cookie = entered.headers
    .getSetCookie()
    .map((each) => each.split(";")[0])
    .join("; ");
  const response = await start().request("/", { headers: { cookie } });
  expect(await response.json()).toEqual({ user: "ada" });
});

it("is neither made nor read in production, nor in tests", () => {
  expect(() => resolve("production")).toThrow("needs a secret in production");
  expect(resolve("test")[0]).not.toBe(resolve("test")[0]);
  expect(readdirSync(join(project, "node_modules"))).toEqual([]);
  resolve("development");
  expect(() => resolve("production")).toThrow("needs a secret in production");
});

it.each<[string, () => void]>([
  ["there is no node_modules", () => rmSync(join(project, "node_modules"), { recursive: true })],
  ["the cache is no folder", () => writeFileSync(join(project, "node_modules/.cache"), "")],
  [
    "others may read the file",
    () => {
      developmentSecret(project);
      chmodSync(file(), 0o644);
    },
  ],
  [
    "the file is a link",
    () => {
      mkdirSync(folder(), { recursive: true });
      writeFileSync(join(project, "other"), "a".repeat(64), { mode: 0o600 });
      symlinkSync(join(project, "other"), file());
    },
  ],
  [
    "the file holds no secret",
    () => {
      mkdirSync(folder(), { recursive: true });
      writeFileSync(file(), "x", { mode: 0o600 });
    },
  ],
])("is made up at each start if %s", (_, prepare) => {
  prepare();
  const [one, warned] = resolve("development");
  expect(warned).toBe(1);
  expect(resolve("development")[0]).not.toBe(one);
});
