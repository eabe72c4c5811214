/** What must be true at the end of any run. */
import { type LiveView, renderToHtml } from "@overwire/server";
import type { Ledger } from "./ledger.ts";
import type { Page } from "./page.ts";
import type { Tally } from "./trace.ts";

export const same = (name: string, shown: unknown, right: unknown): string[] => {
  const [is, should] = [shown, right].map((value) => JSON.stringify(value));
  return is === should ? [] : [`${name}: ${is}, but should be ${should}`];
};

/** Every acknowledged event ran once, in order; what was refused did not run, unless the view was mounted anew. */
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
    if (state === "rejected" && times.has(n) && !anew)
      problems.push(`event ${n} ran in a view that goes on, but its promise was rejected: ${outcome}`);
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
