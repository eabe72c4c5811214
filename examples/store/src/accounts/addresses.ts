/** Addresses of users, of which each has one account. */
import { RepoError } from "@overwire/testing/drizzle";

/** The error of an insert or update that gives a second user the same address. */
export const isTaken = (error: unknown): boolean => error instanceof RepoError && error.code === "not_unique";
