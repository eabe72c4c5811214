/** For any strings and any values: no value changes what a browser sees but itself, and nothing runs that should not. */
import { MARK_CLOSE, MARK_OPEN } from "@overwire/client/wire";
import fc from "fast-check";
import { type DefaultTreeAdapterMap, parseFragment } from "parse5";
import { expect, test } from "vitest";
import { compile } from "./compile.ts";
import { TemplateError } from "./errors.ts";
import { html } from "./html.ts";
import { renderToHtml } from "./render.ts";

type Parsed = DefaultTreeAdapterMap["childNode"];

const tagged = (strings: string[]) => Object.assign(strings, { raw: strings });

/** HTML drops or replaces NUL and knows one kind of newline. */
const normal = (text: string) => text.replace(/\r\n?/g, "\n").replace(/[\0\ufffd]/g, "");

/** The elements that a browser sees, with their attributes and texts. */
const elementsOf = (markup: string) =>
  parseFragment(markup).childNodes.map((node) => ({
    attributes:
      "attrs" in node ? Object.fromEntries(node.attrs.map(({ name, value }) => [name, normal(value)])) : {},
    text:
      "childNodes" in node ? node.childNodes.map((each) => ("value" in each ? each.value : "")).join("") : "",
  }));

/** A browser's view of the markup beside texts and values: names and nesting. */
const outline = (markup: string): string => outlineOf(parseFragment(markup).childNodes);
const outlineOf = (nodes: readonly Parsed[]): string =>
  nodes
    .filter((node) => !("value" in node))
    .map((node) => {
      if (!("attrs" in node)) return node.nodeName;
      const names = node.attrs.map(({ name }) => name);
      const { childNodes } = "content" in node ? node.content : node;
      return `${node.tagName}[${names}](${outlineOf(childNodes)})`;
    })
    .join();

const nasty = fc
  .array(
    fc.constantFrom(
      ..."<>\"'&/=;!-- \t\n\r\0\u00a0\u2028abxé😀\ud800",
      ..."javascript: --> </script> </textarea> </pre> </title> &amp; &lt; <b> <!-- ]]> {{ ${ \ufffd".split(
        " ",
      ),
    ),
    { maxLength: 6 },
  )
  .map((parts) => parts.join(""));

test("a value is the text that was given, in every place for one", () => {
  fc.assert(
    fc.property(fc.oneof(nasty, fc.string({ unit: "binary" })), (value) => {
      const markup = renderToHtml(
        html`<p title=${value} lang="${value}" id="a${value}b" ...${{ dir: value }}>${value}</p><pre>${value}</pre><textarea>${value}</textarea>`,
      );
      const [p, pre, textarea] = elementsOf(markup);
      const text = normal(value);
      expect(p?.attributes).toEqual({ title: text, lang: text, id: `a${text}b`, dir: text });
      for (const node of [p, pre, textarea]) expect(normal(node?.text ?? "")).toBe(text);
    }),
    { numRuns: 500 },
  );
});

test("no URL that a browser would run is rendered, and every other one is", () => {
  const scheme = fc.constantFrom(
    ..."javascript:,JAVA,script,vb,:,http://a,/,a,é,#,x:".split(","),
    ..." \t\n\u0001",
  );
  fc.assert(
    fc.property(fc.array(scheme, { maxLength: 5 }), fc.array(scheme, { maxLength: 5 }), (first, second) => {
      const [a, b] = [first.join(""), second.join("")];
      for (const [url, markup] of [
        [a, renderToHtml(html`<a href=${a}></a>`)],
        [a, renderToHtml(html`<a ...${{ href: a }}></a>`)],
        [a + b, renderToHtml(html`<a href="${a}${b}"></a>`)],
        [`java${a}`, renderToHtml(html`<a href="java${a}"></a>`)],
        [`x${a}`, renderToHtml(html`<a href="x${a}"></a>`)],
      ] as const) {
        const [link] = elementsOf(markup);
        if (runs(url)) expect(link?.attributes).toEqual({});
        // Of what is no URL at all it does not matter.
        else if (URL.canParse(url, "http://x/")) expect(link?.attributes).toEqual({ href: normal(url) });
      }
    }),
    { numRuns: 1000 },
  );
});

/** Node reads URLs as browsers do. */
const runs = (url: string) =>
  URL.canParse(url, "http://x/") && /^(javascript|vbscript):$/.test(new URL(url, "http://x/").protocol);

/** Pieces of templates, right and wrong. § is a slot. */
const markup = fc.constantFrom(
  ..."<>/=\"'&!-; \n\0\ufdd0a",
  ..."<p> </p> <b </b> <div> <a href= <br> <br/> <!-- --> <script> </script> <textarea> <pre> <table> <tr> <svg> <§> </> <// > <//> <!doctype html> <title> ... class= x=y on <? <![CDATA[ ]]> __proto__ 0".split(
    " ",
  ),
);
const wellFormed = fc.constantFrom(
  ...'§|<b>§</b>|<a href=§>|</a>|<i x=\'§\'|>|</i>|<p a="§ b" ...§>§</p>|<input value=§>|<a href="§/§" />|<pre>§</pre>|<textarea>§</textarea>|<svg><circle r=§ /></svg>|<title>§</title>|<ul><li>§</li>§</ul>|<!-- a -->|<table>§<tbody><tr><td>§</td>§</tr></tbody></table>|<select>§</select>|<style>a</style>|<script src=§></script>|&amp;'.split(
    "|",
  ),
);
const anyStrings = fc
  .array(fc.oneof({ weight: 4, arbitrary: wellFormed }, { weight: 1, arbitrary: markup }), { maxLength: 6 })
  .map((parts) => parts.join("").split("§"));

test("whatever the strings, compiling gives a template or a TemplateError, and marks nest", () => {
  fc.assert(
    fc.property(anyStrings, (strings) => {
      try {
        const { statics, marked, slots } = compile(tagged(strings));
        expect(statics.length).toBe(slots.length + 1);
        const all = marked.join("");
        expect(all.replaceAll(MARK_OPEN, "").replaceAll(MARK_CLOSE, "")).toBe(statics.join(""));
        let depth = 0;
        for (const char of all) {
          depth += char === MARK_OPEN ? 1 : char === MARK_CLOSE ? -1 : 0;
          expect(depth).toBeGreaterThanOrEqual(0);
        }
        expect(depth).toBe(0);
      } catch (error) {
        expect(error).toBeInstanceOf(TemplateError);
      }
    }),
    { numRuns: 4000 },
  );
});

test("whatever the strings, no value changes the shape", () => {
  fc.assert(
    fc.property(anyStrings, nasty, (strings, value) => {
      const shapeWith = (text: string) => {
        const values = strings.slice(1).map(() => text);
        return outline(renderToHtml(html(tagged(strings), ...values)));
      };
      try {
        // Never empty or blank: a browser treats that in a table in another way than text.
        expect(shapeWith(`x${value}`)).toBe(shapeWith("x"));
      } catch (error) {
        if (!(error instanceof TemplateError)) throw error;
      }
    }),
    { numRuns: 4000 },
  );
});

const elements = fc.constantFrom(
  ..."div p b a button form ul li dl dt dd table tbody thead tr td th caption colgroup col select option optgroup input textarea br svg circle foreignObject h1 h2 span pre label template ruby rt nobr object section noscript iframe details summary fieldset legend hr img image dialog script style".split(
    " ",
  ),
);

test("an element is where the template has it, or is refused", () => {
  fc.assert(
    fc.property(fc.array(elements, { minLength: 2, maxLength: 5 }), (chain) => {
      const text = /^(br|col|hr|img|input|textarea|iframe|script|style|noscript)$/;
      const end = chain.findIndex((name) => text.test(name));
      const path = ["div", ...chain.slice(0, end < 0 ? undefined : end + 1)];
      const tags = path.map((name) => `<${name}>`).join("");
      const ends = path.map((name) => (/^(br|col|hr|img|input)$/.test(name) ? "" : `</${name}>`)).reverse();
      try {
        const rendered = renderToHtml(html(tagged([tags + ends.join("")])));
        const expected = path.reduceRight((inside, name) => `${name}[](${inside})`, "");
        expect(outline(rendered).toLowerCase()).toBe(expected.toLowerCase());
      } catch (error) {
        if (!(error instanceof TemplateError)) throw error;
      }
    }),
    { numRuns: 3000 },
  );
});
