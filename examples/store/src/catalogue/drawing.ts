/** Drawings of products that have no picture: a shape by the product's name, in colours and a glaze by its own number. */
import { createHash } from "node:crypto";
import type { Product } from "../database/schema.ts";
import { type Colours, type Material, type Shape, shapes } from "./shapes.ts";

/** Everything that a drawing depends on, so that it needs no database. */
export interface Drawing {
  readonly shape: string;
  /** Eight hexadecimal digits. */
  readonly seed: string;
}

/** Shapes by words of names; the first that occurs counts, so longer and rarer words come first. */
const WORDS: readonly (readonly [word: RegExp, shape: string])[] = [
  [/teapot/, "teapot"],
  [/kettle/, "kettle"],
  [/dripper|coffee filter/, "dripper"],
  [/espresso|teacup|saucer/, "teacup"],
  [/mug|beaker|cup/, "mug"],
  [/casserole|pot\b|pan\b|stew/, "pot"],
  [/bowl|mortar/, "bowl"],
  [/platter|serving dish|oval/, "platter"],
  [/plate|dish/, "plate"],
  [/jug|pitcher|creamer/, "jug"],
  [/carafe|decanter|bottle/, "carafe"],
  [/wine|goblet|champagne|coupe/, "wineglass"],
  [/tumbler|glass/, "tumbler"],
  [/vase/, "vase"],
  [/candle/, "candle"],
  [/jar|canister|cellar/, "jar"],
  [/mill|grinder/, "mill"],
  [/board|block/, "board"],
  [/tray|trivet|coaster/, "tray"],
  [/spoon|ladle|scoop|spreader|server/, "spoon"],
  [/knife|knives/, "knife"],
  [/cutlery|fork/, "cutlery"],
  [/apron/, "apron"],
  [/napkin|placemat|runner|tablecloth/, "cloth"],
  [/towel|cloth\b|glove/, "towel"],
  [/basket/, "basket"],
];

/** Part of the path of drawings, which browsers keep for good: count it up when they change. */
export const DRAWINGS_VERSION = "1";

export function drawingOf({ name, slug }: Pick<Product, "name" | "slug">): Drawing {
  const lower = name.toLowerCase();
  const shape = WORDS.find(([word]) => word.test(lower))?.[1] ?? "parcel";
  return { shape, seed: createHash("sha256").update(slug).digest("hex").slice(0, 8) };
}

/** Glazes and dyes: base, accent. All of them stand on a light page and on a dark one. */
const PALETTES: Readonly<Record<Material, readonly (readonly [base: string, accent: string])[]>> = {
  clay: [
    ["#4f86a6", "#e9e2d3"],
    ["#d8cdb8", "#4c7a8c"],
    ["#6f9a83", "#ece5d6"],
    ["#c98563", "#f0e6d8"],
    ["#8d8fb8", "#e6e2ee"],
    ["#d3a24c", "#f3ead7"],
    ["#b4615f", "#efdcd3"],
    ["#5d6f7d", "#d9d4c7"],
    ["#e2d9c8", "#b9704f"],
    ["#7fa6a0", "#f1ebdf"],
  ],
  linen: [
    ["#c9b99a", "#8c7a5c"],
    ["#8aa3b5", "#e8e6df"],
    ["#b98d80", "#efe3dc"],
    ["#93a38a", "#ecebdd"],
    ["#d7c9ae", "#a9543f"],
    ["#7c86a1", "#dfe1ea"],
  ],
  wood: [
    ["#b98552", "#8a5c34"],
    ["#9a6a41", "#6f4a2b"],
    ["#cda06c", "#a0733f"],
    ["#7d5539", "#5a3b26"],
  ],
  metal: [
    ["#9aa6ac", "#6b767c"],
    ["#c2a35f", "#8f7337"],
    ["#8b8f96", "#5d6168"],
    ["#b98b6b", "#86603f"],
  ],
  glass: [
    ["#8fc0c9", "#5a939e"],
    ["#a9c6a0", "#6f9366"],
    ["#b9c3d6", "#8290ab"],
    ["#d8b48c", "#a8814f"],
  ],
};

/** @returns an SVG; undefined for a shape or seed that there is not */
export function draw({ shape: name, seed }: Drawing): string | undefined {
  const shape = Object.hasOwn(shapes, name) ? shapes[name] : undefined;
  if (!shape || !/^[0-9a-f]{8}$/.test(seed)) return undefined;
  const random = randomOf(Number.parseInt(seed, 16));
  const palette = PALETTES[shape.material];
  const [base, accent] = pick(palette, random);
  const opacity = shape.material === "glass" ? 0.62 : 1;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 200" width="400" height="400">
<defs>
<linearGradient id="l"><stop offset="0" stop-color="#fff" stop-opacity=".28"/><stop offset=".35" stop-color="#fff" stop-opacity="0"/><stop offset="1" stop-color="#000" stop-opacity=".24"/></linearGradient>
<clipPath id="c"><path d="${shape.body}"/></clipPath>
</defs>
<rect width="200" height="200" fill="${base}" fill-opacity=".13"/>
${shape.ground ? `<ellipse cx="100" cy="${shape.ground}" rx="66" ry="8" fill="#000" fill-opacity=".14"/>` : ""}
${shape.behind?.({ base, accent }) ?? ""}
<path d="${shape.body}" fill="${base}" fill-opacity="${opacity}" fill-rule="evenodd"/>
<g clip-path="url(#c)">${decoration(shape, { base, accent }, random)}<path d="${shape.body}" fill="url(#l)"/></g>
${shape.front?.({ base, accent }) ?? ""}
</svg>`;
}

/** A glaze that is dipped, banded or speckled; stripes in a cloth; grain in wood; a shine on metal and glass. */
function decoration({ material, top }: Shape, { base, accent }: Colours, random: () => number): string {
  const between = (from: number, to: number) => Math.round((from + random() * (to - from)) * 10) / 10;
  const many = (count: number, one: (index: number) => string) =>
    Array.from({ length: count }, (_, i) => one(i)).join("");
  const dip = () =>
    `<path d="M0 0H200V${between(top + 22, top + 50)}Q150 ${between(top + 30, top + 62)} 100 ${between(top + 22, top + 46)}T0 ${between(top + 24, top + 50)}Z" fill="${accent}"/>`;
  const bands = () =>
    many(
      2,
      (i) =>
        `<rect y="${top + 24 + i * 15}" width="200" height="${between(3, 8)}" fill="${accent}" fill-opacity=".9"/>`,
    );
  const speckles = () =>
    many(
      46,
      () =>
        `<circle cx="${between(20, 180)}" cy="${between(20, 180)}" r="${between(0.6, 1.9)}" fill="#2a2622" fill-opacity=".45"/>`,
    );
  const stripes = () =>
    many(
      between(3, 6) | 0,
      (i) =>
        `<rect x="${26 + i * 30}" width="${between(3, 9)}" height="200" fill="${accent}" fill-opacity=".75"/>`,
    );
  const grain = () =>
    many(9, (i) => {
      const y = 26 + i * 18;
      return `<path d="M0 ${y}Q60 ${between(y - 9, y + 9)} 110 ${y}T200 ${between(y - 6, y + 6)}" fill="none" stroke="${accent}" stroke-opacity=".5" stroke-width="${between(1, 2.6)}"/>`;
    });
  const shine = () => `<rect x="${between(60, 82)}" width="7" height="200" fill="#fff" fill-opacity=".35"/>`;
  switch (material) {
    case "clay":
      return pick([dip, () => dip() + speckles(), bands, speckles, () => ""], random)();
    case "linen":
      return pick([stripes, () => "", () => stripes() + weave(base)], random)();
    case "wood":
      return grain();
    default:
      return shine();
  }
}

const weave = (base: string) =>
  Array.from(
    { length: 8 },
    (_, i) => `<rect y="${20 + i * 22}" width="200" height="6" fill="${base}" fill-opacity=".55"/>`,
  ).join("");

const pick = <T>(list: readonly T[], random: () => number): T =>
  list[Math.floor(random() * list.length)] as T;

/** Numbers from 0 to 1, the same ones for the same seed (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
