/** The repo that a test of the contract works with, and rows for it. */
import type { Repo } from "@overwire/testing";
import { beforeEach } from "vitest";
import type { Queries, Schema } from "./schema.ts";

export type TestedRepo = Repo<Schema, Queries>;

/** Without rows, before each test. */
export let repo: TestedRepo;

/** @param make returns a repo without rows */
export function useRepo(make: () => TestedRepo | Promise<TestedRepo>): void {
  beforeEach(async () => {
    repo = await make();
  });
}

export const ann = { email: "ann@example.com", name: "Ann" };
export const bob = { email: "bob@example.com", name: "Bob" };
export const post = (authorId: number, slug = "a") => ({ authorId, slug, lang: "en", title: `Post ${slug}` });
export const later = () => new Promise<void>((resolve) => setImmediate(resolve));
export const names = async () =>
  (await repo.all("users", { orderBy: { name: "asc" } })).map(({ name }) => name);
