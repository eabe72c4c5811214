/** Messages of broken nodes, and authors' code that fails: they end no process, and reach no client. */
import { openChannels } from "@overwire/test-support/channel-socket";
import { afterEach, expect, test } from "vitest";
import { createApp } from "../app.ts";
import { createPubSub } from "../pubsub/create-pubsub.ts";
import type { Report } from "../runtime/services.ts";
import { presence } from "../view/presence.ts";
import { Channel } from "./channel.ts";

let reports: Report[] = [];
afterEach(() => {
  reports = [];
});

const lobby = presence<{ data: unknown }>("lobby");

class Room extends Channel {
  join() {
    return {};
  }
  hidden = this.intercept("message", (payload) => payload);
}

class Lobby extends Channel {
  join(payload: { data?: number }) {
    this.track(lobby, "ada", { data: payload.data === undefined ? "text" : BigInt(payload.data) });
    return {};
  }
}

const pubsub = createPubSub();
const app = createApp({
  secret: "0123456789abcdef".repeat(4),
  report: (report) => reports.push(report),
  pubsub,
}).channels("/socket", {}, (socket) => {
  socket.channel("room:*", Room);
  socket.channel("lobby", Lobby);
});

test.each([
  ["a name of 256 bytes", ["x".repeat(256), "{}"]],
  ["an empty name", ["", "{}"]],
  ["a name of the protocol", ["phx_close", "{}"]],
  ["a payload that is no JSON", ["message", "{"]],
  ["a payload that is more than JSON", ["message", '1],["']],
  ["a payload of another type", ["message", { body: 1 }]],
  ["no list", { length: 2 }],
])("a broadcast of another node with %s reaches no client", async (_, message) => {
  const client = await openChannels(app);
  await client.join("room:1");
  const heard: string[] = [];
  const stop = app.onBroadcast("room:1", (name) => heard.push(name));
  pubsub.publish("overwire:channel:room:1", message);
  pubsub.publish("overwire:channel:room:1", ["after", "{}"]);
  expect(await client.next()).toEqual([[null, null, "room:1", "after", {}]]);
  expect(heard).toEqual(["after"]);
  expect(reports).toMatchObject([{ kind: "refused", event: "broadcast" }]);
  stop();
});

test("an error of app.onBroadcast's handler is reported, an asynchronous one too", async () => {
  const stop = app.onBroadcast("room:1", async () => {
    throw new Error("late");
  });
  app.broadcast("room:1", "message");
  await expect
    .poll(() => reports)
    .toMatchObject([{ kind: "crash", message: "app.onBroadcast's handler threw" }]);
  stop();
});

test("a channel whose own meta has no JSON is joined, and its client is told that it is there", async () => {
  const client = await openChannels(app);
  const said = client.say("1", "1", "lobby", "phx_join", { data: 1 });
  const state = Object.fromEntries(
    app
      .present(lobby)
      .list()
      .map(({ key, metas }) => [key, { metas: [{ phx_ref: metas[0]?.ref }] }]),
  );
  expect(said).toEqual([
    ["1", "1", "lobby", "phx_reply", { status: "ok", response: {} }],
    ["1", null, "lobby", "presence_state", state],
  ]);
  expect(Object.keys(state)).toHaveLength(1);
  expect(reports).toMatchObject([{ kind: "warning", event: "presence" }]);
});

test("a disconnect with an empty id that another node sends ends no socket", async () => {
  const client = await openChannels(app);
  for (const message of [["node", ""], ["node", null], ["node"], "node", null])
    pubsub.publish("overwire:disconnect", message);
  expect(await client.join("room:1")).toMatchObject({ status: "ok" });
  pubsub.publish("overwire:channel:room:1", ["after", "{}"]);
  await client.next();
  expect(client.peer.closed).toBeUndefined();
});
