/** Serves the gallery: `npm start`. The environment's PORT and SECRET_KEY_BASE count. */
import { serve } from "@overwire/server/node";
import { app } from "./app.ts";

const served = serve(app);

for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => served.close());

try {
  await served.ready;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
