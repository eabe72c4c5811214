/** Invariants that hold at the end of any run. */
import { type LiveView, renderToHtml } from "@overwire/server";
import type { Ledger } from "./ledger.ts";
import type { Page } from "./page.ts";
import type { Tally } from "./trace.ts";

export const same = (name: string, shown: unknown, right: unknown): string[] => {
  const [is, should] = [shown, right].map((value) => JSON.stringify(value));
  return is === should ? [] : [`${name}: ${is}, but should be ${should}`];
};

/** Message of a rejection because too many events wait. The event never ran. */
const refused = /too many events/;

/** Every acknowledged event ran once, in order; a view that goes on rejected only those for which there was no room. */
export function checkEvents({ ran, asked }: Ledger, { anew }: Tally): string[] {
  const problems: string[] = [];
  const times = new Map<number, number>();
  for (const n of ran) times.set(n, (times.get(n) ?? 0) + 1);
  for (const [n, count] of times) if (count > 1) problems.push(`event ${n} ran ${count} times`);
  if (ran.some((n, at) => n < (ran[at - 1] ?? 0))) problems.push(`events ran out of order: ${ran}`);
  for (const { n, state, outcome } of asked) {
    if (state === "pending") problems.push(`event ${n} was never answered`);
    if (state === "resolved") {
      if (!times.has(n)) problems.push(`event ${n} was acknowledged and did not run`);
      if ((outcome as { ran?: number } | null)?.ran !== n)
        problems.push(`the reply to event ${n} is ${JSON.stringify(outcome)}`);
    }
    const isHonest = anew > 0 || (!times.has(n) && refused.test(String(outcome)));
    if (state === "rejected" && !isHonest)
      problems.push(`event ${n} was rejected by a view that goes on: ${outcome}`);
  }
  return problems;
}

/** The page is what the server would render now. */
export function checkRender(page: Page, selector: string, view: LiveView | undefined): string[] {
  if (!view) return [`${selector} shows a view that does not live any more`];
  const template = page.window.document.createElement("template");
  template.innerHTML = renderToHtml(view.render());
  return same("the page", page.find(selector)?.outerHTML, template.innerHTML);
}
