import { expect, test } from "vitest";
import { addressBy, networkOf } from "./client-address.ts";

const request = (forwarded?: string) =>
  new Request("http://localhost/", {
    headers: forwarded === undefined ? {} : { "x-forwarded-for": forwarded },
  });
const env = { incoming: { socket: { remoteAddress: "10.0.0.1" } } };

test("the address is the transport's, and a proxy's word only if it is trusted", () => {
  expect(addressBy()(request("1.2.3.4"), env)).toBe("10.0.0.1");
  expect(addressBy(true)(request("6.6.6.6, 1.2.3.4"), env)).toBe("1.2.3.4");
  expect(addressBy(true)(request(), env)).toBe("10.0.0.1");
  expect(addressBy()(request(), undefined)).toBe("");
});

test.each([
  ["1.2.3.4", "1.2.3.4"],
  ["::ffff:1.2.3.4", "1.2.3.4"],
  ["::FFFF:c000:201", "192.0.2.1"],
  ["0:0:0:0:0:ffff:192.0.2.1", "192.0.2.1"],
  ["[::ffff:c000:0201]:80", "192.0.2.1"],
  ["::ffff:0:1", "0.0.0.1"],
  ["::192.0.2.1", "0:0:0:0"],
  ["2001:db8::192.0.2.1", "2001:db8:0:0"],
  ["2001:DB8:0:1:aaaa:bbbb:cccc:dddd", "2001:db8:0:1"],
  ["2001:db8:0:1::7", "2001:db8:0:1"],
  ["2001:0db8:0000:0001::8", "2001:db8:0:1"],
  ["2001:db8::1", "2001:db8:0:0"],
  ["::1", "0:0:0:0"],
  ["fe80::1%eth0", "fe80:0:0:0"],
])("%s belongs to %s", (address, network) => {
  expect(networkOf(address)).toBe(network);
});

test("a port is no part of an address", () => {
  expect(networkOf("1.2.3.4:5678")).toBe("1.2.3.4");
  expect(networkOf("[2001:db8::1]:443")).toBe(networkOf("2001:db8::2"));
});
