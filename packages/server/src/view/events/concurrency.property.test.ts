/** Whatever the order in which sources answer: what the newest question found is shown last, and nothing older after it. */
import { startProcess, throwReport } from "@overwire/test-support/view-process";
import fc from "fast-check";
import { expect, test } from "vitest";
import { html } from "../../template/html.ts";
import { LiveView } from "../live-view.ts";

/** A question asks so many sources, one after the other; 0: it is answered at once. */
type Step =
  | { readonly kind: "ask"; readonly sources: number; readonly ticks: number }
  /** One of the sources that have been asked answers, or fails. */
  | { readonly kind: "answer" | "fail"; readonly which: number; readonly ticks: number };

const ticks = fc.nat(6);
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant("ask" as const), sources: fc.nat(3), ticks }),
    fc.record({ kind: fc.constant("answer" as const), which: fc.nat(5), ticks }),
    fc.record({ kind: fc.constant("answer" as const), which: fc.constant(99), ticks }),
    fc.record({ kind: fc.constant("fail" as const), which: fc.nat(3), ticks }),
  ),
  { minLength: 3, maxLength: 40 },
);

interface Source {
  readonly question: number;
  resolve(): void;
  reject(error: Error): void;
}

test("latest: the newest question's answer is shown last, and no older one after it", async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (steps) => {
      const waiting: Source[] = [];
      let newest = -1;
      /** Runs that went on although a newer one had begun. */
      const strays: number[] = [];
      class Search extends LiveView {
        hits = "";
        search = this.event(
          async ({ question, sources }, { wanted }) => {
            newest = Number(question);
            for (let asked = 0; asked < Number(sources); asked++) {
              await wanted(
                new Promise<void>((resolve, reject) => {
                  waiting.push({ question: Number(question), resolve, reject });
                }),
              );
              if (newest !== question) strays.push(Number(question));
            }
            this.hits = `${question}`;
          },
          { overlap: "latest" },
        );
        render() {
          return html`<p>${this.hits}</p>`;
        }
      }
      const { viewProcess, join, sent } = startProcess(Search, { report: throwReport });
      join();

      let asked = 0;
      for (const step of steps) {
        if (step.kind === "ask") {
          viewProcess.event(asked + 1, "search", { question: asked, sources: step.sources });
          asked++;
        } else {
          const at = step.which === 99 ? waiting.length - 1 : step.which;
          const [source] = waiting.splice(at, 1);
          // An error of the newest one would end the view.
          if (step.kind === "answer" || source?.question === asked - 1) source?.resolve();
          else source?.reject(new Error("nobody wants to hear of it"));
        }
        for (let tick = 0; tick < step.ticks; tick++) await undefined;
      }
      while (viewProcess.host.underWay.length || !viewProcess.idle) {
        for (const source of waiting.splice(0)) source.resolve();
        await undefined;
      }

      expect(viewProcess.failure).toBeUndefined();
      const patches = sent().filter(([kind]) => kind === "p");
      const shown = patches.flatMap((frame) => {
        const diff = frame[4] as { 0?: string } | 0;
        return diff && diff[0] !== undefined ? [Number(diff[0])] : [];
      });
      expect(shown).toEqual([...shown].sort((a, b) => a - b));
      if (asked) expect(shown.at(-1)).toBe(asked - 1);
      expect(strays).toEqual([]);
      const answered = patches.map((frame) => frame[3] as number).filter((ref) => ref !== 0);
      expect(answered.sort((a, b) => a - b)).toEqual(Array.from({ length: asked }, (_, index) => index + 1));
    }),
    { numRuns: 1000 },
  );
});
