/** One node of the gallery, as a process that tells its parent the port. */
import { serve } from "@overwire/server/node";
import { app } from "../app.ts";

const { port } = await serve(app, { port: 0, log: false }).ready;
process.send?.({ port });
// No node outlives the one who started it.
process.on("disconnect", () => process.kill(process.pid, "SIGTERM"));
