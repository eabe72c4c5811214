/** The audit log at the desk: filtered in the URL, endless to scroll, and live. Moderators see what they did themselves. */
import { html, Link, LiveView, path } from "@overwire/server";
import { z } from "zod";
import { mayAdminister } from "../../accounts/roles.ts";
import { type AuditQuery, type AuditRecord, auditTopic, isInAudit } from "../../audit/audit.ts";
import { dateTime } from "../../shared/dates.ts";
import { searched } from "../../shared/texts.ts";
import { Details } from "./audit-details.ts";
import { deskFrame } from "./desk-frame.ts";

const STEP = 40;
/** First parts of actions. */
const AREAS = ["order", "user", "login", "flag", "product", "api_token", "identity", "mail"] as const;

const params = z.object({
  area: z.enum(AREAS).optional().catch(undefined),
  actor: z.coerce.number().int().min(1).max(2_147_483_647).optional().catch(undefined),
  subject: searched(100).catch(""),
});
type Shown = z.infer<typeof params>;

const filter = z.object({
  area: z.union([z.literal("").transform(() => undefined), z.enum(AREAS)]),
  subject: searched(100),
});

const edge = z
  .object({ id: z.string() })
  .transform(({ id }) => Number(id.replace("entries-", "")))
  .pipe(z.int32().min(1));

export class DeskAudit extends LiveView<"/desk/audit"> {
  entries = this.stream<AuditRecord>();
  shown: Shown = params.parse({});

  mount() {
    this.subscribe(auditTopic, (entry) => {
      if (isInAudit(entry, this.query)) this.entries.insert(entry, { at: 0 });
    });
  }

  async handleParams() {
    this.shown = params.parse(this.params);
    this.entries.reset(await this.context.store.audit.list({ ...this.query, limit: STEP }));
  }

  filter = this.event(filter, ({ area, subject }) => {
    this.pushPatch(pathOf({ ...this.shown, area, subject: subject.trim() }), { replace: true });
  });

  more = this.event(edge, async (before) => {
    this.entries.insertMany(await this.context.store.audit.list({ ...this.query, before, limit: STEP }));
  });

  /** Whatever the URL says, a moderator gets no entries of others. */
  get query(): AuditQuery {
    const { area, actor, subject } = this.shown;
    const { user } = this.context;
    const actorId = user && mayAdminister(user) ? actor : (user?.id ?? 0);
    return { area, actorId, subject: subject === "" ? undefined : subject };
  }

  render() {
    const { area, subject, actor } = this.shown;
    return deskFrame(
      this,
      html`<div class="stack">
        <h1>Audit log</h1>
        <form id="filter" class="row" role="search" phx-change=${this.filter} phx-submit=${this.filter}>
          <select name="area" aria-label="Area">
            <option value="">All areas</option>
            ${AREAS.map((each) => html`<option value=${each} selected=${each === area}>${each.replaceAll("_", " ")}</option>`)}
          </select>
          <input type="search" name="subject" value=${subject} aria-label="Subject" placeholder="Subject, such as user:7"
            maxlength="100" phx-debounce="200" autocomplete="off">
          ${actor !== undefined && html`<${Link} class="button" patch=${pathOf({ ...this.shown, actor: undefined })}>All users<//>`}
        </form>
        <ol id="entries" class="card lines" phx-update="stream" phx-viewport-bottom=${this.more}>
          ${this.entries.each((id, entry) => this.#entry(id, entry))}
          <li id="no-entries" class="empty">Nothing like this was done.</li>
        </ol>
      </div>`,
    );
  }

  #entry(id: string, { actor, action, subject, details, createdAt }: AuditRecord) {
    return html`
      <li id=${id}>
        <p>
          <strong>${action}</strong>
          <${Link} patch=${pathOf({ ...this.shown, subject })}>${subject}<//><br>
          <span class="hint"><${Details} details=${details} /></span>
        </p>
        <p class="who">
          ${actor ? html`<${Link} patch=${pathOf({ ...this.shown, actor: actor.id })}>${actor.name}<//>` : "The store"}<br>
          <time class="hint" datetime=${createdAt.toISOString()}>${dateTime(createdAt)}</time>
        </p>
      </li>`;
  }
}

const pathOf = ({ area, actor, subject }: Shown) =>
  path(
    "/desk/audit",
    {},
    { ...(area && { area }), ...(actor && { actor }), ...(subject !== "" && { subject }) },
  );
