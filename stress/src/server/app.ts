/** The app under attack: it has each feature that a client can reach, once. */
import {
  asyncResult,
  createApp,
  each,
  FieldErrors,
  html,
  type Limits,
  Link,
  LiveComponent,
  liveFileInput,
  type OverwireApp,
  type Report,
  topic,
} from "@overwire/server";
import type { Context } from "hono";
import { z } from "zod";
import { Account } from "./account.ts";
import { defineChannels } from "./channels.ts";
import { EXPECTED, pause, sizeOf, text, Watched } from "./watched.ts";

declare module "@overwire/server" {
  interface Session {
    userId?: number;
  }
}

const ticks = topic<number>("ticks");

let mounts = 0;

class Counter extends Watched {
  /** Distinguishes processes of the view that show the same. */
  readonly serial = ++mounts;
  count = 0;
  inc = this.event(() => ++this.count);
  add = this.event(z.object({ by: z.coerce.number().int().max(1000) }), ({ by }) => {
    this.count += by;
  });
  slow = this.event(async () => {
    await pause(20);
    this.count++;
  });
  stuck = this.event(() => pause(3000));
  grow = this.event(({ size }) => "x".repeat(sizeOf(size)));
  push = this.event(({ times, size }) => {
    const body = "x".repeat(sizeOf(size));
    for (let at = 0; at < sizeOf(times); at++) this.pushEvent("pushed", { at, text: body });
  });
  boom = this.event(() => {
    throw new Error(`${EXPECTED} boom`);
  });
  fail = this.event(({ text: say }) => {
    throw new Error(`${EXPECTED} ${text(say)}`);
  });
  forget = this.event(() => {
    void pause(1).then(() => Promise.reject(new Error(`${EXPECTED} forgotten`)));
    setTimeout(() => {
      throw new Error(`${EXPECTED} late`);
    }, 1);
  });
  spin = this.event(() => this.send("again"));
  handleInfo(message: unknown) {
    this.send(message);
  }
  tick = this.event(() => this.publish(ticks, this.count));
  override mount() {
    super.mount();
    this.subscribe(ticks, () => {});
  }
  override render() {
    return html`<h1>${this.count}</h1><p>${this.url.host} ${this.url.pathname}</p><i>${this.serial}</i>
      <button phx-click=${this.inc}>+</button>`;
  }
}

const rows = z.array(z.object({ title: z.string().min(1), done: z.boolean() }));

class Forms extends Watched {
  names = 0;
  sent = 0;
  signup = this.form(
    z.object({
      name: z.string().min(2),
      age: z.number().optional(),
      tags: z.array(z.string()).optional(),
      address: z.object({ city: z.string() }),
      rows,
    }),
    {
      submit: () => {
        this.sent++;
      },
    },
  );
  ratings = this.form(z.object({ scores: z.record(z.string(), z.object({ points: z.number() })) }), {
    submit: () => {},
  });
  loose = this.event((payload) => {
    this.names = Object.keys(payload).length;
    return payload;
  });
  override render() {
    const { fields, change, submit } = this.signup;
    return html`<form id="signup" phx-change=${change} phx-submit=${submit}>
        <input ...${fields.name.attributes}><${FieldErrors} field=${fields.name} />
        <input ...${fields.age.attributes}>
        <input ...${fields.address.city.attributes}>
        <input ...${fields.rows.attributes}>
        ${fields.rows.map((row, { removeEvent }) => html`<p><input ...${row.title.attributes}><button type="button" phx-click=${removeEvent}>-</button></p>`)}
        <button type="button" phx-click=${fields.rows.addEvent}>Add</button>
      </form>
      <form id="loose" phx-change=${this.loose}><input name="user[name]"></form>
      <form id="ratings" phx-change=${this.ratings.change}></form>
      <p>${this.sent} sent, ${this.names} names</p>`;
  }
}

class Child extends Watched {
  n = 0;
  more = this.event(() => {
    this.n++;
  });
  away = this.event(() => this.pushPatch("/nested?from=child"));
  override render() {
    return html`<button class="child" phx-click=${this.more}>${this.n}</button>`;
  }
}

class Player extends Watched {
  song = 0;
  next = this.event(() => {
    this.song++;
  });
  override render() {
    return html`<button class="player" phx-click=${this.next}>${this.song}</button>`;
  }
}

class Line extends LiveComponent<{ text: string }> {
  marked = false;
  mark = this.event(() => {
    this.marked = !this.marked;
  });
  override render() {
    return html`<li id=${this.id} class=${{ marked: this.marked }}>${this.props.text}<button phx-click=${this.mark}>!</button></li>`;
  }
}

class Nested extends Watched {
  shown = true;
  lines = ["a", "b", "c"];
  toggle = this.event(() => {
    this.shown = !this.shown;
  });
  turn = this.event(() => {
    this.lines.push(this.lines.shift() ?? "");
  });
  override render() {
    return html`<button phx-click=${this.toggle}>toggle</button>
      ${this.shown && html`<${Child} id="child" />`}
      <${Player} id="player" sticky />
      <ul>${each(
        this.lines,
        (line) => line,
        (line) => html`<${Line} id=${line} text=${line} />`,
      )}</ul>`;
  }
}

class Lists extends Watched {
  next = 3;
  posts = this.stream<{ id: number; text: string }>();
  chips = this.stream<{ id: number }>();
  said = this.feed<string>();
  override mount() {
    super.mount();
    this.posts.insertMany([1, 2, 3].map((id) => ({ id, text: `post ${id}` })));
    this.chips.insertMany([{ id: 1 }, { id: 2 }]);
  }
  append = this.event(() => {
    this.posts.insert({ id: ++this.next, text: "new" }, { limit: -20 });
  });
  drop = this.event(({ id }) => this.posts.deleteById(`posts-${text(id)}`));
  clear = this.event(() => this.posts.reset([]));
  chip = this.event(() => this.chips.insert({ id: ++this.next }, { at: 0, limit: 5 }));
  say = this.event(() => {
    this.said.start(words());
  });
  override render() {
    return html`<ul id="posts" phx-update="stream">${this.posts.each((id, post) => html`<li id=${id}>${post.text}</li>`)}</ul>
      <ul id="chips" phx-update="stream">${this.chips.each((id, { id: n }) => html`<li id=${id}><ul><${Line} id=${`chip-${n}`} text=${String(n)} /></ul></li>`)}</ul>
      <p id="said">${this.said.each()}</p><button id="append" phx-click=${this.append}>Append</button>`;
  }
}

async function* words() {
  for (let at = 0; at < 5; at++) {
    await pause(1);
    yield `word ${at} `;
  }
}

class Uploads extends Watched {
  files = this.allowUpload({ accept: "any", maxEntries: 3, maxFileSize: 300_000, chunkTimeout: 2000 });
  auto = this.allowUpload({
    accept: [".txt"],
    maxFileSize: 100_000,
    autoUpload: true,
    chunkTimeout: 2000,
    progress: (entry): unknown => entry.done && this.auto.consumeEntry(entry.ref, ({ path }) => path),
  });
  outside = this.allowUpload({
    accept: "any",
    external: ({ uuid }) => ({ uploader: "Nowhere", url: `https://files.example/${uuid}` }),
  });
  taken = 0;
  save = this.event(async () => {
    if (this.files.entries.some((entry) => !entry.done)) return;
    this.taken += (await this.files.consume(({ path }) => path)).length;
  });
  cancel = this.event(({ ref }) => {
    if (this.files.entries.some((entry) => entry.ref === ref)) this.files.cancel(text(ref));
  });
  override render() {
    return html`<form id="files" phx-submit=${this.save}>${liveFileInput(this.files)}
      ${this.files.entries.map(({ clientName, progress }) => html`<p>${clientName} ${progress}</p>`)}</form>
      <form id="auto">${liveFileInput(this.auto)}</form>
      <form id="outside">${liveFileInput(this.outside)}</form><p>${this.taken}</p>`;
  }
}

class Slow extends Watched {
  found = "";
  liked = false;
  value = this.assignAsync(async () => {
    await pause(5);
    return "there";
  });
  again = this.event(() => this.value.reload({ reset: true }));
  task = this.event(({ key }) =>
    this.startAsync(text(key), async (signal) => {
      await pause(5);
      return signal.aborted;
    }),
  );
  stop = this.event(({ key }) => this.cancelAsync(text(key)));
  handleAsync(key: string) {
    this.found = key.slice(0, 20);
  }
  search = this.event(
    z.object({ q: z.string() }),
    async ({ q }) => {
      await pause(5);
      this.found = q.slice(0, 20);
    },
    { overlap: "latest" },
  );
  like = this.event(({ refuse }) =>
    this.optimistic(
      () => {
        this.liked = !this.liked;
      },
      async () => {
        await pause(2);
        if (refuse) throw new Error(`${EXPECTED} refused`);
      },
    ),
  );
  override render() {
    return html`${asyncResult(this.value, { loading: html`<p>…</p>`, ok: (value) => html`<p>${value}</p>` })}
      <p>${this.found}</p><button class=${{ liked: this.liked }} phx-click=${this.like}>like</button>`;
  }
}

class Items extends Watched<"/items/:id?"> {
  visits = 0;
  handleParams() {
    this.visits++;
  }
  go = this.event(({ to }) => this.pushPatch(`/items/x${encodeURIComponent(text(to).slice(0, 10))}`));
  leave = this.event(() => this.pushNavigate("/"));
  out = this.event(() => this.redirect("/items"));
  flashed = this.event(() => this.putFlash("info", "Hello"));
  override render() {
    return html`<h1>${this.params.id ?? "none"}</h1><p>${JSON.stringify(this.params)} ${this.url.href}</p>
      <${Link} patch="/items/2">2<//><${Link} navigate="/">home<//><i>${this.visits} ${this.flash.info ?? ""}</i>`;
  }
}

class Anything extends Watched {
  last = "";
  handleEvent(name: string, payload: unknown) {
    this.last = name.slice(0, 40);
    return payload;
  }
  override render() {
    return html`<p>${this.last}</p>`;
  }
}

class Late extends Watched {
  n = 0;
  inc = this.event(() => {
    this.n++;
  });
  override async mount() {
    await super.mount();
    await pause(500);
  }
  override render() {
    return html`<p>${this.n}</p>`;
  }
}

class Admin extends Watched {
  override render() {
    return html`<p>admin of ${this.session.userId ?? "nobody"}</p>`;
  }
}

/** Options in which the app differs from one test to the next. */
export interface AppSettings {
  readonly limits?: Partial<Limits>;
  /** Prints reports as the default does, or throws at each one. */
  readonly reports?: "printed" | "thrown";
}

export const SECRET = "a-secret-of-the-stress-tests-0123456789";

/** Answers a body that cannot be read, as an author may well do. */
const bodyOf = (c: Context) => c.req.parseBody().catch((): Record<string, undefined> => ({}));

function fault(): never {
  throw new Error(`${EXPECTED} a fault of the report`);
}

export function createStressApp(settings: AppSettings, report: (report: Report) => void): OverwireApp {
  const app = createApp({
    secret: SECRET,
    ...(settings.limits && { limits: settings.limits }),
    ...(settings.reports !== "printed" && { report: settings.reports === "thrown" ? fault : report }),
  });
  app.use("/admin/*", async (c, next) => {
    const { userId } = await app.getSession(c);
    return userId === 1 ? next() : c.text("forbidden", 403);
  });
  app.use("/moved", (c) => Promise.resolve(c.redirect("/.//evil.example/")));
  app.live("/", Counter);
  app.live("/counter", Counter);
  app.live("/forms", Forms);
  app.live("/nested", Nested);
  app.live("/lists", Lists);
  app.live("/uploads", Uploads);
  app.live("/slow", Slow);
  app.live("/items/:id?", Items);
  app.live("/anything", Anything);
  app.live("/moved", Counter);
  app.live("/late", Late);
  app.live("/admin/panel", Admin);
  app.live("/account", Account);
  defineChannels(app);
  app.get("/health", (c) => c.text("ok"));
  app.post("/login", async (c) => {
    const { user } = await bodyOf(c);
    await app.setSession(c, { userId: Number(user) || 0 });
    app.putFlash(c, "info", "Welcome");
    return c.redirect("/");
  });
  app.post("/read", async (c) => c.text(await c.req.text()));
  app.get("/whoami", async (c) => c.json(await app.getSession(c)));
  return app;
}
