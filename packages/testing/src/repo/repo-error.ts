/** Refusals of a repo, and their codes. */
export type RepoErrorCode =
  | "not_unique"
  | "no_reference"
  | "still_referenced"
  | "not_found"
  | "several_rows"
  | "not_evaluated"
  | "transaction_failed";

export interface RepoErrorDetails {
  readonly table?: string;
  /** Columns of a constraint. */
  readonly columns?: readonly string[];
  readonly cause?: unknown;
}

/** A refusal of a repo. It has the same code in every implementation. */
export class RepoError extends Error {
  override readonly name = "RepoError";
  readonly code: RepoErrorCode;
  readonly table: string | undefined;
  readonly columns: readonly string[];

  constructor(code: RepoErrorCode, message: string, { table, columns = [], cause }: RepoErrorDetails = {}) {
    super(message, { cause });
    this.code = code;
    this.table = table;
    this.columns = columns;
  }
}
