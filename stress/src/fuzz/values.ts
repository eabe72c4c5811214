/** Values that programs often handle wrongly. */
import type { Random } from "./random.ts";

const texts = [
  "",
  " ",
  "0",
  "-1",
  "NaN",
  "Infinity",
  "1e400",
  "null",
  "undefined",
  "true",
  "[]",
  "{}",
  "\u0000",
  "\ud800",
  "\udfff\ud800",
  "é",
  "€",
  "😀",
  "\u202eabc",
  "\ufeff",
  "\ufdd0",
  "\u2028",
  "a\r\nb: c",
  "\u001b[31m",
  "__proto__",
  "constructor",
  "prototype",
  "toString",
  "hasOwnProperty",
  "then",
  "toJSON",
  "render",
  "mount",
  "terminate",
  "../../etc/passwd",
  "%00",
  "%2e%2e%2f",
  "<script>alert(1)</script>",
  `"><img src=x onerror=alert(1)>`,
  "//evil.example",
  "http://evil.example/",
  "x:@evil.example/",
  "javascript:alert(1)",
  "lv:clear-flash",
  "ow:files",
  "ow:start",
  "ow:gone",
  "ow:nothing",
  "phx:x",
  "signup.change",
  "signup.submit",
  "signup.rows.add",
  "a[b][c]",
  "a[",
  "a]",
  "[]",
  "a[][]",
  "a[999]",
];

const numbers = [
  0,
  -0,
  1,
  2,
  -1,
  0.5,
  1e21,
  1e308,
  -1e308,
  5e-324,
  2 ** 31,
  -(2 ** 31),
  2 ** 32,
  2 ** 53 - 1,
  2 ** 53,
  -(2 ** 53),
];

/** Spellings of numbers that no `JSON.stringify` writes. */
export const spellings = [
  "1e400",
  "-1e400",
  "-0",
  "1E0",
  "0.0000000000001",
  "9".repeat(400),
  "01",
  "+1",
  ".5",
  "0x1",
  "NaN",
];

export function text(random: Random): string {
  if (random.chance(0.7)) return random.pick(texts);
  return random
    .pick(texts)
    .repeat(1 + random.size(3000))
    .slice(0, 60_000);
}

export function number(random: Random): number {
  return random.chance(0.8) ? random.pick(numbers) : random.below(1000) - 500;
}

export function json(random: Random, depth = 3): unknown {
  const kind = random.below(depth > 0 ? 8 : 5);
  if (kind === 0) return null;
  if (kind === 1) return random.chance(0.5);
  if (kind === 2) return number(random);
  if (kind < 5) return text(random);
  if (kind < 6) return random.several(4, () => json(random, depth - 1));
  if (kind === 6) return Object.fromEntries(random.several(4, () => [text(random), json(random, depth - 1)]));
  return nested(random, 1);
}

/** A value deep within arrays or objects. */
export function nested(random: Random, value: unknown): unknown {
  const key = random.pick(["a", "0", "toString"]);
  let around = value;
  for (let left = random.pick([5, 20, 63, 64, 65, 100, 1000]); left > 0; left--) {
    around = random.chance(0.5) ? [around] : { [key]: around };
  }
  return around;
}

/** Fields as a form sends them, or nearly. */
export function fields(random: Random): string {
  const names = [
    "name",
    "age",
    "tags[]",
    "address[city]",
    "rows[1][title]",
    "rows[][title]",
    "_unused_name",
    "_target",
    "user[name]",
  ];
  const pair = () => {
    const name = random.chance(0.7) ? random.pick(names) : text(random);
    const value = random.chance(0.7) ? "abc" : text(random);
    return random.chance(0.8) ? `${encode(name)}=${encode(value)}` : `${name}=${value}`;
  };
  const some = random.several(6, pair);
  if (random.chance(0.05))
    return Array(random.pick([100, 999, 1001, 5000]))
      .fill(some[0])
      .join("&")
      .slice(0, 100_000);
  return some.join("&");
}

/** `encodeURIComponent` throws for half a character. */
const encode = (text: string) => encodeURIComponent(text.replace(/\p{Surrogate}/gu, "\ufffd"));
