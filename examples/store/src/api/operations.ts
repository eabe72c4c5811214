/** The operations of a document in the words of its page. */
import type { Document } from "./document.ts";

export interface Operation {
  readonly id: string;
  readonly tag: string;
  readonly method: string;
  readonly path: string;
  readonly summary: string;
  readonly description: string | undefined;
  readonly parameters: readonly Part[];
  readonly body: readonly Part[] | undefined;
  readonly answers: readonly Answer[];
  readonly curl: string;
}

/** A parameter, or a field of a body. */
export interface Part {
  readonly name: string;
  readonly type: string;
  readonly isRequired: boolean;
  readonly meaning: string;
}

export interface Answer {
  readonly status: string;
  readonly description: string;
  /** JSON of an answer that succeeds. */
  readonly example: string | undefined;
}

/** JSON Schema, as far as the store's document has it. */
interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly format?: string;
  readonly description?: string;
  readonly example?: unknown;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
}
interface Body {
  readonly description?: string;
  readonly content?: { readonly "application/json"?: { readonly schema: Schema } };
}
interface Documented {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly summary: string;
  readonly description?: string;
  readonly parameters?: readonly (Schema & {
    readonly name: string;
    readonly in: string;
    readonly required?: boolean;
    readonly schema: Schema;
  })[];
  readonly requestBody?: Body;
  readonly responses: Readonly<Record<string, Body>>;
}

const METHODS = ["get", "post", "patch"] as const;

/** @param base address of the API, for the lines of curl */
export function operationsOf(document: Document, base: string): Operation[] {
  // The types of the document allow all of OpenAPI; ours has JSON bodies and no references but to schemas.
  const schemas = (document.components?.schemas ?? {}) as Readonly<Record<string, Schema>>;
  const resolve = (schema: Schema): Schema => {
    const name = schema.$ref?.split("/").at(-1);
    return name === undefined ? schema : (schemas[name] ?? schema);
  };
  const paths = Object.entries(document.paths ?? {}) as [string, Partial<Record<string, Documented>>][];
  return paths.flatMap(([path, methods]) =>
    METHODS.flatMap((method) => {
      const documented = methods[method];
      return documented ? [operationOf(documented, method.toUpperCase(), path, base, resolve)] : [];
    }),
  );
}

type Resolve = (schema: Schema) => Schema;

function operationOf(
  { operationId, tags, summary, description, parameters = [], requestBody, responses }: Documented,
  method: string,
  path: string,
  base: string,
  resolve: Resolve,
): Operation {
  const sent = schemaOf(requestBody);
  return {
    id: operationId,
    tag: tags[0] ?? "",
    method,
    path,
    summary,
    description,
    parameters: parameters.map(({ name, in: place, required = false, schema }) => ({
      name,
      type: `${typeOf(schema, resolve)}, in the ${place}`,
      isRequired: required,
      meaning: meaningOf(schema),
    })),
    body: sent && partsOf(sent, resolve),
    answers: Object.entries(responses).map(([status, body]) => ({
      status,
      description: body.description ?? "",
      example: status < "300" ? exampleText(schemaOf(body), resolve) : undefined,
    })),
    curl: curlOf(method, base, path, parameters, sent && exampleOf(sent, resolve)),
  };
}

const schemaOf = (body: Body | undefined): Schema | undefined => body?.content?.["application/json"]?.schema;

function partsOf(schema: Schema, resolve: Resolve, prefix = ""): Part[] {
  const { properties = {}, required = [] } = resolve(schema);
  return Object.entries(properties).flatMap(([key, field]) => {
    const resolved = resolve(field);
    const inner = resolved.type === "array" && resolved.items ? resolve(resolved.items) : resolved;
    const name = `${prefix}${key}${resolved.type === "array" ? "[]" : ""}`;
    const own = {
      name,
      type: typeOf(resolved, resolve),
      isRequired: required.includes(key),
      meaning: meaningOf(resolved),
    };
    return inner.properties ? [own, ...partsOf(inner, resolve, `${name}.`)] : [own];
  });
}

function typeOf(schema: Schema, resolve: Resolve): string {
  const { type = "object", items, minimum, maximum, minLength, maxLength } = schema;
  if (schema.enum) return schema.enum.join(" | ");
  if (type === "array" && items) return `list of ${typeOf(resolve(items), resolve)}`;
  const [from, to] = type === "string" ? [minLength, maxLength] : [minimum, maximum];
  if (to !== undefined && Math.abs(to) < Number.MAX_SAFE_INTEGER) return `${type}, ${from ?? 0} to ${to}`;
  return type;
}

const meaningOf = ({ description, default: initial }: Schema): string =>
  [description, initial !== undefined && initial !== "" && `Default: ${String(initial)}.`]
    .filter(Boolean)
    .join(" ");

/** The example of a schema, or one that is made of its parts. */
function exampleOf(schema: Schema, resolve: Resolve): unknown {
  const { example, type, items, properties, enum: values } = resolve(schema);
  if (example !== undefined) return example;
  if (values) return values[0];
  if (type === "array" && items) return [exampleOf(items, resolve)];
  if (properties)
    return Object.fromEntries(
      Object.entries(properties).map(([key, field]) => [key, exampleOf(field, resolve)]),
    );
  return type === "integer" ? 1 : type === "boolean" ? true : "…";
}

const exampleText = (schema: Schema | undefined, resolve: Resolve): string | undefined =>
  schema && JSON.stringify(exampleOf(schema, resolve), undefined, 2);

function curlOf(
  method: string,
  base: string,
  path: string,
  parameters: NonNullable<Documented["parameters"]>,
  body: unknown,
): string {
  const examples = parameters.filter(({ schema }) => schema.example !== undefined);
  const query = examples
    .filter((each) => each.in === "query")
    .map(({ name, schema }) => `${name}=${String(schema.example)}`);
  const filled = path.replace(/\{(\w+)\}/g, (_, name) =>
    String(examples.find((each) => each.name === name)?.schema.example ?? name),
  );
  const headers = examples
    .filter((each) => each.in === "header")
    .map(({ name, schema }) => `-H "${name}: ${String(schema.example)}"`);
  return [
    `curl ${method === "GET" ? "" : `-X ${method} `}"${base}${filled}${query.length > 0 ? `?${query.join("&")}` : ""}"`,
    `-H "authorization: Bearer $TOKEN"`,
    ...headers,
    ...(body === undefined ? [] : [`-H "content-type: application/json"`, `-d '${JSON.stringify(body)}'`]),
  ].join(" \\\n  ");
}
