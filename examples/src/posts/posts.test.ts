import { type LiveDriver, live } from "@overwire/testing";
import { beforeEach, expect, test } from "vitest";
import { app } from "../app.ts";
import { addPost, deletePost, KEPT, latestPosts } from "./post-store.ts";

beforeEach(() => {
  for (const { id } of latestPosts()) deletePost(id);
});

const ids = (view: LiveDriver) => [...view.container.querySelectorAll("#posts > .post")].map(({ id }) => id);
const settled = (...views: LiveDriver[]) => Promise.all(views.map((view) => view.settled()));

test("a post that is written, edited and deleted in one tab is so in all of them", async () => {
  const tabs = [await live(app, "/posts"), await live(app, "/posts"), await live(app, "/posts")] as const;
  const [ann, bob, eve] = tabs;
  await ann.form("#write", { text: "First" }).submit();
  await settled(...tabs);
  await bob.form("#write", { text: "Second, <b>not bold</b>" }).submit();
  await settled(...tabs);
  const [second, first] = ids(ann) as [string, string];
  const kept = eve.container.querySelector(`#${first}`);
  for (const tab of tabs) {
    expect(ids(tab)).toEqual([second, first]);
    expect(tab.text(`#${second} p`)).toBe("Second, <b>not bold</b>");
  }

  await bob.element(`#${first} button`, "Edit").click();
  await bob.form(`#${first} form`, { text: "First, edited" }).submit();
  await settled(...tabs);
  for (const tab of tabs) {
    expect(ids(tab)).toEqual([second, first]);
    expect(tab.text(`#${first} p`)).toBe("First, edited");
    expect(tab.text(`#${first} footer small`)).toMatch(/^\d\d:\d\d edited$/);
  }
  expect(eve.container.querySelector(`#${first}`)).toBe(kept);

  await eve.element(`#${second} button`, "Delete").click();
  await settled(...tabs);
  for (const tab of tabs) expect(ids(tab)).toEqual([first]);
});

test("a post is edited in place, by one user", async () => {
  const { id } = addPost("Before");
  addPost("Newer");
  const ann = await live(app, "/posts");
  const bob = await live(app, "/posts");
  await ann.element(`#edit-${id}`).click();
  await ann.assertPushEvent("focus", { id: `editor-${id}` });
  expect(ann.text(`#editor-${id}`)).toBe("Before");
  expect(ids(ann).at(-1)).toBe(`posts-${id}`);
  expect(bob.hasElement("#posts form")).toBe(false);

  await ann.element(`#editor-${id}`).keydown("Escape");
  await ann.assertPushEvent("focus", { id: `edit-${id}` });
  expect(ann.text(`#posts-${id} p`)).toBe("Before");
});

test("several posts are edited at the same time, and none of them is lost to another", async () => {
  const [a, b] = [addPost("A"), addPost("B")];
  const view = await live(app, "/posts");
  await view.element(`#edit-${a.id}`).click();
  await view.element(`#edit-${b.id}`).click();
  await view.form(`#save-${a.id}`, { text: "A, edited" }).submit();
  await view.settled();
  expect(view.text(`#posts-${a.id} p`)).toBe("A, edited");
  expect(view.text(`#editor-${b.id}`)).toBe("B");
});

test("a post that another user deletes goes, also while it is edited", async () => {
  const { id } = addPost("Not for long");
  const ann = await live(app, "/posts");
  const bob = await live(app, "/posts");
  await ann.element(`#edit-${id}`).click();
  await bob.element("button", "Delete").click();
  await settled(ann, bob);
  expect(ids(ann)).toEqual([]);
  await ann.event("save", { id, text: "Too late" });
  expect(latestPosts()).toEqual([]);
});

test("has the newest posts, and no more", async () => {
  for (let number = 1; number <= KEPT; number++) addPost(`Number ${number}`);
  const tabs = [await live(app, "/posts"), await live(app, "/posts")] as const;
  await tabs[0].form("#write", { text: "One more" }).submit();
  await settled(...tabs);
  for (const tab of tabs) {
    expect(ids(tab)).toHaveLength(KEPT);
    expect(tab.text(".post:first-child p")).toBe("One more");
    expect(tab.hasElement(".post p", /^Number 1$/)).toBe(false);
    // The notice that there are none is no post: it stays, and the style sheet hides it.
    expect(tab.hasElement("#posts > .empty:last-child")).toBe(true);
  }
});

test("says nothing that is empty, and nothing too long", async () => {
  const { id } = addPost("As it is");
  const view = await live(app, "/posts");
  await view.form("#write", { text: "   " }).submit();
  await view.element(`#edit-${id}`).click();
  await view.form(`#save-${id}`, { text: " " }).submit();
  await expect(view.form("#write").submit(undefined, { text: "x".repeat(281) })).rejects.toThrow("refused");
  await view.settled();
  expect(latestPosts().map(({ text }) => text)).toEqual(["As it is"]);
  expect(view.hasElement(`#editor-${id}`)).toBe(true);
});

test("a tab that lost its connection catches up", async () => {
  const [gone, changed] = [addPost("To be deleted"), addPost("To be edited")];
  const ann = await live(app, "/posts");
  const bob = await live(app, "/posts");
  await bob.disconnect();
  await ann.element(`#posts-${gone.id} button`, "Delete").click();
  await ann.element(`#edit-${changed.id}`).click();
  await ann.form(`#save-${changed.id}`, { text: "Edited" }).submit();
  await ann.form("#write", { text: "While you were away" }).submit();
  await ann.settled();
  await bob.reconnect();
  await bob.settled();
  expect(ids(bob)).toEqual(ids(ann));
  expect(ids(bob)).toHaveLength(2);
  expect(bob.text(`#posts-${changed.id} p`)).toBe("Edited");
});
