import { describe, expect, it, vi } from "vitest";
import { html } from "../../template/html.ts";
import { renderToHtml } from "../../template/render.ts";
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

  it("takes navigate before patch before href, and # if there is none", () => {
    expect(link({ navigate: "/a", patch: "/b", href: "/c" })).toContain('href="/a" data-ow-link="navigate"');
    expect(link({ patch: "/b", href: "/c" })).toContain('href="/b" data-ow-link="patch"');
    for (const href of [undefined, null, "", "#"]) expect(link({ href })).toBe('<a href="#">to</a>');
  });

  it("has all other attributes and its children", () => {
    expect(renderToHtml(html`<${Link} href="/x" class=${["a", "b"]} rel="next"><b>to</b><//>`)).toBe(
      '<a href="/x" class="a b" rel="next"><b>to</b></a>',
    );
  });

  it("leaves out attributes that would turn it into another kind of link", () => {
    expect(link({ patch: "/x", style: { color: "red" }, class: { a: true } })).toBe(
      '<a href="/x" style="color: red" class="a" data-ow-link="patch">to</a>',
    );
    for (const name of ["data-ow-link", "data-ow-replace", "onclick"])
      expect(() => link({ href: "/x", [name]: "x" })).toThrow("cannot be set from a value");
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

  it.each([
    "/x",
    "x",
    "#top",
    "?a:b",
    "HTTPS://x",
    "//cdn.example/x",
    "https://a.example",
    "mailto:a@b.c",
    "tel:123",
  ])("links to %j", (href) => {
    expect(link({ href })).toBe(`<a href="${href}">to</a>`);
  });

  it.each(["javascript:alert(1)", " javascript:alert(1)", "JavaScript:x", "data:text/html,x", "unknown:x"])(
    "leaves %j out, and the rest of the page as it is",
    (href) => {
      expect(link({ href, class: "x" })).toBe('<a class="x">to</a>');
    },
  );

  it("warns in development of what it has left out, once", () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    vi.stubEnv("NODE_ENV", "development");
    for (let at = 0; at < 3; at++) link({ href: "javascript:alert(1)\n" });
    expect(warn.mock.calls).toEqual([
      ['Overwire: <Link href>="javascript:alert(1)\\n" was left out. Its URL could run a script.'],
    ]);
    vi.unstubAllEnvs();
    warn.mockRestore();
  });

  it("takes a URL", () => {
    expect(link({ href: new URL("https://a.example/x") })).toBe('<a href="https://a.example/x">to</a>');
  });
});
