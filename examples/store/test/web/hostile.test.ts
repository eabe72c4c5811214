/** Texts that PostgreSQL refuses: no page asks it for them, and none of them is an error of the server. */
import { live, request } from "@overwire/testing";
import { expect, test } from "vitest";
import { addressAnswer } from "../../src/onboarding/answers.ts";
import { products, users } from "../support/factories.ts";
import { sessionOf } from "../support/login.ts";
import { onPglite } from "../support/pglite.ts";
import { testStore } from "../support/test-store.ts";

const { repo } = onPglite();
const half = "\ud800";

test.each(["/?category[]=%00", "/?q=%00", "/products/%00", "/orders/%00", "/checkout/%00", "/reset/%00"])(
  "the address %s is that of no page",
  async (path) => {
    const { app, store } = testStore({ repo });
    const session = await sessionOf(store, await users(repo).insert());
    expect((await request(app, { session }).get(path)).status).toBe(404);
  },
);

test("a choice that no product can have counts as not given, in an open page too", async () => {
  const { app } = testStore({ repo });
  await products(repo).insert({ name: "Blue cup" });
  const page = await live(app, "/");
  await page.patchTo("/?category[]=%00&brand[]=a%0Ab");
  expect(page.text("main")).toContain("Blue cup");
});

test.each(["Ada\0", `Ada ${half}`, "Ada,\n\nyou have won", "Ada\u2028you have won"])(
  "the name %j is refused where one is given, though no field of a browser sends it",
  async (name) => {
    const { app, store } = testStore({ repo });
    const session = await sessionOf(store, await users(repo).insert());
    const registration = { name, email: "ada@example.com", password: "correct horse battery" };
    for (const [path, form, values] of [
      ["/register", "registration", registration],
      ["/account/tokens", "create", { name }],
      ["/welcome/profile", "name", { displayName: name }],
    ] as const) {
      const page = await live(app, path, { session, hooks: { Copy() {} } });
      await page.event(`${form}.submit`, values);
      expect(page.text(`#${form}`)).toContain("Use letters, digits and signs, in one line.");
    }
  },
);

test.each(["constructor", "toString", "__proto__"])("the country %s is none", (country) => {
  const home = { name: "Ada", street: "Lindenstr. 1", postcode: "10969", city: "Berlin" };
  expect(addressAnswer.safeParse({ ...home, country: "DE" }).success).toBe(true);
  expect(addressAnswer.safeParse({ ...home, country }).success).toBe(false);
});
