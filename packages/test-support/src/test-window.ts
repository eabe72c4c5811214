/** A window of happy-dom for tests of the client: timers and console are the test's, and it never loads another page. */
import { Window as HappyWindow } from "happy-dom";
import { mendFormData } from "../../testing/src/forms/form-data.ts";

export type TestWindow = ReturnType<typeof testWindow>;

/** @param html content of the body */
export function testWindow(html = "", url = "http://localhost/page") {
  const happy = new HappyWindow({ url });
  mendFormData(happy);
  const win = happy as unknown as Window & typeof globalThis;
  const errors: string[] = [];
  const logs: unknown[][] = [];
  const loads: string[] = [];
  // happy-dom took hold of its timers before the test replaced them.
  const { setTimeout, clearTimeout, setInterval, clearInterval } = globalThis;
  Object.assign(win, {
    setTimeout,
    clearTimeout,
    setInterval,
    clearInterval,
    requestAnimationFrame: (run: () => void) => setTimeout(run, 16),
    console: {
      error: (text: unknown) => void errors.push(String(text)),
      log: (...parts: unknown[]) => void logs.push(parts),
    },
  });
  for (const way of ["assign", "replace", "reload"])
    Object.defineProperty(win.location, way, {
      configurable: true,
      value: (to?: string) => void loads.push([way, to].filter(Boolean).join(" ")),
    });
  const { document } = win;
  document.body.innerHTML = html;
  return {
    win,
    document,
    /** Texts of `console.error`. */
    errors,
    /** Arguments of `console.log`. */
    logs,
    /** Loads of pages, as "assign /url", "replace /url" or "reload". */
    loads,
    /** The first element of a selector; tests know that it is there. */
    $: <El extends Element = HTMLInputElement>(selector: string) => document.querySelector(selector) as El,
  };
}
