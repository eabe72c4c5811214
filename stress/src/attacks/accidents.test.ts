/** Mistakes of an author that a client can trigger: none of them may stop the server, or forge a line of its log. */
import { describe, expect, it } from "vitest";
import { attacked } from "./rig.ts";

describe("an author's code that", () => {
  const rig = attacked();

  it("throws ends its own view", async () => {
    const { line } = await rig.open();
    line.say("e", 1, 1, "boom", {});
    await line.next(([kind, , code]) => kind === "x" && code === "crashed");
    await rig.expectServing();
  });

  it("forgets a promise, or throws in a timer, is reported, and other views go on", async () => {
    const bystander = await rig.open();
    const { line } = await rig.open();
    const { crash } = (await rig.server.health()).reports;
    line.say("e", 1, 1, "forget", {});
    await expect
      .poll(async () => (await rig.server.health()).reports.crash)
      .toBeGreaterThanOrEqual(crash + 2);
    await bystander.line.event(1, 1, "inc");
    await rig.expectServing();
  });

  it("feeds itself without end holds up no other client", async () => {
    const bystander = await rig.open();
    const { line } = await rig.open();
    line.say("e", 1, 1, "spin", {});
    for (let ref = 1; ref <= 20; ref++) await bystander.line.event(1, ref, "inc");
    await line.next(([kind, , code]) => kind === "x" && code === "crashed");
    const { accidents } = await rig.server.health();
    expect(accidents).toEqual([expect.stringMatching(/handleInfo.*messages in a row/s)]);
    await rig.expectServing();
  });
});

describe("a report that throws", () => {
  const rig = attacked({ reports: "thrown" });

  it("affects no other client, for any kind of report", async () => {
    const { line } = await rig.open();
    line.say("e", 1, 1, "nothing", {});
    line.say("e", 1, 2, "add", { by: "much" });
    line.say("e", 1, 3, "boom", {});
    await line.next(([kind]) => kind === "x");
    line.text("{");
    await line.end();
    const refused = rig.visitor().dial({ origin: "http://evil.example" });
    await expect.poll(() => refused.closed).toBeDefined();
    await rig.visitor().load("/nowhere");
    await rig.expectServing();
  });
});

describe("the log", () => {
  const rig = attacked({ reports: "printed" });

  it.each([
    [
      "the message of an error",
      ["e", 1, 1, "fail", { text: "x\n[overwire] forged\u001b[2Ja\rb\u2028c\u0007" }],
    ],
    ["the name of an event", ["e", 1, 1, "x\n[overwire] forged\u001b[2J", {}]],
    ["the name of a field", ["f", 1, 1, "add", "x%0A[overwire]%20forged%1B[2J=1", {}]],
    ["a live patch", ["n", 1, 1, "/x\n[overwire] forged\u001b[2J"]],
    ["a join's address", ["j", 2, { token: "x\n[overwire] forged\u001b[2J", url: "/\n[overwire] forged" }]],
  ])("has no line, and no command for a terminal, that %s has made", async (_, frame) => {
    const { line } = await rig.open();
    const from = rig.server.output.length;
    line.say(...frame);
    await line.next(() => true, line.frames.length);
    await rig.expectServing();
    const printed = rig.server.output.slice(from);
    expect(printed.replaceAll("\n", "")).toMatch(/^[^\x00-\x08\x0b-\x1f\x7f\u2028]*$/);
    expect(printed).not.toMatch(/^\[overwire\] forged/m);
  });

  it("contains neither token nor cookie", async () => {
    const { line, page, visitor } = await rig.open();
    const [token = ""] = page.tokens;
    line.say("j", 2, { token: `${token}x`, url: page.url });
    await line.next(([kind]) => kind === "x");
    line.say("j", 2, { token, url: `/nowhere?t=1` });
    line.text(`{${token}`);
    await line.end();
    await visitor.request(`/nowhere?token=${token}`);
    await rig.expectServing();
    expect(rig.server.output).not.toContain(token.slice(0, 60));
    for (const cookie of visitor.cookie.split("; "))
      expect(rig.server.output).not.toContain(cookie.split("=")[1]);
  });
});
