/** Refusals of accounts. Their messages are sentences for the user. */
export class AccountError extends Error {
  override readonly name = "AccountError";
  readonly code: "link_spent" | "not_allowed" | "own_role" | "not_fresh" | "logged_out";

  constructor(code: AccountError["code"], message: string) {
    super(message);
    this.code = code;
  }
}

/** One error for links that were used, are too old, or never were. */
export const linkSpent = () =>
  new AccountError("link_spent", "This link does not count any more. Ask for another one.");
