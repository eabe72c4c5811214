// An OpenID Connect provider as a process: `node oidc-process.mjs REDIRECT_URI…` prints its issuer when it listens. Its page offers the
// accounts; it knows no passwords. `POST /faults` with `{ "token": "…" }` changes the next answer of the token endpoint.
import { createPrivateKey, generateKeyPairSync, sign } from "node:crypto";
import { createServer } from "node:http";
import { Provider } from "oidc-provider";

const CLIENT = { id: "store", secret: "a secret of the store and its provider" };

/** Claims by subject: each of them another case of a log-in. */
const ACCOUNTS = {
  ada: { name: "Ada Lovelace", email: "ada@example.com", email_verified: true },
  grace: { name: "Grace Hopper", email: "Grace@Example.com", email_verified: true },
  mallory: { name: "Mallory", email: "ada@example.com", email_verified: false },
  nemo: { name: "Nemo" },
  joan: { name: null, email: "joan@example.com", email_verified: "true" },
  trudy: { name: "Trudy", email: "ada@example.com", email_verified: "false" },
  trent: { name: "Trent", email: ["ada@example.com"], email_verified: 1 },
};

/** A provider that takes the secret in a header alone, as the standard's default is. */
const method = process.env["OIDC_AUTH_METHOD"] ?? "client_secret_post";

const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const { privateKey: foreignKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const jwk = { ...privateKey.export({ format: "jwk" }), kid: "key", alg: "RS256", use: "sig" };

const server = createServer();
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
const issuer = `http://127.0.0.1:${server.address().port}`;

const provider = new Provider(issuer, {
  clients: [
    {
      client_id: CLIENT.id,
      client_secret: CLIENT.secret,
      redirect_uris: process.argv.slice(2),
      token_endpoint_auth_method: method,
    },
  ],
  claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name"] },
  clientAuthMethods: [method],
  cookies: { keys: ["a key of tests"] },
  features: { devInteractions: { enabled: false } },
  findAccount: (_, id) =>
    ACCOUNTS[id] && { accountId: id, claims: async () => ({ sub: id, ...ACCOUNTS[id] }) },
  interactions: { url: (_, { uid }) => `/interaction/${uid}` },
  jwks: { keys: [jwk] },
  // Users agree by choosing an account.
  async loadExistingGrant(ctx) {
    const grant = new provider.Grant({
      clientId: ctx.oidc.client.clientId,
      accountId: ctx.oidc.session.accountId,
    });
    grant.addOIDCScope(ctx.oidc.params.scope);
    await grant.save();
    return grant;
  },
  pkce: { required: () => true },
  ttl: { AccessToken: 60, AuthorizationCode: 60, Grant: 60, IdToken: 60, Interaction: 600, Session: 600 },
});

let fault = "none";

/** An id token with other claims, or of another key. */
function forged(token, change, key = privateKey) {
  const [header, payload] = token.split(".");
  const claims = { ...JSON.parse(Buffer.from(payload, "base64url").toString()), ...change };
  const input = `${header}.${Buffer.from(JSON.stringify(claims)).toString("base64url")}`;
  return `${input}.${sign("sha256", Buffer.from(input), createPrivateKey(key.export({ format: "pem", type: "pkcs8" }))).toString("base64url")}`;
}

const FORGERIES = {
  nonce: (token) => forged(token, { nonce: "of another flow" }),
  audience: (token) => forged(token, { aud: "another client" }),
  issuer: (token) => forged(token, { iss: "https://evil.example" }),
  expired: (token) => forged(token, { iat: 1000, exp: 2000 }),
  address: (token) =>
    forged(token, { email: "In@Token.example", email_verified: true, preferred_username: "in-token" }),
  signature: (token) => forged(token, {}, foreignKey),
  untimed: (token) => forged(token, { auth_time: undefined }),
  ago: (token, seconds) => forged(token, { auth_time: Math.floor(Date.now() / 1000) - Number(seconds) }),
};

provider.use(async (ctx, next) => {
  const isToken = ctx.path === "/token";
  const current = isToken ? fault : "none";
  if (isToken) fault = "none";
  if (current === "error") {
    ctx.status = 503;
    ctx.body = "Down for maintenance.";
    return;
  }
  await next();
  if (current === "missing") delete ctx.body.id_token;
  const [name, parameter] = current.split(":");
  if (FORGERIES[name]) ctx.body.id_token = FORGERIES[name](ctx.body.id_token, parameter);
});

async function read(request) {
  let text = "";
  for await (const part of request) text += part;
  return text;
}

const page = (uid) => `<!doctype html>
<html lang="en"><head><title>Choose an account</title><link rel="icon" href="data:,"></head><body><h1>Choose an account</h1>
<form method="post" action="/interaction/${uid}">
${Object.keys(ACCOUNTS).map((id) => `<button name="account" value="${id}">${ACCOUNTS[id].name}</button>`)}
<button name="account" value="">Cancel</button></form></body></html>`;

const handle = provider.callback();
server.on("request", async (request, response) => {
  const [, uid] = /^\/interaction\/([\w-]+)$/.exec(request.url) ?? [];
  if (request.url === "/faults") {
    fault = JSON.parse(await read(request)).token;
    response.end();
  } else if (!uid) handle(request, response);
  else if (request.method === "GET") response.setHeader("content-type", "text/html").end(page(uid));
  else {
    const accountId = new URLSearchParams(await read(request)).get("account");
    const result = accountId ? { login: { accountId } } : { error: "access_denied" };
    await provider.interactionFinished(request, response, result);
  }
});
console.log(issuer);
