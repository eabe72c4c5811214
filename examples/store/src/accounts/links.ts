/** Links that are mailed: one-time tokens, of which the database only knows hashes. */
import type { StoreRepo, Token, User } from "../database/schema.ts";
import { type Clock, DAY, HOUR, MINUTE } from "../shared/clock.ts";
import { hashToken, randomToken } from "../shared/random.ts";

export type LinkKind = Token["kind"];

const LIFETIME: Readonly<Record<LinkKind, number>> = {
  confirm: DAY,
  magic: 15 * MINUTE,
  reset: 15 * MINUTE,
  email: HOUR,
};

export class Links {
  readonly #repo: StoreRepo;
  readonly #clock: Clock;

  constructor({ repo, clock }: { readonly repo: StoreRepo; readonly clock: Clock }) {
    this.#repo = repo;
    this.#clock = clock;
  }

  /** @returns the token that the link ends with. Older links of the user go on until their time. */
  async issue(kind: LinkKind, user: User, sentTo = user.email): Promise<string> {
    const now = this.#clock();
    const token = randomToken();
    await this.#repo.deleteAll("tokens", { userId: user.id, expiresAt: { lte: now } });
    await this.#repo.insert("tokens", {
      kind,
      userId: user.id,
      hash: hashToken(token),
      sentTo,
      expiresAt: new Date(now.getTime() + LIFETIME[kind]),
    });
    return token;
  }

  /** The user of a link that would count: pages show a button before it is spent, since scanners of mails open links. */
  async peek(kind: LinkKind, token: string): Promise<(Token & { user: User }) | undefined> {
    const found = await this.#repo.getBy(
      "tokens",
      { hash: hashToken(token), kind, expiresAt: { gt: this.#clock() } },
      { preload: { user: true } },
    );
    return found;
  }

  /**
   * Uses a link up, and with it all others of its kind. Of two who do so at once, one gets it.
   * @returns undefined if it does not count
   */
  async spend(kind: LinkKind, token: string): Promise<Token | undefined> {
    const [spent] = await this.#repo.deleteAll("tokens", {
      hash: hashToken(token),
      kind,
      expiresAt: { gt: this.#clock() },
    });
    if (spent) await this.#repo.deleteAll("tokens", { userId: spent.userId, kind });
    return spent;
  }

  /** Ends all links of a user: those to an address or a password that was replaced. */
  async endAll(userId: number): Promise<void> {
    await this.#repo.deleteAll("tokens", { userId });
  }
}
