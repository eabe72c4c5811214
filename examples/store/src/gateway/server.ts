/** The stand-in payment gateway as a process: `node dist/gateway/server.js`. A store that started it is told when it listens. */
import { serve } from "@overwire/server/node";
import { z } from "zod";
import { gatewayApp } from "./gateway-app.ts";
import { Ledger } from "./ledger.ts";
import { Webhooks } from "./webhooks.ts";

const isChild = process.send !== undefined;
if (isChild) {
  // It lives as long as its store, which may end while this starts.
  process.once("disconnect", () => process.exit());
  if (!process.connected) process.exit();
}

const settings = z
  .object({
    PORT: z.coerce.number().int().min(0).default(4101),
    GATEWAY_SECRET: z.string().min(16),
    /** The address under which browsers reach it. */
    GATEWAY_PUBLIC_URL: z.url().optional(),
    /** The store's address for events. */
    WEBHOOK_URL: z.url(),
    /** Keeps payments and cards; without it they end with the process. */
    GATEWAY_FILE: z.string().optional(),
  })
  .parse(process.env);

const ledger = new Ledger(settings.GATEWAY_FILE === undefined ? {} : { file: settings.GATEWAY_FILE });
const app = gatewayApp({
  ledger,
  secret: settings.GATEWAY_SECRET,
  url: () => settings.GATEWAY_PUBLIC_URL ?? `http://localhost:${served.port}`,
});
const served = serve(app, { port: settings.PORT, log: !isChild, handleSignals: !isChild });
await served.ready;
const webhooks = new Webhooks(ledger, { url: () => settings.WEBHOOK_URL, secret: settings.GATEWAY_SECRET });
served.server.once("close", () => webhooks.close());
if (isChild) {
  // A terminal sends its signal to both: the store still pays while it stops.
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => {});
  process.send?.({ port: served.port });
}
