/** No answer tells a stranger if an address has an account: words are the same, and so is the time, over 200 samples. */
import { hash, hashSync, verify } from "@node-rs/argon2";
import { beforeAll, expect, test } from "vitest";
import { Passwords } from "../../src/accounts/passwords.ts";
import type { StoreRepo } from "../../src/database/schema.ts";
import { createStore, type Store } from "../../src/store/store.ts";
import { users } from "../support/factories.ts";
import { testStore } from "../support/test-store.ts";

const SAMPLES = 200;
/** Enough to be seen among all other work of an answer. */
const COST = { memoryCost: 8192, timeCost: 1, parallelism: 1 };
const PASSWORD = "correct horse battery";
const known = (sample: number) => `known${sample}@example.com`;
const linked = (sample: number) => `linked${sample}@example.com`;
const unknown = (sample: number) => `unknown${sample}@example.com`;

let store: Store;
let repo: StoreRepo;
beforeAll(async () => {
  // A mail takes as long as a password, without a wait that a test should not have.
  const mailer = { send: async () => void (await hash("a mail", COST)) };
  const { store: cheap } = testStore({ mailer });
  store = createStore(cheap.services, { passwordCost: COST });
  repo = store.services.repo;
  const passwordHash = hashSync(PASSWORD, COST);
  for (let sample = 0; sample < SAMPLES; sample++) {
    await users(repo).insert({ email: known(sample), passwordHash });
    await users(repo).insert({ email: linked(sample) });
  }
});

type Action = (sample: number) => Promise<unknown>;

/** Microseconds of CPU that this process has used, in all of its threads. */
function used(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

/**
 * The time of each action when nothing disturbs it: a tenth of its samples take less. All that it waits for is work of this process, so
 * the CPU is its clock, which stands still while a busy machine does other things. The actions take turns, in an order that turns too.
 */
async function timesOf(...actions: readonly Action[]): Promise<number[]> {
  const times = actions.map((): number[] => []);
  for (let sample = 0; sample < SAMPLES; sample++)
    for (let turn = 0; turn < actions.length; turn++) {
      const index = (sample + turn) % actions.length;
      const before = used();
      await actions[index]?.(sample);
      times[index]?.push(used() - before);
      await store.settled();
    }
  return times.map((each) => each.sort((a, b) => a - b)[SAMPLES / 10] ?? 0);
}

/** Tells if a stranger could see a difference: half of the work of a password. */
async function differ(...actions: readonly Action[]): Promise<boolean> {
  const [work = 0, ...times] = await timesOf(() => hash(PASSWORD, COST), ...actions);
  return Math.max(...times) - Math.min(...times) > work / 2;
}

test("a log-in takes the same time for a wrong password, a user without one, and an unknown address", async () => {
  const attempt = (email: (sample: number) => string) => (sample: number) =>
    store.accounts.authenticate(email(sample), "a wrong password");
  expect(await differ(attempt(known), attempt(linked), attempt(unknown))).toBe(false);
});

test("a registration takes the same time for a taken address and a free one", async () => {
  const attempt = (email: (sample: number) => string) => (sample: number) =>
    store.accounts.register({ email: email(sample), name: "Eva", password: PASSWORD });
  expect(
    await differ(
      attempt(known),
      attempt((sample) => `free${sample}@example.com`),
    ),
  ).toBe(false);
});

test.each(["requestReset", "requestMagicLink"] as const)(
  "%s takes the same time for a known address, which gets a mail, and an unknown one",
  async (request) => {
    const attempt = (email: (sample: number) => string) => (sample: number) =>
      store.accounts[request](email(sample));
    expect(await differ(attempt(known), attempt(unknown))).toBe(false);
  },
);

test("the measure sees a log-in that does no work for unknown addresses", async () => {
  const naive = (email: (sample: number) => string) => async (sample: number) => {
    const user = await repo.getBy("users", { email: email(sample) });
    return user?.passwordHash ? verify(user.passwordHash, "a wrong password") : false;
  };
  expect(await differ(naive(known), naive(unknown))).toBe(true);
});

test("the measure sees a registration that hashes no password of a taken address, and an answer that waits for its mail", async () => {
  const passwords = new Passwords(COST);
  const register = (email: (sample: number) => string) => async (sample: number) => {
    if (!(await repo.getBy("users", { email: email(sample) }))) await passwords.hash(PASSWORD);
  };
  expect(await differ(register(known), register(unknown))).toBe(true);
  const mail = (email: (sample: number) => string) => async (sample: number) => {
    if (await repo.getBy("users", { email: email(sample) }))
      await store.services.mailer.send({ to: "", subject: "", text: "" });
  };
  expect(await differ(mail(known), mail(unknown))).toBe(true);
});
