/** Tokens, cookies and views that belong to others. */
import { randomBytes } from "node:crypto";
import { signToken } from "@overwire/server";
import { describe, expect, it } from "vitest";
import { attacked } from "./rig.ts";

const rig = attacked();

const form = (origin: string, user: number): RequestInit => ({
  method: "POST",
  headers: { origin, "content-type": "application/x-www-form-urlencoded" },
  body: `user=${user}`,
});

describe("a token", () => {
  const flipped = (token: string, at: number) =>
    token.slice(0, at) + (token[at] === "A" ? "B" : "A") + token.slice(at + 1);

  it.each<[string, (token: string) => unknown]>([
    ["of nothing", () => ""],
    ["of dots", () => "..."],
    ["without its signature", (token) => token.split(".")[0]],
    ["with an empty signature", (token) => `${token.split(".")[0]}.`],
    ["with half a signature", (token) => token.slice(0, -20)],
    ["with another signature", (token) => `${token.split(".")[0]}.${randomBytes(32).toString("base64url")}`],
    ["twice", (token) => `${token}.${token}`],
    ["with its first character changed", (token) => flipped(token, 0)],
    ["with its middle changed", (token) => flipped(token, 40)],
    ["with its signature changed", (token) => flipped(token, token.length - 10)],
    [
      "of another secret",
      () => signToken("another-secret-0123456789-abcdefghijk", "page", ["x", "/", "default", 0], 3600),
    ],
    ["that is JSON", () => JSON.stringify(["x", "/", "default", 0])],
    ["of no algorithm", () => "eyJhbGciOiJub25lIn0.eyJ2IjoxfQ."],
    ["with a NUL", (token) => `${token}\u0000`],
    ["in spaces", (token) => ` ${token} `],
    ["of 100,000 characters", () => "A".repeat(100_000)],
    [
      "with other letters of base64",
      (token) => token.replaceAll("-", "+").replaceAll("_", "/").replace(/^/, "="),
    ],
  ])("%s joins nothing", async (_, forge) => {
    const { line, page } = await rig.open();
    const from = line.frames.length;
    line.say("j", 2, { token: forge(page.tokens[0] ?? ""), url: page.url });
    expect(await line.next((frame) => frame[1] === 2, from)).toMatchObject([
      "x",
      2,
      "stale",
      expect.any(String),
    ]);
    await rig.expectServing();
  });

  it("of another visitor joins no view, with any claim", async () => {
    const victim = await rig.open("/nested");
    const thief = await rig.open();
    for (const token of victim.page.tokens) {
      for (const more of [{}, { seen: 0 }, { seen: 1 }, { navigate: true }, { seen: 1, attempt: 99 }]) {
        const from = thief.line.frames.length;
        thief.line.say("j", 2, { token, url: victim.page.url, ...more });
        const answer = await thief.line.next((frame) => frame[1] === 2, from);
        expect(answer.slice(0, 3)).toEqual(["x", 2, "stale"]);
      }
    }
    expect((await victim.line.event(1, 1, "turn"))[0]).toBe("p");
  });

  it("of one page opens no other one, and none behind a guard", async () => {
    const { line, page } = await rig.open();
    for (const path of ["/admin/panel", "/forms", "/items/1", "/nowhere", "/health"]) {
      const answer = await line.join(2, { ...page, url: rig.server.origin + path });
      expect(answer[0]).toBe("x");
    }
    const guarded = await line.join(
      2,
      { ...page, url: `${rig.server.origin}/admin/panel` },
      { navigate: true },
    );
    expect(guarded[0]).toBe("x");
  });

  it("on a socket without a cookie joins no view", async () => {
    const { page } = await rig.open();
    const line = await rig.connect(rig.visitor());
    expect((await line.join(1, page)).slice(0, 3)).toEqual(["x", 1, "stale"]);
  });
});

describe("a view that lost its connection", () => {
  it("cannot be resumed by another visitor, with any claim", async () => {
    const victim = await rig.open();
    await victim.line.event(1, 1, "inc");
    victim.line.terminate();
    const thief = await rig.open();
    for (let seen = 0; seen < 5; seen++) {
      const answer = await thief.line.join(2, victim.page, { seen, attempt: 100 + seen });
      expect(answer.slice(0, 3)).toEqual(["x", 2, "stale"]);
    }
    const line = await rig.connect(victim.visitor);
    expect((await line.join(1, victim.page, { seen: 2, attempt: 2 }))[4]).toMatchObject({ q: [1] });
  });

  it("is told when another of its visitor's sockets has taken it", async () => {
    const { line, page, visitor } = await rig.open();
    await line.event(1, 1, "inc");
    const other = await rig.connect(visitor);
    await other.join(1, page, { seen: 2, attempt: 2 });
    expect(await line.next(([kind]) => kind === "x")).toMatchObject(["x", 1, "taken", expect.any(String)]);
    await rig.expectServing();
  });
});

describe("a session", () => {
  it("that an attacker has planted is replaced by the log-in", async () => {
    const attacker = rig.visitor();
    await attacker.load("/");
    const victim = rig.visitor();
    await victim.request("/", { headers: { cookie: attacker.cookie } });
    const login = await victim.request("/login", {
      ...form(rig.server.origin, 7),
      headers: { ...form(rig.server.origin, 7).headers, cookie: attacker.cookie },
    });
    expect(login.status).toBe(302);
    expect(await (await victim.request("/whoami")).json()).toEqual({ userId: 7 });
    expect(await (await attacker.request("/whoami")).json()).toEqual({});
  });

  it("is not accepted with another visitor's cookie, changed, or as plain text", async () => {
    const user = rig.visitor();
    await user.load("/");
    await user.request("/login", form(rig.server.origin, 1));
    expect((await user.load("/admin/panel")).html).toContain("admin of 1");
    const cookies = new Map(user.cookie.split("; ").map((pair) => pair.split("=", 2) as [string, string]));
    const session = Array.from(cookies).find(([name]) => name.endsWith("ow_session"));
    const [name = "", value = ""] = session ?? [];
    expect(value).not.toBe("");
    for (const cookie of [
      `${name}=${value}`,
      `${name}=${value}; ow_visitor=${"A".repeat(22)}`,
      user.cookie.replace(value, `${value.slice(0, -4)}AAAA`),
      user.cookie.replace(value, `A${value.slice(1)}`),
      user.cookie.replace(value, JSON.stringify({ userId: 1 })),
      user.cookie.replace(value, "eyJhbGciOiJub25lIn0..."),
      user.cookie.replace(value, ""),
    ]) {
      const response = await fetch(`${rig.server.origin}/admin/panel`, { headers: { cookie } });
      expect(response.status).toBe(403);
    }
    await rig.expectServing();
  });
});

describe("an event that is not declared", () => {
  const names = [
    ..."render mount terminate handleParams handleInfo handleEvent handleAsync constructor __proto__ prototype toString".split(
      " ",
    ),
    ..."valueOf hasOwnProperty isPrototypeOf __defineGetter__ __lookupSetter__ then toJSON send subscribe publish".split(
      " ",
    ),
    ..."setTimeout setInterval pushEvent pushPatch pushNavigate redirect putFlash clearFlash flush event form stream feed".split(
      " ",
    ),
    ..."allowUpload assignAsync startAsync cancelAsync optimistic attachHook sendUpdate session params url context flash".split(
      " ",
    ),
    ..."connected pageTitle count serial inc.x inc. .inc inc[0] inc() #inc Inc INC ow: ow:x ow:files.x phx-click lv: lv:x".split(
      " ",
    ),
    "inc\u0000",
    " inc",
    "inc ",
    "ínc",
    "0",
    "undefined",
    "Symbol(in turn)",
  ];

  it("by any name, is refused, and the view goes on", async () => {
    const { line } = await rig.open();
    let ref = 0;
    for (const name of names) {
      const answer = await line.event(1, ++ref, name);
      const refusal = (answer[5] as { x?: { code: string; message: string } } | undefined)?.x;
      if (!/^(ow|lv):/.test(name)) expect([name, refusal?.code]).toEqual([name, "unknown_event"]);
    }
    expect(await line.event(1, ++ref, "inc")).toMatchObject(["p", 1, ref + 1, ref, { 0: "1" }, { r: 1 }]);
  });

  it("with a payload that names a prototype changes no prototype", async () => {
    const { line } = await rig.open("/forms");
    let ref = 0;
    for (const payload of [
      `{"__proto__":{"polluted":1}}`,
      `{"constructor":{"prototype":{"polluted":1}}}`,
      `{"a":{"__proto__":{"polluted":1}},"__proto__":null}`,
      `{"\\u005f_proto__":{"polluted":1}}`,
      `[{"__proto__":{"polluted":1}}]`,
    ]) {
      line.text(`["e",1,${++ref},"loose",${payload}]`);
      await line.answer(1, ref);
    }
    for (const fields of [
      "__proto__[polluted]=1",
      "constructor[prototype][polluted]=1",
      "a[__proto__][polluted]=1",
      "a[constructor][prototype][polluted]=1",
      "%5F_proto__[polluted]=1",
      "__proto__.polluted=1",
      "[__proto__][polluted]=1",
      "a[][__proto__][polluted]=1",
    ]) {
      for (const event of ["loose", "signup.change", "ratings.change"]) {
        line.say("f", 1, ++ref, event, fields, { _target: fields.split("=")[0], "__proto__[polluted]": 1 });
        await line.answer(1, ref);
      }
      await rig.visitor().load(`/items/1?${fields}`);
    }
    expect((await rig.server.health()).polluted).toEqual([]);
    await rig.expectServing();
  });

  it("with an invalid upload ref is answered, and the view goes on", async () => {
    const { line } = await rig.open("/uploads");
    let ref = 0;
    for (const upload of [
      {},
      [],
      { toString: 1 },
      null,
      1,
      "",
      "nothing",
      "__proto__",
      "constructor",
      "save",
    ]) {
      for (const [name, payload] of [
        ["ow:files", { upload, entries: [{ ref: "1", name: "a", size: 1, type: "" }] }],
        ["ow:start", { upload, entries: ["1"] }],
        ["ow:progress", { upload, entry: "1", progress: 1 }],
        ["ow:gone", { c: upload, s: upload }],
      ] as const) {
        expect((await line.event(1, ++ref, name, payload))[0]).toBe("p");
      }
    }
    await rig.expectServing();
  });
});
