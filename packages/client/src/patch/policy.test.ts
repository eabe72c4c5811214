import { each, html, Portal, raw, type Template } from "@overwire/server";
import { patchedPage } from "@overwire/test-support/patched-page";
import { testWindow } from "@overwire/test-support/test-window";
import { beforeEach, describe, expect, test } from "vitest";
import { ignoreAttributes, setAttribute, setClass, setDisplay } from "../dom/sticky.ts";
import type { PatchCallbacks } from "./patch-context.ts";

const { document, $ } = testWindow();

beforeEach(() => {
  document.body.innerHTML = "<main></main>";
});

const open = (first: Template, callbacks?: PatchCallbacks, prefix?: string) =>
  patchedPage($("main"), first, callbacks, prefix);

describe("changes of client commands stay through patches", () => {
  const view = (text: string) => html`<p class="a" title="x" data-a=${text}>${text}<i></i></p>`;

  test("classes, attributes and display", () => {
    const { show } = open(view("1"));
    const p = $("p");
    setClass(p, "b", true);
    setClass(p, "a", false);
    setAttribute(p, "data-on", "1");
    setAttribute(p, "title", null);
    setDisplay(p, "none");
    show(view("2"));
    expect(p.outerHTML).toBe('<p class="b" data-a="2" data-on="1" style="display: none;">2<i></i></p>');
  });

  test("ignored attributes are the page's: kept, and kept away", () => {
    const view = (note: string) =>
      html`<details id="x" title=${note} data-a=${note}><i>${note}</i></details>`;
    const { show } = open(view("1"));
    const details = $<HTMLDetailsElement>("details");
    ignoreAttributes(details, ["open", "data-*", "hidden"]);
    details.open = true;
    details.setAttribute("data-mine", "1");
    details.setAttribute("lang", "en");
    show(view("2"));
    expect(details.outerHTML).toBe(
      '<details id="x" title="2" data-a="1" open="" data-mine="1"><i>2</i></details>',
    );
  });

  test("all of them, by *", () => {
    const view = (note: string) => html`<b title=${note}>${note}<i></i></b>`;
    const { show } = open(view("1"));
    ignoreAttributes($("b"), ["*"]);
    $("b").className = "mine";
    show(view("2"));
    expect($("b").outerHTML).toBe('<b title="1" class="mine">2<i></i></b>');
  });
});

describe("fields with the focus", () => {
  const field = (value: string, optIn: boolean, name = "phx-patch-focused") =>
    html`<input value=${value} ...${{ [name]: optIn }}>`;
  const type = (text: string) => {
    const input = $<HTMLInputElement>("input");
    input.focus();
    input.value = text;
    return input;
  };

  test("keep what is typed", () => {
    const { show } = open(field("a", false));
    const input = type("typed");
    show(field("b", false));
    expect(input.value).toBe("typed");
  });

  test("take the server's value if it says so, and keep the focus", () => {
    const { show } = open(field("a", true));
    const input = type("typed");
    show(field("b", true));
    expect(input.value).toBe("b");
    expect(document.activeElement).toBe(input);
  });

  test("also with another prefix for all bindings", () => {
    const { show } = open(field("a", true, "data-patch-focused"), {}, "data-");
    const input = type("typed");
    show(field("b", true, "data-patch-focused"));
    expect(input.value).toBe("b");
  });

  test("have the server's value as their attribute if it is the typed one", () => {
    const { show } = open(field("", false));
    const input = type("typed");
    show(field("typed", false));
    expect(input.getAttribute("value")).toBe("typed");
    expect(input.value).toBe("typed");
  });
});

test("an ignored element keeps its content and takes data-*", () => {
  const view = (note: string) =>
    html`<p phx-update="ignore" title=${note} data-a=${note} data-b=${note === "1"}>${note}</p>`;
  const { show } = open(view("1"));
  show(view("2"));
  expect($("p").outerHTML).toBe('<p phx-update="ignore" title="1" data-a="2">1</p>');
});

test("a checked attribute that the server takes away is gone, and the box with it", () => {
  const view = (id: string, checked: boolean) => html`<input type="checkbox" id=${id} checked=${checked}>`;
  const { show } = open(view("a", true));
  const box = $<HTMLInputElement>("input");
  show(view("b", false));
  expect(box.outerHTML).toBe('<input type="checkbox" id="b">');
  expect(box.checked).toBe(false);
});

test("a nested view's content is its own; with another token it is another view", () => {
  const view = (token: string, note: string) =>
    html`<section title=${note}>${note}${raw(`<div id="nested" data-ow-view="${token}"></div>`)}</section>`;
  const renewed: Element[] = [];
  const { show, patcher } = open(view("a", "1"), { renewed: (el) => renewed.push(el) });
  const nested = $("#nested");
  nested.className = "phx-connected";
  nested.innerHTML = "<b>its own</b>";
  show(view("a", "2"));
  expect(nested.outerHTML).toBe(
    '<div id="nested" data-ow-view="a" class="phx-connected"><b>its own</b></div>',
  );
  expect(renewed).toEqual([]);
  show(view("b", "3"));
  expect(nested.outerHTML).toBe('<div id="nested" data-ow-view="b"><b>its own</b></div>');
  expect(renewed).toEqual([nested]);
  expect([$("section"), nested, $("b"), document.body].map(patcher.owns)).toEqual([
    true,
    false,
    false,
    false,
  ]);
});

test("the page may see and change what an element becomes, or leave it alone", () => {
  const view = (note: string) => html`<p title=${note}><i title=${note}>${note}<b></b></i></p>`;
  const seen: string[] = [];
  const { show } = open(view("1"), {
    onBeforeElUpdated(from, to) {
      seen.push(`${from.localName} ${from.getAttribute("title")} ${to.getAttribute("title")}`);
      to.setAttribute("lang", from.getAttribute("title") as string);
      return from.localName !== "i";
    },
  });
  seen.length = 0;
  show(view("2"));
  expect(seen).toEqual(["p 1 2", "i 1 2"]);
  expect($("p").outerHTML).toBe('<p title="2" lang="1"><i title="1">1<b></b></i></p>');
});

describe("the page is asked", () => {
  /** Elements that a change of the page asks about; some are refused by name. */
  function asking(
    view: (text: string) => Template,
    refuses: (from: Element, to: Element) => boolean = () => false,
  ) {
    const seen: string[] = [];
    const { show, patcher } = open(view("1"), {
      onBeforeElUpdated(from, to) {
        seen.push(from.localName);
        return !refuses(from, to);
      },
    });
    const asked = (text: string) => {
      seen.length = 0;
      show(view(text));
      return seen;
    };
    return { asked, patcher };
  }
  const nested = (text: string) => html`<section><div><p>${text}</p></div><i>x</i></section>`;

  test("of an element of which only the text changes, and of those around it, from the outside in", () => {
    const { asked } = asking(nested);
    expect(asked("2")).toEqual(["section", "div", "p"]);
    expect($("p").textContent).toBe("2");
  });

  test("with what the element becomes", () => {
    const texts: (string | null)[] = [];
    const { show } = open(nested("1"), {
      onBeforeElUpdated(from, to) {
        if (from.localName === "p") texts.push(from.textContent, to.textContent);
      },
    });
    texts.length = 0;
    show(nested("2"));
    expect(texts).toEqual(["1", "2"]);
  });

  test.each(["section", "div", "p"])("and leaves alone what is in an element that is refused: %s", (name) => {
    const { asked } = asking(nested, (from) => from.localName === name);
    asked("2");
    expect($("p").textContent).toBe("1");
  });

  test("until it is allowed again: then it is brought up to date by the next change in it", () => {
    let isRefused = true;
    const { asked } = asking(
      (text) =>
        html`<section><ul>${each(
          [...text],
          (id) => id,
          (id) => html`<li>${id}</li>`,
        )}</ul></section>`,
      (from) => isRefused && from.localName === "section",
    );
    asked("12");
    asked("3124");
    expect($("ul").textContent).toBe("1");
    isRefused = false;
    asked("3125");
    expect($("ul").textContent).toBe("3125");
  });

  test("once of each element around several changes", () => {
    const { asked } = asking(
      (text) => html`<section><p title=${text}>a</p><div><b title=${text}></b><i>${text}</i></div></section>`,
    );
    expect(asked("2")).toEqual(["section", "div", "p", "b", "i"]);
  });

  test("of lists, ignored elements, and what is in portals", () => {
    const { asked } = asking(
      (text) => html`<ul>${each(
        [...text],
        (id) => id,
        (id) => html`<li>${id}</li>`,
      )}</ul>
        <div phx-update="ignore" data-a=${text}></div>
        <section><${Portal} id="p" target="body"><b>${text}</b><//></section>`,
      (from) => from.matches("[phx-update]"),
    );
    expect([...asked("12")].sort()).toEqual(["b", "div", "div", "section", "ul"]);
    expect($("[phx-update]").getAttribute("data-a")).toBe("1");
    expect($("b").textContent).toBe("12");
  });

  test("and may change what is around: that stays", () => {
    const { show } = open(nested("1"), {
      onBeforeElUpdated: (from, to) => void (from.localName === "div" && to.setAttribute("lang", "en")),
    });
    show(nested("2"));
    expect($("div").lang).toBe("en");
    expect($("p").textContent).toBe("2");
  });
});
