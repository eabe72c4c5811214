/** `joined({ resumed })` of views and live components: when a client is there, and when it is back. */
import { live } from "@overwire/testing";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { createApp } from "../app.ts";
import { html } from "../template/html.ts";
import type { Joined } from "./live.ts";
import { LiveComponent } from "./live-component.ts";
import { LiveView } from "./live-view.ts";

let log: (readonly [who: string, resumed: boolean, connected: boolean])[] = [];
beforeEach(() => {
  log = [];
});

class Part extends LiveComponent {
  here = "nobody";
  override joined({ resumed }: Joined) {
    log.push([`part ${this.id}`, resumed, this.connected]);
    this.here = resumed ? "back" : "here";
  }
  render() {
    return html`<i>${this.here}</i>`;
  }
}

class Page extends LiveView {
  here = "nobody";
  parts = ["a"];
  override async joined({ resumed }: Joined) {
    log.push(["page", resumed, this.connected]);
    await Promise.resolve();
    this.here = resumed ? "back" : "here";
  }
  more = this.event(() => void this.parts.push("b"));
  less = this.event(() => void this.parts.pop());
  render() {
    return html`<p>${this.here}</p>${this.parts.map((id) => html`<${Part} id=${id} />`)}
      <button phx-click=${this.more}>more</button>`;
  }
}

describe("joined", () => {
  test("is not called for a painted page whose client does not come", async () => {
    const app = createApp({ secret: "s".repeat(32), limits: { waitingTime: 5 } });
    let ended = false;
    class Painted extends Page {
      override terminate() {
        ended = true;
      }
    }
    app.live("/", Painted);
    expect(await (await app.request("/")).text()).toContain("<p>nobody</p>");
    await vi.waitUntil(() => ended);
    expect(log).toEqual([]);
  });

  test("is called once a client was sent the view, which is patched with what it changes", async () => {
    const view = await live(Page);
    await view.settled();
    expect(log).toEqual([
      ["page", false, true],
      ["part a", false, true],
    ]);
    expect(view.text("p")).toBe("here");
    expect(view.text("i")).toBe("here");
  });

  test("is called for a component when it appears, and not again for the others", async () => {
    const view = await live(Page);
    await view.settled();
    log = [];
    await view.element("button", "more").click();
    await view.settled();
    expect(log).toEqual([["part b", false, true]]);
    expect([...view.container.querySelectorAll("i")].map((i) => i.textContent)).toEqual(["here", "here"]);
  });

  test("is called again when the client is back: not for components that have left, as new for those that came meanwhile", async () => {
    const view = await live(Page);
    await view.settled();
    const { instance } = view;
    await view.element("button", "more").click();
    await view.settled();
    log = [];
    await view.disconnect();
    instance.parts = ["b", "c"];
    await view.reconnect();
    await view.settled();
    expect(view.instance).toBe(instance);
    expect(log).toEqual([
      ["page", true, true],
      ["part b", true, true],
      ["part c", false, true],
    ]);
    expect(view.text("p")).toBe("back");
  });

  test("is called anew for a view that was mounted anew", async () => {
    const app = createApp({ secret: "s".repeat(32), limits: { resumeTime: 0 } });
    app.live("/", Page);
    const view = await live(app, "/");
    await view.settled();
    log = [];
    await view.disconnect();
    await view.reconnect();
    await view.settled();
    expect(log.map(([who, resumed]) => [who, resumed])).toEqual([
      ["page", false],
      ["part a", false],
    ]);
  });

  test("is called in nested views, and after a live navigation", async () => {
    class Inner extends LiveView {
      override joined({ resumed }: Joined) {
        log.push(["inner", resumed, this.connected]);
      }
      render() {
        return html`<b></b>`;
      }
    }
    class Outer extends LiveView {
      override joined({ resumed }: Joined) {
        log.push(["outer", resumed, this.connected]);
      }
      render() {
        return html`<${Inner} id="inner" />`;
      }
    }
    class Start extends LiveView {
      render() {
        return html`<p></p>`;
      }
    }
    const app = createApp({ secret: "s".repeat(32) });
    app.live("/", Start);
    app.live("/outer", Outer);
    const view = await live(app, "/");
    await view.navigateTo("/outer");
    await view.settled();
    expect(log).toEqual([
      ["outer", false, true],
      ["inner", false, true],
    ]);
    await view.disconnect();
    await view.reconnect();
    await view.settled();
    expect(log.slice(2)).toEqual([
      ["outer", true, true],
      ["inner", true, true],
    ]);
  });

  test("may send the page elsewhere, and its error crashes the view like a handler's", async () => {
    class Away extends LiveView {
      override joined() {
        this.pushPatch("/?there=1");
      }
      render() {
        return html`<p>${this.params.there ?? "not there"}</p>`;
      }
    }
    const away = await live(Away);
    await away.settled();
    expect(away.text("p")).toBe("1");

    let fails = true;
    const reports: unknown[] = [];
    class Failing extends LiveView {
      override joined() {
        if (fails) throw new Error("no room");
      }
      render() {
        return html`<p>there</p>`;
      }
    }
    const app = createApp({
      secret: "s".repeat(32),
      report: ({ kind, event, error }) => {
        fails = false;
        reports.push([kind, event, String(error)]);
      },
    });
    app.live("/", Failing);
    const view = await live(app, "/").catch(() => undefined);
    await vi.waitUntil(() => reports.length > 0);
    expect(reports).toEqual([["crash", "joined", "Error: no room"]]);
    await view?.close();
  });

  test("holds events back while it takes time, and is skipped for a client that is gone before its turn", async () => {
    let go: (() => void) | undefined;
    class Slow extends LiveView {
      steps: string[] = [];
      slow = this.event(async () => {
        await new Promise<void>((resolve) => (go = resolve));
        this.steps.push("slow");
      });
      override async joined({ resumed }: Joined) {
        this.steps.push(`joined ${resumed}`);
        await Promise.resolve();
        this.steps.push("done");
      }
      step = this.event(() => void this.steps.push("step"));
      render() {
        return html`<p id="hook" phx-hook="Hook">${this.steps.join()}</p>`;
      }
    }
    let push!: (event: string, payload: object) => Promise<unknown>;
    const Hook = {
      mounted(this: { pushEvent: typeof push }) {
        push = (event, payload) => this.pushEvent(event, payload);
      },
    };
    const view = await live(Slow, { hooks: { Hook } });
    await view.event("step");
    expect(view.text("p")).toBe("joined false,done,step");
    const { instance } = view;
    instance.steps = [];
    instance.flush();
    const slow = push("slow", {});
    await vi.waitUntil(() => go !== undefined);
    await view.disconnect();
    const back = view.reconnect();
    await vi.waitUntil(() => instance.connected);
    await view.disconnect();
    go?.();
    await vi.waitUntil(() => instance.steps.length > 0);
    expect(instance.steps).toEqual(["slow"]);
    await Promise.all([view.reconnect(), back, slow]);
    await view.settled();
    expect(instance.steps).toEqual(["slow", "joined true", "done"]);
  });
});
