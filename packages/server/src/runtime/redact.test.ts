import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { signToken } from "../http/token.ts";
import { Redactor } from "./redact.ts";
import { checkRedact } from "./redact-names.ts";
import { HIDDEN, TOO_MUCH, UNREADABLE } from "./redact-text.ts";

const redactor = new Redactor();

describe("names", () => {
  it.each([
    "password",
    "PASSWORD",
    "Password1",
    "newPassword",
    "new_password",
    "password-confirmation",
    "passwordconfirmation",
    "user[password]",
    "user%5Bpassword%5D",
    "token",
    "tokens",
    "accessToken",
    "access_token",
    "accesstoken",
    "x-api-token",
    "APIToken",
    "ACCESS_TOKEN",
    "clientSecret",
    "client_secret",
    "secret",
    "Authorization",
    "proxy-authorization",
    "cookie",
    "set-cookie",
    "apiKey",
    "x-api-key",
    "passwd",
    "pwd",
    "passphrase",
    "private_key",
    "secretkey",
    "jwt",
    "otp",
    "credentials",
    "%70assword",
    "ow_session",
    "__Host-ow_visitor",
  ])("hide %s", (name) => {
    expect(redactor.hides(name)).toBe(true);
  });

  it.each([
    "secretary",
    "tokenizer",
    "tokenize",
    "name",
    "email",
    "pass",
    "author",
    "cookies_accepted_at_all",
    "session",
    "",
  ])("show %s", (name) => {
    expect(redactor.hides(name)).toBe(name.startsWith("cookies"));
  });

  it("of the author come to the default ones, in any spelling", () => {
    const own = new Redactor(["creditCard", "pin"]);
    for (const name of [
      "credit_card",
      "creditcard",
      "creditCardNumber",
      "credit-card[number]",
      "PIN",
      "password",
    ])
      expect(own.hides(name), name).toBe(true);
    expect(own.hides("spinner")).toBe(false);
    expect(redactor.hides("pin")).toBe(false);
  });

  it("are a list of names", () => {
    expect(checkRedact(["pin"])).toEqual(["pin"]);
    for (const wrong of ["pin", [""], [7], false])
      expect(() => checkRedact(wrong)).toThrow(/redact takes a list of names/);
  });
});

describe("texts", () => {
  it.each([
    ["GET /a?token=abc&b=1", `GET /a?token=${HIDDEN}&b=1`],
    ["https://x.example/#access_token=a.b&x", `https://x.example/#access_token=${HIDDEN}&x`],
    ["user%5Bpassword%5D=hunter2&a=b", `user%5Bpassword%5D=${HIDDEN}&a=b`],
    ['{"password":"hun\\"ter2","name":"x"}', `{"password":${HIDDEN},"name":"x"}`],
    ["{ password: 'hunter2', name: 'x' }", `{ password: ${HIDDEN}, name: 'x' }`],
    ["password: hunter2", `password: ${HIDDEN}`],
    ["Key (password)=(hunter2) already exists", `Key (password)=${HIDDEN} already exists`],
    ["authorization: Bearer abc def", `authorization: ${HIDDEN}`],
    ["got Bearer abc-123 here", `got Bearer ${HIDDEN} here`],
    ["got Basic YTpiCg== here", `got Basic ${HIDDEN} here`],
    ["cookie: a=b; ow_session=c", `cookie: ${HIDDEN}`],
    [
      String.raw`{"body":"{\"password\":\"a\\\"b\",\"name\":\"x\"}"}`,
      String.raw`{"body":"{\"password\":${HIDDEN},\"name\":\"x\"}"}`,
    ],
    ['{"passwords":["x","y]"],"name":"x"}', `{"passwords":${HIDDEN},"name":"x"}`],
    ["{ token: { value: 'a}b' }, name: 'x' }", `{ token: ${HIDDEN}, name: 'x' }`],
    [
      "https://x.example/?next=%2Fcb%3Faccess_token%3Dabc%26b%3D1&c=2",
      `https://x.example/?next=%2Fcb%3Faccess_token%3D${HIDDEN}%26b%3D1&c=2`,
    ],
    ["%7B%22password%22%3A%22a%2Cb%22%7D", `%7B%22password%22%3A${HIDDEN}%7D`],
    ["password%3Dx", `password%3D${HIDDEN}`],
    [
      "Key (user_id, reset_token)=(7, a b) already exists",
      `Key (user_id, reset_token)=${HIDDEN} already exists`,
    ],
    ["Key (token, id)=(a)b, 7) already exists", `Key (token, id)=${HIDDEN} already exists`],
    ['Authorization: Digest username="a", response="b"\nhost: x', `Authorization: ${HIDDEN}\nhost: x`],
    ["password=a(b", `password=${HIDDEN}`],
    ["password=my long phrase\nname=x", `password=${HIDDEN}\nname=x`],
    ["password=my long phrase name=x", `password=${HIDDEN} name=x`],
    ["password == hunter2", `password == ${HIDDEN}`],
    ["'password': 'it''s x', 'name': 'y'", `'password': ${HIDDEN}, 'name': 'y'`],
    ["GET /a?token=abc 200", `GET /a?token=${HIDDEN} 200`],
    ["got Basic dXNlcjpwYXNz here", `got Basic ${HIDDEN} here`],
    ["got Bearer abcdefgh here", `got Bearer ${HIDDEN} here`],
    ["https://ghp_abc@github.example/x", `https://${HIDDEN}@github.example/x`],
    ["postgres://u:a@b@h/db", `postgres://u:${HIDDEN}@h/db`],
    ["redis://me:hunter2@localhost:6379", `redis://me:${HIDDEN}@localhost:6379`],
    [`it was ${signToken("k3Jd9".repeat(8), "t", 1, 9)}.`, `it was ${HIDDEN}.`],
    ["jwt eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI3In0.c2ln end", `jwt ${HIDDEN} end`],
  ])("hide the value of %j", (text, shown) => {
    expect(redactor.text(text)).toBe(shown);
  });

  it.each([
    "Invoice.pay: password must be a string",
    "password: must have 8 characters",
    "token: required",
    "Unexpected token } in JSON at position 5",
    "SyntaxError: Unexpected token: expected a string",
    "    at sign (file:///app/src/token.ts:12:34)",
    "The bearer token is missing",
    "pass it on: createApp({ secret: process.env.SECRET_KEY_BASE })",
    "secretary: Ann",
    "basic authentication and basic settings",
    "Bearer authentication is required",
    "git clone ssh://git@github.example/x",
    "time 12:30:05, a=b",
  ])("stay as they are: %j", (text) => {
    expect(redactor.text(text)).toBe(text);
  });

  it("hide given values wherever they stand, longer ones first, short ones only alone", () => {
    const hidden = redactor.valuesOf({
      password: "hunter2",
      confirm: { secret: ["hunter2-again", 77] },
      name: "Ann",
    });
    expect(hidden).toEqual(["hunter2-again", "hunter2", "77"]);
    expect(redactor.text("Ann wrote hunter2-again, hunter2! 77 of 1772", hidden)).toBe(
      `Ann wrote ${HIDDEN}, ${HIDDEN}! ${HIDDEN} of 1772`,
    );
  });

  it("hide what JSON holds, in JSON and in the JSON in that", () => {
    const depth = fc.integer({ min: 0, max: 3 });
    const secret = fc.string().map((text) => `${text}SECRET${text}`);
    fc.assert(
      fc.property(depth, secret, fc.jsonValue(), (times, password, other) => {
        let text = JSON.stringify({ a: 1, password, token: { list: [password, other] }, name: "Ann" });
        for (let time = 0; time < times; time++) text = JSON.stringify({ body: text, name: "Ann" });
        const shown = redactor.text(text);
        expect(shown).not.toContain("SECRET");
        expect(shown.match(/Ann/g)).toHaveLength(times + 1);
      }),
    );
  });

  it("of any kind are searched without an error", () => {
    const part = fc.constantFrom(...special, "token", "=(", "[", "}", "Bearer ", "authorization", HIDDEN);
    fc.assert(
      fc.property(fc.array(fc.oneof(part, fc.string())), (parts) => {
        expect(redactor.text(parts.join(""))).not.toBe(UNREADABLE);
      }),
    );
  });

  const special = [
    ..." \t\n=:;,.&?#@%$/\\\"'`()[]{}<>|+-_~aA1",
    "://",
    "a=",
    "a: ",
    "%3D",
    '\\"',
    "password",
  ];
  const frames: readonly (readonly [string, string])[] = [
    ["", ""],
    ["x", "x"],
    ["password", "=x"],
    ["password=", "x"],
    ['password="', ""],
    ["authorization: ", "x"],
    ["cookie", "!"],
    ["bearer ", "!"],
    ["://a:", "!"],
    ["eyJ", "!"],
  ];
  it.each(special)("with long runs of %j are searched in time that grows with their length", (run) => {
    const timeOf = (count: number) => {
      const texts = frames.map(([before, after]) => before + run.repeat(count) + after);
      const since = process.cpuUsage();
      for (const each of [...texts, "password=".repeat(count), `${run}password${run}=`.repeat(count / 8)])
        redactor.text(each);
      return process.cpuUsage(since).user;
    };
    timeOf(80);
    const short = timeOf(3000);
    // Squared it would be 64 times as long.
    expect(timeOf(24_000)).toBeLessThan(24 * short + 100_000);
  });
});

describe("copies", () => {
  it("are the values themselves if nothing is hidden", () => {
    const error = Object.assign(new TypeError("no", { cause: { a: [1] } }), { when: new Date() });
    expect(redactor.copy(error)).toBe(error);
    const circle: Record<string, unknown> = {};
    circle["self"] = circle;
    expect(redactor.copy(circle)).toBe(circle);
  });

  it("of errors keep class, stack and the rest, without what is hidden, in causes and circles too", () => {
    class DatabaseError extends Error {
      override name = "DatabaseError";
      readonly payload: object;
      constructor(payload: object) {
        super("token=abc", { cause: new Error("password: hunter2") });
        this.payload = payload;
      }
    }
    const error: DatabaseError & { self?: unknown } = new DatabaseError({
      user: { password: "hunter2", name: "Ann" },
    });
    error.self = error;
    const copy = redactor.copy(error);
    expect(copy).toBeInstanceOf(DatabaseError);
    expect(copy.message).toBe(`token=${HIDDEN}`);
    expect(copy.stack).toContain("redact.test.ts");
    expect(copy.stack).not.toContain("abc");
    expect(copy.payload).toEqual({ user: { password: HIDDEN, name: "Ann" } });
    expect((copy.cause as Error).message).toBe(`password: ${HIDDEN}`);
    expect(copy.self).toBe("[circular]");
    expect(error.payload).toEqual({ user: { password: "hunter2", name: "Ann" } });
  });

  it("look into maps, lists, headers, forms, requests and URLs", () => {
    const form = new FormData();
    form.set("password", "hunter2");
    const request = new Request("https://a.example/?token=abc", {
      headers: { authorization: "Bearer abc-1" },
    });
    const given = {
      map: new Map([["token", "abc"]]),
      set: new Set(["token=abc"]),
      list: [{ secret: 7 }],
      url: new URL("https://a.example/?token=abc"),
      query: new URLSearchParams("token=abc"),
      headers: new Headers({ cookie: "abc" }),
      form,
      request,
      error: new AggregateError([new Error("token=abc")], "all"),
      shown: true,
    };
    const copy = redactor.copy(given) as unknown as Record<string, unknown>;
    expect(copy.map).toEqual(new Map([["token", HIDDEN]]));
    expect(copy.set).toEqual(new Set([`token=${HIDDEN}`]));
    expect(copy.list).toEqual([{ secret: HIDDEN }]);
    expect(copy.url).toBe(`https://a.example/?token=${HIDDEN}`);
    expect(copy.query).toEqual({ token: HIDDEN });
    expect(copy.headers).toEqual({ cookie: HIDDEN });
    expect(copy.form).toEqual({ password: HIDDEN });
    expect(copy.request).toEqual({ method: "GET", url: copy.url, headers: { authorization: HIDDEN } });
    expect((copy.error as AggregateError).errors[0]).toMatchObject({ message: `token=${HIDDEN}` });
    expect(copy.shown).toBe(true);
  });

  it("look at names that stand beside their values: in pairs, raw headers, fields and issues", () => {
    const name = { user: "Ann", password: "hunter2" };
    const given = {
      form: [
        ["password", "hunter2"],
        ["name", "Ann"],
      ],
      rawHeaders: ["host", "x", "authorization", "Token hunter2", "X-Api-Key", "hunter2"],
      fields: [
        { name: "authorization", value: "Token hunter2" },
        { key: "a", value: "b" },
      ],
      issues: [{ path: ["user", "password"], input: "hunter2", message: 'Expected "a" but got "hunter2"' }],
      valibot: [{ path: [{ key: "token", value: "hunter2", input: { token: "hunter2" } }], received: '"x"' }],
      map: new Map([[name, 1]]),
      list: ["a", "token", "b"],
    };
    expect(redactor.copy(given)).toEqual({
      form: [
        ["password", HIDDEN],
        ["name", "Ann"],
      ],
      rawHeaders: ["host", "x", "authorization", HIDDEN, "X-Api-Key", HIDDEN],
      fields: [
        { name: "authorization", value: HIDDEN },
        { key: "a", value: "b" },
      ],
      issues: [{ path: ["user", "password"], input: HIDDEN, message: `Expected "a" but got "${HIDDEN}"` }],
      valibot: [{ path: [{ key: "token", value: HIDDEN, input: { token: HIDDEN } }], received: HIDDEN }],
      map: new Map([[{ user: "Ann", password: HIDDEN }, 1]]),
      list: ["a", "token", "b"],
    });
  });

  it("of DOMExceptions have their name, whose getters their class cannot run", () => {
    const copy = redactor.copy(new DOMException("token=abc", "AbortError"));
    expect(copy.message).toBe(`token=${HIDDEN}`);
  });
});

describe("values that throw if they are looked at, or have no end", () => {
  const { proxy: revoked, revoke } = Proxy.revocable({}, {});
  revoke();
  const fail = () => {
    throw new Error("trap");
  };
  const strange: Readonly<Record<string, () => object>> = {
    "a revoked proxy": () => revoked,
    "a proxy whose keys cannot be read": () => new Proxy({}, { ownKeys: fail }),
    "a proxy whose class cannot be read": () => new Proxy({ a: 1 }, { getPrototypeOf: fail }),
    "a proxy whose properties cannot be read": () => new Proxy({ a: 1 }, { getOwnPropertyDescriptor: fail }),
    "a proxy of a list": () => new Proxy([1], { get: fail }),
    "a false map": () => Object.create(Map.prototype) as object,
    "false headers": () => Object.create(Headers.prototype) as object,
    "a false request": () => Object.create(Request.prototype) as object,
    "a false URL": () => Object.create(URL.prototype) as object,
    "a false set": () => Object.create(Set.prototype) as object,
  };

  it.each(Object.keys(strange))("such as %s are shown as a fixed text, and all else as ever", (name) => {
    const error = Object.assign(new Error("token=abc"), { strange: strange[name]?.(), password: "hunter2" });
    const copy = redactor.copy(error);
    expect(copy).toMatchObject({ message: `token=${HIDDEN}`, password: HIDDEN, strange: UNREADABLE });
    expect(redactor.copy(strange[name]?.())).toBe(UNREADABLE);
    expect(redactor.valuesOf(strange[name]?.(), { a: strange[name]?.(), password: "hunter2" })).toEqual([
      "hunter2",
    ]);
  });

  it("such as a map whose name has no text are copied", () => {
    const key = Object.create(null) as object;
    expect(
      redactor.copy(
        new Map<unknown, unknown>([
          [key, "a"],
          ["token", "b"],
        ]),
      ),
    ).toEqual(
      new Map<unknown, unknown>([
        [key, "a"],
        ["token", HIDDEN],
      ]),
    );
  });

  it("such as huge texts are cut", () => {
    const text = redactor.text(`password="${"a".repeat(20_000_000)}`);
    expect(text).toBe(`password=${HIDDEN} ${TOO_MUCH}`);
    expect(redactor.text("a".repeat(1_000_001))).toMatch(/a \[too much for a report\]$/);
    expect(redactor.text("b".repeat(90_000), ["b".repeat(80_000)])).toBe(HIDDEN + "b".repeat(10_000));
  });

  it("such as objects with very many values are cut", () => {
    const many = Object.fromEntries(Array.from({ length: 20_000 }, (_, index) => [`k${index}`, "x"]));
    const list = Array.from({ length: 20_000 }, () => "x");
    const error = Object.assign(new Error("why"), { many, list, map: new Map(Object.entries(many)) });
    expect(redactor.copy(error)).toMatchObject({
      message: "why",
      many: TOO_MUCH,
      list: TOO_MUCH,
      map: TOO_MUCH,
    });
    const wide = redactor.copy(Object.assign(new Error("why"), { ...many, password: "hunter2" }));
    expect(wide.message).toBe("why");
    expect(JSON.stringify(wide)).not.toContain("hunter2");
    const texts = redactor.copy(Array.from({ length: 50 }, () => "a ".repeat(50_000)));
    expect(texts.at(-1)).toBe(TOO_MUCH);
  });
});
