/** Events that the server has refused: the page learns why. */
import type { EventRefusal } from "../wire/frames.ts";

/** @param target the element whose event it was */
export function tellRefused(
  win: Window & typeof globalThis,
  target: Element,
  event: string,
  { code, message }: EventRefusal,
): void {
  const detail = { target, event, code, message };
  win.dispatchEvent(new win.CustomEvent("phx:refused", { detail }));
}
