/** The contract of a repo: transactions, which are done as a whole or not at all. */
import { expect, test } from "vitest";
import { deferred } from "../deferred.ts";
import { ann, bob, later, names, repo } from "./tested.ts";

export function testTransactions() {
  test("its writes are kept, and read in it", async () => {
    const result = await repo.transaction(async (same) => {
      expect(same).toBe(repo);
      const { id } = await repo.insert("users", ann);
      await later();
      expect(await repo.get("users", id)).toMatchObject(ann);
      return repo.update("users", id, { name: "Anna" });
    });
    expect(result.name).toBe("Anna");
    expect(await names()).toEqual(["Anna"]);
  });

  test("an error undoes the whole", async () => {
    const kept = await repo.insert("users", ann);
    const broken = repo.transaction(async () => {
      await repo.insert("users", bob);
      await repo.update("users", kept.id, { name: "Changed", email: "new@example.com" });
      await later();
      await repo.delete("users", kept.id);
      throw new Error("broken");
    });
    await expect(broken).rejects.toThrow("broken");
    expect(await repo.all("users")).toEqual([kept]);
    await expect(repo.insert("users", { ...bob, email: ann.email })).rejects.toMatchObject({
      code: "not_unique",
    });
    await repo.insert("users", bob);
  });

  test("a transaction in a transaction is undone alone, and with the outer one", async () => {
    await repo.transaction(async () => {
      await repo.insert("users", ann);
      const inner = repo.transaction(async () => {
        await repo.insert("users", bob);
        expect(await names()).toEqual(["Ann", "Bob"]);
        await repo.insert("users", bob);
      });
      await expect(inner).rejects.toMatchObject({ code: "not_unique" });
      expect(await names()).toEqual(["Ann"]);
      await repo.transaction(() => repo.insert("users", { name: "Cy", email: "cy" }));
    });
    expect(await names()).toEqual(["Ann", "Cy"]);
    const outer = repo.transaction(async () => {
      await repo.transaction(() => repo.insert("users", bob));
      throw new Error("broken");
    });
    await expect(outer).rejects.toThrow("broken");
    expect(await names()).toEqual(["Ann", "Cy"]);
  });

  test("a statement that failed undoes the whole, if its error is caught, too", async () => {
    const caught = repo.transaction(async () => {
      await repo.insert("users", ann);
      await repo.insert("users", ann).catch(() => {});
      await expect(repo.count("users")).rejects.toMatchObject({ code: "transaction_failed" });
      await expect(repo.transaction(() => 1)).rejects.toMatchObject({ code: "transaction_failed" });
    });
    await expect(caught).rejects.toMatchObject({
      code: "transaction_failed",
      message: expect.stringMatching(
        /^The transaction is undone, as a statement in it failed: users .*email/,
      ),
      cause: { code: "not_unique" },
    });
    expect(await repo.count("users")).toBe(0);
  });

  test("transactions at the same time do not see each other's half-done work", async () => {
    const seen: number[] = [];
    const insertTwo = async (name: string, isBroken: boolean) => {
      seen.push(await repo.count("users"));
      await repo.insert("users", { name, email: `${name}1` });
      await later();
      await repo.insert("users", { name, email: `${name}2` });
      seen.push(await repo.count("users"));
      if (isBroken) throw new Error("broken");
    };
    const all = [
      repo.transaction(() => insertTwo("a", false)),
      repo.transaction(() => insertTwo("b", true)),
      repo.count("users").then((count) => void seen.push(count)),
      repo.transaction(() => insertTwo("c", false)),
      later().then(async () => void seen.push(await repo.count("users"))),
    ];
    const ends = await Promise.allSettled(all);
    expect(ends.map(({ status }) => status).filter((status) => status === "rejected")).toHaveLength(1);
    expect(seen.filter((count) => count % 2 !== 0)).toEqual([]);
    expect(await names()).toEqual(["a", "a", "c", "c"]);
  });

  test("inner transactions at the same time undo nothing of each other", async () => {
    await repo.transaction(async () => {
      const inner = ["a", "b", "c"].map((name) =>
        repo.transaction(async () => {
          await repo.insert("users", { name, email: name });
          await later();
          if (name === "b") throw new Error("broken");
        }),
      );
      const [, , , other] = await Promise.allSettled([
        ...inner,
        repo.insert("users", { name: "d", email: "d" }),
      ]);
      expect(other?.status).toBe("fulfilled");
    });
    expect(await names()).toEqual(["a", "c", "d"]);
  });

  test("statements that are not awaited are of the transaction, those after its end of none", async () => {
    let after: Promise<unknown> | undefined;
    const end = deferred();
    const broken = repo.transaction(async () => {
      void repo.insert("users", ann);
      after = end.promise.then(() => repo.insert("users", bob));
      throw new Error("broken");
    });
    await expect(broken).rejects.toThrow("broken");
    end.resolve();
    await after;
    expect(await names()).toEqual(["Bob"]);
  });
}
