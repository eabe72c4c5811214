import { live } from "@overwire/testing";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { app } from "../app.ts";
import { openGames, rules } from "./game.ts";
import { questions } from "./questions.ts";

type View = Awaited<ReturnType<typeof live>>;
let views: View[] = [];
let rooms = 0;
let path = "";

beforeEach(() => {
  path = `/quiz?room=test-${rooms++}`;
  vi.useFakeTimers({ toFake: ["Date", "setTimeout", "clearTimeout"] });
});
afterEach(async () => {
  vi.useRealTimers();
  await Promise.all(views.map((view) => view.close()));
  views = [];
  expect(openGames()).toBe(0);
});

const open = async () => {
  const view = await live(app, path, { hooks: { Countdown() {} } });
  views.push(view);
  return view;
};
const settled = async () => {
  for (let turn = 0; turn < 3; turn++) for (const view of views) await view.settled();
};
const join = async (name: string) => {
  const view = await open();
  await view.form(".join", { name }).submit();
  await settled();
  return view;
};
const pass = async (ms: number) => {
  vi.advanceTimersByTime(ms);
  await settled();
};
const start = async (view: View, button = "Start the game") => {
  await view.element("button", button).click();
  await settled();
};
const rightOf = (view: View) => questions.find(({ text }) => text === view.text(".question"))!;
const answer = async (view: View, isRight: boolean) => {
  const { choices, right } = rightOf(view);
  await view.element(".choices button", choices[isRight ? right : (right + 1) % 4]!).click();
  await settled();
};

test("a game goes from the lobby through all rounds to the podium, and again", async () => {
  const ann = await join("Ann");
  const bob = await join("Bob");
  await start(ann);
  for (let round = 1; round <= rules.rounds; round++) {
    expect(bob.text(".round")).toBe(`Round ${round} of ${rules.rounds}`);
    await answer(ann, true);
    await answer(bob, false);
    expect(ann.text("[role=status]")).toBe("Right: 100 points.");
    expect(bob.text("[role=status]")).toBe("Not right this time.");
    await pass(rules.resultTime);
  }
  expect(bob.text(".podium li:first-child")).toBe("Ann 500 points");
  expect(bob.text(".podium li:last-child")).toBe("Bob 0 points");
  await start(bob, "Play again");
  expect(ann.text(".round")).toBe(`Round 1 of ${rules.rounds}`);
  expect(ann.text(".players li:first-child > b")).toBe("0");
});

test("an answer locks, and quick ones count more", async () => {
  const ann = await join("Ann");
  await join("Bob");
  await start(ann);
  await pass(rules.questionTime / 2);
  await answer(ann, true);
  expect(ann.text("[role=status]")).toBe("Your answer is locked.");
  expect(ann.container.querySelectorAll(".choices button:disabled")).toHaveLength(4);
  await pass(rules.questionTime / 2);
  expect(ann.text("[role=status]")).toBe("Right: 75 points.");
});

test("a late player sees the round, the seconds left, the players and their scores", async () => {
  const ann = await join("Ann");
  await join("Bob");
  await start(ann);
  await answer(ann, true);
  await pass(6000);
  const late = await open();
  expect(late.text(".round")).toBe(`Round 1 of ${rules.rounds}`);
  expect(late.text(".countdown b")).toBe("9");
  expect(late.text(".question")).toBe(ann.text(".question"));
  expect(late.text(".players h2 small")).toBe("2");
  expect(late.hasElement(".players li", "Ann has answered")).toBe(true);
  expect(late.hasElement(".players li", "Bob is thinking")).toBe(true);
});

test("the server ends a round that not all have answered", async () => {
  const ann = await join("Ann");
  await start(ann);
  await pass(rules.questionTime - 1);
  expect(ann.hasElement(".right")).toBe(false);
  await pass(1);
  expect(ann.text("[role=status]")).toBe("You gave no answer.");
  expect(ann.hasElement(".right")).toBe(true);
});

test("a name is taken once, and a game ends with its last player", async () => {
  const ann = await join("Ann");
  const other = await join("Ann");
  expect(other.text(".problem")).toBe("Ann is playing already: choose another name.");
  await start(ann);
  await ann.close();
  await settled();
  expect(other.text(".stage h2")).toBe("Nobody is playing yet");
});
