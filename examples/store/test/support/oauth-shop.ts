/** A store with both providers, which run as long as the tests of a file. */
import { request } from "@overwire/testing";
import { afterAll, beforeAll } from "vitest";
import { githubProvider } from "../../src/providers/github.ts";
import { oidcProvider } from "../../src/providers/oidc.ts";
import type { Services } from "../../src/services/services.ts";
import { type GitHubServer, startGitHub } from "./github-server.ts";
import { type OidcServer, startOidc } from "./oidc-server.ts";
import { testStore } from "./test-store.ts";

/** Starts the providers for the tests of a file. `oidc()` and `github()` are there from `beforeAll` on. */
export function withProviders() {
  let oidc: OidcServer;
  let github: GitHubServer;
  beforeAll(async () => {
    [oidc, github] = await Promise.all([startOidc("http://store.test/auth/oidc/callback"), startGitHub()]);
  });
  afterAll(() => Promise.all([oidc.stop(), github.stop()]));
  return {
    oidc: () => oidc,
    github: () => github,
    /** A store of its own, and a visitor of it. */
    shop(replaced: Partial<Services> = {}) {
      const made = testStore({
        providers: [oidcProvider({ ...oidc.client, title: "Example ID" }), githubProvider(github.client)],
        ...replaced,
      });
      return { ...made, visitor: request(made.app) };
    },
  };
}
