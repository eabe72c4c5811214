/** The channels under attack, on the sockets at `/channels`. */
import { Channel, type OverwireApp, presence, Refused, topic, Unauthorized } from "@overwire/server";
import { z } from "zod";
import { EXPECTED, pause, running, sizeOf, text } from "./watched.ts";

const noise = topic<number>("noise");
const people = (id: string) => presence<{ name: string }>(`people:${id}`);

/** A channel that is counted for as long as it runs. */
abstract class WatchedChannel extends Channel {
  join(_payload: unknown): unknown {
    running.add(this);
    return { topic: this.topic };
  }
  terminate(): void {
    running.delete(this);
  }
}

class Room extends WatchedChannel {
  count = 0;
  override join(payload: unknown) {
    if (this.subtopic === "secret") throw new Refused({ reason: "unauthorized" });
    if (this.subtopic === "closed") throw new Unauthorized();
    this.push("hello", { subtopic: this.subtopic });
    return super.join(payload);
  }
  inc = this.event(() => ({ count: ++this.count }));
  echo = this.event((payload) => payload);
  bytes = this.event((payload) => (payload instanceof Uint8Array ? payload : new Uint8Array(3)));
  say = this.event(z.object({ body: z.string().max(2000) }), ({ body }) => {
    this.broadcast("message", { body });
  });
  sayBytes = this.event((payload) => {
    this.broadcastFrom("message", payload instanceof Uint8Array ? payload : { body: text(payload) });
  });
  add = this.event(z.object({ by: z.coerce.number().int().max(1000) }), ({ by }) => {
    this.count += by;
    return { count: this.count };
  });
  pushes = this.event(({ times, size }) => {
    const body = "x".repeat(sizeOf(size));
    for (let at = 0; at < sizeOf(times); at++) this.push("pushed", { at, body });
  });
  slow = this.event(async () => {
    await pause(5);
    return { count: this.count };
  });
  latest = this.event(
    z.object({ q: z.string() }),
    async ({ q }) => {
      await pause(5);
      return { q: q.slice(0, 20) };
    },
    { overlap: "latest" },
  );
  beside = this.event(() => pause(5), { overlap: "parallel" });
  refuse = this.event(() => {
    throw new Refused({ reason: "no" });
  });
  boom = this.event(() => {
    throw new Error(`${EXPECTED} boom of a channel`);
  });
  forget = this.event(() => {
    void pause(1).then(() => Promise.reject(new Error(`${EXPECTED} forgotten by a channel`)));
  });
  end = this.event(() => this.close());
}

class Lobby extends WatchedChannel {
  heard = 0;
  override joinSchema = z.object({ since: z.coerce.number().optional() });
  override join(payload: { since?: number | undefined }) {
    this.subscribe(noise, () => {
      this.heard++;
    });
    return super.join(payload);
  }
  noise = this.event(() => this.publish(noise, this.heard));
  handleEvent(name: string, payload: unknown) {
    return { name: name.slice(0, 40), size: text(payload).length };
  }
}

/** Its join takes time, and crashes for some. */
class Late extends WatchedChannel {
  override async join(payload: unknown) {
    super.join(payload);
    this.broadcast("early", {});
    await pause(10);
    if (this.subtopic !== "crash") return {};
    running.delete(this);
    throw new Error(`${EXPECTED} join`);
  }
  say = this.event((payload) => this.broadcast("message", payload));
}

/** Changes and drops broadcasts for its own client. */
class Filtered extends WatchedChannel {
  outgoing = this.intercept("message", (message) => {
    const { body } = message as { body?: unknown };
    if (body === "crash") throw new Error(`${EXPECTED} intercept`);
    if (body === "drop") return undefined;
    return typeof body === "string" && body.length > 3 ? { body: body.slice(0, 3) } : message;
  });
  say = this.event((payload) => this.broadcast("message", payload));
}

class People extends WatchedChannel {
  shown = this.present(people(this.subtopic));
  me = this.track(people(this.subtopic), "someone", { name: "someone" });
  isShown = true;
  rename = this.event(({ name }) => {
    if (!this.isShown) throw new Refused({ reason: "hidden" });
    this.me.update({ name: text(name) });
  });
  hide = this.event(() => {
    this.isShown = false;
    this.me.untrack();
  });
  enter = this.event(({ key }) => {
    this.me.untrack();
    this.isShown = true;
    this.me = this.track(people(this.subtopic), text(key) || "x", { name: "again" });
  });
  look = this.event(() => this.shown.size);
}

export function defineChannels(app: OverwireApp): void {
  app.channels(
    "/channels",
    {
      connect: ({ token, params }) => {
        if (token === "refused") throw new Unauthorized();
        return { name: text(params.name ?? "") };
      },
      id: ({ name }) => `user:${name}`,
    },
    (socket) => {
      socket.channel("lobby", Lobby);
      socket.channel("room:*", Room);
      socket.channel("late:*", Late);
      socket.channel("filtered:*", Filtered);
      socket.channel("people:*", People);
    },
  );
}
