/** Factories: objects for tests, built and saved with the attributes that matter to a test. */
import { Factory as FisheryFactory } from "fishery";
import {
  type AttributeMap,
  evaluateLate,
  isObject,
  isPlain,
  mergeAttributes,
  paramsOf,
  stringsOf,
} from "./attributes.ts";
import { FactoryError } from "./factory-error.ts";
import { originOf, register } from "./origins.ts";
import { noInsert, rowOf, saveBelongings, saveBuilt } from "./save.ts";
import { type SequenceOf, sequence, sequenceRound } from "./sequence.ts";
import type { Attributes, Evaluated, Factory, FactoryTools, Given, Insert, InsertedRow } from "./types.ts";

export interface FactoryOptions<I> {
  /** Saves an object. What it belongs to is saved before. */
  readonly insert?: I;
  /** False for a factory that takes its attributes over: they are its `params`, and nothing is merged or evaluated. */
  readonly merge?: boolean;
}

type Awaitable<T> = T | PromiseLike<T>;
type OwnInsert<T> = Insert<T, Awaitable<T | readonly T[] | undefined | void>, object>;

/** The value in a class's instance, which fishery neither copies nor merges: associations stay the objects that they are. */
class Box {
  value: unknown;
  readonly given: ReadonlySet<PropertyKey>;
  constructor(value: unknown, given: ReadonlySet<PropertyKey>) {
    this.value = value;
    this.given = given;
  }
}

/** Data of a build, by fishery's transient params. */
interface Order {
  readonly attributes: AttributeMap;
  /** Names of those that derived factories do not hold. */
  readonly given: ReadonlySet<PropertyKey>;
  readonly insert: Insert<never> | undefined;
}

type Run = (...args: unknown[]) => unknown;
type Definition = (tools: never) => unknown;

interface Setup {
  readonly fishery: FisheryFactory<Box, Order>;
  /** The round in which the factory's own numbers began. */
  readonly numbers: { round: number };
  readonly order: Order;
  readonly traits: ReadonlyMap<string, object | Run>;
  readonly strategies: ReadonlyMap<string, Run>;
}

const isLate = (value: unknown) => typeof value === "function";
const withoutLate = (attributes: AttributeMap) =>
  Object.fromEntries(Object.entries(attributes).filter(([, value]) => !isLate(value)));

function buildBox(define: Definition, merges: boolean, own: number, order: Order): Box {
  const { attributes, given, insert } = order;
  const numbered = (...args: unknown[]) => (args.length > 0 ? sequence(...(args as [string])) : own);
  // Its overloads are those of `sequence`, and the one without a name.
  const tools: FactoryTools<object> = {
    sequence: numbered as SequenceOf,
    params: merges ? withoutLate(attributes) : { ...attributes },
  };
  const box = new Box(define(tools as never), given);
  if (!isObject(box.value)) return box;
  if (merges) mergeAttributes<object>(box.value, attributes);
  register(box.value, insert, given);
  if (merges) evaluateLate(box.value, isPlain(box.value) ? undefined : Object.keys(attributes));
  return box;
}

/** Puts what a function made of a built object in its place, but for given attributes. */
function change(box: Box, run: Run): void {
  const changed = run(box.value);
  if (changed === undefined) return;
  if (!isObject(changed) || !isObject(box.value)) box.value = changed;
  else {
    const entries = Object.entries(changed).filter(([name]) => !box.given.has(name));
    Object.assign(box.value, Object.fromEntries(entries));
  }
}

class BuiltByFishery {
  readonly #setup: Setup;

  constructor(setup: Setup) {
    this.#setup = setup;
    for (const [name, attributes] of setup.traits)
      this.#define(name, (...args) => this.#apply(attributes, args));
    for (const [name, run] of setup.strategies) {
      const one = (attributes?: unknown, options?: unknown) => run(this.build(attributes as object), options);
      this.#define(name, one);
      this.#define(`${name}Pair`, (...args) => [one(...args), one(...args)]);
      this.#define(`${name}List`, (count, ...args) =>
        Array.from({ length: count as number }, () => one(...args)),
      );
    }
  }

  #define(name: string, value: Run): void {
    if (name in this) throw new FactoryError(`The factory has a method ${name}. Choose another name.`);
    Object.defineProperty(this, name, { value });
  }

  #with(changes: Partial<Setup>): BuiltByFishery {
    return new BuiltByFishery({ ...this.#setup, ...changes });
  }

  #orderOf(attributes: object, areGiven = true): Order {
    const { order } = this.#setup;
    const given = areGiven ? new Set([...order.given, ...Object.keys(attributes)]) : order.given;
    return { ...order, attributes: { ...order.attributes, ...attributes }, given };
  }

  #apply(attributes: object | Run, args: unknown[]): BuiltByFishery {
    return this.#with({
      order: this.#orderOf(typeof attributes === "function" ? (attributes(...args) as object) : attributes),
    });
  }

  build(attributes: object = {}): unknown {
    return this.buildList(1, attributes)[0];
  }

  buildPair(attributes?: object): unknown[] {
    return this.buildList(2, attributes);
  }

  buildList(count: number, attributes: object = {}): unknown[] {
    const { fishery, numbers } = this.#setup;
    if (numbers.round !== sequenceRound()) fishery.rewindSequence();
    numbers.round = sequenceRound();
    const transient = this.#orderOf(attributes);
    return fishery.buildList(count, {}, { transient }).map(({ value }) => value);
  }

  async insert(attributes?: object, options?: unknown): Promise<unknown> {
    const { insert } = this.#setup.order;
    if (!insert) throw noInsert();
    const built = attributes && originOf(attributes) ? attributes : this.build(attributes);
    if (isObject(built)) return saveBuilt(built, options, insert);
    return rowOf(await insert(built as never, options), built);
  }

  insertPair(attributes?: object, options?: unknown): Promise<unknown[]> {
    return this.insertList(2, attributes, options);
  }

  async insertList(count: number, attributes?: object, options?: unknown): Promise<unknown[]> {
    const rows: unknown[] = [];
    for (let n = 0; n < count; n++) rows.push(await this.insert(attributes, options));
    return rows;
  }

  #buildObject(attributes?: object): object {
    const built = this.build(attributes);
    if (!isObject(built)) throw new FactoryError("The factory builds no object, so it has no params.");
    return built;
  }

  params(attributes?: object): object {
    return paramsOf(this.#buildObject(attributes));
  }

  async paramsWithAssociations(attributes?: object): Promise<object> {
    const built = this.#buildObject(attributes);
    const { foreignKeys, rows } = await saveBelongings(built);
    const params = Object.entries(paramsOf(built)).filter(([name]) => !(name in rows));
    return { ...Object.fromEntries(params), ...foreignKeys };
  }

  stringParams(attributes?: object): object {
    return stringsOf(this.params(attributes));
  }

  async stringParamsWithAssociations(attributes?: object): Promise<object> {
    return stringsOf(await this.paramsWithAssociations(attributes));
  }

  derive(derived: object | Run): BuiltByFishery {
    const { fishery } = this.#setup;
    if (typeof derived !== "function") return this.#with({ order: this.#orderOf(derived, false) });
    return this.#with({ fishery: fishery.afterBuild((box) => change(box, derived as Run)) });
  }

  trait(name: string, attributes: object | Run): BuiltByFishery {
    return this.#with({ traits: new Map([...this.#setup.traits, [name, attributes]]) });
  }

  strategy(name: string, run: Run): BuiltByFishery {
    return this.#with({ strategies: new Map([...this.#setup.strategies, [name, run]]) });
  }

  insertWith(insert: Insert<never>): BuiltByFishery {
    return this.#with({ order: { ...this.#setup.order, insert } });
  }
}

/**
 * Makes a factory of objects for tests.
 * @param define makes all attributes of an object; those that are functions are evaluated late, with the object
 * @example
 * const users = factory<User>(({ sequence }) => ({ name: "Jane", email: sequence("email", (n) => `jane${n}@example.com`) }));
 * const user = users.build({ name: "Ann" });
 */
export function factory<R, I extends Insert<Evaluated<R>>, _Inferred>(
  define: (tools: FactoryTools<Record<string, unknown>>) => R,
  options?: FactoryOptions<I>,
): Factory<Evaluated<R>, InsertedRow<ReturnType<I>, Evaluated<R>>>;
export function factory<T, G extends object>(
  define: (tools: FactoryTools<G>) => T,
  options: FactoryOptions<OwnInsert<T>> & { readonly merge: false },
): Factory<T, T, object, G>;
export function factory<T>(
  define: (tools: FactoryTools<T extends object ? Partial<T> : Given<T>>) => T | Attributes<T>,
  options?: FactoryOptions<OwnInsert<T>>,
): Factory<T, T, object>;
export function factory(define: Definition, { insert, merge = true }: FactoryOptions<unknown> = {}): unknown {
  const fishery = FisheryFactory.define<Box, Order>(({ sequence: own, transientParams }) =>
    // Each build passes all of it.
    buildBox(define, merge, own, transientParams as Order),
  );
  return new BuiltByFishery({
    fishery: fishery as FisheryFactory<Box, Order>,
    numbers: { round: sequenceRound() },
    // Its overloads say the type.
    order: { attributes: {}, given: new Set(), insert: insert as Insert<never> | undefined },
    traits: new Map(),
    strategies: new Map(),
  });
}
