/** One of several nodes, which share a Redis: a view on it shows what is said on any of them. */
import { createApp, html, LiveView, topic } from "@overwire/server";
import { serve } from "@overwire/server/node";
import { redisPubSub } from "@overwire/server/redis";
import { answer } from "../calls.ts";

const said = topic<number>("said");

class Room extends LiveView {
  latest = 0;

  override mount() {
    this.subscribe(said, (number) => {
      this.latest = number;
    });
  }

  say = this.event(() => this.publish(said, this.latest + 1));

  render() {
    return html`<p>Latest: ${this.latest}</p><button phx-click=${this.say}>Say</button>`;
  }
}

const calls = {
  /** @returns the port */
  start: async (url: string) => {
    const pubsub = redisPubSub({ url });
    pubsub.on("lost", ({ error }) => console.error(error));
    const app = createApp({ secret: "a secret that only this benchmark has", pubsub });
    app.live("/room", Room);
    const { port } = await serve(app, { port: 0, hostname: "127.0.0.1", log: false }).ready;
    // Subscribed while there is no view, so that none joins before Redis is heard.
    pubsub.subscribe(said, () => {});
    await pubsub.settled();
    return port;
  },
};

export type NodeCalls = typeof calls;
answer(calls);
