import { type LiveDriver, live, request } from "@overwire/testing";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { app } from "../app.ts";
import { Charts } from "./charts.ts";
import { HISTORY, measure, type Point } from "./traffic.ts";

let view: LiveDriver<Charts>;

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval", "Date"], now: Date.UTC(2026, 10, 1, 12) });
  view = (await live(Charts)) as LiveDriver<Charts>;
});

afterEach(async () => {
  vi.useRealTimers();
  await view.close();
});

const latest = () => view.instance.points.at(-1) as Point;
const seconds = async (count: number) => {
  vi.advanceTimersByTime(count * 1000);
  await view.settled();
};
const marks = () =>
  [...view.container.querySelectorAll(".marks li")].map((li) => li.querySelector("time")?.textContent);

test("answers the hook with all points, and sends it new ones one by one", async () => {
  await view.element("#chart").hook("load");
  const { points } = await view.assertReply<{ points: Point[] }>();
  expect(points).toHaveLength(HISTORY);
  expect(points.at(-1)).toEqual(measure(Date.UTC(2026, 10, 1, 12) / 1000 - 1));

  await seconds(1);
  const at = Date.UTC(2026, 10, 1, 12) / 1000;
  expect(await view.assertPushEvent("point")).toEqual(measure(at));
  expect(view.instance.points).toHaveLength(HISTORY);
  expect(view.text("strong")).toBe(String(measure(at).requests));
});

test("pauses", async () => {
  await view.element("button", "Pause").click();
  await seconds(3);
  await view.refutePushEvent("point");
  await view.element("button", "Go on").click();
  await seconds(1);
  await view.assertPushEvent("point");
});

test("keeps marks: each point once, eight at most, none that is not there", async () => {
  await view.element("button", "Mark the latest").click();
  await view.element("#chart").hook("mark", { at: latest().at });
  expect(marks()).toEqual(["11:59:59"]);
  await view.element("#chart").hook("mark", { at: 7 });
  await expect(view.element("#chart").hook("mark", { at: "now" })).rejects.toThrow("refused");
  expect(marks()).toHaveLength(1);

  for (let before = 1; before < 9; before++)
    await view.element("#chart").hook("mark", { at: latest().at - before });
  expect(marks()).toHaveLength(8);
  expect(marks()).not.toContain("11:59:59");

  await view.element("[aria-label='Remove the mark of 11:59:55']").click();
  expect(marks()).toHaveLength(7);
});

test("is a table for who cannot see a chart", async () => {
  await view.element("button", "Show as a table").click();
  expect(view.hasElement("#chart")).toBe(false);
  expect(view.container.querySelectorAll("tbody tr")).toHaveLength(HISTORY);
  expect(view.text("tbody tr:first-child")).toBe(`11:59:59${latest().requests}`);
  const second = view.container.querySelector("tbody tr");
  await seconds(1);
  expect(view.container.querySelector("tbody tr:nth-child(2)")).toBe(second);
  await view.element("button", "Show as a chart").click();
  expect(view.hasElement("#chart[phx-hook=Chart]")).toBe(true);
});

test("the page brings the library and the hook, and they stand before the client", async () => {
  const text = (await request(app).get("/charts")).html();
  const scripts = [...text.matchAll(/<script[^>]* src="([^"]+)"/g)].map(([, path]) =>
    path
      ?.split("/")
      .at(-1)
      ?.replace(/-[\w-]+(?=\.js)/, ""),
  );
  expect(scripts.filter((script) => /uPlot|charts|client/.test(script ?? ""))).toEqual([
    "uPlot.iife.min.js",
    "charts.js",
    "client.js",
  ]);
  expect((await request(app).get("/counter")).html()).not.toContain("uPlot");
});
