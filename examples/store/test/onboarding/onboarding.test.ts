import { expect, test } from "vitest";
import { onboardingTopic } from "../../src/onboarding/onboarding.ts";
import { nextStep } from "../../src/onboarding/steps.ts";
import { GatewayUnavailable } from "../../src/payments/gateway.ts";
import { DAY } from "../../src/shared/clock.ts";
import { users } from "../support/factories.ts";
import { testStore } from "../support/test-store.ts";

const address = { name: "Ada", street: "Ring 1", postcode: "1010", city: "Vienna", country: "AT" };
const visa = { id: "pm_1", brand: "Visa", last4: "4242" };

async function withAda() {
  const shop = testStore();
  const ada = await users(shop.repo).insert();
  const next = async () => (await shop.store.onboarding.of(ada.id)).next;
  return { ...shop, ada, next, onboarding: shop.store.onboarding };
}

test("each step that is saved leads to the next one, and the last completes the profile", async () => {
  const { onboarding, ada, next, gateway } = await withAda();
  expect(await next()).toBe("profile");
  await onboarding.saveName(ada.id, "Ada");
  expect(await next()).toBe("address");
  await onboarding.saveAddress(ada.id, address);
  expect(await next()).toBe("payment");
  gateway.expect("beginSetup", async ({ returnUrl }) => ({
    id: "setup_1",
    url: `http://gateway.test/?${returnUrl}`,
  }));
  expect(await onboarding.beginCard(ada.id)).toBe("http://gateway.test/?http://store.test/welcome/payment");
  expect(await next()).toBe("payment");
  gateway.expect("methodOf", async () => undefined);
  expect(await onboarding.finishCard(ada.id)).toBe(false);
  gateway.expect("methodOf", async () => visa);
  expect(await onboarding.finishCard(ada.id)).toBe(true);
  expect(gateway.calls("methodOf")).toEqual([["setup_1"], ["setup_1"]]);
  expect(await onboarding.finishCard(ada.id)).toBe(false);
  const { profile } = await onboarding.of(ada.id);
  expect(profile).toMatchObject({ displayName: "Ada", address, paymentMethod: visa, setupId: null });
  expect(profile?.completedAt).toBeInstanceOf(Date);
  expect(await next()).toBe("done");
});

test("a means of payment may be left to the first order, and can be entered later", async () => {
  const { onboarding, ada, next, gateway } = await withAda();
  await onboarding.saveName(ada.id, "Ada");
  await onboarding.saveAddress(ada.id, address);
  await onboarding.skipPayment(ada.id);
  expect(await next()).toBe("done");
  gateway.stub("beginSetup", async () => ({ id: "setup_1", url: "http://gateway.test/" }));
  gateway.stub("methodOf", async () => visa);
  await onboarding.beginCard(ada.id);
  await onboarding.finishCard(ada.id);
  expect((await onboarding.of(ada.id)).profile).toMatchObject({ paymentMethod: visa, paymentSkipped: false });
});

test("a gateway that does not answer changes nothing", async () => {
  const { onboarding, ada, gateway } = await withAda();
  gateway.stub("beginSetup", async () => {
    throw new GatewayUnavailable("It is away.");
  });
  await expect(onboarding.beginCard(ada.id)).rejects.toThrow(GatewayUnavailable);
  expect((await onboarding.of(ada.id)).profile).toBeNull();
});

test("an address that is not confirmed comes before all else", async () => {
  const { onboarding, repo } = await withAda();
  const bob = await users(repo).unconfirmed().insert();
  await onboarding.saveName(bob.id, "Bob");
  expect((await onboarding.of(bob.id)).next).toBe("confirm");
  expect(nextStep(bob, null)).toBe("confirm");
  await expect(onboarding.of(4711)).rejects.toThrow("There is no user 4711.");
});

test("pages of the user hear of each step", async () => {
  const { onboarding, ada, store } = await withAda();
  let heard = 0;
  store.services.pubsub.subscribe(onboardingTopic(ada.id), () => void heard++);
  await onboarding.saveName(ada.id, "Ada");
  await onboarding.skipPayment(ada.id);
  await expect.poll(() => heard).toBe(2);
});

test("a browser that has registered claims its user once the address is confirmed, within a day", async () => {
  let now = Date.parse("2026-03-01");
  const { store, repo } = testStore({ clock: () => new Date(now) });
  const { onboarding } = store;
  const ada = await users(repo).unconfirmed().insert({ email: "ada@example.com", passwordHash: "hash 1" });
  const registration = onboarding.begin(" Ada@example.com ", ada);
  expect(await onboarding.claim(registration)).toBeUndefined();
  await repo.update("users", ada.id, { confirmedAt: new Date(now) });
  expect(await onboarding.claim(registration)).toMatchObject({ id: ada.id });
  now += DAY + 1;
  expect(await onboarding.claim(registration)).toBeUndefined();
});

test("a browser whose address was taken, or registered again by another, claims nothing", async () => {
  const { store, repo } = testStore();
  const { onboarding } = store;
  const ada = await users(repo).insert({ email: "ada@example.com", passwordHash: "hash 1" });
  const taken = onboarding.begin("ada@example.com", undefined);
  expect(await onboarding.claim(taken)).toBeUndefined();
  const earlier = onboarding.begin("ada@example.com", ada);
  expect(earlier.proof).toHaveLength(taken.proof.length);
  await repo.update("users", ada.id, { passwordHash: "hash 2" });
  expect(await onboarding.claim(earlier)).toBeUndefined();
});
