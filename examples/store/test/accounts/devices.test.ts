import { expect, test } from "vitest";
import { deviceOf, placeOf } from "../../src/accounts/devices.ts";

test.each([
  [
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0 Safari/537.36 Edg/142.0",
    "Edge on Windows",
  ],
  [
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15",
    "Safari on Mac",
  ],
  [
    "Mozilla/5.0 (iPhone; CPU iPhone OS 26_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Mobile/15E148 Safari/604.1",
    "Safari on iPhone",
  ],
  [
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/142.0 Safari/537.36",
    "Chrome on Linux",
  ],
  ["curl/8.17.0", "curl"],
  ["Mozilla/5.0 (Linux)", "Linux"],
  ["", "Unknown browser"],
])("%s is told as a device", (agent, device) => {
  expect(deviceOf(agent)).toBe(device);
});

test("a network address is told as a place", () => {
  expect(placeOf("0:0:0:0")).toBe("this machine");
  expect(placeOf("192.0.2.7")).toBe("192.0.2.7");
  expect(placeOf("2001:db8:0:1")).toBe("2001:db8:0:1::/64");
});
