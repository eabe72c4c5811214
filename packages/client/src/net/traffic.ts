/** What travels between socket and views: held back while the page is in a transition, delayed and printed on demand. */
import type { ClientFrame, ServerFrame } from "@overwire/server/wire";

const LATENCY = "overwire:latency";
const DEBUG = "overwire:debug";

export interface Traffic {
  receive(frame: ServerFrame): void;
  send(frame: ClientFrame, send: (frame: ClientFrame) => void): void;
  /** What comes waits until this is done, and goes on in its order. */
  hold(until: Promise<unknown>): void;
  /** Delays all that travels, in each direction, across reloads. @param ms 0 ends it */
  delay(ms: number): void;
  /** Prints all that travels, across reloads. */
  print(on: boolean): void;
}

export function createTraffic(
  { sessionStorage: storage, setTimeout, console }: Window & typeof globalThis,
  deliver: (frame: ServerFrame) => void,
): Traffic {
  let holds = 0;
  /** When the last of what is delayed arrives. */
  let last = 0;
  let held: ServerFrame[] = [];
  const arrive = (frame: ServerFrame) => {
    if (holds) held.push(frame);
    else deliver(frame);
  };
  const release = () => {
    if (--holds) return;
    const frames = held;
    held = [];
    frames.forEach(arrive);
  };
  const travel = (way: string, frame: unknown, run: () => void) => {
    if (storage.getItem(DEBUG)) console.log(`Overwire ${way}`, frame);
    const now = Date.now();
    const latency = Number(storage.getItem(LATENCY));
    // What is under way is not overtaken when the latency is made less.
    if (!latency && last < now) return run();
    last = Math.max(last, now + latency);
    setTimeout(run, last - now);
  };
  const set = (key: string, value: number) => {
    if (value) storage.setItem(key, String(value));
    else storage.removeItem(key);
  };
  return {
    receive: (frame) => travel("←", frame, () => arrive(frame)),
    send: (frame, send) => travel("→", frame, () => send(frame)),
    hold(until) {
      holds++;
      until.then(release, release);
    },
    delay: (ms) => set(LATENCY, ms),
    print: (on) => set(DEBUG, Number(on)),
  };
}
