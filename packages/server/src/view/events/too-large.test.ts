/** Messages that are larger than `limits.messageSize`: refused with a reason, without harm to the view or its connection. */
import type { HookFunction } from "@overwire/client";
import { live } from "@overwire/testing";
import { beforeEach, expect, test } from "vitest";
import { createApp } from "../../app.ts";
import type { Report } from "../../runtime/services.ts";
import { html } from "../../template/html.ts";
import { LiveView } from "../live-view.ts";
import { Link } from "../navigation/link.ts";
import type { EventPayload } from "./event.ts";

let mounts = 0;
const reports: Report[] = [];
beforeEach(() => {
  mounts = 0;
  reports.length = 0;
});

class View extends LiveView {
  n = 0;
  text = "";
  mount() {
    mounts++;
  }
  inc = this.event(() => {
    this.n++;
  });
  write = this.event(({ text }: EventPayload) => {
    this.text = String(text);
  });
  render() {
    const path = `/?q=${"x".repeat(140_000)}`;
    return html`<b>${this.n}</b><i>${this.text}</i><p>${this.url.search.length}</p>
      <button id="inc" phx-click=${this.inc}>+</button>
      <form id="f" phx-change=${this.write} phx-submit=${this.write}><textarea name="text"></textarea></form>
      <button id="big" phx-click=${this.write({ text: "x".repeat(140_000) })}>big</button>
      <${Link} id="patch" patch=${path}>patch<//><${Link} id="navigate" navigate=${path}>navigate<//>
      <div id="hook" phx-hook="Big"></div>`;
  }
}

/** Pushes what it is told to, and keeps what became of it. */
const outcomes: unknown[] = [];
const Big: HookFunction = (el, { pushEvent }) => {
  el.addEventListener("go", () => {
    pushEvent("write", { text: "x".repeat(140_000) }).catch((error: Error) => outcomes.push(error.message));
  });
};

async function open(limits = {}) {
  const app = createApp({ secret: "x".repeat(32), limits, report: (report) => void reports.push(report) });
  app.live("/", View);
  const view = await live(app, "/", { hooks: { Big } });
  await view.element("#inc").click();
  return view;
}

const tooLarge =
  /refused an event.*its message has \d+ bytes, and 131072 are allowed \(limits\.messageSize\)/;

/** The view is the one that it was, and goes on. */
async function goesOn(view: Awaited<ReturnType<typeof open>>) {
  await view.element("#inc").click();
  expect([view.text("b"), mounts]).toEqual(["2", 1]);
}

test.each(["change", "submit"] as const)("a form's %s is refused, and what was typed stays", async (way) => {
  const view = await open();
  await expect(view.form("#f", { text: "€".repeat(100_000) })[way]()).rejects.toThrow(tooLarge);
  expect(
    (view.window.document.querySelector("textarea") as unknown as HTMLTextAreaElement).value,
  ).toHaveLength(100_000);
  expect(view.window.document.querySelector("form")?.className).not.toMatch(/loading/);
  expect(reports).toMatchObject([{ kind: "refused", view: "View", event: "write" }]);
  await view.form("#f", { text: "short" })[way]();
  expect(view.text("i")).toBe("short");
  await goesOn(view);
});

test("an event's payload is refused, and the page hears why", async () => {
  const view = await open();
  const heard: unknown[] = [];
  view.window.addEventListener("phx:refused", (event) => {
    const { target, ...detail } = (event as unknown as CustomEvent<{ readonly target: Element }>).detail;
    heard.push([target.id, detail]);
  });
  await expect(view.element("#big").click()).rejects.toThrow(tooLarge);
  const message = expect.stringMatching(/its message has/);
  expect(heard).toEqual([["big", { event: "write", code: "too_large", message }]]);
  await goesOn(view);
});

test("an event that a hook pushes is refused, and its promise rejects", async () => {
  const view = await open();
  view.window.document.querySelector("#hook")?.dispatchEvent(new view.window.Event("go"));
  await view.settled();
  expect(outcomes).toEqual([expect.stringMatching(/its message has/)]);
  await goesOn(view);
});

test.each(["patch", "navigate"])("the URL of a live %s is refused, and the page stays", async (kind) => {
  const view = await open();
  await expect(view.element(`#${kind}`).click()).rejects.toThrow("was not sent");
  expect(view.url()).toBe("/");
  expect(reports).toMatchObject([{ kind: "refused", event: kind === "patch" ? "handleParams" : "join" }]);
  await goesOn(view);
});

test("events that waited for the connection are no exception", async () => {
  const view = await open();
  await view.disconnect();
  const clicked = expect(view.element("#big").click()).rejects.toThrow(tooLarge);
  await view.reconnect();
  await clicked;
  await goesOn(view);
});

test("an app's own limit counts", async () => {
  const view = await open({ messageSize: 1000 });
  await expect(view.form("#f", { text: "x".repeat(1000) }).change()).rejects.toThrow("and 1000 are allowed");
  await goesOn(view);
});
