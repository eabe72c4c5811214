/** The error of factories. */

/** A factory cannot do what a test asks of it; the message says why. */
export class FactoryError extends Error {
  override readonly name = "FactoryError";
  readonly code = "factory_failed";
}
