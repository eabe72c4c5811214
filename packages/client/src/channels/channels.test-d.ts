/** Types: what an author of a channel's client is told before anything runs. Checked by `npm run types`, never run. */
import type { CarriesMessages, ChannelEvent } from "@overwire/client/wire";
import { expectTypeOf } from "vitest";
import { presenceOf, Socket } from "../channels.ts";

interface RoomMessages {
  message: { body: string; at: Date };
  cleared: { reason?: string };
  image: Uint8Array;
}

interface RoomChannel extends CarriesMessages<RoomMessages> {
  count: number;
  join(payload: { since: number }): Promise<{ history: { at: Date }[]; more: boolean }>;
  say: ChannelEvent<{ body: string; at?: Date }, { id: number; at: Date }>;
  typing: ChannelEvent<{ readonly [key: string]: unknown }, void>;
  draw: ChannelEvent<Uint8Array, Uint8Array>;
  terminate(): void;
}

const socket = new Socket("/socket", { params: { a: 1 }, token: async () => "t" });
const room = socket.channel<RoomChannel>("room:1", { since: 5 });
socket.channel<RoomChannel>("room:1", () => ({ since: 5 }));
// @ts-expect-error the payload of the join is needed
socket.channel<RoomChannel>("room:1");
// @ts-expect-error and has a type
socket.channel<RoomChannel>("room:1", { since: "5" });
// @ts-expect-error as what a function returns
socket.channel<RoomChannel>("room:1", () => ({}));

const { history, more } = await room.join();
expectTypeOf(history).toEqualTypeOf<{ at: string }[]>();
expectTypeOf(more).toEqualTypeOf<boolean>();

const reply = await room.push("say", { body: "Hi" }, { timeout: 5000 });
expectTypeOf(reply).toEqualTypeOf<{ id: number; at: string }>();
// @ts-expect-error no such event
room.push("shout", { body: "Hi" });
// @ts-expect-error a field that is no event
room.push("count");
// @ts-expect-error nor a method
room.push("terminate");
// @ts-expect-error a payload that is needed
room.push("say");
// @ts-expect-error a payload of another type
room.push("say", { body: 1 });
room.push("typing");
room.push("typing", {}, { timeout: 1 });
expectTypeOf(room.push("typing")).resolves.toEqualTypeOf<Readonly<Record<string, never>>>();
expectTypeOf(await room.push("draw", new Uint8Array(1))).toEqualTypeOf<Uint8Array>();

const stop = room.on("message", ({ body, at }) => {
  expectTypeOf(body).toEqualTypeOf<string>();
  expectTypeOf(at).toEqualTypeOf<string>();
});
expectTypeOf(stop).toEqualTypeOf<() => void>();
room.on("image", (bytes) => expectTypeOf(bytes).toEqualTypeOf<Uint8Array>());
room.on("cleared", ({ reason }) => expectTypeOf(reason).toEqualTypeOf<string | undefined>());
// @ts-expect-error no such message
room.on("massage", () => {});
// @ts-expect-error an event that clients push is no message
room.on("say", () => {});
// @ts-expect-error no such field of the payload
room.on("message", ({ text }) => text);
room.off("message");
room.onJoin(({ history }) => expectTypeOf(history).toEqualTypeOf<{ at: string }[]>());

const people = presenceOf<{ name: string }>(room);
people.onSync((list) => expectTypeOf(list[0]?.metas[0]?.name).toEqualTypeOf<string | undefined>());
people.onJoin((key, current, joined) => {
  expectTypeOf(key).toEqualTypeOf<string>();
  // @ts-expect-error one that was not there has nothing
  current.metas;
  expectTypeOf(joined.metas[0]?.phx_ref).toEqualTypeOf<string | undefined>();
});
expectTypeOf(people.list((key) => key)).toEqualTypeOf<string[]>();
// @ts-expect-error no such meta
people.get("1")?.metas[0]?.age;

// A channel whose class is not known takes any names.
const other = socket.channel("other", { any: 1 });
expectTypeOf(await other.join()).toEqualTypeOf<unknown>();
expectTypeOf(await other.push("anything")).toEqualTypeOf<unknown>();
other.on("anything", (payload) => expectTypeOf(payload).toEqualTypeOf<unknown>());

interface Plain {
  join(): void;
}
const plain = socket.channel<Plain>("plain");
expectTypeOf(await plain.join()).toEqualTypeOf<Readonly<Record<string, never>>>();
// @ts-expect-error it declares no event
plain.push("a");

// @ts-expect-error neither text nor function
new Socket("/socket", { token: 5 });
// @ts-expect-error params are flat
new Socket("/socket", { params: { filter: { a: 1 } } });
