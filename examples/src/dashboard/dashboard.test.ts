import { type LiveDriver, live } from "@overwire/testing";
import { afterEach, beforeEach, expect, test } from "vitest";
import { app } from "../app.ts";
import { network } from "./dashboard-sources.ts";

const slow = network.travel;

interface Request {
  readonly signal: AbortSignal;
  answer(): void;
  fail(): void;
}

/** Requests to each source that are not answered, the latest last. */
let requests: Map<string, Request[]>;

beforeEach(() => {
  requests = new Map();
  network.travel = ({ id }, signal) =>
    new Promise((resolve, reject) => {
      const request = { signal, answer: resolve, fail: () => reject(new Error("The line is dead.")) };
      requests.set(id, [...(requests.get(id) ?? []), request]);
    });
});

let view: LiveDriver;

afterEach(async () => {
  await view?.close();
  network.travel = slow;
});

const open = async () => {
  view = await live(app, "/dashboard");
};
const latest = (id: string) => requests.get(id)?.at(-1) as Request;
/** Texts of the panels. */
const panel = (title: string) => {
  const found = [...view.container.querySelectorAll(".panel")].find(
    (panel) => panel.querySelector("h2")?.textContent === title,
  );
  const text = (selector: string) => found?.querySelector(selector)?.textContent?.trim();
  return {
    busy: found?.getAttribute("aria-busy"),
    total: text(".total"),
    span: text(".as-of"),
    problem: text("[role=alert]"),
    skeleton: found?.querySelector(".skeleton") !== null,
  };
};
const press = (name: string) => view.element(`[aria-label="${name}"]`).click();

test("is painted with skeletons, and asks no source until the page is connected", async () => {
  const response = await app.request("/dashboard");
  expect((await response.text()).match(/class="skeleton"/g)).toHaveLength(4);
  expect(requests.size).toBe(0);
});

test("each panel shows its figures as soon as they are there", async () => {
  await open();
  expect([...requests.keys()]).toEqual(["revenue", "visitors", "orders", "returns"]);
  latest("visitors").answer();
  await expect.poll(() => panel("Visitors").total).toMatch(/^[\d,]+$/);
  expect(panel("Visitors")).toMatchObject({ busy: "false", skeleton: false });
  expect(panel("Revenue")).toMatchObject({ busy: "true", skeleton: true, total: undefined });

  latest("revenue").answer();
  await expect.poll(() => panel("Revenue").total).toMatch(/^€[\d,]+$/);
  expect(panel("Orders")).toMatchObject({ busy: "true", skeleton: true });
});

test("a failure is one panel's, and trying again helps", async () => {
  await open();
  for (const [request] of requests.values()) request?.answer();
  await expect.poll(() => panel("Returns").problem).toBe("Returns cannot be reached.");
  expect(panel("Returns")).toMatchObject({ busy: "false", skeleton: false, total: undefined });
  expect(panel("Orders").problem).toBeUndefined();

  await press("Try again: Returns");
  expect(panel("Returns")).toMatchObject({ busy: "true", skeleton: true, problem: undefined });
  latest("returns").answer();
  await expect.poll(() => panel("Returns").total).toMatch(/^\d+$/);
  expect(view.hasElement("button", "Try again")).toBe(false);
});

test("figures stay while they are loaded again", async () => {
  await open();
  latest("orders").answer();
  await expect.poll(() => panel("Orders").busy).toBe("false");
  const { total } = panel("Orders");
  await press("Refresh: Orders");
  expect(panel("Orders")).toMatchObject({ busy: "true", skeleton: false, total });
  latest("orders").answer();
  await expect.poll(() => panel("Orders").busy).toBe("false");
  expect(panel("Orders").total).toBe(total);
});

test("figures stay when they cannot be loaded again, which the panel says", async () => {
  await open();
  latest("orders").answer();
  await expect.poll(() => panel("Orders").busy).toBe("false");
  const { total } = panel("Orders");
  await press("Refresh: Orders");
  latest("orders").fail();
  await expect.poll(() => panel("Orders").problem).toBe("Orders cannot be reached.");
  expect(panel("Orders")).toMatchObject({ busy: "false", total });
});

test("another period loads all panels, and the last one that was chosen counts", async () => {
  await open();
  const first = latest("revenue");
  first.answer();
  await expect.poll(() => panel("Revenue").span).toContain("Last 7 days");
  const week = panel("Revenue").total;

  await view.element("button", "year").click();
  const year = latest("revenue");
  await view.element("button", "month").click();
  expect(year.signal.aborted).toBe(true);
  expect(panel("Revenue")).toMatchObject({ busy: "true", total: week });
  expect(panel("Revenue").span).toContain("Last 7 days");

  latest("revenue").answer();
  year.answer();
  await expect.poll(() => panel("Revenue").span).toContain("Last 30 days");
  await expect.poll(() => panel("Revenue").busy).toBe("false");
  expect(panel("Revenue").total).not.toBe(week);
});

test("nothing is loaded any more for a user who leaves", async () => {
  await open();
  const under = [...requests.values()].flat();
  await view.close();
  await expect.poll(() => under.every(({ signal }) => signal.aborted)).toBe(true);
});

test("knows no other period", async () => {
  await open();
  await expect(view.event("show", { period: "decade" })).rejects.toThrow("refused");
});
