/** Frames between socket and views: held back while the page is in a transition. */
import type { ClientFrame, Heartbeat, ServerFrame } from "../wire/frames.ts";

/** Heartbeats are the socket's own. */
export type ReceivedFrame = Exclude<ServerFrame, Heartbeat>;

export interface FrameQueue {
  /** Lets a frame travel, `→` or `←`: at once, until this is replaced. */
  travel: (way: string, frame: ReceivedFrame | ClientFrame, run: () => void) => void;
  receive(frame: ReceivedFrame): void;
  send(frame: ClientFrame, send: (frame: ClientFrame) => void): void;
  /** Incoming frames wait until this is done, and go on in their order. */
  hold(until: Promise<unknown>): void;
  /** Counts connections: frames of an earlier one that are still held back or delayed go no further. */
  readonly line: number;
  /** The connection has ended. */
  end(): void;
}

export function createFrameQueue(deliver: (frame: ReceivedFrame) => void): FrameQueue {
  let holds = 0;
  let held: ReceivedFrame[] = [];
  let line = 0;
  /** Messages arrive only while the connection is the same. */
  const travel = (way: string, frame: ReceivedFrame | ClientFrame, run: () => void) => {
    const own = line;
    traffic.travel(way, frame, () => {
      if (own === line) run();
    });
  };
  const arrive = (frame: ReceivedFrame) => {
    if (holds) held.push(frame);
    else deliver(frame);
  };
  const release = () => {
    if (--holds) return;
    const frames = held;
    held = [];
    frames.forEach(arrive);
  };
  const traffic: FrameQueue = {
    travel: (_way, _frame, run) => run(),
    receive: (frame) => travel("←", frame, () => arrive(frame)),
    send: (frame, send) => travel("→", frame, () => send(frame)),
    hold(until) {
      holds++;
      until.then(release, release);
    },
    get line() {
      return line;
    },
    end() {
      line++;
      held = [];
    },
  };
  return traffic;
}
