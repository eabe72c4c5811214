/** Elements that move into the sibling before them, out of the end of their parent. */
import { type Child, each, html, LiveView } from "@overwire/server";
import { describeBrowser } from "@overwire/test-support/chromium";
import { serveView } from "@overwire/test-support/served-view";
import { expect, test } from "vitest";

let body: (n: number) => Child = () => "";
class Any extends LiveView {
  n = 1;
  override handleInfo(n: unknown) {
    this.n = n as number;
  }
  render() {
    return html`<output>${this.n}</output><aside id="t"></aside><main id="all">${body(this.n)}</main>`;
  }
}
describeBrowser("an element that moves into the sibling before it", (browser) => {
  const served = serveView(browser, Any);
  const x = html`<b id="x">x</b>`;
  const cases: Record<string, [(n: number) => Child, string, string?]> = {
    "into a new list in an earlier sibling": [
      (n) => html`<div><nav>${n === 2 && html`<p>${x}<i>after</i></p>`}</nav>${n === 1 && x}</div>`,
      '<div><nav><p><b id="x">x</b><i>after</i></p></nav></div>',
    ],
    "into an earlier sibling, before a new one": [
      (n) => html`<div><nav>${n === 2 && html`${x}<i>after</i>`}</nav>${n === 1 && x}</div>`,
      '<div><nav><b id="x">x</b><i>after</i></nav></div>',
    ],
    "into an earlier sibling, before text that was there": [
      (n) => html`<div><p>${n === 2 && x} text</p>${n === 1 && x}</div>`,
      '<div><p><b id="x">x</b> text</p></div>',
    ],
    "into an earlier sibling, before an element that was there": [
      (n) => html`<div><p>${n === 2 && x}<i>was</i></p>${n === 1 && x}</div>`,
      '<div><p><b id="x">x</b><i>was</i></p></div>',
    ],
    "into an earlier list, before items that were there": [
      (n) =>
        html`<div><ul>${each(
          n === 2 ? ["x", "a", "b"] : ["a", "b"],
          (k) => k,
          (k) => html`<li id=${k}>${k}</li>`,
        )}</ul>${n === 1 && html`<li id="x">x</li>`}</div>`,
      '<div><ul><li id="x">x</li><li id="a">a</li><li id="b">b</li></ul></div>',
    ],
    "a draft into the list, others come": [
      (n) =>
        html`<div><ul>${each(
          n === 2 ? ["x", "c", "d"] : ["d"],
          (k) => k,
          (k) => html`<li id=${k}>${k}</li>`,
        )}</ul>${n === 1 && html`<li id="x">x</li>`}</div>`,
      '<div><ul><li id="x">x</li><li id="c">c</li><li id="d">d</li></ul></div>',
    ],
    "and others at the end go": [
      (n) =>
        html`<div><nav>${n === 2 && html`<p>${x}</p>`}</nav>${n === 1 && html`${x}<i>goes</i><u>goes</u>`}</div>`,
      '<div><nav><p><b id="x">x</b></p></nav></div>',
    ],
    "into an earlier sibling and another goes": [
      (n) => html`<div><nav>${n === 2 && x}</nav>${n === 1 && html`${x}<i>goes</i>`}</div>`,
      '<div><nav><b id="x">x</b></nav></div>',
    ],
  };
  test.each(Object.entries(cases))("%s", async (_, [b, want]) => {
    body = b;
    await served.load();
    await served.show(2);
    expect(await served.page.evaluate(() => document.querySelector("#all")?.innerHTML)).toBe(want);
  });
});
