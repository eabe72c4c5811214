import { expect, it } from "vitest";
import { type AppOptions, createApp } from "../app.ts";

const secret = "s".repeat(32);

it.each<[string, unknown, string]>([
  [
    "a policy as text",
    { secureHeaders: { contentSecurityPolicy: "default-src 'self'" } },
    "contentSecurityPolicy takes directives",
  ],
  [
    "a policy as a list",
    { secureHeaders: { contentSecurityPolicy: ["default-src"] } },
    "contentSecurityPolicy takes directives",
  ],
  [
    "true as a policy",
    { secureHeaders: { contentSecurityPolicy: true } },
    "contentSecurityPolicy takes directives",
  ],
  [
    "sources as text",
    { secureHeaders: { contentSecurityPolicy: { imgSrc: "'self'" } } },
    "contentSecurityPolicy.imgSrc takes a list",
  ],
  [
    "sources that are no text",
    { secureHeaders: { contentSecurityPolicy: { imgSrc: [7] } } },
    "contentSecurityPolicy.imgSrc takes a list",
  ],
  [
    "a header that is a number",
    { secureHeaders: { referrerPolicy: 7 } },
    "secureHeaders.referrerPolicy takes text",
  ],
  ["true for all headers", { secureHeaders: true }, "secureHeaders takes an object"],
  ["an exempt path as text", { csrf: { exempt: "/webhooks/*" } }, "csrf.exempt takes a list"],
  ["an exempt path that is no text", { csrf: { exempt: [/hooks/] } }, "csrf.exempt takes paths"],
  ["an exempt path without a slash", { csrf: { exempt: ["webhooks"] } }, "csrf.exempt takes paths"],
])("%s is refused with a code when the app is made", (_, options, message) => {
  const make = () => createApp({ secret, ...(options as AppOptions) });
  expect(make).toThrow(message);
  expect(make).toThrow(expect.objectContaining({ code: "invalid_option" }));
});

it("options that their types allow pass", () => {
  createApp({ secret, secureHeaders: false, csrf: false });
  createApp({ secret, secureHeaders: { contentSecurityPolicy: false, referrerPolicy: false }, csrf: true });
  createApp({
    secret,
    secureHeaders: { contentSecurityPolicy: { imgSrc: false, upgradeInsecureRequests: [] } },
    csrf: { exempt: undefined },
  });
});
