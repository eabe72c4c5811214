import { live, request } from "@overwire/testing";
import { expect, test } from "vitest";
import { GatewayUnavailable } from "../../src/payments/gateway.ts";
import { users } from "../support/factories.ts";
import { sessionOf } from "../support/login.ts";
import { testStore } from "../support/test-store.ts";

const address = { name: "Ada L.", street: "Ring 1", postcode: "1010", city: "Vienna", country: "AT" };
const visa = { id: "pm_1", brand: "Visa", last4: "4242" };

/** A new user, whose browser is open. */
async function withAda() {
  const shop = testStore();
  const ada = await users(shop.repo).insert({ name: "Ada" });
  const session = await sessionOf(shop.store, ada);
  const machine = () => request(shop.app, { session });
  const client = machine();
  return { ...shop, ada, client, machine, open: (path = "/welcome") => live(client, path) };
}

test("visitors are asked to log in", async () => {
  await expect(live(testStore().app, "/welcome")).rejects.toMatchObject({ redirect: { to: "/login" } });
});

test("a new user goes from step to step, and is ready without a card", async () => {
  const { client } = await withAda();
  const page = await (await client.get("/welcome")).follow().then(() => live(client, "/welcome/profile"));
  expect(page.text("h1")).toBe("Nice to meet you");
  expect(page.text("[aria-current=step]")).toBe("Name");
  await page.form("#name", { displayName: "Ada L." }).submit();
  await page.assertPatch("/welcome/address");
  await page.form("#address", address).submit();
  await page.assertPatch("/welcome/payment");
  await page.element("button", "With the first order").click();
  await page.assertPatch("/welcome/done");
  expect(page.text("h1")).toBe("You are ready, Ada L.");
  expect(page.title()).toContain("Ready");
  const account = await live(client, "/account");
  expect(account.text("header.site")).toContain("Ada L.");
});

test("answers are checked, and the reasons stand beside their fields", async () => {
  const { open, store, ada } = await withAda();
  const page = await open("/welcome/profile");
  await page.form("#name", { displayName: " " }).submit();
  expect(page.text("#name [role=alert]")).toBe("Write the name that others may call you.");
  await page.form("#name", { displayName: "Ada" }).submit();
  await page.form("#address", { street: "", postcode: "!" }).submit();
  expect(page.text("#address")).toContain("Write street and number.");
  expect(page.text("#address")).toContain("Use letters, digits, blanks and dashes.");
  expect(page.text("#address")).toContain("Choose a country.");
  expect((await store.onboarding.of(ada.id)).next).toBe("address");
});

test("a step that is not reached cannot be opened by its URL", async () => {
  const { client, store, ada } = await withAda();
  for (const path of ["/welcome", "/welcome/payment", "/welcome/done", "/welcome/nonsense"])
    (await client.get(path)).assertRedirect("/welcome/profile");
  await store.onboarding.saveName(ada.id, "Ada");
  (await client.get("/welcome/done")).assertRedirect("/welcome/address");
  expect((await client.get("/welcome/profile")).status).toBe(200);
});

test("going back keeps what was entered, and the onboarding goes on at the right step on another machine", async () => {
  const { machine, open } = await withAda();
  const page = await open("/welcome/profile");
  await page.form("#name", { displayName: "Ada L." }).submit();
  await page.form("#address", { street: "Ring 1" }).change();
  await page.element("#address a", "Back").click();
  expect(page.element("#name input").node?.getAttribute("value")).toBe("Ada L.");
  await page.form("#name", { displayName: "Ada" }).submit();
  expect(page.element("[name=street]").node?.getAttribute("value")).toBe("Ring 1");
  await page.form("#address", address).submit();

  const phone = machine();
  (await phone.get("/welcome")).assertRedirect("/welcome/payment");
  const other = await live(phone, "/welcome/payment");
  await other.element(".steps a", "Address").click();
  expect(other.element("[name=city]").node?.getAttribute("value")).toBe("Vienna");
});

test("a draft survives a lost connection and a deploy", async () => {
  const { open } = await withAda();
  const page = await open("/welcome/profile");
  await page.form("#name", { displayName: "Countess" }).change();
  await page.disconnect();
  await page.reconnect();
  expect(page.element("#name input").node?.getAttribute("value")).toBe("Countess");
  await page.disconnect({ resume: false });
  await page.reconnect();
  expect(page.element("#name input").node?.getAttribute("value")).toBe("Countess");
  await page.form("#name", {}).submit();
  await page.element(".steps a", "Name").click();
  expect(page.element("#name input").node?.getAttribute("value")).toBe("Countess");
});

/** A user who is at the means of payment. */
async function atPayment() {
  const shop = await withAda();
  await shop.store.onboarding.saveName(shop.ada.id, "Ada");
  await shop.store.onboarding.saveAddress(shop.ada.id, address);
  return shop;
}

test("a card is entered on the gateway's page, which leads back into the step", async () => {
  const { open, gateway } = await atPayment();
  gateway.expect("beginSetup", async () => ({ id: "setup_1", url: "http://gateway.test/setups/1" }));
  const page = await open("/welcome/payment");
  await page.element("button", "Enter a card").click();
  await page.assertRedirect("http://gateway.test/setups/1");

  gateway.expect("methodOf", async () => undefined);
  const cancelled = await open("/welcome/payment");
  expect(cancelled.text(".card")).toContain("No card has come from the gateway yet.");

  gateway.expect("methodOf", async () => visa);
  const back = await open("/welcome/payment");
  expect(back.text(".card p")).toBe("Visa that ends with 4242");
  await back.element("a", "Go on").click();
  expect(back.text(".card")).toContain("Orders need one click from now on.");
  await cancelled.settled();
  expect(cancelled.text("h1")).toBe("You are ready, Ada");
});

test("a gateway that does not answer is said so, and the step can be left", async () => {
  const { open, gateway } = await atPayment();
  gateway.expect("beginSetup", async () => {
    throw new GatewayUnavailable("It is away.");
  });
  const page = await open("/welcome/payment");
  await page.element("button", "Enter a card").click();
  expect(page.text("[role=alert]")).toContain("does not answer just now");
  await page.element("button", "With the first order").click();
  expect(page.text(".card")).toContain("You choose how to pay with your first order.");
});

test("a gateway that does not tell of the card is said so, to a user who comes back from it", async () => {
  const { open, gateway, store, ada } = await atPayment();
  gateway.expect("beginSetup", async () => ({ id: "setup_1", url: "http://gateway.test/setups/1" }));
  await store.onboarding.beginCard(ada.id);
  gateway.expect("methodOf", async () => {
    throw new GatewayUnavailable("It is away.");
  });
  const page = await open("/welcome/payment");
  expect(page.text("[role=alert]")).toContain("does not answer just now");
});
