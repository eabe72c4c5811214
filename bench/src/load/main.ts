/** The process that loads the servers: groups of clients, and what can be asked of them. */
import { answer } from "../calls.ts";
import { type Destination, openFiles, roundTrips, sendFiles } from "./files.ts";
import { joinView, VIEW } from "./join.ts";
import { closedLoop } from "./loop.ts";
import { requestLoop } from "./requests.ts";
import type { Sender } from "./sender.ts";
import { LightSocket } from "./socket.ts";

/** Number of clients that connect at the same time. */
const AT_ONCE = 16;

const groups: LightSocket[][] = [];
const senders: (readonly Sender[])[] = [];
const arrivals: (Promise<Arrival> | undefined)[] = [];

/** When the last client of a group had its message. */
interface Arrival {
  /** Nanoseconds of the machine's clock. */
  readonly at: bigint;
  readonly sample: string;
}

async function connect(count: number, open: () => Promise<LightSocket>): Promise<number> {
  const group: LightSocket[] = [];
  let started = 0;
  const worker = async () => {
    while (started++ < count) group.push(await open());
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return groups.push(group) - 1;
}

const clientsOf = (group: number): LightSocket[] => groups[group] ?? [];

const calls = {
  /** @returns the number of the new group */
  joinViews: (port: number, path: string, count: number) =>
    connect(count, async () => (await joinView(port, path)).socket),
  /** @returns the number of the new group */
  openBare: (port: number, count: number) => connect(count, () => LightSocket.open(port, "/")),
  loop: (group: number, event: string, seconds: number) => closedLoop(clientsOf(group), event, seconds),
  requests: requestLoop,
  /** From now on each client of the group waits for one message. */
  expect: (group: number) => {
    arrivals[group] = new Promise((resolve, reject) => {
      const clients = clientsOf(group);
      let left = clients.length;
      for (const client of clients) {
        client.onFailure = reject;
        client.onText = (buffer, start, end) => {
          if (--left === 0)
            resolve({ at: process.hrtime.bigint(), sample: buffer.toString("utf8", start, end) });
        };
      }
    });
    // The waiting caller is told; until then it is not unhandled.
    arrivals[group].catch(() => {});
  },
  /** When the last client of the group had what it waited for. */
  arrival: (group: number) => arrivals[group] as Promise<Arrival>,
  /** Each client of the group sends an event so many times, waiting for each answer. */
  repeat: async (group: number, event: string, times: number) => {
    const each = async (client: LightSocket) => {
      for (let time = 1; time <= times; time++) {
        const answer = client.next();
        client.send(JSON.stringify(["e", VIEW, time, event, {}]));
        await answer;
      }
    };
    await Promise.all(clientsOf(group).map(each));
  },
  /** The client of one group sends an event, again and again. @returns milliseconds until that of the other has its patch */
  hear: async (speakers: number, hearers: number, event: string, times: number) => {
    const [[speaker], [hearer]] = [clientsOf(speakers), clientsOf(hearers)];
    if (!speaker || !hearer) throw new Error("there is no such client");
    const taken: number[] = [];
    for (let time = 1; time <= times; time++) {
      const [answer, heard] = [speaker.next(), hearer.next()];
      const start = performance.now();
      speaker.send(JSON.stringify(["e", VIEW, time, event, {}]));
      const patch = await heard;
      taken.push(performance.now() - start);
      if (!patch.startsWith('["p",')) throw new Error(`a message arrives as ${patch.slice(0, 500)}`);
      await answer;
    }
    return taken;
  },
  /** Prepares a file on each of so many connections. @returns the number of the new group of files */
  openFiles: async (to: Destination, count: number, size: number) =>
    senders.push(await openFiles(to, count, size)) - 1,
  sendFiles: (files: number) => sendFiles(senders[files] ?? []),
  /** Events on the first connection of the group, for some time or while its file is sent. */
  roundTrips: (files: number, event: string, seconds: number | "sending") => {
    const [sender] = senders[files] ?? [];
    if (!sender) throw new Error("there is no such file");
    return roundTrips(sender, event, seconds);
  },
  closeFiles: (files: number) => {
    for (const sender of senders[files] ?? []) sender.close();
    senders[files] = [];
  },
  close: (group: number) => {
    for (const client of clientsOf(group)) client.close();
    groups[group] = [];
  },
};

export type LoadCalls = typeof calls;
answer(calls);
