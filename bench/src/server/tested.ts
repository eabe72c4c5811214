/** The process in which pages are opened and driven as tests do it, and bare happy-dom beside them. */
import { createApp, html, LiveComponent, LiveView } from "@overwire/server";
import { type LiveDriver, live, request } from "@overwire/testing";
import { GlobalWindow } from "happy-dom";
import { answer } from "../calls.ts";

class Counter extends LiveView {
  count = 0;
  inc = this.event(() => {
    this.count++;
  });
  override render() {
    return html`<h1>${this.count}</h1><button phx-click=${this.inc}>+</button>`;
  }
}

class Post extends LiveComponent<{ dom: string; name: string }> {
  likes = 0;
  like = this.event(() => {
    this.likes++;
  });
  override render() {
    const { dom, name } = this.props;
    return html`<li id=${dom}>${name} <button phx-click=${this.like}>♥ ${this.likes}</button></li>`;
  }
}

/** 100 live components in a stream. */
class Posts extends LiveView {
  posts = this.stream<{ id: number }>();
  override mount() {
    this.posts.insertMany(Array.from({ length: 100 }, (_, id) => ({ id })));
  }
  override render() {
    return html`<ul id="posts" phx-update="stream">
      ${this.posts.each((dom, { id }) => html`<${Post} id=${`post-${id}`} dom=${dom} name=${`Post ${id}`} />`)}
    </ul>`;
  }
}

/** Does something over and over. @returns runs per second, and milliseconds of CPU for each */
async function rate(seconds: number, run: () => Promise<unknown>): Promise<{ rate: number; cpu: number }> {
  for (let warm = 0; warm < 20; warm++) await run();
  const [start, before] = [performance.now(), process.cpuUsage()];
  let times = 0;
  while (performance.now() - start < seconds * 1000) {
    await run();
    times++;
  }
  const { user, system } = process.cpuUsage(before);
  return { rate: (1000 * times) / (performance.now() - start), cpu: (user + system) / 1000 / times };
}

async function clicks(seconds: number, view: LiveDriver, button: string) {
  const result = await rate(seconds, () => view.element(button).click());
  await view.close();
  return result;
}

const opening = async (View: { new (): LiveView }) => {
  const view = await live(View);
  await view.close();
};

/** Lowest cost of opening a page: a window of happy-dom, with the page's HTML in it. */
async function bare(html: string): Promise<void> {
  const window = new GlobalWindow({ url: "http://localhost/" });
  window.document.write(html);
  await window.happyDOM.close();
}

async function bareOf(View: { new (): LiveView }, seconds: number) {
  const view = await live(View);
  const { outerHTML } = view.window.document.documentElement;
  await view.close();
  return rate(seconds, () => bare(outerHTML));
}

/** Handlers that do next to nothing, and their requests by a visitor or bare. */
function handlers() {
  const app = createApp({ secret: "benchmarks of requests, not for a real app" });
  app.post("/posts", async (c) => c.text(String((await c.req.parseBody())["title"])));
  app.get("/me", async (c) => c.json(await app.getSession(c)));
  const url = "http://localhost/posts";
  const body = () => new URLSearchParams({ title: "Hello" });
  return {
    app,
    post: async () => (await request(app).post("/posts", { form: { title: "Hello" } })).text(),
    barePost: async () => (await app.request(url, { method: "POST", body: body() })).text(),
    session: async () => (await request(app, { session: { id: 7 } as object }).get("/me")).json(),
    bareSession: async (cookie: string) => (await app.request("/me", { headers: { cookie } })).json(),
  };
}

/** The cookies of a session, as a `cookie` header. */
async function cookieOf({ app }: ReturnType<typeof handlers>): Promise<string> {
  const visitor = request(app, { session: { id: 7 } as object });
  await visitor.get("/me");
  return ["ow_session", "ow_visitor"].map((name) => `${name}=${visitor.cookie(name)}`).join("; ");
}

const calls = {
  posts: (seconds: number) => rate(seconds, handlers().post),
  barePosts: (seconds: number) => rate(seconds, handlers().barePost),
  sessions: (seconds: number) => rate(seconds, handlers().session),
  bareSessions: async (seconds: number) => {
    const tested = handlers();
    const cookie = await cookieOf(tested);
    return rate(seconds, () => tested.bareSession(cookie));
  },
  clicks: async (seconds: number) => clicks(seconds, await live(Counter), "button"),
  postClicks: async (seconds: number) => clicks(seconds, await live(Posts), "li:nth-child(50) button"),
  pages: (seconds: number) => rate(seconds, () => opening(Counter)),
  barePages: (seconds: number) => bareOf(Counter, seconds),
  postPages: (seconds: number) => rate(seconds, () => opening(Posts)),
  barePostPages: (seconds: number) => bareOf(Posts, seconds),
};

export type TestedCalls = typeof calls;
answer(calls);
