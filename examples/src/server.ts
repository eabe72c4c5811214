/** Serves the gallery: `npm start`, or `npm start -- --nodes 2`. The environment's PORT, SECRET_KEY_BASE and REDIS_URL count. */
import { parseArgs } from "node:util";
import { serve } from "@overwire/server/node";
import { startNodes } from "./nodes/nodes.ts";

const { nodes } = parseArgs({ options: { nodes: { type: "string" } } }).values;

async function start(): Promise<() => Promise<void>> {
  if (nodes === undefined) {
    const { app } = await import("./app.ts");
    const served = await serve(app).ready;
    return () => served.close();
  }
  if (!/^[1-9]$/.test(nodes)) throw new Error(`--nodes takes a number from 1 to 9, but got ${nodes}.`);
  const port = Number(process.env["PORT"]) || 4000;
  const running = await startNodes(Number(nodes), { port, redis: process.env["REDIS_URL"] });
  console.log(`Overwire listens on ${running.url}, with ${nodes} nodes in turn: request by request`);
  return () => running.close();
}

/** Under `npm start` a signal ends npm and its shell, and does not reach this process. */
function onParentGone(close: () => void): void {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    close();
  }, 200);
  timer.unref();
}

try {
  const running = await start();
  let closing: Promise<void> | undefined;
  const close = () => void (closing ??= running());
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, close);
  if (process.env["npm_lifecycle_event"]) onParentGone(close);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
