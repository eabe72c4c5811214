/** For any well-formed template: a browser sees its shape, and every text and value as it was given. */
import fc from "fast-check";
import { type DefaultTreeAdapterMap, parseFragment } from "parse5";
import { expect, test } from "vitest";
import { each } from "./each.ts";
import { type Child, html, type Template } from "./html.ts";
import { memo } from "./memo.ts";
import { renderToHtml } from "./render.ts";

type Parsed = DefaultTreeAdapterMap["childNode"];
/** A browser's view of a page: elements with their attributes and content, comments, texts. */
type Shape = string | { name: string; attributes: Record<string, string>; children: Shape[] };

/** A piece of a template: its source, and what a browser should make of it. */
interface Piece {
  write(to: Source): void;
  readonly shape: Shape[];
}

/** Builds what a tagged template's function is given. */
class Source {
  readonly strings = [""];
  readonly values: unknown[] = [];
  text(text: string): void {
    this.strings[this.strings.length - 1] += text;
  }
  slot(value: unknown): void {
    this.values.push(value);
    this.strings.push("");
  }
}

const tagged = (strings: string[]) => Object.assign(strings, { raw: strings });

function template(pieces: readonly Piece[]): Template {
  const source = new Source();
  for (const piece of pieces) piece.write(source);
  return html(tagged(source.strings), ...source.values);
}

const shapes = (pieces: readonly Piece[]) => pieces.flatMap(({ shape }) => shape);

/** HTML drops or replaces NUL and knows one kind of newline. */
const normal = (text: string) => text.replace(/\r\n?/g, "\n").replace(/[\0\ufffd]/g, "");
const keepsSpace = /^(pre|textarea)$/;

/** Joins neighbouring texts and, if a run of space is as good as another, takes it out. */
function normalize(nodes: readonly Shape[], keeps = false): Shape[] {
  const joined: Shape[] = [];
  for (const node of nodes) {
    const last = joined.at(-1);
    if (typeof node === "string" && typeof last === "string") joined[joined.length - 1] = last + node;
    else joined.push(node);
  }
  return joined.flatMap((node): Shape[] => {
    if (typeof node !== "string") {
      return [{ ...node, children: normalize(node.children, keeps || keepsSpace.test(node.name)) }];
    }
    const text = keeps ? normal(node) : normal(node).replace(/[ \t\n\f]/g, "");
    return text ? [text] : [];
  });
}

function read(nodes: readonly Parsed[]): Shape[] {
  return nodes.map((node): Shape => {
    if ("value" in node) return node.value;
    if ("data" in node) return { name: "!", attributes: {}, children: [node.data] };
    if (!("tagName" in node)) return { name: node.nodeName, attributes: {}, children: [] };
    const attributes = Object.fromEntries(
      node.attrs.map(({ name, prefix, value }) => [prefix ? `${prefix}:${name}` : name, normal(value)]),
    );
    return {
      name: node.tagName,
      attributes,
      children: read("content" in node ? node.content.childNodes : node.childNodes),
    };
  });
}

const parsed = (markup: string) => normalize(read(parseFragment(markup).childNodes));

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

/** A value for a slot in text, and the text it is. */
const shownValue = fc.oneof(
  { weight: 3, arbitrary: nasty.map((text): [Child, string] => [text, text]) },
  fc.integer().map((number): [Child, string] => [number, String(number)]),
  fc.constantFrom<[Child, string]>([null, ""], [undefined, ""], [true, ""], [false, ""], [5n, "5"]),
);

const staticText = fc
  .array(
    fc.constantFrom(
      "a",
      "b",
      " ",
      "\n",
      "\t",
      "<",
      "< ",
      "é",
      ">",
      '"',
      "'",
      "/",
      "=",
      "...",
      "&amp;",
      "&lt;b",
    ),
    {
      maxLength: 6,
    },
  )
  // The following text must not make a tag or a reference of its end, which is not this test's business.
  .map(
    (parts) =>
      `${parts
        .join("")
        .replace(/<(?=[ab/]|$)/g, "< ")
        .replace(/&lt;b$/, "&lt;b;")}`,
  );
const meant = (text: string) => text.replaceAll("&amp;", "&").replaceAll("&lt;", "<");

const textPiece: fc.Arbitrary<Piece> = staticText.map((text) => ({
  write: (to) => to.text(text),
  shape: [meant(text)],
}));
const slotPiece: fc.Arbitrary<Piece> = shownValue.map(([value, text]) => ({
  write: (to) => to.slot(value),
  shape: [text],
}));
const commentPiece: fc.Arbitrary<Piece> = fc
  .constantFrom(" a ", "", " <b> ", " ' \" ", " \n ", "a-", " a=>b ")
  .map((text) => ({
    write: (to) => to.text(`<!--${text}-->`),
    shape: [{ name: "!", attributes: {}, children: [text] }],
  }));

/** An attribute: its source, and what it should be, unless it is dropped. */
interface Attribute {
  write(to: Source): void;
  readonly value: string | undefined;
}

const attributeValue = fc.oneof(
  nasty.map((text): [unknown, string | undefined] => [text, text]),
  fc.constantFrom<[unknown, string | undefined]>([1, "1"], [true, ""], [false, undefined], [null, undefined]),
);

const attribute = (name: string): fc.Arbitrary<Attribute> =>
  fc.oneof(
    fc.constant<Attribute>({ write: (to) => to.text(` ${name}`), value: "" }),
    fc.tuple(staticText, fc.constantFrom('"', "'")).map(([text, quote]): Attribute => {
      const inside = text.replaceAll(quote, "");
      return { write: (to) => to.text(` ${name}=${quote}${inside}${quote}`), value: meant(inside) };
    }),
    fc.constantFrom("a", "/a/b", "a=b&c=d", "1.5").map(
      (text): Attribute => ({
        write: (to) => to.text(` ${name}=${text}`),
        value: text,
      }),
    ),
    fc.tuple(attributeValue, fc.constantFrom("", '"', "'")).map(
      ([[value, text], quote]): Attribute => ({
        write: (to) => {
          to.text(` ${name}=${quote}`);
          to.slot(value);
          to.text(`${quote} `);
        },
        value: text,
      }),
    ),
    fc.tuple(nasty, fc.constantFrom("", "a ", "/", "&amp;"), nasty).map(
      ([first, between, second]): Attribute => ({
        write: (to) => {
          to.text(` ${name}="`);
          to.slot(first);
          to.text(between);
          to.slot(second);
          to.text(`"`);
        },
        value: first + meant(between) + second,
      }),
    ),
    attributeValue.map(
      ([value, text]): Attribute => ({
        write: (to) => {
          to.text(" ...");
          to.slot({ [name]: value });
        },
        value: text,
      }),
    ),
  );

const names = ["class", "id", "title", "data-x", "aria-label", "phx-click", "style"];
const attributes: fc.Arbitrary<[string, Attribute][]> = fc
  .subarray(names, { maxLength: 3 })
  .chain((chosen) =>
    fc.tuple(...chosen.map((name) => attribute(name).map((one): [string, Attribute] => [name, one]))),
  );

const element = (name: string, content: fc.Arbitrary<readonly Piece[]>): fc.Arbitrary<Piece> =>
  fc.tuple(attributes, content, fc.boolean()).map(([given, children, selfClosing]) => ({
    write: (to) => {
      to.text(`<${name}`);
      for (const [, one] of given) one.write(to);
      if (children.length === 0 && selfClosing) to.text(" />");
      else {
        to.text(" >");
        if (/^(br|img|input)$/.test(name)) return;
        for (const child of children) child.write(to);
        to.text(`</${name}>`);
      }
    },
    shape: [
      {
        name,
        attributes: Object.fromEntries(
          given.flatMap(([key, { value }]) => (value === undefined ? [] : [[key, normal(value)]])),
        ),
        children: shapes(children),
      },
    ],
  }));

const around = (pieces: readonly Piece[], write: (to: Source) => void): Piece => ({
  write,
  shape: shapes(pieces),
});
const Inside = ({ children }: { children?: Child }) => html`${children}`;

/** Templates in slots, in each of the ways they can get there. */
const nested = (content: fc.Arbitrary<readonly Piece[]>): fc.Arbitrary<Piece> =>
  fc.tuple(content, fc.constantFrom("template", "array", "each", "memo", "component")).map(([pieces, way]) =>
    around(pieces, (to) => {
      if (way === "template") to.slot(template(pieces));
      else if (way === "array") to.slot(pieces.map((piece) => template([piece])));
      else if (way === "each")
        to.slot(
          each(
            pieces,
            (_piece, index) => index,
            (piece) => template([piece]),
          ),
        );
      else if (way === "memo") to.slot(memo([], () => template(pieces)));
      else {
        to.text("<");
        to.slot(Inside);
        to.text(">");
        for (const piece of pieces) piece.write(to);
        to.text("<//>");
      }
    }),
  );

const none = fc.constant<readonly Piece[]>([]);
const several = (piece: fc.Arbitrary<Piece>, maxLength = 4) => fc.array(piece, { maxLength });

const leaves = [textPiece, slotPiece, commentPiece];

function phrasing(depth: number): fc.Arbitrary<Piece> {
  if (depth === 0) return fc.oneof(...leaves);
  const inside = several(phrasing(depth - 1));
  return fc.oneof(
    ...leaves,
    ...["br", "img", "input"].map((name) => element(name, none)),
    ...["b", "span", "em", "label", "x-y"].map((name) => element(name, inside)),
    element("textarea", several(slotPiece)),
    element(
      "svg",
      several(
        fc.oneof(
          element("circle", none),
          element("title", several(fc.oneof(slotPiece, textPiece))),
          slotPiece,
        ),
      ),
    ),
    nested(inside),
  );
}

/** Rows and cells of a table, and templates that hold them. */
function table(depth: number): fc.Arbitrary<Piece> {
  const cell = element("td", several(flow(depth - 1), 2));
  const row = element("tr", several(fc.oneof(cell, nested(several(cell, 2))), 3));
  const rows = several(fc.oneof(row, nested(several(row, 2))), 2);
  return element("table", several(element("tbody", rows), 2));
}

const pre: fc.Arbitrary<Piece> = several(fc.oneof(...leaves, element("b", several(fc.oneof(...leaves))))).map(
  (pieces) => {
    const source = new Source();
    for (const piece of pieces) piece.write(source);
    const children = normalize(shapes(pieces), true);
    const [first] = children;
    // As in any file, a browser does not show the author's newline directly after the tag.
    if (source.strings[0]?.startsWith("\n") && typeof first === "string") children[0] = first.slice(1);
    return {
      write: (to) => {
        to.text("<pre>");
        for (const piece of pieces) piece.write(to);
        to.text("</pre>");
      },
      shape: [{ name: "pre", attributes: {}, children }],
    };
  },
);

function flow(depth: number): fc.Arbitrary<Piece> {
  if (depth <= 0) return phrasing(0);
  const inside = several(flow(depth - 1));
  return fc.oneof(
    { weight: 3, arbitrary: phrasing(depth - 1) },
    element("div", inside),
    element("ul", several(element("li", inside))),
    element("p", several(phrasing(depth - 1))),
    pre,
    table(depth - 1),
    nested(inside),
  );
}

test("a browser sees the template's shape, texts and values", () => {
  fc.assert(
    fc.property(several(flow(3)), (pieces) => {
      expect(parsed(renderToHtml(template(pieces)))).toEqual(normalize(shapes(pieces)));
    }),
    { numRuns: 400 },
  );
});
