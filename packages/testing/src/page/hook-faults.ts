/** Mistakes of hooks, which a browser shows in its console only, and a test is to fail at. */
import type { Window } from "happy-dom";
import type { PageLint } from "./page-lint.ts";

/** Errors that the client reports of hooks: those that cannot begin, and those whose code throws. */
const isFault =
  /^Overwire: (?:there is no hook|an element with a hook|nothing in a view matches|there is \d+ upload|.* failed$)/;

/**
 * @param hasHooks the test has given hooks; without them elements stand for themselves, and `hook()` pushes as theirs would
 * @param lint is told of hooks that are missing because there are none at all
 * @returns the faults so far; who reads them takes them out
 */
export function watchHooks(window: Window, hasHooks: boolean, lint: PageLint): Error[] {
  const faults: Error[] = [];
  const { console } = window;
  const own = console.error.bind(console);
  /** Hooks that were warned of: one with many elements, or mounts, is told once. */
  const warned = new Set<string>();
  console.error = (...all: unknown[]) => {
    own(...all);
    const [what, detail, el = detail] = all;
    if (typeof what !== "string" || !isFault.test(what)) return;
    const text = detail instanceof Error ? `: ${detail.message}` : "";
    const shown = (el as { outerHTML?: string } | undefined)?.outerHTML;
    const tag = shown ? `: ${/^<[^>]*>/.exec(shown)?.[0]}` : "";
    if (!hasHooks && /there is no hook/.test(what)) {
      if (warned.has(what)) return;
      const none = "live() was given no hooks, so this one is not tested: give them as { hooks }";
      const error = lint.note("likelyMistake", `${what.replace("Overwire: ", "")}; ${none}${tag}`);
      if (error) faults.push(error);
      else warned.add(what);
      return;
    }
    faults.push(
      new Error(
        what.replace("Overwire: ", "") + text + tag,
        detail instanceof Error ? { cause: detail } : {},
      ),
    );
  };
  window.addEventListener("error", (event) => {
    const { error, message } = event as unknown as ErrorEvent;
    faults.push(
      new Error(`the page's script failed: ${message}`, error instanceof Error ? { cause: error } : {}),
    );
  });
  return faults;
}
