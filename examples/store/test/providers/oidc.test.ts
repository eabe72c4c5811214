import { createServer } from "node:http";
import { freePort } from "@overwire/test-support/free-port";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { oidcProvider } from "../../src/providers/oidc.ts";
import { chooseAt } from "../support/choose-at.ts";
import { type OidcFault, type OidcServer, startOidc } from "../support/oidc-server.ts";

const CALLBACK = "http://store.test/auth/oidc/callback";

let server: OidcServer;
beforeAll(async () => {
  server = await startOidc(CALLBACK);
});
afterAll(() => server.stop());

const provider = () => oidcProvider({ ...server.client, title: "Example ID" });

/** A flow up to the answer that the browser brings back. */
async function answered(account: string | undefined, at = provider()) {
  const { url, memory } = await at.begin(CALLBACK);
  return { at, memory, answer: await chooseAt(url, account) };
}

describe("a provider of OpenID Connect", () => {
  test("tells who the user is, with the address in lower case", async () => {
    const { at, answer, memory } = await answered("grace");
    expect(await at.finish(answer, memory)).toEqual({
      subject: "grace",
      email: "grace@example.com",
      name: "Grace Hopper",
    });
  });

  test("is asked with state, nonce and PKCE, new ones for each flow", async () => {
    const [first, second] = await Promise.all([provider().begin(CALLBACK), provider().begin(CALLBACK)]);
    const { searchParams } = new URL(first.url);
    expect(Object.fromEntries(searchParams)).toMatchObject({
      response_type: "code",
      redirect_uri: CALLBACK,
      scope: "openid email profile",
      state: first.memory.state,
      nonce: first.memory.nonce,
      code_challenge_method: "S256",
    });
    expect(searchParams.get("code_challenge")).not.toBe(first.memory.verifier);
    for (const secret of ["state", "nonce", "verifier"] as const)
      expect(first.memory[secret]).not.toBe(second.memory[secret]);
  });

  test("has its users log in anew if it is asked to, and tells when they did", async () => {
    const at = provider();
    const { url, memory } = await at.begin(CALLBACK, { anew: true });
    expect(Object.fromEntries(new URL(url).searchParams)).toMatchObject({ prompt: "login", max_age: "0" });
    const before = Date.now();
    const answer = await chooseAt(url, "ada");
    const { authenticatedAt } = await at.finish(answer, memory);
    // It tells whole seconds.
    expect(authenticatedAt?.getTime()).toBeGreaterThan(before - 1000);
    expect(authenticatedAt?.getTime()).toBeLessThanOrEqual(Date.now());
    const { searchParams } = new URL((await at.begin(CALLBACK)).url);
    expect([searchParams.get("prompt"), searchParams.get("max_age")]).toEqual([null, null]);
  });

  test.each([
    ["long ago", 3600],
    ["before the flow was begun", 90],
    ["at a time that it does not tell", undefined],
    ["in a year's time", -365 * 86_400],
    ["at no time there is", -1e15],
  ])("is not believed that a user has logged in anew, who has %s", async (_, ago) => {
    const at = provider();
    const { url, memory } = await at.begin(CALLBACK, { anew: true });
    const answer = await chooseAt(url, "ada");
    await server.tellLogIn(ago);
    await expect(at.finish(answer, memory)).rejects.toMatchObject({ code: "unproved" });
  });

  test.each([
    ["milliseconds", -1000 * Math.floor(Date.now() / 1000)],
    ["more than a date holds", -1e15],
  ])("that tells the time of a log-in in %s has told none", async (_, ago) => {
    const { at, answer, memory } = await answered("ada");
    await server.tellLogIn(ago);
    expect(await at.finish(answer, memory)).toMatchObject({ subject: "ada", authenticatedAt: undefined });
  });

  test("may have a clock that is a minute behind", async () => {
    const at = provider();
    const { url, memory } = await at.begin(CALLBACK, { anew: true });
    const answer = await chooseAt(url, "ada");
    await server.tellLogIn(50);
    expect(await at.finish(answer, memory)).toMatchObject({ subject: "ada" });
  });

  test("tells of an older log-in if it was not asked for a new one", async () => {
    const { at, answer, memory } = await answered("ada");
    await server.tellLogIn(3600);
    const { authenticatedAt } = await at.finish(answer, memory);
    expect(Date.now() - (authenticatedAt?.getTime() ?? 0)).toBeGreaterThanOrEqual(3600_000);
  });

  test("has no address of a user whose address is not confirmed, or who has none", async () => {
    for (const account of ["mallory", "nemo"]) {
      const { at, answer, memory } = await answered(account);
      expect(await at.finish(answer, memory)).toMatchObject({ subject: account, email: undefined });
    }
  });

  test("may tell that an address is confirmed by a text, and leave a name empty", async () => {
    const { at, answer, memory } = await answered("joan");
    expect(await at.finish(answer, memory)).toMatchObject({
      subject: "joan",
      email: "joan@example.com",
      name: "",
    });
  });

  test.each(["trudy", "trent"])(
    "has claims of other types: %s logs in without an address",
    async (account) => {
      const { at, answer, memory } = await answered(account);
      expect(await at.finish(answer, memory)).toMatchObject({ subject: account, email: undefined });
    },
  );

  test("is believed with an address that stands in the id token itself", async () => {
    const { at, answer, memory } = await answered("ada");
    await server.tellAddress();
    expect(await at.finish(answer, memory)).toEqual({
      subject: "ada",
      email: "in@token.example",
      name: "in-token",
    });
  });

  test("may take the store's secret in a header alone", async () => {
    const strict = await startOidc(CALLBACK, { authMethod: "client_secret_basic" });
    const { at, answer, memory } = await answered(
      "ada",
      oidcProvider({ ...strict.client, title: "Example ID" }),
    );
    expect(await at.finish(answer, memory)).toMatchObject({ subject: "ada" });
    await strict.stop();
  });

  test("is told by the user to say no", async () => {
    const { at, answer, memory } = await answered(undefined);
    await expect(at.finish(answer, memory)).rejects.toMatchObject({ code: "denied" });
  });

  test.each<OidcFault>(["missing", "nonce", "audience", "issuer", "expired", "signature"])(
    "is not believed with an id token that is wrong: %s",
    async (fault) => {
      const { at, answer, memory } = await answered("ada");
      await server.fail(fault);
      await expect(at.finish(answer, memory)).rejects.toMatchObject({ code: "invalid" });
    },
  );

  test("ends a flow once: the code is spent", async () => {
    const { at, answer, memory } = await answered("ada");
    await at.finish(answer, memory);
    await expect(at.finish(answer, memory)).rejects.toMatchObject({ code: "invalid" });
  });

  test.each(["state", "verifier", "nonce"] as const)(
    "is not believed with the %s of another flow",
    async (secret) => {
      const { at, answer, memory } = await answered("ada");
      const { memory: other } = await at.begin(CALLBACK);
      await expect(at.finish(answer, { ...memory, [secret]: other[secret] })).rejects.toMatchObject({
        code: "invalid",
      });
    },
  );

  test("is not believed with an answer that another provider gave", async () => {
    const { at, answer, memory } = await answered("ada");
    answer.searchParams.set("iss", "https://evil.example");
    await expect(at.finish(answer, memory)).rejects.toMatchObject({ code: "invalid" });
  });

  test("is unavailable while its token endpoint fails, and goes on after it", async () => {
    const { at, answer, memory } = await answered("ada");
    await server.fail("error");
    await expect(at.finish(answer, memory)).rejects.toMatchObject({ code: "unavailable" });
    expect(await at.finish(answer, memory)).toMatchObject({ subject: "ada" });
  });

  test("refuses a store with another secret", async () => {
    const at = oidcProvider({ ...server.client, clientSecret: "guessed", title: "Example ID" });
    const { answer, memory } = await answered("ada", at);
    await expect(at.finish(answer, memory)).rejects.toMatchObject({
      code: "invalid",
      message: "Example ID refused the code with invalid_client.",
    });
  });

  test.each([
    ["server_error", "unavailable"],
    ["invalid_scope", "invalid"],
  ])("answers a flow with %s, which is %s", async (error, code) => {
    const at = provider();
    const { memory } = await at.begin(CALLBACK);
    const answer = new URL(CALLBACK);
    answer.search = String(new URLSearchParams({ error, state: memory.state, iss: server.issuer }));
    await expect(at.finish(answer, memory)).rejects.toMatchObject({ code });
  });
});

describe("a provider that is away", () => {
  test("is asked again by the next flow", async () => {
    const port = await freePort();
    const issuer = `http://127.0.0.1:${port}`;
    const at = oidcProvider({ ...server.client, issuer, title: "Example ID" });
    await expect(at.begin(CALLBACK)).rejects.toMatchObject({
      code: "unavailable",
      message: "Example ID cannot be reached.",
    });
    const metadata = { issuer, authorization_endpoint: `${issuer}/auth`, token_endpoint: `${issuer}/token` };
    const back = createServer((_, response) => {
      response.setHeader("content-type", "application/json").end(JSON.stringify(metadata));
    });
    await new Promise<void>((resolve) => void back.listen(port, "127.0.0.1", resolve));
    expect((await at.begin(CALLBACK)).url).toContain(`${issuer}/auth?`);
    await new Promise((resolve) => back.close(resolve));
  });

  test("that says of itself that it tells no times is not asked for a new log-in", async () => {
    const port = await freePort();
    const issuer = `http://127.0.0.1:${port}`;
    const metadata = {
      issuer,
      authorization_endpoint: `${issuer}/auth`,
      token_endpoint: `${issuer}/token`,
      claims_supported: ["sub", "email"],
    };
    const google = createServer((_, response) => {
      response.setHeader("content-type", "application/json").end(JSON.stringify(metadata));
    });
    await new Promise<void>((resolve) => void google.listen(port, "127.0.0.1", resolve));
    const at = oidcProvider({ ...server.client, issuer, title: "Example ID" });
    await expect(at.begin(CALLBACK, { anew: true })).rejects.toMatchObject({ code: "unproved" });
    expect((await at.begin(CALLBACK)).url).toContain(`${issuer}/auth?`);
    await new Promise((resolve) => google.close(resolve));
  });

  test("that does not answer in time is unavailable", async () => {
    const silent = createServer(() => {});
    await new Promise<void>((resolve) => void silent.listen(0, "127.0.0.1", resolve));
    const { port } = silent.address() as { port: number };
    const issuer = `http://127.0.0.1:${port}`;
    const at = oidcProvider({ ...server.client, issuer, title: "Example ID", timeout: 0.05 });
    await expect(at.begin(CALLBACK)).rejects.toMatchObject({ code: "unavailable" });
    silent.closeAllConnections();
    await new Promise((resolve) => silent.close(resolve));
  });
});
