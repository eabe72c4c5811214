/** Common base of views and live components: events, messages, time, and requests to the page. */
import type { StandardSchemaV1 } from "@standard-schema/spec";
import { Actor, detached, nameOf } from "./actor.ts";
import { type AsyncResult, createAsync, createStreamAsync, type StreamItems } from "./async/async-result.ts";
import { createFeed, type Feed } from "./async/feed.ts";
import type { AsyncLoader, AsyncOutcome } from "./async/task-run.ts";
import { createTasks, type Tasks } from "./async/tasks.ts";
import { checkFunction, checkLoader, checkSchema, checkSession, eventArguments } from "./check-arguments.ts";
import type { EventRun } from "./events/concurrency.ts";
import {
  createEvent,
  type EventHandle,
  type EventOptions,
  type EventPayload,
  type Gate,
  type GuardedEventOptions,
  type GuardedRun,
} from "./events/event.ts";
import type { Flash } from "./flash.ts";
import { createForm } from "./forms/form.ts";
import type { Form, FormOptions } from "./forms/types.ts";
import { checkGuard, type Guard, leaveFor, passEvent, type Refusal } from "./guard.ts";
import type { LifecycleHooks } from "./lifecycle-hooks.ts";
import { checkExternal, checkPath, type External, type PushOptions } from "./navigation/navigation.ts";
import type { Params } from "./navigation/params.ts";
import { rollBack, Snapshot } from "./optimistic.ts";
import { createStream, type Stream, type StreamOptions } from "./streams/stream.ts";
import type { TempFile, Upload, UploadOptions } from "./uploads/types.ts";
import { createUpload } from "./uploads/upload.ts";
import { currentHost, type Session, type ViewContext, type ViewHost } from "./view-host.ts";

/** Argument of `joined`, about the client that is there. */
export interface Joined {
  /** True if the view has had a client before: the client is back after a lost connection. */
  readonly resumed: boolean;
}

export const inTurn = Symbol("overwire.turn");

/** A live component's class, as {@link Live.sendUpdate} takes it. */
export interface ComponentClass<Props extends object = object> {
  new (): Live & { readonly props: Props };
  readonly name: string;
}

/** Base of `LiveView` and `LiveComponent`. */
export abstract class Live extends Actor {
  readonly #host: ViewHost | undefined = currentHost();
  #tasks: Tasks | undefined;

  /** Outcome of {@link startAsync}: `{ ok: true, value }`, or `{ ok: false, error }`. */
  handleAsync?(key: unknown, result: AsyncOutcome<unknown>): unknown;

  /** Params of the route and of the query string. */
  get params(): Params {
    return this.#attached("params").params;
  }

  /** The page's URL. */
  get url(): URL {
    return this.#attached("url").url;
  }

  /** The user's session, read-only: that of the request that mounted the view, or the one that {@link setSession} set since. */
  get session(): Readonly<Session> {
    return this.#attached("session").session;
  }

  /**
   * Sets the session, in place of the one before: in a cookie that only the app can read, which the page fetches at once. The
   * visitor gets a new id. When the promise resolves, the page has the cookie and `session` of all its views is the new one.
   * @throws SessionError outside of a page that is joined (in `mount`, in `render`), if its user has gone, or if
   *   the app has sessions of its own; RangeError if it does not fit into a cookie
   * @example
   * login = this.form(credentials, { submit: async ({ email, password }) => {
   *   const user = await users.verify(email, password);
   *   if (!user) return void (this.wrong = true);
   *   await this.setSession({ userId: user.id });
   *   this.redirect("/");
   * } });
   */
  async setSession(data: Session): Promise<void> {
    checkSession(data);
    await this.#attached("setSession").changeSession(data, "setSession");
  }

  /**
   * Ends the session: of this page, which goes on without one, and with it all other live views and channels of the session,
   * on all nodes.
   * @throws SessionError as {@link setSession} does
   * @example logOut = this.event(async () => { await this.clearSession(); this.redirect("/login"); });
   */
  async clearSession(): Promise<void> {
    await this.#attached("clearSession").changeSession(undefined, "clearSession");
  }

  /** Values that `onMount` hooks have put there. */
  get context(): ViewContext {
    return this.#attached("context").context;
  }

  /** Messages that are shown once: `this.flash.info`. */
  get flash(): Flash {
    return this.#attached("flash").flash;
  }

  /** Set if a client is joined; not yet while a page is painted. */
  get connected(): boolean {
    return this.#attached("connected").connected;
  }

  /**
   * The page that a guard refused before its user logged in, once: a path of this app.
   * @param fallback if there is none
   * @example await this.setSession({ userId: user.id }); this.redirect(this.returnTo("/"));
   */
  returnTo(fallback = "/"): string {
    return this.#attached("returnTo").takeReturnTo() ?? fallback;
  }

  /** A guard sends the page elsewhere. A symbol, to leave all names to authors. */
  [leaveFor]({ to = "/", flash }: Refusal): void {
    const host = this.#attached("redirect");
    const { pathname, search } = host.url;
    if (to.split(/[?#]/, 1)[0] === pathname)
      throw new Error(`A guard of ${nameOf(this)} sends ${to} to itself: let that page be without it.`);
    for (const [kind, message] of Object.entries(flash ?? {})) if (message) host.putFlash(kind, message);
    host.requestRedirect({ kind: "redirect", to, replace: false, returnTo: pathname + search });
  }

  /**
   * Declares an event that the browser may call, under the name of the field it is assigned to.
   * @param schema any Standard Schema (zod, valibot, arktype): a payload that fails never reaches the handler
   * @param handler gets the payload, and an {@link EventRun} that tells if it is still wanted; its result is
   *   the reply
   * @param options `overlap`: handling of a call before an earlier one has ended. `guard`: asked before every call; one
   *   that it refuses runs nothing. The session behind it is the handler's `run.session`
   * @example
   * search = this.event(
   *   z.object({ q: z.string() }),
   *   async ({ q }, { signal, wanted }) => { this.hits = await wanted(find(q, { signal })); },
   *   { overlap: "latest" },
   * );
   */
  event<Reply, S extends Session>(
    handler: (payload: EventPayload, run: GuardedRun<S>) => Reply,
    options: GuardedEventOptions<S>,
  ): EventHandle<EventPayload, Reply>;
  event<Schema extends StandardSchemaV1, Reply, S extends Session>(
    schema: Schema,
    handler: (payload: StandardSchemaV1.InferOutput<Schema>, run: GuardedRun<S>) => Reply,
    options: GuardedEventOptions<S>,
  ): EventHandle<StandardSchemaV1.InferInput<Schema>, Reply>;
  event<Reply>(
    handler: (payload: EventPayload, run: EventRun) => Reply,
    options?: EventOptions,
  ): EventHandle<EventPayload, Reply>;
  event<Schema extends StandardSchemaV1, Reply>(
    schema: Schema,
    handler: (payload: StandardSchemaV1.InferOutput<Schema>, run: EventRun) => Reply,
    options?: EventOptions,
  ): EventHandle<StandardSchemaV1.InferInput<Schema>, Reply>;
  event(
    first: StandardSchemaV1 | ((payload: never, run: never) => unknown),
    second?: EventOptions | ((payload: never, run: never) => unknown),
    third?: EventOptions,
  ): EventHandle<never> {
    const [schema, handler, options] = eventArguments(first, second, third);
    return createEvent(schema, handler, options, this.#host, this.#gate(options?.guard, "event"));
  }

  /**
   * A form whose fields, values and errors are typed by a schema. Keep it in a public field: its events are
   * named after it.
   * @param schema any Standard Schema; only values that fit reach `submit`
   * @param options `values` to begin with, `name` around the fields' names, handlers of `change` and `submit`. `guard`: asked
   *   before each event of the form. The session behind it is `run.session`, of the second argument of the handlers
   * @example
   * signup = this.form(z.object({ email: z.email() }), { submit: ({ email }) => db.invite(email) });
   */
  form<Schema extends StandardSchemaV1, Reply = unknown, G extends Guard | undefined = undefined>(
    schema: Schema,
    options?: FormOptions<Schema, Reply, G>,
  ): Form<StandardSchemaV1.InferInput<Schema>, StandardSchemaV1.InferOutput<Schema>, Reply> {
    checkSchema(schema, "form", "this.form(z.object({ … }), { values: { … } })");
    return createForm(schema, options, this.#host, this.#gate(options?.guard, "form"));
  }

  /**
   * A list of which the server keeps no item: changes are rendered once and sent. Its items appear at the
   * position of {@link Stream.each} in the template, each in one element that has the item's id.
   * @param options `domId`: the id of an item's element; without it `<field>-<item.id>`
   * @example
   * posts = this.stream<Post>();
   * // html`<ul id="posts" phx-update="stream">${this.posts.each((id, post) => html`<li id=${id}>${post.text}</li>`)}</ul>`
   */
  stream<T>(options?: StreamOptions<T>): Stream<T> {
    return createStream<T>(options);
  }

  /**
   * Loads a value beside the view's turn, once a client has joined. Render it with `asyncResult`.
   * @param loader its signal fires when the result is not needed any more: cancelled, loaded again, or the view has ended
   * @example user = this.assignAsync((signal) => db.user(this.params.id, { signal }));
   */
  assignAsync<T>(loader: AsyncLoader<T>): AsyncResult<T> {
    checkLoader(loader, "assignAsync");
    return createAsync(this.#attached("assignAsync"), loader);
  }

  /**
   * Fills a stream beside the view's turn, once a client has joined.
   * @param loader returns the items, or `{ items, at, limit, reset }` to say where they go
   * @returns its state; its result is the number of items
   */
  streamAsync<T>(stream: Stream<T>, loader: AsyncLoader<Iterable<T> | StreamItems<T>>): AsyncResult<number> {
    checkLoader(loader, "streamAsync", "this.posts, ");
    return createStreamAsync(this.#attached("streamAsync"), stream, loader);
  }

  /**
   * Runs a task beside the view's turn; the outcome goes to `handleAsync`. Starting another task under the same
   * key aborts the earlier one and drops its outcome.
   * @param key any value that has a JSON; keys are the same if their JSON is
   * @throws Error if there is no `handleAsync`, TypeError for a key that has no JSON
   */
  startAsync(key: unknown, loader: AsyncLoader<unknown>): void {
    checkLoader(loader, "startAsync", '"key", ');
    this.#tasking("startAsync").start(key, loader);
  }

  /** Aborts the task of a key, if it still runs: `handleAsync` gets the reason as its error. */
  cancelAsync(key: unknown, reason?: unknown): void {
    this.#tasking("cancelAsync").cancel(key, reason);
  }

  /**
   * A region that is fed by an async iterable: a language model's answer, a log. New chunks are appended, and
   * none of them is kept on the server.
   * @example
   * answer = this.feed<string>();
   * ask = this.event(question, ({ text }) => this.answer.start((signal) => model.answer(text, { signal })));
   * // html`<p>${this.answer.each()}</p>`
   */
  feed<T>(): Feed<T> {
    return createFeed(this.#attached("feed"));
  }

  /**
   * Lets users upload files. Keep it in a field and render it with `liveFileInput`.
   * @typeParam Meta argument of `consume`: `{ path }` of a temporary file, or the metadata of `external` or
   *   `writer` say
   * @throws TypeError for options that cannot be right
   * @example photos = this.allowUpload({ accept: ["image/*"], maxEntries: 5, maxFileSize: 10_000_000 });
   */
  allowUpload<Meta extends object = TempFile>(options: UploadOptions<Meta>): Upload<Meta> {
    return createUpload(this.#attached("allowUpload"), options);
  }

  /** Sends an event to the page: `phx:<name>` on its window, with the payload as `detail`. */
  pushEvent(name: string, payload: unknown = {}): void {
    this.#attached("pushEvent").pushEvent(name, payload);
  }

  /**
   * Gives a live component of this view new props, in the view's turn: those that are named, the others stay.
   * @throws Error if `props` has no id
   */
  sendUpdate<Props extends object>(
    Component: ComponentClass<Props>,
    props: Partial<Props> & { readonly id: string },
  ): void {
    this.#attached("sendUpdate").sendUpdate(Component, props as { readonly id: string });
  }

  /** Renders and sends the changes now, in the middle of a long handler. */
  flush(): void {
    this.#attached("flush").flush();
  }

  /**
   * Shows a message once, as `this.flash[kind]`. Messages of the current callback go along when the page is
   * redirected; earlier ones do not.
   * @param kind `info` and `error` are the usual ones
   */
  putFlash(kind: string, message: string): void {
    this.#attached("putFlash").putFlash(kind, message);
  }

  /** Takes away all messages, or those of one kind. A page does it with `phx-click="lv:clear-flash"`. */
  clearFlash(kind?: string): void {
    this.#attached("clearFlash").clearFlash(kind);
  }

  /**
   * Goes to another URL of the same view: `params` and `url` change, `handleParams` runs, nothing is mounted
   * again.
   * @param to a path with its query, `/posts?page=2`
   * @throws TypeError if it is no path of the app; the view crashes if the path belongs to another view
   */
  pushPatch(to: string, { replace = false }: PushOptions = {}): void {
    this.#attached("pushPatch").requestRedirect({ kind: "patch", to: checkPath(to, "pushPatch"), replace });
  }

  /**
   * Goes to another view, over the same socket if it is in the same live session. This view ends.
   * @throws TypeError if it is no path of the app
   */
  pushNavigate(to: string, { replace = false }: PushOptions = {}): void {
    this.#attached("pushNavigate").requestRedirect({
      kind: "navigate",
      to: checkPath(to, "pushNavigate"),
      replace,
    });
  }

  /**
   * Loads another page. This view ends.
   * @param to a path of the app, or `{ external: "https://…" }`
   * @param options `status` of the answer if a page is being requested, default 302
   * @throws TypeError if it is no path of the app, or an unsafe URL
   */
  redirect(to: string | External, options: { readonly status?: number | undefined } = {}): void {
    const host = this.#attached("redirect");
    const external = typeof to === "object" && to !== null ? to : undefined;
    host.requestRedirect({
      kind: "redirect",
      to: external ? checkExternal(external.external, "redirect") : checkPath(to as string, "redirect"),
      replace: false,
      status: external ? external.status : options.status,
    });
  }

  /**
   * Runs a function around a callback of the view, as long as the view lives or until it is detached. Hooks
   * of one stage run in the order in which they were attached, before the view's own method; `halt(reply?)`
   * ends the callback.
   * @param stage `handleEvent` (all events, declared ones too), `handleInfo`, `handleParams`, or
   *   `afterRender`, whose changes are shown by the next rendering
   * @returns a function that detaches it
   */
  attachHook<Stage extends keyof LifecycleHooks>(stage: Stage, hook: LifecycleHooks[Stage]): () => void {
    return this.#attached("attachHook").attachHook(stage, hook);
  }

  /**
   * Shows a change before it is certain: runs `apply`, sends its changes, and waits for `commit`. If that
   * throws, all data fields are put back as they were; in an event that overlaps with others, those that
   * `apply` has changed and no other run since. A handler that rethrows the error does not crash its view:
   * its event is refused, and commands that the page ran in advance are taken back.
   * @returns the result of `commit`
   * @throws the error of `commit`
   * @example like = this.event(() => this.optimistic(() => { this.likes++; }, () => db.like(this.params.id)));
   */
  async optimistic<T>(apply: () => void, commit: () => T | Promise<T>): Promise<T> {
    const host = this.#attached("optimistic");
    const write = "this.optimistic(() => { … }, () => db.save(…))";
    checkFunction(apply, "What this.optimistic shows", write);
    checkFunction(commit, "What this.optimistic makes certain", write);
    const before = new Snapshot(this);
    apply();
    const applied = new Snapshot(this);
    const { callbackCount } = host;
    host.flush();
    try {
      return await commit();
    } catch (error) {
      if (host.callbackCount === callbackCount) before.restore();
      else before.restoreChanged(applied);
      throw rollBack(error);
    }
  }

  /** Runs something in the view's turn, after the messages that are waiting already. A symbol, to leave all names to authors. */
  protected [inTurn](label: string, run: (host: ViewHost) => unknown): void {
    const host = this.#attached(label);
    host.post(label, () => run(host));
  }

  #gate(guard: Guard | undefined, method: string): Gate | undefined {
    if (!guard) return undefined;
    const checked = checkGuard(guard, `The option guard of this.${method}`);
    return { pass: () => passEvent(checked, this), session: () => this.session };
  }

  #tasking(what: string): Tasks {
    const host = this.#attached(what);
    if (!this.handleAsync) {
      throw new Error(
        `${nameOf(this)}.${what} needs a method that hears of the result: handleAsync(key, result) { … }`,
      );
    }
    this.#tasks ??= createTasks(host, (key, outcome) => this.handleAsync?.(key, outcome));
    return this.#tasks;
  }

  #attached(what: string): ViewHost {
    return this.#host ?? detached(this, what);
  }
}
