/** Both kinds of a shopper's browser do the same on the same pages, also when the connection or the node is lost. */
import { createApp, html, Link, LiveView } from "@overwire/server";
import { type Served, serve } from "@overwire/server/node";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { FaultyProxy } from "../chaos/proxy.ts";
import { createRandom } from "../chaos/random.ts";
import type { Browser } from "./browser.ts";
import { PageBrowser } from "./page-browser.ts";
import { Stopwatch } from "./stopwatch.ts";
import { WireBrowser } from "./wire-browser.ts";

const secret = "a secret of the browsers that shoppers have";
let mounts: number;

class Shelf extends LiveView {
  count = 0;
  more = this.event(() => {
    this.count++;
  });
  note = this.form(z.object({ text: z.string(), gift: z.string().optional() }), {
    name: "note",
    submit: ({ text, gift }) => {
      if (text === "elsewhere") this.redirect({ external: "https://pay.example/1" });
      else if (text === "page") this.redirect("/plain");
      else this.pushNavigate(`/note/${text}?gift=${gift ?? "none"}`);
    },
  });
  override mount() {
    mounts++;
  }
  render() {
    const { fields, change, submit } = this.note;
    return html`<h1>Shelf</h1> <p id="count">${this.count}</p> <p id="mounts">${mounts}</p> <p id="seen">${fields.text.value}</p>
      <button id="more" phx-click=${this.more}>More</button>
      <form id="note" phx-change=${change} phx-submit=${submit}>
        <input ...${fields.text.attributes}> <input type="checkbox" name="note[gift]" value="yes"> <button>Send</button>
      </form>
      <${Link} class="to" navigate="/note/linked">Linked<//>`;
  }
}

class Note extends LiveView<"/note/:text"> {
  render() {
    return html`<h1>Note ${this.params.text}</h1><p id="gift">${this.url.searchParams.get("gift")}</p>`;
  }
}

let served: Served;
let proxy: FaultyProxy;
let browser: Browser;

const start = async (port = 0): Promise<number> => {
  const app = createApp({ secret });
  app.live("/", Shelf);
  app.live("/note/:text", Note);
  app.live(
    "/plain",
    class extends LiveView {
      render() {
        return html`<h1>Plain</h1>`;
      }
    },
  );
  served = serve(app, { port, hostname: "127.0.0.1", log: false, handleSignals: false });
  return (await served.ready).port;
};

beforeEach(async () => {
  mounts = 0;
  proxy = await FaultyProxy.open(await start(), createRandom(1));
});
afterEach(async () => {
  await browser.leave();
  await proxy.close();
  await served.close();
});

describe.each(["wire", "page"] as const)("%s", (kind) => {
  const events = new Stopwatch();
  const open = async () => {
    const origin = `http://127.0.0.1:${proxy.port}`;
    browser =
      kind === "wire" ? new WireBrowser(origin, events, new Stopwatch()) : new PageBrowser(origin, events);
    await browser.open("/");
  };
  const shows = (selector: string, text: string) =>
    browser.until(`${selector} ${text}`, () => browser.text(selector) === text, 10_000);

  test("pushes a click, and times it", async () => {
    await open();
    const before = events.taken.length;
    browser.click("#more");
    await shows("#count", "1");
    expect(events.taken.length).toBe(before + 1);
    expect(browser.has("#nothing")).toBe(false);
    expect(browser.attributes("a", "href")).toEqual(["/note/linked"]);
  });

  test("sends a form that is filled, and follows its answer", async () => {
    await open();
    browser.type("#note input", "hello");
    await shows("#seen", "hello");
    browser.choose('#note input[type="checkbox"]');
    browser.submit("#note");
    await shows("h1", "Note hello");
    expect(browser.text("#gift")).toBe("yes");
    expect(browser.path).toBe("/note/hello");
    expect(browser.loads).toBe(1);
  });

  test("follows a link within the live session", async () => {
    await open();
    browser.click("a.to");
    await shows("h1", "Note linked");
    expect(browser.loads).toBe(1);
  });

  test("loads the page of a redirect, and says which other site it is led to", async () => {
    await open();
    browser.type("#note input", "page");
    browser.click("#note button");
    await shows("h1", "Plain");
    expect(browser.loads).toBe(2);
    await browser.open("/");
    browser.type("#note input", "elsewhere");
    browser.submit("#note");
    await browser.until("other site", () => browser.left !== undefined);
    expect(browser.left).toBe("https://pay.example/1");
  });

  test("resumes its view after a cut, and loses no click", async () => {
    await open();
    browser.click("#more");
    await shows("#count", "1");
    proxy.newest?.reset();
    browser.click("#more");
    await shows("#count", "2");
    expect(browser.text("#mounts")).toBe("1");
  });

  test("mounts its view anew on another node, and recovers its form", async () => {
    await open();
    browser.type("#note input", "kept");
    await shows("#seen", "kept");
    const { port } = await served.ready;
    await served.close();
    await start(port);
    await shows("#mounts", "2");
    await shows("#seen", "kept");
  });
});
