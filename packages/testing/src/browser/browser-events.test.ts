/** Nodes of a page hear of events as those of a browser do, whatever they have been given before. */
import { html, LiveView } from "@overwire/server";
import type { Event, EventTarget, Window } from "happy-dom";
import { expect, test } from "vitest";
import { live } from "../index.ts";

class Page extends LiveView {
  render() {
    return html`<div id="outer"><p id="inner">text</p></div>`;
  }
}

async function open() {
  const { window } = await live(Page);
  const { document } = window;
  const inner = document.querySelector("#inner") as HappyElement;
  return { window, document, outer: document.querySelector("#outer") as HappyElement, inner };
}

type HappyElement = NonNullable<ReturnType<Window["document"]["querySelector"]>>;

test("go down to their target and up again, past a text as past an element", async () => {
  const { window, document, outer, inner } = await open();
  const text = inner.firstChild as EventTarget;
  const heard: string[] = [];
  const targets = { window, document, outer, inner, text } as unknown as Record<string, EventTarget>;
  for (const [name, target] of Object.entries(targets)) {
    target.addEventListener("ping", ({ eventPhase }) => heard.push(`${name} ${eventPhase}`), true);
    target.addEventListener("ping", ({ eventPhase }) => heard.push(`${name} ${eventPhase}`));
  }
  text.dispatchEvent(new window.Event("ping", { bubbles: true }));
  const down = ["window", "document", "outer", "inner", "text"];
  const up = ["inner", "outer", "document", "window"];
  expect(heard).toEqual([...down.map((name) => `${name} 1`), "text 2", ...up.map((name) => `${name} 3`)]);
});

test("stop when they are told to, and do not come back to listeners that hear once", async () => {
  const { window, outer, inner } = await open();
  const heard: string[] = [];
  inner.addEventListener("ping", () => heard.push("once"), { once: true });
  inner.addEventListener("ping", (event) => {
    heard.push("stops");
    event.stopImmediatePropagation();
  });
  inner.addEventListener("ping", () => heard.push("too late"));
  outer.addEventListener("ping", () => heard.push("too far"));
  for (const _ of [1, 2]) inner.dispatchEvent(new window.Event("ping", { bubbles: true }));
  expect(heard).toEqual(["once", "stops", "stops"]);
});

test("are prevented if they can be, by handlers that are set or listeners that are objects", async () => {
  const { window, inner } = await open();
  const ping = () => new window.Event("click", { cancelable: true });
  expect(inner.dispatchEvent(ping())).toBe(true);
  const handled = inner as unknown as { onclick: ((event: Event) => void) | null };
  handled.onclick = (event) => event.preventDefault();
  expect(inner.dispatchEvent(ping())).toBe(false);
  handled.onclick = null;
  const listener = { handleEvent: (event: Event) => event.preventDefault() };
  inner.addEventListener("click", listener);
  expect(inner.dispatchEvent(ping())).toBe(false);
  inner.removeEventListener("click", listener);
  inner.addEventListener("click", listener.handleEvent, { passive: true });
  expect(inner.dispatchEvent(ping())).toBe(true);
});

test("go on after a listener that throws, which the window is told of", async () => {
  const { window, inner } = await open();
  const heard: unknown[] = [];
  window.addEventListener("error", (event) => heard.push((event as unknown as ErrorEvent).message));
  inner.addEventListener("ping", () => {
    throw new Error("broken");
  });
  inner.addEventListener("ping", async () => {
    throw new Error("broken later");
  });
  inner.addEventListener("ping", () => heard.push("heard"));
  inner.dispatchEvent(new window.Event("ping"));
  await Promise.resolve();
  expect(heard).toEqual(["broken", "heard", "broken later"]);
});

test("reach elements of a page's own classes, made by it or found in it", async () => {
  const { window, document, outer } = await open();
  outer.innerHTML = "<x-found></x-found>";
  class Own extends window.HTMLElement {
    heard = 0;
    constructor() {
      super();
      this.addEventListener("ping", () => void this.heard++);
    }
  }
  window.customElements.define("x-found", Own as never);
  const all = [document.querySelector("x-found"), document.createElement("x-found"), new Own()] as Own[];
  for (const each of all) {
    expect(each).toBeInstanceOf(Own);
    each.dispatchEvent(new window.Event("ping"));
    expect(each.heard).toBe(1);
  }
});

test("constants of nodes are found at all their classes, and made nodes belong to their page", async () => {
  const { window, document } = await open();
  expect(window.Element.TEXT_NODE).toBe(3);
  expect(window.Text.ELEMENT_NODE).toBe(1);
  expect(new window.Text("a").ownerDocument).toBe(document);
  expect(document.createElement("p")).toBeInstanceOf(window.Node);
  expect(() => new window.HTMLParagraphElement()).toThrow("Illegal constructor");
});

test("are made in any namespace", async () => {
  const { window, document, outer } = await open();
  for (const namespace of [null, "http://www.w3.org/2000/svg", "urn:other"]) {
    const made = document.createElementNS(namespace as string, "thing");
    outer.append(made);
    const heard: string[] = [];
    made.addEventListener("ping", () => heard.push("made"));
    made.dispatchEvent(new window.Event("ping"));
    expect(heard).toEqual(["made"]);
  }
});
