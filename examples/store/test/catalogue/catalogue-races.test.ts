/** Products that two nodes change at the same time, over two connections to PostgreSQL. */
import { createPubSub } from "@overwire/server";
import { describePostgres } from "@overwire/test-support/postgres-server";
import { expect, test } from "vitest";
import { memoryCache } from "../../src/cache/memory-cache.ts";
import { Catalogue } from "../../src/catalogue/catalogue.ts";
import { StockChanged } from "../../src/catalogue/errors.ts";
import { memoryPictures } from "../../src/pictures/memory-pictures.ts";
import { draft } from "../support/draft.ts";
import { products } from "../support/factories.ts";
import { twoNodesOnPostgres } from "../support/postgres.ts";

describePostgres("the catalogue on PostgreSQL", () => {
  const databases = twoNodesOnPostgres();
  const nodes = () =>
    databases().map(
      ({ repo }) =>
        new Catalogue({ repo, pubsub: createPubSub(), cache: memoryCache(), pictures: memoryPictures() }),
    );

  test("a count and an order of the same moment: the piece that was ordered is not counted back in", async () => {
    const { repo } = databases()[0]!;
    const [desk, shop] = nodes();
    const left: number[] = [];
    for (let round = 0; round < 60; round++) {
      const { id } = await products(repo).insert({ stock: 10 });
      const count = () => desk!.setStock(id, 40, 10).then(() => undefined);
      const order = () => shop!.changeStock(id, -1).then(() => undefined);
      // Each may be the first, so both outcomes are seen.
      const both = round % 2 === 0 ? [count(), order()] : [order(), count()];
      for (const outcome of await Promise.allSettled(both))
        if (outcome.status === "rejected") expect(outcome.reason).toBeInstanceOf(StockChanged);
      left.push((await repo.get("products", id))?.stock ?? 0);
    }
    expect(new Set(left)).toEqual(new Set([9, 39]));
  });

  test("products of one name that are saved at once all have pages of their own", async () => {
    const saved = await Promise.all(
      Array.from({ length: 20 }, (_, number) => nodes()[number % 2]!.save(draft)),
    );
    const slugs = ["blue-bowl", ...Array.from({ length: 19 }, (_, number) => `blue-bowl-${number + 2}`)];
    expect(saved.map(({ slug }) => slug).sort()).toEqual(slugs.sort());
  });
});
