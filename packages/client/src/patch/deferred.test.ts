import { each, html, type Template } from "@overwire/server";
import { patchedPage } from "@overwire/test-support/patched-page";
import { testWindow } from "@overwire/test-support/test-window";
import { beforeEach, describe, expect, test } from "vitest";
import { lock, unlock } from "../dom/locks.ts";

const { document, $ } = testWindow();

beforeEach(() => {
  document.body.innerHTML = "<main></main>";
});

const open = (first: Template) => patchedPage($("main"), first);

describe("an element whose event awaits its answer", () => {
  const form = (text: string, items: string, outside = "") => html`
    <form id="form" class=${`x-${text}`}>
      <ul>${each(
        [...items],
        (item) => item,
        (item) => html`<li>${item}</li>`,
      )}</ul>
      <button id="button">${text}</button>
    </form>
    <p>${outside}</p>`;
  const state = () => [$("form").className, $("ul").textContent, $("button").textContent, $("p").textContent];

  test("is left alone until then, and shows the newest at once; around it the page goes on", () => {
    const { show, patcher } = open(form("a", ""));
    lock($("form"), 1);
    show(form("b", "12", "one"));
    expect(state()).toEqual(["x-a", "", "a", "one"]);
    lock($("form"), 2);
    unlock($("form"), 1);
    show(form("c", "123", "two"));
    patcher.refresh();
    expect(state()).toEqual(["x-a", "", "a", "two"]);
    unlock($("form"), 2);
    show(form("c", "1234", "two"));
    expect($("ul").textContent).toBe("1234");
    patcher.refresh();
    expect(state()).toEqual(["x-c", "1234", "c", "two"]);
  });

  test("shows patches that came meanwhile even if the answer changes nothing", () => {
    const { show, patcher } = open(form("a", "1"));
    lock($("form"), 1);
    show(form("b", "12"));
    unlock($("form"), 1);
    patcher.refresh();
    expect(state()).toEqual(["x-b", "12", "b", ""]);
  });

  test("stays so if another one around it has its answer", () => {
    const { show, patcher } = open(form("a", "1"));
    lock($("form"), 1);
    lock($("button"), 2);
    show(form("b", "12"));
    unlock($("form"), 1);
    patcher.refresh();
    expect(state()).toEqual(["x-b", "12", "a", ""]);
    unlock($("button"), 2);
    patcher.refresh();
    expect(state()).toEqual(["x-b", "12", "b", ""]);
  });

  test("stays so in what is locked around it meanwhile", () => {
    const { show, patcher } = open(form("a", "1"));
    lock($("button"), 1);
    show(form("b", "1"));
    lock($("form"), 2);
    unlock($("button"), 1);
    patcher.refresh();
    expect($("button").textContent).toBe("a");
    unlock($("form"), 2);
    patcher.refresh();
    expect($("button").textContent).toBe("b");
  });

  test("keeps the nodes in it that the server goes on rendering", () => {
    const { show, patcher } = open(form("a", "12"));
    const [first] = $("ul").children;
    lock($("form"), 1);
    show(form("b", "21"));
    show(form("b", "213"));
    unlock($("form"), 1);
    patcher.refresh();
    expect($("ul").textContent).toBe("213");
    expect($("ul").children[1]).toBe(first);
  });

  test("goes with what is around it", () => {
    const view = (on: boolean) => html`<div>${on && html`<p><i>${"x"}</i></p>`}</div>`;
    const { show, patcher } = open(view(true));
    lock($("i"), 1);
    show(view(false));
    expect($("i")).toBeNull();
    patcher.refresh();
  });
});
