/** LEFT JOINs: associations that are one row at most come in the statement of the rows that have them. */
import { eq, getTableColumns, type SQL } from "drizzle-orm";
import { alias, getTableConfig, type PgColumn, type PgTable } from "drizzle-orm/pg-core";
import type { Join } from "../repo/preload.ts";
import type { OwnRow } from "../repo/rows.ts";

type Columns = { readonly [name: string]: PgColumn };

/** Columns of which no two rows have the same value, as Drizzle's table says. */
export function uniqueColumns(table: PgTable, columns: Columns, key: string | null): ReadonlySet<string> {
  const { primaryKeys, uniqueConstraints, indexes } = getTableConfig(table);
  const groups: readonly (readonly object[])[] = [
    ...[...primaryKeys, ...uniqueConstraints].map(({ columns }) => columns),
    ...indexes.flatMap(({ config }) => (config.unique && !config.where ? [config.columns] : [])),
  ];
  const names = groups.flatMap(([only, ...others]) =>
    only && "name" in only && others.length === 0 ? [only.name] : [],
  );
  const all = Object.entries(columns).filter(
    ([name, column]) => name === key || column.isUnique || names.includes(column.name),
  );
  return new Set(all.map(([name]) => name));
}

const NUMBERS: readonly string[] = ["number", "bigint"];

/** Tells if PostgreSQL compares two columns, as it does not a text with a uuid. A serial is an integer to it. */
export function areComparable(one: PgColumn | undefined, other: PgColumn | undefined): boolean {
  if (!one || !other || one.dataType !== other.dataType) return false;
  return NUMBERS.includes(one.dataType) || one.getSQLType() === other.getSQLType();
}

/** The parts of a select that reads rows with others joined to them. */
interface JoinPlan {
  readonly fields: { [key: string]: PgColumn };
  readonly joined: { readonly table: PgTable; readonly on: SQL }[];
  /** Makes a row of the values of the fields. */
  readonly rowOf: (values: OwnRow) => OwnRow;
}

/** Plans a select of rows with all that is joined to them. @param tableOf returns Drizzle's table of a name */
export function planJoins(
  columns: Columns,
  joins: readonly Join[],
  tableOf: (name: string) => PgTable,
): JoinPlan {
  if (joins.length === 0) return { fields: { ...columns }, joined: [], rowOf: (values) => values };
  const fields: JoinPlan["fields"] = {};
  const joined: { table: PgTable; on: SQL }[] = [];

  /** @returns a function that makes a row of a table, with its joins. */
  function part(columns: Columns, joins: readonly Join[]): JoinPlan["rowOf"] {
    // Flat, as Drizzle takes an object whose first column is null for a row that is not there.
    const number = joined.length;
    const keys = Object.entries(columns).map(([name, column]) => {
      fields[`${number}.${name}`] = column;
      return [name, `${number}.${name}`] as const;
    });
    const inner = joins.map((join) => {
      const table = alias(tableOf(join.table), `#${joined.length + 1}`);
      const theirs: Columns = getTableColumns(table);
      // Both columns are there: see areComparable.
      joined.push({ table, on: eq(columns[join.own] as PgColumn, theirs[join.other] as PgColumn) });
      return { name: join.name, present: `${joined.length}.${join.other}`, rowOf: part(theirs, join.joins) };
    });
    return (values) => {
      const row: OwnRow = {};
      for (const [name, key] of keys) row[name] = values[key];
      for (const { name, present, rowOf } of inner)
        row[name] = values[present] === null ? null : rowOf(values);
      return row;
    };
  }

  return { fields, joined, rowOf: part(columns, joins) };
}
