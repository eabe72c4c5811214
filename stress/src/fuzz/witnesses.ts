/**
 * Well-behaved clients that are served all the time: one speaks the protocol of views, one logs in and out, one talks over
 * channels, and one is the real client in a page.
 */
import { isDeepStrictEqual } from "node:util";
import { ChannelLine } from "../clients/channel-line.ts";
import { Page } from "../clients/page.ts";
import { type Line, type LoadedPage, Visitor } from "../clients/visitor.ts";
import { JOINED_TOPIC } from "./steps.ts";

/** Views and channels that the witnesses keep open. */
export const WITNESS_VIEWS = 4;

function same(who: string, answer: unknown, expected: unknown): void {
  if (isDeepStrictEqual(answer, expected)) return;
  throw new Error(
    `the witness of ${who} was answered ${JSON.stringify(answer)} in place of ${JSON.stringify(expected)}`,
  );
}

export class Witnesses {
  readonly #line: Line;
  readonly #page: Page;
  readonly #visitor: Visitor;
  readonly #account: AccountWitness;
  readonly #channels: ChannelWitness;
  #count = 0;
  #clicks = 0;

  private constructor(
    visitor: Visitor,
    line: Line,
    page: Page,
    account: AccountWitness,
    channels: ChannelWitness,
  ) {
    this.#visitor = visitor;
    this.#line = line;
    this.#page = page;
    this.#account = account;
    this.#channels = channels;
  }

  static async open(origin: string): Promise<Witnesses> {
    const visitor = new Visitor(origin);
    const loaded = await visitor.load("/");
    const line = await visitor.connect();
    await line.join(1, loaded);
    return new Witnesses(
      visitor,
      line,
      await Page.open(new Visitor(origin), "/lists"),
      await AccountWitness.open(origin),
      await ChannelWitness.open(origin),
    );
  }

  /** @throws Error if one of them is not served, or gets a wrong answer */
  async check(): Promise<void> {
    const count = ++this.#count;
    const answer = await this.#line.event(1, count, "inc");
    same("the protocol", answer, ["p", 1, count + 1, count, { 0: String(count) }, { r: count }]);
    this.#page.click("#append");
    const last = Math.min(3 + ++this.#clicks, 20);
    await this.#page.until(
      "#posts",
      (text) => text.split("new").length - 1 >= Math.min(this.#clicks, last - 3),
    );
    await this.#account.check();
    await this.#channels.check();
    const response = await this.#visitor.request("/health");
    if (response.status !== 200) throw new Error(`GET /health was answered ${response.status}`);
    await response.arrayBuffer();
  }

  async close(): Promise<void> {
    this.#line.terminate();
    this.#account.close();
    this.#channels.close();
    await this.#page.close();
  }
}

/** Logs in and out by turns, on one page. */
class AccountWitness {
  readonly #visitor: Visitor;
  readonly #line: Line;
  #token: string;
  #count = 0;

  private constructor(visitor: Visitor, line: Line, page: LoadedPage) {
    this.#visitor = visitor;
    this.#line = line;
    this.#token = page.tokens[0] ?? "";
  }

  static async open(origin: string): Promise<AccountWitness> {
    const visitor = new Visitor(origin);
    const page = await visitor.load("/account");
    const line = await visitor.connect();
    await line.join(1, page);
    return new AccountWitness(visitor, line, page);
  }

  async check(): Promise<void> {
    const ref = ++this.#count;
    const session = ref % 2 === 1 ? { userId: ref } : {};
    const from = this.#line.frames.length;
    this.#line.say("e", 1, ref, ref % 2 === 1 ? "login" : "logOut", { user: String(ref) });
    const ticket = await this.#line.ticket(from);
    const response = await this.#visitor.fetchSession([ticket, this.#token]);
    same("sessions", response.status, 200);
    [this.#token = ""] = (await response.json()) as string[];
    this.#line.say("s", ticket);
    const answer = (await this.#line.answer(1, ref, from)) as readonly unknown[];
    same("sessions", (answer[5] as { r?: unknown }).r, session);
    const whoami = await this.#visitor.request("/whoami");
    same("sessions", await whoami.json(), session);
  }

  close(): void {
    this.#line.terminate();
  }
}

/** Stays in one room, and visits a presence. */
class ChannelWitness {
  readonly #line: ChannelLine;
  #count = 0;

  private constructor(line: ChannelLine) {
    this.#line = line;
  }

  static async open(origin: string): Promise<ChannelWitness> {
    const line = await ChannelLine.open(new Visitor(origin), "/channels?name=witness");
    const reply = await line.ask("1", "1", JOINED_TOPIC, "phx_join", {});
    same("channels", reply, { status: "ok", response: { topic: JOINED_TOPIC } });
    return new ChannelWitness(line);
  }

  async check(): Promise<void> {
    const line = this.#line;
    const count = ++this.#count;
    const ref = (part: string) => `${count}.${part}`;
    const ok = (response: unknown) => ({ status: "ok", response });
    same("channels", await line.ask("1", ref("inc"), JOINED_TOPIC, "inc", {}), ok({ count }));
    const bytes = Uint8Array.from([count % 256, 0, 255]);
    same("channels", await line.ask("1", ref("bytes"), JOINED_TOPIC, "bytes", bytes), ok(bytes));
    same("channels", await line.ask("0", ref("stale"), JOINED_TOPIC, "phx_leave", {}), ok({}));
    const from = line.messages.length;
    same("channels", await line.ask(null, ref("say"), JOINED_TOPIC, "say", { body: ref("") }), ok({}));
    const message = await line.next(({ event }) => event === "message", from);
    same("channels", message.payload, { body: ref("") });
    const joinRef = ref("join");
    const topic = "people:witness";
    same("channels", await line.ask(joinRef, joinRef, topic, "phx_join", {}), ok({ topic }));
    const state = await line.next(({ event }) => event === "presence_state", from);
    same("channels", Object.keys(state.payload as object), ["someone"]);
    same("channels", await line.ask(joinRef, ref("leave"), topic, "phx_leave", {}), ok({}));
    const end = await line.next(({ event }) => event.startsWith("phx_c"), from);
    same("channels", [end.joinRef, end.event, end.topic], [joinRef, "phx_close", topic]);
  }

  close(): void {
    this.#line.terminate();
  }
}
