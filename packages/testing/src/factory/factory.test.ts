import { beforeEach, describe, expect, test } from "vitest";
import { evaluateLate, type Factory, factory, mergeAttributes, resetSequences, sequence } from "../index.ts";

interface User {
  id?: number;
  name: string;
  email: string;
  role: string;
}
interface Article {
  id?: number;
  title: string;
  slug: string;
  featured?: boolean;
  author: User;
  authorId?: number;
  comments?: Comment[];
}
interface Comment {
  id?: number;
  text: string;
  article?: Article;
}

let saved: { table: string; row: object; options?: object | undefined }[] = [];
beforeEach(() => {
  saved = [];
  resetSequences();
});

const save = (table: string) => ({
  insert: async <T extends object>(row: T, options?: object) => {
    saved.push({ table, row, options });
    return { ...row, id: saved.length };
  },
});

const users = factory<User>(
  ({ sequence, params }) => ({
    name: "Jane",
    email: params.name ? `${params.name}@example.com` : sequence("email", (n) => `jane${n}@example.com`),
    role: sequence("role", ["admin", "user"]),
  }),
  save("users"),
);
const articles = factory<Article>(
  ({ sequence }) => ({
    title: sequence("title"),
    slug: (article) => article.title.toUpperCase(),
    author: () => users.build(),
  }),
  save("articles"),
);
const comments: Factory<Comment, Comment, object> = factory<Comment>(
  () => ({ text: "Great", article: () => articles.build() }),
  save("comments"),
);

describe("build", () => {
  test("takes attributes in the place of the factory's, for one, a pair and a list", () => {
    expect(users.build({ role: "owner" })).toEqual({
      name: "Jane",
      email: "jane0@example.com",
      role: "owner",
    });
    expect(users.buildPair({ name: "Ann" }).map(({ name }) => name)).toEqual(["Ann", "Ann"]);
    expect(users.buildList(3).map(({ email }) => email)).toEqual(
      [1, 2, 3].map((n) => `jane${n}@example.com`),
    );
    expect(users.buildList(0)).toEqual([]);
  });

  test("gives the attributes to the definition, so that others are computed of them", () => {
    expect(users.build({ name: "ann" }).email).toBe("ann@example.com");
  });

  test("builds instances of classes, whose own functions stay", () => {
    class Point {
      x = 1;
      readonly #y = 2;
      double = () => this.x * this.#y;
    }
    const point = factory<Point>(() => new Point()).build({ x: () => 4 });
    expect(point).toBeInstanceOf(Point);
    expect(point.double()).toBe(8);
  });
});

describe("sequences", () => {
  test("count by name, cycle through lists, start anywhere", () => {
    expect([sequence("joe"), sequence("joe")]).toEqual(["joe0", "joe1"]);
    const cycle = () => sequence("size", ["s", "m"]);
    expect([cycle(), cycle(), cycle()]).toEqual(["s", "m", "s"]);
    expect([1, 2].map(() => sequence("n", (n) => n, { start: 10 }))).toEqual([10, 11]);
  });

  test("begin again by resetSequences, all or by name, with the factory's own numbers", () => {
    const numbered = factory<{ id: number }>(({ sequence }) => ({ id: sequence() }));
    expect(numbered.buildPair()).toEqual([{ id: 1 }, { id: 2 }]);
    sequence("a");
    sequence("b");
    resetSequences("a");
    expect([sequence("a"), sequence("b"), numbered.build().id]).toEqual(["a0", "b1", 3]);
    resetSequences();
    expect([sequence("b"), numbered.build().id]).toEqual(["b0", 1]);
  });
});

describe("late attributes", () => {
  test("are evaluated for each object, with the object, in any order", () => {
    const [one, two] = articles.buildPair({
      author: () => users.build(),
      title: (article) => article.author.role,
    });
    expect(one.author).not.toBe(two.author);
    expect([one.slug, two.slug]).toEqual(["ADMIN", "USER"]);
    const ann = users.build();
    expect(articles.buildPair({ author: ann }).map(({ author }) => author === ann)).toEqual([true, true]);
  });

  test("see the object itself", () => {
    const article = articles.build({ comments: (own) => [comments.build({ article: own })] });
    expect(article.comments?.[0]?.article).toBe(article);
  });

  test("fail if they read themselves", () => {
    expect(() => articles.build({ title: (article) => article.slug })).toThrow("title reads itself");
  });
});

describe("insert", () => {
  test("saves associations first, and gives rows in their place", async () => {
    const comment = await comments.insert({ text: "Hi" });
    expect(saved.map(({ table }) => table)).toEqual(["users", "articles", "comments"]);
    expect(comment).toMatchObject({ id: 3, text: "Hi", article: { id: 2, author: { id: 1 } } });
  });

  test("saves an association once, and what is saved no more", async () => {
    const author = users.build();
    const [one, two] = await articles.insertPair({ author });
    expect(one.author).toBe(two.author);
    await articles.insert({ author: one.author });
    expect(saved.map(({ table }) => table)).toEqual(["users", "articles", "articles", "articles"]);
    await expect(users.insert(author)).rejects.toThrow("saved already");
    await expect(users.insert(one.author)).rejects.toThrow("saved already");
  });

  test("saves lists of associations and circles", async () => {
    await articles.insert({ comments: (article) => comments.buildPair({ article }) });
    expect(saved.map(({ table }) => table)).toEqual(["users", "comments", "comments", "articles"]);
  });

  test("passes options on, to each of a list", async () => {
    const list = await users.insertList(3, { name: "ann" }, { prefix: "other" });
    expect(list.map(({ id }) => id)).toEqual([1, 2, 3]);
    expect(saved.map(({ options }) => options)).toEqual(Array(3).fill({ prefix: "other" }));
  });

  test("takes the row of a list, and the object itself of nothing", async () => {
    const rows = users.insertWith(async (user) => [{ ...user, id: 7 }]);
    expect((await rows.insert()).id).toBe(7);
    const nothing = users.insertWith(() => {});
    expect((await nothing.insert()).name).toBe("Jane");
  });

  test("may fail and be done again", async () => {
    let isDown = true;
    const author = users
      .insertWith((user) => {
        if (isDown) throw new Error("down");
        return user;
      })
      .build();
    await expect(articles.insert({ author })).rejects.toThrow("down");
    isDown = false;
    expect((await articles.insert({ author })).author.name).toBe("Jane");
  });

  test("needs a function", async () => {
    await expect(factory<User>(() => users.build()).insert()).rejects.toThrow("does not know how to save");
  });
});

describe("params", () => {
  test("are plain attributes without undefined ones and associations", () => {
    expect(articles.params({ authorId: 5 })).toEqual({ title: "title0", slug: "TITLE0", authorId: 5 });
    expect(saved).toEqual([]);
  });

  test("with associations have their foreign keys", async () => {
    expect(await articles.paramsWithAssociations()).toEqual({ title: "title0", slug: "TITLE0", authorId: 1 });
    expect(saved.map(({ table }) => table)).toEqual(["users"]);
  });

  test("are strings as a form sends them", async () => {
    const form = factory<{ n: number; on: Date; ok: boolean; tags: string[]; none: null }>(() => ({
      n: 1,
      on: new Date(0),
      ok: true,
      tags: ["a"],
      none: null,
    }));
    expect(form.stringParams()).toEqual({
      n: "1",
      on: "1970-01-01T00:00:00.000Z",
      ok: "true",
      tags: ["a"],
      none: "",
    });
    expect(await articles.stringParamsWithAssociations()).toMatchObject({ authorId: "1" });
  });
});

describe("other factories", () => {
  test("are derived by attributes and by functions; given attributes win", () => {
    const featured = articles.derive({ featured: true });
    expect([featured.build().featured, featured.build({ featured: false }).featured]).toEqual([true, false]);
    const shout = users.derive((user) => ({ name: `${user.name}!` }));
    expect([shout.build().name, shout.build({ name: "Ann" }).name]).toEqual(["Jane!", "Ann"]);
    expect(users.build().name).toBe("Jane");
  });

  test("have traits, which combine", () => {
    const own = users.trait("owner", { role: "owner" }).trait("named", (name: string) => ({ name }));
    expect(own.owner().named("Ann").build()).toMatchObject({ role: "owner", name: "Ann" });
    expect(own.owner().build({ role: "x" }).role).toBe("x");
    expect(() => users.trait("build" as string as "banned", {})).toThrow("has a method build");
  });

  test("have strategies for one, a pair and a list", () => {
    const json = users.strategy("toJson", (user, indent?: number) => JSON.stringify(user, null, indent));
    expect(JSON.parse(json.toJson({ name: "Ann" }))).toMatchObject({ name: "Ann" });
    expect(json.toJson({}, 1)).toContain("\n");
    expect([json.toJsonPair().length, json.toJsonList(3).length]).toEqual([2, 3]);
  });
});

describe("factories that take their attributes over", () => {
  test("neither merge nor evaluate, unless they do it themselves", () => {
    const custom = factory<Article>(
      ({ params }) => {
        const built: Article = { title: params.title ?? "default", slug: "", author: users.build() };
        return params.featured ? evaluateLate(mergeAttributes(built, params)) : built;
      },
      { merge: false },
    );
    expect(custom.build({ title: "T", slug: "s" })).toMatchObject({ title: "T", slug: "" });
    expect(custom.build({ featured: true, slug: ({ title }) => title })).toMatchObject({ slug: "default" });
  });

  test("may build what is no object", async () => {
    const rooms = factory<string, { floor: number }>(
      ({ params, sequence }) => sequence("room", (n) => `${params.floor}0${n}`),
      { merge: false },
    );
    expect([rooms.build({ floor: 5 }), rooms.build({ floor: 5 })]).toEqual(["500", "501"]);
    await expect(rooms.insert({ floor: 5 })).rejects.toThrow("how to save");
  });
});

test("functions over built objects are pipes", async () => {
  const makeAdmin = (user: User) => ({ ...user, role: "admin" });
  const withArticle = async (user: User) => {
    await articles.insert({ author: user });
    return user;
  };
  const user = await withArticle(await users.insert(makeAdmin(users.build({ name: "Ann" }))));
  expect(user).toMatchObject({ id: 1, name: "Ann", role: "admin" });
  expect(saved.map(({ table }) => table)).toEqual(["users", "articles"]);
});

test("a factory is of use without a database", () => {
  const points = factory(({ sequence }) => ({
    x: sequence("x", (n) => n),
    y: (p: { x: number }) => p.x + 1,
  }));
  expect(points.buildPair({ x: 5 })).toEqual([
    { x: 5, y: 6 },
    { x: 5, y: 6 },
  ]);
});
