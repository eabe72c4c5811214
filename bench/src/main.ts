/** `npm run bench`: reads the command line, runs the measures one after the other, and writes their table. */
import { mkdirSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { canPin } from "./child.ts";
import { browser } from "./measure/browser.ts";
import { bundle } from "./measure/bundle.ts";
import { channels } from "./measure/channels.ts";
import { counter } from "./measure/counter.ts";
import { fanout } from "./measure/fanout.ts";
import { live } from "./measure/live.ts";
import { memory } from "./measure/memory.ts";
import { nodes } from "./measure/nodes.ts";
import { paint } from "./measure/paint.ts";
import { presence } from "./measure/presence.ts";
import { redis } from "./measure/redis.ts";
import { responsive } from "./measure/responsive.ts";
import { stream } from "./measure/stream.ts";
import { table } from "./measure/table.ts";
import { upload } from "./measure/upload.ts";
import { markdown, type Row } from "./report.ts";
import type { Measure, Options } from "./rig.ts";

const measures: readonly Measure[] = [
  counter,
  table,
  browser,
  stream,
  paint,
  fanout,
  redis,
  nodes,
  presence,
  channels,
  memory,
  upload,
  responsive,
  live,
  bundle,
];
const RESULTS = new URL("../results.md", import.meta.url);
const PROFILES = new URL("./profiles/", import.meta.url);

const usage = `npm run bench -- [names] [options]

${measures.map(({ name, about }) => `  ${name.padEnd(10)} ${about}`).join("\n")}

  --quick        few and short rounds: to see that it works
  --rounds <n>   rounds of each measure (5)
  --write        also write the table to bench/results.md
  --profile      write CPU profiles of the server to ${fileURLToPath(PROFILES)}
`;

function machine(rounds: number, quick: boolean): string {
  const cores = canPin()
    ? "servers on core 0, load on core 1"
    : "**servers and load share the cores** (no `taskset`, or one core only)";
  return [
    `Node ${process.version}, ${availableParallelism()} × ${cpus()[0]?.model.trim() || "unknown processor"}, ${cores}.`,
    `Medians of ${rounds} rounds${quick ? " (`--quick`: do not quote)" : ""}; a ratio is the median of the rounds' ratios.`,
  ].join(" ");
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      quick: { type: "boolean", default: false },
      rounds: { type: "string" },
      write: { type: "boolean", default: false },
      profile: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  const rounds = Number(values.rounds ?? (values.quick ? 2 : 5));
  const unknown = positionals.filter((name) => !measures.some((measure) => measure.name === name));
  if (values.help || unknown.length > 0 || !(rounds >= 1 && rounds <= 100)) {
    if (unknown.length > 0) console.error(`There is no ${unknown.join(", ")}.\n`);
    console.error(usage);
    process.exitCode = values.help ? 0 : 1;
    return;
  }
  if (values.profile) mkdirSync(PROFILES, { recursive: true });
  const options: Options = {
    quick: values.quick,
    rounds,
    seconds: values.quick ? 0.4 : 1.5,
    ...(values.profile && { profiles: fileURLToPath(PROFILES) }),
    log: (text) => console.error(text),
  };

  const rows: Row[] = [];
  for (const measure of measures) {
    if (positionals.length > 0 && !positionals.includes(measure.name)) continue;
    try {
      rows.push(...(await measure.run(options)));
    } catch (error) {
      // The others can still be measured.
      console.error(error);
      rows.push({ what: measure.name, ours: "**failed**", beside: String(error).split("\n", 1)[0] ?? "" });
      process.exitCode = 1;
    }
  }
  const results = `${machine(rounds, values.quick)}\n\n${markdown(rows)}\n`;
  console.log(results);
  if (values.write) writeFileSync(RESULTS, `# Results\n\n${results}`);
}

await main();
