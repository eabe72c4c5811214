/** Messages of views to the page beside its changes: events and replies. */
import { type EventPayload, html, LiveView, raw } from "@overwire/server";
import { describe, expect, test } from "vitest";
import { live } from "../index.ts";

const soon = { timeout: 0 };

class Page extends LiveView {
  count = 0;
  override mount() {
    this.pushEvent("mounted", { count: 0 });
  }
  inc = this.event(() => {
    this.count++;
    this.pushEvent("counted", { count: this.count, list: [1, { deep: true, more: 1 }] });
  });
  tell = this.event(() => this.pushEvent("told"));
  quiet = this.event(() => {});
  ask = this.event((payload: EventPayload) => {
    this.count = 5;
    return { ...payload, number: 1, text: "1" };
  });
  echo = this.event((payload) => payload);
  add = this.event(({ by }) => {
    this.count += Number(by);
    return { count: this.count };
  });
  late = this.event(() => {
    this.setTimeout(() => this.pushEvent("late", { n: 1 }), 5);
  });
  render() {
    const twice = JSON.stringify([
      ["push", { event: "add", value: { by: 1 } }],
      ["push", { event: "add", value: { by: 10 } }],
    ]);
    return html`<p>${this.count}</p><div id="hook" phx-hook="Any"></div>
      <button id="inc" phx-click=${this.inc}>inc</button>
      <button id="tell" phx-click=${this.tell}>tell</button>
      <button id="twice" phx-click=${raw(twice)}>twice</button>`;
  }
}

describe("events for the page", () => {
  test("come together with the change of state", async () => {
    const view = await live(Page);
    expect(await view.element("#inc").click()).toContain("<p>1</p>");
    expect(await view.assertPushEvent("counted", { count: 1 })).toEqual({
      count: 1,
      list: [1, { deep: true, more: 1 }],
    });
  });

  test("come without one too", async () => {
    const view = await live(Page);
    const before = view.html();
    expect(await view.element("#tell").click()).toBe(before);
    expect(await view.assertPushEvent("told")).toEqual({});
  });

  test("do not come if none was pushed", async () => {
    const view = await live(Page);
    await view.assertPushEvent("mounted");
    await view.event("quiet");
    for (const name of ["mounted", "counted", "told"]) await view.refutePushEvent(name);
  });

  test("are compared as far as the test says", async () => {
    const view = await live(Page);
    await view.element("#inc").click();
    await view.refutePushEvent("counted", { count: 2 });
    await view.refutePushEvent("counted", { list: [1] });
    await view.assertPushEvent("counted", { count: expect.any(Number), list: [1, { deep: true }] });
  });

  test("count once: what was asserted is not found again", async () => {
    const view = await live(Page);
    await view.element("#inc").click();
    await view.element("#inc").click();
    expect(await view.assertPushEvent("counted")).toMatchObject({ count: 1 });
    expect(await view.assertPushEvent("counted")).toMatchObject({ count: 2 });
    await view.refutePushEvent("counted");
  });

  test("are waited for", async () => {
    const view = await live(Page);
    await view.event("late");
    await view.assertPushEvent("late", { n: 1 });
  });

  test("a wrong assertion tells what there was", async () => {
    const view = await live(Page);
    await view.element("#inc").click();
    await expect(view.assertPushEvent("counted", { count: 9 }, soon)).rejects.toThrow(
      'expected Page to push event "counted" with {"count":9}, but it pushed it with {"count":1,',
    );
    await expect(view.assertPushEvent("other", undefined, soon)).rejects.toThrow(
      'expected Page to push event "other", but it pushed "mounted", "counted"',
    );
    await expect(view.refutePushEvent("mounted")).rejects.toThrow(
      'expected Page not to push event "mounted", but it did, with {"count":0}',
    );
    await view.assertPushEvent("mounted");
    await view.assertPushEvent("counted");
    await expect(view.assertPushEvent("other", undefined, soon)).rejects.toThrow("but it pushed none");
  });
});

describe("replies", () => {
  test("come with the change of state, as they are", async () => {
    const view = await live(Page);
    expect(await view.element("#hook").hook("ask", { a: "b" })).toContain("<p>5</p>");
    expect(await view.assertReply()).toEqual({ a: "b", number: 1, text: "1" });
  });

  test("come without one too", async () => {
    const view = await live(Page);
    const before = view.html();
    expect(await view.element("#hook").hook("echo", { n: 1, s: "1" })).toBe(before);
    expect(await view.assertReply({ n: 1 })).toEqual({ n: 1, s: "1" });
  });

  test("two events of one click run in order, and each has its reply", async () => {
    const view = await live(Page);
    expect(await view.element("#twice").click()).toContain("<p>11</p>");
    await view.assertReply({ count: 1 });
    await view.assertReply({ count: 11 });
  });

  test("a wrong assertion tells what there was", async () => {
    const view = await live(Page);
    await expect(view.assertReply({ n: 1 }, soon)).rejects.toThrow(
      'expected Page to reply with {"n":1}, but it did not',
    );
    await view.event("echo", { n: 2 });
    await expect(view.assertReply({ n: 1 }, soon)).rejects.toThrow(
      'expected Page to reply with {"n":1}, but it replied {"n":2}',
    );
  });
});
