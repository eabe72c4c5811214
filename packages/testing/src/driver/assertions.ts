/** Assertions on a page's history: its redirects, and the events that its views pushed. */
import { contains } from "../errors/match.ts";
import { type Redirect, redirectOf, type Step } from "../page/navigation-log.ts";
import type { Page } from "../page/page.ts";

/** Options of waiting. */
export interface AssertOptions {
  /** Time, in milliseconds, until the asserted thing has to have happened. Default 1000. */
  readonly timeout?: number | undefined;
}

const TIMEOUT = 1000;

/** Subject of assertions. */
export interface Subject {
  /** Name in messages. */
  name(): string;
  /** Numbers of its views. */
  views(): readonly number[];
}

const show = (value: unknown) => JSON.stringify(value) ?? String(value);
const kinds = { patch: ["patch"], redirect: ["navigate", "redirect"] } as const;

export class Assertions {
  readonly #page: Page;
  readonly #subject: Subject;

  constructor(page: Page, subject: Subject) {
    this.#page = page;
    this.#subject = subject;
  }

  async patch(to: string | undefined, options: AssertOptions | undefined): Promise<string> {
    return (await this.#step("patch", to, options)).to;
  }

  async redirect(to: string | undefined, options: AssertOptions | undefined): Promise<Redirect> {
    return redirectOf(await this.#step("redirect", to, options));
  }

  async #step(
    kind: keyof typeof kinds,
    to: string | undefined,
    { timeout = TIMEOUT }: AssertOptions = {},
  ): Promise<Step> {
    const { navigationLog } = this.#page;
    const find = () => navigationLog.find(kinds[kind], to);
    await this.#page.await(() => !!find(), timeout);
    const step = find();
    const target = to === undefined ? "" : ` to ${show(to)}`;
    if (!step)
      throw new Error(
        `expected ${this.#subject.name()} to ${kind}${target}, but got ${navigationLog.describe()}`,
      );
    step.asserted = true;
    return step;
  }

  async refuteStep(kind: keyof typeof kinds, to: string | undefined): Promise<void> {
    await this.#page.joined();
    const step = this.#page.navigationLog.find(kinds[kind], to);
    if (step)
      throw new Error(`expected ${this.#subject.name()} not to ${kind}, but it did, to ${show(step.to)}`);
  }

  /** The step that a test follows. */
  async following(to: string | undefined): Promise<Step> {
    const { navigationLog } = this.#page;
    await this.#page.await(() => !!navigationLog.unfollowed, TIMEOUT);
    const step = navigationLog.unfollowed;
    if (!step)
      throw new Error(`expected ${this.#subject.name()} to redirect, but got ${navigationLog.describe()}`);
    if (to !== undefined && step.to !== to)
      throw new Error(`expected LiveView to redirect to ${show(to)}, but got ${show(step.to)}`);
    return step;
  }

  async pushEvent(
    name: string,
    payload: unknown,
    { timeout = TIMEOUT }: AssertOptions = {},
  ): Promise<unknown> {
    await this.#page.await(() => !!this.#event(name, payload), timeout);
    const sent = this.#event(name, payload);
    if (!sent) {
      const wanted = payload === undefined ? "" : ` with ${show(payload)}`;
      throw new Error(
        `expected ${this.#subject.name()} to push event ${show(name)}${wanted}, ${this.#pushed(name)}`,
      );
    }
    sent.asserted = true;
    return sent.payload;
  }

  async refutePushEvent(name: string, payload: unknown): Promise<void> {
    await this.#page.joined();
    const sent = this.#event(name, payload);
    if (sent)
      throw new Error(
        `expected ${this.#subject.name()} not to push event ${show(name)}, but it did, with ${show(sent.payload)}`,
      );
  }

  async reply(reply: unknown, { timeout = TIMEOUT }: AssertOptions = {}): Promise<unknown> {
    const all = () => this.#page.frameLog.replies(this.#subject.views());
    const find = () => all().find(({ payload }) => reply === undefined || contains(payload, reply));
    await this.#page.await(() => !!find(), timeout);
    const sent = find();
    if (!sent) {
      const wanted = reply === undefined ? "" : ` with ${show(reply)}`;
      const others = all().map(({ payload }) => show(payload));
      throw new Error(
        `expected ${this.#subject.name()} to reply${wanted}, but ${others.length ? `it replied ${others.join(", ")}` : "it did not"}`,
      );
    }
    sent.asserted = true;
    return sent.payload;
  }

  #event(name: string, payload: unknown) {
    const all = this.#page.frameLog.events(this.#subject.views(), name);
    return all.find((sent) => payload === undefined || contains(sent.payload, payload));
  }

  /** List of the other events, for a message. */
  #pushed(name: string): string {
    const views = this.#subject.views();
    const same = this.#page.frameLog.events(views, name).map(({ payload }) => show(payload));
    if (same.length) return `but it pushed it with ${same.join(", ")}`;
    const others = this.#page.frameLog.eventNames(views).map(show);
    return others.length ? `but it pushed ${others.join(", ")}` : "but it pushed none";
  }
}
