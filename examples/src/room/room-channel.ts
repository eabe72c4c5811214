/** The room for clients that are no views: a terminal, a mobile app, a bot. */
import { Channel, Refused, type Tracked } from "@overwire/server";
import { z } from "zod";
import {
  LONGEST_TEXT,
  lobby,
  type Message,
  type Meta,
  recentMessages,
  said,
  say,
  type Visitor,
} from "./room-store.ts";

interface RoomMessages {
  said: Message;
}

export class RoomChannel extends Channel<RoomMessages, Visitor> {
  private me?: Tracked<Meta>;

  join() {
    if (this.subtopic !== "lobby") throw new Refused({ reason: "There is no such room." });
    // The topic of the views: what they say comes here too, on all nodes.
    this.subscribe(said, (message) => this.push("said", message));
    this.me = this.track(lobby, this.assigns.id, { name: this.assigns.name, device: "terminal" });
    return { messages: recentMessages().slice(-10) };
  }

  say = this.event(z.object({ text: z.string().trim().min(1).max(LONGEST_TEXT) }), ({ text }) => {
    say(this.assigns, text);
  });

  typing = this.event(z.object({ typing: z.boolean() }), ({ typing }) => {
    this.me?.update((meta) => ({ ...meta, typing }));
  });
}
