/** The app that is measured: its views, each as an author would write it without a thought of speed. */
import { createApp, each, html, LiveView, LocalPubSub, topic } from "@overwire/server";
import { Discarded, Kept } from "./uploads.ts";

interface Product {
  readonly id: number;
  readonly name: string;
  readonly price: string;
  stock: number;
}

export const products = (count: number): Product[] =>
  Array.from({ length: count }, (_, index) => ({
    id: index + 1,
    name: `Product ${index + 1}`,
    price: `${((index * 37) % 500) + 1}.95`,
    stock: 100 + (index % 50),
  }));

const table = (rows: readonly Product[]) => html`
  <table>
    <thead><tr><th>No.</th><th>Name</th><th>Price</th><th>Stock</th></tr></thead>
    <tbody>
      ${each(
        rows,
        (row) => row.id,
        (row) =>
          html`<tr><td>${row.id}</td><td>${row.name}</td><td>${row.price}</td><td>${row.stock}</td></tr>`,
      )}
    </tbody>
  </table>`;

export class Counter extends LiveView {
  count = 0;
  inc = this.event(() => {
    this.count++;
  });

  render() {
    return html`
      <h1>Count: ${this.count}</h1>
      <button phx-click=${this.inc}>+</button>`;
  }
}

/** A thousand rows; each event sells one piece of the next product. */
export class Table extends LiveView {
  rows = products(1000);
  sold = 0;
  sell = this.event(() => {
    const row = this.rows[(this.sold++ * 7) % this.rows.length];
    if (row) row.stock++;
  });

  render() {
    return html`<button phx-click=${this.sell}>Sell</button>${table(this.rows)}`;
  }
}

const catalogue = products(100);

/** A page that is mostly read. Its rows are there already: what it takes to load them is not what is measured. */
export class Page extends LiveView {
  rows = catalogue;

  render() {
    return html`<h1>Products</h1>${table(this.rows)}`;
  }
}

export const news = topic<number>("news");

export class Feed extends LiveView {
  latest = 0;

  override mount() {
    this.subscribe(news, (number) => {
      this.latest = number;
    });
  }

  render() {
    return html`<p>Latest: ${this.latest}</p>`;
  }
}

interface Post {
  readonly id: number;
  readonly text: string;
}

/** A stream that has as many items as its path says, and gets one more with each event. */
export class Timeline extends LiveView {
  posts = this.stream<Post>();
  #last = 0;

  override mount() {
    this.posts.insertMany(this.#write(Number(this.params.items)));
  }

  append = this.event(() => this.posts.insertMany(this.#write(1)));
  prepend = this.event(() => this.posts.insertMany(this.#write(1), { at: 0 }));
  fill = this.event(() => this.posts.insertMany(this.#write(1000)));
  /** Takes away what was put in last. */
  drop = this.event(() => this.posts.deleteById(`posts-${this.#last}`));

  #write(count: number): Post[] {
    return Array.from({ length: count }, () => {
      const id = ++this.#last;
      return { id, text: `What there is to say, for the ${id}th time` };
    });
  }

  render() {
    return html`
      <button id="append" phx-click=${this.append}>At the end</button>
      <button id="prepend" phx-click=${this.prepend}>At the beginning</button>
      <button id="drop" phx-click=${this.drop}>Take it away</button>
      <ul id="posts" phx-update="stream">
        ${this.posts.each((id, post) => html`<li id=${id}><b>${post.id}</b> <span>${post.text}</span></li>`)}
      </ul>`;
  }
}

/** @returns the app, and what publishes {@link news} from outside of any view */
export function createBenchApp() {
  const pubsub = new LocalPubSub();
  const app = createApp({ secret: "a secret that only this benchmark has", pubsub });
  app.live("/counter", Counter);
  app.live("/table", Table);
  app.live("/page", Page);
  app.live("/feed", Feed);
  app.live("/stream/:items", Timeline);
  app.live("/upload/kept", Kept);
  app.live("/upload/discarded", Discarded);
  // Browsers give exact times to isolated pages only.
  app.use("/isolated/*", async (c, next) => {
    await next();
    c.header("cross-origin-opener-policy", "same-origin");
    c.header("cross-origin-embedder-policy", "require-corp");
  });
  app.live("/isolated/table", Table);
  app.live("/isolated/stream/:items", Timeline);
  app.live("/isolated/upload", Kept);
  app.get("/isolated/empty", (c) => c.html("<!doctype html><title>empty</title>"));
  return { app, publish: (number: number) => pubsub.publish(news.name, number) };
}
