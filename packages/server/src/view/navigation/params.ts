/** Types of the params of a route's path and query. */

/** A value from a query string or a form: nested as its brackets say (`user[tags][]=a`). */
export type ParamValue = string | readonly ParamValue[] | { readonly [key: string]: ParamValue };

/** Params as they come from outside. */
export type Params = { readonly [name: string]: ParamValue | undefined };

type ParamName<Segment extends string> = Segment extends `:${infer Name}` ? WithoutPattern<Name> : never;
/** A pattern may hold braces of its own, `:year{[0-9]{4}}`, of which the last is left over. */
type WithoutPattern<Name extends string> = Name extends `${infer Bare}${"{" | "}"}${string}` ? Bare : Name;
type Segments<Path extends string> = Path extends `${infer First}/${infer Rest}`
  ? First | Segments<Rest>
  : Path;
type Names<Path extends string> = ParamName<Segments<WithoutSlashInPattern<Path>>>;
type WithoutSlashInPattern<Path extends string> = Path extends `${infer Before}{${string}}${infer After}`
  ? `${Before}${WithoutSlashInPattern<After>}`
  : Path;
type Optional<Name extends string> = Name extends `${infer Bare}?` ? Bare : never;
type Required<Name extends string> = Name extends `${string}?` ? never : Name;

/** Values for a path: one for each of its names. */
export type PathParams<Path extends string, Value> = {
  readonly [Name in Required<Names<Path>>]: Value;
} & { readonly [Name in Optional<Names<Path>>]?: Value | undefined };

/**
 * The params of a route: those its path names are strings, any other comes from the query string and may be missing.
 * `ParamsOf<"/posts/:id">` is `{ id: string } & Params`. Of several routes they are those of one or another: a name that
 * only some of them have may be missing, or come from the query string.
 */
export type ParamsOf<Path extends string> = string extends Path ? Params : ParamsOfEach<Path>;

type ParamsOfEach<Path extends string> = Path extends unknown
  ? { readonly [Name in Required<Names<Path>>]: string } & {
      readonly [Name in Optional<Names<Path>>]?: string;
    } & Params
  : never;
