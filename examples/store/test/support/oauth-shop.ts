/** A store with both providers, and a visitor's way over them: from the button, to the provider's page, and back. */
import { request } from "@overwire/testing";
import { afterAll, beforeAll } from "vitest";
import { githubProvider } from "../../src/providers/github.ts";
import { oidcProvider } from "../../src/providers/oidc.ts";
import type { Services } from "../../src/services/services.ts";
import { chooseAt } from "./choose-at.ts";
import { type GitHubServer, startGitHub } from "./github-server.ts";
import { type OidcServer, startOidc } from "./oidc-server.ts";
import { testStore } from "./test-store.ts";

type Visitor = ReturnType<typeof request>;

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

/** Goes to the provider. @returns the store's address with its answer, for {@link answer} */
export async function choose(visitor: Visitor, begin: string, account: string | undefined): Promise<URL> {
  const begun = await visitor.get(begin);
  return chooseAt(begun.assertRedirect().to, account);
}

/** Comes back to the store with an answer. */
export const answer = (visitor: Visitor, { pathname, search }: URL) => visitor.get(`${pathname}${search}`);

/** The whole way of a log-in. */
export const logInBy = async (visitor: Visitor, provider: string, account: string | undefined) =>
  answer(visitor, await choose(visitor, `/auth/${provider}`, account));
