/** Random names: secret ones for tokens, and hashes under which the database keeps them. */
import { createHash, randomBytes } from "node:crypto";

/** 256 random bits as 43 characters. */
export const randomToken = (): string => randomBytes(32).toString("base64url");

/** Its shape. */
export const TOKEN = /^[\w-]{43}$/;

/** A token has so many bits that a plain hash cannot be undone. */
export const hashToken = (token: string): string => createHash("sha256").update(token).digest("base64url");
