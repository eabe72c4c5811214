import type { ServerFrame } from "@overwire/client/wire";
import { visitorCookie } from "@overwire/test-support/fake-socket";
import { eventFrame, joinFrame, leaveFrame } from "@overwire/test-support/frames";
import fc from "fast-check";
import { afterEach, expect, test, vi } from "vitest";
import { createApp } from "../app.ts";
import { defaultLimits } from "../runtime/services.ts";
import type { ViewProcess } from "../runtime/view-process.ts";
import { html } from "../template/html.ts";
import { LiveView } from "../view/live-view.ts";
import type { EndReason } from "../view/view-host.ts";

const cookie = visitorCookie();
const CONNECTIONS = 2;
const NUMBERS = 4;

let alive = new Set<LiveView>();
let holds: (() => void)[] = [];
let slow = false;

class Inner extends LiveView {
  override mount() {
    alive.add(this);
    if (slow) return new Promise<void>((resolve) => holds.push(resolve));
  }
  boom = this.event(() => {
    throw new Error("boom");
  });
  override render() {
    return html`<b>inner</b>`;
  }
  override terminate(_: EndReason) {
    alive.delete(this);
  }
}

class Page extends LiveView {
  shown = true;
  toggle = this.event(() => {
    this.shown = !this.shown;
  });
  boom = this.event(() => {
    throw new Error("boom");
  });
  override mount() {
    alive.add(this);
    if (slow) return new Promise<void>((resolve) => holds.push(resolve));
  }
  override render() {
    return html`<p>${this.shown && html`<${Inner} id="inner" />`}</p><${Inner} id="sticky" sticky />`;
  }
  override terminate(_: EndReason) {
    alive.delete(this);
  }
}

const connection = fc.nat(CONNECTIONS - 1);
const view = fc.integer({ min: 1, max: NUMBERS });
const token = fc.nat(7);
const seen = fc.constantFrom(undefined, 0, 1, 2, 3, 9);
const attempt = fc.constantFrom(undefined, "old", "new");
const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant("join"),
      connection,
      view,
      token,
      seen,
      attempt,
      navigate: fc.boolean(),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("leave"), connection, view }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant("event"),
      connection,
      view,
      name: fc.constantFrom("toggle", "boom", "none"),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom("close", "lose", "slow"), connection }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom("paint", "mounts", "fast", "held", "wait") }) },
);
type Step = Partial<{
  connection: number;
  view: number;
  token: number;
  seen: number;
  attempt: "old" | "new";
  navigate: boolean;
  name: string;
}> & { do: string };

afterEach(() => {
  vi.useRealTimers();
});

class Model {
  readonly app = createApp({ secret: "s".repeat(32), report: () => {} });
  readonly tokens: string[] = [];
  readonly connections: { socket: ReturnType<Model["connect"]>; open: boolean }[] = [];
  attempts = 0;
  frames = 0;

  constructor() {
    this.app.live("/", Page);
    this.app.live("/other", Page);
    for (let index = 0; index < CONNECTIONS; index++)
      this.connections.push({ socket: this.connect(), open: true });
  }

  connect() {
    const learn = (frame: ServerFrame) => {
      this.frames++;
      const text = JSON.stringify(frame).replaceAll('\\"', '"');
      for (const [, token] of text.matchAll(/data-ow-view="([^"]*)"/g)) this.tokens.push(token as string);
      const key = frame[0] === "j" ? frame[4].k : undefined;
      if (key) this.tokens.push(key);
    };
    return this.app.connect(
      { headers: new Headers({ cookie }), url: "http://localhost/overwire/socket" },
      { bufferedAmount: 0, send: (text) => learn(JSON.parse(text)), close() {} },
    );
  }

  async run(step: Step) {
    const at = this.connections[step.connection ?? 0] as (typeof this.connections)[number];
    const say = (frame: readonly unknown[]) => at.socket.message(JSON.stringify(frame));
    const { view = 1 } = step;
    switch (step.do) {
      case "join": {
        const token = this.tokens[(step.token ?? 0) % (this.tokens.length || 1)];
        const attempt =
          step.attempt && (step.attempt === "new" ? ++this.attempts : Math.max(1, this.attempts - 1));
        const url = step.navigate ? "/other" : "/";
        say(joinFrame(view, token, { url, seen: step.seen, attempt, navigate: step.navigate }));
        break;
      }
      case "leave":
        say(leaveFrame(view));
        break;
      case "event":
        say(eventFrame(view, 1, step.name));
        break;
      case "close":
      case "lose":
        at.socket.closed(step.do === "lose");
        at.socket = this.connect();
        break;
      case "paint": {
        const before = slow;
        slow = false;
        const page = await (await this.app.request("/", { headers: { cookie } })).text();
        for (const [, token] of page.matchAll(/data-ow-view="([^"]*)"/g)) this.tokens.push(token as string);
        slow = before;
        break;
      }
      case "mounts":
        slow = true;
        break;
      case "fast":
        slow = false;
        break;
      case "held":
        for (const release of holds.splice(0)) release();
        break;
      default:
        vi.advanceTimersByTime(3000);
    }
    await vi.advanceTimersByTimeAsync(0);
  }

  check() {
    const holders = new Map<ViewProcess, string>();
    for (const [index, { socket }] of this.connections.entries()) {
      for (let view = 1; view <= NUMBERS; view++) {
        const viewProcess = socket.process(view);
        if (!viewProcess) continue;
        expect(viewProcess.ended, `the view ${view} of connection ${index} has not ended`).toBe(false);
        expect(holders.get(viewProcess), "one seat for a view").toBeUndefined();
        holders.set(viewProcess, `${index}/${view}`);
      }
    }
  }

  async end() {
    for (const { socket } of this.connections) socket.closed(true);
    for (const release of holds.splice(0)) release();
    await vi.advanceTimersByTimeAsync(0);
    await vi.advanceTimersByTimeAsync(defaultLimits.resumeTime + defaultLimits.waitingTime);
    expect(alive.size).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
  }
}

test("a view has one connection at most, and when all sockets are gone nothing is left, whatever is joined, left and closed", async () => {
  vi.useFakeTimers();
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      alive = new Set();
      holds = [];
      slow = false;
      const model = new Model();
      await model.run({ do: "paint" });
      for (const step of steps as Step[]) {
        await model.run(step);
        model.check();
      }
      await model.end();
    }),
    { numRuns: 300 },
  );
});
