/** Settings that a node refuses before it opens anything. */
import { expect, test } from "vitest";
import { readDatabaseUrl, readSettings, WrongSettings } from "../src/settings.ts";

/** All that production asks for. */
const shop = {
  NODE_ENV: "production",
  DATABASE_URL: "postgres://shop@localhost/shop",
  SMTP_URL: "smtp://user:password@mail.example.com:587",
  GATEWAY_URL: "https://gateway.example.com",
  GATEWAY_SECRET: "a secret of sixteen",
};

const refusalOf = (environment: Record<string, string>): string => {
  try {
    readSettings(environment);
  } catch (error) {
    expect(error).toBeInstanceOf(WrongSettings);
    expect(error).toMatchObject({ code: "wrong_settings" });
    return (error as WrongSettings).message;
  }
  throw new Error("The settings were taken.");
};

test("development needs none", () => {
  expect(readSettings({})).toMatchObject({ PORT: 4100, STORE_SEED: true });
  expect(readSettings({ NODE_ENV: "development" }).GATEWAY_URL).toBeUndefined();
});

test("production is a shop: it begins without products", () => {
  const { NODE_ENV: _, ...settings } = shop;
  expect(readSettings(shop)).toMatchObject({ ...settings, STORE_SEED: false });
  expect(readSettings({ ...shop, STORE_SEED: "true" })).toMatchObject({ STORE_SEED: true });
});

test.each([
  ["GATEWAY_URL", "stand-in"],
  ["SMTP_URL", "console"],
  ["DATABASE_URL", "memory"],
])("production without %s is refused, with all that may be written instead, such as %s", (name, standIn) => {
  for (const missing of ["", undefined]) {
    const message = refusalOf({ ...shop, [name]: missing } as Record<string, string>);
    expect(message).toContain(`${name}: In production write`);
    expect(message).toContain(standIn);
    expect(message.split("\n")).toHaveLength(2);
  }
  expect(readSettings({ ...shop, [name]: standIn })).toMatchObject({ [name]: standIn });
});

test("all that is missing is named at once", () => {
  const message = refusalOf({ NODE_ENV: "production" });
  for (const name of ["GATEWAY_URL", "SMTP_URL", "DATABASE_URL"]) expect(message).toContain(`  ${name}: `);
});

test("a folder keeps the data of one node in production, and mails only if it is asked to", () => {
  const { DATABASE_URL: _, ...others } = shop;
  expect(readSettings({ ...others, STORE_DATA: "/data" })).toMatchObject({ STORE_DATA: "/data" });
  const { SMTP_URL: __, ...silent } = others;
  expect(refusalOf({ ...silent, STORE_DATA: "/data" })).toContain("SMTP_URL: In production write");
  expect(readSettings({ ...silent, STORE_DATA: "/data", SMTP_URL: "folder" }).SMTP_URL).toBe("folder");
  expect(refusalOf({ SMTP_URL: "folder" })).toContain("STORE_DATA: SMTP_URL=folder needs the folder");
});

test("a stand-in needs no secret, and a name that is none is refused", () => {
  expect(readSettings({ GATEWAY_URL: "stand-in" }).GATEWAY_SECRET).toBeUndefined();
  expect(refusalOf({ GATEWAY_URL: "standin" })).toContain("GATEWAY_URL: An address such as https://");
  expect(refusalOf({ SMTP_URL: "mail.example.com" })).toContain("SMTP_URL: An address such as smtp://");
});

test("the address of the database is read without the others", () => {
  expect(readDatabaseUrl({ NODE_ENV: "production", DATABASE_URL: shop.DATABASE_URL })).toBe(
    shop.DATABASE_URL,
  );
  for (const DATABASE_URL of ["", "memory", undefined])
    expect(readDatabaseUrl({ DATABASE_URL })).toBeUndefined();
});
