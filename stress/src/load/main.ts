/** Customers shop on two nodes while one is stopped and replaced and another killed: `npm run load`. */
import { once } from "node:events";
import { parseArgs } from "node:util";
import { Worker } from "node:worker_threads";
import { audit } from "./accounts.ts";
import { type CrowdOptions, type CrowdResult, type Customer, shop } from "./crowd.ts";
import { timesOf } from "./stopwatch.ts";
import { World } from "./world.ts";

const { values } = parseArgs({
  options: {
    shoppers: { type: "string", default: "200" },
    /** Those of them that have the real client, in happy-dom. */
    pages: { type: "string", default: "20" },
    seconds: { type: "string", default: "180" },
    /** Seconds between two actions of a shopper: at least, and at most. */
    think: { type: "string", default: "1-5" },
    seed: { type: "string", default: "1" },
    /** Milliseconds of the goal for the 99th percentile of an event. */
    goal: { type: "string", default: "250" },
  },
});
const count = Number(values.shoppers);
const seconds = Number(values.seconds);
/** Part of the time in which all of them come. */
const RAMP = 0.15;
const [least = 1, most = 5] = values.think.split("-").map(Number);
const say = (text: string) => console.log(`${new Date().toISOString().slice(11, 19)} ${text}`);
const wait = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Ends nodes and starts their successors in the time in which customers shop. */
async function disturb(world: World): Promise<void> {
  await wait(seconds * 0.4 * 1000);
  say(`the first node is stopped: exit code ${await world.endNode(0, "SIGTERM")}`);
  await world.startNode(0);
  say("its successor is there");
  await wait(seconds * 0.25 * 1000);
  await world.endNode(1, "SIGKILL");
  say("the second node is killed");
  await wait(3000);
  await world.startNode(1);
  say("its successor is there");
  await wait(seconds * 0.35 * 1000);
}

/** Shoppers with the real client, in a thread of their own. */
function startPages(options: Omit<CrowdOptions, "browsers">, signal: AbortSignal): Promise<CrowdResult> {
  const workerData: CrowdOptions = { ...options, browsers: "page" };
  const worker = new Worker(new URL("./page-worker.js", import.meta.url), { workerData });
  signal.addEventListener("abort", () => worker.postMessage("end"));
  return once(worker, "message").then(([result]) => result as CrowdResult);
}

function report(name: string, { shoppers, events, navigations, late }: CrowdResult): void {
  const sum = (of: (shopper: CrowdResult["shoppers"][number]) => number) =>
    shoppers.reduce((total, shopper) => total + of(shopper), 0);
  const written = (kind: string, taken: readonly number[]) => {
    const { count, median, p95, p99, longest } = timesOf(taken);
    return `${count} ${kind}: median ${median} ms, p95 ${p95}, p99 ${p99}, longest ${longest}`;
  };
  say(
    `${shoppers.length} shoppers ${name}: rounds ${sum(({ rounds }) => rounds)}, pages loaded ${sum(({ loads }) => loads)}, orders sent ${sum(({ submits }) => submits)}, confirmed ${sum(({ purchases }) => purchases.length)}, refused ${sum(({ refusals }) => refusals)}`,
  );
  say(`  ${written("events", events)}`);
  if (navigations.length > 0) say(`  ${written("live navigations", navigations)}`);
  say(`  their own thread: late by ${late.median} ms in the median, p99 ${late.p99}`);
  const lost = shoppers.flatMap(({ problems }) => problems);
  say(
    `  rounds given up: ${lost.length}${lost
      .map((problem) => `\n    ${problem}`)
      .slice(0, 5)
      .join("")}`,
  );
}

const world = await World.start();
try {
  const users = await world.createCustomers(count);
  world.sql("update products set stock = 20 + id % 40");
  const stock = new Map(
    world.sql("select id, stock from products").map(([id = "", stock]) => [id, Number(stock)]),
  );
  const customers: Customer[] = [];
  for (const userId of users) customers.push(await world.logIn(userId));
  const ending = new AbortController();
  const common = {
    origin: world.origin,
    seed: Number(values.seed),
    ramp: seconds * RAMP * 1000,
    think: [least * 1000, most * 1000] as const,
  };
  const pages = Math.min(Number(values.pages), count);
  say(`${count} shoppers come to two nodes`);
  const crowds = Promise.all([
    shop({ ...common, browsers: "wire", customers: customers.slice(pages) }, ending.signal),
    startPages({ ...common, customers: customers.slice(0, pages) }, ending.signal),
  ]);
  const closing = disturb(world).then(() => {
    say("the shop closes: rounds that have begun end");
    ending.abort();
  });
  const [[wire, page]] = await Promise.all([crowds, closing]);
  // Payments on their way when a node was killed are settled by the gateway's events and the store's jobs.
  await wait(5000);

  const { ledger, problems } = await audit(world, stock, [...wire.shoppers, ...page.shoppers]);
  report("by the protocol", wire);
  if (pages > 0) report("with the real client in happy-dom", page);
  const { user, system } = process.cpuUsage();
  say(`CPU of all shoppers and the balancer: ${Math.round((user + system) / 1e6)} s`);
  say(
    `orders ${ledger.orders}, paid ${ledger.paid}, declined ${ledger.declined}, pieces sold ${ledger.pieces}`,
  );
  const { p99 } = timesOf(wire.events);
  if (p99 > Number(values.goal)) problems.push(`p99 is ${p99} ms, more than ${values.goal}`);
  if (ledger.paid === 0) problems.push("nothing was bought");
  for (const problem of problems) console.error(problem);
  say(problems.length === 0 ? "all adds up" : `${problems.length} problems`);
  process.exitCode = problems.length === 0 ? 0 : 1;
} finally {
  await world.stop();
}
