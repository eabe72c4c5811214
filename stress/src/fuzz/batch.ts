/** One batch of attacks, made from a seed. */
import { accountEpisode } from "./account-episodes.ts";
import { channelEpisode, channelPath } from "./channel-episodes.ts";
import { episode, type Say } from "./episodes.ts";
import { mutated, mutatedBytes, stringified } from "./mutate.ts";
import { Random } from "./random.ts";
import { request } from "./requests.ts";
import { ACCOUNT_VISITORS, type Step, VISITORS } from "./steps.ts";

/** Visits that go on at the same time. */
const AT_ONCE = 5;

type Kind = "views" | "channels" | "account";

/** A visit under way, and the socket that it has. */
interface Visit {
  readonly says: Generator<Say>;
  readonly socket: number;
}

/**
 * Steps with about `frames` frames among them.
 * @param number of the batch under its seed: each can be made without those before it
 */
export function makeBatch(seed: number, number: number, frames: number): Step[] {
  const random = new Random(seed, number);
  const steps: Step[] = [];
  const visits: Visit[] = [];
  const sockets: Kind[] = [];
  let said = 0;
  while (said < frames) {
    if (visits.length < AT_ONCE && (visits.length === 0 || random.chance(0.3))) visits.push(begin());
    const visit = random.pick(visits);
    const { value, done } = visit.says.next();
    if (done) {
      visits.splice(visits.indexOf(visit), 1);
      continue;
    }
    said++;
    const made = stepsOf(visit.socket, value);
    // The same again, or later than it should.
    if (random.chance(0.05)) steps.push(...made);
    steps.push(...made);
    if (random.chance(0.04) && steps.length > 3) {
      const at = steps.length - 2 - random.below(2);
      steps.push(...steps.splice(at, 1));
    }
    if (random.chance(0.03)) steps.push({ do: "http", bytes: request(random) });
    if (random.chance(0.004)) steps.push({ do: "bare", bytes: bare(random) });
    if (random.chance(0.005)) flood(visit.socket);
  }
  return steps;

  function begin(): Visit {
    const kind = kindOfVisit(random);
    const visitor = kind === "account" ? random.pick(ACCOUNT_VISITORS) : random.below(VISITORS);
    // Some visits reuse the socket of an earlier one, a few that of another kind.
    const earlier = [...sockets.keys()].filter((socket) => sockets[socket] === kind || random.chance(0.05));
    const reused = earlier.length > 0 && random.chance(0.2) ? random.pick(earlier) : undefined;
    const socket = reused ?? sockets.push(kind) - 1;
    if (reused === undefined) {
      if (kind === "account") steps.push({ do: "visit", visitor });
      const channels = kind === "channels" && { channels: channelPath(random) };
      steps.push({ do: "open", socket, visitor, ...channels });
    }
    const says =
      kind === "views"
        ? episode(random, visitor)
        : kind === "channels"
          ? channelEpisode(random)
          : accountEpisode(random, visitor);
    return { says, socket };
  }

  function stepsOf(socket: number, say: Say): Step[] {
    if ("end" in say) return [{ do: "end", socket, how: say.end }];
    if ("wait" in say) return [{ do: "wait", socket, ...(say.wait === "ticket" && { until: say.wait }) }];
    if ("burst" in say) {
      said += say.burst.length;
      return say.burst.map((frame) => ({ do: "text", socket, text: stringified(frame) }));
    }
    if ("session" in say) return [{ do: "session", socket, ...say.session }];
    if ("bytes" in say) {
      const bytes = random.chance(0.4) ? mutatedBytes(random, say.bytes) : say.bytes;
      return [{ do: "binary", socket, bytes: Buffer.from(bytes).toString("base64") }];
    }
    // A fault in one of the few entries that are no payload ends the socket, and with it the visit.
    const often = sockets[socket] === "views" ? 0.3 : 0.12;
    const text = random.chance(often) ? mutated(random, say.frame) : stringified(say.frame);
    return [{ do: "text", socket, text }];
  }

  /** The same short frame many times. */
  function flood(socket: number): void {
    const text = shortFrame(random);
    for (let left = random.pick([20, 50, 300]); left > 0; left--) steps.push({ do: "text", socket, text });
    said += 20;
  }
}

function kindOfVisit(random: Random): Kind {
  const part = random.below(100);
  if (part < 25) return "channels";
  return part < 33 ? "account" : "views";
}

function bare(random: Random): string {
  return Buffer.from(Array.from({ length: 2 + random.below(60) }, () => random.below(256))).toString(
    "base64",
  );
}

function shortFrame(random: Random): string {
  return random.pick([
    JSON.stringify(["l", 1]),
    JSON.stringify(["h"]),
    JSON.stringify(["e", 1, 1 + random.below(9), "inc", {}]),
    JSON.stringify(["n", 1, 1, "/items/3"]),
    JSON.stringify(["a", 1, 1]),
    JSON.stringify(["j", 1 + random.below(3), { token: "x", url: "/" }]),
    JSON.stringify([null, "9", "phoenix", "heartbeat", {}]),
    JSON.stringify(["9", "9", "room:1", "phx_join", {}]),
    JSON.stringify(["9", "9", "late:1", "phx_join", {}]),
    JSON.stringify([null, "9", "room:1", "say", { body: "again" }]),
    JSON.stringify(["s", "x"]),
  ]);
}
