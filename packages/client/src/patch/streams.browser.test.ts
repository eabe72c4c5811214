/**
 * The central property of `streams.property.test.ts` in a real browser, and the user's state while items
 * come, go and move.
 */

import { html, LiveView } from "@overwire/server";
import { describeBrowser } from "@overwire/test-support/chromium";
import { bundleForPage } from "@overwire/test-support/page-bundle";
import { type Message, messagesOf, type Step, scripts, serve } from "@overwire/test-support/stream-scripts";
import fc from "fast-check";
import type { Page } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import type { ReadTemplate } from "../wire/template-steps.ts";
import type * as merging from "../wire.ts";
import type * as patching from "./patcher.ts";
import type * as policies from "./policy.ts";
import type * as streams from "./streams.ts";

/** Globals of the page for the client. */
declare const client: typeof patching & typeof policies & typeof streams & typeof merging;
/** That of a directed test. */
declare let patcher: patching.Patcher;
declare let known: Map<number, ReadTemplate>;

/** Modules of the page. */
const sources = ["./patcher.ts", "./policy.ts", "./streams.ts", "../wire/client-tree.ts"];

/**
 * Shows all of it. @returns the first mistake, if there is one; and the number of steps in which no holder
 * was shown again
 */
function play({ steps, direct }: { steps: readonly Step[]; direct: boolean }): [string | undefined, number] {
  const container = document.createElement("main");
  document.body.replaceChildren(container);
  let count = 0;
  const show: typeof client.showStream = (...args) => {
    const done = client.showStream(...args);
    if (done) count++;
    return done;
  };
  const known = new Map<number, ReadTemplate>();
  const patcher = client.createPatcher(container, client.createPolicy("phx-"), known, () =>
    direct ? show : undefined,
  );
  const fresh = document.createElement("main");
  for (const [at, { painted, message, html, stay }] of steps.entries()) {
    fresh.innerHTML = html;
    if (painted !== undefined) container.innerHTML = painted;
    const before = stay.map((id) => container.querySelector(`#${id}`));
    const { tree, diff, templates } = message;
    client.learnTemplates(known, templates as never);
    if (tree) patcher.load(tree as never);
    else patcher.merge(diff as never);
    if (container.innerHTML !== fresh.innerHTML)
      return [`step ${at}: ${container.innerHTML} is not ${fresh.innerHTML}`, count];
    const others = stay.filter((id, index) => container.querySelector(`#${id}`) !== before[index]);
    if (others.length) return [`step ${at}: ${others.join()} are others`, count];
  }
  return [undefined, count];
}

describeBrowser("streams in a browser", (browser) => {
  let page: Page;

  beforeAll(async () => {
    page = await browser().newPage();
    await page.addScriptTag({ content: await bundleForPage(import.meta.url, sources) });
  });

  test.each([true, false])(
    "the page is that of an array after each message (item by item: %s)",
    async (direct) => {
      let count = 0;
      await fc.assert(
        fc.asyncProperty(scripts, async (script) => {
          const [wrong, times] = await page.evaluate(play, { steps: messagesOf(script), direct });
          expect(wrong).toBeUndefined();
          count += times;
        }),
        { numRuns: Number(process.env["FC_RUNS"] ?? 300) },
      );
      expect(count > 0).toBe(direct);
    },
  );

  class List extends LiveView {
    items = this.stream<{ readonly id: string; readonly text?: string }>({ domId: ({ id }) => id });
    override mount() {
      this.items.insertMany(Array.from({ length: 100 }, (_, index) => ({ id: `n${index}` })));
    }
    render() {
      return html`<ul id="list" style="height: 100px; overflow: auto">${this.items.each(
        (id, { text }) =>
          html`<li id=${id}>${text}<input><p style="height: 20px; overflow: auto"><br><br><br><br></p><iframe srcdoc="frame"></iframe></li>`,
      )}</ul>`;
    }
  }

  const open = async () => {
    const { painted, first, turn } = serve(List);
    await page.evaluate(
      ([painted, { tree, templates }]) => {
        document.body.innerHTML = `<main>${painted}</main>`;
        const main = document.querySelector("main") as Element;
        known = new Map();
        client.learnTemplates(known, templates as never);
        patcher = client.createPatcher(main, client.createPolicy("phx-"), known, () => client.showStream);
        patcher.load(tree as never);
      },
      [painted, first] as const,
    );
    const does = (run: (list: List["items"]) => void) =>
      page.evaluate(
        ({ diff, templates }) => {
          client.learnTemplates(known, templates as never);
          patcher.merge(diff as never);
        },
        turn((view) => run(view.items)) as Message,
      );
    return does;
  };

  test("the user's text, focus and scroll position stay with an item that moves", async () => {
    const does = await open();
    await page.locator("#n5 input").fill("typed");
    await page.waitForFunction(() =>
      [...document.querySelectorAll("iframe")].every(
        (frame) => frame.contentDocument?.body?.textContent === "frame",
      ),
    );
    await page.evaluate(() => {
      (document.querySelector("#n5 p") as Element).scrollTop = 7;
      const frame = document.querySelector("#n5 iframe") as HTMLIFrameElement;
      frame.contentDocument?.body.append("still here");
    });
    await does((list) => {
      list.deleteById("n5");
      list.insert({ id: "n5", text: "new" }, { at: 10 });
    });
    await does((list) => list.insert({ id: "last" }));
    const state = await page.evaluate(() => {
      const item = document.querySelector("#n5") as Element;
      return {
        index: [...(item.parentElement as Element).children].indexOf(item),
        text: item.textContent,
        typed: (item.querySelector("input") as HTMLInputElement).value,
        focused: document.activeElement === item.querySelector("input"),
        frame: item.querySelector("iframe")?.contentDocument?.body.textContent,
        top: item.querySelector("p")?.scrollTop,
      };
    });
    expect(state).toEqual({
      index: 10,
      text: "new",
      typed: "typed",
      focused: true,
      frame: "framestill here",
      top: 7,
    });
  });

  test("an item that is put into a long list touches nothing else in the page", async () => {
    const does = await open();
    await page.evaluate(() => {
      const records: unknown[] = [];
      Object.assign(window, { records });
      new MutationObserver((list) => records.push(...list.map(({ type }) => type))).observe(document, {
        subtree: true,
        childList: true,
        attributes: true,
        characterData: true,
      });
    });
    await does((list) => list.insert({ id: "new" }, { at: 50 }));
    await does((list) => list.insert({ id: "newer" }, { limit: -100 }));
    expect(await page.evaluate(() => (window as unknown as { records: string[] }).records)).toEqual([
      // One comes; one comes and two go.
      "childList",
      "childList",
      "childList",
      "childList",
    ]);
  });
});
