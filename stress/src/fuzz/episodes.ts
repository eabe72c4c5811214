/** Conversations of well-behaved clients, page by page: mutations start from them. */
import { writeChunk } from "@overwire/server/wire";
import type { Random } from "./random.ts";
import { type Ending, ORIGIN_MARK, PAGES, type SessionRequest, tokenMark, uploadMark } from "./steps.ts";
import { fields, json, text } from "./values.ts";

/** Frames of an episode. */
export type Say =
  | { readonly frame: readonly unknown[] }
  /** Frames that follow each other as they are. */
  | { readonly burst: readonly (readonly unknown[])[] }
  | { readonly bytes: Uint8Array }
  | { readonly end: Ending }
  | { readonly wait: true | "ticket" }
  | { readonly session: SessionRequest };

type Payload = (random: Random) => unknown;
type Calls = Readonly<Record<string, Payload>>;

const none: Payload = () => ({});

/** Events of each page, with payloads that fit. */
const events: Readonly<Record<(typeof PAGES)[number], Calls>> = {
  "/": {
    inc: none,
    add: (random) => ({ by: random.below(10) }),
    slow: none,
    grow: (random) => ({ size: random.below(1000) }),
    push: (random) => ({ times: random.below(20), size: 100 }),
    boom: none,
    tick: none,
    "lv:clear-flash": none,
  },
  "/forms": {
    loose: (random) => json(random),
    "signup.rows.add": none,
    "signup.addRow": none,
  },
  "/nested": { toggle: none, turn: none, more: none, next: none, away: none, mark: none },
  "/lists": {
    append: none,
    drop: (random) => ({ id: random.below(6) }),
    clear: none,
    chip: none,
    say: none,
    "ow:gone": (random) => ({ c: [1 + random.below(4)], s: random.below(5) }),
  },
  "/uploads": {
    "ow:files": (random) => ({
      upload: uploadMark(random.below(3)),
      entries: random.several(3, () => ({
        ref: String(random.below(3)),
        name: "a.txt",
        size: random.below(200_000),
        type: "text/plain",
        relativePath: "",
        lastModified: 1,
      })),
    }),
    "ow:start": (random) => ({ upload: uploadMark(random.below(3)), entries: [String(random.below(3))] }),
    "ow:progress": (random) => ({
      upload: uploadMark(random.below(3)),
      entry: "0",
      progress: random.below(101),
    }),
    save: none,
    cancel: (random) => ({ ref: String(random.below(3)) }),
  },
  "/slow": {
    again: none,
    task: (random) => ({ key: String(random.below(3)) }),
    stop: (random) => ({ key: String(random.below(3)) }),
    search: () => ({ q: "paris" }),
    like: (random) => ({ refuse: random.chance(0.3) }),
  },
  "/items/1": {
    go: (random) => ({ to: String(random.below(9)) }),
    leave: none,
    out: none,
    flashed: none,
  },
  "/anything": { [`any name`]: (random) => json(random) },
};

/** One visit of a page: joins it and its nested views, sends some events, and leaves. */
export function* episode(random: Random, visitor: number): Generator<Say> {
  const page = random.below(PAGES.length);
  const path = PAGES[page] ?? "/";
  const refs = new Map<number, number>();
  const ref = (view: number) => {
    const next = (refs.get(view) ?? 0) + 1;
    refs.set(view, next);
    return next;
  };
  const joined = [1];
  let attempt = 0;
  const join = (view: number, index: number, more: object = {}): Say => {
    refs.delete(view);
    const known = random.chance(0.3) ? { seen: random.below(4), attempt: ++attempt } : {};
    return {
      frame: [
        "j",
        view,
        {
          token: tokenMark(visitor, page, index),
          url: ORIGIN_MARK + path,
          params: { a: 1 },
          ...known,
          ...more,
        },
      ],
    };
  };

  if (random.chance(0.95)) yield join(1, 0);
  // Refs of uploads come with the answer.
  if (path === "/uploads") yield { wait: true };
  if (path === "/nested") {
    for (const index of [1, 2]) {
      if (!random.chance(0.8)) continue;
      joined.push(index + 1);
      yield join(index + 1, index);
    }
  }
  for (let left = 2 + random.below(14); left > 0; left--) {
    const view = random.pick(joined);
    const turn = random.below(20);
    if (turn < 12) yield call(random, path, view, ref(view));
    else if (turn < 14) yield form(random, view, ref(view));
    else if (turn < 15)
      yield { frame: ["n", view, ref(view), `/items/${random.below(9)}?q=${random.below(9)}`] };
    else if (turn < 16) yield { frame: ["a", view, 1 + random.below(5)] };
    else if (turn < 17) yield { frame: ["h"] };
    else if (turn < 18) yield join(view, random.below(3));
    else if (turn < 19) yield join(9, 0, { navigate: true, url: ORIGIN_MARK + random.pick(PAGES) });
    else yield path === "/uploads" ? chunk(random) : { frame: ["l", view] };
    if (path !== "/uploads" || random.chance(0.5)) continue;
    yield { frame: ["e", view, ref(view), "ow:files", events[path]["ow:files"]?.(random)] };
    yield { frame: ["e", view, ref(view), "ow:start", events[path]["ow:start"]?.(random)] };
    yield { wait: true };
    yield chunk(random);
  }
  if (random.chance(0.6))
    yield { end: random.pick<Ending>(["closed", "lost", "cut", "cut", "paused", "resumed"]) };
}

function call(random: Random, path: (typeof PAGES)[number], view: number, ref: number): Say {
  const calls = events[path];
  const name = random.pick(Object.keys(calls));
  const component = random.chance(0.2) ? [1 + random.below(4)] : [];
  return {
    frame: [
      "e",
      view,
      ref,
      path === "/anything" ? text(random) || "x" : name,
      calls[name]?.(random),
      ...component,
    ],
  };
}

function form(random: Random, view: number, ref: number): Say {
  const event = random.pick(["signup.change", "signup.submit", "loose", "ratings.change", "save"]);
  const meta = random.chance(0.5)
    ? { _target: random.pick(["name", "rows[1][title]", "user[name]"]) }
    : { id: "1" };
  return { frame: ["f", view, ref, event, fields(random), meta] };
}

function chunk(random: Random): Say {
  const offset = random.pick([0, 0, 64_000, 1, -1, 2 ** 40]);
  const bytes = new Uint8Array(random.pick([0, 1, 1000, 64_000, 64_001]));
  return { bytes: writeChunk({ channel: random.pick([1, 1, 2, 3, 0, 2 ** 32 - 1]), offset, bytes }) };
}
