/** Tickets of sessions that belong to others, were used, or came too late, and frames after a log-out. */
import { describe, expect, it } from "vitest";
import { attacked, type Tab } from "./rig.ts";

const rig = attacked();

/** Asks for a session, as far as the ticket. */
async function offered({ line }: Tab, ref = 1): Promise<string> {
  const from = line.frames.length;
  line.say("e", 1, ref, "login", { user: "7" });
  return line.ticket(from);
}

const sessionOf = async ({ visitor }: Pick<Tab, "visitor">) => (await visitor.request("/whoami")).json();

describe("a ticket", () => {
  it("that is used twice has one answer", async () => {
    const user = await rig.open("/account");
    const ticket = await offered(user);
    const body = [ticket, user.page.tokens[0]];
    const responses = await Promise.all([1, 2, 3].map(() => user.visitor.fetchSession(body)));
    const statuses = responses.map(({ status }) => status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
    expect(statuses.every((status) => [200, 403, 410].includes(status))).toBe(true);
    user.line.say("s", ticket);
    expect(await user.line.answer(1, 1)).toMatchObject(["p", 1, 3, 1, {}, { r: { userId: 7 } }]);
    expect((await user.visitor.fetchSession(body)).ok).toBe(false);
    await rig.expectServing();
  });

  it("of another user, or changed, brings no session, and stays good for its own", async () => {
    const user = await rig.open("/account");
    const thief = await rig.open("/account");
    const ticket = await offered(user);
    for (const one of [ticket, `${ticket}x`, `x${ticket}`, "", 1, null, [ticket]]) {
      const response = await thief.visitor.fetchSession([one, user.page.tokens[0]]);
      expect(response.status).toBeGreaterThanOrEqual(400);
      expect(response.headers.getSetCookie()).toEqual([]);
    }
    const foreign = await user.visitor.fetchSession([ticket], { origin: "http://evil.example" });
    expect(foreign.status).toBe(403);
    expect(await sessionOf(thief)).toEqual({});
    expect((await user.visitor.fetchSession([ticket])).status).toBe(200);
    expect(await sessionOf(user)).toEqual({ userId: 7 });
    await rig.expectServing();
  });

  it("that comes after its handler has failed brings no session", async () => {
    const user = await rig.open("/account");
    const ticket = await offered(user);
    user.line.say("s", ticket);
    expect(await user.line.answer(1, 1)).toMatchObject({ 5: { r: {} } });
    expect((await user.visitor.fetchSession([ticket])).status).toBe(410);
    expect(await sessionOf(user)).toEqual({});
    await rig.expectServing();
  });
});

it("frames on the other sockets of a session that has ended run nothing", async () => {
  const visitor = await rig.open("/account");
  const login = await offered(visitor);
  expect((await visitor.visitor.fetchSession([login])).status).toBe(200);
  visitor.line.say("s", login);
  await visitor.line.answer(1, 1);
  const user = await rig.open("/account", visitor.visitor);
  const other = await rig.open("/", user.visitor);
  const from = other.line.frames.length;
  user.line.say("e", 1, 1, "logOut", {});
  const ticket = await user.line.ticket();
  expect((await user.visitor.fetchSession([ticket])).status).toBe(200);
  user.line.say("s", ticket);
  await user.line.answer(1, 1);
  for (let ref = 1; ref < 50; ref++) other.line.say("e", 1, ref, "inc", {});
  expect((await other.line.end())[0]).toBe(4401);
  expect(other.line.frames.slice(from).filter(([kind, , , ref]) => kind === "p" && ref !== 0)).toEqual([]);
  await rig.expectServing();
});
