import { createPubSub } from "@overwire/server";
import { beforeEach, describe, expect, test } from "vitest";
import { Identities, IdentityTaken, LastWayIn } from "../../src/accounts/identities.ts";
import { Audit } from "../../src/audit/audit.ts";
import type { StoreRepo } from "../../src/database/schema.ts";
import type { Provider, ProviderUser } from "../../src/providers/provider.ts";
import { MINUTE } from "../../src/shared/clock.ts";
import { users } from "../support/factories.ts";
import { memory } from "../support/memory.ts";
import { onPglite } from "../support/pglite.ts";

const provider = (name: string): Provider => ({
  name,
  title: `The ${name}`,
  issuer: `https://${name}.example`,
  canAskAnew: true,
  begin: () => Promise.reject(new Error("No flow begins here.")),
  finish: () => Promise.reject(new Error("No flow ends here.")),
});
const [club, guild] = [provider("club"), provider("guild")];

const found = (user: Partial<ProviderUser> = {}): ProviderUser => ({
  subject: "7",
  email: "ada@example.com",
  name: "Ada Lovelace",
  ...user,
});

function suite(newRepo: () => StoreRepo) {
  let repo: StoreRepo;
  let now: number;
  let identities: Identities;
  /** Subjects of mails to owners. */
  let told: string[];
  beforeEach(() => {
    repo = newRepo();
    told = [];
    now = Date.parse("2026-03-01T10:00:00Z");
    const services = { repo, pubsub: createPubSub(), clock: () => new Date(now), providers: [club, guild] };
    identities = new Identities(services, new Audit(services), {
      tell: (_, letter) => void told.push(letter("Ada", "http://store.test").subject),
    });
  });

  const entered = async (at = club, user = found()) => {
    const result = await identities.enter(at, user);
    if (!("user" in result)) throw new Error(`The outcome is ${result.outcome}.`);
    return result.user;
  };

  test("an unknown address makes an account, which is confirmed and has no password", async () => {
    const result = await identities.enter(club, found());
    expect(result).toMatchObject({
      outcome: "registered",
      user: {
        email: "ada@example.com",
        name: "Ada Lovelace",
        passwordHash: null,
        confirmedAt: new Date(now),
      },
    });
    expect(await repo.all("auditEntries")).toMatchObject([
      { action: "identity.registered", details: { provider: "The club" } },
    ]);
  });

  test("the same user of the provider enters the same account, under another address too", async () => {
    const user = await entered();
    const again = await identities.enter(club, found({ email: undefined }));
    expect(again).toMatchObject({ outcome: "known", user: { id: user.id } });
  });

  test("the same subject at another provider is another user", async () => {
    await entered();
    const other = await identities.enter(guild, found({ email: "other@example.com" }));
    expect(other).toMatchObject({ outcome: "registered", user: { email: "other@example.com" } });
  });

  test("names are one line, and the address stands in for a name that is missing", async () => {
    expect((await entered(club, found({ name: "  Ada\n\u0007 Lovelace " }))).name).toBe("Ada Lovelace");
    expect((await entered(guild, found({ name: " ", email: "grace@example.com" }))).name).toBe("grace");
  });

  test("without a confirmed address no account is made", async () => {
    expect(await identities.enter(club, found({ email: undefined }))).toEqual({ outcome: "no_address" });
    expect(await repo.count("users")).toBe(0);
  });

  test("an address that belongs to an account does not enter it: the identity waits for its user", async () => {
    const [owner, stranger] = await users(repo).insertList(2);
    if (!owner || !stranger) throw new Error("Two users are missing.");
    const result = await identities.enter(club, found({ email: owner.email }));
    if (result.outcome !== "taken") throw new Error(`The outcome is ${result.outcome}.`);
    expect(await repo.count("identities")).toBe(0);
    await expect(identities.accept(stranger, result.pending)).rejects.toThrow(IdentityTaken);
    await identities.accept(owner, result.pending);
    expect(await identities.enter(club, found())).toMatchObject({ outcome: "known", user: { id: owner.id } });
  });

  test("an account whose address was never confirmed is the one of the user who confirms it, without its password", async () => {
    const squatted = await users(repo).insert({
      email: "ada@example.com",
      name: "Mallory",
      confirmedAt: null,
      passwordHash: "known to Mallory",
    });
    const expiresAt = new Date(now + MINUTE);
    await repo.insert("tokens", { kind: "confirm", userId: squatted.id, hash: "h", sentTo: "", expiresAt });
    expect(await identities.enter(club, found())).toMatchObject({
      outcome: "registered",
      user: { id: squatted.id, name: "Ada Lovelace", passwordHash: null, confirmedAt: new Date(now) },
    });
    expect(await repo.count("tokens")).toBe(0);
  });

  test("two answers for one new user make one account", async () => {
    const results = await Promise.all([identities.enter(club, found()), identities.enter(club, found())]);
    expect(results.map(({ outcome }) => outcome).sort()).toEqual(["known", "registered"]);
    expect(await repo.count("users")).toBe(1);
  });

  test("a user connects an identity, and it enters their account", async () => {
    const user = await users(repo).insert();
    await identities.connect(user, { issuer: club.issuer, subject: "7" });
    await identities.connect(user, { issuer: club.issuer, subject: "7" });
    expect(told).toEqual(["You can log in by The club now"]);
    expect(await identities.connections(user)).toMatchObject([{ title: "The club", issuer: club.issuer }]);
    expect(await entered()).toMatchObject({ id: user.id });
    expect(await repo.all("auditEntries")).toMatchObject([
      { actorId: user.id, action: "identity.connected", details: { provider: "The club" } },
    ]);
  });

  test("an identity of another account is not connected", async () => {
    await entered();
    const user = await users(repo).insert();
    await expect(identities.connect(user, { issuer: club.issuer, subject: "7" })).rejects.toThrow(
      IdentityTaken,
    );
    expect(await identities.connections(user)).toEqual([]);
  });

  test("the last way of logging in stays", async () => {
    const user = await entered();
    const [first] = await identities.connections(user);
    await expect(identities.disconnect(user, first?.id ?? 0)).rejects.toThrow(LastWayIn);
    // A provider that the settings do not have any more is no way in.
    await identities.connect(user, { issuer: "https://gone.example", subject: "7" });
    await expect(identities.disconnect(user, first?.id ?? 0)).rejects.toThrow(LastWayIn);
    expect((await identities.connections(user)).map(({ title }) => title)).toEqual([
      "The club",
      "https://gone.example",
    ]);

    await identities.connect(user, { issuer: guild.issuer, subject: "8" });
    await identities.disconnect(user, first?.id ?? 0);
    expect((await identities.connections(user)).map(({ title }) => title)).not.toContain("The club");
  });

  test("a user with a password disconnects all, and never another user's", async () => {
    const user = await users(repo).insert({ passwordHash: "a hash" });
    await identities.connect(user, { issuer: club.issuer, subject: "7" });
    const other = await entered(guild, found({ email: "grace@example.com" }));
    const [own] = await identities.connections(user);
    const [theirs] = await identities.connections(other);
    told = [];
    await identities.disconnect(user, theirs?.id ?? 0);
    expect(await identities.connections(other)).toHaveLength(1);
    expect(told).toEqual([]);
    await identities.disconnect(user, own?.id ?? 0);
    expect(told).toEqual(["The club was disconnected"]);
    expect(await identities.connections(user)).toEqual([]);
  });
}

describe("identities in memory", () => suite(memory));

describe("identities on PostgreSQL", () => {
  const { repo } = onPglite();
  suite(() => repo);
});
