/** Mails that may not be lost: sent once by two nodes, and at least once if one of them is killed. */
import { createPubSub } from "@overwire/server";
import { deferred } from "@overwire/test-support/deferred";
import { describePostgres } from "@overwire/test-support/postgres-server";
import { beforeEach, describe, expect, test } from "vitest";
import { Audit, type AuditRecord, auditTopic } from "../../src/audit/audit.ts";
import type { StoreRepo } from "../../src/database/schema.ts";
import type { Mail, Mailer } from "../../src/mail/mailer.ts";
import { MOST_ATTEMPTS, Outbox } from "../../src/outbox/outbox.ts";
import { HOUR, MINUTE } from "../../src/shared/clock.ts";
import { memory } from "../support/memory.ts";
import { onPglite } from "../support/pglite.ts";
import { twoNodesOnPostgres } from "../support/postgres.ts";

const mail = (subject: string): Mail => ({ to: "ada@example.com", subject, text: "Hello Ada." });

describe("in memory", () => {
  outboxTests(() => memory());
});

describe("on PGlite", () => {
  const { repo } = onPglite();
  outboxTests(() => repo);
});

describePostgres("two nodes on PostgreSQL", () => {
  const databases = twoNodesOnPostgres();

  test("send each of a hundred mails once", async () => {
    const sent: string[][] = [[], []];
    const bothSend = deferred<void>();
    const nodes = databases().map(({ repo }, node) =>
      nodeOver(repo, {
        async send({ subject }) {
          sent[node]?.push(subject);
          // A node that still connects would find nothing left.
          if (sent.every((own) => own.length > 0)) bothSend.resolve();
          await bothSend.promise;
        },
      }),
    );
    const subjects = Array.from({ length: 100 }, (_, number) => `Mail ${number}`);
    for (const subject of subjects) await nodes[0]?.outbox.put(mail(subject), "order:1");
    await Promise.all(nodes.map(({ outbox }) => outbox.deliver()));
    expect(sent.flat().sort()).toEqual(subjects.toSorted());
    expect(sent.map((own) => own.length > 0)).toEqual([true, true]);
    expect(await databases()[0]?.repo.count("outbox")).toBe(0);
  });

  test("send a mail of a node that was killed while it sent it, when its claim is over", async () => {
    const [first, second] = databases();
    const isSending = deferred<void>();
    const never = new Promise<void>(() => {});
    const killed = nodeOver(first!.repo, {
      send() {
        isSending.resolve();
        return never;
      },
    });
    await killed.outbox.put(mail("Paid"), "order:1");
    void killed.outbox.deliver();
    await isSending.promise;
    const mails: Mail[] = [];
    const other = nodeOver(second!.repo, { send: async (mail) => void mails.push(mail) });
    await other.outbox.deliver();
    expect(mails).toEqual([]);
    other.pass(6 * MINUTE);
    await other.outbox.deliver();
    expect(mails).toEqual([mail("Paid")]);
  });
});

/** An outbox, and its clock. */
function nodeOver(repo: StoreRepo, mailer: Mailer) {
  const pubsub = createPubSub();
  let now = Date.now();
  const services = { repo, pubsub, mailer, clock: () => new Date(now) };
  const audit = new Audit(services);
  const reported: unknown[] = [];
  const announced: AuditRecord[] = [];
  pubsub.subscribe(auditTopic, (entry) => void announced.push(entry));
  return {
    audit,
    reported,
    announced,
    outbox: new Outbox(services, audit, (error) => void reported.push(error)),
    pass(time: number) {
      now += time;
    },
  };
}

function outboxTests(make: () => StoreRepo) {
  let repo: StoreRepo;
  let mails: Mail[];
  let problem: ((mail: Mail) => Error | undefined) | undefined;
  let node: ReturnType<typeof nodeOver>;
  beforeEach(() => {
    repo = make();
    mails = [];
    problem = undefined;
    node = nodeOver(repo, {
      async send(mail) {
        const error = problem?.(mail);
        if (error) throw error;
        mails.push(mail);
      },
    });
  });

  test("a mail is sent with the transaction that wrote it, and not without it", async () => {
    const { outbox } = node;
    const undone = repo.transaction(async () => {
      await outbox.put(mail("Undone"), "order:1");
      throw new Error("no");
    });
    await expect(undone).rejects.toThrow("no");
    await repo.transaction(() => outbox.put(mail("First"), "order:1"));
    await repo.transaction(() => outbox.put(mail("Second"), "order:1"));
    await Promise.all([outbox.deliver(), outbox.deliver()]);
    expect(mails).toEqual([mail("First"), mail("Second")]);
    expect(await repo.count("outbox")).toBe(0);
  });

  test("a mail that fails keeps no other back, and is tried again after pauses that grow", async () => {
    const { outbox, reported, pass } = node;
    problem = ({ subject }) => (subject === "Bad" ? new Error("Mailbox full.") : undefined);
    await outbox.put(mail("Bad"), "order:1");
    await outbox.put(mail("Good"), "order:2");
    await outbox.deliver();
    expect(mails).toEqual([mail("Good")]);
    expect(reported).toEqual([new Error("Mailbox full.")]);
    await outbox.deliver();
    expect(reported).toHaveLength(1);
    pass(MINUTE);
    await outbox.deliver();
    expect(reported).toHaveLength(2);
    pass(MINUTE);
    await outbox.deliver();
    expect(reported).toHaveLength(2);
    problem = undefined;
    pass(3 * MINUTE);
    await outbox.deliver();
    expect(mails).toEqual([mail("Good"), mail("Bad")]);
  });

  test("a mail is given up after its last attempt, which the audit log says, and is kept", async () => {
    const { outbox, audit, announced, reported, pass } = node;
    problem = () => new Error("Mailbox full.");
    await outbox.put(mail("Bad"), "order:1");
    for (let round = 0; round < 2 * MOST_ATTEMPTS; round++) {
      await outbox.deliver();
      pass(6 * HOUR);
    }
    expect(reported).toHaveLength(MOST_ATTEMPTS);
    const entries = await audit.list({ subject: "order:1" });
    expect(entries).toMatchObject([
      {
        action: "mail.given_up",
        actor: null,
        details: { to: "ada@example.com", subject: "Bad", attempts: 8 },
      },
    ]);
    expect(announced).toEqual(entries);
    expect(await repo.all("outbox")).toMatchObject([{ subject: "Bad", failedAt: expect.any(Date) }]);
  });

  test("a mail that ends each process that sends it is given up without another attempt", async () => {
    const { outbox, audit } = node;
    await outbox.put(mail("Deadly"), "order:1");
    const [row] = await repo.all("outbox");
    await repo.update("outbox", row!.id, { attempts: MOST_ATTEMPTS });
    await outbox.deliver();
    expect(mails).toEqual([]);
    expect(await audit.list()).toMatchObject([{ action: "mail.given_up" }]);
  });

  test("a node that stops ends the mail that it sends, and leaves the others", async () => {
    const { outbox } = node;
    for (const subject of ["First", "Second"]) await outbox.put(mail(subject), "order:1");
    let stopped: Promise<void> | undefined;
    problem = () => {
      stopped = outbox.stop();
      return undefined;
    };
    await outbox.deliver();
    await stopped;
    expect(mails).toEqual([mail("First")]);
    expect(await repo.count("outbox")).toBe(1);
  });
}
