/**
 * Serves the gallery, and the store beside it: `npm start`. The gallery alone on several nodes: `npm start -- --nodes 2`.
 * The environment's PORT, STORE_PORT, SECRET_KEY_BASE and REDIS_URL count.
 */
import { parseArgs } from "node:util";
import { serve } from "@overwire/server/node";
import { startNodes } from "./nodes/nodes.ts";
import { storeRunsAt } from "./shared/store-link.ts";
import { type StoreProcess, startStore } from "./store-process.ts";

type Close = () => Promise<void>;

const { nodes } = parseArgs({ options: { nodes: { type: "string" } } }).values;

async function startBoth(): Promise<Close> {
  const { app } = await import("./app.ts");
  let store: StoreProcess | undefined;
  const gallery = await serve(app, { onClose: () => store?.close() }).ready;
  store = startStore();
  void store.listening.then(storeRunsAt);
  let isClosing = false;
  const close = () => {
    isClosing = true;
    return gallery.close();
  };
  void store.ended.then(() => {
    storeRunsAt(undefined);
    if (isClosing) return;
    console.error(
      "The store has ended, so the gallery ends too. STORE_PORT=4101 npm start gives it another port.",
    );
    process.exitCode = 1;
    void close();
  });
  return close;
}

async function startGallery(count: string): Promise<Close> {
  if (!/^[1-9]$/.test(count)) throw new Error(`--nodes takes a number from 1 to 9, but got ${count}.`);
  const port = Number(process.env["PORT"]) || 4000;
  const running = await startNodes(Number(count), { port, redis: process.env["REDIS_URL"] });
  console.log(`Overwire listens on ${running.url}, with ${count} nodes in turn: request by request`);
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
  const running = await (nodes === undefined ? startBoth() : startGallery(nodes));
  let closing: Promise<void> | undefined;
  const close = () => void (closing ??= running());
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, close);
  if (process.env["npm_lifecycle_event"]) onParentGone(close);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
