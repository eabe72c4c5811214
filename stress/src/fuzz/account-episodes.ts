/** Conversations of the page whose view sets and clears the session, with the requests for it. */
import type { Say } from "./episodes.ts";
import type { Random } from "./random.ts";
import {
  ACCOUNT,
  ACCOUNT_VISITORS,
  type Ending,
  FOREIGN_VISITOR,
  ORIGIN_MARK,
  ticketMark,
  tokenMark,
} from "./steps.ts";
import { json, text } from "./values.ts";

const EVENTS = ["login", "login", "login", "logOut", "logOut", "both", "atOnce", "meanwhile"];

/** One visit: logs in and out, asks for cookies as a page does, or nearly, and sends events meanwhile. */
export function* accountEpisode(random: Random, visitor: number): Generator<Say> {
  let ref = 0;
  let attempt = 0;
  const token = tokenMark(visitor, ACCOUNT, 0);
  const join = (view: number, more: object = {}): Say => {
    if (view === 1) ref = 0;
    return { frame: ["j", view, { token, url: `${ORIGIN_MARK}/account`, ...more }] };
  };
  yield join(1);
  if (random.chance(0.3)) yield join(2);
  for (let left = 1 + random.below(4); left > 0; left--) {
    const event = random.pick(EVENTS);
    yield { frame: ["e", 1, ++ref, event, { user: random.pick(["1", "2", text(random)]) }] };
    yield { wait: "ticket" };
    // Before its time.
    if (random.chance(0.1)) yield { frame: ["s", ticketMark(random.below(3))] };
    if (random.chance(0.9)) yield request(random, visitor, token);
    if (random.chance(0.2)) yield { frame: ["e", 1, ++ref, "look", {}] };
    if (random.chance(0.9)) yield { frame: ["s", ticketMark(0)] };
    if (random.chance(0.2))
      yield { frame: ["s", random.pick<unknown>([ticketMark(1), text(random), json(random)])] };
    if (random.chance(0.2)) yield request(random, visitor, token);
    if (random.chance(0.3)) yield { frame: ["e", random.pick([1, 2]), ++ref, "look", {}] };
    if (random.chance(0.1)) yield join(1, { seen: random.below(4), attempt: ++attempt });
  }
  if (random.chance(0.6)) yield { end: random.pick<Ending>(["closed", "lost", "cut", "paused", "resumed"]) };
}

/** Mostly the right request. */
function request(random: Random, visitor: number, token: string): Say {
  const ticket = ticketMark(random.chance(0.85) ? 0 : random.below(3));
  const body = random.chance(0.7) ? [ticket, token] : random.pick<unknown>(bodies(random, ticket, token));
  const own = random.chance(0.85);
  return {
    session: {
      visitor: own ? visitor : random.pick([FOREIGN_VISITOR, ...ACCOUNT_VISITORS]),
      body: typeof body === "string" ? body : JSON.stringify(body),
      origin: random.chance(0.9) ? ORIGIN_MARK : random.pick(["null", "http://evil.example", "x"]),
      times: random.pick([1, 1, 1, 1, 2, 3]),
    },
  };
}

const bodies = (random: Random, ticket: string, token: string): unknown[] => [
  [`${ticket}x`, token],
  [`x${ticket}`, token],
  [ticket],
  [ticket, tokenMark(0, 0, 0), token, token],
  [ticket, ...random.several(200, () => text(random))],
  [token, ticket],
  [json(random), token],
  json(random),
  [[ticket]],
  { 0: ticket, 1: token, length: 2 },
  `["${ticket}", `,
  "",
  "[".repeat(random.pick([10, 5000, 100_000])),
];
