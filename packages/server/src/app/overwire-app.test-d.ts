/** Types: which view fits which path. Checked by `npm run types`, never run. */
import { expectTypeOf } from "vitest";
import { createApp } from "../app.ts";
import { html } from "../template/html.ts";
import { LiveView } from "../view/live-view.ts";
import type { ParamValue } from "../view/navigation/params.ts";
import { topic } from "../view/topic.ts";

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

class Place extends LiveView<"/places/:id" | "/maps/:map/places/:id" | "/places/:id/:tab?"> {
  override render() {
    const id: string = this.params.id;
    expectTypeOf(this.params.tab).toEqualTypeOf<ParamValue | undefined>();
    // @ts-expect-error not all of its routes have it, and a query string may nest it
    const map: string | undefined = this.params.map;
    return html`<p>${id} ${String(map)}</p>`;
  }
}

class List extends LiveView<"/list" | "/list/:id"> {
  override render() {
    expectTypeOf(this.params.id).toEqualTypeOf<ParamValue | undefined>();
    return html`<p></p>`;
  }
}

class Edit extends Place {}

const app = createApp();

app.live("/", Any);
app.live("/posts/:id", Any);
app.live("/posts/:id", Post, { title: "Post" }).live("/other", Any);
app.live("/places/:id", Place).live("/maps/:map/places/:id", Place).live("/places/:id/:tab?", Place);
app.live("/list", List, { params: { action: "all" } }).live("/list/:id", List);
app.live("/places/:id", Edit);
app.get("/api", (c) => c.text("x"));

// @ts-expect-error a view for another path
app.live("/posts/:slug", Post);
// @ts-expect-error a view for a path with params, at one that has none
app.live("/", Post);
// @ts-expect-error none of its paths
app.live("/places", Place);
// @ts-expect-error nor one that only begins as one of them does
app.live("/places/:id/edit", Place);
// @ts-expect-error nor all of them at once
app.live("/places/:id | /maps/:map/places/:id", Place);
declare const path: "/list" | "/other";
// @ts-expect-error one of the paths is not the view's
app.live(path, List);
// @ts-expect-error no view
app.live("/", class {});
// @ts-expect-error it could not be constructed
app.live("/", WithConstructor);

const numbers = topic<number>("numbers");

app.publish(numbers, 1);
app.publish("anything", { of: "any" });
// @ts-expect-error another message than the topic's
app.publish(numbers, "1");
const stop: () => void = app.subscribe(numbers, (number) => number.toFixed());
stop();
// @ts-expect-error a handler for other messages
app.subscribe(numbers, (text: string) => text);
createApp({ identify: (session) => Object.keys(session).length > 0 && "user:1" });
