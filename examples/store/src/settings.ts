/** Settings from the environment. Without any the store runs by itself: PGlite, mail on the console, cache in memory. */
import { z } from "zod";

const settings = z.object({
  PORT: z.coerce.number().int().min(0).default(4100),
  /** The address that links in mails lead to. */
  STORE_URL: z.url().optional(),
  SECRET_KEY_BASE: z.string().optional(),
  /** `postgres://…`; without it PGlite. */
  DATABASE_URL: z.string().optional(),
  /** Folder of PGlite, of mails and of pictures. */
  STORE_DATA: z.string().optional(),
  REDIS_URL: z.string().optional(),
  /** `smtp://user:password@host:587`; without it mails go to the console. */
  SMTP_URL: z.string().optional(),
  MAIL_FROM: z.string().default("Overwire Store <store@example.com>"),
  GATEWAY_URL: z.url().optional(),
  GATEWAY_SECRET: z.string().min(16).default("a stand-in's secret, for development only"),
});

export type Settings = z.infer<typeof settings>;

/** @throws ZodError that names each wrong setting */
export const readSettings = (environment: Readonly<Record<string, string | undefined>>): Settings =>
  settings.parse(Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== "")));
