/** What runs inside the page. Each function stands alone: the browser gets its text and nothing around it. */

declare global {
  interface Window {
    morphdom: (from: Node, to: string) => Node;
    /** Told when a message has been handled, and how many milliseconds that took. */
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
      const last = () => window.onHandled?.(performance.now() - before);
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
