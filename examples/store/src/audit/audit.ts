/** The audit log: what was done at the desk and in accounts, by whom, and when. Entries are added, never changed, and kept for a year. */
import { topic } from "@overwire/server";
import type { AuditEntry, User } from "../database/schema.ts";
import type { Services } from "../services/services.ts";
import { DAY } from "../shared/clock.ts";

export type AuditDetails = AuditEntry["details"];

/** An entry with the part of its actor that may be shown. */
export interface AuditRecord extends Omit<AuditEntry, "actor"> {
  /** Null: the store itself, or a user who is gone. */
  readonly actor: Pick<User, "id" | "name" | "email"> | null;
}

export interface AuditQuery {
  /** First part of the action: `order` finds `order.shipped`. */
  readonly area?: string | undefined;
  readonly actorId?: number | undefined;
  /** Such as `user:7`. */
  readonly subject?: string | undefined;
  /** The id of the last entry of the page before this one. */
  readonly before?: number | undefined;
  readonly limit?: number;
}

/** Time that entries are kept: they have network addresses and browsers of users. */
const KEPT = 365 * DAY;
/** Entries that are deleted at a time. */
const BATCH = 1000;

/** Every new entry. */
export const auditTopic = topic<AuditRecord>("audit");

export class Audit {
  readonly #services: Pick<Services, "repo" | "pubsub" | "clock">;

  constructor(services: Pick<Services, "repo" | "pubsub" | "clock">) {
    this.#services = services;
  }

  /**
   * Records what was done, and tells open pages. Call it outside of transactions; in one call {@link write}.
   * @param actor undefined for what the store does by itself
   * @param action area and verb, such as `user.role_changed`
   * @param subject kind and id, such as `user:7`
   */
  async record(
    actor: Pick<User, "id" | "name" | "email"> | undefined,
    action: string,
    subject: string,
    details?: AuditDetails,
  ): Promise<AuditRecord> {
    const record = await this.write(actor, action, subject, details);
    this.announce(record);
    return record;
  }

  /**
   * Writes an entry in the caller's transaction, so that neither is kept without the other.
   * @returns the entry, for {@link announce} when the transaction has ended
   */
  async write(
    actor: Pick<User, "id" | "name" | "email"> | undefined,
    action: string,
    subject: string,
    details: AuditDetails = {},
  ): Promise<AuditRecord> {
    const { repo, clock } = this.#services;
    const entry = await repo.insert("auditEntries", {
      actorId: actor?.id ?? null,
      action,
      subject,
      details,
      createdAt: clock(),
    });
    return shown(entry, actor);
  }

  /** Tells open pages of an entry. */
  announce(record: AuditRecord): void {
    this.#services.pubsub.publish(auditTopic, record);
  }

  /** Deletes entries that are older than a year. Several nodes may do so at once. @returns their number */
  async deleteOld(): Promise<number> {
    const { repo, clock } = this.#services;
    const createdAt = { lt: new Date(clock().getTime() - KEPT) };
    let deleted = 0;
    for (;;) {
      const old = await repo.filter(
        "auditEntries",
        { createdAt },
        { orderBy: { createdAt: "asc" }, limit: BATCH },
      );
      deleted += (await repo.deleteAll("auditEntries", { id: { in: old.map(({ id }) => id) } })).length;
      if (old.length < BATCH) return deleted;
    }
  }

  /** Entries of a page, the newest first. */
  async list({ limit = 50, ...query }: AuditQuery = {}): Promise<AuditRecord[]> {
    const where = {
      ...(query.area !== undefined && { action: { like: `${query.area.replaceAll(/[\\%_]/g, "\\$&")}.%` } }),
      ...(query.actorId !== undefined && { actorId: query.actorId }),
      ...(query.subject !== undefined && { subject: query.subject }),
      ...(query.before !== undefined && { id: { lt: query.before } }),
    };
    const entries = await this.#services.repo.filter("auditEntries", where, {
      orderBy: { id: "desc" },
      limit,
      preload: { actor: true },
    });
    return entries.map(({ actor, ...entry }) => shown(entry, actor));
  }
}

/** Tells if a live entry belongs on a page with this filter. */
export const isInAudit = ({ action, actorId, subject }: AuditRecord, query: AuditQuery): boolean =>
  (query.area === undefined || action.startsWith(`${query.area}.`)) &&
  (query.actorId === undefined || actorId === query.actorId) &&
  (query.subject === undefined || subject === query.subject);

const shown = (entry: AuditEntry, actor: Pick<User, "id" | "name" | "email"> | null | undefined) => ({
  ...entry,
  actor: actor ? { id: actor.id, name: actor.name, email: actor.email } : null,
});
