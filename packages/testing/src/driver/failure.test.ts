/** A page that fails: what was thrown is the cause of the action's error. */
import { createApp, html, Link, LiveView, NotFound } from "@overwire/server";
import { beforeEach, expect, test } from "vitest";
import { live } from "../index.ts";

class Boom extends LiveView {
  override mount() {
    if (this.params.as === "status") throw new NotFound("no such thing");
    throw new RangeError("no figures");
  }
  override render() {
    return html`<p></p>`;
  }
}

class Painting extends LiveView {
  override render() {
    if (this.params.as !== "fine") throw new RangeError("no ink");
    return html`<p>fine</p>`;
  }
}

class Around extends LiveView {
  override render() {
    return html`<${Boom} id="boom" />`;
  }
}

class Start extends LiveView {
  away = this.event(() => this.redirect("/gate"));
  override render() {
    return html`<${Link} id="live" navigate="/boom">live<//><a id="plain" href="/api">plain</a>
      <button phx-click=${this.away}>away</button>`;
  }
}

const makeApp = () => {
  const app = createApp({ secret: "s".repeat(32), report: () => {} });
  app.live("/", Start);
  app.live("/boom", Boom);
  app.live("/painting", Painting);
  app.live("/around", Around);
  app.get("/gate", (c) => c.redirect("/boom"));
  app.get("/api", () => {
    throw new RangeError("no answer");
  });
  app.get("/deliberate", (c) => c.html("<p>closed</p>", 503));
  return app;
};
let app: ReturnType<typeof makeApp>;
beforeEach(() => {
  app = makeApp();
});

const causeOf = async (failing: Promise<unknown>) => {
  const error = await failing.then(
    () => undefined,
    (error: Error) => error,
  );
  return [error?.message.split("\n", 1)[0], error?.cause];
};

test.each([
  ["/boom", "GET /boom answered 500: no figures", new RangeError("no figures")],
  ["/painting", "GET /painting answered 500: no ink", new RangeError("no ink")],
  ["/around", "GET /around answered 500: no figures", new RangeError("no figures")],
  ["/api", "GET /api answered 500: no answer", new RangeError("no answer")],
  ["/boom?as=status", "GET /boom?as=status answered 404:", undefined],
  ["/deliberate", "GET /deliberate answered 503:", undefined],
])("live(app, %j) rejects with the cause", async (path, message, cause) => {
  expect(await causeOf(live(app, path))).toEqual([message, cause]);
});

test("an app's own onError hides nothing", async () => {
  app.onError((_, c) => c.text("sorry", 500));
  expect(await causeOf(live(app, "/boom"))).toEqual([
    "GET /boom answered 500: no figures",
    new RangeError("no figures"),
  ]);
});

test("a redirect that is followed, a link and a live link have the cause", async () => {
  const redirected = await live(app, "/");
  await redirected.element("button").click();
  expect((await causeOf(redirected.followRedirect()))[1]).toEqual(new RangeError("no figures"));
  const linked = await live(app, "/");
  await linked.element("#plain").click();
  expect((await causeOf(linked.followRedirect()))[1]).toEqual(new RangeError("no answer"));
  const navigated = await live(app, "/");
  const [, atClick] = await causeOf(navigated.element("#live").click());
  const [, after] = atClick ? [] : await causeOf(navigated.followRedirect());
  expect(atClick ?? after).toEqual(new RangeError("no figures"));
});
