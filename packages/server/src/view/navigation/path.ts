/** Paths of an app, written by the pattern of their route: missing or misspelt params do not compile. */
import type { PathParams } from "./params.ts";

/** A value for a name in a path. */
export type PathValue = string | number | bigint;

/** A value of a query: nested as in a view's `params`. `null` and `undefined` are left out. */
export type QueryValue =
  | string
  | number
  | bigint
  | boolean
  | null
  | undefined
  | readonly QueryValue[]
  | { readonly [key: string]: QueryValue };

/** A query, by its names. */
export type Query = { readonly [name: string]: QueryValue };

/** `*` at the end of a pattern stands for the rest of a path, slashes included. */
type Wildcard<Pattern extends string> = Pattern extends `${string}/*`
  ? { readonly "*"?: PathValue | undefined }
  : unknown;
type Named<Pattern extends string> = PathParams<Pattern, PathValue> & Wildcard<Pattern>;
/** A name that the pattern does not have is refused, also if the pattern has no names at all. */
type Filled<Pattern extends string> = string extends Pattern
  ? { readonly [name: string]: PathValue | undefined }
  : keyof Named<Pattern> extends never
    ? { readonly [name: string]: never }
    : Named<Pattern>;

/** The params may be left out if none is needed. */
type Arguments<Pattern extends string> =
  {} extends Filled<Pattern>
    ? [params?: Filled<Pattern>, query?: Query]
    : [params: Filled<Pattern>, query?: Query];

const segment = /^:([^{?]+)(?:\{(.+)\})?(\?)?$/;

/**
 * Fills in the pattern of a route.
 * @param pattern as `app.live` takes it: `/posts/:id`, `/posts/:id{[0-9]+}`, `/posts/:id/:tab?`, `/files/*`
 * @param params a value for each name of the pattern; one under `"*"` keeps its slashes, as does one whose
 *   own pattern allows them
 * @param query the part after the question mark, nested if need be: `{ filter: { tag: ["a"] } }`
 * @throws TypeError for a value that would lead elsewhere: an empty one, `.` or `..`, or one its pattern does
 *   not allow
 * @example
 * path("/posts/:id/:tab?", { id: 1 }, { q: "a b" })   // "/posts/1?q=a%20b"
 */
export function path<const Pattern extends string>(pattern: Pattern, ...more: Arguments<Pattern>): string {
  const [params = {}, query] = more as [Record<string, PathValue | undefined>?, Query?];
  const unused = new Set(Object.keys(params));
  const steps: string[] = [];
  const all = split(pattern);
  for (const [at, part] of all.entries()) {
    const [, name, allowed, optional] = segment.exec(part) ?? [];
    const isRest = part === "*" && at === all.length - 1;
    if (name === undefined && !isRest) {
      steps.push(part);
      continue;
    }
    const key = name ?? "*";
    unused.delete(key);
    if (params[key] === undefined && (optional || isRest)) continue;
    steps.push(fill(pattern, key, params[key], isRest ? ".*" : allowed));
  }
  for (const name of unused) {
    throw new TypeError(
      `path("${pattern}") has no :${name}. What follows the question mark is a third argument.`,
    );
  }
  const search = query ? fields(query) : "";
  return `/${steps.join("/")}${search && `?${search}`}`;
}

/** Between slashes, but not those in a `{pattern}`. */
const split = (pattern: string) =>
  pattern.replace(/^\//, "").match(/(?:\{(?:[^{}]|\{[^{}]*\})*\}|[^/{])+|(?<=\/)$/g) ?? [];

function fill(
  pattern: string,
  key: string,
  value: PathValue | undefined,
  allowed: string | undefined,
): string {
  const text = String(value ?? "");
  const keepsSlashes = allowed !== undefined && new RegExp(`^(?:${allowed})$`).test(text);
  const steps = keepsSlashes ? text.split("/") : [text];
  const leads = steps.some((step) => step === "." || step === "..") || (text === "" && allowed !== ".*");
  if (leads || (steps.length > 1 && !steps[0]) || (allowed !== undefined && !keepsSlashes)) {
    throw new TypeError(
      `path("${pattern}") cannot have ${value === undefined || value === null ? value : JSON.stringify(text)} for ${key === "*" ? "*" : `:${key}`}.`,
    );
  }
  return steps.map(encodeURIComponent).join("/");
}

function fields(query: Query): string {
  const pairs: string[] = [];
  const add = (name: string, value: QueryValue): void => {
    if (value === null || value === undefined) return;
    if (Array.isArray(value)) {
      // Without a number those that are left out leave no gap.
      for (const [at, each] of value.entries()) add(`${name}[${typeof each === "object" ? at : ""}]`, each);
    } else if (typeof value === "object") {
      for (const [key, each] of Object.entries(value)) add(`${name}[${encodeURIComponent(key)}]`, each);
    } else pairs.push(`${name}=${encodeURIComponent(String(value))}`);
  };
  for (const [name, value] of Object.entries(query)) add(encodeURIComponent(name), value);
  return pairs.join("&");
}
