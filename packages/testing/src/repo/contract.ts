/** The contract of a store of rows, against which an application's modules are written. */

declare const parts: unique symbol;
/** A table of a schema in which an insert may omit columns: `Table<User, NewUser>`. */
export interface Table<Row extends object, New extends object> {
  readonly [parts]: { readonly row: Row; readonly new: New };
}

/** Rows of a table as they are read. */
export type RowOf<S, T extends keyof S> = S[T] extends Table<infer Row, object> ? Row : S[T];
type AnyRow<S> = { [T in keyof S]: RowOf<S, T> }[keyof S];
/** Fields of a row that hold rows: they are there if they were preloaded. */
export type AssociationOf<S, Row> = {
  [K in keyof Row]-?: NonNullable<Row[K]> extends AnyRow<S> | readonly AnyRow<S>[] ? K : never;
}[keyof Row] &
  string;
export type ColumnOf<S, Row> = Exclude<keyof Row & string, AssociationOf<S, Row>>;
export type ColumnsOf<S, Row> = Pick<Row, ColumnOf<S, Row>>;
/** Rows as an insert takes them: without associations; a numeric `id` may be omitted. */
export type NewRow<S, T extends keyof S> =
  S[T] extends Table<object, infer New>
    ? New
    : ColumnsOf<S, S[T]> extends infer Row
      ? Row extends { id: number | bigint }
        ? Omit<Row, "id"> & Partial<Pick<Row, "id">>
        : Row
      : never;
/** Values of the key: of `id`, or of the columns of a table without one. */
export type KeyOf<S, T extends keyof S> =
  RowOf<S, T> extends { id: infer Id } ? Id : Extract<RowOf<S, T>[ColumnOf<S, RowOf<S, T>>], Comparable>;
type Changes<S, T extends keyof S> = Partial<Omit<ColumnsOf<S, RowOf<S, T>>, "id">>;

type Comparable = string | number | bigint | boolean | Date;
/** Operators of a condition. As in SQL, `not` and comparisons do not hold for null. */
export type Operators<V> = {
  readonly in?: readonly V[];
  readonly not?: V | null;
} & (V extends boolean ? {} : { readonly gt?: V; readonly gte?: V; readonly lt?: V; readonly lte?: V }) &
  (V extends string ? { readonly like?: string; readonly ilike?: string } : {});
type Condition<V> = [NonNullable<V>] extends [Comparable]
  ? V | Operators<[NonNullable<V>] extends [boolean] ? boolean : NonNullable<V>>
  : Extract<V, null>;
type Conditions<S, Row> = { readonly [C in ColumnOf<S, Row>]?: Condition<Row[C]> };
/** All conditions of an object hold; of a list of objects, those of one. */
export type Where<S, T extends keyof S> = Conditions<S, RowOf<S, T>> | readonly Conditions<S, RowOf<S, T>>[];

type Item<V> = NonNullable<V> extends readonly (infer Row)[] ? Row : NonNullable<V>;
export type Preload<S, Row> = { readonly [K in AssociationOf<S, Row>]?: true | Preload<S, Item<Row[K]>> };
/** A row with the associations that were preloaded. */
export type Loaded<Row, P> = {
  [K in keyof P & keyof Row]-?: P[K] extends true ? Exclude<Row[K], undefined> : LoadedValue<Row[K], P[K]>;
  // Before the row: of two types of a list, its methods are those of the first.
} & Row;
type LoadedValue<V, P> =
  NonNullable<V> extends readonly (infer Row)[]
    ? Loaded<Row, P>[]
    : Loaded<NonNullable<V>, P> | Extract<V, null>;

export interface ReadOptions<P> {
  readonly preload?: P;
}
export interface Query<S, T extends keyof S, P> extends ReadOptions<P> {
  /** Columns in their order of weight. Null is the largest value, as in PostgreSQL. */
  readonly orderBy?: { readonly [C in ColumnOf<S, RowOf<S, T>>]?: "asc" | "desc" };
  readonly limit?: number;
  readonly offset?: number;
}

type Named = (...args: never[]) => unknown;
/** Queries of an application that only a database evaluates, by name. */
export type QueryName<Q> = { [N in keyof Q]-?: Q[N] extends Named ? N : never }[keyof Q] & string;
export type QueryArgs<Q, N extends keyof Q> = Q[N] extends (...args: infer A) => unknown ? A : never;
export type QueryResult<Q, N extends keyof Q> = Q[N] extends (...args: never[]) => infer R
  ? Awaited<R>
  : never;

/** A store of rows. Rows that come out are copies. */
export interface Repo<S, Q = {}> {
  /** @throws `not_unique`, `no_reference` */
  insert<T extends keyof S & string>(table: T, row: NewRow<S, T>): Promise<RowOf<S, T>>;
  /** Inserts all rows or none. */
  insertAll<T extends keyof S & string>(table: T, rows: readonly NewRow<S, T>[]): Promise<RowOf<S, T>[]>;
  /** @returns the row with its changes. @throws `not_found`, and as an insert does */
  update<T extends keyof S & string>(
    table: T,
    key: KeyOf<S, T>,
    changes: Changes<S, T>,
  ): Promise<RowOf<S, T>>;
  /** Changes the rows of a condition, all or none. */
  updateAll<T extends keyof S & string>(
    table: T,
    where: Where<S, T>,
    changes: Changes<S, T>,
  ): Promise<RowOf<S, T>[]>;
  /** @returns the row that was there. @throws `not_found`, `still_referenced` */
  delete<T extends keyof S & string>(table: T, key: KeyOf<S, T>): Promise<RowOf<S, T>>;
  /** Deletes the rows of a condition, all or none. */
  deleteAll<T extends keyof S & string>(table: T, where: Where<S, T>): Promise<RowOf<S, T>[]>;
  get<T extends keyof S & string, const P extends Preload<S, RowOf<S, T>> = {}>(
    table: T,
    key: KeyOf<S, T>,
    options?: ReadOptions<P>,
  ): Promise<Loaded<RowOf<S, T>, P> | undefined>;
  /** @throws `several_rows` if the condition holds for more than one */
  getBy<T extends keyof S & string, const P extends Preload<S, RowOf<S, T>> = {}>(
    table: T,
    where: Where<S, T>,
    options?: ReadOptions<P>,
  ): Promise<Loaded<RowOf<S, T>, P> | undefined>;
  all<T extends keyof S & string, const P extends Preload<S, RowOf<S, T>> = {}>(
    table: T,
    query?: Query<S, T, P>,
  ): Promise<Loaded<RowOf<S, T>, P>[]>;
  /** The rows of a condition. */
  filter<T extends keyof S & string, const P extends Preload<S, RowOf<S, T>> = {}>(
    table: T,
    where: Where<S, T>,
    query?: Query<S, T, P>,
  ): Promise<Loaded<RowOf<S, T>, P>[]>;
  count<T extends keyof S & string>(table: T, where?: Where<S, T>): Promise<number>;
  /**
   * Keeps all that is written in the function, or nothing if it throws. In it every call of this repo belongs to the transaction, in
   * other modules, too; a transaction in a transaction is undone alone.
   */
  transaction<R>(run: (repo: Repo<S, Q>) => R | Promise<R>): Promise<R>;
  /** Runs a query of the application, by its name. @throws `not_evaluated` */
  query<N extends QueryName<Q>>(name: N, ...args: QueryArgs<Q, N>): Promise<QueryResult<Q, N>>;
}

type TableWith<S, Row> = { [U in keyof S]: Row extends RowOf<S, U> ? U : never }[keyof S] & string;
/** A row that the column `by` of this table refers to. */
interface BelongsTo<S, Row, Other> {
  readonly table: TableWith<S, Other>;
  readonly by: ColumnOf<S, Row>;
  /** The fate of this table's row when the other is deleted; by default that is refused. */
  readonly onDelete?: "cascade" | "setNull";
}
/** Rows of another table whose column `by` refers to this row. */
type Has<S, Other> = {
  [U in TableWith<S, Other>]: { readonly table: U; readonly by: ColumnOf<S, RowOf<S, U>> };
}[TableWith<S, Other>];
type ListName<S, Row> = {
  [K in AssociationOf<S, Row>]: NonNullable<Row[K]> extends readonly unknown[] ? K : never;
}[AssociationOf<S, Row>];
type OneName<S, Row> = Exclude<AssociationOf<S, Row>, ListName<S, Row>>;
type None = { readonly [name: string]: never };
/** Associations of a table, by the fields of its rows that hold them. */
export interface Associations<S, Row> {
  readonly belongsTo?: [OneName<S, Row>] extends [never]
    ? None
    : { readonly [K in OneName<S, Row>]?: BelongsTo<S, Row, Item<Row[K]>> };
  readonly hasOne?: [OneName<S, Row>] extends [never]
    ? None
    : { readonly [K in OneName<S, Row>]?: Has<S, Item<Row[K]>> };
  readonly hasMany?: [ListName<S, Row>] extends [never]
    ? None
    : { readonly [K in ListName<S, Row>]?: Has<S, Item<Row[K]>> };
}
