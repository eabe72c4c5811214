/** Types: what an author of factories is told before anything runs. Checked by `npm run types`, never run. */
import { expectTypeOf } from "vitest";
import { factory, type LiveDriver, type StringParams, sequence, type Visitor } from "../index.ts";

interface User {
  readonly name: string;
  age?: number;
  greet?: (to: string) => string;
}

const users = factory<User>(({ sequence, params }) => {
  expectTypeOf(params.name).toEqualTypeOf<string | undefined>();
  expectTypeOf(sequence()).toEqualTypeOf<number>();
  return { name: sequence("name"), age: (user) => user.name.length };
});

expectTypeOf(users.build({ name: "Ann" })).toEqualTypeOf<User>();
expectTypeOf(users.buildPair()).toEqualTypeOf<[User, User]>();
expectTypeOf(users.buildList(2, { age: (user) => user.name.length })).toEqualTypeOf<User[]>();
expectTypeOf(users.insert()).toEqualTypeOf<Promise<User>>();
expectTypeOf(users.params()).toEqualTypeOf<Partial<User>>();
users.build({ greet: () => (to: string) => to });
users.insertList(5, { name: "Ann" }, { prefix: "other" });

// @ts-expect-error no such attribute
users.build({ nme: "Ann" });
// @ts-expect-error another type
users.insert({ name: 7 });
// @ts-expect-error another result of a late attribute
users.buildList(2, { age: () => "7" });
// @ts-expect-error a function is given by another, as it would be called late
users.build({ greet: (to: string) => to });
// @ts-expect-error no such attribute
users.derive({ nme: "Ann" });
// @ts-expect-error no such attribute
users.trait("banned", { status: "banned" });
// @ts-expect-error an attribute is missing
factory<User>(() => ({ age: 7 }));
// @ts-expect-error another type
factory<User>(() => ({ name: 7 }));

const traits = users.trait("old", { age: 90 }).trait("named", (name: string) => ({ name }));
expectTypeOf(traits.old().named("Ann").build()).toEqualTypeOf<User>();
// @ts-expect-error no such trait
traits.young();
// @ts-expect-error another argument
traits.named(7);
// @ts-expect-error a factory's own name
users.trait("build", {});

const json = users.strategy("toJson", (user) => JSON.stringify(user));
expectTypeOf(json.toJson({ name: "Ann" })).toEqualTypeOf<string>();
expectTypeOf(json.toJsonPair()).toEqualTypeOf<[string, string]>();
expectTypeOf(json.toJsonList(2)).toEqualTypeOf<string[]>();
// @ts-expect-error no such attribute
json.toJson({ nme: "Ann" });

const rows = users.insertWith(async (user, _options?: { prefix: string }) => [{ ...user, id: 1 }]);
expectTypeOf((await rows.insert()).id).toEqualTypeOf<number>();
// @ts-expect-error other options
rows.insert({}, { prefx: "x" });

const inferred = factory(({ sequence }) => ({ n: sequence("n", (n) => n), late: () => "x" }));
expectTypeOf(inferred.build({ n: 1 }).n).toEqualTypeOf<number>();
export const late: string = inferred.build({ late: "x" }).late;
// @ts-expect-error no such attribute
inferred.build({ m: 1 });

const rooms = factory<string, { floor: number }>(({ params }) => `${params.floor}`, { merge: false });
expectTypeOf(rooms.build({ floor: 5 })).toEqualTypeOf<string>();
// @ts-expect-error another type
rooms.build({ floor: "5" });
expectTypeOf(sequence("role", ["admin", "user"])).toEqualTypeOf<"admin" | "user">();

interface Article {
  title: string;
  pages?: number | undefined;
  isFree: boolean | null;
  publishedOn: Date;
  kind: "story" | "report";
  tags: string[];
  lines: { text: string; count: bigint }[];
  author: { name: string; articles?: Article[] };
}
declare const view: LiveDriver;
declare const visitor: Visitor;
const articles = factory<Article>(() => ({}) as never);
const params = articles.stringParams({ title: "Hello" });
expectTypeOf(params.title).toEqualTypeOf<string | undefined>();
expectTypeOf(params.publishedOn).toEqualTypeOf<string | undefined>();
expectTypeOf(params.tags).toEqualTypeOf<readonly string[] | undefined>();
expectTypeOf(params.lines?.[0]?.count).toEqualTypeOf<string | undefined>();
view.form("#article", params);
view.form("#article", { article: { ...params, title: "Bye" } });
visitor.post("/articles", { form: params });
export const strings: StringParams = params;
const withKeys = await articles.stringParamsWithAssociations();
expectTypeOf(withKeys.authorId).toEqualTypeOf<string | undefined>();
view.form("#article", withKeys);

const pictures = factory<{ title: string; picture: File }>(() => ({}) as never);
visitor.post("/pictures", { form: pictures.stringParams() });
// @ts-expect-error a form of a page is filled with texts: files go by view.fileInput
view.form("#picture", pictures.stringParams());
// @ts-expect-error no such attribute
void params.titel;
