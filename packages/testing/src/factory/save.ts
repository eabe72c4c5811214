/** Saving: an object after those that it is associated with, each once. */
import { type AttributeMap, isObject, isPlain } from "./attributes.ts";
import { FactoryError } from "./factory-error.ts";
import { type Origin, originOf, registerRow } from "./origins.ts";
import type { Insert } from "./types.ts";

/** An object that is saved, for an insert function that saves its associations itself. */
export interface Saving {
  /** Names of the attributes that a test, a trait or a parent gave. */
  readonly given: ReadonlySet<PropertyKey>;
  /** If an object is being saved: this one, or one for which it is. */
  isUnderWay(built: object): boolean;
  /** Saves an association. @param changes attributes that its parent gives it */
  save(built: object, changes?: Record<string, unknown>): Promise<unknown>;
}

/** Saved associations that an object belongs to. */
export interface Belongings {
  readonly foreignKeys: Record<string, unknown>;
  /** Rows, by the names of the associations. */
  readonly rows: Record<string, unknown>;
}

/** An insert function's own way with associations. */
export interface AssociationRules {
  saveBelongings(built: object, saving: Saving): Promise<Belongings>;
  insert(built: object, options: unknown, saving: Saving): Promise<unknown>;
}

const rules = new WeakMap<Insert<never>, AssociationRules>();

/** Gives an insert function its own way with associations, which otherwise are saved first. */
export const setRules = (insert: Insert<never>, own: AssociationRules): void => void rules.set(insert, own);

const savingOf = (origin: Origin, around: readonly object[]): Saving => {
  const path = [...around, origin.built];
  return {
    given: origin.given,
    isUnderWay: (built) => path.includes(built),
    async save(built, changes = {}) {
      const other = originOf(built);
      // One that no factory saves is a part of its parent.
      if (!other?.insert || path.includes(built)) return built;
      if (!other.saved) {
        Object.assign(built, changes);
        for (const name of Object.keys(changes)) other.given.add(name);
      }
      return saveOnce(other, undefined, path);
    },
  };
};

function saveOnce(origin: Origin, options: unknown, around: readonly object[]): Promise<unknown> {
  origin.saved ??= saveNow(origin, options, around).catch((error: unknown) => {
    // A later attempt may succeed.
    delete origin.saved;
    throw error;
  });
  return origin.saved;
}

async function saveNow(origin: Origin, options: unknown, around: readonly object[]): Promise<unknown> {
  const { built, insert } = origin;
  if (!insert) throw noInsert();
  const saving = savingOf(origin, around);
  const own = rules.get(insert);
  const ready = own ? built : await withRows(built, saving);
  const result = own ? await own.insert(built, options, saving) : await insert(ready as never, options);
  const row = rowOf(result, ready);
  registerRow(row, origin);
  return row;
}

/** The object with rows in place of its associations. An instance of a class stays itself, as it may have private fields. */
async function withRows(built: object, saving: Saving): Promise<object> {
  const ready = (isPlain(built) ? { ...built } : built) as AttributeMap;
  for (const [name, value] of Object.entries(ready)) {
    if (Array.isArray(value)) {
      const rows: unknown[] = [];
      for (const each of value) rows.push(isObject(each) ? await saving.save(each) : each);
      if (rows.some((row, at) => row !== value[at])) ready[name] = rows;
    } else if (isObject(value) && originOf(value)) ready[name] = await saving.save(value);
  }
  return ready;
}

/** The row of an insert function's result, which is nothing or a list with many databases. */
export const rowOf = (result: unknown, built: unknown): unknown => {
  if (Array.isArray(result) && !Array.isArray(built)) return result[0] ?? built;
  return result === undefined ? built : result;
};

/** @throws FactoryError if it is saved already */
export async function saveBuilt(built: object, options: unknown, insert: Insert<never>): Promise<unknown> {
  const origin = originOf(built);
  if (!origin) throw noInsert();
  origin.insert ??= insert;
  if (origin.saved)
    throw new FactoryError(
      "insert() was given an object that is saved already. To save another, build another; to associate it, give it as an attribute.",
    );
  return saveOnce(origin, options, []);
}

/** Saves what an object belongs to, and not itself. */
export async function saveBelongings(built: object): Promise<Belongings> {
  const origin = originOf(built);
  if (!origin) return { foreignKeys: {}, rows: {} };
  const saving = savingOf(origin, []);
  const own = origin.insert && rules.get(origin.insert);
  if (own) return own.saveBelongings(built, saving);
  const rows: Record<string, unknown> = {};
  const foreignKeys: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(built)) {
    if (!isObject(value) || !originOf(value)?.insert) continue;
    const row = await saving.save(value);
    rows[name] = row;
    if (isObject(row) && "id" in row) foreignKeys[`${name}Id`] = row.id;
  }
  return { foreignKeys, rows };
}

export const noInsert = (): FactoryError =>
  new FactoryError(
    "The factory does not know how to save. Give it a function: factory(define, { insert: (built) => … }), or insertWith().",
  );
