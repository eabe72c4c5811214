/** A service in the shape of GitHub for tests: OAuth2 without OpenID Connect, and the API that tells its users. */
import { createHash, randomUUID } from "node:crypto";
import { createApp } from "@overwire/server";
import { serve } from "@overwire/server/node";

const CLIENT = { clientId: "store", clientSecret: "a secret of the store and GitHub" };

interface GitHubUser {
  readonly id: number;
  readonly login: string;
  readonly name: string | null;
  readonly emails: readonly {
    readonly email: string;
    readonly primary: boolean;
    readonly verified: boolean;
  }[];
}

const email = (email: string, verified = true, primary = true) => ({ email, verified, primary });

const USERS: Record<string, GitHubUser> = {
  ada: {
    id: 1815,
    login: "ada",
    name: "Ada Lovelace",
    emails: [email("1815+ada@users.noreply.github.com", true, false), email("ada@example.com")],
  },
  grace: { id: 1906, login: "grace", name: null, emails: [email("grace@example.com")] },
  kelvin: { id: 273, login: "kelvin", name: "Kelvin", emails: [email("\u212Ate@example.com")] },
  mallory: {
    id: 666,
    login: "mallory",
    name: "Mallory",
    emails: [email("ada@example.com", false), email("666+mallory@users.noreply.github.com", true, false)],
  },
};

export interface GitHubServer {
  /** Options of the store for it. */
  readonly client: {
    readonly url: string;
    readonly api: string;
    readonly clientId: string;
    readonly clientSecret: string;
  };
  /** Status of all answers of the API, if it is not 200. */
  apiStatus: number;
  stop(): Promise<void>;
}

export async function startGitHub(): Promise<GitHubServer> {
  const codes = new Map<string, { user: string; challenge: string; redirectUri: string }>();
  const tokens = new Map<string, string>();
  const app = createApp({ secret: "a secret of GitHub alone, which no other app has", report: () => {} });

  app.get("/login/oauth/authorize", (c) =>
    c.html("<form method=post><button name=account value=ada>Ada</button></form>"),
  );
  app.post("/login/oauth/authorize", async (c) => {
    const query = c.req.query();
    const { account } = await c.req.parseBody();
    const to = new URL(query["redirect_uri"] ?? "");
    to.searchParams.set("state", query["state"] ?? "");
    if (typeof account === "string" && account !== "") {
      const code = randomUUID();
      codes.set(code, {
        user: account,
        challenge: query["code_challenge"] ?? "",
        redirectUri: query["redirect_uri"] ?? "",
      });
      to.searchParams.set("code", code);
    } else to.searchParams.set("error", "access_denied");
    return c.redirect(to.href);
  });

  app.post("/login/oauth/access_token", async (c) => {
    const form = await c.req.parseBody();
    const code = codes.get(String(form["code"]));
    codes.delete(String(form["code"]));
    const challenge = createHash("sha256").update(String(form["code_verifier"])).digest("base64url");
    const isGood =
      code?.challenge === challenge &&
      code.redirectUri === form["redirect_uri"] &&
      form["client_id"] === CLIENT.clientId &&
      form["client_secret"] === CLIENT.clientSecret;
    // GitHub tells errors with status 200.
    if (!isGood) return c.json({ error: "bad_verification_code" });
    const token = `gho_${randomUUID()}`;
    tokens.set(token, code.user);
    return c.json({ access_token: token, token_type: "bearer", scope: "read:user,user:email" });
  });

  app.get("/api/:path{.+}", (c) => {
    const user = USERS[tokens.get(c.req.header("authorization")?.replace("Bearer ", "") ?? "") ?? ""];
    if (server.apiStatus !== 200) return c.body(null, server.apiStatus as 503);
    if (!user) return c.json({ message: "Bad credentials" }, 401);
    const { emails, ...own } = user;
    return c.json(c.req.param("path") === "user" ? own : emails);
  });

  const served = await serve(app, { port: 0, hostname: "127.0.0.1", log: false, handleSignals: false }).ready;
  const url = `http://127.0.0.1:${served.port}`;
  const server: GitHubServer = {
    client: { url, api: `${url}/api`, ...CLIENT },
    apiStatus: 200,
    stop: () => served.close(),
  };
  return server;
}
