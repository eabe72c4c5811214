/** Lines that break at the worst moment, each with the smallest script that once lost something. */
import { html } from "@overwire/server";
import type { CustomEvent } from "happy-dom";
import { afterEach, describe, expect, test } from "vitest";
import { BEAT } from "./clock.ts";
import { Ledger, WatchedView } from "./ledger.ts";
import { createRandom } from "./random.ts";
import { runFault } from "./script.ts";
import { Stand } from "./stand.ts";

let ledger: Ledger;
let stand: Stand | undefined;

class Home extends WatchedView {
  readonly ledger = ledger;
  answer = this.feed<string>();
  told = 0;
  note = this.event((payload) => {
    const { n, tell } = payload as { n: number; tell?: boolean };
    if (tell) this.pushEvent("told", { told: ++this.told });
    return this.ran(n);
  });
  #say = (_text: string) => {};
  override mount() {
    super.mount();
    const texts = new ReadableStream<string>({
      start: (controller) => {
        this.#say = (text) => controller.enqueue(text);
      },
    });
    this.answer.start(texts);
  }
  say(text: string) {
    this.#say(text);
  }
  override handleInfo() {
    this.pushEvent("told", { told: ++this.told });
  }
  render() {
    return html`<div id="root" data-serial=${this.serial} phx-hook="Line"><p>${this.answer.each()}</p></div>`;
  }
}

/** A page that is joined, and what tests do with it. */
async function open<V extends WatchedView>(View: new () => V) {
  ledger = new Ledger();
  const own = await Stand.open({ views: { "/": View }, ledger, random: createRandom(1) });
  stand = own;
  const { page, proxy, trace } = own;
  const told: unknown[] = [];
  page.window.addEventListener("phx:told", (event) => {
    told.push(((event as unknown as CustomEvent).detail as { told: number }).told);
  });
  const until = async (condition: () => boolean) => {
    if (!(await own.until(condition))) throw new Error(`not in time:\n${trace.lines.join("\n")}`);
  };
  const idle = () => until(() => own.idle && ledger.settled);
  await idle();
  const view = ledger.all(View)[0] as V;
  return {
    page,
    proxy,
    trace,
    view,
    told,
    until,
    idle,
    ask: (payload?: { tell: boolean }) => ledger.ask(page, "root", "note", payload),
    /** The view is the one that it was, and nobody loaded the page. */
    goesOn: () => {
      expect([page.loads, trace.tally.anew]).toEqual([[], 0]);
      expect(page.attribute("#root", "data-serial")).toBe(String(view.serial));
    },
  };
}

afterEach(async () => {
  const left = await stand?.close();
  stand = undefined;
  expect(left ?? []).toEqual([]);
});

test("what a feed said while the line was lost is there when it is back, with all that comes after", async () => {
  const { page, proxy, view, until, goesOn } = await open(Home);
  view.say("one ");
  await until(() => page.text("p") === "one ");
  proxy.refusing = true;
  proxy.newest?.reset();
  await until(() => !page.socket.connected);
  for (const text of ["two ", "three ", "four ", "five "]) {
    view.say(text);
    await new Promise((next) => setTimeout(next, 30));
  }
  proxy.heal();
  view.say("six ");
  await until(() => page.text("p") === "one two three four five six ");
  goesOn();
});

describe("a line that the client finds dead", () => {
  test.each([
    ["nothing arrives from the server", ["lose", "down"]],
    ["nothing arrives from the client", ["lose", "up"]],
    ["nothing arrives at all", ["lose", "both"]],
    ["the server stands still, and goes on later", ["late", "both", 50]],
  ] as const)("is resumed where %s", async (_name, fault) => {
    const { proxy, trace, ask, idle, until, goesOn } = await open(Home);
    const { attempts } = trace.tally;
    await runFault(proxy, fault);
    await until(() => trace.tally.attempts > attempts);
    await idle();
    await new Promise((next) => setTimeout(next, BEAT));
    ask();
    await idle();
    expect(ledger.asked.map(({ state }) => state)).toEqual(["resolved"]);
    goesOn();
  });
});

test("an event that was pushed when the line broke reaches the page once", async () => {
  const { proxy, view, told, ask, idle, until, goesOn } = await open(Home);
  ask({ tell: true });
  await until(() => told.length === 1);
  proxy.newest?.down.hold();
  view.send("tell");
  ask({ tell: true });
  await until(() => view.told === 3);
  proxy.newest?.reset();
  await idle();
  view.send("tell");
  await until(() => told.length >= 4);
  expect(told).toEqual([1, 2, 3, 4]);
  goesOn();
});

test("events that all ran before the line broke get each its own reply", async () => {
  const { proxy, ask, idle, until, goesOn } = await open(Home);
  proxy.newest?.down.hold();
  for (let n = 1; n <= 24; n++) ask();
  await until(() => ledger.ran.length === 24);
  proxy.newest?.reset();
  await idle();
  expect(ledger.asked.map(({ outcome }) => outcome)).toEqual(ledger.ran.map((n) => ({ ran: n })));
  goesOn();
});
