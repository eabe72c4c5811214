/** Loading the page again if nothing else helps, without doing so in a circle. */
import { storageOf } from "./storage.ts";

const KEY = "overwire:reloads";
/** Reloads of one page in a row, after which it is left alone for longer. */
const MOST = 10;
/** Delay from the second one on, in milliseconds, at least and at most; and when nothing seems to help. */
const WAIT = [5000, 10_000] as const;
const LONG = 30_000;

type Win = Window & typeof globalThis;

const keyOf = ({ location }: Win) => `${KEY}:${location.pathname}`;

/** The page is joined: the trouble is over. */
export const reloaded = (win: Win): void => storageOf(win)?.removeItem(keyOf(win));

export function reload(win: Win): void {
  const { location } = win;
  const storage = storageOf(win);
  // Without a memory each one may be the second.
  const before = storage ? Number(storage.getItem(keyOf(win))) : 1;
  storage?.setItem(keyOf(win), String(before + 1));
  if (!before) return location.reload();
  const [least, most] = WAIT;
  const wait = before < MOST ? least + Math.random() * (most - least) : LONG;
  win.setTimeout(() => location.reload(), wait);
}
