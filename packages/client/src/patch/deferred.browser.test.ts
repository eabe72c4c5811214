/** Elements that move out of one that waits for its answer, or into it, in a patch that comes meanwhile. */
import { type Child, html, LiveComponent, LiveView, Portal } from "@overwire/server";
import { describeBrowser } from "@overwire/test-support/chromium";
import { serveView } from "@overwire/test-support/served-view";
import type { Page } from "playwright-core";
import { beforeAll, expect, test } from "vitest";

let body: (n: number, view: Any) => Child = () => "";
let go: (() => void) | undefined;
/** Holds a handler until the test says so. */
const gate = () =>
  new Promise<void>((resolve) => {
    go = resolve;
  });

class Any extends LiveView {
  n = 1;
  others = this.event(async () => {
    for (const n of [2, 4]) {
      await gate();
      this.n = n;
      this.flush();
    }
  });
  slow = this.event(gate);
  next = this.event(() => {
    this.n += 2;
  });
  render() {
    return html`<output>${this.n}</output><button id="others" phx-click=${this.others}>others</button>
      <button id="next" phx-click=${this.next}>next</button><aside></aside><main>${body(this.n, this)}</main>`;
  }
}

class Field extends LiveComponent {
  render() {
    return html`<p id=${this.id}><input class="x"></p>`;
  }
}

const x = html`<input id="x" class="x" name="x">`;
const wrapped = html`<p title="wrapped">${x}</p>`;
const component = html`<${Field} id="c" />`;
const form = (view: Any, content: Child, text: Child = "") =>
  html`<form id="f" phx-change=${view.slow}>${content}<b>${text}</b><input name="other"></form>`;

/** Each has the field in the form at first and elsewhere then, or the other way round. */
const cases: Record<string, (isIn: boolean, n: number, view: Any) => Child> = {
  "and an element after it": (isIn, n, view) => html`${form(view, isIn && x, n)}<div>${!isIn && x}</div>`,
  "and an element before it": (isIn, n, view) => html`<div>${!isIn && x}</div>${form(view, isIn && x, n)}`,
  "and the element around it": (isIn, n, view) => html`<div>${!isIn && x}${form(view, isIn && x, n)}</div>`,
  "and an element that is new or goes": (isIn, n, view) =>
    html`${form(view, isIn && x, n)}<div>${isIn ? "text" : wrapped}</div>`,
  "of which nothing else changes": (isIn, _, view) => html`${form(view, isIn && x)}<div>${!isIn && x}</div>`,
  "and an element, wrapped in another": (isIn, n, view) =>
    html`<div>${!isIn && x}</div>${form(view, isIn && wrapped, n)}`,
  "and a portal": (isIn, n, view) =>
    html`${form(view, isIn && x, n)}<${Portal} id="p" target="aside"><i>${n}</i>${!isIn && x}<//>`,
  "and a portal that is new or goes": (isIn, n, view) =>
    html`${form(view, isIn && x, n)}${!isIn && html`<${Portal} id="p" target="aside">${x}<//>`}`,
  "whose attributes change too": (isIn, n, view) =>
    html`<form id="f" title=${n} phx-change=${view.slow}>${isIn && x}<input name="other"></form><p title=${n}>${!isIn && x}</p>`,
  "in a part that is another template": (isIn, n, view) =>
    isIn
      ? html`<section>${n}${form(view, x, n)}</section><i></i>`
      : html`<section>${n}${form(view, "", n)}</section><p>${x}</p>`,
};

const components: typeof cases = {
  "and an element after it": (isIn, n, view) =>
    html`${form(view, isIn && component, n)}<div>${!isIn && component}</div>`,
  "and an element before it": (isIn, n, view) =>
    html`<div>${!isIn && component}</div>${form(view, isIn && component, n)}`,
};

declare global {
  interface Window {
    waiting: HTMLInputElement;
  }
}

describeBrowser("an element that waits for its answer", (browser) => {
  const served = serveView(browser, Any);
  const { shows: arrived } = served;
  let page: Page;
  beforeAll(() => {
    page = served.page;
  });

  async function open(shown: typeof body): Promise<void> {
    body = shown;
    await page.goto(served.url);
    await page.waitForFunction(() => document.querySelector(".phx-connected") && history.state !== null);
  }

  const goOn = async () => {
    await expect.poll(() => go).toBeDefined();
    go?.();
    go = undefined;
  };
  /** Types into the field, and stays in it. */
  const use = async () => {
    await page.locator(".x").evaluate((field: HTMLInputElement) => {
      field.value = "typed";
      field.focus();
      field.setSelectionRange(1, 3);
      window.waiting = field;
    });
  };
  const state = () =>
    page.evaluate(() => {
      const found = [...document.querySelectorAll<HTMLInputElement>(".x")];
      return {
        isInForm: !!found[0]?.closest("form"),
        same: found.length === 1 && found[0] === window.waiting,
        value: found[0]?.value,
        focused: document.activeElement === window.waiting,
        selection: [window.waiting.selectionStart, window.waiting.selectionEnd],
      };
    });
  const kept = { same: true, value: "typed", focused: true, selection: [1, 3] };

  const all = [
    ...Object.entries(cases).map(([name, shown]) => [name, "field", shown] as const),
    ...Object.entries(components).map(([name, shown]) => [name, "live component", shown] as const),
  ].flatMap(([name, what, shown]) => [
    [name, what, "out of", shown] as const,
    [name, what, "into", shown] as const,
  ]);

  test.each(all)("%s: a %s that goes %s it does so with the answer", async (_, _what, way, shown) => {
    const wasIn = way === "out of";
    await open((n, view) => shown(wasIn === (n % 2 === 1), n, view));
    await use();
    await wait();
    await goOn();
    await arrived(2);
    expect.soft(await state(), "while it waits").toEqual({ ...kept, isInForm: wasIn });
    await goOn();
    await arrived(4);
    expect.soft(await state(), "after another patch").toEqual({ ...kept, isInForm: wasIn });
    await goOn();
    await page.locator("form:not(.phx-change-loading)").waitFor();
    expect.soft(await state(), "with the answer").toEqual({ ...kept, isInForm: !wasIn });
    await page.locator("#next").dispatchEvent("click");
    await arrived(6);
    expect(await state(), "afterwards").toEqual({ ...kept, isInForm: !wasIn });
  });

  /** Lets a form wait for its answer, behind others. */
  const wait = () =>
    page.evaluate(() => {
      document.querySelector("#others")?.dispatchEvent(new Event("click", { bubbles: true }));
      document.querySelector("[name=other]")?.dispatchEvent(new Event("input", { bubbles: true }));
    });

  test("a field that goes into a form with what is around it, while something else goes out", async () => {
    const y = html`<input id="y" class="y">`;
    await open((n, view) =>
      n === 1
        ? html`${form(view, y, n)}<div>${x}</div>`
        : html`${form(view, html`<p id="p">${x}</p>`, n)}<div>${html`<p id="q">${y}</p>`}</div>`,
    );
    await use();
    await page.locator(".y").evaluate((y: HTMLInputElement) => {
      y.value = "other";
    });
    await wait();
    for (const n of [2, 4]) {
      await goOn();
      await arrived(n);
      expect.soft(await state()).toEqual({ ...kept, isInForm: false });
      expect.soft(await page.locator("form > .y").count()).toBe(1);
    }
    await goOn();
    await page.locator("form:not(.phx-change-loading)").waitFor();
    expect(await state()).toEqual({ ...kept, isInForm: true });
    expect(await page.locator("#q > .y").inputValue()).toBe("other");
    expect(await page.evaluate(() => document.querySelectorAll("#p, #q, .y").length)).toBe(3);
  });

  test("an element that was to go into a form goes if the form does", async () => {
    await open((n, view) =>
      n === 1
        ? html`<div>${form(view, "", n)}</div><p>${x}</p>`
        : html`<div>${n === 2 ? form(view, x, n) : "text"}</div><p></p>`,
    );
    await use();
    await wait();
    await goOn();
    await arrived(2);
    expect(await page.locator("p > .x").count()).toBe(1);
    await goOn();
    await arrived(4);
    expect(await page.locator(".x").count()).toBe(0);
  });

  test("an element that goes elsewhere meanwhile does not wait, nor one that is in the way", async () => {
    const item = (id: string) => html`<li id=${id}>${id}</li>`;
    await open(
      (n, view) =>
        html`${form(view, n > 1 && x, n)}<ul>${[..."abc"].map((id) => (n > 1 && id === "a" ? "" : item(id)))}</ul>
          <ol>${n > 1 && item("a")}</ol><p>${n === 1 && x}</p>`,
    );
    await use();
    await wait();
    await goOn();
    await arrived(2);
    expect(await page.evaluate(() => document.querySelector("ul")?.textContent)).toBe("bc");
    expect(await page.evaluate(() => document.querySelector("ol")?.textContent)).toBe("a");
    expect(await state()).toEqual({ ...kept, isInForm: false });
    await goOn();
    await goOn();
    await page.locator("form:not(.phx-change-loading)").waitFor();
    expect(await state()).toEqual({ ...kept, isInForm: true });
  });

  test("a field of a form that is submitted goes elsewhere at once, and is not reset with the others", async () => {
    await open(
      (n, view) =>
        html`<form phx-submit=${view.slow}>${n === 1 && x}<input class="stays"><button>go</button></form><p>${n > 1 && x}</p>`,
    );
    await use();
    await page.locator(".stays").evaluate((field: HTMLInputElement) => {
      field.value = "typed";
    });
    await page.evaluate(() => {
      document.querySelector("#others")?.dispatchEvent(new Event("click", { bubbles: true }));
      document.querySelector("form")?.requestSubmit();
    });
    await goOn();
    await arrived(2);
    expect(await state()).toEqual({ ...kept, isInForm: false });
    await goOn();
    await goOn();
    await page.locator("form:not(.phx-submit-loading)").waitFor();
    expect(await state()).toEqual({ ...kept, isInForm: false });
    expect(await page.locator(".stays").inputValue()).toBe("");
  });
});
