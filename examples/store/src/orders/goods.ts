/** Goods of an order, as pieces of each product. */
import { isDeepStrictEqual } from "node:util";
import type { Address } from "../database/tables.ts";
import { EmptyOrder } from "./errors.ts";

type Lines = readonly { readonly productId: number; readonly quantity: number }[];

const MOST_PIECES = 1_000_000;

/** Pieces of each product. @throws RangeError, EmptyOrder */
export function checkedQuantities(lines: Lines): Map<number, number> {
  for (const { quantity } of lines)
    if (!Number.isInteger(quantity) || quantity < 1 || quantity > MOST_PIECES)
      throw new RangeError(`${quantity} is no number of pieces.`);
  const quantities = quantitiesOf(lines);
  if (quantities.size === 0) throw new EmptyOrder();
  return quantities;
}

interface Sent {
  readonly lines: Lines;
  readonly address: Address;
}

/** Tells if two orders are of the same goods, in whatever lines, to the same address. */
export const isSameOrder = (one: Sent, other: Sent): boolean =>
  isDeepStrictEqual([quantitiesOf(one.lines), one.address], [quantitiesOf(other.lines), other.address]);

function quantitiesOf(lines: Lines): Map<number, number> {
  const quantities = new Map<number, number>();
  for (const { productId, quantity } of lines)
    quantities.set(productId, (quantities.get(productId) ?? 0) + quantity);
  return quantities;
}
