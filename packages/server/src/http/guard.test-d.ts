/** Types: sessions behind a guard. Checked by `npm run types`, never run. */
import { expectTypeOf } from "vitest";
import { z } from "zod";
import { createApp } from "../app.ts";
import { Channel } from "../channel/channel.ts";
import { html } from "../template/html.ts";
import { LiveComponent } from "../view/live-component.ts";
import { LiveView } from "../view/live-view.ts";
import type { Session } from "../view/view-host.ts";
import { Forbidden, HttpError } from "./errors.ts";
import { guard } from "./guard.ts";

type User = Session & { readonly userId: number };
type Admin = Session & { readonly role: "admin" };

const user = guard((session): session is User => "userId" in session, { otherwise: "/login" });
const isAdmin = guard((session): session is Admin => "role" in session, { otherwise: Forbidden });
const admin = user.and(isAdmin);
const owner = guard(async (_session, { params }) => params.id === "1");

class Dashboard extends LiveView<"/dashboard", typeof user> {
  static readonly guard = user;
  erase = this.event(
    z.object({ id: z.number() }),
    ({ id }, { session, signal }) => {
      expectTypeOf(id).toEqualTypeOf<number>();
      expectTypeOf(session.role).toEqualTypeOf<"admin">();
      expectTypeOf(session.userId).toEqualTypeOf<number>();
      expectTypeOf(signal).toEqualTypeOf<AbortSignal>();
      return "done";
    },
    { guard: admin, overlap: "latest" },
  );
  own = this.event((_payload, { session }) => session, { guard: owner });
  plain = this.event((_payload, run) => {
    // @ts-expect-error no guard has let it in
    return run.session;
  });
  post = this.form(z.object({ n: z.coerce.number() }), {
    guard: admin,
    change: (form, { session }) => {
      expectTypeOf(form.output?.n).toEqualTypeOf<number | undefined>();
      expectTypeOf(session.role).toEqualTypeOf<"admin">();
      this.post.reset();
    },
    invalid: (_form, { session }) => expectTypeOf(session.userId).toEqualTypeOf<number>(),
    submit: ({ n }, { session, signal }) => {
      expectTypeOf(n).toEqualTypeOf<number>();
      expectTypeOf(session.role).toEqualTypeOf<"admin">();
      expectTypeOf(session.userId).toEqualTypeOf<number>();
      expectTypeOf(signal).toEqualTypeOf<AbortSignal>();
      return "done";
    },
  });
  open = this.form(z.object({ n: z.string() }), {
    submit: (_value, run) => {
      expectTypeOf(run.signal).toEqualTypeOf<AbortSignal>();
      // @ts-expect-error no guard has let it in
      return run.session;
    },
  });
  // @ts-expect-error no guard
  wrong = this.form(z.object({ n: z.string() }), { guard: () => true });
  override render() {
    expectTypeOf<NonNullable<typeof this.post.submit.reply>>().toEqualTypeOf<string>();
    expectTypeOf(this.session.userId).toEqualTypeOf<number>();
    return html`<p></p>`;
  }
}

class Unguarded extends LiveView<"/unguarded", typeof user> {
  override render = () => html`<p></p>`;
}
class Misguarded extends LiveView<"/misguarded", typeof user> {
  static readonly guard = owner;
  override render = () => html`<p></p>`;
}
class Plain extends LiveView {
  override render() {
    expectTypeOf(this.session).toEqualTypeOf<Readonly<Session>>();
    return html`<p></p>`;
  }
}
class Loosely extends LiveView<"/loosely"> {
  static readonly guard = admin;
  override render = () => html`<p></p>`;
}
class Part extends LiveComponent {
  save = this.event((_payload, { session }) => expectTypeOf(session.userId).toEqualTypeOf<number>(), {
    guard: user,
  });
  override render = () => html`<p></p>`;
}
void Part;

class Room extends Channel {
  override join() {}
  say = this.event((_payload, { session }) => expectTypeOf(session.userId).toEqualTypeOf<number>(), {
    guard: user,
  });
}

const app = createApp();
app.live("/dashboard", Dashboard).live("/", Plain).live("/loosely", Loosely);
app.use("/admin/*", admin);
app.liveSession({ onMount: admin.onMount }, () => {});
app.liveSession({ onMount: [user.onMount, owner.onMount] }, () => {});
app.channels("/socket", {}, (socket) => socket.channel("room:*", Room, { guard: admin }));
// @ts-expect-error it says that it is behind a guard, and has none
app.live("/unguarded", Unguarded);
// @ts-expect-error nor the one that it says
app.live("/misguarded", Misguarded);
// @ts-expect-error not an answer
guard((session) => session);
// @ts-expect-error the class needs a status
guard(() => true, { otherwise: HttpError });
// @ts-expect-error no guard
app.channels("/socket", {}, (socket) => socket.channel("room:*", Room, { guard: () => true }));
