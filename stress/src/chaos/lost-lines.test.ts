/** Lines that break at the worst moment, each with the smallest script that once lost something. */
import { html, Link, LiveView, type ViewClass } from "@overwire/server";
import type { CustomEvent, HTMLInputElement } from "happy-dom";
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
  name = "";
  change = this.event((payload) => {
    ({ name: this.name } = payload as { name: string });
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
  override handleInfo(message: unknown) {
    if (message === "tell") this.pushEvent("told", { told: ++this.told });
    else this.pushPatch(String(message));
  }
  render() {
    const { x = "0" } = this.params as { x?: string };
    return html`<div id="root" data-serial=${this.serial} phx-hook="Line"><h1>home ${x}</h1><p>${this.answer.each()}</p>
      <form id="form" phx-change=${this.change}><input name="name"></form>
      <${Link} id="patch" patch="/?x=1">Patch<//> <${Link} id="a" navigate="/a">A<//> <${Link} id="b" navigate="/b">B<//></div>`;
  }
}

const place = (name: string): ViewClass =>
  class Place extends WatchedView {
    readonly ledger = ledger;
    render() {
      return html`<div id="root" data-serial=${this.serial}><h1>${name}</h1>
        <${Link} id="a" navigate="/a">A<//> <${Link} id="b" navigate="/b">B<//></div>`;
    }
  };

/** A page that is joined, with the actions of the tests. */
async function open<V extends WatchedView>(View: new () => V, more: { [path: string]: ViewClass } = {}) {
  ledger = new Ledger();
  const own = await Stand.open({ views: { "/": View, ...more }, ledger, random: createRandom(1) });
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
    /** The view is the same one as before, and the page was not loaded. */
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

test("the text of a feed from while the line was lost is there when it is back, with all that comes after", async () => {
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

describe("a line that is only slow", () => {
  test("shows the last of several views that were navigated to in a hurry", async () => {
    const { page, proxy, until, idle } = await open(Home, { "/a": place("a"), "/b": place("b") });
    proxy.delay = { latency: 40, jitter: 0 };
    for (const link of ["#a", "#b", "#a"]) {
      page.click(link);
      await new Promise((next) => setTimeout(next, 10));
    }
    await until(() => page.text("h1") === "a");
    await idle();
    expect(page.loads).toEqual([]);
  });

  test("shows a nested view that was removed and shown again before it had joined", async () => {
    class Inner extends LiveView {
      render() {
        return html`<i>inner</i>`;
      }
    }
    class Outer extends WatchedView {
      readonly ledger = ledger;
      isOpen = false;
      override handleInfo() {
        this.isOpen = !this.isOpen;
      }
      render() {
        return html`<div id="root" data-serial=${this.serial}>${this.isOpen && html`<${Inner} id="inner" />`}</div>`;
      }
    }
    const { page, proxy, view, until, goesOn } = await open(Outer);
    proxy.delay = { latency: 40, jitter: 0 };
    for (let times = 0; times < 3; times++) {
      view.send("toggle");
      await new Promise((next) => setTimeout(next, 20));
    }
    await until(() => page.text("#inner") === "inner");
    goesOn();
  });
});

test("a late join does not take the view from a newer line", async () => {
  const { proxy, trace, ask, idle, until, goesOn } = await open(Home);
  await runFault(proxy, ["latejoin", 100]);
  const { attempts } = trace.tally;
  proxy.newest?.reset();
  // The second line is found dead, the third one works, and then the join of the second one comes.
  await until(() => trace.tally.attempts >= attempts + 2);
  await idle();
  await until(() => trace.lines.some((line) => line.includes(`s${attempts + 1} hears join`)));
  ask();
  await idle();
  expect(ledger.asked).toEqual([{ n: 1, state: "resolved", outcome: { ran: 1 } }]);
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

test("the text that the user types while the line is lost is sent when it is back", async () => {
  const { page, proxy, view, idle, until, goesOn } = await open(Home);
  page.type("input", "one");
  await until(() => view.name === "one");
  proxy.refusing = true;
  proxy.newest?.reset();
  await until(() => !page.socket.connected);
  page.type("input", " two three");
  proxy.heal();
  await idle();
  await until(() => view.name === "one two three");
  expect((page.find("input") as HTMLInputElement).value).toBe("one two three");
  goesOn();
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

test("events that all ran before the line broke each get their own reply", async () => {
  const { proxy, ask, idle, until, goesOn } = await open(Home);
  proxy.newest?.down.hold();
  for (let n = 1; n <= 24; n++) ask();
  await until(() => ledger.ran.length === 24);
  proxy.newest?.reset();
  await idle();
  expect(ledger.asked.map(({ outcome }) => outcome)).toEqual(ledger.ran.map((n) => ({ ran: n })));
  goesOn();
});

describe("a link that is clicked while there is no network", () => {
  test("to another URL of the view: shown when the line is back, the page is not loaded", async () => {
    const { page, proxy, until, goesOn } = await open(Home);
    proxy.refusing = true;
    proxy.newest?.reset();
    await until(() => !page.socket.connected);
    page.type("input", "kept");
    page.click("#patch");
    await new Promise((next) => setTimeout(next, 50));
    proxy.heal();
    await until(() => page.text("h1") === "home 1");
    expect((page.find("input") as HTMLInputElement).value).toBe("kept");
    goesOn();
  });

  test("to another view: followed when the line is back, the page is not loaded", async () => {
    const { page, proxy, until } = await open(Home, { "/a": place("a"), "/b": place("b") });
    proxy.refusing = true;
    proxy.newest?.reset();
    await until(() => !page.socket.connected);
    page.click("#a");
    await new Promise((next) => setTimeout(next, 50));
    proxy.heal();
    await until(() => page.text("h1") === "a" || page.loads.length > 0);
    expect(page.loads).toEqual([]);
  });

  test("right when the line breaks: followed when the line is back, the page is not loaded", async () => {
    const { page, proxy, until } = await open(Home, { "/a": place("a"), "/b": place("b") });
    page.click("#a");
    proxy.newest?.reset();
    await until(() => page.text("h1") === "a" || page.loads.length > 0);
    expect(page.loads).toEqual([]);
  });
});

test("a view that is being left does not set the page's address", async () => {
  const { page, proxy, view, until } = await open(Home, { "/a": place("a") });
  proxy.newest?.down.hold();
  view.send("/?x=5");
  page.click("#a");
  proxy.heal();
  await until(() => page.text("h1") === "a");
  expect([page.window.location.pathname, page.loads]).toEqual(["/a", []]);
});

test("a page with more nested views than a connection may have works, and reports the limit", async () => {
  class Cell extends LiveView {
    render() {
      return html`<i>cell</i>`;
    }
  }
  class Many extends WatchedView {
    readonly ledger = ledger;
    note = this.event((payload) => this.ran((payload as { n: number }).n));
    render() {
      return html`<div id="root" data-serial=${this.serial} phx-hook="Line">${Array.from(
        { length: 120 },
        (_, at) => html`<${Cell} id=${`cell-${at}`} />`,
      )}</div>`;
    }
  }
  ledger = new Ledger();
  stand = await Stand.open({ views: { "/": Many }, ledger, random: createRandom(1) });
  const { page, trace } = stand;
  // The painted page shows all of them; the joins beyond the limit are refused.
  expect(await stand.until(() => /too_many.*100/.test(trace.lines.join("\n")))).toBe(true);
  ledger.ask(page, "root", "note");
  const isAnswered = () => ledger.asked.length > 0 && ledger.settled;
  expect(await stand.until(isAnswered)).toBe(true);
  expect([ledger.asked[0]?.state, page.loads]).toEqual(["resolved", []]);
  // A process that stands still for a beat may find its line dead once, but the limit ends none.
  expect(trace.lines.filter((line) => / closes 44/.test(line))).toEqual([]);
  expect(trace.tally.attempts).toBeLessThan(4);
});
