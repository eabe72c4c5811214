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

// The reference's own table, by its numbers.
const table: [
  id: string,
  option: CheckOrigin | undefined,
  origin: string | undefined,
  accepted: boolean,
  host?: string,
][] = [
  ["F-ORI-01", false, "https://anything.com", true],
  ["F-ORI-01", false, "null", true],
  ["F-ORI-01", false, "file://", true],
  ["F-ORI-01", false, "", true],
  ["F-ORI-02", true, "https://host.com", true],
  ["F-ORI-02", undefined, "https://host.com", true],
  ["F-ORI-02", true, "https://another.com", false],
  ["F-ORI-02", undefined, "https://another.com", false],
  ["F-ORI-03", below, "http://org1.ex.com", true],
  ["F-ORI-03", below, "https://ex.com", true],
  ["F-ORI-03", below, "https://org1.prefix-ex.com", false],
  ["F-ORI-04", foo, "http://org1.foo.example.com", true],
  ["F-ORI-04", foo, "http://foo.example.com", true],
  ["F-ORI-04", foo, "http://bad.example.com", false],
  ["F-ORI-04", foo, "http://org1.prefix-foo.example.com", false],
  ["F-ORI-04", foo, "http://org1.bar.example.com", false],
  ["F-ORI-05", ["//ex.com"], "http://org1.ex.com", false],
  ["F-ORI-06", ["//ex.com"], "file://", false],
  ["F-ORI-06", ["//ex.com"], "null", false],
  ["F-ORI-06", ["//ex.com"], "", false],
  ["F-ORI-06", true, "file://", false],
  ["F-ORI-06", true, "null", false],
  ["F-ORI-06", true, "", false],
  ["F-ORI-07", mixed, "http://example.com", true],
  ["F-ORI-07", mixed, "https://example.com", true],
  ["F-ORI-07", mixed, "http://scheme.com", true],
  ["F-ORI-07", mixed, "https://scheme.com", false],
  ["F-ORI-07", mixed, "http://scheme.com:8080", false],
  ["F-ORI-07", mixed, "http://port.com:81", true],
  ["F-ORI-07", mixed, "http://port.com:82", false],
  ["F-ORI-08", true, "http://www.host.com", false],
  ["F-ORI-08", true, "https://host.com:4000", false],
  ["F-ORI-08", true, "http://host.com:4000", true, "host.com:4000"],
  ["F-ORI-08", true, "https://host.com", true, "host.com:443"],
  ["F-ORI-08", true, "https://host.com", false, "host.com:80"],
  ["F-ORI-08", true, "http://[::1]:4000", true, "[::1]:4000"],
  ["F-ORI-11", true, undefined, true],
  ["F-ORI-11", ["//ex.com"], undefined, true],
];

describe("createOriginCheck", () => {
  it.each(table)("%s: %j of %j is %j", (_id, option, origin, accepted, host) => {
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

  it("F-ORI-09: leaves it to a function, which may accept what has no host", () => {
    const seen: string[] = [];
    const option: CheckOrigin = (origin, headers) => {
      seen.push(`${origin} at ${headers.get("host")}`);
      return origin === "null";
    };
    expect(accepts(option, "null")).toBe(true);
    expect(accepts(option, "https://host.com")).toBe(false);
    expect(seen).toEqual(["null at host.com", "https://host.com at host.com"]);
  });

  it("F-ORI-10: two checks with different lists do not mix", () => {
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
