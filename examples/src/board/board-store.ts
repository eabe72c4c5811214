/**
 * The board: who is at it, and the strokes on it. Views and channels share it, and neither knows of the other. Each node keeps
 * what it hears, and asks the others at its start for what was drawn before.
 */
import { randomBytes } from "node:crypto";
import { presence, signToken, verifyToken } from "@overwire/server";
import { z } from "zod";
import { catchUp } from "../shared/late-node.ts";

/** Size of the paper; each page scales it to its own. */
export const WIDTH = 1600;
export const HEIGHT = 1000;

/** Colours that are told apart on white, and on which white text can be read. */
export const inks = [
  { name: "Indigo", color: "#4338ca" },
  { name: "Red", color: "#b3261e" },
  { name: "Green", color: "#13703a" },
  { name: "Orange", color: "#a84300" },
  { name: "Teal", color: "#0f6a75" },
  { name: "Pink", color: "#a8236f" },
  { name: "Brown", color: "#6b4a1f" },
  { name: "Black", color: "#1b1b1f" },
] as const;
export const ink = z.enum(inks.map(({ color }) => color));

const animals = [
  "Badger",
  "Crane",
  "Fox",
  "Gecko",
  "Heron",
  "Ibex",
  "Koala",
  "Lynx",
  "Mole",
  "Otter",
  "Panda",
  "Robin",
];

export const LONGEST_NAME = 20;

/** Facts about one page at the board. */
export interface Meta {
  readonly name: string;
  readonly color: string;
}

/** Everyone at the board: each page is a painter of its own. */
export const painters = presence<Meta>("board");

/** A name and an ink for a newcomer: such as none of the others has, as long as there are any. */
export function newcomer(others: readonly Meta[]): Meta {
  const free = <T>(all: readonly T[], isTaken: (each: T) => boolean) => {
    const left = all.filter((each) => !isTaken(each));
    const from = left.length > 0 ? left : all;
    return from[Math.floor(Math.random() * from.length)] as T;
  };
  return {
    name: free(animals, (animal) => others.some(({ name }) => name === animal)),
    color: free(inks, (ink) => others.some(({ color }) => color === ink.color)).color,
  };
}

// Tickets: a page proves to the channel that it is the painter of its view.

/** Several nodes need the same one. */
const SECRET = process.env["SECRET_KEY_BASE"] ?? randomBytes(48).toString("base64");
/** In seconds: a page asks for a new ticket each time it connects. */
const TICKET_TIME = 60;

export const newPainter = (): string => randomBytes(9).toString("base64url");
export const ticketOf = (painter: string): string => signToken(SECRET, "board", painter, TICKET_TIME);

/** @returns the painter of a ticket, undefined if it is not valid */
export function painterOf(ticket = ""): string | undefined {
  const verified = verifyToken<string>(SECRET, "board", ticket);
  return verified.ok ? verified.data : undefined;
}

// Strokes

/** The topic of the one board that there is. */
export const BOARD = "board:lobby";

/** Numbers of a stroke, two for each point; the page begins another one then. */
export const LONGEST_STROKE = 4000;
/** Numbers of all strokes together: beyond it the oldest strokes are forgotten. */
export const KEPT = 40_000;
/** Numbers of a part: a page that was away sends the rest of its strokes in several. */
export const LONGEST_PART = 256;

export const point = z.tuple([z.int().min(0).max(WIDTH), z.int().min(0).max(HEIGHT)]);

/** A piece of a stroke, as its painter sends it. */
export const strokePart = z.object({
  /** Counted by the page. */
  number: z.int().min(0),
  color: ink,
  /** Place of the first of these numbers in the stroke: a part that comes twice changes nothing. */
  from: z.int().min(0),
  /** x and y of one point after the other. */
  points: z
    .array(z.int().min(0).max(Math.max(WIDTH, HEIGHT)))
    .min(2)
    .max(LONGEST_PART)
    .refine(({ length }) => length % 2 === 0, "a y is missing"),
});

const drawn = strokePart.omit({ number: true }).extend({ id: z.string() });
const cleared = z.object({ ids: z.array(z.string()) });

/** Messages of the channel. */
export interface BoardMessages {
  drawn: z.infer<typeof drawn>;
  cleared: z.infer<typeof cleared>;
  /** A cursor; null if it is not over the board. */
  moved: { readonly id: string; readonly at: readonly [x: number, y: number] | null };
}

export interface Stroke {
  readonly id: string;
  readonly color: z.infer<typeof ink>;
  readonly points: number[];
}

const strokes = new Map<string, Stroke>();
let count = 0;

/** The strokes of the board, oldest first. */
export const allStrokes = (): Stroke[] => [...strokes.values()];

/** @returns false for a part that does not fit: the stroke was cleared meanwhile, or an earlier part is missing */
export function keep({ id, color, from, points }: BoardMessages["drawn"]): boolean {
  const stroke = strokes.get(id) ?? { id, color, points: [] };
  const { length } = stroke.points;
  if (from > length || from + points.length > LONGEST_STROKE) return false;
  const added = points.slice(length - from);
  stroke.points.push(...added);
  strokes.set(id, stroke);
  count += added.length;
  for (const { id } of strokes.values()) {
    if (count <= KEPT) break;
    remove(id);
  }
  return true;
}

export function remove(id: string): void {
  count -= strokes.get(id)?.points.length ?? 0;
  strokes.delete(id);
}

const moved = z.object({ id: z.string(), at: point.nullable() });
/** Cursors over the board, by painter: who comes later sees them before they move. */
const cursors = new Map<string, z.infer<typeof point>>();

function follow({ id, at }: z.infer<typeof moved>): void {
  if (at) cursors.set(id, at);
  else cursors.delete(id);
}

/** The cursors of those who are here: a node that was killed has told of no end. */
export function cursorsOf(isHere: (painter: string) => boolean): z.infer<typeof moved>[] {
  for (const id of cursors.keys()) if (!isHere(id)) cursors.delete(id);
  return Array.from(cursors, ([id, at]) => ({ id, at }));
}

/** Hears what is broadcast on the board, on all nodes, so that each keeps what was drawn on the others. */
export function hear(name: string, payload: unknown): void {
  if (name === "drawn") keep(drawn.parse(payload));
  else if (name === "moved") follow(moved.parse(payload));
  else if (name === "cleared") cleared.parse(payload).ids.forEach(remove);
}

/** Published when this node has learned of the strokes that others had before. */
export const strokesLearned = catchUp("board", allStrokes, (known) => {
  for (const stroke of known) keep(whole(stroke));
});

/** A stroke as one part. */
export const whole = (stroke: Stroke): BoardMessages["drawn"] => ({ ...stroke, from: 0 });
