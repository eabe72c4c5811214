/** Serves the store: `npm start` beside the gallery, or by itself `node dist/server.js`. */
import { serve } from "@overwire/server/node";
import { readSettings } from "./settings.ts";
import { start } from "./start.ts";

const settings = readSettings(process.env);
const { app, close } = await start(settings);
const served = await serve(app, { port: settings.PORT }).ready;
served.server.once("close", () => void close());
