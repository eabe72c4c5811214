/** Types: what a path needs. Checked by `npm run types`, never run. */
import { path } from "./path.ts";

path("/");
path("/posts", {}, { page: 2, tags: ["a"], filter: { by: "me" } });
path("/posts/:id", { id: 1 });
path("/posts/:id{[0-9]+}/:tab?", { id: "1" });
path("/posts/:id/:tab?", { id: 1, tab: "x" }, { q: "a b" });
path("/:tab?");
path("/files/*", { "*": "a/b" });
path("/posts/:id" as string, { id: 1 });

// @ts-expect-error a name is missing
path("/posts/:id");
// @ts-expect-error a name is missing
path("/posts/:id", {});
// @ts-expect-error a name is misspelt
path("/posts/:id", { di: 1 });
// @ts-expect-error an optional name is misspelt
path("/posts/:id/:tab?", { id: 1, tba: "x" });
// @ts-expect-error no value
path("/posts/:id", { id: undefined });
// @ts-expect-error a query is a third argument
path("/posts", { q: 1 });
// @ts-expect-error nothing that has a text
path("/posts", {}, { q: () => 1 });
