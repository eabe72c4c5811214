/**
 * Mails that may not be lost: each is written in the transaction of what it tells of, and sent once that is kept. A node that is killed
 * leaves its mails to the others, so a mail may come twice, but never not at all.
 */
import type { Audit } from "../audit/audit.ts";
import type { OutboxMail } from "../database/schema.ts";
import type { Mail } from "../mail/mailer.ts";
import type { Services } from "../services/services.ts";
import { HOUR, MINUTE } from "../shared/clock.ts";

/** Longer than any mailer takes: after it the node that has claimed a mail counts as gone. */
const LEASE = 5 * MINUTE;
/** With the pauses between them they take 17 hours. */
export const MOST_ATTEMPTS = 8;
const LONGEST_PAUSE = 6 * HOUR;

const pauseAfter = (attempts: number) => Math.min(MINUTE * 4 ** (attempts - 1), LONGEST_PAUSE);

export class Outbox {
  readonly #services: Pick<Services, "repo" | "mailer" | "clock">;
  readonly #audit: Audit;
  readonly #report: (error: unknown) => void;
  #running: Promise<void> | undefined;
  #isAsked = false;
  #hasStopped = false;

  /** @param report gets errors of attempts, which reach no user */
  constructor(
    services: Pick<Services, "repo" | "mailer" | "clock">,
    audit: Audit,
    report: (error: unknown) => void = console.error,
  ) {
    this.#services = services;
    this.#audit = audit;
    this.#report = report;
  }

  /**
   * Writes a mail in the caller's transaction. Call {@link deliver} when that has ended.
   * @param about the thing that it tells of, such as `order:7`
   */
  async put({ to, subject, text }: Mail, about: string): Promise<void> {
    const { repo, clock } = this.#services;
    const now = clock();
    await repo.insert("outbox", { to, subject, text, about, dueAt: now, createdAt: now });
  }

  /**
   * Sends the mails that are due, one after the other. A mail that fails is tried again later, and given up after the last attempt: then
   * the audit log has a `mail.given_up`. @returns when none is due; it does not reject
   */
  deliver(): Promise<void> {
    this.#isAsked = true;
    this.#running ??= this.#work();
    return this.#running;
  }

  /** Resolves when deliveries that have begun are done. */
  async settled(): Promise<void> {
    await this.#running;
  }

  /** Ends after the mail that is being sent. Others stay for other nodes, or for the next start. */
  async stop(): Promise<void> {
    this.#hasStopped = true;
    await this.#running;
  }

  async #work(): Promise<void> {
    while (this.#isAsked && !this.#hasStopped) {
      this.#isAsked = false;
      try {
        while (!this.#hasStopped && (await this.#sendNext()));
      } catch (error) {
        this.#report(error);
      }
    }
    this.#running = undefined;
  }

  /** @returns false if no mail is due */
  async #sendNext(): Promise<boolean> {
    const { repo, mailer, clock } = this.#services;
    const now = clock();
    const mail = await repo.query("claimMail", now, new Date(now.getTime() + LEASE));
    if (!mail) return false;
    const { id, to, subject, text, attempts } = mail;
    try {
      if (attempts > MOST_ATTEMPTS) throw new Error(`No attempt to send the mail ${id} has ended.`);
      await mailer.send({ to, subject, text });
    } catch (error) {
      this.#report(error);
      await this.#failed(mail);
      return true;
    }
    await repo.deleteAll("outbox", { id });
    return true;
  }

  async #failed({ id, to, subject, about, attempts }: OutboxMail): Promise<void> {
    const { repo, clock } = this.#services;
    const now = clock();
    if (attempts < MOST_ATTEMPTS) {
      const dueAt = new Date(now.getTime() + pauseAfter(attempts));
      await repo.updateAll("outbox", { id }, { dueAt });
      return;
    }
    const entry = await repo.transaction(async () => {
      await repo.updateAll("outbox", { id }, { failedAt: now });
      const begun = Math.min(attempts, MOST_ATTEMPTS);
      return this.#audit.write(undefined, "mail.given_up", about, { to, subject, attempts: begun });
    });
    this.#audit.announce(entry);
  }
}
