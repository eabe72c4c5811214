import { testWindow } from "@overwire/test-support/test-window";
import { expect, test } from "vitest";
import { setTitle } from "./title.ts";

/** The title after setting one in a page whose head holds `head`. */
function titled(head: string, title: string): string {
  const { document } = testWindow();
  document.head.innerHTML = head;
  setTitle(document, title);
  return document.title;
}

test("a title element without attributes shows exactly what is set", () => {
  expect(titled("<title>Old</title>", "New")).toBe("New");
  expect(titled("", "New")).toBe("New");
});

test.each([
  [`data-prefix="My "`, "My New"],
  [`data-suffix=" · App"`, "New · App"],
  [`data-prefix="My " data-suffix=" · App"`, "My New · App"],
])("%s is put around it", (attributes, expected) => {
  expect(titled(`<title ${attributes}>Old</title>`, "New")).toBe(expected);
});

test("data-default stands in for an empty title", () => {
  expect(titled(`<title data-default="Home" data-suffix=" · App">Old</title>`, "")).toBe("Home · App");
});

test("an empty title leaves the page's own, if there is no default", () => {
  expect(titled(`<title data-suffix=" · App">Old</title>`, "")).toBe("Old");
});

test("markup in a title is text, escaped once", () => {
  expect(titled("<title>Old</title>", "<b>Fish & chips</b>")).toBe("<b>Fish & chips</b>");
});

test("the title of a drawing in the page is not the page's", () => {
  const { document } = testWindow();
  document.head.innerHTML = `<title data-suffix=" · App">Old</title>`;
  document.body.innerHTML = `<svg><title data-suffix=" (drawing)">A circle</title></svg>`;
  setTitle(document, "New");
  expect(document.title).toBe("New · App");
  expect(document.querySelector("svg title")?.textContent).toBe("A circle");
});
