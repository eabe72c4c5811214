/** Loading the page again where nothing else helps, without doing so in a circle. */

const KEY = "overwire:reloaded";
/** A reload that is no older, in milliseconds, did not help. */
const RECENT = 20_000;
/** How long to wait then, in milliseconds, at least and at most. */
const WAIT = [5000, 10_000] as const;

export function reload(win: Window & typeof globalThis): void {
  const { sessionStorage: storage, location } = win;
  const again = () => {
    storage.setItem(KEY, String(Date.now()));
    location.reload();
  };
  if (Date.now() - Number(storage.getItem(KEY)) > RECENT) return again();
  const [least, most] = WAIT;
  win.setTimeout(again, least + Math.random() * (most - least));
}
