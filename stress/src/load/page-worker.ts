/** Shoppers with the real client, in a thread of their own: their documents take time that would count in the times of all. */
import { parentPort, workerData } from "node:worker_threads";
import { type CrowdOptions, shop } from "./crowd.ts";

const ending = new AbortController();
parentPort?.once("message", () => ending.abort());
parentPort?.postMessage(await shop(workerData as CrowdOptions, ending.signal));
