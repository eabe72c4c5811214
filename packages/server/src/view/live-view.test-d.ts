/** Types: what an author of views is told before anything runs. Checked by `npm run types`, never run. */
import { expectTypeOf } from "vitest";
import { z } from "zod";
import { html } from "../template/html.ts";
import type { EventHandle, EventPayload } from "./events/event.ts";
import type { Joined } from "./live.ts";
import { LiveView } from "./live-view.ts";
import type { Params, ParamsOf, ParamValue } from "./navigation/params.ts";
import { topic } from "./topic.ts";
import type { Session } from "./view-host.ts";

interface Message {
  readonly text: string;
}
const messages = topic<Message>("messages");

class View extends LiveView<"/posts/:id/:page?"> {
  count = 0;
  plain = this.event((payload) => {
    expectTypeOf(payload).toEqualTypeOf<EventPayload>();
    return 7;
  });
  typed = this.event(z.object({ by: z.coerce.number(), at: z.date() }), ({ by, at }) => {
    expectTypeOf(by).toEqualTypeOf<number>();
    expectTypeOf(at).toEqualTypeOf<Date>();
    // @ts-expect-error a payload's values are unknown until a schema has checked them
    this.event(({ id }) => this.rename(id));
    return { ok: true };
  });

  rename(_name: string) {}

  sessions = this.event(async () => {
    expectTypeOf(this.session).toEqualTypeOf<Readonly<Session>>();
    expectTypeOf(await this.setSession(this.session)).toEqualTypeOf<void>();
    expectTypeOf(await this.clearSession()).toEqualTypeOf<void>();
    // @ts-expect-error a session is an object
    await this.setSession(undefined);
    // @ts-expect-error and not the id of a user
    await this.setSession("7");
    // @ts-expect-error nothing of it is to be kept
    await this.clearSession({});
  });

  override mount() {
    expectTypeOf(this.params.id).toEqualTypeOf<string>();
    expectTypeOf(this.params.page).toEqualTypeOf<string | undefined>();
    expectTypeOf(this.params.query).toEqualTypeOf<ParamValue | undefined>();
    expectTypeOf(this.url).toEqualTypeOf<URL>();
    this.subscribe(messages, (message) => expectTypeOf(message).toEqualTypeOf<Message>());
    this.subscribe<number>("numbers", (number) => expectTypeOf(number).toEqualTypeOf<number>());
    this.publish(messages, { text: "hello" });
    // @ts-expect-error not what the topic carries
    this.publish(messages, { words: "hello" });
    // @ts-expect-error params are not to be changed
    this.params.id = "2";
    this.pageTitle = "Title";
    // @ts-expect-error a title is text
    this.pageTitle = 7;
  }

  override render() {
    this.typed({ by: "5", at: new Date() });
    // @ts-expect-error the schema wants a date
    this.typed({ by: 5 });
    return html`<p>${this.count}</p>`;
  }
}

expectTypeOf<View["plain"]>().toEqualTypeOf<EventHandle<EventPayload, number>>();
expectTypeOf<NonNullable<View["typed"]["reply"]>>().toEqualTypeOf<{ ok: boolean }>();

// @ts-expect-error a view shows something
class Blind extends LiveView {}
void Blind;

class Wrong extends LiveView {
  // @ts-expect-error and that is a template
  override render() {
    return "text";
  }
}
void Wrong;

class Async extends LiveView {
  // @ts-expect-error which is there at once
  override async render() {
    return html`<p></p>`;
  }
}
void Async;

expectTypeOf<ParamsOf<"/a/:id" | "/b/:id">["id"]>().toEqualTypeOf<string>();
expectTypeOf<ParamsOf<"/a/:id" | "/b/:id?">["id"]>().toEqualTypeOf<string | undefined>();
expectTypeOf<ParamsOf<"/a/:id" | "/b/:slug">["slug"]>().toEqualTypeOf<ParamValue | undefined>();
expectTypeOf<ParamsOf<"/a/:id" | "/b/:slug">["anything"]>().toEqualTypeOf<ParamValue | undefined>();
expectTypeOf<ParamsOf<string>>().toEqualTypeOf<Params>();
expectTypeOf<ParamsOf<"/">["anything"]>().toEqualTypeOf<ParamValue | undefined>();
expectTypeOf<ParamsOf<"/:year{[0-9]{4}}/:slug">["year"]>().toEqualTypeOf<string>();
expectTypeOf<ParamsOf<"/:file{.+/x}">["file"]>().toEqualTypeOf<string>();

class Joining extends LiveView {
  override async joined({ resumed }: Joined) {
    expectTypeOf(resumed).toEqualTypeOf<boolean>();
  }
  override render() {
    return html`<p></p>`;
  }
}
expectTypeOf<NonNullable<Joining["joined"]>>().returns.toEqualTypeOf<Promise<void>>();

abstract class Misjoining extends LiveView {
  // @ts-expect-error a view is told whether its client is back, not how
  override joined(_client: { resumed: string }) {}
}
new (class extends Misjoining {
  override render() {
    return html``;
  }
})();
