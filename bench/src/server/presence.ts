/** The process in which two nodes have a presence with many members: both do their work here, and a broker in memory is between them. */
import {
  type Broker,
  type BrokerEvents,
  createApp,
  createPubSub,
  html,
  LiveView,
  type OverwireApp,
  presence,
  type Tracked,
  topic,
} from "@overwire/server";
import { answer } from "../calls.ts";
import { usage } from "./usage.ts";

const NODES = 2;
const HEARTBEAT = 1500;

const lobby = presence<{ readonly name: string; readonly status: string }>("lobby");
/** The ceiling: the message that a join is told by, to all nodes. */
const bare = topic<unknown>("bare");
const meta = { name: "Ada Lovelace", status: "online" };

/** A share of the members. */
class Crowd extends LiveView {
  override joined() {
    const from = Number(this.params.from);
    for (let user = from; user < from + Number(this.params.members); user++)
      this.track(lobby, `user:${user}`, meta);
  }

  render() {
    return html`<p>The crowd</p>`;
  }
}

/** One more comes here, and goes. */
class Door extends LiveView {
  me: Tracked<typeof meta> | undefined;
  come = this.event(() => {
    this.me = this.track(lobby, "user:0", meta);
  });
  go = this.event(() => this.me?.untrack());
  say = this.event(() => this.publish(bare, sample));

  render() {
    return html`<p>The door</p>`;
  }
}

let sample: unknown = [];
let sent = { messages: 0, bytes: 0 };
let turns = 0;
/** Diffs and messages that have arrived. */
let heard = 0;
let nodes: OverwireApp[] = [];
let door = (_event: string): void => {};

const turn = () => new Promise((resolve) => setImmediate(resolve));

/** Brokers of one network. */
function createNetwork(): () => Broker {
  const all = new Set<BrokerEvents>();
  return () => {
    let own: BrokerEvents | undefined;
    return {
      open(events) {
        own = events;
        all.add(events);
        events.up();
      },
      subscribe: async () => {},
      unsubscribe: async () => {},
      publish: async (channel, text) => {
        sent.messages++;
        sent.bytes += text.length;
        for (const events of all) if (events !== own) events.message(channel, text);
      },
      close: async () => void (own && all.delete(own)),
    };
  };
}

/** Joins a page over a socket in memory. @returns sends it an event */
async function joinPage(app: OverwireApp, path: string): Promise<(event: string) => void> {
  const response = await app.request(path);
  const cookie = response.headers.getSetCookie().map((line) => line.split(";", 1)[0]);
  const token = /data-ow-view="([^"]*)"/.exec(await response.text())?.[1];
  const peer = { bufferedAmount: 0, send: () => {}, close: () => {} };
  const url = `http://localhost${path}`;
  const socket = app.connect({ headers: new Headers({ cookie: cookie.join("; ") }), url }, peer);
  socket.message(JSON.stringify(["j", 1, { token, url }]));
  await turn();
  let ref = 0;
  return (event) => socket.message(JSON.stringify(["e", 1, ++ref, event, {}]));
}

/** Does something in one turn after another. @returns microseconds of CPU, messages and bytes for each */
async function measured(times: number, run: () => void) {
  sent = { messages: 0, bytes: 0 };
  heard = 0;
  const { cpu } = usage();
  for (let time = 0; time < times; time++) {
    run();
    await turn();
  }
  await turn();
  await turn();
  const after = usage();
  return {
    cpu: (after.cpu - cpu) / times,
    bytes: sent.bytes / times,
    messages: sent.messages / times,
    heard: heard / times,
  };
}

const calls = {
  /** Fills both nodes anew. */
  fill: async (members: number) => {
    for (const app of nodes) await app.close();
    const join = createNetwork();
    const secret = "a secret that only this benchmark has";
    nodes = Array.from({ length: NODES }, () =>
      createApp({ secret, pubsub: createPubSub({ broker: join() }), presence: { heartbeat: HEARTBEAT } }),
    );
    for (const [node, app] of nodes.entries()) {
      app.live("/crowd", Crowd);
      app.live("/door", Door);
      app.subscribe(lobby, () => void heard++);
      app.subscribe(bare, () => void heard++);
      await joinPage(app, `/crowd?members=${members / NODES}&from=${1 + (node * members) / NODES}`);
    }
    for (let waited = 0; waited < 10; waited++) await turn();
    for (const app of nodes)
      if (app.present(lobby).size !== members)
        throw new Error(`a node has ${app.present(lobby).size} members`);
    door = await joinPage(nodes[0] as OverwireApp, "/door");
    // A message as long as the one of a join.
    sample = [1, "d", "nodes-name-0", 1000, [[1, 0, "lobby", "user:0", Date.now(), meta]], []];
  },
  /** Someone comes and goes, in turns. */
  joins: (times: number) => measured(times, () => door(turns++ % 2 ? "go" : "come")),
  /** The same messages, as nothing but messages. */
  messages: (times: number) => measured(times, () => door("say")),
  /** Bytes a second that one node sends while nothing changes. */
  idle: async () => {
    sent = { messages: 0, bytes: 0 };
    const seconds = (HEARTBEAT * 2) / 1000;
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
    return sent.bytes / NODES / seconds;
  },
};

export type PresenceCalls = typeof calls;
answer(calls);
