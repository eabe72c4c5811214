/** Commands and bindings in a real browser: visibility, focus, scroll positions. */
import { describeBrowser } from "@overwire/test-support/chromium";
import { bundleForPage } from "@overwire/test-support/page-bundle";
import type { Page } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import type * as binding from "../bindings/bindings.ts";
import type * as forms from "../bindings/forms.ts";
import type { BoundView, CommandContext, Host, Push } from "../bindings/host.ts";
import type * as timings from "../bindings/rate-limit.ts";
import type * as viewports from "../bindings/viewport.ts";
import type * as windowBindings from "../bindings/window-bindings.ts";
import type * as waits from "../dom/loading-state.ts";
import type * as running from "./commands.ts";

/** Globals of the page for the client. */
declare const client: typeof running &
  typeof binding &
  typeof windowBindings &
  typeof forms &
  typeof timings &
  typeof waits &
  typeof viewports;
/** Events that the page pushed, with their payloads. */
declare let pushed: [event: string, payload: unknown][];
declare let commands: ReturnType<typeof running.createCommands>;
/** Answers the events that wait. */
declare let answer: () => void;

/** Modules of the page. */
const sources = [
  "./commands.ts",
  "../bindings/bindings.ts",
  "../bindings/window-bindings.ts",
  "../bindings/forms.ts",
  "../bindings/rate-limit.ts",
  "../bindings/viewport.ts",
  "../dom/loading-state.ts",
];

/** Runs in the page: binds it to one view, the body's only child. */
function start() {
  const el = document.body.firstElementChild as Element;
  const waiting: (() => void)[] = [];
  let ref = 0;
  const view: BoundView = {
    el,
    push(push: Push) {
      const own = ++ref;
      pushed.push([push.event, "form" in push ? push.form : push.payload]);
      client.showLoading(push.source, own, `phx-${push.type}-loading`);
      return new Promise((resolve) => {
        waiting.push(() => {
          client.endLoading(push.source, own);
          resolve(undefined);
        });
      });
    },
    componentOf: () => undefined,
  };
  const host: Omit<Host, "commands"> = {
    win: window,
    prefix: "phx-",
    immediate: false,
    metadata: {},
    views: [view],
    patching: false,
    extraValues: () => undefined,
    viewOf: (inner) => (el.contains(inner) ? view : undefined),
    navigate: () => {},
    hold: () => {},
    actions: {
      rateLimit: client.createRateLimit(window, "phx-"),
      runForm: (...args) => client.createRunForm({ ...host, commands })(...args),
      link() {},
      away: (event) => away(event),
    },
  };
  pushed = [];
  commands = client.createCommands(host);
  answer = () => {
    for (const done of waiting.splice(0)) done();
  };
  const away = client.bindWindow({ ...host, commands });
  client.bind({ ...host, commands });
  client.watchViewport({ ...host, commands });
}

describeBrowser("commands in Chromium", (browser) => {
  let script = "";
  beforeAll(async () => {
    script = await bundleForPage(import.meta.url, sources);
  });

  async function open(html: string): Promise<Page> {
    const page = await browser().newPage({ viewport: { width: 800, height: 600 } });
    await page.setContent(`<!doctype html><body style="margin: 0"><main>${html}</main>`);
    // A declaration would be the script's own.
    await page.addScriptTag({ content: script.replace(/^(var|const|let) client/m, "window.client") });
    await page.evaluate(start);
    return page;
  }

  const run = (page: Page, selector: string, list: readonly unknown[]) =>
    page.evaluate(
      ([selector, list]) => {
        const context: CommandContext = {
          source: document.querySelector(selector) as Element,
          type: "click",
        };
        commands.run(list, context);
      },
      [selector, list] as const,
    );
  const display = (page: Page, selector: string) =>
    page.locator(selector).evaluate((el) => getComputedStyle(el).display);
  const events = (page: Page) => page.evaluate(() => pushed);

  test("an element that a style sheet hides is shown, one that an element around it hides counts as hidden", async () => {
    const page = await open(`<style>#a { display: none }</style><p id="a"></p>
      <div style="display: none"><b id="in">x</b></div><details><summary></summary><i id="closed">x</i></details>`);
    await run(page, "main", [["toggle", { to: "#a" }]]);
    expect(await display(page, "#a")).toBe("block");
    await run(page, "main", [
      ["hide", { to: "#in" }],
      ["hide", { to: "#closed" }],
    ]);
    expect(await page.locator("#in").getAttribute("style")).toBeNull();
    expect(await page.locator("#closed").getAttribute("style")).toBeNull();
    await page.close();
  });

  test("rows and cells of a table are shown as such", async () => {
    const page = await open("<table><tr><td>x</td></tr></table>");
    await run(page, "td", [["hide"], ["hide", { to: "tr" }], ["show", { to: "tr" }], ["show"]]);
    expect([await display(page, "tr"), await display(page, "td")]).toEqual(["table-row", "table-cell"]);
    await page.close();
  });

  test("a transition runs through its classes, also for users who want less motion", async () => {
    const page = await open("<p>x</p>");
    for (const reducedMotion of ["no-preference", "reduce"] as const) {
      await page.emulateMedia({ reducedMotion });
      const seen = await page.evaluate(async () => {
        const el = document.querySelector("p") as HTMLElement;
        const seen: string[] = [];
        const observer = new MutationObserver(() => seen.at(-1) !== el.className && seen.push(el.className));
        observer.observe(el, { attributes: true });
        const ended = new Promise((resolve) => el.addEventListener("phx:hide-end", resolve, { once: true }));
        const transition = [["out"], ["from"], ["to"]];
        commands.run([["hide", { transition, time: 200 }]], { source: el, type: "click" });
        await ended;
        seen.push(getComputedStyle(el).display);
        el.style.display = "";
        observer.disconnect();
        return seen;
      });
      expect(seen).toEqual(["from", "from out", "out to", "", "none"]);
    }
    await page.close();
  });

  test("an element shown with a transition gets the focus when it can", async () => {
    const page = await open(`<div style="display: none"><span tabindex="0"></span><input></div>`);
    await run(page, "div", [["show", { transition: "in", time: 50 }], ["focusFirst"]]);
    await page.waitForFunction(() => document.activeElement?.localName === "input");
    await page.close();
  });

  test("the focus is given back to the button that opened a dialog", async () => {
    const page = await open(`<button>Open</button><div style="display: none"><input></div>`);
    await run(page, "button", [["pushFocus"], ["show", { to: "div" }], ["focusFirst", { to: "div" }]]);
    expect(await page.evaluate(() => document.activeElement?.localName)).toBe("input");
    await run(page, "div", [["hide"], ["popFocus"]]);
    expect(await page.evaluate(() => document.activeElement?.localName)).toBe("button");
    await page.close();
  });

  test("a button that was disabled for its event has the focus again after it", async () => {
    const page = await open(`<button phx-click="save" phx-disable-with="Saving…">Save</button>`);
    await page.locator("button").press("Enter");
    expect(await page.locator("button").textContent()).toBe("Saving…");
    await page.waitForFunction(() => document.activeElement === document.body || !document.hasFocus());
    await page.evaluate(() => answer());
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Save");
    await page.close();
  });

  test("click-away is for what can be seen, and not for a click that began inside", async () => {
    const page = await open(`<div phx-click-away="menu" style="height: 50px">menu</div>
      <div phx-click-away="below" style="margin-top: 2000px">below</div>`);
    await page.mouse.click(10, 300);
    await expect.poll(() => events(page)).toEqual([["menu", {}]]);
    await page.mouse.move(10, 10);
    await page.mouse.down();
    await page.mouse.move(10, 300);
    await page.mouse.up();
    expect(await events(page)).toHaveLength(1);
    await page.close();
  });

  test("a reset form tells of it once its fields are empty", async () => {
    const page = await open(
      `<form phx-change="change"><input name="a"><button type="reset" name="r">x</button></form>`,
    );
    await page.locator("input").fill("1");
    await page.locator("button").click();
    await page.waitForFunction(() => pushed.length === 2);
    await expect
      .poll(() => events(page))
      .toEqual([
        ["change", "a=1"],
        ["change", "_unused_a=&a=&r="],
      ]);
    await page.close();
  });

  const list = (attributes: string, count = 40) =>
    `<ul ${attributes}>${Array.from({ length: count }, (_, n) => `<li id="n${n}" style="height: 50px">${n}</li>`).join("")}</ul>`;
  const scroll = (page: Page, top: number, selector = "html") =>
    page.evaluate(
      async ([top, selector]) => {
        const frame = () => new Promise(requestAnimationFrame);
        (document.querySelector(selector) as Element).scrollTop = top;
        await frame();
        await frame();
      },
      [top, selector] as const,
    );

  test("a list tells when its last item comes into sight going down, and its first going up", async () => {
    const page = await open(
      list(`phx-viewport-top="up" phx-viewport-bottom="down" style="margin: 1000px 0"`),
    );
    await scroll(page, 1500);
    expect(await events(page)).toEqual([]);
    await scroll(page, 2450);
    await expect.poll(() => events(page)).toEqual([["down", { id: "n39" }]]);
    await page.evaluate(() => answer());
    await scroll(page, 1400);
    expect(await events(page)).toHaveLength(1);
    await page.evaluate(() => document.querySelector("ul")?.removeAttribute("phx-viewport-bottom"));
    await scroll(page, 980);
    await page.waitForFunction(() => pushed.length === 2);
    await page.close();
  });

  test("tells at most once in half a second, but does tell then if the end is still in sight", async () => {
    const page = await open(
      `<div style="height: 300px; overflow-y: auto">${list(`phx-viewport-bottom="down" style="margin: 0"`)}</div>`,
    );
    await page.evaluate(() => {
      const times: number[] = [];
      Object.assign(window, { times });
      const push = pushed.push.bind(pushed);
      pushed.push = (...items) => {
        times.push(performance.now());
        setTimeout(() => answer());
        return push(...items);
      };
    });
    for (const top of [1690, 1700, 1680, 1690, 1700]) await scroll(page, top, "div");
    // A page that has few frames has more than two by then.
    await page.waitForFunction(() => pushed.length >= 2);
    const times = await page.evaluate(() => (window as unknown as { times: number[] }).times);
    for (const [at, time] of times.slice(1).entries()) expect(time - (times[at] ?? 0)).toBeGreaterThan(490);
    for (const event of await events(page)) expect(event).toEqual(["down", { id: "n39" }]);
    await page.close();
  });

  test("while more is awaited the end stays in sight", async () => {
    const page = await open(
      `<div style="height: 300px; overflow-y: auto">${list(`phx-viewport-bottom="down" style="margin: 0"`)}<p style="height: 900px"></p></div>`,
    );
    await scroll(page, 1700, "div");
    await scroll(page, 2600, "div");
    await expect.poll(() => page.evaluate(() => document.querySelector("div")?.scrollTop)).toBe(1700);
    await page.close();
  });

  test("if the end is still in sight when more has come, it is told again; not if nothing has", async () => {
    const page = await open(list(`phx-viewport-bottom="down" style="margin: 0 0 300px"`));
    await scroll(page, 1600);
    await page.evaluate(() => {
      document
        .querySelector("ul")
        ?.insertAdjacentHTML("beforeend", `<li id="n40" style="height: 50px">40</li>`);
      answer();
    });
    await page.waitForFunction(() => pushed.length === 2);
    const timers = await page.evaluate(async () => {
      let timers = 0;
      const { setTimeout } = window;
      window.setTimeout = ((...args: Parameters<typeof setTimeout>) => {
        timers++;
        return setTimeout(...args);
      }) as typeof setTimeout;
      answer();
      for (let frame = 0; frame < 3; frame++) await new Promise(requestAnimationFrame);
      return timers;
    });
    // None that would look again.
    expect(timers).toBe(0);
    await expect
      .poll(() => events(page))
      .toEqual([
        ["down", { id: "n39" }],
        ["down", { id: "n40" }],
      ]);
    await page.close();
  });

  test("scrolling by which the browser keeps its place is not the user's", async () => {
    const page = await open(list(`phx-viewport-bottom="down" style="margin: 0 0 300px"`));
    await scroll(page, 1600);
    await page.evaluate(async () => {
      const list = document.querySelector("ul") as Element;
      for (let n = 40; n < 60; n++) {
        list.firstElementChild?.remove();
        list.insertAdjacentHTML("beforeend", `<li id="n${n}" style="height: 50px">${n}</li>`);
      }
      answer();
      await new Promise(requestAnimationFrame);
      // The browser went up by more than this goes down, and both are one event.
      scrollTo(0, 1590);
    });
    await page.waitForFunction(() => pushed.length === 2);
    expect((await events(page))[1]).toEqual(["down", { id: "n59" }]);
    await page.close();
  });

  test("a list in a box of its own is held in its box: the page stays, and its top is no overrun", async () => {
    const page = await open(
      `<div style="height: 100px"></div><div id="box" style="height: 300px; overflow-y: auto; border: 1px solid">${list(`phx-viewport-top="up" style="margin: 0"`)}</div><div style="height: 2000px"></div>`,
    );
    await scroll(page, 500, "#box");
    await scroll(page, 0, "#box");
    await expect.poll(() => events(page)).toEqual([["up", { id: "n0" }]]);
    const seen = await page.evaluate(async () => {
      const first = document.querySelector("#n0") as Element;
      for (let n = 1; n <= 20; n++)
        first.insertAdjacentHTML("beforebegin", `<li style="height: 50px">-${n}</li>`);
      answer();
      for (let frame = 0; frame < 3; frame++) await new Promise(requestAnimationFrame);
      const box = document.querySelector("#box") as Element;
      return [first.getBoundingClientRect().top - box.getBoundingClientRect().top - box.clientTop, scrollY];
    });
    expect(seen).toEqual([0, 0]);
    await page.close();
  });

  test("scrolling fast past the top is told once as that, until it has been scrolled down again", async () => {
    const page = await open(
      `<div id="top" style="height: 1000px"></div>${list(`phx-viewport-top="up" phx-viewport-overrun-target="top" style="margin: 0"`)}`,
    );
    await scroll(page, 2000);
    await scroll(page, 0);
    await expect.poll(() => events(page)).toEqual([["up", { id: "n0", _overran: true }]]);
    await page.evaluate(() => answer());
    for (const top of [0, 100, 0]) await scroll(page, top);
    await page.waitForFunction(() => pushed.length === 2);
    await expect
      .poll(() => events(page))
      .toEqual([
        ["up", { id: "n0", _overran: true }],
        ["up", { id: "n0", _overran: true }],
      ]);
    await page.close();
  });
});
