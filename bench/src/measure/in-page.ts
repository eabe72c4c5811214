/** Functions that run inside the page. Each stands alone: the browser gets its text and nothing around it. */

declare global {
  interface Window {
    morphdom: (from: Node, to: string) => Node;
    /** Told when a patch has been handled, and how many milliseconds that took. */
    onHandled: ((ms: number) => void) | undefined;
  }
}

/** Puts a clock around what the client does with a message. */
export function timeMessages(): void {
  window.WebSocket = class extends WebSocket {
    constructor(url: string | URL, protocols?: string | string[]) {
      super(url, protocols);
      let before = 0;
      // Listeners run in the order in which they came: the first before the client's, and one that is added when the
      // first message is there, after it, from the second message on.
      const last = ({ data }: MessageEvent<string>) => {
        const ms = performance.now() - before;
        // The client's own beat is answered as well.
        if (data.startsWith('["p",')) window.onHandled?.(ms);
      };
      this.addEventListener("message", () => this.addEventListener("message", last), { once: true });
      this.addEventListener("message", () => {
        before = performance.now();
      });
    }
  };
}

/** @returns milliseconds a patch, the median of many clicks */
export async function measurePatches(times: number): Promise<number> {
  const button = document.querySelector("button");
  if (!button || !crossOriginIsolated) throw new Error("this is not the page that was to be measured");
  const figures: number[] = [];
  const warm = 100;
  for (let time = 0; time < warm + times; time++) {
    const before = document.querySelector("tbody")?.textContent;
    const ms = await new Promise<number>((resolve, reject) => {
      const late = setTimeout(() => reject(new Error("a click is not answered")), 5000);
      window.onHandled = (ms) => {
        clearTimeout(late);
        resolve(ms);
      };
      button.click();
    });
    if (document.querySelector("tbody")?.textContent === before)
      throw new Error("a message changed nothing in the table");
    if (time >= warm) figures.push(ms);
  }
  figures.sort((a, b) => a - b);
  return figures[figures.length >> 1] ?? Number.NaN;
}

/** @returns milliseconds to put one item into a stream, the median; each is taken away again */
export async function measureInserts({
  at,
  times,
}: {
  at: "append" | "prepend";
  times: number;
}): Promise<number> {
  const list = document.querySelector("#posts");
  if (!list || !crossOriginIsolated) throw new Error("this is not the page that was to be measured");
  const click = (id: string) =>
    new Promise<number>((resolve, reject) => {
      const late = setTimeout(() => reject(new Error("a click is not answered")), 5000);
      window.onHandled = (ms) => {
        clearTimeout(late);
        resolve(ms);
      };
      document.querySelector<HTMLElement>(`#${id}`)?.click();
    });
  const edge = () => (at === "append" ? list.lastElementChild : list.firstElementChild);
  const figures: number[] = [];
  const warm = 50;
  for (let time = 0; time < warm + times; time++) {
    const [count, before] = [list.childElementCount, edge()];
    const ms = await click(at);
    if (list.childElementCount !== count + 1 || edge() === before) throw new Error("no item was put in");
    await click("drop");
    if (list.childElementCount !== count || edge() !== before) throw new Error("an item was not taken away");
    if (time >= warm) figures.push(ms);
  }
  figures.sort((a, b) => a - b);
  return figures[figures.length >> 1] ?? Number.NaN;
}

/**
 * Clicks a counter, with a little pause after each answer.
 * @param seconds duration; or as long as a file is under way
 * @returns milliseconds from each click until the page shows it
 */
export async function measureClicks(seconds: number | "sending"): Promise<number[]> {
  const [button, count] = [document.querySelector("button"), document.querySelector("h1")];
  if (!button || !count || !crossOriginIsolated)
    throw new Error("this is not the page that was to be measured");
  const figures: number[] = [];
  const start = performance.now();
  const isOver = () =>
    seconds === "sending"
      ? document.querySelector("progress")?.value === 100
      : performance.now() - start > seconds * 1000;
  while (!isOver()) {
    const clicked = performance.now();
    const shown = new Promise<number>((resolve, reject) => {
      const late = setTimeout(() => reject(new Error("a click is not answered")), 20_000);
      const observer = new MutationObserver(() => {
        clearTimeout(late);
        observer.disconnect();
        resolve(performance.now());
      });
      observer.observe(count, { childList: true, characterData: true, subtree: true });
    });
    button.click();
    figures.push((await shown) - clicked);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return figures;
}

/** @returns milliseconds to set one cell's text */
export function measureByHand({ table, times }: { table: string; times: number }): number {
  document.body.innerHTML = table;
  const cells = Array.from(document.querySelectorAll("td:last-child"), (cell) => cell.firstChild as Text);
  if (cells.length < 1000) throw new Error("this is not the table");
  const start = performance.now();
  for (let time = 0; time < times; time++) (cells[time % cells.length] as Text).nodeValue = String(time);
  return (performance.now() - start) / times;
}

/** @returns milliseconds to morph the table to its HTML with one other cell, the median */
export function measureMorph({ table, times }: { table: string; times: number }): number {
  document.body.innerHTML = table;
  const element = document.querySelector("table") as HTMLTableElement;
  const figures: number[] = [];
  for (let time = 0; time < times + 5; time++) {
    const cell = element.rows[1 + ((time * 7) % 1000)]?.cells[3] as HTMLTableCellElement;
    const old = cell.textContent;
    cell.textContent = `new ${time}`;
    const html = element.outerHTML;
    cell.textContent = old;
    const start = performance.now();
    window.morphdom(element, html);
    if (time >= 5) figures.push(performance.now() - start);
    if (cell.textContent !== `new ${time}`) throw new Error("morphdom did not change the cell");
  }
  figures.sort((a, b) => a - b);
  return figures[figures.length >> 1] ?? Number.NaN;
}
