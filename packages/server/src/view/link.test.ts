import { describe, expect, it } from "vitest";
import { html } from "../template/html.ts";
import { renderToHtml } from "../template/render.ts";
import { Link, type LinkProps } from "./link.ts";

const link = (props: LinkProps) => renderToHtml(html`<${Link} ...${props}>to<//>`);

describe("Link", () => {
  it("navigates, patches, or loads a page", () => {
    expect(link({ navigate: "/x" })).toBe('<a href="/x" data-ow-link="navigate">to</a>');
    expect(link({ patch: "/x?y=1", replace: true })).toBe(
      '<a href="/x?y=1" data-ow-link="patch" data-ow-replace>to</a>',
    );
    expect(link({ href: "/x" })).toBe('<a href="/x">to</a>');
  });

  it("takes navigate before patch before href, and # where there is none", () => {
    expect(link({ navigate: "/a", patch: "/b", href: "/c" })).toContain('href="/a" data-ow-link="navigate"');
    expect(link({ patch: "/b", href: "/c" })).toContain('href="/b" data-ow-link="patch"');
    for (const href of [undefined, null, "", "#"]) expect(link({ href })).toBe('<a href="#">to</a>');
  });

  it("has all other attributes and its children", () => {
    expect(renderToHtml(html`<${Link} href="/x" class=${["a", "b"]} rel="next"><b>to</b><//>`)).toBe(
      '<a href="/x" class="a b" rel="next"><b>to</b></a>',
    );
  });

  it("may change the query alone, or name a host", () => {
    expect(link({ patch: "?page=2" })).toContain('href="?page=2" data-ow-link="patch"');
    expect(link({ patch: "https://app.example.com/x" })).toContain('href="https://app.example.com/x"');
  });

  it.each([
    "//evil.example",
    "/\t/evil.example",
    "/\\evil.example",
    "javascript:alert(1)",
    "x",
    "mailto:a@b.c",
  ])("refuses to navigate or patch to %j", (to) => {
    expect(() => link({ navigate: to })).toThrow(/<Link navigate>/);
    expect(() => link({ patch: to })).toThrow(/<Link patch>/);
  });

  it.each(["/x", "x", "#top", "?a:b", "//cdn.example/x", "https://a.example", "mailto:a@b.c", "tel:123"])(
    "links to %j",
    (href) => {
      expect(link({ href })).toBe(`<a href="${href}">to</a>`);
    },
  );

  it.each(["javascript:alert(1)", " javascript:alert(1)", "data:text/html,x", "HTTPS://x", "unknown:x"])(
    "refuses %j",
    (href) => {
      expect(() => link({ href })).toThrow(/unsafe or unknown external URL/);
    },
  );

  it("takes a URL", () => {
    expect(link({ href: new URL("https://a.example/x") })).toBe('<a href="https://a.example/x">to</a>');
  });
});
