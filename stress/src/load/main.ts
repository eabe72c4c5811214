/** Customers shop on two nodes while one is stopped and replaced and another killed: `npm run load`. */
import { once } from "node:events";
import { parseArgs } from "node:util";
import { Worker } from "node:worker_threads";
import { audit } from "./accounts.ts";
import { type CrowdOptions, type CrowdResult, type Customer, shop } from "./crowd.ts";
import { type Timed, timesOf } from "./stopwatch.ts";
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
    /** The first node's successor starts before it is stopped, or after. */
    successor: { type: "string", default: "before" },
    /** Milliseconds of the goal for the 99th percentile of an event. */
    goal: { type: "string", default: "250" },
  },
});
const count = Number(values.shoppers);
const seconds = Number(values.seconds);
const goal = Number(values.goal);
const startsBefore = values.successor === "before";
if (!startsBefore && values.successor !== "after")
  throw new Error(`--successor is before or after, and not ${values.successor}.`);
/** Part of the time in which all of them come. */
const RAMP = 0.15;
const [least = 1, most = 5] = values.think.split("-").map(Number);
/** Milliseconds after the end of a node that count as its time. */
const AFTERMATH = 10_000;
const say = (text: string) => console.log(`${new Date().toISOString().slice(11, 19)} ${text}`);
const wait = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** A time in which a node is away or its clients come back. */
interface Outage {
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

const outage = (name: string): Outage => ({ name, from: Date.now(), to: Date.now() + AFTERMATH });

/** Replaces a node, and kills the other one, in the time in which customers shop. */
async function disturb(world: World): Promise<Outage[]> {
  const [first, second] = world.nodes;
  await wait(seconds * 0.4 * 1000);
  const replace = async () => {
    await world.startNode();
    say("the first node's successor is there");
  };
  if (startsBefore) await replace();
  const stop = outage("after the stop");
  say(`the first node is stopped: exit code ${await first?.end("SIGTERM")}`);
  if (!startsBefore) await replace();
  await wait(seconds * 0.25 * 1000);
  const kill = outage("after the kill");
  await second?.end("SIGKILL");
  say("the second node is killed");
  await wait(3000);
  await world.startNode();
  say("its successor is there");
  await wait(seconds * 0.35 * 1000);
  return [stop, kill];
}

/** Shoppers with the real client, in a thread of their own. */
function startPages(options: Omit<CrowdOptions, "browsers">, signal: AbortSignal): Promise<CrowdResult> {
  const workerData: CrowdOptions = { ...options, browsers: "page" };
  const worker = new Worker(new URL("./page-worker.js", import.meta.url), { workerData });
  signal.addEventListener("abort", () => worker.postMessage("end"));
  return once(worker, "message").then(([result]) => result as CrowdResult);
}

/** Events that took longer than the goal, by the times in which they began. */
function reportLate(events: readonly Timed[], outages: readonly Outage[]): void {
  const within = ({ at }: Timed, { from, to }: Outage) => at >= from - goal && at < to;
  const groups = [
    ...outages.map((outage) => ({
      name: `in the ten seconds ${outage.name}`,
      events: events.filter((event) => within(event, outage)),
    })),
    {
      name: "otherwise",
      events: events.filter((event) => !outages.some((outage) => within(event, outage))),
    },
  ];
  const parts = groups.map(
    ({ name, events }) => `${events.filter(({ took }) => took > goal).length} of ${events.length} ${name}`,
  );
  say(`  over ${goal} ms: ${parts.join(", ")}`);
}

function report(
  name: string,
  { shoppers, events, navigations, late }: CrowdResult,
  outages: readonly Outage[],
): void {
  const sum = (of: (shopper: CrowdResult["shoppers"][number]) => number) =>
    shoppers.reduce((total, shopper) => total + of(shopper), 0);
  const written = (kind: string, taken: readonly Timed[]) => {
    const { count, median, p95, p99, longest } = timesOf(taken);
    return `${count} ${kind}: median ${median} ms, p95 ${p95}, p99 ${p99}, longest ${longest}`;
  };
  say(
    `${shoppers.length} shoppers ${name}: rounds ${sum(({ rounds }) => rounds)}, pages loaded ${sum(({ loads }) => loads)}, orders sent ${sum(({ submits }) => submits)}, confirmed ${sum(({ purchases }) => purchases.length)}, refused ${sum(({ refusals }) => refusals)}`,
  );
  say(`  ${written("events", events)}`);
  reportLate(events, outages);
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
  const closing = disturb(world).then((outages) => {
    say("the shop closes: rounds that have begun end");
    ending.abort();
    return outages;
  });
  const [[wire, page], outages] = await Promise.all([crowds, closing]);
  // Payments on their way when a node was killed are settled by the gateway's events and the store's jobs.
  await wait(5000);

  const { ledger, problems } = await audit(world, stock, [...wire.shoppers, ...page.shoppers]);
  report("by the protocol", wire, outages);
  if (pages > 0) report("with the real client in happy-dom", page, outages);
  const { user, system } = process.cpuUsage();
  say(`CPU of all shoppers and the balancer: ${Math.round((user + system) / 1e6)} s`);
  say(
    `orders ${ledger.orders}, paid ${ledger.paid}, declined ${ledger.declined}, pieces sold ${ledger.pieces}`,
  );
  const { p99 } = timesOf(wire.events);
  if (p99 > goal) problems.push(`p99 is ${p99} ms, more than ${goal}`);
  if (ledger.paid === 0) problems.push("nothing was bought");
  for (const problem of problems) console.error(problem);
  say(problems.length === 0 ? "all adds up" : `${problems.length} problems`);
  process.exitCode = problems.length === 0 ? 0 : 1;
} finally {
  await world.stop();
}
