/** Fields of a form, read from its schema if that can be read, and otherwise from its values. */
import type { StandardSchemaV1 } from "@standard-schema/spec";

/**
 * `text`, `number`, `boolean`, `any`: a field, by the type of its schema. `array`: a field of several values.
 * `group`: an object. `list`: objects in an order. `unknown`: decided by the view's template.
 */
export type Kind = "text" | "number" | "boolean" | "any" | "array" | "group" | "list" | "unknown";

export interface Shape {
  readonly kind: Kind;
  /** The schema does without it: left empty, it is not there. */
  readonly optional?: boolean | undefined;
  /** Left empty, it is null. */
  readonly nullable?: boolean | undefined;
  /** Shapes of a group's keys. A function, as schemas may hold themselves. */
  readonly keys?: (() => ReadonlyMap<string, Shape>) | undefined;
  /** Shape of the values under other keys, if the group takes them. */
  readonly others?: (() => Shape) | undefined;
  /** Shape of the items of an array or a list. */
  readonly item?: (() => Shape) | undefined;
}

export const unknownShape: Shape = { kind: "unknown" };
const any: Shape = { kind: "any" };

/** No field has the name that would change the prototype of a copy. */
export const isKey = (key: string): boolean => key !== "__proto__";

const once = <T>(make: () => T): (() => T) => {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
};

const isRecord = (value: unknown): value is { readonly [key: string]: unknown } =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const keysOf = (entries: Iterable<readonly [string, () => Shape]>) =>
  once(() => new Map([...entries].filter(([key]) => isKey(key)).map(([key, shape]) => [key, shape()])));

/** Several shapes of which each is possible, or all at once. */
function merge(shapes: readonly Shape[], alternatives: boolean): Shape {
  const [first, ...rest] = shapes;
  if (!first) return any;
  if (rest.length === 0) return first;
  if (!shapes.every(({ kind }) => kind === first.kind)) return any;
  if (first.kind !== "group") {
    return first.kind === "list"
      ? {
          kind: "list",
          item: once(() =>
            merge(
              shapes.map(({ item }) => item?.() ?? any),
              alternatives,
            ),
          ),
        }
      : { ...first, optional: shapes.some(({ optional }) => optional) };
  }
  const others = shapes.find((shape) => shape.others)?.others;
  const keys = once(() => {
    const all = new Map<string, Shape[]>();
    for (const { keys } of shapes)
      for (const [key, shape] of keys?.() ?? []) all.set(key, [...(all.get(key) ?? []), shape]);
    return new Map(
      [...all].map(([key, each]) => {
        const merged = merge(each, alternatives);
        const missing = alternatives && each.length < shapes.length;
        return [key, missing ? { ...merged, optional: true } : merged];
      }),
    );
  });
  return { kind: "group", keys, others };
}

const arrayOf = (item: () => Shape): Shape => {
  const { kind } = item();
  return { kind: kind === "group" ? "list" : "array", item };
};

const typeKinds: { readonly [type: string]: Kind } = {
  string: "text",
  number: "number",
  integer: "number",
  boolean: "boolean",
};

const kindOfValues = (values: readonly unknown[]): Kind => {
  const kinds = new Set(values.map((value) => typeKinds[typeof value] ?? "any"));
  return kinds.size === 1 ? ([...kinds][0] as Kind) : "any";
};

/** Reads JSON Schema. Unknown parts are `any`. */
function ofJsonSchema(schema: unknown, root: unknown, depth = 0): Shape {
  // A reference may lead to itself.
  if (!isRecord(schema) || depth > 50) return any;
  const read = (each: unknown) => ofJsonSchema(each, root, depth + 1);
  if (typeof schema.$ref === "string") {
    const path = schema.$ref.split("/").slice(1);
    return read(path.reduce<unknown>((at, key) => (isRecord(at) ? at[decodePointer(key)] : undefined), root));
  }
  const choices = schema.anyOf ?? schema.oneOf;
  if (Array.isArray(choices)) {
    const rest = choices.filter((each) => !isRecord(each) || each.type !== "null");
    const shape = merge(rest.map(read), true);
    return rest.length < choices.length ? { ...shape, nullable: true } : shape;
  }
  if (Array.isArray(schema.allOf)) return merge(schema.allOf.map(read), false);
  if (Array.isArray(schema.type)) {
    const rest = schema.type.filter((type) => type !== "null");
    const shape = rest.length === 1 ? read({ ...schema, type: rest[0] }) : any;
    return rest.length < schema.type.length ? { ...shape, nullable: true } : shape;
  }
  if (schema.type === "object") {
    const { properties = {}, required, additionalProperties: more } = schema;
    const entries = Object.entries(properties as object);
    const isRequired = (key: string) => Array.isArray(required) && required.includes(key);
    const isOpen = entries.length === 0 || (isRecord(more) && Object.keys(more).length > 0);
    return {
      kind: "group",
      keys: keysOf(
        entries.map(([key, each]) => [
          key,
          () => (isRequired(key) ? read(each) : { ...read(each), optional: true }),
        ]),
      ),
      others: isOpen && more !== false ? once(() => read(more)) : undefined,
    };
  }
  if (schema.type === "array") return arrayOf(once(() => read(schema.items)));
  if (typeof schema.type === "string") return { kind: typeKinds[schema.type] ?? "any" };
  if ("const" in schema) return { kind: kindOfValues([schema.const]) };
  if (Array.isArray(schema.enum)) return { kind: kindOfValues(schema.enum) };
  return any;
}

const decodePointer = (key: string) => key.replaceAll("~1", "/").replaceAll("~0", "~");

/** Reads a schema of valibot, which is data: its parts are its properties. */
function ofValibot(schema: unknown, depth = 0): Shape {
  if (!isRecord(schema) || depth > 50) return any;
  const read = (each: unknown) => ofValibot(each, depth + 1);
  const { type, entries, item, wrapped, options } = schema;
  if (wrapped) {
    const inner = read(wrapped);
    const optional = /^(optional|exact_optional|nullish|undefinedable)$/.test(String(type));
    const nullable = /^(nullable|nullish)$/.test(String(type));
    const isNon = String(type).startsWith("non_");
    return {
      ...inner,
      optional: optional || (!isNon && inner.optional),
      nullable: nullable || (!isNon && inner.nullable),
    };
  }
  if (isRecord(entries)) {
    const all = Object.entries(entries).map(([key, each]) => [key, () => read(each)] as const);
    const { rest } = schema;
    return { kind: "group", keys: keysOf(all), others: rest ? once(() => read(rest)) : undefined };
  }
  if (type === "record") return { kind: "group", keys: keysOf([]), others: once(() => read(schema.value)) };
  if (type === "array") return arrayOf(once(() => read(item)));
  if (type === "lazy" && typeof schema.getter === "function") return read(schema.getter(undefined));
  if (type === "literal") return { kind: kindOfValues([schema.literal]) };
  if (Array.isArray(options)) {
    if (type === "picklist" || type === "enum") return { kind: kindOfValues(options) };
    return merge(options.map(read), type !== "intersect");
  }
  return { kind: typeKinds[String(type)] ?? "any" };
}

/** A shape from values: the present ones, and others that the template shows. */
export function shapeOfValue(value: unknown): Shape {
  if (Array.isArray(value)) {
    if (value.length === 0) return unknownShape;
    if (!value.every(isPlain)) return { kind: "array", item: once(() => ({ kind: kindOfValues(value) })) };
    return { kind: "list", item: once(() => merge(value.map(shapeOfValue), true)) };
  }
  if (isPlain(value)) {
    return {
      kind: "group",
      keys: keysOf(Object.entries(value).map(([key, each]) => [key, () => shapeOfValue(each)])),
      others: undefined,
    };
  }
  if (value === undefined || value === null) return unknownShape;
  return { kind: typeKinds[typeof value] ?? "any" };
}

/** An object of values, as opposed to a value that is an object, such as a Date. */
export function isPlain(value: unknown): value is { readonly [key: string]: unknown } {
  if (!isRecord(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

interface JsonSchemaProps {
  readonly jsonSchema?: { input?(options: object): object };
}

const known = new WeakMap<StandardSchemaV1, Shape | undefined>();

/**
 * The shape of a schema's input, undefined if the schema does not expose it. A schema exposes it by Standard
 * JSON Schema, as those of zod and arktype do. Every mount of a view asks, and is told the same.
 */
export function shapeOfSchema(schema: StandardSchemaV1): Shape | undefined {
  if (!known.has(schema)) {
    const shape = schema["~standard"].vendor === "valibot" ? ofValibot(schema) : ofStandard(schema);
    known.set(schema, shape?.kind === "group" ? shape : undefined);
  }
  return known.get(schema);
}

function ofStandard(schema: StandardSchemaV1): Shape | undefined {
  const { jsonSchema } = schema["~standard"] as JsonSchemaProps;
  try {
    const json = jsonSchema?.input?.({
      target: "draft-2020-12",
      // zod is asked to give `{}` for a date and the like, rather than to throw.
      libraryOptions: { unrepresentable: "any" },
    });
    return json && ofJsonSchema(json, json);
  } catch {
    // The values and the template tell what JSON Schema cannot.
    return undefined;
  }
}
