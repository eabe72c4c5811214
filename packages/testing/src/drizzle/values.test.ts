import { PGlite } from "@electric-sql/pglite";
import { memoryRepo } from "@overwire/testing";
import { drizzleRepo, type Repo, type Table } from "@overwire/testing/drizzle";
import { bigint, customType, date, integer, pgTable } from "drizzle-orm/pg-core";
import { drizzle } from "drizzle-orm/pglite";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

/** A value that is never changed, of a class of its own. */
class Money {
  readonly #cents: number;
  constructor(cents: number) {
    this.#cents = cents;
  }
  toString() {
    return `${this.#cents / 100} EUR`;
  }
  get cents() {
    return this.#cents;
  }
}
const money = customType<{ data: Money; driverData: number }>({
  dataType: () => "integer",
  toDriver: (value) => value.cents,
  fromDriver: (cents) => new Money(cents),
});
const bytes = customType<{ data: Buffer; driverData: Uint8Array }>({
  dataType: () => "bytea",
  fromDriver: (value) => Buffer.from(value),
});

const days = pgTable("days", { day: date({ mode: "date" }).primaryKey() });
const rates = pgTable("rates", {
  id: integer().primaryKey(),
  day: date({ mode: "date" }).notNull(),
  accountId: integer("account_id"),
  price: money().notNull(),
  scan: bytes().notNull(),
});
const accounts = pgTable("accounts", { id: bigint({ mode: "bigint" }).primaryKey() });

type Rate = typeof rates.$inferSelect & { on?: Day; account?: Account | null };
type Day = typeof days.$inferSelect & { rates?: Rate[]; rate?: Rate | null };
type Account = typeof accounts.$inferSelect & { rates?: Rate[] };
interface Schema {
  days: Day;
  rates: Rate;
  accounts: Table<Account, { id: bigint }>;
}
const associations = {
  days: {
    hasMany: { rates: { table: "rates", by: "day" } },
    hasOne: { rate: { table: "rates", by: "day" } },
  },
  rates: {
    belongsTo: { on: { table: "days", by: "day" }, account: { table: "accounts", by: "accountId" } },
  },
  accounts: { hasMany: { rates: { table: "rates", by: "accountId" } } },
} as const;

const client = new PGlite();
const repos: [name: string, repo: Repo<Schema>][] = [
  ["a database", drizzleRepo<Schema>(drizzle(client), { days, rates, accounts }, { associations })],
  [
    "memory",
    memoryRepo<Schema>({
      tables: {
        days: { ...associations.days, key: "day" },
        rates: associations.rates,
        accounts: associations.accounts,
      },
    }),
  ],
];
beforeAll(() =>
  client.exec(`
    create table days (day date primary key);
    create table accounts (id bigint primary key);
    create table rates (id integer primary key, day date not null references days,
      account_id integer references accounts, price integer not null, scan bytea not null);
  `),
);
afterAll(() => client.close());

describe.each(repos)("in %s", (_, repo) => {
  const [first, second] = [new Date("2026-11-29"), new Date("2026-11-30")];
  const rate = { day: first, price: new Money(150), scan: Buffer.from("scan") };

  beforeAll(async () => {
    await repo.insertAll("days", [{ day: first }, { day: second }]);
    await repo.insert("accounts", { id: 7n });
    await repo.insertAll("rates", [
      { ...rate, id: 1, accountId: 7 },
      { ...rate, id: 2, accountId: null },
    ]);
  });

  test("rows refer to each other by dates", async () => {
    expect(await repo.get("rates", 1, { preload: { on: true } })).toMatchObject({ on: { day: first } });
    const found = await repo.all("days", { orderBy: { day: "asc" }, preload: { rates: true, rate: true } });
    expect(found.map(({ rates }) => rates.map(({ id }) => id).sort())).toEqual([[1, 2], []]);
    expect(found.map(({ rate }) => rate?.day)).toEqual([first, undefined]);
  });

  test("numbers refer to bigints", async () => {
    const found = await repo.all("rates", { orderBy: { id: "asc" }, preload: { account: true } });
    expect(found.map(({ account }) => account)).toEqual([{ id: 7n }, null]);
    expect(await repo.get("accounts", 7n, { preload: { rates: true } })).toMatchObject({
      rates: [{ id: 1 }],
    });
  });

  test("a bigint that is taken is refused", async () => {
    await expect(repo.insert("accounts", { id: 7n })).rejects.toMatchObject({
      code: "not_unique",
      columns: ["id"],
      message: expect.stringMatching(/^accounts .*id.*7/),
    });
  });

  test("values of classes stay what they are in each row", async () => {
    const read = await repo.get("rates", 1);
    const preloaded = await repo.get("accounts", 7n, { preload: { rates: true } });
    for (const row of [read, preloaded?.rates[0]]) {
      expect(String(row?.price)).toBe("1.5 EUR");
      expect(row?.scan.toString()).toBe("scan");
    }
  });
});
