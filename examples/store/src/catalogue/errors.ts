/** Refusals of the catalogue: each message is a sentence for the user. */

/** The stock is another than the one that a count began with. */
export class StockChanged extends Error {
  override readonly name = "StockChanged";
  readonly code = "stock_changed";
  /** Pieces that are there now. */
  readonly stock: number;

  constructor(seen: number, stock: number) {
    super(`The stock has changed from ${seen} to ${stock} meanwhile. Count again, and save once more.`);
    this.stock = stock;
  }
}
