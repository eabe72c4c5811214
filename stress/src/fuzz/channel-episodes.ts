/** Conversations of clients of channels: mutations start from them. */
import { writeClientMessage } from "@overwire/server/wire";
import type { Say } from "./episodes.ts";
import type { Random } from "./random.ts";
import { type Ending, JOINED_TOPIC } from "./steps.ts";
import { json, text } from "./values.ts";

type Payload = (random: Random) => unknown;

const none: Payload = () => ({});

/** Events by the beginning of the topic, with payloads that fit. */
const events: Readonly<Record<string, Readonly<Record<string, Payload>>>> = {
  lobby: { noise: none, "any name": (random) => json(random), look: none },
  room: {
    inc: none,
    bytes: none,
    echo: (random) => json(random),
    say: (random) => ({ body: text(random).slice(0, 3000) }),
    add: (random) => ({ by: random.below(10) }),
    pushes: (random) => ({ times: random.below(20), size: 100 }),
    slow: none,
    latest: () => ({ q: "paris" }),
    beside: none,
    refuse: none,
    boom: none,
    forget: none,
    end: none,
  },
  late: { say: (random) => json(random) },
  filtered: { say: (random) => ({ body: random.pick(["a", "drop", "longer", text(random)]) }) },
  people: {
    rename: (random) => ({ name: text(random) }),
    enter: (random) => ({ key: text(random) }),
    hide: none,
    look: none,
  },
};

const topics = [
  "lobby",
  "lobby",
  "room:1",
  "room:1",
  "room:2",
  "room:secret",
  "room:closed",
  "room:",
  "late:1",
  "late:crash",
  "filtered:1",
  "people:1",
  "people:2",
];

/** A byte for each thing that bytes of channels may begin with, and that they may not. */
const brokenBytes = [
  [],
  [0],
  [0, 255, 255, 255, 255],
  [0, 1, 1, 6, 4, 49],
  [1, 0, 0, 0, 0],
  [2, 0, 0],
  [9, 9],
];

/** Paths of sockets: most are let in. */
export const channelPath = (random: Random): string =>
  random.chance(0.05)
    ? "/channels?vsn=1.0.0"
    : random.pick(["/channels", "/channels?name=ann", "/channels/websocket?vsn=2.0.0&name=b"]);

/** One client: joins topics, pushes events, and leaves. */
export function* channelEpisode(random: Random): Generator<Say> {
  let refs = random.below(3) * 100;
  const next = () => String(++refs);
  const joined = new Map<string, string>();
  const join = (topic: string) => {
    const ref = next();
    joined.set(topic, ref);
    const payload = topic === "lobby" ? { since: random.below(5) } : random.chance(0.5) ? {} : json(random);
    return { frame: [ref, ref, topic, "phx_join", payload] };
  };
  const some = () =>
    random.chance(0.95) && joined.size > 0
      ? random.pick([...joined.keys()])
      : random.pick([...topics, text(random).slice(0, 300) || "x"]);
  /** Mostly that of the join. */
  const joinRef = (topic: string) =>
    random.chance(0.85) ? (joined.get(topic) ?? null) : random.pick([null, "1", "999", "", text(random)]);
  const event = (topic: string): readonly [name: string, payload: unknown] => {
    const calls = events[topic.split(":", 1)[0] ?? ""] ?? {};
    const name = random.pick(Object.keys(calls).concat(random.chance(0.1) ? [text(random) || "x"] : []));
    // Some names are those of methods that every object has.
    return [name, Object.hasOwn(calls, name) ? calls[name]?.(random) : {}];
  };

  if (random.chance(0.04)) {
    // More than a socket may have.
    yield { burst: Array.from({ length: 112 }, (_, at) => join(`room:${at}`).frame) };
    yield { wait: true };
  }
  for (const topic of random.several(4, () => random.pick(topics))) yield join(topic);
  for (let left = 3 + random.below(18); left > 0; left--) {
    const topic = some();
    const turn = random.below(24);
    if (turn < 12) {
      const [name, payload] = event(topic);
      yield { frame: [joinRef(topic), random.chance(0.9) ? next() : null, topic, name, payload] };
    } else if (turn < 15) yield bytes(random, joinRef(topic), next(), topic);
    else if (turn < 17) yield join(random.chance(0.3) ? topic : random.pick(topics));
    else if (turn < 18) yield { frame: [joinRef(topic), next(), topic, "phx_leave", {}] };
    else if (turn < 19) yield { frame: [null, next(), "phoenix", "heartbeat", {}] };
    else if (turn < 20)
      yield {
        frame: [
          joinRef(topic),
          next(),
          topic,
          random.pick(["phx_reply", "phx_close", "phx_error", "phx_x"]),
          {},
        ],
      };
    else if (turn < 21) yield { frame: [joinRef(topic), next(), JOINED_TOPIC, "inc", {}] };
    else if (turn < 22 && random.chance(0.1)) yield { bytes: Uint8Array.from(random.pick(brokenBytes)) };
    else if (turn < 23) yield { wait: true };
  }
  if (random.chance(0.6))
    yield { end: random.pick<Ending>(["closed", "lost", "cut", "cut", "paused", "resumed"]) };
}

function bytes(random: Random, joinRef: string | null, ref: string, topic: string): Say {
  const payload = new Uint8Array(random.pick([0, 1, 100, 60_000])).fill(random.below(256));
  const event = random.pick(["bytes", "echo", "sayBytes", "sayBytes", "say", "add", "phx_join", "noise"]);
  try {
    return { bytes: writeClientMessage({ joinRef, ref, topic, event, payload }) as Uint8Array };
  } catch {
    return { bytes: Uint8Array.from([0, 255, 255, 255, 255, ...payload.subarray(0, 600)]) };
  }
}
