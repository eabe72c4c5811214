/** The session's storage of a page, whose items are its properties. */

/** @returns undefined if the browser refuses it: in a sandboxed frame, or if the user blocks cookies */
export function storageOf(win: Window): Storage | undefined {
  try {
    return win.sessionStorage;
  } catch {
    return undefined;
  }
}

/** Latency or printing of frames was switched on before the page was loaded, and goes on; or drafts of forms are kept. */
export const hasStored = (win: Window): boolean =>
  Object.keys(storageOf(win) ?? {}).some((key) => /^overwire:[dl]/.test(key));
