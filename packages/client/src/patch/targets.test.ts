import { each, html } from "@overwire/server";
import { patchedPage } from "@overwire/test-support/patched-page";
import { testWindow } from "@overwire/test-support/test-window";
import { beforeEach, expect, test } from "vitest";
import { lock } from "../dom/locks.ts";

const { win, document, $ } = testWindow();

beforeEach(() => {
  document.body.innerHTML = "<main></main>";
});

/** Changes in the page, as `what element`. */
function changed(run: () => void): string[] {
  const observer = new win.MutationObserver(() => {});
  observer.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
  run();
  const records = observer.takeRecords();
  observer.disconnect();
  const nameOf = (node: Node) => (node as Element).id || node.parentElement?.id;
  return [...new Set(records.map(({ type, target }) => `${type} ${nameOf(target)}`))];
}

test("the element that holds a changed slot is patched, and none around it or beside it", () => {
  const view = (title: string, text: string) =>
    html`<div id="out" title=${title}><p id="in"><i></i>${text}</p><p id="beside">${"b"}</p></div>`;
  const { show } = patchedPage($("main"), view("a", "a"));
  expect(changed(() => show(view("a", "b")))).toEqual(["characterData in"]);
  expect(changed(() => show(view("b", "b")))).toEqual(["attributes out"]);
});

test("a text that is all of its element is set in its node", () => {
  const view = (text: string) => html`<p id="p">${text}</p>`;
  const { show } = patchedPage($("main"), view("a"));
  const node = $("p").firstChild;
  show(view("b"));
  expect([$("p").firstChild === node, node?.textContent]).toEqual([true, "b"]);
  show(view("<b>"));
  expect($("p").textContent).toBe("<b>");
});

test("with another id the element around is patched, as another may have to take its place", () => {
  const view = (id: string) => html`<div id="out"><p id=${id}><b></b></p><p id="beside"></p></div>`;
  const { show } = patchedPage($("main"), view("a"));
  const old = $("p");
  show(view("c"));
  expect($("div").children).toHaveLength(2);
  expect([$("p").id, $("p") === old]).toEqual(["c", true]);
});

test("an option is a matter of its select", () => {
  const view = (chosen: string) =>
    html`<select id="select">${each(
      ["a", "b"],
      (item) => item,
      (item) => html`<option selected=${item === chosen}>${item}</option>`,
    )}</select>`;
  const { show } = patchedPage($("main"), view("a"));
  show(view("b"));
  expect($<HTMLSelectElement>("select").value).toBe("b");
});

test("a change in an element that awaits an answer waits with it; one in an ignored element is not shown", () => {
  const view = (text: string) =>
    html`<div id="locked"><p id="a">${text}</p></div><div id="ignored" phx-update="ignore"><p id="b">${text}</p></div>`;
  const { show, patcher } = patchedPage($("main"), view("1"));
  lock($("#locked"), 1);
  expect(changed(() => show(view("2")))).toEqual([]);
  patcher.refresh();
  expect([$("#a").textContent, $("#b").textContent]).toEqual(["1", "1"]);
});
