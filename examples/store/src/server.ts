/** Serves the store: `npm start` beside the gallery, or by itself `node dist/server.js`. */
import { serve } from "@overwire/server/node";
import { readSettings } from "./settings.ts";
import { start } from "./start.ts";

try {
  const settings = readSettings(process.env);
  const { app, close } = await start(settings);
  // Other nodes share the sessions in Redis, and are there for its clients.
  const drain = settings.REDIS_URL ? 10_000 : 0;
  const server = serve(app, { port: settings.PORT, log: false, drain, deadline: 15_000, onClose: close });
  const served = await server.ready.catch(async (error) => {
    await close();
    throw error;
  });
  console.log(
    `The store listens on ${served.url}${settings.STORE_DATA ? `, its data are in ${settings.STORE_DATA}` : ""}`,
  );
  // Beside the gallery it ends with it.
  process.send?.({ port: served.port });
  const end = () => void served.close().then(() => process.exit());
  if (process.send) process.once("disconnect", end);
  if (process.send && !process.connected) end();
} catch (error) {
  console.error(`The store cannot start. ${error instanceof Error ? error.message : error}`);
  process.exit(1);
}
