/** One run: plays a scenario over a line that a script breaks, and checks it when all is quiet. */
import { Ledger, ON_PURPOSE } from "./ledger.ts";
import { createRandom } from "./random.ts";
import type { Scenario } from "./scenario.ts";
import { makeScript, runFault, type Step } from "./script.ts";
import { Stand } from "./stand.ts";
import type { Tally } from "./trace.ts";

export interface RunOptions {
  readonly scenario: Scenario;
  readonly seed: number;
  /** Number of the run; with the seed it determines the script. */
  readonly run: number;
  /** Script in place of the seed's. */
  readonly script?: readonly Step[] | undefined;
}

export interface RunResult {
  readonly scenario: string;
  readonly run: number;
  readonly script: readonly Step[];
  readonly problems: readonly string[];
  readonly tally: Tally;
  readonly trace: readonly string[];
}

export async function playRun({ scenario, seed, run, script: given }: RunOptions): Promise<RunResult> {
  const script = given ?? makeScript(createRandom(seed, run), scenario.restarts);
  const ledger = new Ledger();
  const play = scenario.play(ledger);
  const stand = await Stand.open({
    views: play.views,
    path: play.path,
    ledger,
    random: createRandom(seed, run, -1),
  });
  const { page, proxy, trace } = stand;
  const problems: string[] = [];
  const isLoaded = () => page.loads.length > 0;
  /** @returns false if the page cannot be used any more */
  const rest = async (when: string, problemsNow: () => string[] = () => []) => {
    const isQuiet = () => stand.idle && ledger.settled;
    if (!(await stand.until(() => isLoaded() || (isQuiet() && problemsNow().length === 0)))) {
      if (!isQuiet()) {
        const why = [
          ...(stand.idle ? [] : ["the client waits"]),
          ...(ledger.settled ? [] : ["promises wait"]),
        ];
        problems.push(`no rest ${when}: ${why.join(", ")}`);
      }
      problems.push(...problemsNow());
    }
    return !isLoaded();
  };

  try {
    if (await rest("at the beginning")) {
      let acts = 0;
      for (const step of script) {
        if (isLoaded()) break;
        trace.note(`— ${step.join(" ")}`);
        if (step[0] === "restart") stand.restart();
        else if (step[0] !== "act") await runFault(proxy, step);
        else play.act(page, ++acts, createRandom(seed, run, acts));
      }
      proxy.heal();
      trace.note("— healed");
      if (play.finish && (await rest("after the script"))) {
        trace.note("— finish");
        play.finish(page);
      }
      await rest("at the end", () => play.check(page, trace.tally));
    }
    if (isLoaded()) problems.push(`the page was loaded: ${page.loads}`);
    problems.push(
      ...ledger.reports.filter((report) => report.startsWith("crash") && !report.includes(ON_PURPOSE)),
    );
  } catch (error) {
    problems.push(`the run threw: ${error instanceof Error ? error.stack : error}`);
  }
  problems.push(...(await stand.close()));
  return {
    scenario: scenario.name,
    run,
    script,
    problems,
    tally: trace.tally,
    trace: trace.lines,
  };
}
