/** Conditions and orders, evaluated as PostgreSQL does; texts are compared by their code units. */
import { type AnyOf, operatorsOf, type Selection } from "./base-repo.ts";
import type { Row } from "./rows.ts";

const plain = (value: unknown) => (value instanceof Date ? value.getTime() : value);

/** @returns less than 0 if the first is less; NaN if one is null, as nothing is known of it then */
function compare(a: unknown, b: unknown): number {
  // Columns have one type, so what is compared has it on both sides.
  const [left, right] = [plain(a) as number, plain(b) as number];
  if (left == null || right == null) return Number.NaN;
  return left < right ? -1 : left > right ? 1 : 0;
}

function isLike(text: unknown, pattern: unknown, flags: string): boolean {
  const source = String(pattern).replace(/\\?[\s\S]/g, (part) => {
    if (part === "%") return ".*";
    if (part === "_") return ".";
    return part.slice(-1).replace(/[\\^$.*+?()[\]{}|]/, "\\$&");
  });
  return text != null && new RegExp(`^${source}$`, flags).test(String(text));
}

const TESTS: { readonly [operator: string]: (value: unknown, operand: unknown) => boolean } = {
  equal: (value, operand) => (operand === null ? value == null : compare(value, operand) === 0),
  not: (value, operand) => (operand === null ? value != null : Math.abs(compare(value, operand)) === 1),
  in: (value, operand) => (operand as unknown[]).some((each) => compare(value, each) === 0),
  gt: (value, operand) => compare(value, operand) > 0,
  gte: (value, operand) => compare(value, operand) >= 0,
  lt: (value, operand) => compare(value, operand) < 0,
  lte: (value, operand) => compare(value, operand) <= 0,
  like: (value, operand) => isLike(value, operand, "s"),
  ilike: (value, operand) => isLike(value, operand, "is"),
};

/** @returns a function that tells if one of the conditions holds for a row */
export function matcher(where: AnyOf): (row: Row) => boolean {
  const all = where.map((conditions) =>
    Object.entries(conditions).flatMap(([column, condition]) =>
      operatorsOf(condition).map(([operator, operand]) => ({ column, test: TESTS[operator], operand })),
    ),
  );
  return (row) =>
    all.some((tests) => tests.every(({ column, test, operand }) => test?.(row[column], operand)));
}

/** Sorts rows, which keep their order if none is given, and takes those that are asked for. */
export function takeRows(rows: Row[], { orderBy = {}, offset = 0, limit }: Selection): Row[] {
  const orders = Object.entries(orderBy).filter(([, direction]) => direction);
  const order = (a: Row, b: Row) => {
    for (const [column, direction] of orders) {
      const [left, right] = [a[column], b[column]];
      const difference = compare(left, right) || Number(left == null) - Number(right == null);
      if (difference) return direction === "desc" ? -difference : difference;
    }
    return 0;
  };
  const sorted = orders.length > 0 ? rows.sort(order) : rows;
  return sorted.slice(offset, limit === undefined ? undefined : offset + limit);
}
