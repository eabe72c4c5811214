/** Clicks on live links: those that the browser would follow in this tab, and others. */
import { testWindow } from "@overwire/test-support/test-window";
import { expect, test } from "vitest";
import { clickedLink } from "./links.ts";

const click = (html: string, selector: string, init: MouseEventInit = {}) => {
  const { win, $ } = testWindow(html.replaceAll("live", `data-ow-link="navigate"`), "http://localhost/a");
  const event = new win.MouseEvent("click", init);
  Object.defineProperty(event, "target", { value: $(selector) });
  return clickedLink(win, event)?.[1].href;
};

test("gives the address of the link around the target", () => {
  expect(click(`<a live href="b?c#d"><b></b></a>`, "b")).toBe("http://localhost/b?c#d");
  expect(click(`<a live href="/b" target="_self"></a>`, "a")).toBe("http://localhost/b");
  expect(click(`<svg><a live xlink:href="/b"></a></svg>`, "a")).toBe("http://localhost/b");
});

test.each([
  ["no live link", `<a href="/b"></a>`],
  ["another tab", `<a live href="/b" target="_blank"></a>`],
  ["a download", `<a live href="/b" download></a>`],
  ["another origin", `<a live href="https://example.org/"></a>`],
  ["no address", `<a live href="https://"></a>`],
])("leaves %s to the browser", (_, html) => {
  expect(click(html, "a")).toBe(undefined);
});

test.each([{ button: 1 }, { metaKey: true }, { ctrlKey: true }, { shiftKey: true }, { altKey: true }])(
  "leaves a click with %j to the browser",
  (init) => {
    expect(click(`<a live href="/b"></a>`, "a", init)).toBe(undefined);
  },
);
