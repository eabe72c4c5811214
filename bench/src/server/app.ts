/** The app that is measured: its views, each as an author would write it without a thought of speed. */
import { createApp, each, html, LiveView, LocalPubSub, topic } from "@overwire/server";

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

/** @returns the app, and what publishes {@link news} from outside of any view */
export function createBenchApp() {
  const pubsub = new LocalPubSub();
  const app = createApp({ secret: "a secret that only this benchmark has", pubsub });
  app.live("/counter", Counter);
  app.live("/table", Table);
  app.live("/page", Page);
  app.live("/feed", Feed);
  // Browsers give exact times to isolated pages only.
  app.use("/isolated/*", async (c, next) => {
    await next();
    c.header("cross-origin-opener-policy", "same-origin");
    c.header("cross-origin-embedder-policy", "require-corp");
  });
  app.live("/isolated/table", Table);
  app.get("/isolated/empty", (c) => c.html("<!doctype html><title>empty</title>"));
  return { app, publish: (number: number) => pubsub.publish(news.name, number) };
}
