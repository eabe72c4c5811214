/** A search in a page finds what is there now, whatever was found before. */
import { html, LiveView } from "@overwire/server";
import type { Window } from "happy-dom";
import { expect, test } from "vitest";
import { live } from "../index.ts";

class Page extends LiveView {
  render() {
    return html`<div id="a" title="one"><p>text</p></div>`;
  }
}

type HappyElement = NonNullable<ReturnType<Window["document"]["querySelector"]>>;

/** Opens a page in which all has been searched for already. */
async function open() {
  const { window } = await live(Page);
  const { document } = window;
  const find = (selector: string) => {
    const all = [...document.querySelectorAll(selector)] as HappyElement[];
    expect(document.querySelector(selector)).toBe(all[0] ?? null);
    return all;
  };
  const count = (selector: string) => find(selector).length;
  for (const selector of ["p", "[title]", "[title=two]", "#b", "[draggable]", "p:not([title])"])
    find(selector);
  return { window, document, find, count, a: find("#a")[0] as HappyElement };
}

test("elements that come, move and go", async () => {
  const { document, find, count, a } = await open();
  const p = document.createElement("p");
  a.append(p);
  expect(count("p")).toBe(2);
  a.prepend(p);
  expect(find("p")[0]).toBe(p);
  p.remove();
  expect(count("p")).toBe(1);
  a.replaceChildren(p, p.cloneNode(true));
  expect(count("p")).toBe(2);
  a.innerHTML = "<p></p><section><p></p><p></p></section>";
  expect(count("p")).toBe(3);
  a.querySelector("section")?.replaceWith("text");
  expect(count("p")).toBe(1);
  document.body.replaceChildren();
  expect(count("p")).toBe(0);
});

test("attributes that are set, changed and taken away, in whatever way", async () => {
  const { document, count, a } = await open();
  a.setAttribute("title", "two");
  expect(count("[title=two]")).toBe(1);
  const title = a.getAttributeNode("title");
  if (title) title.value = "three";
  expect(count("[title=two]")).toBe(0);
  a.toggleAttribute("title");
  expect(count("[title]")).toBe(0);
  a.id = "b";
  expect(count("#b")).toBe(1);
  const id = document.createAttribute("id");
  id.value = "c";
  a.setAttributeNode(id);
  expect(count("#b")).toBe(0);
  a.removeAttribute("id");
  const p = document.querySelector("p") as HappyElement;
  p.setAttribute("title", "");
  expect(count("p:not([title])")).toBe(0);
});

test("are found by what an element does when it comes and when it goes", async () => {
  const { window, document, count, a } = await open();
  const counts: number[] = [];
  class Own extends window.HTMLElement {
    connectedCallback() {
      counts.push(count("[draggable]"));
    }
    disconnectedCallback() {
      counts.push(count("[draggable]"));
    }
  }
  window.customElements.define("x-own", Own as never);
  const [first, second] = ["x-own", "x-own"].map((name) => document.createElement(name));
  if (!first || !second) throw new Error("none");
  for (const each of [first, second]) each.setAttribute("draggable", "true");
  a.append(first);
  a.insertBefore(second, first);
  first.remove();
  expect(counts).toEqual([1, 2, 1]);
});

test("an id that comes twice is told of, however much else has changed since the ids were looked at", async () => {
  class Ids extends LiveView {
    id = "b";
    title = "";
    rename = this.event(() => {
      this.id = "a";
    });
    other = this.event(() => {
      this.title = "other";
    });
    override render() {
      return html`<i id="a" title=${this.title}></i><i id=${this.id}></i>
        <button id="rename" phx-click=${this.rename}>rename</button><button id="other" phx-click=${this.other}>other</button>`;
    }
  }
  const view = await live(Ids);
  await view.element("#other").click();
  await expect(view.element("#rename").click()).rejects.toThrow('Two elements have the id "a"');
  await expect(view.element("#other").click()).rejects.toThrow('Two elements have the id "a"');
});
