/** Passwords, kept as hashes of argon2id. A check takes the same work for every address. */
import { hash, verify } from "@node-rs/argon2";
import { randomToken } from "../shared/random.ts";

export interface PasswordCost {
  /** In KiB. */
  readonly memoryCost: number;
  readonly timeCost: number;
  readonly parallelism: number;
}

/** As OWASP's cheat sheet on the storage of passwords has it. */
const COST: PasswordCost = { memoryCost: 19 * 1024, timeCost: 2, parallelism: 1 };

export class Passwords {
  readonly #cost: PasswordCost;
  #nobodys: Promise<string> | undefined;

  constructor(cost: PasswordCost = COST) {
    this.#cost = cost;
  }

  hash(password: string): Promise<string> {
    return hash(password, this.#cost);
  }

  /** @param stored null of a user without a password, undefined of no user: the work is the same, and the answer is false */
  async verify(stored: string | null | undefined, password: string): Promise<boolean> {
    this.#nobodys ??= this.hash(randomToken());
    const nobodys = await this.#nobodys;
    const matches = await verify(stored ?? nobodys, password);
    return matches && typeof stored === "string";
  }
}
