/** Types: what an author of channels, and of their clients, is told before anything runs. Checked by `npm run types`, never run. */
import type { EventsOf, JoinPayloadOf, JoinReplyOf, MessagesOf } from "@overwire/client/wire";
import { expectTypeOf } from "vitest";
import { z } from "zod";
import { createApp } from "../app.ts";
import { topic } from "../view/topic.ts";
import { Channel } from "./channel.ts";

interface RoomMessages {
  message: { body: string; userId: number };
  cleared: { reason?: string };
  image: Uint8Array;
}
interface Assigns {
  userId: number;
}

const numbers = topic<number>("numbers");

class RoomChannel extends Channel<RoomMessages, Assigns> {
  count = 0;
  override joinSchema = z.object({ since: z.coerce.number() });

  async join({ since }: { since: number }) {
    expectTypeOf(this.assigns.userId).toEqualTypeOf<number>();
    // @ts-expect-error assigns are those of the socket
    this.assigns.role;
    // @ts-expect-error which one channel does not change for the others
    this.assigns.userId = 7;
    return { history: [since] };
  }

  say = this.event(z.object({ body: z.string(), at: z.date().optional() }), ({ body, at }) => {
    expectTypeOf(at).toEqualTypeOf<Date | undefined>();
    this.broadcast("message", { body, userId: this.assigns.userId });
    // @ts-expect-error a message has the payload that its channel declares
    this.broadcast("message", { body });
    // @ts-expect-error and a name of those
    this.broadcast("massage", { body, userId: 1 });
    // @ts-expect-error a payload that cannot be empty is not left out
    this.push("message");
    this.push("cleared");
    this.push("image", new Uint8Array(1));
    this.subscribe(numbers, (number) => expectTypeOf(number).toEqualTypeOf<number>());
    return { id: 1 };
  });
  later = this.event(async () => "done");
  typing = this.event(() => this.broadcastFrom("cleared", {}));
  outgoing = this.intercept("message", (message) => {
    expectTypeOf(message).toEqualTypeOf<RoomMessages["message"]>();
    return message.userId === this.assigns.userId ? undefined : message;
  });
  // @ts-expect-error a broadcast becomes one of the same name
  wrong = this.intercept("message", () => ({ body: 7 }));
}

type Events = EventsOf<RoomChannel>;
expectTypeOf<keyof Events>().toEqualTypeOf<"say" | "later" | "typing">();
expectTypeOf<Events["say"]["payload"]>().toEqualTypeOf<{ body: string; at?: Date | undefined }>();
expectTypeOf<Events["say"]["reply"]>().toEqualTypeOf<{ id: number }>();
expectTypeOf<Events["later"]["reply"]>().toEqualTypeOf<string>();
expectTypeOf<JoinReplyOf<RoomChannel>>().toEqualTypeOf<{ history: number[] }>();
expectTypeOf<JoinPayloadOf<RoomChannel>["since"]>().toEqualTypeOf<unknown>();
expectTypeOf<MessagesOf<RoomChannel>>().toEqualTypeOf<RoomMessages>();

class Plain extends Channel {
  join(payload: { since?: number }) {
    this.push("anything", { at: 1 });
    this.broadcast("anything");
    return payload.since;
  }
}
expectTypeOf<JoinPayloadOf<Plain>>().toEqualTypeOf<{ since?: number }>();
expectTypeOf<JoinReplyOf<Plain>>().toEqualTypeOf<number | undefined>();
expectTypeOf<MessagesOf<Plain>>().toEqualTypeOf<{ readonly [name: string]: unknown }>();

class Silent extends Channel<RoomMessages> {
  join() {}
}
expectTypeOf<JoinPayloadOf<Silent>>().toEqualTypeOf<{ readonly [key: string]: unknown } | undefined>();

// @ts-expect-error who may join is to be said
class Open extends Channel {}
void Open;

const app = createApp();
app.channels(
  "/socket",
  {
    connect: async ({ params, token, session, headers }) => {
      expectTypeOf(token).toEqualTypeOf<string | undefined>();
      expectTypeOf(headers).toEqualTypeOf<Headers>();
      void [params.since, session];
      return { userId: 7, role: "admin" };
    },
    id: ({ userId }) => `user:${userId}`,
  },
  (socket) => {
    socket.channel("room:*", RoomChannel);
    socket.channel("plain", Plain);
    // @ts-expect-error no channel
    socket.channel("date", Date);
  },
);
app.channels("/anonymous", { connect: () => ({}) }, (socket) => {
  // @ts-expect-error a channel that needs assigns which the socket does not have
  socket.channel("room:*", RoomChannel);
  socket.channel("plain", Plain);
});
// @ts-expect-error assigns are an object: to refuse, throw
app.channels("/wrong", { connect: () => null }, () => {});

app.broadcast("room:1", "anything", { at: 1 });
app.broadcast<RoomMessages>("room:1", "message", { body: "Hi", userId: 1 });
// @ts-expect-error the payload of another message
app.broadcast<RoomMessages>("room:1", "message", { reason: "Hi" });

app.onBroadcast("room:1", (name: string, payload: unknown) => [name, payload]);
app.onBroadcast<RoomMessages>("room:1", (name, payload) => {
  if (name === "message") payload.body.trim();
  // @ts-expect-error a message that the channel does not have
  if (name === "massage") return;
});
