/** Refusals of a cart. */

/** There are not as many pieces as asked for. */
export class OutOfStock extends Error {
  override readonly name = "OutOfStock";
  readonly code = "out_of_stock";
  readonly productId: number;
  /** Pieces that are there. */
  readonly stock: number;

  constructor(product: { readonly id: number; readonly name: string; readonly stock: number }) {
    const { id, name, stock } = product;
    super(stock > 0 ? `Only ${stock} of ${name} left.` : `${name} is sold out.`);
    this.productId = id;
    this.stock = stock;
  }
}

/** A cart holds 1 to 20 pieces of a product. */
export class QuantityLimit extends Error {
  override readonly name = "QuantityLimit";
  readonly code = "quantity_limit";
}

export type CartRefusal = OutOfStock | QuantityLimit;

/** Tells if the message of an error is for the owner of the cart. */
export const isRefusal = (error: unknown): error is CartRefusal =>
  error instanceof OutOfStock || error instanceof QuantityLimit;
