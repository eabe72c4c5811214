/** The process that serves the app. */
import { serve } from "@overwire/server/node";
import { answer } from "../calls.ts";
import { createBenchApp } from "./app.ts";
import { liveUsage, settledUsage, usage } from "./usage.ts";

const { app, publish } = createBenchApp();
const served = serve(app, { port: 0, hostname: "127.0.0.1", log: false });
let published = 0;

const calls = {
  port: async () => (await served.ready).port,
  usage,
  settledUsage,
  liveUsage,
  /** @returns nanoseconds of the machine's clock just before */
  publish: () => {
    const at = process.hrtime.bigint();
    publish(++published);
    return at;
  },
};

export type OverwireCalls = typeof calls;
answer(calls);
