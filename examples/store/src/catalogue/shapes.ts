/** Outlines of things for the table, in a square of 200 by 200. */
export type Material = "clay" | "linen" | "wood" | "metal" | "glass";

export interface Colours {
  readonly base: string;
  readonly accent: string;
}

export interface Shape {
  readonly material: Material;
  /** The outline that is filled and decorated. */
  readonly body: string;
  /** Height at which the decoration begins. */
  readonly top: number;
  /** Height of the shadow of things that stand. */
  readonly ground?: number;
  readonly behind?: (colours: Colours) => string;
  readonly front?: (colours: Colours) => string;
}

const line = (d: string, colour: string, width: number, opacity = 1) =>
  `<path d="${d}" fill="none" stroke="${colour}" stroke-width="${width}" stroke-opacity="${opacity}" stroke-linecap="round" stroke-linejoin="round"/>`;
const fill = (d: string, colour: string, opacity = 1) =>
  `<path d="${d}" fill="${colour}" fill-opacity="${opacity}"/>`;
const oval = (x: number, y: number, rx: number, ry: number, colour: string, opacity = 1) =>
  `<ellipse cx="${x}" cy="${y}" rx="${rx}" ry="${ry}" fill="${colour}" fill-opacity="${opacity}"/>`;
/** The open top of a vessel. */
const mouth = (x: number, y: number, rx: number, ry: number) => (colours: Colours) =>
  oval(x, y, rx, ry, colours.base) + oval(x, y, rx - 4, ry - 2.5, "#1d1a17", 0.45);
const circle = (x: number, y: number, r: number) =>
  `M${x - r} ${y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0Z`;
const ellipse = (x: number, y: number, rx: number, ry: number) =>
  `M${x - rx} ${y}a${rx} ${ry} 0 1 0 ${2 * rx} 0a${rx} ${ry} 0 1 0 ${-2 * rx} 0Z`;

export const shapes: Readonly<Record<string, Shape>> = {
  mug: {
    material: "clay",
    top: 62,
    ground: 164,
    body: "M54 66H134V146Q134 164 116 164H72Q54 164 54 146Z",
    behind: ({ base }) => line("M134 86H142A20 20 0 0 1 142 128H134", base, 11),
    front: mouth(94, 66, 40, 8),
  },
  teacup: {
    material: "clay",
    top: 84,
    ground: 162,
    body: "M54 88H136Q134 132 112 148H78Q56 132 54 88Z",
    behind: ({ base, accent }) =>
      oval(95, 154, 68, 9, accent) +
      oval(95, 152, 68, 8, base) +
      line("M133 98Q158 98 150 116T126 128", base, 8),
    front: mouth(95, 88, 41, 8),
  },
  bowl: {
    material: "clay",
    top: 80,
    ground: 162,
    body: "M34 88H166Q162 138 124 156V162H76V156Q38 138 34 88Z",
    front: mouth(100, 88, 66, 12),
  },
  plate: {
    material: "clay",
    top: 30,
    body: circle(100, 100, 76),
    front: ({ accent }) =>
      `<circle cx="100" cy="100" r="50" fill="#fff" fill-opacity=".16"/><circle cx="100" cy="100" r="50" fill="none" stroke="${accent}" stroke-opacity=".8" stroke-width="2"/>`,
  },
  platter: {
    material: "clay",
    top: 50,
    body: ellipse(100, 100, 84, 54),
    front: ({ accent }) =>
      `<ellipse cx="100" cy="100" rx="62" ry="36" fill="#fff" fill-opacity=".16"/><ellipse cx="100" cy="100" rx="62" ry="36" fill="none" stroke="${accent}" stroke-opacity=".8" stroke-width="2"/>`,
  },
  teapot: {
    material: "clay",
    top: 70,
    ground: 163,
    body: "M52 116Q52 74 98 74T144 116Q144 148 122 162H74Q52 148 52 116Z",
    behind: ({ base }) =>
      fill("M136 118Q160 112 168 78L182 82Q178 128 138 142Z", base) +
      line("M56 92Q20 88 26 122T62 144", base, 10),
    front: ({ base, accent }) =>
      fill("M70 78Q98 58 126 78Q98 88 70 78Z", accent) +
      oval(98, 63, 9, 7, base) +
      line("M70 78Q98 88 126 78", "#000", 1.5, 0.3),
  },
  kettle: {
    material: "metal",
    top: 80,
    ground: 164,
    body: "M46 152Q46 86 98 82T150 152Q150 164 138 164H58Q46 164 46 152Z",
    behind: ({ base, accent }) =>
      fill("M140 112L176 92L180 100L150 140Z", base) + line("M58 92Q58 40 98 40T138 92", accent, 8),
    front: ({ accent }) => oval(98, 80, 10, 7, accent) + line("M72 88Q98 80 124 88", "#000", 1.5, 0.3),
  },
  dripper: {
    material: "clay",
    top: 50,
    ground: 166,
    body: "M52 56H148L116 104H122V112H78V104H84Z",
    behind: ({ accent }) =>
      line("M146 66Q170 70 162 88T136 92", accent, 7) +
      fill("M70 114H130L140 158Q140 166 132 166H68Q60 166 60 158Z", "#9cc3cc", 0.55) +
      fill("M64 140H136L140 158Q140 166 132 166H68Q60 166 60 158Z", "#5b3a26", 0.75),
    front: mouth(100, 56, 48, 8),
  },
  pot: {
    material: "clay",
    top: 86,
    ground: 164,
    body: "M40 88H160V144Q160 164 140 164H60Q40 164 40 144Z",
    behind: ({ base }) => line("M42 108H26V122H42", base, 9) + line("M158 108H174V122H158", base, 9),
    front: ({ base, accent }) =>
      fill("M36 90Q44 60 100 58T164 90Z", base) +
      fill("M36 90Q44 60 100 58T164 90Z", "#fff", 0.12) +
      oval(100, 54, 12, 7, accent) +
      line("M36 90H164", "#000", 2, 0.35),
  },
  jug: {
    material: "clay",
    top: 50,
    ground: 164,
    body: "M70 46L124 46Q132 40 140 42Q134 60 130 66Q128 84 138 104Q150 164 118 164H80Q50 164 60 104Q70 78 70 46Z",
    behind: ({ base }) => line("M68 64Q30 62 36 98T62 128", base, 10),
    front: ({ base }) => oval(99, 46, 30, 6, base) + oval(99, 46, 26, 4, "#1d1a17", 0.45),
  },
  carafe: {
    material: "glass",
    top: 50,
    ground: 166,
    body: "M86 34H114V74Q146 100 146 138Q146 166 120 166H80Q54 166 54 138Q54 100 86 74Z",
    front: ({ accent }) =>
      fill("M58 122Q100 114 142 122Q152 162 120 162H80Q48 162 58 122Z", accent, 0.45) +
      line("M84 34H116", accent, 4),
  },
  wineglass: {
    material: "glass",
    top: 40,
    ground: 170,
    body: "M62 36H138Q144 98 108 106V158H130V166H70V158H92V106Q56 98 62 36Z",
    front: ({ accent }) => fill("M61 66Q100 58 139 66Q138 98 106 103H94Q62 98 61 66Z", accent, 0.6),
  },
  tumbler: {
    material: "glass",
    top: 60,
    ground: 166,
    body: "M56 52H144L134 156Q133 166 123 166H77Q67 166 66 156Z",
    front: ({ accent }) =>
      fill("M60 92Q100 84 140 92L134 152Q133 160 123 160H77Q67 160 66 152Z", accent, 0.5) +
      line("M56 52H144", accent, 3, 0.8),
  },
  vase: {
    material: "clay",
    top: 70,
    ground: 168,
    body: "M86 72H114Q112 90 128 104Q148 124 134 152Q128 168 112 168H88Q72 168 66 152Q52 124 72 104Q88 90 86 72Z",
    behind: ({ accent }) =>
      line("M100 76Q98 44 84 26", "#6f8a5c", 3) +
      line("M100 76Q106 50 124 34", "#6f8a5c", 3) +
      oval(82, 26, 9, 7, accent) +
      oval(127, 32, 10, 8, accent) +
      fill("M98 56Q78 60 74 46Q92 42 98 56Z", "#6f8a5c"),
  },
  candle: {
    material: "metal",
    top: 110,
    ground: 166,
    body: "M84 110H116V122Q112 132 108 134V148Q140 150 144 162Q144 166 138 166H62Q56 166 56 162Q60 150 92 148V134Q88 132 84 122Z",
    behind: () =>
      fill("M90 54H110V114H90Z", "#efe6d2") + fill("M100 26Q112 42 100 54Q88 42 100 26Z", "#f0b450"),
  },
  jar: {
    material: "clay",
    top: 80,
    ground: 164,
    body: "M56 84H144V148Q144 164 128 164H72Q56 164 56 148Z",
    front: () =>
      fill("M52 66H148V82Q148 86 144 86H56Q52 86 52 82Z", "#b98552") +
      line("M56 74H144", "#8a5c34", 1.6, 0.6) +
      oval(100, 61, 12, 7, "#a0733f"),
  },
  mill: {
    material: "wood",
    top: 40,
    ground: 168,
    body: "M78 74Q74 60 82 52Q92 44 100 44T118 52Q126 60 122 74L116 82Q132 112 134 156Q134 168 122 168H78Q66 168 66 156Q68 112 84 82Z",
    front: () => oval(100, 38, 8, 8, "#9aa6ac") + line("M82 80H118", "#000", 2, 0.35),
  },
  board: {
    material: "wood",
    top: 30,
    body: `M56 66Q56 54 68 54H84V34Q84 22 100 22T116 34V54H132Q144 54 144 66V168Q144 180 132 180H68Q56 180 56 168Z${circle(100, 37, 6)}`,
  },
  tray: {
    material: "wood",
    top: 60,
    body: ellipse(100, 104, 84, 52),
    front: ({ accent }) =>
      `<ellipse cx="100" cy="104" rx="70" ry="40" fill="none" stroke="${accent}" stroke-width="3" stroke-opacity=".7"/>` +
      line("M22 92Q10 104 22 116", accent, 6) +
      line("M178 92Q190 104 178 116", accent, 6),
  },
  spoon: {
    material: "wood",
    top: 30,
    body: "M132 30Q158 22 168 42T146 84Q130 94 116 88L48 168Q40 176 32 170T32 154L108 78Q104 44 132 30Z",
    front: () => fill("M136 40Q152 34 158 46T144 74Q128 82 120 76Q116 52 136 40Z", "#000", 0.14),
  },
  knife: {
    material: "metal",
    top: 30,
    body: "M92 22Q122 44 120 112H86V24Q88 20 92 22Z",
    behind: () => fill("M84 110H122L118 172Q116 182 104 182T88 172Z", "#7d5539"),
    front: () =>
      oval(103, 128, 3, 3, "#d8cdb8") + oval(103, 146, 3, 3, "#d8cdb8") + oval(103, 164, 3, 3, "#d8cdb8"),
  },
  cutlery: {
    material: "metal",
    top: 30,
    body: "M42 26H47V58H51V26H56V58H60V26H65V66Q65 78 58 82L60 170Q60 178 54 178T48 170L50 82Q42 78 42 66Z M92 28Q110 24 110 60V108H104L106 170Q106 178 99 178T92 170Z M136 48Q136 24 149 24T162 48Q162 68 153 76L156 170Q156 178 149 178T142 170L145 76Q136 68 136 48Z",
  },
  apron: {
    material: "linen",
    top: 40,
    body: "M76 48H124L132 84Q152 92 156 108L150 176H50L44 108Q48 92 68 84Z",
    behind: ({ accent }) =>
      line("M78 50Q80 20 100 20T122 50", accent, 5) +
      line("M46 110Q24 118 20 138", accent, 4) +
      line("M154 110Q176 118 180 138", accent, 4),
    front: ({ accent }) => line("M72 118H128V142Q128 150 120 150H80Q72 150 72 142Z", accent, 2.5),
  },
  towel: {
    material: "linen",
    top: 40,
    body: "M60 44Q100 34 140 44L150 172Q124 164 100 172T50 172Z",
    behind: ({ accent }) => line("M100 40V22", accent, 4) + oval(100, 20, 6, 6, "#8a5c34"),
    front: () =>
      line("M88 52Q84 110 92 164", "#000", 2, 0.16) + line("M116 52Q122 110 114 166", "#000", 2, 0.16),
  },
  cloth: {
    material: "linen",
    top: 40,
    body: "M44 66L128 40L164 132L80 162Z",
    behind: ({ accent }) => fill("M36 84L118 52L150 146L66 174Z", accent, 0.55),
    front: () =>
      fill("M44 66L128 40L112 106Z", "#fff", 0.14) + line("M44 66L112 106L128 40", "#000", 1.5, 0.16),
  },
  basket: {
    material: "wood",
    top: 80,
    ground: 166,
    body: "M40 92H160L146 158Q144 166 136 166H64Q56 166 54 158Z",
    behind: ({ accent }) => line("M52 92Q56 34 100 34T148 92", accent, 8),
    front: ({ accent }) =>
      line("M38 92H162", accent, 9) +
      line("M64 98L72 162M88 98L92 162M112 98L108 162M136 98L128 162", accent, 3, 0.6),
  },
  parcel: {
    material: "wood",
    top: 60,
    ground: 166,
    body: "M42 76H158V158Q158 166 150 166H50Q42 166 42 158Z",
    front: ({ accent }) =>
      fill("M52 56H148L158 78H42Z", accent, 0.85) + fill("M90 56H110V116H90Z", "#e9dcc3", 0.9),
  },
};
