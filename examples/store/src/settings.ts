/** Settings from the environment. Without any the store runs by itself: PGlite, mail on the console, cache in memory. */
import { z } from "zod";

/** Of an identity provider: in the clear for one on this machine alone, for tests and development. */
const providerUrl = z
  .url({ abort: true })
  .refine((url) => url.startsWith("https://") || isLocal(new URL(url)), {
    error: "A provider's address begins with https://, unless it is on this machine.",
  });
const isLocal = ({ protocol, hostname }: URL) =>
  protocol === "http:" && ["localhost", "127.0.0.1", "[::1]"].includes(hostname);

/** Paths are appended to it. */
const siteUrl = z.url({ protocol: /^https?$/ }).transform((url) => url.replace(/\/+$/, ""));

const all = z.object({
  PORT: z.coerce.number().int().min(0).default(4100),
  /** The address that links in mails lead to. */
  STORE_URL: siteUrl.optional(),
  SECRET_KEY_BASE: z.string().optional(),
  /** Address of the first admin: its user becomes one by a log-in, and gives roles to others. */
  STORE_ADMIN: z.email().optional(),
  /** Set behind a proxy that writes `x-forwarded-for`: limits then know the network addresses of browsers. */
  TRUST_PROXY: z.stringbool().optional(),
  /** `postgres://…`; without it PGlite. */
  DATABASE_URL: z.string().optional(),
  /** Folder of PGlite, of mails and of pictures. */
  STORE_DATA: z.string().optional(),
  /** Fills an empty store with products, except in production. */
  STORE_SEED: z.stringbool().default(process.env["NODE_ENV"] !== "production"),
  REDIS_URL: z.string().optional(),
  /** `smtp://user:password@host:587`; without it mails go to the console. */
  SMTP_URL: z.string().optional(),
  MAIL_FROM: z.string().default("Overwire Store <store@example.com>"),
  /** Without it a stand-in gateway runs beside the store, at the port after the store's. */
  GATEWAY_URL: siteUrl.optional(),
  /** The address of the stand-in for browsers, if they are on other machines. */
  GATEWAY_PUBLIC_URL: siteUrl.optional(),
  /** Shared with the gateway. The stand-in of one node gets a random one. */
  GATEWAY_SECRET: z.string().min(16).optional(),
  /** A provider of OpenID Connect by its issuer, such as `https://accounts.google.com`. Its redirect URI is `STORE_URL/auth/oidc/callback`. */
  OIDC_ISSUER: providerUrl.optional(),
  OIDC_CLIENT_ID: z.string().optional(),
  OIDC_CLIENT_SECRET: z.string().optional(),
  /** Its name on buttons: "Continue with Google". */
  OIDC_NAME: z.string().default("single sign-on"),
  /** An OAuth app of GitHub. Its callback URL is `STORE_URL/auth/github/callback`. */
  GITHUB_CLIENT_ID: z.string().optional(),
  GITHUB_CLIENT_SECRET: z.string().optional(),
  /** Address of GitHub Enterprise; its API is `https://HOST/api/v3`. */
  GITHUB_URL: providerUrl.default("https://github.com"),
  GITHUB_API: providerUrl.default("https://api.github.com"),
});

/** A provider without one of its parts would be left out in silence. */
const WHOLE = [
  ["OIDC_ISSUER", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET"],
  ["GITHUB_CLIENT_ID", "GITHUB_CLIENT_SECRET"],
] as const;

const settings = all.superRefine((values, { addIssue }) => {
  if (values.GATEWAY_URL !== undefined && values.GATEWAY_SECRET === undefined)
    addIssue({
      code: "custom",
      path: ["GATEWAY_SECRET"],
      message: "GATEWAY_URL needs the gateway's secret.",
    });
  for (const names of WHOLE) {
    const missing = names.filter((name) => values[name] === undefined);
    if (missing.length === names.length) continue;
    for (const name of missing)
      addIssue({ code: "custom", path: [name], message: `${names.join(", ")} belong together.` });
  }
});

export type Settings = z.infer<typeof settings>;

/** @throws ZodError that names each wrong setting */
export const readSettings = (environment: Readonly<Record<string, string | undefined>>): Settings =>
  settings.parse(Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== "")));
