import { type LiveDriver, live } from "@overwire/testing";
import { afterEach, beforeEach, expect, test } from "vitest";
import { app } from "../app.ts";
import { answerTo, pace, suggestions } from "./language-model.ts";

const usual = pace.token;
/** Tokens that wait to be said. */
let waiting: (() => void)[];
/** Of the answer that was begun last. */
let latest: AbortSignal;

/** From now on tokens wait for `say`. */
function hold() {
  waiting = [];
  pace.token = (signal) => {
    latest = signal;
    return new Promise((resolve, reject) => {
      waiting.push(resolve);
      signal.addEventListener("abort", () => reject(signal.reason));
    });
  };
}

/** Lets so many tokens come, one after the other. */
async function say(count: number) {
  for (let said = 0; said < count; said++) {
    await expect.poll(() => waiting.length).toBe(1);
    waiting.shift()?.();
  }
}

let view: LiveDriver;

beforeEach(async () => {
  pace.token = () => Promise.resolve();
  view = await live(app, "/assistant");
});

afterEach(async () => {
  await view.close();
  pace.token = usual;
});

const [how = "", stopping = "", failing = ""] = suggestions;

/** All that is said to a question. */
async function whole(question: string) {
  let text = "";
  for await (const token of answerTo(question, { signal: new AbortController().signal })) text += token;
  return text;
}

const ask = (question: string) => view.form("#ask", { question }).submit();
const answer = () => view.container.querySelector("#answer")?.textContent;
const messages = () =>
  [...view.container.querySelectorAll("#messages li")].map(
    (li) => `${li.querySelector("b")?.textContent}: ${li.querySelector("p")?.textContent}`,
  );
const disabled = (text: string) => view.hasElement("button[disabled]", text);

test("the answer comes token by token", async () => {
  hold();
  await ask(how);
  expect(messages()).toEqual([`You: ${how}`]);
  expect(answer()).toBe("");
  await say(2);
  await expect.poll(answer).toBe("On the");
  const first = view.container.querySelector("#answer")?.firstChild;
  await say(1);
  await expect.poll(answer).toBe("On the server");
  // Earlier text stays as it is.
  expect(view.container.querySelector("#answer")?.firstChild).toBe(first);
});

test("the next question puts the answer before it into the conversation", async () => {
  await ask(how);
  await view.settled();
  expect(answer()).toBe(await whole(how));
  await ask("Do you like <b>bold</b> words?");
  await view.settled();
  expect(messages()).toEqual([
    `You: ${how}`,
    `Assistant: ${await whole(how)}`,
    "You: Do you like <b>bold</b> words?",
  ]);
  expect(answer()).toContain("I am a small program");
});

test("is stopped, and says no more; what it said stays, and is asked for again", async () => {
  hold();
  await ask(how);
  await say(3);
  await expect.poll(answer).toBe("On the server");
  await view.element("button", "Stop").click();
  expect(latest.aborted).toBe(true);
  await view.settled();
  expect(answer()).toBe("On the server");
  expect(view.hasElement("[role=alert]")).toBe(false);

  pace.token = () => Promise.resolve();
  await view.element("button", "Ask again").click();
  await view.settled();
  expect(answer()).toBe(await whole(how));
  expect(messages()).toEqual([`You: ${how}`]);
});

test("there is one answer at a time", async () => {
  hold();
  expect(disabled("Stop")).toBe(true);
  await ask(how);
  expect(disabled("Ask")).toBe(true);
  expect(disabled("Stop")).toBe(false);
  expect(view.hasElement("button", "Ask again")).toBe(false);
  await view.event("ask", { question: stopping });
  await view.event("askAgain");
  expect(messages()).toEqual([`You: ${how}`]);

  await view.element("button", "Stop").click();
  await view.settled();
  expect(disabled("Ask")).toBe(false);
  expect(disabled("Stop")).toBe(true);
});

test("the answer is told when it is complete", async () => {
  const busy = () => view.element("#answer[aria-live=polite]").node.getAttribute("aria-busy");
  hold();
  await ask(how);
  await say(1);
  expect(busy()).toBe("true");
  expect(view.text("[role=status]")).toBe("Writing…");
  await view.element("button", "Stop").click();
  await view.settled();
  expect(busy()).toBe("false");
  expect(view.text("[role=status]")).toBe("");
});

test("a model that breaks down leaves what it said, and a way on", async () => {
  await view.element("button", failing).click();
  await view.settled();
  expect(view.text("#answer")).toContain("The generator throws");
  expect(view.text("[role=alert]")).toContain("broke down");
  await ask(how);
  await view.settled();
  expect(view.hasElement("[role=alert]")).toBe(false);
  expect(messages()).toHaveLength(3);
});

test("a user who leaves is not answered any more", async () => {
  hold();
  await ask(how);
  await say(1);
  await view.close();
  await expect.poll(() => latest.aborted).toBe(true);
});

test("a lost connection loses nothing of the conversation", async () => {
  hold();
  await ask(how);
  await say(2);
  await expect.poll(answer).toBe("On the");
  await view.disconnect();
  await say(1);
  await view.reconnect();
  await expect.poll(answer).toBe("On the server");
  expect(messages()).toEqual([`You: ${how}`]);
});

test("asks nothing that is empty or too long", async () => {
  await expect(ask("  ")).rejects.toThrow("refused");
  await expect(view.event("ask", { question: "x".repeat(301) })).rejects.toThrow("refused");
  expect(messages()).toEqual([]);
});
