/** Mails that tell the owner of an account what was done with it. No answer waits for them, and one that fails is sent again later. */
import type { User } from "../database/schema.ts";
import type { Outbox } from "../outbox/outbox.ts";
import type { Services } from "../services/services.ts";
import type { Background } from "../shared/background.ts";
import type { Letter } from "./letters.ts";

export class OwnerMail {
  readonly #services: Pick<Services, "repo" | "url">;
  readonly #outbox: Outbox;
  readonly #background: Background;

  constructor(services: Pick<Services, "repo" | "url">, outbox: Outbox, background: Background) {
    this.#services = services;
    this.#outbox = outbox;
    this.#background = background;
  }

  /**
   * Mails a letter to the address that the user has now, which may be newer than that of an open page.
   * @param letter is given the user's name and the store's address
   */
  tell({ id }: Pick<User, "id">, letter: (name: string, url: string) => Letter): void {
    const { repo, url } = this.#services;
    this.#background.run(async () => {
      const user = await repo.get("users", id);
      if (!user) return;
      await this.#outbox.put({ to: user.email, ...letter(user.name, url) }, `user:${id}`);
      await this.#outbox.deliver();
    });
  }
}
