/** A shopper: looks around, searches, fills the cart, orders, pays or changes their mind, again and again. */
import type { Browser } from "./browser.ts";

export interface Purchase {
  readonly number: string;
  /** The gateway's page declined it. */
  readonly isDeclined: boolean;
}

export interface ShopperOptions {
  /** From 0 to 1; from a seed, so that runs are alike. */
  readonly random: () => number;
  /** Milliseconds between two actions: at least, and at most. */
  readonly think: readonly [number, number];
  /** Set when no further round is to begin. */
  readonly signal: AbortSignal;
}

const WORDS = ["cup", "bowl", "linen", "plate", "blue", "glass", "wood", "gift", "tea", "knife"];
const CARD = "4242 4242 4242 4242";

export class Shopper {
  readonly purchases: Purchase[] = [];
  /** Orders that were sent. One whose answer was lost may be there or not. */
  submits = 0;
  refusals = 0;
  rounds = 0;
  readonly problems: string[] = [];
  readonly #browser: Browser;
  readonly #options: ShopperOptions;

  constructor(browser: Browser, options: ShopperOptions) {
    this.#browser = browser;
    this.#options = options;
  }

  async shop(): Promise<void> {
    let isLost = true;
    while (!this.#options.signal.aborted) {
      try {
        if (isLost) await this.#browser.open("/");
        await this.#round();
        isLost = false;
        this.rounds++;
      } catch (error) {
        this.problems.push(error instanceof Error ? error.message : String(error));
        isLost = true;
        await this.#think();
      }
    }
    await this.#browser.leave();
  }

  #think(): Promise<void> {
    const [least, most] = this.#options.think;
    return new Promise((resolve) => setTimeout(resolve, least + this.#options.random() * (most - least)));
  }

  #chance(share: number): boolean {
    return this.#options.random() < share;
  }

  #one<T>(all: readonly T[]): T | undefined {
    return all[Math.floor(this.#options.random() * all.length)];
  }

  /** Waits until the page has an element. */
  #shows(selector: string): Promise<void> {
    return this.#browser.until(selector, () => this.#browser.has(selector));
  }

  async #round(): Promise<void> {
    const browser = this.#browser;
    if (browser.path !== "/") {
      browser.click("a.brand");
      await this.#shows("#search");
    }
    await this.#think();
    await this.#search();
    const pieces = 1 + Math.floor(this.#options.random() * 3);
    for (let piece = 0; piece < pieces; piece++) await this.#putIn();
    if (this.#chance(0.6)) await this.#checkOut();
  }

  async #search(): Promise<void> {
    const word = this.#one(WORDS) ?? "";
    for (let length = 1; length <= word.length; length += 2) {
      this.#browser.type("#q", word.slice(0, length));
      await new Promise((resolve) => setTimeout(resolve, 180));
    }
    await this.#think();
    if (this.#browser.has("#products h2 a")) return;
    this.#browser.type("#q", "");
    await this.#shows("#products h2 a");
  }

  async #putIn(): Promise<void> {
    const browser = this.#browser;
    const to = this.#one(browser.attributes("#products h2 a, .related h3 a", "href"));
    if (!to) return;
    browser.click(`#products h2 a[href="${to}"], .related h3 a[href="${to}"]`);
    await browser.until(`page ${to}`, () => browser.path === to && browser.has(".product-page"));
    await this.#think();
    if (!browser.has(".add-to-cart button:not([disabled])")) return;
    const before = browser.text(".add-to-cart .label");
    const hasChanged = () =>
      browser.text(".add-to-cart .label") !== before || browser.has(".add-to-cart [role=alert]");
    // A click whose node was killed is lost with it, and the page shows so: its user clicks again.
    for (let tries = 0; tries < 3 && !hasChanged(); tries++) {
      browser.click(".add-to-cart button");
      await browser.until("answer", hasChanged, 8000).catch(() => {});
    }
    if (!hasChanged()) throw new Error(`Nothing is put into the cart at ${browser.path}.`);
    await this.#think();
  }

  async #checkOut(): Promise<void> {
    const browser = this.#browser;
    browser.click('header.site a[href="/cart"]');
    await this.#shows(".cart");
    await this.#think();
    if (!browser.has('.sum a[href="/checkout"]')) return this.#empty();
    browser.click('.sum a[href="/checkout"]');
    await this.#shows(".checkout");
    await this.#think();
    if (!browser.has("#order button.primary")) return;
    const onPage = this.#chance(0.3);
    if (onPage) browser.choose('#order input[value="page"]');
    this.submits++;
    const isOver = () => browser.has(".order h1") || browser.left !== undefined;
    // Pieces that others have bought meanwhile take the button away.
    const isAnswered = () =>
      isOver() || browser.has('.checkout [role="alert"]') || !browser.has("#order button.primary");
    // A submit whose node was killed may be lost or not. Sent again by the same form it is the same order.
    for (let tries = 0; tries < 3 && !isAnswered(); tries++) {
      if (browser.has("#order button.primary:not([disabled])")) browser.submit("#order");
      await browser.until("answer", isAnswered, 10_000).catch(() => {});
    }
    if (!isAnswered()) throw new Error(`The order is not answered at ${browser.path}.`);
    if (!isOver()) {
      this.refusals++;
      return;
    }
    const isDeclined = browser.left !== undefined && (await this.#payOnPage(browser.left));
    const number = browser.path.split("/").at(-1) ?? "";
    this.purchases.push({ number, isDeclined });
    await this.#think();
  }

  /** @returns true if the payment is declined there */
  async #payOnPage(url: string): Promise<boolean> {
    const isDeclined = this.#chance(0.2);
    await this.#think();
    const body = new URLSearchParams({ card: CARD, decision: isDeclined ? "decline" : "accept" });
    const response = await fetch(url, { method: "POST", body, redirect: "manual" });
    const back = new URL(response.headers.get("location") ?? "", url);
    await this.#browser.open(back.pathname);
    await this.#shows(".order h1");
    return isDeclined;
  }

  /** Takes out of the cart what is gone. */
  async #empty(): Promise<void> {
    const browser = this.#browser;
    const first = browser.text(".line a");
    if (!first) return;
    const isGone = () => browser.text(".line a") !== first;
    for (let tries = 0; tries < 3 && !isGone(); tries++) {
      browser.click('.line button[aria-label^="Remove"]');
      await browser.until("shorter cart", isGone, 8000).catch(() => {});
    }
    if (!isGone()) throw new Error("Nothing is taken out of the cart.");
  }
}
