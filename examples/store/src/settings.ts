/**
 * Settings from the environment. Without any the store runs by itself: PGlite, mail on the console, cache in memory, a stand-in for the
 * payment gateway. In production each of these has to be asked for by name.
 */
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

const mailServer = z.url({ protocol: /^smtps?$/ });

const all = z.object({
  /** `production` refuses to start with stand-ins that were not asked for. */
  NODE_ENV: z.string().optional(),
  PORT: z.coerce.number().int().min(0).default(4100),
  /** The address that links in mails lead to. */
  STORE_URL: siteUrl.optional(),
  SECRET_KEY_BASE: z.string().optional(),
  /** Address of the first admin: its user becomes one by a log-in, as long as there is none, and gives roles to others. */
  STORE_ADMIN: z.email().optional(),
  /** Set behind a proxy that writes `x-forwarded-for`: limits then know the network addresses of browsers. */
  TRUST_PROXY: z.stringbool().optional(),
  /** `postgres://…`, or `memory`, which forgets all with the process; without it PGlite in `STORE_DATA`, or in memory. */
  DATABASE_URL: z.string().optional(),
  /** Folder of PGlite, of mails and of pictures. */
  STORE_DATA: z.string().optional(),
  /** Fills an empty store with products, except in production. */
  STORE_SEED: z.stringbool().optional(),
  REDIS_URL: z.string().optional(),
  /**
   * `smtp://user:password@host:587`, `folder`, which writes mails into `STORE_DATA`, or `console`. Without it mails go to the folder if there
   * is one, otherwise to the console.
   */
  SMTP_URL: z
    .string()
    .refine((url) => ["folder", "console"].includes(url) || mailServer.safeParse(url).success, {
      error: "An address such as smtp://user:password@host:587, or folder, or console.",
    })
    .optional(),
  MAIL_FROM: z.string().default("Overwire Store <store@example.com>"),
  /** Address of the gateway, or `stand-in`, which runs beside the store, at the port after the store's. Without it the stand-in. */
  GATEWAY_URL: z
    .union([z.literal("stand-in"), siteUrl], {
      error: "An address such as https://gateway.example.com, or stand-in.",
    })
    .optional(),
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

type Given = z.infer<typeof all>;
type Problems = { [setting in keyof Given]?: string };

/** Means that the store has without settings, and that would harm a shop: each has to be asked for in production. */
function standIns({ NODE_ENV, DATABASE_URL, STORE_DATA, SMTP_URL, GATEWAY_URL }: Given): Problems {
  if (NODE_ENV !== "production") return {};
  return {
    ...(!GATEWAY_URL && {
      GATEWAY_URL:
        "In production write the address of the payment gateway, or stand-in: it takes the test card 4242 4242 4242 4242, and no money.",
    }),
    ...(!SMTP_URL && {
      SMTP_URL:
        "In production write smtp://user:password@host:587, or folder or console: who reads those can log in as any user, by the links in mails.",
    }),
    ...(!DATABASE_URL &&
      !STORE_DATA && {
        DATABASE_URL:
          "In production write postgres://…, or set STORE_DATA to a folder for the data of one node, or write memory: all is lost with the process.",
      }),
  };
}

function incomplete({ SMTP_URL, STORE_DATA, GATEWAY_URL, GATEWAY_SECRET }: Given): Problems {
  return {
    ...(SMTP_URL === "folder" &&
      !STORE_DATA && { STORE_DATA: "SMTP_URL=folder needs the folder that mails are written into." }),
    ...(GATEWAY_URL &&
      GATEWAY_URL !== "stand-in" &&
      GATEWAY_SECRET === undefined && { GATEWAY_SECRET: "GATEWAY_URL needs the gateway's secret." }),
  };
}

const settings = all
  .superRefine((values, { addIssue }) => {
    const problems = { ...standIns(values), ...incomplete(values) };
    for (const [name, message] of Object.entries(problems))
      addIssue({ code: "custom", path: [name], message });
    for (const names of WHOLE) {
      const missing = names.filter((name) => values[name] === undefined);
      if (missing.length === names.length) continue;
      for (const name of missing)
        addIssue({ code: "custom", path: [name], message: `${names.join(", ")} belong together.` });
    }
  })
  .transform(({ NODE_ENV, STORE_SEED = NODE_ENV !== "production", ...values }) => ({
    ...values,
    STORE_SEED,
  }));

export type Settings = z.infer<typeof settings>;

type Environment = Readonly<Record<string, string | undefined>>;

/** Settings that cannot be used. The message has a line for each. */
export class WrongSettings extends Error {
  override readonly name = "WrongSettings";
  readonly code = "wrong_settings";

  constructor({ issues }: z.ZodError) {
    const lines = issues.map(({ path, message }) => `  ${path.join(".")}: ${message}`);
    super(["The settings are wrong.", ...lines].join("\n"));
  }
}

function read<T>(schema: z.ZodType<T>, environment: Environment): T {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ""));
  const result = schema.safeParse(given);
  if (!result.success) throw new WrongSettings(result.error);
  return result.data;
}

/** @throws WrongSettings that names each of them, and says what to write */
export const readSettings = (environment: Environment): Settings => read(settings, environment);

/**
 * The address of PostgreSQL alone, for work that needs no other setting.
 * @returns undefined if there is none
 */
export function readDatabaseUrl(environment: Environment): string | undefined {
  const { DATABASE_URL } = read(all.pick({ DATABASE_URL: true }), environment);
  return isPostgres(DATABASE_URL) ? DATABASE_URL : undefined;
}

/** Tells if the database is a server, not PGlite in this process. */
export const isPostgres = (databaseUrl: string | undefined): databaseUrl is string =>
  databaseUrl !== undefined && databaseUrl !== "memory";
