import { live, request } from "@overwire/testing";
import { expect, test } from "vitest";
import { createApp } from "../app.ts";
import { html } from "../template/html.ts";
import { LiveView } from "../view/live-view.ts";

class Page extends LiveView {
  override render() {
    return html`<p>${(this.session as { address?: string }).address}</p>`;
  }
}

function make(trustProxy?: boolean) {
  const app = createApp({ secret: "s".repeat(32), trustProxy });
  app.get("/address", (c) => c.text(app.clientAddress(c)));
  app.liveSession({ session: (c) => ({ address: app.clientAddress(c) }) as object }, () =>
    app.live("/", Page),
  );
  return app;
}

test("a handler and a view know the network address of their client, also when the view is mounted anew", async () => {
  const visitor = request(make(), { address: "1.2.3.4" });
  expect((await visitor.get("/address")).text()).toBe("1.2.3.4");
  const view = await live(visitor, "/");
  expect(view.text("p")).toBe("1.2.3.4");
  await view.disconnect({ resume: false });
  await view.reconnect();
  expect(view.text("p")).toBe("1.2.3.4");
});

test("a proxy that is trusted says the address; without a transport it is not known", async () => {
  const headers = { "x-forwarded-for": "5.6.7.8" };
  const behind = request(make(true), { address: "10.0.0.1", headers });
  expect((await behind.get("/address")).text()).toBe("5.6.7.8");
  const direct = request(make(), { address: "10.0.0.1", headers });
  expect((await direct.get("/address")).text()).toBe("10.0.0.1");
  expect(await (await make().request("/address")).text()).toBe("");
});
