/** Tokens with which a user's programs call the API. */
import { topic } from "@overwire/server";
import type { Audit } from "../audit/audit.ts";
import type { ApiToken, User } from "../database/schema.ts";
import type { Services } from "../services/services.ts";
import { MINUTE } from "../shared/clock.ts";
import { hashToken, randomToken } from "../shared/random.ts";
import { tokenLetter } from "./letters.ts";
import type { OwnerMail } from "./owner-mail.ts";

/** Tokens that a user may have at a time. */
export const MOST_TOKENS = 20;

/** Begins every token, so that programs that look for leaked secrets know ours. */
const MARK = "ows_";
const shape = /^ows_[\w-]{43}$/;

/** Something about a user's tokens is different: who shows them reads them again. */
export const apiTokensTopic = (userId: number) => topic<{ readonly userId: number }>(`api-tokens:${userId}`);

/** A user who has as many tokens as one may have. */
export class TooManyTokens extends Error {
  override readonly name = "TooManyTokens";
  readonly code = "too_many_tokens";

  constructor() {
    super(`You have ${MOST_TOKENS} tokens, which is the most. Revoke one that is not used.`);
  }
}

export interface VerifiedToken {
  readonly user: User;
  readonly tokenId: number;
}

export class ApiTokens {
  readonly #services: Pick<Services, "repo" | "pubsub" | "clock">;
  readonly #audit: Pick<Audit, "record">;
  readonly #ownerMail: Pick<OwnerMail, "tell">;
  readonly #listeners = new Set<(userId: number) => void>();

  constructor(
    services: Pick<Services, "repo" | "pubsub" | "clock">,
    audit: Pick<Audit, "record">,
    ownerMail: Pick<OwnerMail, "tell">,
  ) {
    this.#services = services;
    this.#audit = audit;
    this.#ownerMail = ownerMail;
  }

  /**
   * Hears of users of whom a token was revoked here, after it has happened: the web asks the guards of their open sockets again.
   * @returns a function that ends it
   */
  onRevoked(listener: (userId: number) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Tokens of a user, the newest first, without their secrets. */
  listOf(user: Pick<User, "id">): Promise<ApiToken[]> {
    return this.#services.repo.filter("apiTokens", { userId: user.id }, { orderBy: { id: "desc" } });
  }

  /**
   * Creates a token, and tells its owner by mail.
   * @param check refuses in the transaction by an error, such as for a log-in that has ended
   * @returns the token itself, which only its user will know: the store keeps a hash
   * @throws TooManyTokens
   */
  async create(
    user: User,
    name: string,
    check: () => Promise<unknown> = async () => {},
  ): Promise<{ readonly token: string; readonly id: number }> {
    const { repo, clock } = this.#services;
    const token = MARK + randomToken();
    const { id } = await repo.transaction(async () => {
      await repo.query("lockUser", user.id);
      await check();
      if ((await repo.count("apiTokens", { userId: user.id })) >= MOST_TOKENS) throw new TooManyTokens();
      return repo.insert("apiTokens", {
        userId: user.id,
        name,
        hash: hashToken(token),
        prefix: token.slice(0, 8),
        createdAt: clock(),
      });
    });
    this.#publish(user.id);
    await this.#audit.record(user, "api_token.created", `user:${user.id}`, { name });
    this.#ownerMail.tell(user, (owner, url) => tokenLetter(owner, url, name));
    return { token, id };
  }

  /** The user of a token as the database has it now, so a role that was withdrawn or a revoked token counts at once. */
  async verify(token: string): Promise<VerifiedToken | undefined> {
    if (!shape.test(token)) return undefined;
    const { repo } = this.#services;
    const found = await repo.getBy("apiTokens", { hash: hashToken(token) }, { preload: { user: true } });
    if (!found) return undefined;
    await this.#noteUse(found);
    return { user: found.user, tokenId: found.id };
  }

  /** Ends a token of the user's. One that is gone stays gone. */
  async revoke(user: User, id: number): Promise<void> {
    await this.haveEnded(user, await this.#services.repo.deleteAll("apiTokens", { id, userId: user.id }));
  }

  /**
   * Revokes all tokens of a user, in a transaction after whose end {@link haveEnded} is to be called.
   * @returns the tokens, the newest first
   */
  async deleteAll(userId: number): Promise<ApiToken[]> {
    const revoked = await this.#services.repo.deleteAll("apiTokens", { userId });
    return revoked.sort((a, b) => b.id - a.id);
  }

  /** Tells open pages and sockets, and the audit log, that tokens of a user were revoked. */
  async haveEnded(user: User, tokens: readonly ApiToken[]): Promise<void> {
    if (tokens.length === 0) return;
    this.#publish(user.id);
    for (const listener of this.#listeners) listener(user.id);
    for (const { name } of tokens)
      await this.#audit.record(user, "api_token.revoked", `user:${user.id}`, { name });
  }

  /** Once a minute is enough for a user who looks for tokens that are not needed, and spares a write for each request. */
  async #noteUse({ id, userId, usedAt }: ApiToken): Promise<void> {
    const { repo, clock } = this.#services;
    const now = clock();
    const before = new Date(now.getTime() - MINUTE);
    if (usedAt && usedAt > before) return;
    // Asked again: of requests at the same time one notes it.
    const unnoted = [
      { id, usedAt: null },
      { id, usedAt: { lte: before } },
    ];
    const noted = await repo.updateAll("apiTokens", unnoted, { usedAt: now });
    if (noted.length > 0) this.#publish(userId);
  }

  #publish(userId: number): void {
    this.#services.pubsub.publish(apiTokensTopic(userId), { userId });
  }
}
