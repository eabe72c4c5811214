/** Types: what work beside the mailbox is known to bring. Checked by `npm run types`, never run. */
import { expectTypeOf } from "vitest";
import { z } from "zod";
import { html } from "../../template/html.ts";
import type { EventHandle, EventPayload } from "../events/event.ts";
import { LiveComponent } from "../live-component.ts";
import { LiveView } from "../live-view.ts";
import type { AsyncResult } from "./async-result.ts";
import { asyncResult } from "./async-result-view.ts";
import type { Feed } from "./feed.ts";
import type { AsyncOutcome } from "./task-run.ts";

interface User {
  readonly id: string;
  readonly name: string;
}

declare function find(q: string, options: { signal: AbortSignal }): Promise<User[]>;

class View extends LiveView<"/:id"> {
  hits: User[] = [];
  user = this.assignAsync(async (signal): Promise<User> => {
    expectTypeOf(signal).toEqualTypeOf<AbortSignal>();
    return { id: this.params.id, name: "Ann" };
  });
  now = this.assignAsync(() => 7);
  users = this.stream<User>();
  page = this.streamAsync(this.users, async () => [{ id: "1", name: "Ann" }]);
  more = this.streamAsync(this.users, (signal) => find("", { signal }));
  top = this.streamAsync(this.users, async () => ({ items: new Set<User>(), at: 0, limit: 10, reset: true }));
  // @ts-expect-error not what the stream holds
  wrong = this.streamAsync(this.users, async () => [{ id: 1 }]);

  search = this.event(
    z.object({ q: z.string(), page: z.coerce.number() }),
    async ({ q, page }, { signal, wanted }) => {
      expectTypeOf(page).toEqualTypeOf<number>();
      const hits = await wanted(find(q, { signal }));
      expectTypeOf(hits).toEqualTypeOf<User[]>();
      expectTypeOf(await wanted("at once")).toEqualTypeOf<string>();
      this.hits = hits;
    },
    { overlap: "latest" },
  );
  plain = this.event(
    (payload) => {
      expectTypeOf(payload).toEqualTypeOf<EventPayload>();
      return 7;
    },
    { overlap: "parallel" },
  );
  without = this.event(() => {});
  // @ts-expect-error there is no such overlap
  odd = this.event(() => {}, { overlap: "newest" });

  answer = this.feed<string>();
  rows = this.feed<User>();
  numbers = this.feed<number>();

  override mount() {
    if (this.user.ok) expectTypeOf(this.user.result).toEqualTypeOf<User>();
    else expectTypeOf(this.user.result).toEqualTypeOf<undefined>();
    expectTypeOf(this.user.result?.name).toEqualTypeOf<string | undefined>();
    expectTypeOf(this.user.failed).toEqualTypeOf<Error | undefined>();
    // @ts-expect-error only a run changes it
    this.user.loading = true;
    this.user.reload({ reset: true });

    this.startAsync({ any: ["key"] }, async (signal) => find("", { signal }));
    this.cancelAsync("key", "reason");

    this.answer.start((signal) => {
      expectTypeOf(signal).toEqualTypeOf<AbortSignal>();
      return words();
    });
    this.answer.start(words(), { reset: false });
    this.answer.start(async () => words());
    // @ts-expect-error text, not numbers
    this.numbers.start(words());
  }

  override handleAsync(key: unknown, result: AsyncOutcome<unknown>) {
    expectTypeOf(key).toEqualTypeOf<unknown>();
    if (result.ok) expectTypeOf(result.value).toEqualTypeOf<unknown>();
    else expectTypeOf(result.error).toEqualTypeOf<Error>();
  }

  override render() {
    this.answer.each((chunk) => {
      expectTypeOf(chunk).toEqualTypeOf<string>();
      return chunk;
    });
    // @ts-expect-error an object cannot stand in a template as it is
    this.rows.each();
    return html`
      ${asyncResult(this.user, {
        loading: "…",
        ok: (user, result) => {
          expectTypeOf(user).toEqualTypeOf<User>();
          expectTypeOf(result).toEqualTypeOf<AsyncResult<User>>();
          return user.name;
        },
        failed: (error) => {
          expectTypeOf(error).toEqualTypeOf<Error>();
          return error.message;
        },
      })}
      ${this.answer.each()} ${this.numbers.each()} ${this.rows.each((user) => user.name)}`;
  }
}

async function* words() {
  yield "word";
}

expectTypeOf<View["now"]>().toEqualTypeOf<AsyncResult<number>>();
expectTypeOf<View["page"]>().toEqualTypeOf<AsyncResult<number>>();
expectTypeOf<View["search"]>().toEqualTypeOf<EventHandle<{ q: string; page: unknown }, Promise<void>>>();
expectTypeOf<View["plain"]>().toEqualTypeOf<EventHandle<EventPayload, number>>();
expectTypeOf<View["without"]>().toEqualTypeOf<EventHandle<EventPayload, void>>();
expectTypeOf<View["answer"]>().toEqualTypeOf<Feed<string>>();

class Part extends LiveComponent<{ userId: string }> {
  user = this.assignAsync(async () => ({ id: this.props.userId }));
  override handleAsync(_key: unknown, result: AsyncOutcome<unknown>) {
    if (!result.ok) this.putFlash("error", result.error.message);
  }
  render() {
    return html`<p>${asyncResult(this.user, { ok: ({ id }) => id })}</p>`;
  }
}
void Part;
