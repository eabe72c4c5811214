import { presenceOf } from "@overwire/client/channels";
import { connect, live } from "@overwire/testing";
import { afterEach, expect, test, vi } from "vitest";
import { app } from "../app.ts";
import { TYPING_TIME } from "./room.ts";
import type { RoomChannel } from "./room-channel.ts";
import { KEPT, lobby, readersOf, recentMessages, say } from "./room-store.ts";

const ann = { id: "1", name: "Ann" };
const bob = { id: "2", name: "Bob" };

/** The terminal is tried in a browser; here a channel takes its place. */
const hooks = { Terminal() {} };
const enter = (visitor: typeof ann) => live(app, "/room", { session: { visitor }, hooks });
const dial = (visitor: typeof ann) => connect(app, "/room/socket", { session: { visitor } });

afterEach(() => vi.useRealTimers());

test("asks for a name, and keeps it in the session", async () => {
  const stranger = await live(app, "/room", { hooks });
  expect(stranger.text("label")).toBe("Your name");
  expect(stranger.text(".hint")).toBe("Nobody is in the room.");

  const page = await stranger.form(".entrance", { name: " Ann " }).submitNative();
  await page.settled();
  expect(page.url()).toBe("/room");
  expect(page.text(".people li")).toBe("Ann (you) 1 tab");

  const nobody = await live(app, "/room");
  const same = await nobody.form(".entrance", { name: "  " }).submitNative();
  expect(same.hasElement("label", "Your name")).toBe(true);
});

test("shows who is here, with how many tabs, and who is away", async () => {
  const first = await enter(ann);
  const second = await enter(ann);
  const other = await enter(bob);
  await other.settled();
  expect(other.text("#people-title")).toBe("Here: 2");
  expect(other.text(".people li:first-child")).toBe("Ann 2 tabs");

  await first.element(".room").blur();
  await other.settled();
  expect(other.text(".people li:first-child")).toBe("Ann 2 tabs");
  await second.close();
  await other.settled();
  expect(other.text(".people li.away")).toBe("Ann away · 1 tab");
  await first.element(".room").focus();
  await other.settled();
  expect(other.hasElement(".away")).toBe(false);
});

test("shows who is typing, until the message is sent", async () => {
  const mine = await enter(ann);
  const other = await enter(bob);
  await mine.form("#say", { text: "Hel" }).change();
  await Promise.all([mine.settled(), other.settled()]);
  expect(other.text(".typing")).toBe("Ann is typing …");
  expect(mine.text(".typing")).toBe("");
  await mine.form("#say", { text: "Hello" }).submit();
  await other.settled();
  expect(other.text(".typing")).toBe("");
  expect(other.text(".log li:last-child p")).toBe("Hello");
});

test("a user who stops in the middle of a message types no more", async () => {
  const mine = await enter(ann);
  const other = await enter(bob);
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  await mine.form("#say", { text: "Hel" }).change();
  await vi.advanceTimersByTimeAsync(TYPING_TIME);
  vi.useRealTimers();
  await Promise.all([mine.settled(), other.settled()]);
  expect(other.text(".typing")).toBe("");
});

test("shows who has read up to which message; who is away reads nothing", async () => {
  const mine = await enter(ann);
  const other = await enter(bob);
  await mine.form("#say", { text: "First" }).submit();
  await Promise.all([mine.settled(), other.settled()]);
  await mine.settled();
  expect(mine.text(".log li:last-child .readers")).toBe("Read by Bob");
  expect(other.hasElement(".log li:last-child .readers")).toBe(false);

  await other.element(".room").blur();
  await mine.form("#say", { text: "Second" }).submit();
  await Promise.all([mine.settled(), other.settled()]);
  expect(mine.hasElement(".log li:last-child .readers")).toBe(false);
  expect(mine.text(".log li:nth-last-child(2) .readers")).toBe("Read by Bob");

  await other.element(".room").focus();
  await mine.settled();
  expect(mine.text(".log li:last-child .readers")).toBe("Read by Bob");
});

test("a channel and a view share messages and presence", async () => {
  const view = await enter(ann);
  const socket = await dial(bob);
  const terminal = await socket.subscribeAndJoin<RoomChannel>("room:lobby");
  const people = presenceOf<{ name: string }>(terminal.channel);
  await vi.waitFor(() => expect(people.get("2")?.metas).toHaveLength(1));
  await view.settled();
  expect(view.text(".people li:last-child")).toBe("Bob terminal");
  expect(terminal.reply.messages.at(-1)).toMatchObject({ text: recentMessages().at(-1)?.text });

  await terminal.push("typing", { typing: true });
  await view.settled();
  expect(view.text(".typing")).toBe("Bob is typing …");

  await terminal.push("say", { text: "From the channel" });
  await view.settled();
  expect(view.text(".log li:last-child p")).toBe("From the channel");

  await view.form("#say", { text: "From the view" }).submit();
  await terminal.assertPush("said", { text: "From the view", from: ann });

  const tab = await enter(bob);
  await tab.element(".room").blur();
  await view.settled();
  expect(view.text(".people li.away")).toBe("Bob away · 1 tab · terminal");
  await tab.close();

  await enter({ id: "3", name: "Cleo" });
  await vi.waitFor(() => expect(people.list().map(({ metas }) => metas[0]?.name)).toContain("Cleo"));
  await socket.disconnect();
  await view.settled();
  expect(view.hasElement(".people li", "Bob")).toBe(false);
});

test("strangers have no channel, and there is one room only", async () => {
  await expect(connect(app, "/room/socket")).rejects.toMatchObject({ status: 401 });
  const socket = await dial(bob);
  await expect(socket.subscribeAndJoin("room:cellar")).rejects.toMatchObject({
    reply: { reason: "There is no such room." },
  });
});

test("says nothing that is empty or too long", async () => {
  const view = await enter(ann);
  const before = recentMessages();
  await view.form("#say", { text: "  " }).submit();
  await expect(view.form("#say").submit(undefined, { text: "x".repeat(501) })).rejects.toThrow("refused");
  expect(recentMessages()).toBe(before);
});

test("forgets old messages, and the marks of those that are gone", async () => {
  const view = await enter(ann);
  await view.settled();
  const last = recentMessages().at(-1);
  await view.close();
  for (let number = 0; number < KEPT; number++) say(bob, `number ${number}`);
  expect(recentMessages()).toHaveLength(KEPT);
  expect(last && readersOf(last)).toEqual([]);
  expect(app.present(lobby).get("1")).toBeUndefined();
});
