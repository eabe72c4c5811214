/** Types of factories: what is told of them before anything runs. */
import type { AnyFunction } from "../double/contract.ts";
import type { SequenceOf } from "./sequence.ts";

/** A value, or a function of the object built that is called late. Functions themselves are given by such a function. */
export type Attribute<V, T> = Exclude<V, AnyFunction> | ((built: T) => V);

/** All attributes of an object, as a factory defines them. */
export type Attributes<T> = { [K in keyof T]: Attribute<T[K], T> };

/** Attributes that a test gives. What is no object has none of its own. */
export type Given<T> = T extends object
  ? { [K in keyof T]?: Attribute<T[K], T> }
  : { [name: string]: unknown };

/** Values of an object whose late attributes are evaluated. */
export type Evaluated<R> = { [K in keyof R]: R[K] extends (built: never) => infer V ? V : R[K] };

/** Tools of the function that defines a factory. */
export interface FactoryTools<P> {
  /** Numbers and values by a name, all objects of which have others. Without a name: the object's number in its factory, from 1. */
  readonly sequence: SequenceOf;
  /** Attributes that were given. Late ones are there only for a factory that takes them over. */
  readonly params: Readonly<P>;
}

/** A function that saves an object. It may return nothing, the row, or a list of one row. */
export type Insert<T, R = unknown, O = unknown> = { call(built: T, options?: O): R }["call"];

/** Result of `insert()`, by the result of its function. */
export type InsertedRow<R, T> =
  Awaited<R> extends readonly (infer Saved)[]
    ? Saved
    : unknown extends Awaited<R>
      ? T
      : [Awaited<R>] extends [undefined | void]
        ? T
        : Exclude<Awaited<R>, undefined>;

/** A value as a form sends it. */
export type StringParam = string | Blob | readonly StringParam[] | StringParams;
/** Values as a form sends them, by their names: the content of `request(app).post(path, { form })`. */
export interface StringParams {
  readonly [name: string]: StringParam;
}

/** Attributes of an object as a form sends them: for `view.form`, and without files nothing but texts. */
export type StringParamsOf<T> = { readonly [K in keyof T]?: StringParamOf<T[K]> };
type StringParamOf<V> = unknown extends V
  ? StringParam
  : V extends Blob
    ? V
    : V extends Date | AnyFunction
      ? string
      : V extends readonly (infer Item)[]
        ? readonly StringParamOf<Item>[]
        : V extends object
          ? StringParamsOf<V>
          : string;
/** The same, with the foreign keys of what was saved. */
export type StringParamsWithForeignKeys<T> = StringParamsOf<T> & {
  readonly [K in keyof T & string as `${K}Id`]?: string;
};

/** Attributes for the database: with the foreign keys of what was saved. */
export type WithForeignKeys<T> = Partial<T> & { [K in keyof T & string as `${K}Id`]?: unknown };

type Args = readonly unknown[];
type NoNames = Record<never, never>;

interface Methods<T, S, O, G, Traits, Strategies> {
  /** Builds an object; attributes take the place of the factory's. */
  build(attributes?: G | T): T;
  /** Builds two. */
  buildPair(attributes?: G | T): [T, T];
  buildList(count: number, attributes?: G | T): T[];
  /**
   * Saves an object that is built, by `build` or now, and what it is associated with.
   * @param options are for the function that saves it
   * @throws FactoryError if it is saved already, or the factory has no such function
   */
  insert(attributes?: G | T, options?: O): Promise<S>;
  /** Saves two, one after the other. */
  insertPair(attributes?: G | T, options?: O): Promise<[S, S]>;
  insertList(count: number, attributes?: G | T, options?: O): Promise<S[]>;
  /** Attributes as a plain object: without undefined ones, and without what another factory would save first. */
  params(attributes?: G | T): Partial<T>;
  /** The same, with the foreign keys of what the object belongs to, which is saved. */
  paramsWithAssociations(attributes?: G | T): Promise<WithForeignKeys<T>>;
  /** The attributes of `params` as a form sends them. */
  stringParams(attributes?: G | T): StringParamsOf<T>;
  stringParamsWithAssociations(attributes?: G | T): Promise<StringParamsWithForeignKeys<T>>;
  /** @returns a factory with other attributes, or with those that a function makes of the built object. Given ones win. */
  derive(change: G | ((built: T) => Partial<T> | void)): Factory<T, S, O, G, Traits, Strategies>;
  /**
   * @returns a factory with a method that returns one whose objects have these attributes
   * @example users.trait("banned", { status: "banned" }).banned().build()
   */
  trait<N extends string, A extends Args = []>(
    name: N & FreeName<N, Traits, Strategies>,
    attributes: G | ((...args: A) => G),
  ): Factory<T, S, O, G, Traits & Record<N, A>, Strategies>;
  /**
   * @returns a factory with methods that build an object and return what a function makes of it: for one, a pair and a list
   * @example users.strategy("toJson", (user) => JSON.stringify(user)).toJsonList(3)
   */
  strategy<N extends string, R, P = unknown>(
    name: N & FreeName<N, Traits, Strategies>,
    run: (built: T, options?: P) => R,
  ): Factory<T, S, O, G, Traits, Strategies & Record<N, [result: R, options: P]>>;
  /** @returns a factory that saves by this function. */
  insertWith<R, P = unknown>(
    insert: Insert<T, R, P>,
  ): Factory<T, InsertedRow<R, T>, P, G, Traits, Strategies>;
}

/** Names of a factory's own methods, which a trait or strategy would hide. */
export type OwnName = keyof Methods<unknown, unknown, unknown, unknown, unknown, unknown>;
type FreeName<N, Traits, Strategies> = N extends OwnName | keyof Traits | keyof Strategies ? never : unknown;

type TraitMethods<T, S, O, G, Traits, Strategies> = {
  readonly [N in keyof Traits]: Traits[N] extends Args
    ? (...args: Traits[N]) => Factory<T, S, O, G, Traits, Strategies>
    : never;
};

type StrategyMethods<T, G, Strategies> = {
  readonly [N in keyof Strategies]: Strategies[N] extends [infer R, infer P]
    ? (attributes?: G | T, options?: P) => R
    : never;
} & {
  readonly [N in keyof Strategies & string as `${N}Pair`]: Strategies[N] extends [infer R, infer P]
    ? (attributes?: G | T, options?: P) => [R, R]
    : never;
} & {
  readonly [N in keyof Strategies & string as `${N}List`]: Strategies[N] extends [infer R, infer P]
    ? (count: number, attributes?: G | T, options?: P) => R[]
    : never;
};

/** A factory: `T` is what it builds, `S` what `insert` gives, `O` the options of that, `G` the attributes that it is given. */
export type Factory<T, S = T, O = unknown, G = Given<T>, Traits = NoNames, Strategies = NoNames> = Methods<
  T,
  S,
  O,
  G,
  Traits,
  Strategies
> &
  TraitMethods<T, S, O, G, Traits, Strategies> &
  StrategyMethods<T, G, Strategies>;
