/** Customers shop on two nodes while one is stopped and replaced and another killed: `npm run load`. */
import { monitorEventLoopDelay } from "node:perf_hooks";
import { parseArgs } from "node:util";
import { createRandom } from "../chaos/random.ts";
import { audit } from "./accounts.ts";
import { Browser } from "./browser.ts";
import { Shopper } from "./shopper.ts";
import { Stopwatch } from "./stopwatch.ts";
import { World } from "./world.ts";

const { values } = parseArgs({
  options: {
    shoppers: { type: "string", default: "200" },
    seconds: { type: "string", default: "180" },
    seed: { type: "string", default: "1" },
    /** Milliseconds of the goal for the 99th percentile of an event. */
    goal: { type: "string", default: "250" },
  },
});
const count = Number(values.shoppers);
const seconds = Number(values.seconds);
const say = (text: string) => console.log(`${new Date().toISOString().slice(11, 19)} ${text}`);
const wait = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
/** Milliseconds between two actions of a shopper: at least, and at most. */
const THINKING = [1000, 5000] as const;
/** Part of the time in which all of them come. */
const RAMP = 0.15;

const world = await World.start();
try {
  const users = await world.createCustomers(count);
  world.sql("update products set stock = 20 + id % 40");
  const stock = new Map(
    world.sql("select id, stock from products").map(([id = "", stock]) => [id, Number(stock)]),
  );
  const stopwatch = new Stopwatch();
  // The shoppers share the machine with the nodes, and their own lateness counts in each time.
  const lateness = monitorEventLoopDelay({ resolution: 10 });
  lateness.enable();
  const ending = new AbortController();
  const shoppers = users.map((userId, index) => {
    const random = createRandom(Number(values.seed), index);
    const browser = new Browser(world.origin, stopwatch);
    const shopper = new Shopper(browser, { random: random.next, think: THINKING, signal: ending.signal });
    return { userId, browser, shopper };
  });
  say(`${count} shoppers come to two nodes`);
  const shopping = shoppers.map(async ({ userId, browser, shopper }, index) => {
    await wait((index / count) * seconds * RAMP * 1000);
    await world.logIn(browser, userId);
    await shopper.shop();
  });

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
  say("the shop closes: rounds that have begun end");
  ending.abort();
  lateness.disable();
  await Promise.all(shopping);
  // Payments on their way when a node was killed are settled by the gateway's events and the store's jobs.
  await wait(5000);

  const results = shoppers.map(({ userId, shopper: { purchases, submits } }) => ({
    userId,
    purchases,
    submits,
  }));
  const { ledger, problems } = await audit(world, stock, results);
  const times = stopwatch.times();
  const sum = (of: (shopper: Shopper) => number) =>
    shoppers.reduce((total, { shopper }) => total + of(shopper), 0);
  say(
    `rounds ${sum(({ rounds }) => rounds)}, pages loaded ${shoppers.reduce((total, { browser }) => total + browser.loads, 0)}`,
  );
  say(
    `orders sent ${sum(({ submits }) => submits)}, confirmed ${sum(({ purchases }) => purchases.length)}, refused ${sum(({ refusals }) => refusals)}`,
  );
  say(
    `orders ${ledger.orders}, paid ${ledger.paid}, declined ${ledger.declined}, pieces sold ${ledger.pieces}`,
  );
  say(
    `events ${times.count}: median ${times.median} ms, p95 ${times.p95}, p99 ${times.p99}, longest ${times.longest}`,
  );
  const late = (share: number) => Math.round(lateness.percentile(share) / 1e6);
  const { user, system } = process.cpuUsage();
  say(
    `of that the shoppers' own process: late by ${late(50)} ms in the median, p99 ${late(99)}; ${Math.round((user + system) / 1e6)} s of CPU`,
  );
  const lost = shoppers.flatMap(({ shopper }) => shopper.problems);
  say(`rounds given up ${lost.length}${lost.length > 0 ? `, such as: ${lost.slice(0, 3).join(" | ")}` : ""}`);
  if (times.p99 > Number(values.goal)) problems.push(`p99 is ${times.p99} ms, more than ${values.goal}`);
  if (ledger.paid === 0) problems.push("nothing was bought");
  for (const problem of problems) console.error(problem);
  say(problems.length === 0 ? "all adds up" : `${problems.length} problems`);
  process.exitCode = problems.length === 0 ? 0 : 1;
} finally {
  await world.stop();
}
