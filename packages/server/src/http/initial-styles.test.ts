import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { withInitialStyles } from "./initial-styles.ts";

const page = (...styles: string[]) =>
  `<html><head><title>x</title></head><body>${styles.map((style) => `<p data-ow-style="${style}">x</p>`).join("")}</body></html>`;

/** The rules that a page of these styles gets. */
const rulesOf = (...styles: string[]) =>
  /<style nonce="n">(.*)<\/style><\/head>/.exec(withInitialStyles(page(...styles), "n"))?.[1];

describe("the first styles of a page", () => {
  test("are rules for the elements that have them, over the author's style sheets", () => {
    expect(rulesOf("color: red; width: 5px", "--gap: calc(1px + 2px)", "color: red; width: 5px")).toBe(
      '[data-ow-style="color: red; width: 5px"]{color: red!important; width: 5px!important}' +
        '[data-ow-style="--gap: calc(1px + 2px)"]{--gap: calc(1px + 2px)!important}',
    );
    expect(rulesOf("color: red !important")).toBe(
      '[data-ow-style="color: red !important"]{color: red !important}',
    );
  });

  test.each([
    "color: red} body { display: none",
    "color: red; background: url(",
    "color: red)",
    "width: calc(1px; color: red)",
    "color: /* red",
    "content: &quot;x&quot;",
    "color: r\\65d",
    "color: red\n; width: 1px",
    "@import x",
    "a:b:c",
    "color",
    ";",
    "",
  ])("leave %j to the client", (style) => {
    const plain = page(style);
    expect(withInitialStyles(plain, "n")).toBe(plain);
  });

  test("never let a value out of its own rule", () => {
    const value = fc.string({ unit: fc.constantFrom(..."a:;(){}/*! -%#.,\\\n@<>"), maxLength: 20 });
    fc.assert(
      fc.property(value, (value) => {
        const rules = rulesOf(value.replaceAll("<", "&lt;")) ?? "";
        // Brackets of the one rule and its selector, and none beside them.
        expect(rules.replace(/^\[data-ow-style="[^"]*"\]\{[^{}"'\\<@]*\}$/, "")).toBe("");
      }),
    );
  });

  test("ask for no nonce if there are none, and end if they would make the page too long", () => {
    const nonce = {
      toString(): string {
        throw new Error("asked");
      },
    };
    expect(withInitialStyles(page(), nonce)).toBe(page());
    expect(withInitialStyles("<p data-ow-style='x'>", nonce)).toBe("<p data-ow-style='x'>");
    const many = Array.from({ length: 2000 }, (_, at) => `width: ${at}px`);
    expect(rulesOf(...many)?.length).toBeLessThanOrEqual(16_384);
  });
});
