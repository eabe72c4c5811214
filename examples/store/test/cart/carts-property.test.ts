import fc from "fast-check";
import { expect, test } from "vitest";
import { MAX_QUANTITY } from "../../src/cart/cart.ts";
import { isRefusal } from "../../src/cart/errors.ts";
import { products, users } from "../support/factories.ts";
import { testStore } from "../support/test-store.ts";

const PRODUCTS = 3;
const index = fc.nat(PRODUCTS - 1);
const pieces = fc.integer({ min: 1, max: 25 });
const isUsers = fc.boolean();

/** Actions of customers, and changes of the stock, in any order. */
const steps = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant("add" as const), isUsers, index, pieces }),
    fc.record({ kind: fc.constant("set" as const), isUsers, index, pieces }),
    fc.record({ kind: fc.constant("remove" as const), isUsers, index }),
    fc.record({ kind: fc.constant("stock" as const), index, stock: fc.nat(40) }),
    fc.record({ kind: fc.constant("merge" as const) }),
  ),
  { maxLength: 25 },
);

test("whatever customers do, a cart is as their actions that were not refused have left it", async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (steps) => {
      const { store, repo } = testStore();
      const { carts } = store;
      const user = { userId: (await users(repo).insert()).id };
      const visitor = { cartId: "a visitor's" };
      const ids: number[] = [];
      for (let count = 0; count < PRODUCTS; count++)
        ids.push((await products(repo).insert({ stock: 10 })).id);
      const idOf = (index: number) => ids[index] as number;
      const stock = new Map(ids.map((id) => [id, 10]));
      const expected = { user: new Map<number, number>(), visitor: new Map<number, number>() };

      for (const step of steps) {
        if (step.kind === "stock") {
          await repo.update("products", idOf(step.index), { stock: step.stock });
          stock.set(idOf(step.index), step.stock);
          continue;
        }
        if (step.kind === "merge") {
          await carts.merge(visitor.cartId, user.userId);
          for (const [id, quantity] of expected.visitor) {
            const limit = Math.min(MAX_QUANTITY, Math.max(1, stock.get(id) ?? 0));
            expected.user.set(id, Math.min(limit, quantity + (expected.user.get(id) ?? 0)));
          }
          expected.visitor.clear();
          continue;
        }
        const owner = step.isUsers ? user : visitor;
        const lines = step.isUsers ? expected.user : expected.visitor;
        const id = idOf(step.index);
        const before = lines.get(id);
        if (step.kind === "remove") {
          expect((await carts.remove(owner, id))?.quantity).toBe(before);
          lines.delete(id);
          continue;
        }
        const after = step.kind === "add" ? (before ?? 0) + step.pieces : step.pieces;
        const act =
          step.kind === "add" ? carts.add(owner, id, step.pieces) : carts.setQuantity(owner, id, step.pieces);
        const isRefused = await act.then(() => false, isRefusal);
        expect(isRefused).toBe(after > Math.min(MAX_QUANTITY, stock.get(id) ?? 0));
        if (!isRefused && (step.kind === "add" || before !== undefined)) lines.set(id, after);
      }

      for (const [owner, lines] of [
        [user, expected.user],
        [visitor, expected.visitor],
      ] as const) {
        const cart = await carts.of(owner);
        expect(new Map(cart.items.map(({ product, quantity }) => [product.id, quantity]))).toEqual(lines);
        expect(cart.total).toBe(
          cart.items.reduce((sum, { product, quantity }) => sum + product.price * quantity, 0),
        );
        expect(cart.canCheckOut).toBe(
          lines.size > 0 && [...lines].every(([id, quantity]) => quantity <= (stock.get(id) ?? 0)),
        );
      }
    }),
    { numRuns: 60 },
  );
});
