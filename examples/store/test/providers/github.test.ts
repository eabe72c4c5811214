import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { githubProvider } from "../../src/providers/github.ts";
import { chooseAt } from "../support/choose-at.ts";
import { type GitHubServer, startGitHub } from "../support/github-server.ts";

const CALLBACK = "http://store.test/auth/github/callback";

let server: GitHubServer;
beforeAll(async () => {
  server = await startGitHub();
});
beforeEach(() => {
  server.apiStatus = 200;
});
afterAll(() => server.stop());

async function answered(account: string | undefined, at = githubProvider(server.client)) {
  const { url, memory } = await at.begin(CALLBACK);
  return { at, memory, answer: await chooseAt(url, account) };
}

test("GitHub tells who the user is: the id is kept, as names change", async () => {
  const { at, answer, memory } = await answered("ada");
  expect(await at.finish(answer, memory)).toEqual({
    subject: "1815",
    email: "ada@example.com",
    name: "Ada Lovelace",
  });
});

test("a user without a name has that of the log-in", async () => {
  const { at, answer, memory } = await answered("grace");
  expect(await at.finish(answer, memory)).toMatchObject({ name: "grace" });
});

test("an address that is not confirmed counts as none, and so does one that takes no mail", async () => {
  const { at, answer, memory } = await answered("mallory");
  expect(await at.finish(answer, memory)).toMatchObject({ subject: "666", email: undefined });
});

test("an address that only looks like another user's counts as none", async () => {
  const { at, answer, memory } = await answered("kelvin");
  // The sign of Kelvin is a plain k in lower case.
  expect(await at.finish(answer, memory)).toMatchObject({ subject: "273", email: undefined });
});

test("a user may say no", async () => {
  const { at, answer, memory } = await answered(undefined);
  await expect(at.finish(answer, memory)).rejects.toMatchObject({ code: "denied" });
});

test("a code is spent once, and worth nothing without its verifier", async () => {
  const { at, answer, memory } = await answered("ada");
  const { memory: other } = await at.begin(CALLBACK);
  await expect(at.finish(answer, { ...memory, verifier: other.verifier })).rejects.toMatchObject({
    code: "invalid",
  });
  await expect(at.finish(answer, memory)).rejects.toMatchObject({ code: "invalid" });
});

test.each([
  [503, "unavailable"],
  [403, "invalid"],
])("an API that answers with %i is %s", async (status, code) => {
  const { at, answer, memory } = await answered("ada");
  server.apiStatus = status;
  await expect(at.finish(answer, memory)).rejects.toMatchObject({ code });
});

test("an API at an address that is none of the web gets no token", async () => {
  const at = githubProvider({ ...server.client, api: "ftp://127.0.0.1" });
  const { answer, memory } = await answered("ada", at);
  await expect(at.finish(answer, memory)).rejects.toMatchObject({ code: "invalid" });
});
