/** Types: what an author of presences is told before anything runs. Checked by `npm run types`, never run. */
import { expectTypeOf } from "vitest";
import type { OverwireApp } from "../app/overwire-app.ts";
import { html } from "../template/html.ts";
import { LiveView } from "./live-view.ts";
import { type Presence, presence, type Tracked } from "./presence.ts";

interface Meta {
  readonly name: string;
  readonly status: "online" | "away";
}

const lobby = presence<Meta>("lobby");
const room = (id: string) => presence<Meta>(`room:${id}`);
const users = presence<Meta, { user: { email: string } }>("users", {
  fetch: async (keys) => new Map(keys.map((key) => [key, { user: { email: `${key}@example.org` } }])),
});
// Without a type of its own the result of fetch is any object.
export const loose = presence<Meta>("loose", { fetch: async () => ({ "7": { user: "Ada" } }) });
// @ts-expect-error another result than the entries have
presence<Meta, { user: string }>("users", { fetch: async () => ({ "7": { user: 7 } }) });

export class Lobby extends LiveView {
  people = this.present(lobby);
  users = this.present(users);
  me: Tracked<Meta> | undefined;

  override mount() {
    expectTypeOf(room("1")).toEqualTypeOf<Presence<Meta>>();
    this.me = this.track(lobby, 7, { name: "Ada", status: "online" });
    expectTypeOf(this.me.ref).toEqualTypeOf<string>();
    this.me.update((meta) => ({ ...meta, status: "away" }));
    // @ts-expect-error no such status
    this.me.update({ name: "Ada", status: "gone" });
    // @ts-expect-error no name
    this.track(lobby, "ada", { status: "online" });
    // @ts-expect-error keys are strings or numbers
    this.track(lobby, { id: 7 }, { name: "Ada", status: "online" });

    const [entry] = this.people.list();
    expectTypeOf(entry?.key).toEqualTypeOf<string | undefined>();
    expectTypeOf(entry?.metas[0]?.status).toEqualTypeOf<"online" | "away" | undefined>();
    expectTypeOf(entry?.metas[0]?.ref).toEqualTypeOf<string | undefined>();
    expectTypeOf(this.users.get(7)?.user?.email).toEqualTypeOf<string | undefined>();

    this.subscribe(lobby, ({ joins, leaves }) => {
      expectTypeOf(joins[0]?.metas[0]?.name).toEqualTypeOf<string | undefined>();
      expectTypeOf(leaves[0]?.key).toEqualTypeOf<string | undefined>();
    });
    // @ts-expect-error a presence is no topic
    this.publish(lobby, { name: "Ada", status: "online" });
  }

  render() {
    return html`<p></p>`;
  }
}

export function ofApp(app: OverwireApp) {
  expectTypeOf(app.present(lobby).list()[0]?.metas[0]?.name).toEqualTypeOf<string | undefined>();
  app.subscribe(lobby, ({ joins }) =>
    expectTypeOf(joins[0]?.metas[0]?.name).toEqualTypeOf<string | undefined>(),
  );
}
