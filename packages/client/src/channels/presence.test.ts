import { fakeChannelServers } from "@overwire/test-support/fake-channel-server";
import { useFakeTimers } from "@overwire/test-support/fake-timers";
import { expect, test, vi } from "vitest";
import { presenceOf, Socket } from "../channels.ts";

useFakeTimers({ jitter: false });

const meta = (phx_ref: string, more: object = {}) => ({ ...more, phx_ref });
const one = (...refs: string[]) => ({ metas: refs.map((ref) => meta(ref)) });

/** A joined channel with its roster, and what was heard of it. */
async function open() {
  const servers = fakeChannelServers();
  const socket = new Socket("ws://localhost/socket", { WebSocket: servers.WebSocket });
  socket.connect();
  await vi.advanceTimersByTimeAsync(0);
  servers.server().open();
  const room = socket.channel("room:1");
  const people = presenceOf(room);
  const heard: unknown[] = [];
  people.onJoin((...all) => heard.push(["join", ...all]));
  people.onLeave((...all) => heard.push(["leave", ...all]));
  void room.join();
  const join = () => {
    const frame = servers.server().join();
    return {
      state: (state: object) => servers.server().push(frame, "presence_state", state),
      diff: (joins: object, leaves: object = {}) =>
        servers.server().broadcast("room:1", "presence_diff", { joins, leaves }),
    };
  };
  return { ...servers, room, people, heard, join, ...join() };
}

test("F-PRE-01: a state makes the list", async () => {
  const { people, state, heard } = await open();
  expect(people.list()).toEqual([]);
  state({ u1: one("1") });
  expect(people.list()).toEqual([{ key: "u1", metas: [{ phx_ref: "1" }] }]);
  expect(people.get("u1")).toEqual(one("1"));
  expect(people.get("u2")).toBeUndefined();
  expect(heard).toEqual([["join", "u1", undefined, one("1")]]);
});

test("F-PRE-02: a later state tells who came and who went", async () => {
  const { people, state, heard } = await open();
  state({ u4: one("4") });
  heard.length = 0;
  state({ u1: one("1"), u2: one("2"), u3: one("3") });
  expect(heard).toEqual([
    ["join", "u1", undefined, one("1")],
    ["join", "u2", undefined, one("2")],
    ["join", "u3", undefined, one("3")],
    ["leave", "u4", one(), one("4")],
  ]);
  expect(people.list().map(({ key }) => key)).toEqual(["u1", "u2", "u3"]);
});

test("F-PRE-03: of a key that was there only new metas join", async () => {
  const { people, state, heard } = await open();
  state({ u3: one("3") });
  heard.length = 0;
  state({ u3: one("3", "3.new") });
  expect(heard).toEqual([["join", "u3", one("3"), one("3.new")]]);
  expect(people.get("u3")).toEqual(one("3", "3.new"));
});

test("F-PRE-04, 05: a change adds metas after those that are there, and takes metas and keys away", async () => {
  const { people, state, diff, heard } = await open();
  state({ u1: one("1"), u2: one("2") });
  heard.length = 0;
  diff({ u1: one("1.2") }, { u2: one("2") });
  expect(people.list()).toEqual([{ key: "u1", ...one("1", "1.2") }]);
  expect(heard.splice(0)).toEqual([
    ["join", "u1", one("1"), one("1.2")],
    ["leave", "u2", one(), one("2")],
  ]);
  diff({}, { u1: one("1") });
  expect(people.get("u1")).toEqual(one("1.2"));
  expect(heard).toEqual([["leave", "u1", one("1.2"), one("1")]]);
  diff({}, { nobody: one("9") });
  expect(heard).toHaveLength(1);
});

test("F-PRE-06: an update replaces a meta", async () => {
  const { people, state, diff, heard } = await open();
  const [old, updated] = [meta("2", { away: false }), meta("2.2", { away: true, phx_ref_prev: "2" })];
  state({ u2: { metas: [old] } });
  heard.length = 0;
  diff({ u2: { metas: [updated] } }, { u2: { metas: [old] } });
  expect(people.list()).toEqual([{ key: "u2", metas: [updated] }]);
  expect(heard[0]).toEqual(["join", "u2", { metas: [old] }, { metas: [updated] }]);
});

test("F-PRE-07: keys of any name list, change and leave like others", async () => {
  const { people, state, diff } = await open();
  const keys = ["__proto__", "constructor", "toString", "hasOwnProperty", "valueOf", ""];
  const all = (ref: string) =>
    JSON.parse(`{${keys.map((key) => `"${key}":{"metas":[{"phx_ref":"${ref}"}]}`)}}`);
  state(all("1"));
  expect(people.list().map(({ key }) => key)).toEqual(keys);
  expect(people.get("__proto__")).toEqual(one("1"));
  expect(people.get("isPrototypeOf")).toBeUndefined();
  diff(all("2"), all("1"));
  expect(people.list((key, { metas }) => [key, metas.length])).toEqual(keys.map((key) => [key, 1]));
  diff({}, all("2"));
  expect(people.list()).toEqual([]);
  expect(Object.keys({})).toEqual([]);
});

test("F-PRE-08: changes before the state wait for it, and again after a reconnect", async () => {
  const { people, room, server, diff, state, heard, join } = await open();
  const syncs: unknown[] = [];
  people.onSync((list) => syncs.push(list.map(({ key }) => key)));
  diff({}, { u2: one("2") });
  expect(people.list()).toEqual([]);
  expect(syncs).toEqual([]);
  state({ u1: one("1"), u2: one("2") });
  expect(heard.splice(0)).toEqual([
    ["join", "u1", undefined, one("1")],
    ["join", "u2", undefined, one("2")],
    ["leave", "u2", one(), one("2")],
  ]);
  expect(syncs).toEqual([["u1"]]);
  server().lose();
  await vi.advanceTimersByTimeAsync(10);
  server().open();
  const again = join();
  expect(room.state).toBe("joined");
  again.diff({ u3: one("3") });
  expect(people.list()).toEqual([{ key: "u1", ...one("1") }]);
  again.state({ u1: one("1") });
  expect(heard).toEqual([["join", "u3", undefined, one("3")]]);
  expect(syncs).toEqual([["u1"], ["u1", "u3"]]);
});

test("changes of a join that was lost before its state are forgotten", async () => {
  const { people, server, diff, join } = await open();
  diff({ ghost: one("g") });
  server().lose();
  await vi.advanceTimersByTimeAsync(10);
  server().open();
  join().state({ u1: one("1") });
  expect(people.list().map(({ key }) => key)).toEqual(["u1"]);
});

test("F-PRE-09: a list may be of anything that is made of an entry", async () => {
  const { people, state } = await open();
  state({ u1: { metas: [meta("1", { name: "Ann" })], user: { id: 1 } }, u2: one("2") });
  expect(people.list((key, { metas }) => `${key}:${metas.length}`)).toEqual(["u1:1", "u2:1"]);
  expect(people.list()[0]).toEqual({ key: "u1", metas: [meta("1", { name: "Ann" })], user: { id: 1 } });
});

test("a roster that is asked for right after the join has the state", async () => {
  const { socketOf, server } = await (async () => {
    const servers = fakeChannelServers();
    const socket = new Socket("ws://localhost/socket", { WebSocket: servers.WebSocket });
    socket.connect();
    await vi.advanceTimersByTimeAsync(0);
    servers.server().open();
    return { socketOf: socket, ...servers };
  })();
  const room = socketOf.channel("room:1");
  const joining = room.join();
  const frame = server().join();
  server().push(frame, "presence_state", { u1: one("1") });
  server().broadcast("room:1", "presence_diff", { joins: { u2: one("2") }, leaves: {} });
  await joining;
  const people = presenceOf(room);
  await vi.advanceTimersByTimeAsync(0);
  expect(people.list().map(({ key }) => key)).toEqual(["u1", "u2"]);
});

test("listeners end by the function they got", async () => {
  const { people, state, diff } = await open();
  const heard: unknown[] = [];
  const stops = [
    people.onJoin((key) => heard.push(key)),
    people.onLeave((key) => heard.push(key)),
    people.onSync((list) => heard.push(list.length)),
  ];
  state({ u1: one("1") });
  expect(heard.splice(0)).toEqual(["u1", 1]);
  for (const stop of stops) stop();
  diff({}, { u1: one("1") });
  expect(heard).toEqual([]);
});
