/** Passwords whose hashes cost nothing, so that tests are fast. */
import { hashSync } from "@node-rs/argon2";

export const CHEAP = { memoryCost: 64, timeCost: 1, parallelism: 1 };

export const hashOf = (password: string): string => hashSync(password, CHEAP);
