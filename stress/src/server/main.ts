/** The process that is attacked. */
import { serve } from "@overwire/server/node";
import { type AppSettings, createStressApp } from "./app.ts";
import type { Question } from "./child.ts";
import { Monitor } from "./health.ts";
import { EXPECTED, running } from "./watched.ts";

const settings = JSON.parse(process.argv[2] ?? "{}") as AppSettings;
const monitor = new Monitor(EXPECTED);
const served = serve(createStressApp(settings, monitor.report), {
  port: 0,
  hostname: "127.0.0.1",
  log: false,
});

const answers = {
  port: async () => (await served.ready).port,
  health: () => monitor.health(running.size),
  lap: () => {
    const health = monitor.health(running.size);
    monitor.lap();
    return health;
  },
};

process.on("message", async ({ id, ask }: Question) => {
  const value = await answers[ask]();
  if (process.connected) process.send?.({ id, value });
});
// It never outlives its parent process.
process.on("disconnect", () => process.exit(0));
