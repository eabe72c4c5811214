import { presenceOf, type Roster } from "@overwire/client/channels";
import { type ChannelDriver, connect, type LiveDriver, live } from "@overwire/testing";
import { beforeEach, expect, test, vi } from "vitest";
import { app } from "../app.ts";
import type { Board } from "./board.ts";
import type { BoardChannel } from "./board-channel.ts";
import {
  allStrokes,
  BOARD,
  hear,
  inks,
  KEPT,
  keep,
  LONGEST_PART,
  LONGEST_STROKE,
  type Meta,
  newcomer,
  painters,
  remove,
  ticketOf,
} from "./board-store.ts";

const [indigo, red] = [inks[0].color, inks[1].color];
const line = { number: 0, color: red, from: 0, points: [10, 20, 30, 40] };

/** The script is tried in a browser; here a channel of the driver takes its place. */
const hooks = { Board() {} };

interface Painter {
  readonly view: LiveDriver<Board>;
  readonly room: ChannelDriver<BoardChannel>;
  readonly people: Roster<Meta>;
  readonly id: string;
}

async function paint(): Promise<Painter> {
  const view = (await live(app, "/board", { hooks })) as LiveDriver<Board>;
  await view.element("#board").hook("ticket");
  const { ticket } = await view.assertReply<{ ticket: string }>();
  const socket = await connect(app, "/board/socket", { token: ticket });
  const room = await socket.subscribeAndJoin<BoardChannel>(BOARD);
  return { view, room, people: presenceOf<Meta>(room.channel), id: room.reply.id };
}

beforeEach(() => {
  for (const { id } of allStrokes()) remove(id);
});

test("shows who is here: a name and an ink for each page, which its user may change", async () => {
  const ann = await live(app, "/board", { hooks });
  const bob = await live(app, "/board", { hooks });
  await ann.settled();
  const names = app
    .present(painters)
    .list()
    .map(({ metas }) => metas[0]?.name);
  expect(new Set(names).size).toBe(2);
  expect(ann.text(".painters")).toBe(`${names[0]} (you) ${names[1]}`);

  await bob.form("#painter", { name: " Bob ", color: red }).change();
  await ann.settled();
  expect(ann.text(".painters li:last-child")).toBe("Bob");
  expect(ann.element(".painters li:last-child").html()).toContain(red);
  expect(bob.element("#board").html()).toContain(`data-color="${red}"`);

  await bob.form("#painter", { name: " " }).change();
  await ann.settled();
  expect(ann.text(".painters li:last-child")).toBe("Bob");
  await expect(bob.element("#painter").change({ name: "x".repeat(21), color: red })).rejects.toThrow(
    "refused",
  );
  await expect(bob.element("#painter").change({ name: "Bob", color: "#bada55" })).rejects.toThrow("refused");

  await bob.close();
  await ann.settled();
  expect(ann.container.querySelectorAll(".painters li")).toHaveLength(1);
});

test("a newcomer gets a name and an ink that are free, as long as there are any", () => {
  const others: Meta[] = [];
  for (let count = 0; count < 12; count++) others.push(newcomer(others));
  expect(new Set(others.map(({ name }) => name)).size).toBe(12);
  expect(new Set(others.slice(0, 8).map(({ color }) => color)).size).toBe(8);
  expect(newcomer(others).name).toEqual(expect.any(String));
});

test("the channel knows its painter by a ticket of the view", async () => {
  const { view, id } = await paint();
  expect(view.instance.painter).toBe(id);
  const refusal = { status: 401 };
  await expect(connect(app, "/board/socket")).rejects.toMatchObject(refusal);
  await expect(connect(app, "/board/socket", { token: `${ticketOf(id)}x` })).rejects.toMatchObject(refusal);

  const ticket = ticketOf(id);
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 61_000 });
  try {
    await expect(connect(app, "/board/socket", { token: ticket })).rejects.toMatchObject(refusal);
  } finally {
    vi.useRealTimers();
  }
});

test("cursors reach the others, with names and colours by presence", async () => {
  const [ann, bob] = [await paint(), await paint()];
  await bob.view.form("#painter", { name: "Bob", color: red }).change();
  await vi.waitFor(() => expect(ann.people.get(bob.id)?.metas[0]).toMatchObject({ name: "Bob", color: red }));

  await bob.room.push("move", { at: [800, 500] });
  await ann.room.assertPush("moved", { id: bob.id, at: [800, 500] });
  await bob.room.refutePush("moved");
  await expect(bob.room.push("move", { at: [1601, 0] })).rejects.toMatchObject({ code: "invalid_payload" });

  const late = await paint();
  expect(late.room.reply.cursors).toEqual([{ id: bob.id, at: [800, 500] }]);

  await bob.room.leave();
  await ann.room.assertPush("moved", { id: bob.id, at: null });
  expect((await paint()).room.reply.cursors).toEqual([]);
});

test("strokes reach the others part by part, and late joiners as a whole", async () => {
  const [ann, bob] = [await paint(), await paint()];
  const id = `${ann.id}.0`;
  await ann.room.push("draw", line);
  await bob.room.assertPush("drawn", { id, from: 0, color: red, points: line.points });
  await ann.room.push("draw", { ...line, from: 4, points: [50, 60] });
  await bob.room.assertPush("drawn", { id, from: 4, points: [50, 60] });
  await ann.room.refutePush("drawn");

  const late = await paint();
  expect(late.room.reply.strokes).toEqual([{ id, color: red, points: [10, 20, 30, 40, 50, 60] }]);

  // A part of the same number is another painter's stroke.
  await bob.room.push("draw", { ...line, color: indigo });
  expect(allStrokes().map(({ id }) => id)).toEqual([id, `${bob.id}.0`]);
});

test("a part that comes twice changes nothing, and one that does not fit is refused", async () => {
  const { room } = await paint();
  await room.push("draw", line);
  await room.push("draw", line);
  await room.push("draw", { ...line, from: 2, points: [30, 40, 50, 60] });
  expect(allStrokes()[0]?.points).toEqual([10, 20, 30, 40, 50, 60]);

  const refused = { reply: { reason: "The stroke was cleared." } };
  await expect(room.push("draw", { ...line, from: 8 })).rejects.toMatchObject(refused);
  await expect(room.push("draw", { ...line, number: 1, from: 4 })).rejects.toMatchObject(refused);
  for (const points of [[], [1], [1, 2, 3], [-1, 0], [1.5, 2], Array(LONGEST_PART + 2).fill(1)])
    await expect(room.push("draw", { ...line, points })).rejects.toMatchObject({ code: "invalid_payload" });
  expect(allStrokes()).toHaveLength(1);
});

test("Clear takes away what there is, and the rest of a stroke that was being drawn", async () => {
  const [ann, bob] = [await paint(), await paint()];
  await ann.room.push("draw", line);
  await bob.room.push("clear");
  await ann.room.assertPush("cleared", { ids: [`${ann.id}.0`] });
  await bob.room.assertPush("cleared");
  await expect(ann.room.push("draw", { ...line, from: 4 })).rejects.toThrow("cleared");
  expect((await paint()).room.reply.strokes).toEqual([]);

  await ann.room.push("draw", { ...line, number: 1 });
  expect(allStrokes()).toHaveLength(1);
});

test("keeps what is drawn on other nodes", () => {
  const part = { id: "a.0", color: red, from: 0, points: [1, 2] };
  hear("drawn", part);
  hear("moved", { id: "a", at: [1, 2] });
  expect(allStrokes()).toEqual([{ id: "a.0", color: red, points: [1, 2] }]);
  // It knew of one stroke only: another that has begun here stays.
  keep({ ...part, id: "b.0" });
  hear("cleared", { ids: ["a.0"] });
  expect(allStrokes().map(({ id }) => id)).toEqual(["b.0"]);
});

test("a stroke has an end, and old strokes are forgotten", () => {
  const points = Array<number>(LONGEST_STROKE).fill(7);
  const strokes = KEPT / LONGEST_STROKE;
  for (let number = 0; number <= strokes; number++)
    expect(keep({ id: `a.${number}`, color: red, from: 0, points })).toBe(true);
  expect(allStrokes()).toHaveLength(strokes);
  expect(allStrokes()[0]?.id).toBe("a.1");
  expect(keep({ id: "a.1", color: red, from: LONGEST_STROKE, points: [1, 2] })).toBe(false);
});
