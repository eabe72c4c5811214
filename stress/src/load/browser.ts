/** A shopper's browser: one page at a time, over a balancer that may lose it. */
import type { Visitor } from "../clients/visitor.ts";

/** Longest time in which a page shows what it is to show, in milliseconds. A node may be gone for a part of it. */
export const PATIENCE = 30_000;

export interface Browser {
  readonly visitor: Visitor;
  /** Path of the page that it shows. */
  readonly path: string;
  /** Pages that were loaded by HTTP. */
  readonly loads: number;
  /** Address of another site to which a view has led. */
  readonly left: string | undefined;
  open(path: string): Promise<void>;
  has(selector: string): boolean;
  /** Text of the first element that fits, trimmed; "" if there is none. */
  text(selector: string): string;
  /** Values of an attribute of all elements that fit. */
  attributes(selector: string, name: string): string[];
  click(selector: string): void;
  type(selector: string, text: string): void;
  choose(selector: string): void;
  submit(selector: string): void;
  /**
   * Waits until something holds of the page, on whatever page it is by then.
   * @throws Error if it does not come about
   */
  until(what: string, holds: () => boolean, patience?: number): Promise<void>;
  leave(): Promise<void>;
}

/** Loads a page, by redirects too. A node that ends meanwhile is tried again, as a browser's user would. */
export async function loadPage(visitor: Visitor, path: string): Promise<{ url: string; html: string }> {
  const end = Date.now() + PATIENCE;
  for (let to = path; ; ) {
    const response = await visitor
      .request(to, { headers: { accept: "text/html", connection: "close" } })
      .catch((error: unknown) => {
        if (Date.now() > end) throw error;
      });
    if (!response || response.status >= 502) {
      await new Promise((resolve) => setTimeout(resolve, 200));
      continue;
    }
    const location = response.headers.get("location");
    const html = await response.text();
    if (response.ok) return { url: visitor.origin + to, html };
    if (!location) throw new Error(`GET ${to} answered ${response.status}: ${html.slice(0, 300)}`);
    to = new URL(location, visitor.origin).pathname;
  }
}

/**
 * Waits until something holds of a browser's page.
 * @param next resolves when it may hold, at most so many milliseconds later
 * @throws Error if it does not come about
 */
export async function waitFor(
  browser: Pick<Browser, "path" | "text">,
  what: string,
  holds: () => boolean,
  patience: number,
  next: (left: number) => Promise<unknown>,
): Promise<void> {
  const end = Date.now() + patience;
  while (!holds()) {
    const left = end - Date.now();
    if (left <= 0) {
      const shown = browser.text("main").slice(0, 300);
      throw new Error(`${patience} ms: no ${what} at ${browser.path}: ${shown}`);
    }
    await next(left);
  }
}
