import { describe, expect, it } from "vitest";
import { type CheckOrigin, createOriginCheck } from "./origin.ts";

const accepts = (option: CheckOrigin | undefined, origin: string | undefined, host = "host.com") =>
  createOriginCheck(option)(
    new Headers({ host, ...(origin !== undefined && { origin }) }),
    `http://${host}/`,
  );

const below = ["https://*.ex.com", "http://*.ex.com"];
const foo = ["http://*.foo.example.com"];
const mixed = ["//example.com", "http://scheme.com", "//port.com:81"];

// LiveView's own table.
const table: [
  option: CheckOrigin | undefined,
  origin: string | undefined,
  accepted: boolean,
  host?: string,
][] = [
  [false, "https://anything.com", true],
  [false, "null", true],
  [false, "file://", true],
  [false, "", true],
  [true, "https://host.com", true],
  [undefined, "https://host.com", true],
  [true, "https://another.com", false],
  [undefined, "https://another.com", false],
  [below, "http://org1.ex.com", true],
  [below, "https://ex.com", true],
  [below, "https://org1.prefix-ex.com", false],
  [foo, "http://org1.foo.example.com", true],
  [foo, "http://foo.example.com", true],
  [foo, "http://bad.example.com", false],
  [foo, "http://org1.prefix-foo.example.com", false],
  [foo, "http://org1.bar.example.com", false],
  [["//ex.com"], "http://org1.ex.com", false],
  [["//ex.com"], "file://", false],
  [["//ex.com"], "null", false],
  [["//ex.com"], "", false],
  [true, "file://", false],
  [true, "null", false],
  [true, "", false],
  [mixed, "http://example.com", true],
  [mixed, "https://example.com", true],
  [mixed, "http://scheme.com", true],
  [mixed, "https://scheme.com", false],
  [mixed, "http://scheme.com:8080", false],
  [mixed, "http://port.com:81", true],
  [mixed, "http://port.com:82", false],
  [true, "http://www.host.com", false],
  [true, "https://host.com:4000", false],
  [true, "http://host.com:4000", true, "host.com:4000"],
  [true, "https://host.com", true, "host.com:443"],
  [true, "https://host.com", false, "host.com:80"],
  [true, "http://[::1]:4000", true, "[::1]:4000"],
  [true, undefined, true],
  [["//ex.com"], undefined, true],
];

describe("createOriginCheck", () => {
  it.each(table)("%j of %j is %j", (option, origin, accepted, host) => {
    expect(accepts(option, origin, host)).toBe(accepted);
  });

  const https = { "x-forwarded-proto": "https" };
  it.each<
    [
      origin: string,
      url: string,
      headers: Record<string, string>,
      trustProxy: boolean | undefined,
      accepted: boolean,
    ]
  >([
    ["http://host.com", "https://host.com/", {}, undefined, false],
    ["https://host.com", "https://host.com/", {}, undefined, true],
    ["http://host.com", "http://host.com/", https, undefined, false],
    ["http://host.com", "http://host.com/", https, true, false],
    ["http://host.com", "http://host.com/", { "x-forwarded-proto": "wss, http" }, undefined, false],
    ["https://host.com", "http://host.com/", https, undefined, true],
    // A proxy that is not believed, or says nothing, may have taken https away.
    ["http://host.com", "http://host.com/", https, false, true],
    ["https://host.com", "http://host.com/", {}, undefined, true],
    ["http://host.com", "http://host.com/", { "x-forwarded-proto": "http" }, undefined, true],
  ])(
    "under https only pages of https are its own: %j at %j with %j and trustProxy %j",
    (origin, url, more, trust, accepted) => {
      const headers = new Headers({ host: "host.com", origin, ...more });
      expect(createOriginCheck(true, trust)(headers, url)).toBe(accepted);
    },
  );

  it("takes origins that are named at their word, under https too", () => {
    const headers = new Headers({ host: "host.com", origin: "http://host.com" });
    expect(createOriginCheck(["http://host.com"])(headers, "https://host.com/")).toBe(true);
  });

  it("leaves it to a function, which may accept what has no host", () => {
    const seen: string[] = [];
    const option: CheckOrigin = (origin, headers) => {
      seen.push(`${origin} at ${headers.get("host")}`);
      return origin === "null";
    };
    expect(accepts(option, "null")).toBe(true);
    expect(accepts(option, "https://host.com")).toBe(false);
    expect(seen).toEqual(["null at host.com", "https://host.com at host.com"]);
  });

  it("two checks with different lists do not mix", () => {
    const origin = new Headers({ origin: "http://a.com" });
    const [first, second] = [createOriginCheck(["//a.com"]), createOriginCheck(["//b.com"])];
    expect([first(origin, ""), second(origin, ""), first(origin, "")]).toEqual([true, false, true]);
  });

  it("ignores the case of hosts and schemes", () => {
    expect(accepts(["HTTPS://*.EX.com"], "https://Org.ex.COM")).toBe(true);
    expect(accepts(true, "https://host.com", "HOST.com")).toBe(true);
  });

  it.each(["ex.com", "https://ex.com/path", "https://a.*.com", "", "*"])(
    "says that it cannot read %j",
    (pattern) => {
      expect(() => createOriginCheck([pattern])).toThrow(/checkOrigin cannot read.*Write patterns like/);
    },
  );
});
