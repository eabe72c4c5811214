import { type LiveDriver, live } from "@overwire/testing";
import { afterEach, expect, test, vi } from "vitest";
import { app } from "../app.ts";
import { pubsub } from "../shared/pubsub.ts";
import { type Bell, STAY } from "./bell.ts";
import { inbox, inboxOf, KEPT, markRead, sendNotice, type User, users } from "./notices.ts";

afterEach(() => {
  vi.useRealTimers();
  for (const user of users)
    markRead(
      user,
      inboxOf(user).map(({ id }) => id),
    );
});

const open = (user: User, page = "") => live(app, `/notifications${page}?as=${user}`);
const bell = (view: LiveDriver) => view.child<Bell>("bell");
const unread = (view: LiveDriver) => bell(view).element("a").node?.getAttribute("aria-label");
const toasts = (view: LiveDriver) =>
  [...bell(view).container.querySelectorAll(".toast p")].map(({ textContent }) => textContent?.trim());
const send = (desk: LiveDriver, to: string, text: string) => desk.form("#send", { to, text }).submit();

test("the desk sends to one user, in all tabs, and to no other", async () => {
  const [desk, bob, tab] = [await open("Ann", "/desk"), await open("Bob"), await open("Bob", "/desk")];
  await send(desk, "Bob", "Lunch <now>?");
  expect(desk.text("[role=status]")).toBe("Sent to Bob: “Lunch <now>?”");
  for (const view of [bob, tab]) {
    await bell(view).settled();
    expect(unread(view)).toBe("Inbox, 1 unread");
    expect(toasts(view)).toEqual(["To you, Bob Lunch <now>?"]);
  }
  await bob.settled();
  expect(bob.text(".inbox .unread p")).toContain("Lunch <now>?");
  await bell(desk).settled();
  expect(unread(desk)).toBe("Inbox, 0 unread");
  expect(toasts(desk)).toEqual([]);
});

test("the desk sends to everyone, and users who come later find it", async () => {
  const [desk, bob] = [await open("Ann", "/desk"), await open("Bob")];
  await send(desk, "everyone", "Fire drill at ten");
  for (const view of [desk, bob]) {
    await bell(view).settled();
    expect(toasts(view)).toEqual(["To everyone Fire drill at ten"]);
  }
  const cleo = await open("Cleo");
  expect(cleo.text(".inbox .unread p")).toContain("Fire drill at ten");
  expect(unread(cleo)).toBe("Inbox, 1 unread");
  expect(toasts(cleo)).toEqual([]);
});

test("marks as read in one tab are read in all tabs of that user", async () => {
  sendNotice("everyone", "One");
  sendNotice("Bob", "Two");
  const [bob, tab, ann] = [await open("Bob"), await open("Bob"), await open("Ann")];
  await bob.element("[aria-label='Mark “Two” as read']").click();
  for (const view of [bob, tab]) {
    await view.settled();
    await bell(view).settled();
    expect(view.text(".unread p")).toContain("One");
    expect(unread(view)).toBe("Inbox, 1 unread");
  }
  await tab.element("button", "Mark all as read").click();
  for (const view of [bob, tab]) {
    await view.settled();
    await bell(view).settled();
    expect(view.hasElement(".unread")).toBe(false);
    expect(unread(view)).toBe("Inbox, 0 unread");
  }
  expect(unread(ann)).toBe("Inbox, 1 unread");
});

test("the bell and its toasts stay from page to page", async () => {
  const [desk, bob] = [await open("Ann", "/desk"), await open("Bob")];
  await send(desk, "Bob", "Still here");
  await bell(bob).settled();
  const [element, { instance }] = [bob.container.ownerDocument.querySelector(".toast"), bell(bob)];
  await bob.element("nav a", "Desk").click();
  expect(bob.url()).toBe("/notifications/desk?as=Bob");
  expect(bell(bob).instance).toBe(instance);
  expect(bob.container.ownerDocument.querySelector(".toast")).toBe(element);
  await bell(bob).element("a").click();
  expect(bob.url()).toBe("/notifications?as=Bob");
  expect(toasts(bob)).toEqual(["To you, Bob Still here"]);
});

test("toasts leave by themselves, by their button, by Escape, and when they are read", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const bob = await open("Bob");
  const shows = async (...texts: string[]) => {
    await bell(bob).settled();
    expect(toasts(bob)).toEqual(texts.map((text) => `To you, Bob ${text}`));
  };
  sendNotice("Bob", "A");
  await shows("A");
  vi.advanceTimersByTime(STAY / 2);
  sendNotice("Bob", "B");
  await shows("A", "B");
  vi.advanceTimersByTime(STAY / 2);
  await shows("B");
  await bell(bob).element("[aria-label='Dismiss “B”']").click();
  await shows();

  for (const text of ["C", "D", "E", "F"]) sendNotice("Bob", text);
  await shows("D", "E", "F");
  await bob.element("[aria-label='Mark “E” as read']").click();
  await shows("D", "F");
  await bell(bob).element("[phx-window-keydown]").keydown("Escape");
  await shows();
  expect(unread(bob)).toBe("Inbox, 5 unread");
  await bob.close();
});

test("the desk shows who is online, and in how many tabs", async () => {
  const desk = await open("Ann", "/desk");
  const states = async () => {
    await desk.settled();
    return [...desk.container.querySelectorAll("#send label")].map(({ textContent }) =>
      textContent?.replace(/\s+/g, " ").trim(),
    );
  };
  const before = await states();
  expect(before[1]).toMatch(/^Ann online/);
  expect(before[4]).toBe("Dee offline");
  const [dee, tab] = [await open("Dee"), await open("Dee")];
  expect((await states())[4]).toBe("Dee online, 2 tabs");
  await dee.close();
  expect((await states())[4]).toBe("Dee online");
  await tab.close();
  expect(await states()).toEqual(before);
});

test("sends nothing that is empty, too long, or to an unknown user", async () => {
  const desk = await open("Ann", "/desk");
  const before = inboxOf("Bob");
  await send(desk, "Bob", "   ");
  const text = "x".repeat(141);
  await expect(desk.event("send", { to: "Bob", text })).rejects.toThrow("refused");
  await expect(desk.event("send", { to: "Eve", text: "Hello" })).rejects.toThrow("refused");
  expect(inboxOf("Bob")).toBe(before);
});

test("the page of an unknown user is Ann's", async () => {
  const view = await live(app, "/notifications?as=Eve");
  expect(view.text(".notifications .bar > p")).toBe("You are Ann");
});

test("keeps what other nodes publish, once, and forgets the oldest", async () => {
  const notice = { id: "far", to: "Dee", text: "From afar", at: new Date(), read: false } as const;
  pubsub.publish(inbox("Dee"), { kind: "sent", notice });
  pubsub.publish(inbox("Dee"), { kind: "sent", notice });
  await vi.waitFor(() => expect(inboxOf("Dee").filter(({ id }) => id === "far")).toHaveLength(1));
  for (let number = 0; number < KEPT; number++) sendNotice("Dee", `number ${number}`);
  expect(inboxOf("Dee")).toHaveLength(KEPT);
  expect(inboxOf("Dee").some(({ id }) => id === "far")).toBe(false);
});
