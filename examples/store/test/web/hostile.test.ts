/** Texts that PostgreSQL refuses: no page asks it for them, and none of them is an error of the server. */
import type { AppOptions } from "@overwire/server";
import { type LiveDriver, live, request } from "@overwire/testing";
import { describe, expect, test } from "vitest";
import { addressAnswer } from "../../src/onboarding/answers.ts";
import { PAGES, world } from "../support/all-pages.ts";
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
    const session = await sessionOf(store, await users(repo).admin().insert());
    const draft = { name, description: "Wide and blue.", category: "Bowls", brand: "Tonwerk", price: "24" };
    const registration = { name, email: "ada@example.com", password: "correct horse battery" };
    for (const [path, form, values] of [
      ["/register", "registration", registration],
      ["/account/tokens", "create", { name }],
      ["/welcome/profile", "name", { displayName: name }],
      ["/desk/products/new", "draft", draft],
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

/** Collects errors that have ended a page. */
function crashes(): { readonly ended: unknown[]; readonly report: AppOptions["report"] } {
  const ended: unknown[] = [];
  return {
    ended,
    report: ({ kind, error, message }) => void (kind === "crash" && ended.push(error ?? message)),
  };
}

test.each(["/products/%00", "/orders/%00", "/?q=%00"])("a live link to %s ends no page", async (path) => {
  const { ended, report } = crashes();
  const { app, store } = testStore({ repo }, { report });
  const page = await live(app, "/cart", { session: await sessionOf(store, await users(repo).insert()) });
  // The client loads the page anew if a view cannot be joined.
  await page.navigateTo(path).catch(() => {});
  expect(ended).toEqual([]);
});

test.each([
  ["/orders", "orders"],
  ["/desk/audit", "entries"],
])("an id beyond the integers of PostgreSQL ends no list at %s", async (path, list) => {
  const { ended, report } = crashes();
  const { app, store } = testStore({ repo }, { report });
  const page = await live(app, path, { session: await sessionOf(store, await users(repo).admin().insert()) });
  await page.event("more", { id: `${list}-3000000000` }).catch(() => {});
  expect(ended).toEqual([]);
});

test("an order beyond the integers of PostgreSQL cannot be selected at the desk", async () => {
  const { ended, report } = crashes();
  const { app, store } = testStore({ repo }, { report });
  const session = await sessionOf(store, await users(repo).moderator().insert());
  const page = await live(app, "/desk/orders", { session });
  await page.event("select", { id: 3_000_000_000 }).catch(() => {});
  await page.event("ship", {});
  await page.settled();
  expect(page.hasElement("#selection")).toBe(false);
  expect(ended).toEqual([]);
});

/** Fields that users write text into. In the others browsers let none of it stand. */
const TEXT = ["text", "search", "password", "tel", "hidden"];
const isText = ({ type, tagName, name }: HTMLInputElement) =>
  name !== "" && (TEXT.includes(type) || tagName === "TEXTAREA");
const textsIn = ({ container }: LiveDriver, form: string) =>
  [...container.querySelectorAll<HTMLInputElement>(`${form} [name]`)].filter(isText);

describe("a text with a NUL and half of a character", () => {
  const text = "a\0b\ud800c";
  const written = new Set<string>();

  test.each(Object.keys(PAGES))("ends no page in any field of %s", async (path) => {
    const { ended, report } = crashes();
    const shop = await world({ repo }, { report });
    const open = async () => {
      const { at = path, session } = (await PAGES[path]?.(shop)) ?? {};
      return live(shop.app, at, { ...(session && { session }), hooks: { Copy() {} } });
    };
    const first = await open();
    const forms = [...first.container.querySelectorAll("form[id]")].map(({ id }) => id);
    for (const id of forms.filter((id) => textsIn(first, `#${id}`).length > 0))
      for (const action of ["change", "submit"] as const) {
        const page = await open();
        const form = page.element(`#${id}`);
        const isSent = action === "change" || form.node.querySelector("button:not([type=button])") !== null;
        if (!isSent || !form.node.hasAttribute(`phx-${action}`)) continue;
        for (const field of textsIn(page, `#${id}`)) {
          field.value = text;
          written.add(`${path} ${field.name}`);
        }
        await form[action]();
        await page.settled();
        await shop.store.settled();
        const next = await page.followRedirect().then(() => "", String);
        expect(next, `${id} ${action}`).not.toContain("404");
      }
    expect(ended).toEqual([]);
  });

  test("was written into all kinds of fields", () => {
    for (const field of [
      "/ q",
      "/register name",
      "/cart quantity",
      "/checkout order[address][street]",
      "/desk/orders q",
      "/desk/products q",
      "/desk/products/new description",
      "/desk/products/:id name",
      "/desk/users q",
      "/desk/audit subject",
    ])
      expect(written, field).toContain(field);
  });
});
