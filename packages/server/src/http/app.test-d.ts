/** Types: which view fits which path. Checked by `npm run types`, never run. */
import { createApp } from "../app.ts";
import { html } from "../template/html.ts";
import { LiveView } from "../view/live-view.ts";

class Any extends LiveView {
  override render = () => html`<p></p>`;
}

class Post extends LiveView<"/posts/:id"> {
  override render() {
    const id: string = this.params.id;
    return html`<p>${id}</p>`;
  }
}

class WithConstructor extends LiveView {
  constructor(_needed: string) {
    super();
  }
  override render = () => html`<p></p>`;
}

const app = createApp();

app.live("/", Any);
app.live("/posts/:id", Any);
app.live("/posts/:id", Post, { title: "Post" }).live("/other", Any);
app.get("/api", (c) => c.text("x"));

// @ts-expect-error a view for another path
app.live("/posts/:slug", Post);
// @ts-expect-error a view for a path with params, at one that has none
app.live("/", Post);
// @ts-expect-error no view
app.live("/", class {});
// @ts-expect-error nobody could construct it
app.live("/", WithConstructor);
