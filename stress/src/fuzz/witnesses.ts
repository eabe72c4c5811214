/** Two well-behaved clients that are served all the time: one speaks the protocol, one is the real client in a page. */
import { isDeepStrictEqual } from "node:util";
import { Page } from "../clients/page.ts";
import { type Line, Visitor } from "../clients/visitor.ts";

/** Views that the witnesses keep open. */
export const WITNESS_VIEWS = 2;

export class Witnesses {
  readonly #line: Line;
  readonly #page: Page;
  readonly #visitor: Visitor;
  #count = 0;
  #clicks = 0;

  private constructor(visitor: Visitor, line: Line, page: Page) {
    this.#visitor = visitor;
    this.#line = line;
    this.#page = page;
  }

  static async open(origin: string): Promise<Witnesses> {
    const visitor = new Visitor(origin);
    const loaded = await visitor.load("/");
    const line = await visitor.connect();
    await line.join(1, loaded);
    return new Witnesses(visitor, line, await Page.open(new Visitor(origin), "/lists"));
  }

  /** @throws Error if one of them is not served, or gets a wrong answer */
  async check(): Promise<void> {
    const count = ++this.#count;
    const answer = await this.#line.event(1, count, "inc");
    const expected = ["p", 1, count + 1, count, { 0: String(count) }, { r: count }];
    if (!isDeepStrictEqual(answer, expected)) {
      throw new Error(
        `the protocol's witness was answered ${JSON.stringify(answer)} in place of ${JSON.stringify(expected)}`,
      );
    }
    this.#page.click("#append");
    const last = Math.min(3 + ++this.#clicks, 20);
    await this.#page.until(
      "#posts",
      (text) => text.split("new").length - 1 >= Math.min(this.#clicks, last - 3),
    );
    const response = await this.#visitor.request("/health");
    if (response.status !== 200) throw new Error(`GET /health was answered ${response.status}`);
    await response.arrayBuffer();
  }

  async close(): Promise<void> {
    this.#line.terminate();
    await this.#page.close();
  }
}
