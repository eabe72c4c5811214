/** A node of presences without views: its actors are in the hands of a test. */
import { ActorPresences } from "../../server/src/presence/actor-presences.ts";
import type { PresenceTimes } from "../../server/src/presence/options.ts";
import { Presences } from "../../server/src/presence/presences.ts";
import { PresentClient } from "../../server/src/presence/tracked.ts";
import type { AnyPresence } from "../../server/src/view/presence.ts";
import type { PubSubNetwork } from "./pubsub-network.ts";

// Taken before a test replaces it: what presences tell in one turn is told at the end of it.
const { setImmediate } = globalThis;
/** Turns in which nodes have asked, answered and told: several messages, each of which is told a turn later. */
const TURNS = 8;

/** Waits until nothing is under way between nodes. */
export async function quiet(): Promise<void> {
  for (let turn = 0; turn < TURNS; turn++) await new Promise((resolve) => setImmediate(resolve));
}

/** An actor with a client of its own. */
export function createActor(presences: Presences) {
  const ends: (() => void)[] = [];
  const client = new PresentClient(presences);
  client.joined();
  const actor = new ActorPresences(client, (stop) => {
    ends.push(stop);
    return stop;
  });
  return {
    client,
    track: (presence: AnyPresence, key: string, meta: object = {}) =>
      actor.track(presence, key, meta, "TestActor"),
    watch: actor.watch.bind(actor),
    present: actor.present.bind(actor),
    end() {
      for (const end of ends.splice(0)) end();
    },
  };
}

export function startNode(network: PubSubNetwork, times?: PresenceTimes) {
  const { pubsub, node } = network.join();
  const reports: string[] = [];
  const presences = new Presences(pubsub, times, ({ message }) => void reports.push(message));
  presences.listen();
  return {
    node,
    pubsub,
    presences,
    reports,
    actor: () => createActor(presences),
    list: (presence: AnyPresence) => presences.find(presence)?.list() ?? [],
    keys: (presence: AnyPresence) => (presences.find(presence)?.list() ?? []).map(({ key }) => key),
  };
}
